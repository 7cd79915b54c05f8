"""Readiness over the last days: one bar a day in the patterns of the readiness bar, so that it reads without colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.services.deadlines import DayReady
from desktop.ui.deadlines.statement import chart_words
from desktop.ui.parts.readiness_bar import CONFIRMED, DRAFTS, NEEDS_YOU, WAITING, paint_part
from desktop.ui.theme import colour, theme
from desktop.ui.words import short_date

HEIGHT = 168
LEAST = 6
"""No part that is there is lower than this, in pixels."""


class ReadinessChart(QWidget):
    """Not for the keyboard: its numbers stand in the table beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: Sequence[DayReady] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Readiness in the last 14 days")

    def show_days(self, days: Sequence[DayReady]) -> None:
        """Draw these, oldest first."""
        self._days = tuple(days)
        self.setAccessibleDescription(chart_words(days))
        self.update()

    def heights(self, day: DayReady, room: float) -> list[tuple[str, float]]:
        """The parts of one day's bar from the bottom, in pixels, as painted."""
        most = max((sum(_numbers(d).values()) for d in self._days), default=0)
        numbers = {kind: many for kind, many in _numbers(day).items() if many}
        if not most or not numbers:
            return []
        whole = room * sum(numbers.values()) / most
        small = {kind for kind, many in numbers.items() if whole * many / sum(numbers.values()) < LEAST}
        left = whole - LEAST * len(small)
        rest = sum(many for kind, many in numbers.items() if kind not in small) or 1
        return [
            (kind, float(LEAST) if kind in small else left * many / rest) for kind, many in numbers.items()
        ]

    def sizeHint(self) -> QSize:
        return QSize(300, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("caption"))
        under = painter.fontMetrics().height() + 6
        room = self.height() - under - 2
        step = self.width() / max(1, len(self._days))
        for place, day in enumerate(self._days):
            bottom = float(room)
            for kind, high in self.heights(day, room):
                area = QRectF(place * step + 2, bottom - high, max(4.0, step - 4), max(2.0, high - 1))
                paint_part(painter, area, kind)
                bottom -= high
        painter.setPen(QPen(colour("line2"), 1))
        painter.drawLine(0, room + 1, self.width(), room + 1)
        self._write_days(painter, room + 4, under)
        painter.end()

    def _write_days(self, painter: QPainter, top: float, high: float) -> None:
        if not self._days:
            return
        painter.setPen(colour("ink3"))
        middle = len(self._days) // 2
        shift = (middle + 0.5) * self.width() / len(self._days) - self.width() / 2
        for words, side, left in (
            (short_date(self._days[0].day), Qt.AlignmentFlag.AlignLeft, 2.0),
            (short_date(self._days[middle].day), Qt.AlignmentFlag.AlignHCenter, shift),
            ("Now", Qt.AlignmentFlag.AlignRight, -2.0),
        ):
            area = QRectF(left, top, self.width(), high)
            painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), words)


def _numbers(day: DayReady) -> dict[str, int]:
    return {CONFIRMED: day.confirmed, WAITING: day.waiting, DRAFTS: day.drafts, NEEDS_YOU: day.needs_you}
