"""What must hold of everything that is stored (domain pack register-ects section 2, invariants 1 to 12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from desktop.practice.ects.windows import independent
from desktop.practice.ects.world import (
    AUTHORITY,
    ECT,
    HUB,
    MENTOR,
    PROVIDER_LED,
    SCHOOL_LED,
    Held,
    Mentorship,
    Period,
    School,
    Training,
)

Spell = Period | Mentorship | Training


def first_broken(held: Held) -> str:
    """The first that does not hold, "" when all do."""
    return next(broken(held), "")


def broken(held: Held) -> Iterator[str]:
    """Everything that does not hold, in words."""
    yield from _days(held)
    yield from _people(held)
    yield from _links(held)
    yield from _trainings(held)
    for school in held.schools.values():
        yield from _choices(held, school)


def overlap(one: Spell, other: Spell) -> bool:
    """Both days count: a period that ends on 31 May and one that starts on 31 May overlap (11)."""
    return one.began <= (other.until or date.max) and other.began <= (one.until or date.max)


def covers(outer: Spell, inner: Spell) -> bool:
    """Whether a period holds another one whole."""
    return outer.began <= inner.began and (inner.until or date.max) <= (outer.until or date.max)


def _clash(spells: Sequence[Spell]) -> bool:
    return any(overlap(a, b) for a, b in combinations(spells, 2))


def _days(held: Held) -> Iterator[str]:
    every: list[Spell] = [*held.periods.values(), *held.mentorships.values(), *held.training.values()]
    for one in every:
        if one.until is not None and one.until < one.began:
            yield f"A period ends before it starts ({type(one).__name__} {one.id})."


def _people(held: Held) -> Iterator[str]:
    for trn in held.people:
        if _clash(held.of_person(trn, ECT)):
            yield f"1: {trn} is an ECT twice at the same time."
        there = held.of_person(trn, MENTOR)
        for school in {period.school for period in there}:
            if _clash([period for period in there if period.school == school]):
                yield f"2: {trn} is a mentor twice at one school at the same time."


def _links(held: Held) -> Iterator[str]:
    for period in held.periods.values():
        if period.role == ECT and _clash(held.links_of(period.id)):
            yield f"3: {period.trn} has two mentors at the same time."
    for link in held.mentorships.values():
        ect, mentor = held.periods[link.ect], held.periods[link.mentor]
        if ect.school != mentor.school or ect.trn == mentor.trn:
            yield "4: mentor and ECT are one person, or at two schools."
        if not (covers(ect, link) and covers(mentor, link)):
            yield "4: a mentor is linked outside their time at the school."


def _trainings(held: Held) -> Iterator[str]:
    for role in (ECT, MENTOR):
        for trn in held.people:
            mine = [t for p in held.of_person(trn, role) for t in held.training_of(p.id)]
            if _clash(mine):
                yield f"5: {trn} is trained twice at the same time."
    for training in held.training.values():
        yield from _training(held, training)


def _training(held: Held, training: Training) -> Iterator[str]:
    period = held.periods[training.period]
    if not covers(period, training):
        yield "5: training lies outside the time at the school."
    if period.role == MENTOR and training.programme != PROVIDER_LED:
        yield "5: a mentor’s training is always provider-led."
    if training.programme == SCHOOL_LED and (training.provider or training.partnership or training.schedule):
        yield "6: school-led training has no provider."
    if training.programme == PROVIDER_LED and not (training.provider and training.year and training.schedule):
        yield "6: provider-led training has a provider, a year and a schedule."
    if period.role == ECT and "replacement" in training.schedule:
        yield "7: replacement schedules are for mentors."
    if training.stands and not (training.why and training.until):
        yield "8: paused or withdrawn training has a reason and an end."
    partnership = held.partnerships.get(training.partnership)
    if partnership is not None and (partnership.school, partnership.provider, partnership.year) != (
        period.school,
        training.provider,
        training.year,
    ):
        yield "7 and 9: the partnership is another school’s, provider’s or year’s."


def _choices(held: Held, school: School) -> Iterator[str]:
    if bool(school.last_provider) != (school.last_programme == PROVIDER_LED):
        yield "12: a last provider goes with provider-led."
    body = held.bodies.get(school.last_body)
    if body is not None and (body.kind == AUTHORITY or (body.kind != HUB and not independent(school))):
        yield "12: the last appropriate body does not fit the school."
