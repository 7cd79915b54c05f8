"""Between what is typed on a page and what is stored: reading answers, showing them again, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from desktop.collections.trainees.tables import PACK
from desktop.practice import incoming
from desktop.practice.pages.forms import Form
from desktop.practice.pages.markup import Question
from desktop.practice.record import DISABILITY_SLOTS, Degree, Placement, Record
from desktop.practice.state import State, parse_day
from desktop.practice.web import words
from desktop.practice.web.checks import findings_of
from desktop.practice.web.sections import NOT_APPLICABLE, Ask, Section

_LIST_OF = {
    "nationality": "nationality",
    "second_nationality": "nationality",
    "course_subject_1": "course_subject",
    "course_subject_2": "course_subject",
    "course_subject_3": "course_subject",
    "iqts_country": "country",
    "uk_degree": "degree_type",
    "non_uk_degree": "degree_type",
    "subject": "degree_subject",
    "institution": "institution",
    "country": "country",
    "grade": "degree_grade",
}
_LONGEST = 500
_NONE_GIVEN = "{label} cannot be left blank"


@dataclass
class Typed:
    """The answers of a page: as typed, as values to store, and what is wrong, each by the name of the question."""

    shown: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read(asks: Sequence[Ask], form: Form, record: Record, state: State) -> Typed:
    """What was typed, with errors for what cannot be read or is missing."""
    typed = Typed()
    for ask in asks:
        shown, value, error = _one(ask, form, record, state)
        typed.shown[ask.name] = shown
        typed.values[ask.name] = value
        if error:
            typed.errors[ask.name] = error
        elif ask.needed and value in (None, [], ""):
            typed.errors[ask.name] = _NONE_GIVEN.format(label=ask.label.rstrip("?"))
    return typed


def _one(ask: Ask, form: Form, record: Record, state: State) -> tuple[Any, Any, str]:
    """(what is shown again, what would be stored, what is wrong)."""
    if ask.kind == "day":
        return _day(form.day(ask.name))
    options = dict(ask.options(record, state)) if ask.options else {}
    if ask.kind == "any":
        chosen = form.all(ask.name)
        wrong = any(one not in options for one in chosen)
        return chosen, chosen, "Choose from the list" if wrong else ""
    typed = incoming.squish(form.one(ask.name))
    if not typed:
        return "", None, ""
    if len(typed) > _LONGEST:
        return typed[:_LONGEST], None, f"{ask.label} is too long"
    if ask.kind == "one":
        return typed, typed, "" if typed in options else "Choose from the list"
    if ask.kind == "pick":
        value = _picked(ask.name, typed, options)
        return typed, value, "" if value else f"Choose {ask.label[:1].lower()}{ask.label[1:]} from the list"
    return typed, typed, ""


def _day(parts: tuple[str, str, str]) -> tuple[Any, Any, str]:
    if not any(parts):
        return parts, None, ""
    if all(re.fullmatch(r"\d{1,4}", part) for part in parts):
        try:
            return parts, date(int(parts[2]), int(parts[1]), int(parts[0])).isoformat(), ""
        except ValueError:
            pass
    return parts, None, "Enter a real date, for example 7 9 2026"


def _picked(name: str, typed: str, options: Mapping[str, str]) -> str | None:
    """The option that was meant: by its value or its words, or by any other name that the lists know."""
    plain = typed.casefold()
    for value, shown in options.items():
        if plain in (value.casefold(), shown.casefold()):
            return value
    list_name = _LIST_OF.get(name)
    return PACK.find(list_name, typed) if list_name else None


# --- fields of a trainee


def stored(typed: Typed, record: Record, state: State) -> dict[str, Any]:
    """The fields that a page's answers set, as the record keeps them."""
    raw = dict(typed.values)
    for name in ("second_nationality", "disabilities", "training_partner", "employing_school"):
        raw.pop(name, None)
    values = typed.values
    if "nationality" in values:
        given = (values["nationality"], values["second_nationality"])
        raw["nationality"] = list(dict.fromkeys(code for code in given if code))
    if "disabilities" in values:
        raw |= dict.fromkeys(DISABILITY_SLOTS) | dict(
            zip(DISABILITY_SLOTS, values["disabilities"], strict=False)
        )
        raw["diversity_disclosure"] = _disclosure(values)
    if "course_age_range" in values or "training_route" in values:
        raw["course_education_phase"] = words.phase_of(record.f | raw)
    if "training_partner" in values:
        raw |= _partner(values["training_partner"], state)
    if "employing_school" in values:
        none = values["employing_school"] == NOT_APPLICABLE
        raw["employing_school_urn"] = None if none else values["employing_school"]
        raw["employing_school_not_applicable"] = True if none else None
    return raw


