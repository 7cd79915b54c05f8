"""A small chart: bars on a line, and a word under each. What the bars are, each chart says itself."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.theme import colour, theme

_LEAST_WIDTH = 200


class BarChart(QWidget):
    """Not for the keyboard: its numbers stand in a table beside it. Sizes in pixels."""

    def __init__(self, name: str, size: QSize, under_gap: int, parent: QWidget | None = None) -> None:
        """`under_gap` = room between the bars and the words under them."""
        super().__init__(parent)
        self._size, self._under_gap = size, under_gap
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def paint_bars(self, painter: QPainter, room: int) -> float:
        """Draw the bars into the upper `room` pixels; how far down the line is on which they stand."""
        raise NotImplementedError

    def write_under(self, painter: QPainter, top: int, high: int) -> None:
        """Write the words under the bars."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:
        return self._size

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH, self._size.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("caption"))
        under = painter.fontMetrics().height() + 6
        room = self.height() - under - self._under_gap
        line = int(self.paint_bars(painter, room)) + 1
        painter.setPen(QPen(colour("line2"), 1))
        painter.drawLine(0, line, self.width(), line)
        painter.setPen(colour("ink3"))
        self.write_under(painter, room + 4, under)
        painter.end()
