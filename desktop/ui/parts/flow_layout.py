"""A layout that breaks its row of widgets into as many lines as the width needs."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLayoutItem, QWidget


class FlowLayout(QHBoxLayout):
    """Widgets one after the other, wrapped like words. A QHBoxLayout of chips would force the window wider.

    The items stay with Qt's own layout: those in a Python list can be taken for deleted, and that ends the program.
    """

    def __init__(self, parent: QWidget | None = None, spacing: int = 8) -> None:
        if parent is None:
            super().__init__()
        else:
            super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def shown_items(self) -> list[QLayoutItem]:
        """What takes room, in the order in which it stands."""
        found = (self.itemAt(place) for place in range(self.count()))
        return [item for item in found if not item.isEmpty()]

    def _arrange(self, area: QRect, *, place: bool) -> int:
        """Height that the items take in the width of `area`; puts them there when `place`."""
        left, top, tallest = area.x(), area.y(), 0
        for item in self.shown_items():
            hint = item.sizeHint()
            width = min(hint.width(), area.width())
            if left > area.x() and left + width > area.x() + area.width():
                left, top, tallest = area.x(), top + tallest + self.spacing(), 0
            if place:
                item.setGeometry(QRect(QPoint(left, top), QSize(width, hint.height())))
            left += width + self.spacing()
            tallest = max(tallest, hint.height())
        return top + tallest - area.y()

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, area: QRect) -> None:
        QLayout.setGeometry(self, area)  # a row would put them side by side
        self._arrange(area, place=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self.shown_items():
            size = size.expandedTo(item.minimumSize())
        return size
