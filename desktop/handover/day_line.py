"""One day of outage as points in time: when a portal could not be used, each try, and how many changes waited."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from desktop.model.evidence import Evidence


class DayLine:
    """From an hour before the first outage of the day to an hour after the last, or after the last confirmation.

    bands   (from, to) of each outage;  marks = the moment of each try
    steps   (since when, how many waited), from `begin` on
    edge    up to where the line is known: no further than when the report was written
    """

    def __init__(self, report: Evidence, day: date) -> None:
        zone = report.written.tzinfo
        midnight = datetime.combine(day, time(), zone)
        after = datetime.combine(day + timedelta(days=1), time(), zone)
        self.bands = [
            (max(s.begin, midnight), min(s.end or report.written, after))
            for s in report.spells
            if s.begin < after and (s.end or report.written) >= midnight
        ]
        self.marks = [a.at for a in report.attempts if midnight <= a.at < after]
        moments = [m for c in report.changes for m in (c.settled,) if m and midnight <= m < after]
        begin = min(b for b, _ in self.bands) - timedelta(minutes=30)
        end = max([e for _, e in self.bands] + moments) + timedelta(minutes=30)
        self.begin = max(midnight, _floor(begin))
        self.end = min(after, _floor(end) + timedelta(hours=1))
        self.edge = min(self.end, report.written)
        self.steps = self._waiting(report)

    def _waiting(self, report: Evidence) -> list[tuple[datetime, int]]:
        steps: dict[datetime, int] = {self.begin: 0}
        for change in report.changes:
            ready = change.ready or change.saved
            for at, one in ((ready, 1), (change.settled, -1)):
                if at is not None and at < self.end:
                    place = max(at, self.begin)
                    steps[place] = steps.get(place, 0) + one
        count, told = 0, []
        for at in sorted(steps):
            count = max(0, count + steps[at])
            told.append((at, count))
        return told

    def share(self, at: datetime) -> float:
        """Where a moment is, from 0 (begin) to 1 (end)."""
        return (at - self.begin).total_seconds() / (self.end - self.begin).total_seconds()

    def hours(self) -> list[datetime]:
        """The moments to be named below the line, at most nine."""
        hours = round((self.end - self.begin).total_seconds() / 3600)
        step = next((n for n in (1, 2, 3, 4, 6) if hours / n <= 8), 6)
        return [self.begin + timedelta(hours=n) for n in range(0, hours + 1, step)]


def days_of(report: Evidence) -> list[date]:
    """The days on which something could not be used, in order."""
    found: set[date] = set()
    for spell in report.spells:
        one, last = spell.begin.date(), (spell.end or report.written).date()
        while one <= last:
            found.add(one)
            one += timedelta(days=1)
    return sorted(found)


def _floor(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
