"""The line between here and the portal: whole with a tick, broken with a cross, dotted with a question mark.

Dotted without one it is the way of a person who carries it.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.theme import colour, theme

WIDTH, HEIGHT = 96, 20
STEP_MS = 120

_SAID = {
    "whole": "The line to the portal is whole",
    "broken": "The line to the portal is broken",
    "dotted": "The line to the portal is not known",
    "carried": "A person carries it to the portal",
    "sending": "Sending to the portal",
}


class LineWidget(QWidget):
    """Kinds: "whole", "broken", "dotted", "carried", "sending" (its dots move unless `still`)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind, self._key, self._step = "dotted", "check", 0
        self.still = False
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._on_step)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def kind(self) -> str:
        return self._kind

    def show_line(self, kind: str, key: str) -> None:
        """Draw a kind of line in the colour of a token."""
        self._kind, self._key = kind, key
        self.setAccessibleName(_SAID[kind])
        if kind == "sending" and not self.still:
            self._timer.start()
        else:
            self._timer.stop()
        self.update()

    def _on_step(self) -> None:
        self._step = (self._step + 1) % 8
        self.update()

    def _paint_middle(self, painter: QPainter, middle: QPointF) -> None:
        ink = colour(self._key)
        painter.setPen(QPen(ink, 2, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        x, y = middle.x(), middle.y()
        if self._kind == "whole":
            painter.setBrush(colour("surface"))
            painter.drawEllipse(middle, 8, 8)
            painter.drawPolyline(
                [QPointF(x - 3.5, y + 0.5), QPointF(x - 1, y + 3), QPointF(x + 3.5, y - 2.5)]
            )
        elif self._kind == "broken":
            painter.drawLine(QPointF(x - 5, y - 5), QPointF(x + 5, y + 5))
            painter.drawLine(QPointF(x - 5, y + 5), QPointF(x + 5, y - 5))
        elif self._kind == "dotted":
            font = theme().font("table", 600)
            painter.setFont(font)
            painter.drawText(QRectF(x - 8, y - 10, 16, 20), int(Qt.AlignmentFlag.AlignCenter), "?")

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = colour(self._key)
        y, width = self.height() / 2, self.width()
        pen = QPen(ink, 2)
        if self._kind == "broken":
            pen.setDashPattern([2.0, 2.0])
        elif self._kind in {"dotted", "carried", "sending"}:
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setDashPattern([0.1, 3.0])
            pen.setDashOffset(-self._step * 3.1 / 8 if self._kind == "sending" else 0.0)
        painter.setPen(pen)
        gap = 0 if self._kind in {"carried", "sending"} else 11
        painter.drawLine(QPointF(3, y), QPointF(width / 2 - gap, y))
        painter.drawLine(QPointF(width / 2 + gap, y), QPointF(width - 3, y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(QPointF(3, y), 3, 3)
        painter.drawEllipse(QPointF(width - 3, y), 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._paint_middle(painter, QPointF(width / 2, y))
        painter.end()
