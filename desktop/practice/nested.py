"""Degrees and placements: how what is sent becomes what is stored, with the quirks of the pack's 1.7."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from desktop.practice import lists
from desktop.practice.incoming import given, sent
from desktop.practice.record import Degree, Placement
from desktop.practice.state import State, parse_day

DEGREE_KEYS = (
    "country",
    "grade",
    "uk_degree",
    "non_uk_degree",
    "subject",
    "institution",
    "graduation_year",
    "other_grade",
)
_TWIN_KEYS = ("subject", "graduation_year", "country", "uk_degree", "non_uk_degree", "grade")
_LOCALE_KEYS = ("uk_degree", "non_uk_degree", "country")
_RENAMED_INSTITUTION = {"0133": "0149"}
_RENAMED_GRADE = {"09": "14"}


def mapped_degree(data: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """What the service makes of a degree as sent, and whether it takes it for a UK one.

    Unknown types and countries stay as sent (and are then refused); unknown subjects and grades count as blank; an unknown
    institution becomes "Other UK institution".
    """
    country = sent(data, "country") or None
    institution = sent(data, "institution") or None
    uk = country is None or country in lists.UK_COUNTRIES or institution is not None
    grade = sent(data, "grade")
    grade = _RENAMED_GRADE.get(grade, grade)
    subject = sent(data, "subject")
    f: dict[str, Any] = {
        "country": None if uk else country,
        "grade": grade if lists.has("degree_grade", grade) else None,
        "uk_degree": sent(data, "uk_degree") or None,
        "non_uk_degree": sent(data, "non_uk_degree") or None,
        "subject": lists.canonical("degree_subject", subject)
        if lists.has("degree_subject", subject)
        else None,
        "institution": _institution(institution) if uk else None,
        "graduation_year": _graduation_year(data.get("graduation_year")),
    }
    return {k: v for k, v in f.items() if v is not None}, uk


def _institution(code: str | None) -> str | None:
    renamed = _RENAMED_INSTITUTION.get(code or "", code)
    if lists.has("institution", renamed):
        return renamed
    return lists.OTHER_UK_INSTITUTION if code is not None else None


def _graduation_year(value: Any) -> Any:
    """YYYY or YYYY-MM-DD as a whole number; anything else stays as sent and is refused later."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    text = str(value).strip()
    if day := parse_day(text):
        return day.year
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else text or None


def new_degree(data: Mapping[str, Any], state: State) -> Degree:
    """A degree as POST makes it (not stored yet)."""
    f, uk = mapped_degree(data)
    now = state.clock.now_us()
    return Degree(state.new_slug(), f, uk, now, now)


def changed_degree(degree: Degree, data: Mapping[str, Any], now: int) -> Degree:
    """A degree after PUT: only the sent keys, but a sent type recomputes locale and country too."""
    f, uk = mapped_degree(data)
    keys = {k for k in DEGREE_KEYS if given(data, k)}
    made = degree.clone()
    if keys & {"uk_degree", "non_uk_degree"}:
        keys |= set(_LOCALE_KEYS)
        made.uk = uk
    for key in keys:
        if key in f:
            made.f[key] = f[key]
        else:
            made.f.pop(key, None)
    if made.f != degree.f or made.uk != degree.uk:
        made.updated_us = now
    return made


def twins(degree: Degree, others: list[Degree]) -> list[Degree]:
    """Existing degrees equal to this one in all its non-blank parts (1.7): the duplicates of a 409."""
    parts = [(key, degree.f[key]) for key in _TWIN_KEYS if degree.f.get(key) not in (None, "")]
    return [
        other
        for other in others
        if other.slug != degree.slug and all(other.f.get(key) == value for key, value in parts)
    ]


def in_order(degrees: list[Degree]) -> list[Degree]:
    """Degrees in the order of replies: by graduation year."""
    return sorted(degrees, key=lambda d: _year_of(d.f.get("graduation_year")))


def _year_of(value: Any) -> int:
    return value if isinstance(value, int) else 9999


def new_placement(data: Mapping[str, Any], state: State, *, with_trainee: bool) -> Placement:
    """A placement as POST makes it. Inside POST /trainees a special URN supplies the name (1.7)."""
    now = state.clock.now_us()
    urn, name, postcode = (sent(data, key) or None for key in ("urn", "name", "postcode"))
    if urn in state.schools:
        return Placement(state.new_slug(), urn, None, None, None, now, now)
    if with_trainee and urn in lists.NOT_APPLICABLE_URNS:
        name = lists.name("special_urn", urn)
    return Placement(state.new_slug(), None, urn, name, postcode, now, now)


def changed_placement(placement: Placement, data: Mapping[str, Any], state: State) -> Placement:
    """A placement after PUT: a known school's URN clears the own parts; without one the link to the school goes."""
    made = placement.clone()
    urn = sent(data, "urn") if given(data, "urn") else None
    if urn in state.schools:
        made.school, made.urn, made.name, made.postcode = urn, None, None, None
    else:
        made.school = None
        if given(data, "urn"):
            made.urn = urn or None
        if given(data, "name"):
            made.name = sent(data, "name") or None
        if given(data, "postcode"):
            made.postcode = sent(data, "postcode") or None
    if made != placement:
        made.updated_us = state.clock.now_us()
    return made