def _disclosure(values: Mapping[str, Any]) -> str:
    told = values["ethnicity"] != "997" or any(code not in ("98", "99") for code in values["disabilities"])
    return "diversity_disclosed" if told else "diversity_not_disclosed"


def _partner(value: Any, state: State) -> dict[str, Any]:
    found = state.partner_by(urn=value) or state.partner_by(ukprn=value) if value else None
    return {
        "training_partner_urn": found.urn if found else None,
        "training_partner_ukprn": found.ukprn if found else None,
        "training_partner_not_applicable": True if value == NOT_APPLICABLE else None,
    }


def held(ask: Ask, record: Record) -> Any:
    """The stored answer as a page shows it to be changed."""
    if ask.kind == "day":
        day = parse_day(record.get(ask.name))
        return (str(day.day), str(day.month), str(day.year)) if day else ("", "", "")
    if ask.name == "disabilities":
        return [code for code in record.disabilities.values() if code]
    if ask.name in ("nationality", "second_nationality"):
        place = 0 if ask.name == "nationality" else 1
        several = record.nationalities
        return words.words("nationality", several[place]) if len(several) > place else ""
    if ask.name in ("training_partner", "employing_school"):
        if record.get(f"{ask.name}_not_applicable"):
            return NOT_APPLICABLE
        return record.get(f"{ask.name}_urn") or record.get(f"{ask.name}_ukprn") or ""
    value = record.get(ask.name)
    return (
        words.words(_LIST_OF[ask.name], value)
        if ask.name in _LIST_OF
        else ""
        if value is None
        else str(value)
    )


def in_words(ask: Ask, record: Record, state: State) -> str:
    """The stored answer as a page tells it."""
    if ask.name == "disabilities":
        return ", ".join(words.words("disability", code) for code in record.disabilities.values())
    if ask.name in ("nationality", "second_nationality"):
        return str(held(ask, record))
    if ask.name == "training_partner":
        return words.partner_name(record, state) or str(held(ask, record))
    if ask.name == "employing_school":
        school = state.schools.get(str(record.get("employing_school_urn")))
        return school.name if school else str(held(ask, record))
    return words.of_field(record, ask.name)


def wrong_with(section: Section, record: Record, state: State) -> dict[str, str]:
    """What is missing or wrong in a page of a stored trainee, by question; {} = the page is complete."""
    found = {
        ask.name: _NONE_GIVEN.format(label=ask.label.rstrip("?"))
        for ask in section.asks
        if ask.needed and not any(held(ask, record) if ask.kind == "day" else [held(ask, record)])
    }
    return found | rule_errors(section.asks, record, state)


def rule_errors(asks: Sequence[Ask], record: Record, state: State) -> dict[str, str]:
    """What the rules hold against the answers to these questions."""
    names = {ask.name for ask in asks}
    found: dict[str, str] = {}
    for finding in findings_of(record, state):
        name = "disabilities" if finding.field in DISABILITY_SLOTS else finding.field
        if name in names:
            found.setdefault(name, finding.message)
    return found


def questions(
    asks: Sequence[Ask], shown: Mapping[str, Any], errors: Mapping[str, str], record: Record, state: State
) -> list[Question]:
    """The questions of a page with what stands in them."""
    return [
        Question(
            ask.name,
            ask.label,
            ask.kind,
            shown.get(ask.name, ""),
            ask.options(record, state) if ask.options else (),
            ask.hint,
            errors.get(ask.name, ""),
        )
        for ask in asks
    ]


def of_degree(degree: Degree, name: str) -> str:
    """An answer of a degree as a page shows it."""
    return words.of_degree(name, degree.f.get(name))


def of_placement(placement: Placement, state: State) -> str:
    """A placement in one line."""
    school = state.schools.get(placement.school or "")
    if school is not None:
        return f"{school.name} ({school.urn})"
    return ", ".join(part for part in (placement.name, placement.postcode) if part) or str(
        placement.urn or ""
    )
