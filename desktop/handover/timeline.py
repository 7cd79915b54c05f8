"""One day of outage as a drawing: amber while the portal could not be used, a mark for each try, a line for what waited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from desktop.handover import words
from desktop.handover.day_line import DayLine
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


class Timeline(Flowable):  # type: ignore[misc]  # the library ships no types
    """Draws a `DayLine` at a width in points."""

    def __init__(self, report: Evidence, day: date, width: float, look: Look) -> None:
        super().__init__()
        self.width, self.height = width, HEIGHT
        self._look, self._line = look, DayLine(report, day)

    def _x(self, at: datetime) -> float:
        return (self.width - _RIGHT) * self._line.share(at)

    def draw(self) -> None:
        canvas, look = self.canv, self._look
        top = HEIGHT - _TOP
        taken = -1.0
        for begin, end in self._line.bands:
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
        for place in sorted({round(self._x(at), 1) for at in self._line.marks}):
            canvas.line(place, _BASE - 2, place, _BASE - 7)
        self._draw_hours()

    def _draw_waiting(self, top: float) -> None:
        canvas, look = self.canv, self._look
        most = max(count for _, count in self._line.steps)
        if not most:
            return
        scale = (top - _BASE - 6) / most
        path = canvas.beginPath()
        last = self._line.steps[0][1]
        path.moveTo(0, _BASE + last * scale)
        for at, count in self._line.steps:
            path.lineTo(self._x(at), _BASE + last * scale)
            path.lineTo(self._x(at), _BASE + count * scale)
            last = count
        edge = self._x(self._line.edge)
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
        for at in self._line.hours():
            label = words.clock(at).replace(":00", "")
            half = stringWidth(label, look.plain, _LABEL_PT) / 2
            canvas.drawString(max(0.0, self._x(at) - half), _BASE - 18, label)
