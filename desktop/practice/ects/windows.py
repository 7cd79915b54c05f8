"""Days that decide: contract periods, the floor of a start, four months, what is open. Source: domain pack register-ects 3.4.

Independent of `desktop/collections/ects`: the portal's own reading of its rules.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import cache

from desktop.practice.ects.furnish import not_eligible
from desktop.practice.ects.world import (
    ECT,
    MENTOR,
    PROVIDER_LED,
    ContractPeriod,
    Held,
    Period,
    School,
    Training,
)

MOVES_TO = 2024
"""The contract year to which an ECT of a frozen one moves."""
_DAY = timedelta(days=1)


def long(day: date) -> str:
    """7 September 2026."""
    return f"{day.day} {day:%B %Y}"


def in_months(day: date, months: int) -> date:
    """The same day some months on, or the last day of a shorter month."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def year_of(held: Held, day: date) -> ContractPeriod | None:
    """The contract period in which a day lies."""
    return next((period for period in held.years.values() if period.holds(day)), None)


def floor(held: Held, today: date) -> date | None:
    """The earliest start as an ECT: the first day of the period two before the current one; None without a current one."""
    current = year_of(held, today)
    two_before = held.years.get(current.year - 2) if current else None
    return two_before.began if two_before else None


def registration_year(held: Held, start: date, today: date) -> ContractPeriod | None:
    """The current period for a start that is earlier or in none, a later one for a start that lies in it."""
    current, own = year_of(held, today), year_of(held, start)
    if own is not None and (current is None or own.year > current.year):
        return own
    return current


def year_for_ect(held: Held, start: date, today: date, before: Training | None) -> ContractPeriod | None:
    """An ECT who goes on with provider-led training keeps their period; from a frozen one they move."""
    registered = registration_year(held, start, today)
    assigned = held.years.get(before.year or 0) if before and before.programme == PROVIDER_LED else None
    if assigned is None or registered is None:
        return registered
    return held.years.get(MOVES_TO) if assigned.frozen else assigned


def closed_until(held: Held, today: date) -> date | None:
    """While registration is closed: the day on which it opens again."""
    return next((last + _DAY for first, last in held.closed if first <= today <= last), None)


def schedule(start: date, today: date, kind: str = "standard") -> str:
    """By the month of the later of start and today (3.4); a moved ECT's is always September's."""
    month = max(start, today).month
    when = "september" if 6 <= month <= 10 else "april" if 3 <= month <= 5 else "january"
    return f"ecf-{kind}-{'september' if kind == 'extended' else when}"


def boundary(held: Held, period: Period | None, today: date) -> date | None:
    """The first day that is late enough after a period: two days after its start and that of its latest training by today."""
    if period is None:
        return None
    begun = [t.began for t in held.training_of(period.id) if t.began <= today]
    return max([period.began, *begun[-1:]]) + 2 * _DAY


def here(period: Period, today: date) -> bool:
    """Whether a school still sees a person: until the last day, and on it."""
    return period.until is None or period.until >= today


def previous_ect(held: Held, trn: str) -> Period | None:
    """The last earlier ECT period of a person, at any school."""
    found = held.of_person(trn, ECT)
    return found[-1] if found else None


def elsewhere(held: Held, trn: str, school: str, day: date) -> list[Period]:
    """Mentor periods at other schools that are open, or end on a day or later."""
    there = (p for p in held.of_person(trn, MENTOR) if p.school != school)
    return [p for p in there if p.until is None or p.until >= day]


@cache
def _types(name: str) -> frozenset[str]:
    return frozenset(not_eligible()[name])


def independent(school: School) -> bool:
    """Every other kind counts as state-funded (3.5)."""
    return school.kind in _types("independent")


def eligible(school: School) -> bool:
    """Open, in England, and of a kind that has part in it, or independent with Section 41 (3.5)."""
    if school.closed or school.kind in _types("not_in_england"):
        return False
    return school.kind not in _types("not_eligible") or (independent(school) and school.section_41)
