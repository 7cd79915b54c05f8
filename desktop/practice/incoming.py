"""What a POST or PUT of a trainee does to the stored record, before it is checked.

The merge follows the pack's 1.6 in all its oddity: null means "not sent" for almost every key, three fields are reset when
left out, training_partner_urn beats training_partner_ukprn, disabilities merge by slot, nationality replaces all.
Nothing is judged here but what only the portal can know (schools and partners); the rest is `validation`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop.collections.trainees.rules.said import no_such_partner, no_such_school
from desktop.practice import lists
from desktop.practice.mapping import DATE_KEYS
from desktop.practice.record import Record
from desktop.practice.state import State

_DISABILITY_KEY = re.compile(r"disability\d{1,2}\Z")
_SQUISHED = ("first_names", "middle_names", "last_name", "email", "hesa_id")
_TEXTS = (*_SQUISHED, "provider_trainee_id", "previous_last_name", "ni_number", *sorted(DATE_KEYS))
_CODES = (
    "sex",
    "training_route",
    "course_subject_1",
    "course_age_range",
    "study_mode",
    "fund_code",
    "funding_method",
    "itt_aim",
    "itt_qualification_aim",
    "additional_training_initiative",
)
INTEGERS = ("course_year", "application_id")


@dataclass(frozen=True, slots=True)
class Issue:
    """One complaint in the portal's words: `field` as its reply names it, `text` without the field.

    parent  "degrees_attributes" or "placements_attributes" for a child's field, else ""
    """

    field: str
    text: str
    parent: str = ""


class _Missing:
    """Marks a key that was not sent."""


_ABSENT = _Missing()


def scalar(value: Any) -> Any:
    """A JSON value as the portal's parameters take it: text or None; lists and objects count as not sent."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return _ABSENT


def sent(data: Mapping[str, Any], key: str) -> Any:
    """What was sent for `key` with null as not sent: text, or None."""
    value = scalar(data.get(key))
    return None if value is _ABSENT else value


def given(data: Mapping[str, Any], key: str) -> bool:
    """Whether the key is there at all, null included."""
    return key in data and scalar(data[key]) is not _ABSENT


def squish(text: str) -> str:
    """Outer blanks off, inner runs of blanks as one."""
    return " ".join(text.split())


def touches_nationality(data: Mapping[str, Any]) -> bool:
    """Whether the payload replaces the nationalities."""
    return bool(sent(data, "nationality"))


def disability_keys(data: Mapping[str, Any]) -> list[str]:
    """The disability slots that were sent, null ones too."""
    return [k for k in data if _DISABILITY_KEY.match(k) and scalar(data[k]) is not _ABSENT]


def merge(record: Record, data: Mapping[str, Any], state: State, *, create: bool) -> list[Issue]:
    """Lay the sent keys over `record` (a clone). The complaints are those about schools and partners."""
    old_route = record.get("training_route")
    _merge_texts(record, data)
    _merge_codes(record, data)
    if touches_nationality(data):
        record.nationalities = (sent(data, "nationality"),)
    _merge_diversity(record, data, create=create)
    _merge_resets(record, data)
    if old_route == "15" and record.get("training_route") != "15":
        record.put("iqts_country", None)
    if not record.get("trainee_start_date"):
        record.put("trainee_start_date", record.get("itt_start_date"))
    return [*_merge_partner(record, data, state), *_merge_employer(record, data, state)]


def _merge_texts(record: Record, data: Mapping[str, Any]) -> None:
    for key in _TEXTS:
        value = sent(data, key)
        if value is not None:
            record.f[key] = squish(value) if key in _SQUISHED else value
    for key in INTEGERS:
        value = sent(data, key)
        if value is not None:
            record.put(key, int(value) if re.fullmatch(r"-?\d{1,18}", value) else value or None)


def _merge_codes(record: Record, data: Mapping[str, Any]) -> None:
    for key in _CODES:
        value = sent(data, key)
        if value is not None:
            record.f[key] = value
    for key in ("course_subject_2", "course_subject_3"):
        if given(data, key):
            record.put(key, sent(data, key) or None)
    country = sent(data, "iqts_country")
    if country:
        record.f["iqts_country"] = country


