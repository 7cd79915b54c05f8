"""What the portal does when somebody confirms: on a copy of all that is held, one transaction each.

Source: domain pack register-ects 1.1 to 1.9, the parts headed "on confirm", "effect" and "transition date".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from desktop.practice.ects import windows
from desktop.practice.ects.world import (
    ECT,
    MENTOR,
    PROVIDER_LED,
    SCHOOL_LED,
    ContractPeriod,
    Held,
    Mentorship,
    NotSaved,
    Partnership,
    Period,
    Person,
    School,
    Training,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Who:
    """The answers about a person that registering stores. `corrected` = "" keeps the name that was found."""

    trn: str
    first_name: str
    last_name: str
    corrected: str
    email: str


@dataclass(frozen=True)
class EctAnswers:
    """The answers of registering an ECT. `reuse` = id of the earlier partnership that is used again, "" = none."""

    who: Who
    start: date
    working_pattern: str
    body: str
    programme: str
    provider: str = ""
    reuse: str = ""


# --- partnerships, interest, schedules ------------------------------------------------------------------------------


def partnership_of(held: Held, school: str, provider: str, year: int) -> Partnership | None:
    """The earliest partnership of a school with a provider for a contract year."""
    return next(
        (p for p in held.partnerships.values() if (p.school, p.provider, p.year) == (school, provider, year)),
        None,
    )


def reusable(held: Held, school: School, year: ContractPeriod, *, only_this_year: bool) -> Partnership | None:
    """The partnership that "use previous choices" picks: this year's newest, else the newest of an earlier year whose
    delivery partner still works with the provider this year (1.1.2).
    """
    mine = [
        p
        for p in held.partnerships.values()
        if (p.school, p.provider) == (school.urn, school.last_provider) and p.year <= year.year
    ]
    newest = sorted(mine, key=lambda p: (p.year, int(p.id)), reverse=True)
    now = next((p for p in newest if p.year == year.year), None)
    if now is not None or only_this_year:
        return now
    paired = {(p.provider, p.partner) for p in held.partnerships.values() if p.year == year.year}
    return next((p for p in newest if (p.provider, p.partner) in paired), None)


def had_interest(held: Held, school: School, year: ContractPeriod, *, only_this_year: bool) -> bool:
    """Whether the school said before that it wants to work with its last provider."""
    for training in held.training.values():
        if (
            training.programme != PROVIDER_LED
            or training.partnership
            or training.provider != school.last_provider
        ):
            continue
        if held.periods[training.period].school != school.urn or training.began > year.until:
            continue
        if not only_this_year or training.year == year.year:
            return True
    return False


def previous_choices(
    held: Held, school: School, year: ContractPeriod | None, *, frozen_before: bool
) -> tuple[bool, Partnership | None]:
    """Whether the school's last choices are offered again, and the partnership that they then use."""
    body = held.bodies.get(school.last_body)
    if not school.last_programme or body is None or not body.active:
        return False, None
    if school.last_programme == SCHOOL_LED:
        return True, None
    if year is None or year.year not in held.providers[school.last_provider].years:
        return False, None
    found = reusable(held, school, year, only_this_year=frozen_before)
    return found is not None or had_interest(held, school, year, only_this_year=frozen_before), found


@dataclass(frozen=True)
class Wanted:
    """Provider-led training that is to be stored."""

    began: date
    provider: str
    year: int
    schedule: str


def train(held: Held, period: Period, wanted: Wanted) -> None:
    """With the school's partnership of that year if there is one; else it stands as an interest."""
    found = partnership_of(held, period.school, wanted.provider, wanted.year)
    made = Training(
        held.new_id(),
        period.id,
        PROVIDER_LED,
        wanted.began,
        period.until,
        found.id if found else "",
        wanted.provider,
        wanted.year,
        wanted.schedule,
    )
    held.training[made.id] = made


def train_here(held: Held, period: Period, began: date) -> None:
    """School-led training: no provider, no schedule."""
    made = Training(held.new_id(), period.id, SCHOOL_LED, began, period.until)
    held.training[made.id] = made


# --- registering (1.1, 1.2) -----------------------------------------------------------------------------------------


def _person(held: Held, who: Who) -> Person:
    """Found by TRN or made; the name is stored only when made."""
    return held.people.setdefault(who.trn, Person(who.trn, who.first_name, who.last_name, who.corrected))


