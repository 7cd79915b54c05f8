"""The steps of the set-up at the left: a tick for what is done, a number for the rest, and what was answered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.ui.icons import mark, paint_icon, set_icon
from desktop.ui.parts.card import clear, row
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.theme import colour, scaled, theme

WIDTH = 280
SIDE = 20


class _Number(QWidget):
    """A tick, or the number of a step; filled for the present one."""

    def __init__(self, number: int, *, done: bool, now: bool) -> None:
        super().__init__()
        self._number, self._done, self._now = number, done, now
        self.setFixedSize(SIDE, SIDE)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._done:
            paint_icon(painter, "circle-check", "confirmed", self.rect())
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour("accent" if self._now else "control"), 1))
            painter.setBrush(colour("accent") if self._now else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
            painter.setPen(colour("onAccent" if self._now else "ink2"))
            painter.setFont(theme().font("caption", 600))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), str(self._number))
        painter.end()


class StepList(QFrame):
    """Only looked at; the buttons below lead from step to step."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "steps")
        self._mark = QLabel()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(16)
        lock = Text()
        set_icon(lock, "lock", "ink3")
        foot = row(spacing=10)
        foot.addWidget(lock, 0, Qt.AlignmentFlag.AlignTop)
        safe = "Everything is kept on this computer, encrypted. Nothing is sent until you say so."
        foot.addWidget(Text(safe, "caption", wrap=True), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 28, 24, 24)
        column.setSpacing(28)
        column.addLayout(self._head())
        column.addLayout(self._rows)
        column.addStretch(1)
        column.addLayout(foot)
        theme().changed.connect(self._fit)
        self._fit()

    def _head(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text("Holdfast", "section"))
        words.addWidget(Text("Set up, about 5 minutes", "caption"))
        head = row(self._mark, spacing=12)
        head.addLayout(words, 1)
        return head

    def show_steps(self, steps: Sequence[tuple[str, str]], current: int) -> None:
        """(name, what was answered) of each step, and which of them is shown now."""
        clear(self._rows)
        for number, (name, caption) in enumerate(steps):
            done, now = number < current, number == current
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(Text(name, "body", "" if done or now else "ink2", 600 if now else 500))
            if caption and done:
                words.addWidget(ElidedLabel(caption, "caption"))
            line = row(spacing=12)
            line.addWidget(_Number(number + 1, done=done, now=now), 0, Qt.AlignmentFlag.AlignTop)
            line.addLayout(words, 1)
            self._rows.addLayout(line)

    def _fit(self) -> None:
        self._mark.setPixmap(mark(36, self.devicePixelRatioF()))
        self.setFixedWidth(scaled(WIDTH))