def _merge_diversity(record: Record, data: Mapping[str, Any], *, create: bool) -> None:
    """Ethnicity and disabilities, and diversity_disclosure recomputed from what was sent alone (1.6)."""
    ethnicity = sent(data, "ethnicity")
    if given(data, "ethnicity") or create:
        record.f["ethnicity"] = ethnicity or "997"
        record.f.pop("ethnic_group", None)
    keys = disability_keys(data)
    told: list[str | None] = []
    if keys:
        told = [sent(data, k) for k in keys]
        for key in keys:
            if sent(data, key):
                record.disabilities[key] = sent(data, key)
            else:
                record.disabilities.pop(key, None)
    if keys or create:
        record.f["disability_disclosure"] = disclosure(told)
    ethnicity_told = bool(ethnicity) and lists.canonical("ethnicity", ethnicity) != "997"
    disability_told = disclosure(told) != "disability_not_provided"
    record.f["diversity_disclosure"] = (
        "diversity_disclosed" if ethnicity_told or disability_told else "diversity_not_disclosed"
    )


def disclosure(codes: Iterable[str | None]) -> str:
    """disability_disclosure as the service derives it; codes it does not know count for nothing."""
    names = [lists.name("disability", code) for code in codes if code and lists.has("disability", code)]
    if not names or names == [lists.name("disability", "98")]:
        return "disability_not_provided"
    return "no_disability" if names == [lists.name("disability", "95")] else "disabled"


def _merge_resets(record: Record, data: Mapping[str, Any]) -> None:
    """What a payload resets by leaving it out (1.6): training_initiative and course_education_phase."""
    initiative = sent(data, "training_initiative")
    if sent(data, "funding_method") == "C":
        record.f["training_initiative"] = "veterans_teaching_undergraduate_bursary"
    else:
        record.f["training_initiative"] = initiative or "no_initiative"
    age_range = lists.ages(sent(data, "course_age_range") or "")
    if sent(data, "training_route") in lists.EARLY_YEARS_ROUTES:
        phase = "early_years"
    elif age_range and age_range != (0, 5) and age_range[1] <= 11:
        phase = "primary"
    else:
        phase = "secondary"
    record.f["course_education_phase"] = phase


def _merge_partner(record: Record, data: Mapping[str, Any], state: State) -> list[Issue]:
    """The partner trap (1.6): the key training_partner_urn wins by being there, even when it is null."""
    if given(data, "training_partner_urn"):
        key, word = "training_partner_urn", "URN"
    elif given(data, "training_partner_ukprn"):
        key, word = "training_partner_ukprn", "UKPRN"
    else:
        return []
    value = sent(data, key)
    record.put("training_partner_urn", None)
    record.put("training_partner_ukprn", None)
    if not value or (key.endswith("_urn") and value in lists.NOT_APPLICABLE_URNS):
        return []
    partner = state.partner_by(urn=value) if word == "URN" else state.partner_by(ukprn=value)
    if partner is None:
        return [
            Issue(key, no_such_partner(word, value)),
        ]
    record.put("training_partner_urn", partner.urn)
    record.put("training_partner_ukprn", partner.ukprn)
    return []


def _merge_employer(record: Record, data: Mapping[str, Any], state: State) -> list[Issue]:
    if not given(data, "employing_school_urn"):
        return []
    value = sent(data, "employing_school_urn")
    if not value or value in lists.NOT_APPLICABLE_URNS:
        record.put("employing_school_urn", None)
        return []
    if value not in state.schools:
        return [Issue("employing_school_id", no_such_school(value))]
    record.put("employing_school_urn", value)
    return []


def tidy(record: Record) -> None:
    """After the checks have passed: blank codes and dates, and numbers that are none, are stored as nothing."""
    for key in INTEGERS:
        if not isinstance(record.f.get(key), int):
            record.put(key, None)
    for key in (*_CODES, *DATE_KEYS):
        if record.f.get(key) == "":
            del record.f[key]


_SILENT_KINDS = {
    "funding_method": {"B": "bursary", "C": "bursary", "D": "bursary", "4": "scholarship", "E": "grant"},
    "study_mode": {"01": "full", "02": "full", "63": "full", "31": "part", "64": "part"},
}


def is_silent(key: str, before: Any, after: Any) -> bool:
    """Whether an edit of this field leaves updated_at alone (1.3, consequence 4)."""
    if key in _SILENT_KINDS:
        kinds = _SILENT_KINDS[key]
        return bool(kinds.get(before, before) == kinds.get(after, after))
    return key in (
        "itt_aim",
        "itt_qualification_aim",
        "course_year",
        "ni_number",
        "previous_last_name",
        "pg_apprenticeship_start_date",
        "additional_training_initiative",
    )


def touched(before: Record, after: Record) -> bool:
    """Whether the step from `before` to `after` moves updated_at."""
    if before.nationalities != after.nationalities or before.disabilities != after.disabilities:
        return True
    if before.state != after.state or before.deleted != after.deleted or before.degrees != after.degrees:
        return True
    keys = before.f.keys() | after.f.keys()
    return any(
        before.f.get(key) != after.f.get(key) and not is_silent(key, before.f.get(key), after.f.get(key))
        for key in keys
    )