def register_ect(held: Held, school: School, answers: EctAnswers, today: date) -> Period:
    """One transaction. Raises NotSaved when the person is an ECT here already."""
    trn = answers.who.trn
    _person(held, answers.who)
    before = held.of_person(trn, ECT)
    if any(p.school == school.urn and p.until is None for p in before):
        raise NotSaved("This person is already registered as an ECT at your school.")
    last = windows.previous_ect(held, trn)
    last_training = held.training_of(last.id)[-1:] if last else []
    previous = last_training[0] if last_training else None
    mine = held.schools[school.urn]
    mine.last_body, mine.last_programme, mine.last_provider = (
        answers.body,
        answers.programme,
        answers.provider,
    )
    earlier = [p for p in before if p.began <= answers.start]
    spanning = [p for p in earlier if p.until is None] or [
        p for p in earlier if p.until is not None and p.until >= answers.start
    ]
    for period in spanning[:1]:
        finish(held, period, answers.start - _DAY)
    made = Period(
        held.new_id(),
        ECT,
        trn,
        school.urn,
        answers.who.email,
        answers.start,
        working_pattern=answers.working_pattern,
        body=answers.body,
    )
    held.periods[made.id] = made
    _train_ect(held, made, answers, previous, today)
    return made


def _train_ect(held: Held, made: Period, answers: EctAnswers, previous: Training | None, today: date) -> None:
    year = windows.year_for_ect(held, made.began, today, previous)
    was = held.years.get(previous.year or 0) if previous and previous.programme == PROVIDER_LED else None
    moved = was is not None and was.frozen and year is not None
    began = max(made.began, year.began if moved and year else today)
    if answers.programme == SCHOOL_LED:
        train_here(held, made, max(made.began, today))
        return
    if year is None:
        raise NotSaved("There is no contract period for this start date.")
    if answers.reuse and partnership_of(held, made.school, answers.provider, year.year) is None:
        old = held.partnerships[answers.reuse]
        again = replace(old, id=held.new_id(), year=year.year)
        held.partnerships[again.id] = again
    keeps = previous is not None and was is not None and year is was
    kind = "extended" if moved else "standard"
    schedule = previous.schedule if keeps and previous else windows.schedule(began, today, kind)
    train(held, made, Wanted(began, answers.provider, year.year, schedule))


@dataclass(frozen=True)
class MentorAnswers:
    """The answers of registering a mentor. `start` None = today; `only_here` None = it was not asked."""

    who: Who
    ect: str
    start: date | None = None
    only_here: bool | None = None
    provider: str = ""


def register_mentor(held: Held, school: School, answers: MentorAnswers, today: date) -> Period:
    """One transaction: the mentor's period, their link to the ECT and, if they can have it, their training."""
    person = _person(held, answers.who)
    start = answers.start or today
    moves = answers.only_here is True
    if moves:
        for period in held.of_person(person.trn, MENTOR):
            if period.until is None or period.until >= start:
                finish(held, period, start - _DAY)
    elif any(p.school == school.urn and p.until is None for p in held.of_person(person.trn, MENTOR)):
        raise NotSaved("This person is already registered as a mentor at your school.")
    made = Period(held.new_id(), MENTOR, person.trn, school.urn, answers.who.email, start)
    trained = bool(answers.provider) and not person.not_paid
    others = windows.elsewhere(held, person.trn, school.urn, today)
    held.periods[made.id] = made
    if trained and (moves or not others):
        train_mentor(held, made, answers.provider, start, today)
    link(held, held.periods[answers.ect], made, today, moves=moves)
    return made


def train_mentor(held: Held, mentor: Period, provider: str, began: date, today: date) -> None:
    """A mentor's training, with the partnership of the year or an interest."""
    mine = [t for p in held.of_person(mentor.trn, MENTOR) for t in held.training_of(p.id)]
    before = held.years.get(mine[-1].year or 0) if mine else None
    year = windows.registration_year(held, mentor.began, today)
    if before is not None and not before.frozen and year is not None:
        year = before
    if year is not None:
        schedule = windows.schedule(began, today)
        train(held, mentor, Wanted(began, provider, year.year, schedule))


# --- mentors of an ECT (1.3, 1.6, 5) --------------------------------------------------------------------------------


def choosable(held: Held, ect: Period) -> list[Period]:
    """Unfinished mentor periods at the school, without the ECT themself."""
    there = held.at_school(ect.school, MENTOR)
    return [p for p in there if p.until is None and p.trn != ect.trn]


def current_link(held: Held, ect: Period, today: date) -> Mentorship | None:
    """The link of today, or the next one."""
    return next((m for m in held.links_of(ect.id) if m.until is None or m.until >= today), None)


def current_training(held: Held, period: Period, today: date) -> Training | None:
    """The training of today, else the next one, else the last."""
    mine = held.training_of(period.id)
    return next((t for t in mine if t.until is None or t.until >= today), mine[-1] if mine else None)


