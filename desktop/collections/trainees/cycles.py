"""Academic cycles and the days that depend on them: census, performance profile, deadlines. All in London time.

A cycle runs from 1 August to 31 July and is named by the year in which it starts. Source: domain pack 2.1 rule 7 and 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from desktop.collections.reading import day, is_blank, long_day
from desktop.collections.trainees.tables import PACK
from desktop.model.document import Document


def london_day(moment: datetime) -> date:
    """The day in London at an aware moment. Summer time runs from the last Sunday of March to that of October, 01:00 UTC.

    Written out, because a time zone database is not at hand on every computer.
    """
    utc = moment.astimezone(UTC)
    begin, end = (_last_sunday(utc.year, month) for month in (3, 10))
    return (utc + timedelta(hours=1)).date() if begin <= utc < end else utc.date()


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def cycle_of(today: date) -> int:
    """The academic cycle in which a day lies."""
    return today.year if today.month >= 8 else today.year - 1


def start_day(document: Document) -> date | None:
    """The day that sets the cycle: the trainee start date, else the course start. None when it cannot be read."""
    fields = document.fields
    start = fields.get("trainee_start_date")
    return day(fields.get("itt_start_date") if is_blank(start) else start)


def cycle_of_document(document: Document, today: date | None = None) -> int | None:
    """The cycle that decides a trainee's money and list; without any start date that of a month after `today`."""
    start = start_day(document)
    if start is not None:
        return cycle_of(start)
    blank = is_blank(document.fields.get("trainee_start_date")) and is_blank(
        document.fields.get("itt_start_date")
    )
    return cycle_of(_next_month(today)) if blank and today is not None else None


def _next_month(today: date) -> date:
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(today.day, last.day))


@lru_cache(maxsize=64)
def cycle_label(cycle: int) -> str:
    """`2026 to 2027`."""
    return f"{cycle} to {cycle + 1}"


def known_cycles() -> range:
    """Cycles that Register defines."""
    raw = PACK.table("calendar")
    return range(raw["first_cycle"], raw["last_cycle"] + 1)


def census_day(cycle: int) -> date:
    """ITT census: the second Wednesday of October."""
    return _nth_weekday(cycle, 10, 2, 2)


def census_day_shown(cycle: int) -> date:
    """The census day by the service's own arithmetic: a week early in a year whose 1 October is a Sunday."""
    census = census_day(cycle)
    return census - timedelta(days=7) if date(cycle, 10, 1).weekday() == 6 else census


def sign_off_days(cycle: int) -> tuple[date, date]:
    """First and last day on which the new trainees of a cycle are signed off."""
    return date(cycle, 9, 1), date(cycle, 10, 31)


def performance_days(cycle: int) -> tuple[date, date]:
    """First and last day of the performance profile of a cycle: it lies in the cycle after it."""
    year = cycle + 2
    return _nth_weekday(year, 1, 0, 2), date(year, 3, 1) - timedelta(days=1)


def _nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def deadlines(today: date) -> Sequence[tuple[date, str]]:
    """(day, what) from a week ago to a year ahead, in order of time. Register itself shows the days that count."""
    found: list[tuple[date, str]] = []
    for cycle in range(cycle_of(today) - 1, cycle_of(today) + 3):
        label = cycle_label(cycle)
        opens, closes = sign_off_days(cycle)
        census, shown = census_day(cycle), census_day_shown(cycle)
        begins, ends = performance_days(cycle)
        found += [
            (opens, f"Sign-off of new trainees {label} opens"),
            (census, f"ITT census {label}: trainees who started by this day count"),
            (closes, f"Sign-off of new trainees {label} closes"),
            (begins, f"Performance profile {label} opens"),
            (ends, f"Performance profile {label} closes"),
        ]
        if shown != census:
            found.append((shown, f"ITT census {label}: Register may show this day, not {long_day(census)}"))
    near = (today - timedelta(days=7), today + timedelta(days=366))
    return sorted(entry for entry in found if near[0] <= entry[0] <= near[1])
