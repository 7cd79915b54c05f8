"""Rows of a form inside a dialog: one below the other, scrolled when there is no room for all."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget


class RowsArea(QScrollArea):
    """The rows keep their height; what is left over stays free below them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.inner = QWidget()
        self.inner.setProperty("part", "scrolled")
        self._rows = QVBoxLayout(self.inner)
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.setSpacing(0)
        self._rows.addStretch(1)
        self.setWidget(self.inner)

    def set_spacing(self, pixels: int) -> None:
        """Between the rows."""
        self._rows.setSpacing(pixels)

    def add(self, row: QWidget, *, grows: bool = False) -> None:
        """Below those that are there. `grows` = it takes the height that is left over."""
        self._rows.insertWidget(self._rows.count() - 1, row, 100 if grows else 0)
