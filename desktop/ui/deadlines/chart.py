"""Readiness over the last days: one bar a day in the patterns of the readiness bar, so that it reads without colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from desktop.services.deadlines import DayReady
from desktop.ui.deadlines.statement import chart_words
from desktop.ui.parts.bar_chart import BarChart
from desktop.ui.parts.readiness_bar import CONFIRMED, DRAFTS, NEEDS_YOU, WAITING, paint_part
from desktop.ui.words import short_date

SIZE = QSize(300, 168)
LEAST = 6
"""No part that is there is lower than this, in pixels."""


class ReadinessChart(BarChart):
    """The days, oldest at the left; every bar in up to four parts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Readiness in the last 14 days", SIZE, 2, parent)
        self._days: Sequence[DayReady] = ()

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

    def paint_bars(self, painter: QPainter, room: int) -> float:
        step = self.width() / max(1, len(self._days))
        for place, day in enumerate(self._days):
            bottom = float(room)
            for kind, high in self.heights(day, room):
                area = QRectF(place * step + 2, bottom - high, max(4.0, step - 4), max(2.0, high - 1))
                paint_part(painter, area, kind)
                bottom -= high
        return room

    def write_under(self, painter: QPainter, top: int, high: int) -> None:
        if not self._days:
            return
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
