"""A portal's last 24 hours: 72 bars of 20 minutes, low green = up, tall amber = down, half = trouble."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.parts.accessible_role import read_as
from desktop.ui.parts.text import Text
from desktop.ui.theme import colour
from desktop.ui.words import clock, span

BARS = 72
MINUTES = 20
HEIGHT = 28
_TALL = {"up": (0.30, "barOk"), "half": (0.58, "conflict"), "down": (1.0, "conflict"), "": (0.12, "line2")}


class DayBars(QWidget):
    """The bars alone. Oldest at the left; a click, or Enter, asks for the history."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Portal in the last 24 hours")
        read_as(self, QAccessible.Role.PushButton)
        self.setToolTip("Open the history of the portal")

    def show_marks(self, marks: tuple[str, ...]) -> None:
        """Draw marks "up", "half", "down" or "" (nothing known), oldest first."""
        self._marks = ("",) * max(0, BARS - len(marks)) + marks[-BARS:]
        down = sum(MINUTES for mark in self._marks if mark == "down")
        half = sum(MINUTES for mark in self._marks if mark == "half")
        parts = [
            f"down for about {span(down * 60)}" if down else "never down",
            f"trouble for about {span(half * 60)}" if half else "",
        ]
        self.setAccessibleDescription(", ".join(part for part in parts if part))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(BARS * 4, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(BARS * 2, HEIGHT)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        step = self.width() / BARS
        ratio = self.devicePixelRatioF()
        # One width for all bars, in whole pixels of the screen; the gaps take what is left.
        width = max(1.0, int((step - max(1.0, step * 0.25)) * ratio) / ratio)
        for place, mark in enumerate(self._marks):
            share, key = _TALL.get(mark, _TALL[""])
            height = max(2.0, share * self.height())
            left = round(place * step * ratio) / ratio
            painter.fillRect(QRectF(left, self.height() - height, width, height), colour(key))
        if self.hasFocus():
            painter.setPen(QPen(colour("focus"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()


class DayStrip(QWidget):
    """The bars with their times under them."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars = DayBars()
        self._begin, self._end = Text(role="caption"), Text("now", "caption")
        self._bars.opened.connect(self.opened)
        under = QHBoxLayout()
        under.addWidget(self._begin)
        under.addStretch(1)
        under.addWidget(self._end)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._bars)
        column.addLayout(under)

    def show_strip(self, marks: tuple[str, ...], now: datetime) -> None:
        """Draw a portal's marks up to now."""
        self._bars.show_marks(marks)
        self._begin.setText(f"{clock(now)} yesterday")
