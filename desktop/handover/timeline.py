"""One day of outage as a drawing: amber while the portal could not be used, a mark for each try, a line for what waited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from desktop.handover import words
from desktop.model.evidence import Evidence

HEIGHT = 74
_TOP, _BASE = 14, 24
_RIGHT = 30
_LABEL_PT = 7.5


@dataclass(frozen=True)
class Look:
    """Fonts and colours."""

    plain: str
    bold: str
    ink: str
    ink2: str
    line: str
    accent: str
    amber: str
    tint: str


def days_of(report: Evidence) -> list[date]:
    """The days on which something could not be used, in order."""
    found: set[date] = set()
    for spell in report.spells:
        one, last = spell.begin.date(), (spell.end or report.written).date()
        while one <= last:
            found.add(one)
            one += timedelta(days=1)
    return sorted(found)


class Timeline(Flowable):  # type: ignore[misc]  # the library ships no types
    """Draws from an hour before the first outage of the day to an hour after the last, or after the last confirmation."""

    def __init__(self, report: Evidence, day: date, width: float, look: Look) -> None:
        super().__init__()
        self.width, self.height = width, HEIGHT
        self._look = look
        zone = report.written.tzinfo
        midnight = datetime.combine(day, time(), zone)
        after = datetime.combine(day + timedelta(days=1), time(), zone)
        self._bands = [
            (max(s.begin, midnight), min(s.end or report.written, after))
            for s in report.spells
            if s.begin < after and (s.end or report.written) >= midnight
        ]
        self._marks = [a.at for a in report.attempts if midnight <= a.at < after]
        moments = [m for c in report.changes for m in (c.settled,) if m and midnight <= m < after]
        begin = min(b for b, _ in self._bands) - timedelta(minutes=30)
        end = max([e for _, e in self._bands] + moments) + timedelta(minutes=30)
        self._begin = max(midnight, _floor(begin))
        self._end = min(after, _floor(end) + timedelta(hours=1))
        self._written = report.written
        self._steps = self._waiting(report)

    def _waiting(self, report: Evidence) -> list[tuple[datetime, int]]:
        """(since when, how many) from the left edge on."""
        steps: dict[datetime, int] = {self._begin: 0}
        for change in report.changes:
            ready = change.ready or change.saved
            for at, one in ((ready, 1), (change.settled, -1)):
                if at is not None and at < self._end:
                    place = max(at, self._begin)
                    steps[place] = steps.get(place, 0) + one
        count, told = 0, []
        for at in sorted(steps):
            count = max(0, count + steps[at])
            told.append((at, count))
        return told

    def _x(self, at: datetime) -> float:
        whole = (self._end - self._begin).total_seconds()
        return (self.width - _RIGHT) * (at - self._begin).total_seconds() / whole

    def draw(self) -> None:
        canvas, look = self.canv, self._look
        top = HEIGHT - _TOP
        taken = -1.0
        for begin, end in self._bands:
            left, wide = self._x(begin), max(1.5, self._x(end) - self._x(begin))
            canvas.setFillColor(HexColor(look.tint))
            canvas.rect(left, _BASE, wide, top - _BASE + 2, stroke=0, fill=1)
            label = f"{words.clock(begin)} to {words.clock(end)}"
            size = stringWidth(label, look.bold, _LABEL_PT)
            at = max(0.0, min(left, self.width - size))
            if at > taken:
                canvas.setFillColor(HexColor(look.amber))
                canvas.setFont(look.bold, _LABEL_PT)
                canvas.drawString(at, top + 5, label)
                taken = at + size + 8
        self._draw_waiting(top)
        canvas.setStrokeColor(HexColor(look.line))
        canvas.setLineWidth(0.8)
        canvas.line(0, _BASE, self.width - _RIGHT, _BASE)
        canvas.setStrokeColor(HexColor(look.amber))
        for place in sorted({round(self._x(at), 1) for at in self._marks}):
            canvas.line(place, _BASE - 2, place, _BASE - 7)
        self._draw_hours()

    def _draw_waiting(self, top: float) -> None:
        canvas, look = self.canv, self._look
        most = max(count for _, count in self._steps)
        if not most:
            return
        scale = (top - _BASE - 6) / most
        path = canvas.beginPath()
        last = self._steps[0][1]
        path.moveTo(0, _BASE + last * scale)
        for at, count in self._steps:
            path.lineTo(self._x(at), _BASE + last * scale)
            path.lineTo(self._x(at), _BASE + count * scale)
            last = count
        edge = self._x(min(self._end, self._written))
        path.lineTo(edge, _BASE + last * scale)
        canvas.setStrokeColor(HexColor(look.accent))
        canvas.setLineWidth(1.3)
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.setFillColor(HexColor(look.accent))
        canvas.setFont(look.bold, 8.5)
        canvas.drawString(edge + 4, _BASE + last * scale - 3, f"{last:,}")

    def _draw_hours(self) -> None:
        canvas, look = self.canv, self._look
        canvas.setFont(look.plain, _LABEL_PT)
        canvas.setFillColor(HexColor(look.ink2))
        hours = round((self._end - self._begin).total_seconds() / 3600)
        step = next((n for n in (1, 2, 3, 4, 6) if hours / n <= 8), 6)
        at = self._begin
        while at <= self._end:
            label = words.clock(at).replace(":00", "")
            half = stringWidth(label, look.plain, _LABEL_PT) / 2
            canvas.drawString(max(0.0, self._x(at) - half), _BASE - 18, label)
            at += timedelta(hours=step)


def _floor(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
