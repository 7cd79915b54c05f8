"""The months of the payment schedule: one bar each, whole when due, striped when still to come.

What is taken back hangs under the line.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from desktop.services.reconciling import MonthPaid
from desktop.ui.parts.bar_chart import BarChart
from desktop.ui.parts.readiness_bar import CONFIRMED, WAITING, paint_part
from desktop.ui.payments.said import months_words

SIZE = QSize(320, 150)
LEAST = 3
"""No sum that is there is lower than this, in pixels."""


class MonthsChart(BarChart):
    """The months in order of time, one bar each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Payments by month", SIZE, 4, parent)
        self._months: Sequence[MonthPaid] = ()

    def show_months(self, months: Sequence[MonthPaid]) -> None:
        """Draw these, in order of time."""
        self._months = tuple(months)
        self.setAccessibleDescription(months_words(months))
        self.update()

    def bars(self, width: float, room: float) -> list[QRectF]:
        """Where each month's bar stands; a sum below nothing hangs under the line. Empty for a month without money."""
        span, zero = self._scale(room)
        if not span:
            return [QRectF() for _ in self._months]
        step = width / len(self._months)
        found = []
        for place, month in enumerate(self._months):
            high = max(LEAST, room * abs(month.total_p) / span) if month.total_p else 0
            top = zero - high if month.total_p > 0 else zero
            found.append(QRectF(place * step + 3, top, max(4.0, step - 6), high))
        return found

    def paint_bars(self, painter: QPainter, room: int) -> float:
        for month, area in zip(self._months, self.bars(self.width(), room), strict=True):
            if not area.isEmpty():
                paint_part(painter, area, CONFIRMED if month.due else WAITING)
        return self._scale(room)[1]

    def _scale(self, room: float) -> tuple[int, float]:
        """(pence from the lowest sum to the highest, how far down nothing is)."""
        sums = [0, *(month.total_p for month in self._months)]
        span = max(sums) - min(sums)
        return span, room * max(sums) / span if span else room

    def write_under(self, painter: QPainter, top: int, high: int) -> None:
        step = self.width() / max(1, len(self._months))
        short = "%b" if painter.fontMetrics().horizontalAdvance("Mmm") < step else ""
        for place, month in enumerate(self._months):
            words = f"{month.first:{short}}" if short else f"{month.first:%b}"[0]
            area = QRectF(place * step, top, step, high)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), words)