def provider_of(held: Held, ect: Period, today: date) -> str:
    """The lead provider of an ECT, confirmed or wished; "" when school-led."""
    found = current_training(held, ect, today)
    return found.provider if found else ""


def first_training(held: Held, ect: Period, mentor: Period, today: date) -> bool:
    """Whether a link would be the mentor's first provider-led training (5)."""
    person = held.people[mentor.trn]
    trained = any(held.training_of(p.id) for p in held.of_person(mentor.trn, MENTOR))
    return bool(provider_of(held, ect, today)) and not person.not_paid and not trained


def link(held: Held, ect: Period, mentor: Period, today: date, *, moves: bool = False) -> None:
    """Link a mentor; the link before ends the day before, or goes when it had not begun by then."""
    backdated = moves and not held.links_of(ect.id)
    start = max([ect.began, mentor.began, *([] if backdated else [today])])
    old = current_link(held, ect, today)
    if old is not None and old.began < start:
        old.until = start - _DAY
    elif old is not None:
        del held.mentorships[old.id]
    ends = [day for day in (ect.until, mentor.until) if day is not None]
    made = Mentorship(held.new_id(), ect.id, mentor.id, start, min(ends) if ends else None)
    held.mentorships[made.id] = made


# --- changes (1.7) --------------------------------------------------------------------------------------------------


def _end_training(held: Held, training: Training, today: date) -> None:
    """Deleted if it began today or lies ahead, or has no confirmed partnership; else it ended yesterday."""
    if training.began >= today or not training.partnership:
        del held.training[training.id]
    else:
        training.until = today - _DAY


def to_school_led(held: Held, ect: Period, today: date) -> None:
    """The present training goes or ends, a school-led one begins."""
    begin = max(ect.began, today)
    now = current_training(held, ect, today)
    if now is not None and begin > today:
        del held.training[now.id]
    elif now is not None:
        _end_training(held, now, today)
    train_here(held, ect, begin)


def to_provider_led(held: Held, ect: Period, provider: str, today: date) -> None:
    """Provider-led from the transition date on; a mentor who was never trained is trained, too."""
    begin = max(ect.began, today)
    now = current_training(held, ect, today)
    if now is not None and now.began < begin:
        now.until = begin - _DAY
    elif now is not None:
        del held.training[now.id]
    year = year_of_ect(held, ect)
    if year is None:
        raise NotSaved("There is no contract period for this ECT.")
    schedule = windows.schedule(begin, today)
    train(held, ect, Wanted(begin, provider, year.year, schedule))
    old = current_link(held, ect, today)
    mentor = held.periods[old.mentor] if old else None
    if mentor is not None and first_training(held, ect, mentor, today):
        train_mentor(held, mentor, provider, max(mentor.began, today), today)


def year_of_ect(held: Held, ect: Period) -> ContractPeriod | None:
    """The contract period that holds an ECT's start; 2024 when that one is frozen."""
    found = windows.year_of(held, ect.began)
    return held.years.get(windows.MOVES_TO) if found is not None and found.frozen else found


def change_provider(held: Held, period: Period, provider: str, today: date) -> None:
    """Changed in place when it starts today or later; else a new training begins (1.7)."""
    now = current_training(held, period, today)
    if now is None or now.programme != PROVIDER_LED or now.year is None:
        raise NotSaved("There is no provider-led training to change.")
    year = windows.MOVES_TO if held.years[now.year].frozen else now.year
    if now.began >= today:
        found = partnership_of(held, period.school, provider, year)
        now.provider, now.year, now.partnership = provider, year, found.id if found else ""
        now.stands, now.why, now.until = "", "", period.until
        return
    begin = max(period.began, today)
    if now.partnership and (now.until is None or now.until >= today):
        now.until = today - _DAY
    elif not now.partnership:
        del held.training[now.id]
    train(held, period, Wanted(begin, provider, year, windows.schedule(begin, today)))


# --- leaving (1.8) --------------------------------------------------------------------------------------------------


def finish(held: Held, period: Period, day: date, reported_by: str = "") -> None:
    """The last day of a period: what begins on it or later is deleted, what spans it ends on it."""
    period.reported_by = reported_by or period.reported_by
    if period.until is not None and period.until <= day:
        return
    mine = (m for m in held.mentorships.values() if period.id in (m.ect, m.mentor))
    _cut(held.mentorships, list(mine), day)
    _cut(held.training, held.training_of(period.id), day)
    period.until = day


def _cut(
    held: dict[str, Mentorship] | dict[str, Training], spells: Iterable[Mentorship | Training], day: date
) -> None:
    for spell in spells:
        if spell.began >= day:
            del held[spell.id]
        elif spell.until is None or spell.until > day:
            spell.until = day
