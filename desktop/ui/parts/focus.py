"""The ring round what has the keyboard, where a style sheet cannot draw it."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from desktop.ui.theme import colour


def paint_focus(widget: QWidget, radius: int) -> None:
    """Over what the widget has painted, at the end of its paint event; nothing while it has not the keyboard."""
    if widget.hasFocus():
        painter = QPainter(widget)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("focus"), 2))
        painter.drawRoundedRect(QRectF(widget.rect()).adjusted(1, 1, -1, -1), radius, radius)
        painter.end()
