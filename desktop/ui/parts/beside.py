"""Two cards beside each other, or one under the other where the window is narrow."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.ui.parts.card import Card


class Beside(QWidget):
    """Two cards beside each other, or one under the other."""

    def __init__(self, left: Card, right: Card, gap: int) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(gap)
        self._row.addWidget(left, 1)
        self._row.addWidget(right, 1)

    def set_narrow(self, narrow: bool) -> None:
        """Stand under each other."""
        self._row.setDirection(
            QHBoxLayout.Direction.TopToBottom if narrow else QHBoxLayout.Direction.LeftToRight
        )
