"""The two files that a provider signs off on Register's website: whose names belong in them, and what to look at first.

Census: the new trainees of a cycle. Performance profile: everybody who trained in a cycle, with how it ended. Our reading
of the rules; the file itself is what counts. Source: domain pack 6 and 9.1, placements 3.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from desktop.collections.reading import day, is_blank, long_day, text
from desktop.collections.trainees.cycles import (
    census_day_shown,
    cycle_label,
    cycle_of,
    cycle_of_document,
    performance_days,
    sign_off_days,
)
from desktop.collections.trainees.tables import route_of
from desktop.model.document import Document

CENSUS, PROFILE = "census", "performance-profile"
KINDS = (CENSUS, PROFILE)
TITLES = {CENSUS: "Census", PROFILE: "Performance profile"}
PAGES = {
    CENSUS: "Reports, Export new trainee data, Continue to census sign off",
    PROFILE: "Reports, Export trainee data, Continue to performance profile sign off",
}
"""Where on Register's website the file is, and after it the form that a person signs."""

_ASSESSED = frozenset({"16", "17"})
_ENDED = frozenset({"recommended_for_award", "awarded"})
_TRAINING = frozenset({"submitted_for_trn", "trn_received"})
_DRAFT = "draft"


@dataclass(frozen=True)
class Standing:
    """What decides about one trainee.

    state      our key of the state at Register; "" = not there
    extras     what else Register told: dates of an award, a deferral, a withdrawal
    withdrawn  the day of the withdrawal, also of one that is not sent yet
    """

    document: Document
    state: str = ""
    extras: Mapping[str, Any] = field(default_factory=dict)
    withdrawn: date | None = None


@dataclass(frozen=True)
class Ruling:
    """Whether somebody belongs in a file, the rule that says so, and the section of the rule book where it stands."""

    belongs: bool
    words: str
    source: str


@dataclass(frozen=True)
class Point:
    """Something to look at before anybody signs. `field` = the answer that it is about, "" = the record."""

    field: str
    words: str
    source: str


def days_of(kind: str, cycle: int) -> tuple[date, date]:
    """First and last day on which a person can sign."""
    return sign_off_days(cycle) if kind == CENSUS else performance_days(cycle)


def title_of(kind: str, cycle: int) -> str:
    """`Census 2026 to 2027`."""
    return f"{TITLES[kind]} {cycle_label(cycle)}"


def ruling(kind: str, cycle: int, who: Standing, today: date) -> Ruling:
    """Whether a trainee belongs in the file of a kind and cycle, as far as we can tell."""
    if who.state == _DRAFT:
        return Ruling(False, "A draft at Register is in no sign-off", "9.1")
    return _census(cycle, who, today) if kind == CENSUS else _profile(cycle, who, today)


def _census(cycle: int, who: Standing, today: date) -> Ruling:
    fields, census = who.document.fields, census_day_shown(cycle)
    starts = cycle_of_document(who.document, today)
    if starts != cycle:
        when = (
            f"starts in {cycle_label(starts)}" if starts is not None else "has no start date that can be read"
        )
        return Ruling(False, f"Only those who start in {cycle_label(cycle)}: this trainee {when}", "2.1")
    if text(fields.get("training_route")) in _ASSESSED:
        return Ruling(False, "Assessment only trainees are left out", "6")
    if who.withdrawn is not None and who.withdrawn < census:
        return Ruling(False, f"Withdrawn on {long_day(who.withdrawn)}, before the census day", "6")
    begun = day(fields.get("trainee_start_date"))
    course = day(fields.get("itt_start_date"))
    if begun is None:
        return Ruling(
            True, f"Starts in {cycle_label(cycle)}; without a trainee start date it is listed too", "6"
        )
    if begun <= census or (course is not None and course <= census):
        return Ruling(True, f"Starts by the census day, {long_day(census)}", "6")
    return Ruling(False, f"Starts on {long_day(begun)}, after the census day", "6")


def _profile(cycle: int, who: Standing, today: date) -> Ruling:
    starts, ends = cycle_of_document(who.document, today), endday_of(who)
    label = cycle_label(cycle)
    if starts is None:
        return Ruling(False, "It has no start date that can be read", "2.1")
    if starts > cycle:
        return Ruling(False, f"Only those who trained in {label}: this trainee starts later", "6")
    if starts == cycle:
        return Ruling(True, f"Started in {label}", "6")
    if ends is None:
        return Ruling(False, f"Started before {label}, and when the training ended is not known", "6")
    if cycle_of(ends) < cycle:
        return Ruling(
            False, f"Only those who trained in {label}: this training ended on {long_day(ends)}", "6"
        )
    return Ruling(True, f"Trained in {label}", "6")


def endday_of(who: Standing) -> date | None:
    """The day that ends a training for Register: the award, else the withdrawal, else the expected end."""
    return (
        day_of(who.extras.get("awarded_at")) or who.withdrawn or day(who.document.fields.get("itt_end_date"))
    )


def points(kind: str, cycle: int, who: Standing, today: date) -> Iterator[Point]:
    """What Register asks people to check before they sign, where it looks wrong."""
    yield from _starts(cycle, who, today) if kind == CENSUS else _outcomes(cycle, who)


def _starts(cycle: int, who: Standing, today: date) -> Iterator[Point]:
    fields, census = who.document.fields, census_day_shown(cycle)
    begun, course = day(fields.get("trainee_start_date")), day(fields.get("itt_start_date"))
    if is_blank(fields.get("trainee_start_date")) and course is not None and course <= min(today, census):
        words = (
            "No trainee start date: Register does not know that the training began, which can stop funding"
        )
        yield Point("trainee_start_date", words, "6")
    if begun is not None and begun > census:
        words = f"In the file, but starts on {long_day(begun)}: the census counts who started by {long_day(census)}"
        yield Point("trainee_start_date", words, "6")


def _outcomes(cycle: int, who: Standing) -> Iterator[Point]:
    ends, last = day(who.document.fields.get("itt_end_date")), date(cycle + 1, 7, 31)
    if who.state in _TRAINING and ends is not None and ends <= last:
        words = f"Should have ended on {long_day(ends)} and has no outcome: award, defer or withdraw, or put the date right"
        yield Point("itt_end_date", words, "6")
    if who.state == "recommended_for_award":
        yield Point("", "Recommended, and not awarded yet", "6")
    dates = {"awarded": "outcome_date", "deferred": "defer_date", "withdrawn": "withdrawal_date"}
    named = dates.get(who.state)
    if named is not None and day_of(who.extras.get(named)) is None:
        yield Point("", f"{who.state.capitalize()}, and Register shows no date for it", "6")
    if who.state in _ENDED:
        yield from _placements(who)


def _placements(who: Standing) -> Iterator[Point]:
    route = route_of(who.document.fields.get("training_route"))
    wanted, found = (route.placements if route else 0), len(who.document.children.get("placements", ()))
    if found < wanted:
        schools = "placement" if wanted == 1 else "placements"
        yield Point("placements", f"{found} of {wanted} {schools}", "3.2")


def day_of(value: object) -> date | None:
    """The day of a date, or of a time, as Register writes them."""
    return day(text(value)[:10])
