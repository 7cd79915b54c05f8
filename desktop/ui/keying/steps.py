"""Where one is on a sheet, drawn: a small bar for each page. Its words stand beside it as text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.theme import colour

_GAP, _HEIGHT = 4, 6
DONE, HERE, TO_COME = "done", "here", "to_come"
_COLOURS = {DONE: "barOk", HERE: "accent", TO_COME: "line2"}


class Steps(QWidget):
    """`show_steps` takes one of DONE, HERE, TO_COME for each page. The open page's bar is twice as high."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: Sequence[str] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_steps(self, steps: Sequence[str]) -> None:
        self._steps = steps
        done = sum(step == DONE for step in steps)
        self.setAccessibleName(f"{done} of {len(steps)} pages typed")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 2 * _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._steps:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width = max(2.0, (self.width() - _GAP * (len(self._steps) - 1)) / len(self._steps))
        for number, step in enumerate(self._steps):
            high = 2 * _HEIGHT if step == HERE else _HEIGHT
            painter.setBrush(colour(_COLOURS[step]))
            left, top = number * (width + _GAP), (self.height() - high) / 2
            painter.drawRoundedRect(QRectF(left, top, width, high), 3, 3)
        painter.end()
