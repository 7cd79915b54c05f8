"""Days between which a date must lie, worked out for one day. Source: domain pack 3.4.

A window that was open when an answer was typed may be closed on the day on which it is entered at the portal, so nothing
here is kept: rules and sheets ask again with the day that counts.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from desktop.collections.reading import years_before

YOUNGEST, OLDEST = 18, 100
MONTHS_AHEAD = 4


@lru_cache(maxsize=512)
def months_after(today: date, months: int) -> date:
    """The same day so many months later; the last day of the month where it has no such day."""
    year, month = divmod(today.month - 1 + months, 12)
    first = date(today.year + year, month + 1, 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(today.day, (after - timedelta(days=1)).day))


def birth(today: date) -> tuple[date, date]:
    """Earliest and latest date of birth."""
    return years_before(today, OLDEST), years_before(today, YOUNGEST)


def latest(today: date) -> date:
    """The last day that a leaving, or the start of someone registered elsewhere, may have: four months ahead."""
    return months_after(today, MONTHS_AHEAD)


def first_with(day: date) -> date:
    """The first day on which `latest` has come to `day`: four months before it."""
    about = day - timedelta(days=31 * MONTHS_AHEAD)
    return next(one for n in range(12) if latest(one := about + timedelta(days=n)) >= day)


def first_after(started: date) -> date:
    """The first day that may follow the beginning of a period: it must be later than the day after it began."""
    return started + timedelta(days=2)
