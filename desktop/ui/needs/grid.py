"""A grid with thin lines and one tinted column: the ground of the conflict and duplicate screens."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.icons import set_icon
from desktop.ui.parts.card import Card
from desktop.ui.parts.text import Text
from desktop.ui.theme import colour


class Cell(QWidget):
    """Words in a cell: a line, and one below it in small. An icon before both when there is one."""

    def __init__(
        self,
        text: str,
        below: str = "",
        *,
        role: str = "body",
        weight: int = 0,
        tone: str = "",
        icon: str = "",
        ink: str = "ink2",
    ) -> None:
        super().__init__()
        self.text = Text(text, role, tone, weight, wrap=True)
        self.below = Text(below, "caption", wrap=True)
        if not below:
            self.below.hide()
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(1)
        words.addWidget(self.text)
        words.addWidget(self.below)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 9, 12, 9)
        row.setSpacing(8)
        if icon:
            picture = Text()
            set_icon(picture, icon, ink, 16)
            row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)


class GridCard(Card):
    """Cells through `put`. `tint` names the column that is chosen, -1 for none; lines follow the cells."""

    def __init__(self) -> None:
        super().__init__("plain", 0)
        self.grid = QGridLayout()
        self.grid.setContentsMargins(1, 1, 1, 1)
        self.grid.setSpacing(0)
        self.body.addLayout(self.grid)
        self._tint = -1
        self._tint_from = 0

    def put(self, widget: QWidget, row: int, column: int, *, rows: int = 1, columns: int = 1) -> None:
        """Place a cell."""
        self.grid.addWidget(widget, row, column, rows, columns)

    def set_tint(self, column: int, from_row: int = 0) -> None:
        """Tint a column from a row downwards."""
        self._tint, self._tint_from = column, from_row
        self.update()

    def _cells(self) -> dict[int, dict[int, QRect]]:
        """Row -> column -> area of what is shown; a cell over the whole row stands alone in column 0.

        Asked of the widgets, because `cellRect` knows no heights where words are wrapped.
        """
        found: dict[int, dict[int, QRect]] = {}
        for number in range(self.grid.count()):
            item = self.grid.itemAt(number)
            widget = item.widget() if item else None
            if widget is not None and not widget.isHidden():
                place: tuple[int, int, int, int] = self.grid.getItemPosition(number)  # type: ignore[assignment]
                found.setdefault(place[0], {})[place[1]] = widget.geometry()
        return dict(sorted(found.items()))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        rows = self._cells()
        for row, cells in rows.items():
            top = min(area.top() for area in cells.values())
            bottom = max(area.bottom() for area in cells.values())
            for column, area in cells.items():
                whole = QRect(area.left(), top, area.width(), bottom - top + 1)
                if column == self._tint and row >= self._tint_from and len(cells) > 1:
                    painter.fillRect(whole, colour("accentSoft"))
                if column:
                    painter.fillRect(QRect(whole.left(), top, 1, whole.height()), colour("line"))
            if row != list(rows)[-1]:
                painter.fillRect(QRect(1, bottom, self.width() - 2, 1), colour("line"))
        painter.end()
