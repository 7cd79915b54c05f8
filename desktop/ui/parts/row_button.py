"""A button that looks like a row of words: several labels, one target, one name."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from desktop.ui.parts.card import RING


class RowButton(QPushButton):
    """Add labels to `row`; they let the mouse through. `name` is what a screen reader says,
    `least` its least height.
    """

    def __init__(self, name: str = "", least: int = 24, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least = least
        self.setProperty("kind", "row")
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(RING, 0, RING, 0)
        self.row.setSpacing(8)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """One more label at the right of those there."""
        widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.row.addWidget(widget, stretch)

    def sizeHint(self) -> QSize:
        return self.row.sizeHint().expandedTo(QSize(0, self._least))

    def minimumSizeHint(self) -> QSize:
        return self.row.minimumSize().expandedTo(QSize(0, self._least))
