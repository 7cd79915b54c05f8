"""The ground of long pages: one scroll area, page margins, and a content width that stops growing at 1680."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.ui import tokens

WIDEST = 1680
NARROW = 752
MEDIUM = 1052


class _Inner(QWidget):
    """Its least height is what its width asks for: wrapped labels report the height of their narrowest form."""

    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        layout = self.layout()
        tall = layout is None or not layout.hasHeightForWidth()
        return size if tall else QSize(size.width(), 0)


class ScrollPage(QScrollArea):
    """Add to `column`. Scrolls up and down only; never put one inside another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inner = _Inner()
        self._inner.setProperty("part", "scrolled")
        self.column = QVBoxLayout(self._inner)
        self.column.setSpacing(tokens.CARD_GAP)
        self.setWidget(self._inner)
        self._fit()

    def add_limited(self, part: QWidget) -> None:
        """Add a part with a maximum width.

        In the column itself its wrapped words would get the height that they need at the column's width: too little.
        """
        across = QHBoxLayout()
        across.addWidget(part, 1)
        across.addStretch(0)
        self.column.addLayout(across)

    def _fit(self) -> None:
        margin = tokens.PAGE_MARGIN if self.width() >= NARROW else 12
        side = margin + max(0, (self.width() - 2 * margin - WIDEST) // 2)
        self.column.setContentsMargins(side, margin - 4 if margin > 12 else margin, side, margin)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)
