"""How wide the columns of the records table stand: as many as there is room for, the last takes what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHeaderView

from desktop.ui.records.columns import fitting
from desktop.ui.records.line_painter import TICK_WIDTH
from desktop.ui.records.model import TICK_COLUMN
from desktop.ui.theme import theme

if TYPE_CHECKING:
    from desktop.ui.records.table import RecordsTable

NAME_COLUMN = 1
_SPARE = 160
"""So much more than it needs the last column keeps, before the others grow too."""
_NARROWEST = 36
_SMALL_WINDOW = 640


class Widths(QObject):
    """`hidden` = columns a person put away; `drawn` = widths drawn by hand, by column, at text size 100 %."""

    changed = Signal()
    """A person drew a column wider or narrower."""

    def __init__(self, table: RecordsTable) -> None:
        super().__init__(table)
        self._table = table
        self._columns = table.records.columns
        self._head = table.head
        self._fitting = False
        self.hidden: frozenset[str] = frozenset()
        self.drawn: dict[str, int] = {}
        self._head.sectionResized.connect(self._on_section_resized)

    def set(self, hidden: frozenset[str], drawn: Mapping[str, int]) -> None:
        """Show the table so."""
        self.hidden, self.drawn = hidden, dict(drawn)
        self.fit()

    def shown(self) -> list[str]:
        """Keys of the columns on screen now, in order."""
        return [c.key for i, c in enumerate(self._columns, start=1) if not self._table.isColumnHidden(i)]

    def fit(self) -> None:
        """Fit the columns to the table's width."""
        if self._fitting:
            return
        self._fitting = True
        try:
            self._fit()
        finally:
            self._fitting = False

    def _fit(self) -> None:
        room = self._table.viewport().width() - TICK_WIDTH
        wanted = [c for c in self._columns if c.key not in self.hidden]
        shown = {c.key for c in fitting(wanted, room, theme().scale)}
        self._head.setSectionResizeMode(TICK_COLUMN, QHeaderView.ResizeMode.Fixed)
        self._head.resizeSection(TICK_COLUMN, TICK_WIDTH)
        scale = theme().scale
        widths = {c.key: self.drawn.get(c.key, c.width) for c in wanted if c.key in shown}
        over = max(0, sum(widths.values()) - room * 100 // scale)
        from_the_right = [c for c in reversed(wanted) if c.key in shown]
        for column in sorted(from_the_right, key=lambda c: c.drop == 0):  # name and sync give last
            give = min(over, max(0, widths[column.key] - column.narrowest))
            widths[column.key] -= give
            over -= give
        left, last = room, 0
        for section, column in enumerate(self._columns, start=1):
            self._table.setColumnHidden(section, column.key not in shown)
            if column.key not in shown:
                continue
            width = widths[column.key] * scale // 100
            self._head.setSectionResizeMode(section, QHeaderView.ResizeMode.Interactive)
            self._head.resizeSection(section, width)
            left, last = left - width, section
        if last and left > 0:
            self._spread(left, last)

    def _spread(self, left: int, last: int) -> None:
        """Give spare room to the name in a small window, to all columns alike in a large one, the rest to the last."""
        if self._table.viewport().width() < _SMALL_WINDOW:
            growing, share = [NAME_COLUMN], left // 2
        else:
            growing = [s for s in range(NAME_COLUMN, last) if not self._table.isColumnHidden(s)]
            share = max(0, left - _SPARE) // max(1, len(growing))
        for section in growing:
            size = self._head.sectionSize(section)
            more = share if len(growing) == 1 else min(share, size * 2 // 5)
            self._head.resizeSection(section, size + more)
            left -= more
        self._head.resizeSection(last, self._head.sectionSize(last) + left)

    def _on_section_resized(self, section: int, _old: int, new: int) -> None:
        if self._fitting or section == TICK_COLUMN or section > len(self._columns):
            return
        self.drawn[self._columns[section - 1].key] = max(_NARROWEST, new * 100 // theme().scale)
        self.changed.emit()
