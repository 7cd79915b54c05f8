"""What the practice website begins with: made-up schools, and the lists of the pack that DfE publishes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from desktop.paths import resources
from desktop.practice.ects.world import (
    AUTHORITY,
    HUB,
    NATIONAL,
    Body,
    ContractPeriod,
    Held,
    Partnership,
    Provider,
    School,
)

ACADEMY, PRIMARY, SPECIAL, COLLEGE, QUARRY = "740113", "740150", "740187", "740224", "740261"
_FIRST_MONTH = 6
_FOLDER = ("packs", "ects", "2026")


def furnish(today: date) -> Held:
    """The portal on a day on which nobody is registered yet. Contract periods that the pack does not have yet are added."""
    year = today.year if today.month >= _FIRST_MONTH else today.year - 1
    held = Held()
    for school in _schools(year):
        held.schools[school.urn] = school
    held.years = {period.year: period for period in _periods()}
    held.closed = [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in _read("closed_windows.json")]
    held.bodies = {body.id: body for body in _bodies()}
    held.providers = {provider.id: provider for provider in _providers()}
    for later in range(max(held.years) + 1, year + 1):
        _add_year(held, later)
    made = Partnership(held.new_id(), ACADEMY, "teach_first", "Northmoor Learning Alliance", year)
    held.partnerships[made.id] = made
    return held


def _add_year(held: Held, year: int) -> None:
    """A contract period as the one before it, with the same providers."""
    last = held.years[year - 1]
    held.years[year] = replace(
        last, year=year, began=last.began.replace(year=year), until=last.until.replace(year=year + 1)
    )
    for provider in held.providers.values():
        if year - 1 in provider.years:
            provider.years |= {year}


def _schools(year: int) -> tuple[School, ...]:
    """One ready to work, one without a tutor, one whose tutor is to be confirmed, one not eligible, one closed."""
    return (
        School(ACADEMY, "Northmoor Academy", tutor_name="Jo Achebe", tutor_email="jo.achebe@example.com", tutor_year=year),
        School(PRIMARY, "Saltersgate Primary School", "community_school"),
        School(SPECIAL, "Wrenfield School", "other_independent_special_school", section_41=True, tutor_name="Ruth Amadi", tutor_email="ruth.amadi@example.com", tutor_year=year - 1),
        School(COLLEGE, "Larkhill College", "other_independent_school", tutor_name="Tom Ives", tutor_email="tom.ives@example.com", tutor_year=year),
        School(QUARRY, "Old Quarry School", closed=True),
    )  # fmt: skip


def _periods() -> list[ContractPeriod]:
    return [
        ContractPeriod(
            int(year),
            date.fromisoformat(first),
            date.fromisoformat(last),
            enabled=more["enabled"],
            frozen=bool(more["frozen"]),
        )
        for year, (first, last, more) in _read("contract_periods.json")["periods"].items()
    ]


def _bodies() -> list[Body]:
    special = _read("appropriate_bodies.json")["special"]
    kinds = dict.fromkeys(special["national"], NATIONAL) | dict.fromkeys(
        special["local_authority"], AUTHORITY
    )
    return [Body(code, _label(label), kinds.get(code, HUB)) for code, label in _codes("appropriate_body")]


def _providers() -> list[Provider]:
    years = _read("lead_providers.json")
    return [Provider(code, _label(label), frozenset(years[code])) for code, label in _codes("lead_provider")]


def not_eligible() -> dict[str, list[str]]:
    """Kinds of school by what they are: `independent`, `not_eligible`, `not_in_england` (3.5)."""
    found: dict[str, list[str]] = _read("school_types.json")
    return found


def _codes(name: str) -> list[tuple[str, Any]]:
    return list(_read(f"codes/{name}.json").items())


def _label(raw: Any) -> str:
    return str(raw if isinstance(raw, str) else raw[0])


def _read(name: str) -> Any:
    return json.loads(resources().joinpath(*_FOLDER, name).read_text("utf-8"))
