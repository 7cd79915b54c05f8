"""Stored values in the service's own words, for pages and exports. Where the program's lists have shorter words, the
service's are in `resources/practice/words.json`.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from desktop.practice import lists
from desktop.practice.clock import from_us
from desktop.practice.mapping import DEGREE_LISTS, LIST_OF
from desktop.practice.record import Record
from desktop.practice.state import State, parse_day

_LONDON = ZoneInfo("Europe/London")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_BY_LABEL = frozenset({"course_subject", "nationality", "funding_method", "itt_aim", "itt_qualification_aim"})


@cache
def own_words(kind: str) -> dict[str, str]:
    """The service's words of one kind: code or stored name -> words."""
    from desktop.paths import resources

    raw = json.loads((resources() / "practice" / "words.json").read_text(encoding="utf-8"))
    found: dict[str, str] = raw.get(kind, {})
    return found


def words(list_name: str, value: Any) -> str:
    """A stored code or name in words; "" for nothing, the value itself when no list knows it."""
    if value in (None, ""):
        return ""
    text = str(value)
    if text in own_words(list_name):
        return own_words(list_name)[text]
    if list_name == "study_mode":
        return "Part time" if text in ("31", "64") else "Full time" if text in ("01", "02", "63") else text
    if list_name == "course_age_range" and (ages := lists.ages(text)):
        return f"{ages[0]} to {ages[1]}"
    if lists.has(list_name, text):
        return lists.label(list_name, text) if list_name in _BY_LABEL else lists.name(list_name, text)
    return text.replace("_", " ").capitalize() if "_" in text else text


def of_field(record: Record, name: str) -> str:
    """An answer of a record in words."""
    value = record.get(name)
    if name in LIST_OF:
        return words(LIST_OF[name], value)
    day = parse_day(value)
    return long_day(day) if day else "" if value is None else str(value)


def of_degree(name: str, value: Any) -> str:
    """An answer of a degree in words."""
    return words(DEGREE_LISTS[name], value) if name in DEGREE_LISTS else "" if value is None else str(value)


def nationalities(record: Record) -> list[str]:
    """In title case, as the service shows them."""
    return [_titled(words("nationality", code)) for code in record.nationalities]


def _titled(text: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))


def disabilities(record: Record) -> list[str]:
    """Those that were disclosed; "none" and "not provided" are no disability."""
    codes = [c for c in record.disabilities.values() if lists.has("disability", c)]
    shown = dict.fromkeys(words("disability", c) for c in codes if c not in ("95", "98", "99"))
    return list(shown)


def full_name(record: Record) -> str:
    """First and last names; a draft may have none."""
    parts = (record.get(key) for key in ("first_names", "middle_names", "last_name"))
    return " ".join(str(part) for part in parts if part) or "Draft record"


def subjects(record: Record) -> str:
    """`Biology`, `Biology with Chemistry`, `Biology with Chemistry and Physics`."""
    held = [words("course_subject", record.get(f"course_subject_{n}")) for n in (1, 2, 3)]
    first, *more = [subject for subject in held if subject] or [""]
    return f"{first} with {' and '.join(more)}" if more else first


def partner_name(record: Record, state: State) -> str:
    """The training partner by name; "" without one."""
    found = state.partner_by(record.get("training_partner_urn"), record.get("training_partner_ukprn"))
    return found.name if found else ""


def award(record: Record) -> str:
    """QTS or EYTS."""
    route = lists.route_of(record.get("training_route"))
    return route.award if route else ""


def phase(record: Record) -> str:
    """`Primary`, `Secondary`, `Early years`; the web reads it from ages and route."""
    held = str(record.get("course_education_phase") or phase_of(record.f))
    return held.replace("_", " ").capitalize()


def phase_of(fields: dict[str, Any]) -> str:
    """The stored name of the education phase that ages and route mean."""
    if fields.get("training_route") in lists.EARLY_YEARS_ROUTES:
        return "early_years"
    ages = lists.ages(str(fields.get("course_age_range") or ""))
    return "primary" if ages and ages[1] <= 11 else "secondary"


def long_day(day: date) -> str:
    """7 September 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_year(year: int, month: int) -> str:
    """August 2026."""
    return f"{_MONTHS[month - 1]} {year}"


def london_time(us: int) -> datetime:
    """A moment in London's time."""
    return from_us(us).astimezone(_LONDON)


def moment(us: int) -> str:
    """7 September 2026 at 09:05."""
    local = london_time(us)
    return f"{long_day(local.date())} at {local:%H:%M}"


def london_iso(us: int) -> str:
    """As exports write times: whole seconds with London's offset."""
    return london_time(us).isoformat(timespec="seconds")
