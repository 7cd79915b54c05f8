"""The months of the payment schedule: one bar each, whole when due, striped when still to come.

What is taken back hangs under the line.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.services.reconciling import MonthPaid
from desktop.ui.parts.readiness_bar import CONFIRMED, WAITING, paint_part
from desktop.ui.payments.said import months_words
from desktop.ui.theme import colour, theme

HEIGHT = 150
LEAST = 3
"""No sum that is there is lower than this, in pixels."""


class MonthsChart(QWidget):
    """Not for the keyboard: its numbers stand in the table under it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._months: Sequence[MonthPaid] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Payments by month")

    def show_months(self, months: Sequence[MonthPaid]) -> None:
        """Draw these, in order of time."""
        self._months = tuple(months)
        self.setAccessibleDescription(months_words(months))
        self.update()

    def bars(self, width: float, room: float) -> list[QRectF]:
        """Where each month's bar stands; a sum below nothing hangs under the line. Empty for a month without money."""
        most = max((m.total_p for m in self._months), default=0)
        least = min((m.total_p for m in self._months), default=0)
        span = max(most, 0) - min(least, 0)
        if not span:
            return [QRectF() for _ in self._months]
        zero = room * max(most, 0) / span
        step = width / len(self._months)
        found = []
        for place, month in enumerate(self._months):
            high = max(LEAST, room * abs(month.total_p) / span) if month.total_p else 0
            top = zero - high if month.total_p > 0 else zero
            found.append(QRectF(place * step + 3, top, max(4.0, step - 6), high))
        return found

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("caption"))
        under = painter.fontMetrics().height() + 6
        room = self.height() - under - 4
        bars = self.bars(self.width(), room)
        for month, area in zip(self._months, bars, strict=True):
            if not area.isEmpty():
                paint_part(painter, area, CONFIRMED if month.due else WAITING)
        sums = [m.total_p for m in self._months]
        span = max([0, *sums]) - min([0, *sums])
        zero = room * max([0, *sums]) / span if span else room
        painter.setPen(QPen(colour("line2"), 1))
        painter.drawLine(0, int(zero) + 1, self.width(), int(zero) + 1)
        self._write_months(painter, room + 4, under)
        painter.end()

    def _write_months(self, painter: QPainter, top: float, high: float) -> None:
        painter.setPen(colour("ink3"))
        step = self.width() / max(1, len(self._months))
        short = "%b" if painter.fontMetrics().horizontalAdvance("Mmm") < step else ""
        for place, month in enumerate(self._months):
            words = f"{month.first:{short}}" if short else f"{month.first:%b}"[0]
            area = QRectF(place * step, top, step, high)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), words)
