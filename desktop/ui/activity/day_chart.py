"""One day of outage drawn: amber while the portal could not be used, a mark for each try, a line for what waited."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.handover import words
from desktop.handover.day_line import DayLine
from desktop.ui.theme import colour, scaled, theme

HEIGHT, TOP, FOOT, RIGHT, MARK = 116, 6, 28, 40, 6


class DayChart(QWidget):
    """Only looked at; its numbers stand as text around it, and in its description."""

    def __init__(self) -> None:
        super().__init__()
        self._line: DayLine | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Changes waiting through the day")

    def show_day(self, line: DayLine) -> None:
        """Draw that day."""
        self._line = line
        out = words.listed([f"from {words.clock(a)} to {words.clock(b)}" for a, b in line.bands])
        most = max(many for _, many in line.steps)
        self.setAccessibleDescription(
            f"No usable answer {out}. {words.count(len(line.marks), 'failed try', 'failed tries')}; "
            f"at most {words.count(most, 'change')} waited."
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(scaled(320), scaled(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._line is None:
            return
        painter = QPainter(self)
        painter.setFont(theme().font("caption", 400))
        base = self.height() - scaled(FOOT)
        self._paint_bands(painter, self._line, base)
        self._paint_waiting(painter, self._line, base)
        self._paint_hours(painter, self._line, base)
        painter.end()

    def _x(self, at: datetime) -> float:
        assert self._line is not None
        return (self.width() - scaled(RIGHT)) * self._line.share(at)

    def _paint_bands(self, painter: QPainter, line: DayLine, base: int) -> None:
        for begin, end in line.bands:
            left = self._x(begin)
            painter.fillRect(
                QRectF(left, TOP, max(2.0, self._x(end) - left), base - TOP), colour("conflictTint")
            )
        painter.setPen(QPen(colour("line2"), 1))
        painter.drawLine(QPointF(0, base), QPointF(self.width() - scaled(RIGHT), base))
        painter.setPen(QPen(colour("conflict"), 2))
        for place in sorted({round(self._x(at)) for at in line.marks}):
            painter.drawLine(QPointF(place, base + 2), QPointF(place, base + 2 + MARK))

    def _paint_waiting(self, painter: QPainter, line: DayLine, base: int) -> None:
        most = max(many for _, many in line.steps)
        if not most:
            return
        scale = (base - TOP - 12) / most
        last = line.steps[0][1]
        path = QPolygonF([QPointF(0, base - last * scale)])
        for at, many in line.steps:
            path.append(QPointF(self._x(at), base - last * scale))
            path.append(QPointF(self._x(at), base - many * scale))
            last = many
        end = QPointF(self._x(line.edge), base - last * scale)
        path.append(end)
        painter.setPen(QPen(colour("accent"), 2))
        painter.drawPolyline(path)
        painter.setPen(colour("link"))
        painter.setFont(theme().font("caption", 600))
        painter.drawText(end + QPointF(6, painter.fontMetrics().ascent() / 2), f"{last:,}")

    def _paint_hours(self, painter: QPainter, line: DayLine, base: int) -> None:
        painter.setPen(colour("ink2"))
        painter.setFont(theme().font("caption", 400))
        metrics = painter.fontMetrics()
        taken = -1.0
        for at in line.hours():
            label = words.clock(at).replace(":00", "")
            wide = metrics.horizontalAdvance(label)
            left = max(0.0, self._x(at) - wide / 2)
            if left > taken:
                area = QRectF(left, base + MARK + 4, wide + 2, metrics.height())
                painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft), label)
                taken = left + wide + 8
