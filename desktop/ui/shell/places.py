"""Where a window stands: as it stood last time, but always where it can be seen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.ui.shell.memory import Memory

USUAL = (1440, 900)
GRIP = 40
"""So much of the title bar must be on a screen that a hand can take hold of it."""


def restore(window: QWidget, memory: Memory) -> None:
    """Give a window its last place, or the usual size when it has none; back to a screen when its screen is gone."""
    place = memory.place("window")
    if place is None or not window.restoreGeometry(place):
        window.resize(*USUAL)
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    if place is not None and not window.isMaximized():
        window.setGeometry(visible(window.geometry(), screens, window.minimumSize().toTuple()))  # type: ignore[arg-type]


def visible(place: QRect, screens: Sequence[QRect], least: tuple[int, int]) -> QRect:
    """`place` when its top edge can be seen on one of the screens, else the middle of the first, no larger than it."""
    grip = QRect(place.left(), place.top(), place.width(), GRIP)
    for screen in screens:
        shown = screen.intersected(grip)
        if shown.width() >= GRIP and shown.height() >= GRIP // 2:
            return place
    if not screens:
        return place
    first = screens[0]
    size = place.size().boundedTo(first.size()).expandedTo(QRect(QPoint(), QPoint(*least)).size())
    found = QRect(first.topLeft(), size)
    found.moveCenter(first.center())
    return found
