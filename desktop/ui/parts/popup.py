"""Where a popup opens."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

_GAP = 4


def show_under(popup: QWidget, widget: QWidget) -> None:
    """Show it below a widget, or above where there is no room below; kept on the widget's screen."""
    popup.adjustSize()
    at = widget.mapToGlobal(QPoint(0, widget.height() + _GAP))
    area = widget.screen().availableGeometry()
    at.setX(max(area.left(), min(at.x(), area.right() - popup.width())))
    if at.y() + popup.height() > area.bottom():
        at.setY(max(area.top(), widget.mapToGlobal(QPoint(0, -_GAP)).y() - popup.height()))
    popup.move(at)
    popup.show()
