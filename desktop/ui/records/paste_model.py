"""The rows that were pasted, as a table: a tick, what happens, who, then one column for each column of the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.services.importing import Plan
from desktop.services.pasted_columns import PastedColumn
from desktop.services.pasted_rows import Pasted, PastedCell, PastedRow, RowStatus, UnreadCell
from desktop.ui.words import CONFLICT, Look

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The whole `PastedRow`."""
CELL_ROLE = Qt.ItemDataRole.UserRole + 2
"""The `PastedCell` or `UnreadCell` of a place; None where nothing changes."""
SAME_ROLE = Qt.ItemDataRole.UserRole + 3
"""What stands quietly where nothing changes."""
SAME = "as it is"
TICK, STATUS, WHO, FIRST = 0, 1, 2, 3

STATUS_LOOKS = {
    RowStatus.MATCH: Look("Will change", "pencil-line", "waiting"),
    RowStatus.NEW: Look("New", "user-plus", "sending"),
    RowStatus.SAME: Look("Same already", "circle-check", "confirmed", quiet=True),
    RowStatus.CLASH: Look("Whose?", CONFLICT.icon, "conflict", filled=True),
    RowStatus.UNREADABLE: Look("Cannot be used", "circle-x", "refused", filled=True),
}
_HEADS = ("", "What happens", "Who")


class PasteModel(QAbstractTableModel):
    """50,000 rows are plain data in memory. `ticked` are the numbers of rows to save.

    `asks` = a person may say who a row is about.
    """

    ticks_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pasted = Pasted("", has_header=False, columns=(), rows=())
        self._rows: Sequence[PastedRow] = ()
        self._changed: set[int] = set()
        self._only: RowStatus | None = None
        self.ticked: set[int] = set()
        self.asks = False

    # --- what is shown

    def show_pasted(self, pasted: Pasted) -> None:
        """Another reading: all rows that can be saved are ticked."""
        self.beginResetModel()
        self._pasted = pasted
        self._changed = self._find_changed()
        self.asks = isinstance(pasted, Plan)
        self.ticked = {row.number for row in pasted.rows if row.can_be_saved}
        self._rows = self._wanted()
        self.endResetModel()
        self.ticks_changed.emit()

    def show_only(self, status: RowStatus | None) -> None:
        """Rows of one status; None = all."""
        self.beginResetModel()
        self._only = status
        self._rows = self._wanted()
        self.endResetModel()

    def _wanted(self) -> Sequence[PastedRow]:
        rows = self._pasted.rows
        return rows if self._only is None else [row for row in rows if row.status is self._only]

    @property
    def columns(self) -> Sequence[PastedColumn]:
        return self._pasted.columns

    def changed_columns(self) -> set[int]:
        """Places (from 0) of the columns in which anything changes or cannot be read."""
        return self._changed

    def _find_changed(self) -> set[int]:
        """Ends early: in a sheet of 50,000 rows the first few hundred usually tell."""
        left = {column.field: n for n, column in enumerate(self.columns) if column.use == "field"}
        found: set[int] = set()
        for row in self._pasted.rows:
            if not left:
                break
            said = (*(cell.field for cell in row.cells), *(cell.field for cell in row.unread))
            found.update(left.pop(field) for field in said if field in left)
        return found

    def _same(self, row: PastedRow, column: int) -> str:
        """Only where the column is an answer, and the row is about somebody who is here."""
        known = row.status in {RowStatus.MATCH, RowStatus.SAME, RowStatus.UNREADABLE} and row.record_id
        return SAME if known and column >= FIRST and self.columns[column - FIRST].use == "field" else ""

    def row_at(self, place: int) -> PastedRow:
        return self._rows[place]

    def toggle(self, places: Sequence[int]) -> None:
        """Tick rows that can be saved, or untick them when all of these are ticked."""
        able = [self._rows[place].number for place in places if self._rows[place].can_be_saved]
        if not able:
            return
        if self.ticked.issuperset(able):
            self.ticked.difference_update(able)
        else:
            self.ticked.update(able)
        last = self.columnCount() - 1
        self.dataChanged.emit(self.index(min(places), 0), self.index(max(places), last))
        self.ticks_changed.emit()

    def tick_state(self) -> Qt.CheckState:
        """Of the rows shown that can be saved: all, some, or none."""
        able = {row.number for row in self._rows if row.can_be_saved}
        chosen = len(able & self.ticked)
        if not chosen:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.Checked if chosen == len(able) else Qt.CheckState.PartiallyChecked

    # --- cells

    def cell_at(self, row: PastedRow, column: int) -> PastedCell | UnreadCell | None:
        """What a row says in a column, when it says something new or something that cannot be read."""
        known = self._pasted.columns[column - FIRST]
        if known.use != "field":
            return None
        cells: tuple[PastedCell | UnreadCell, ...] = (*row.unread, *row.cells)
        return next((cell for cell in cells if cell.field == known.field), None)

    def _text(self, row: PastedRow, column: int) -> str:
        if column == STATUS:
            return STATUS_LOOKS[row.status].word
        if column == WHO:
            return row.label
        if column < FIRST:
            return ""
        cell = self.cell_at(row, column)
        if isinstance(cell, UnreadCell):
            return cell.text
        if cell is None:
            return ""
        return cell.new_words or "Emptied"

    def _hint(self, row: PastedRow, column: int) -> str:
        """The whole story of a cell, in words: for the tooltip, the line under the table and screen readers."""
        if column in {STATUS, WHO}:
            others = ", ".join(name for _, name in row.candidates)
            return " ".join(part for part in (row.why, others) if part)
        if column < FIRST:
            return ""
        cell = self.cell_at(row, column)
        if isinstance(cell, UnreadCell):
            return f"{cell.label}: “{cell.text}” cannot be read. {cell.why}"
        if cell is None:
            return ""
        before = cell.old_words or "not answered"
        return f"{cell.label}: {before} becomes {cell.new_words or 'empty'}"

    def said(self, place: int, column: int) -> str:
        """One line about a cell; about the row where the cell itself has nothing to say."""
        row = self._rows[place]
        look = STATUS_LOOKS[row.status].word
        about = self._hint(row, column) or row.why
        return f"Row {row.number}, {row.label or 'no name'}. {look}. {about}".strip()

    # --- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else FIRST + len(self._pasted.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if role == ROW_ROLE:
            return row
        if role == CELL_ROLE:
            return self.cell_at(row, column) if column >= FIRST else None
        if role == SAME_ROLE:
            return self._same(row, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._hint(row, column) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, column)
        if role == Qt.ItemDataRole.CheckStateRole and column == TICK:
            return Qt.CheckState.Checked if row.number in self.ticked else Qt.CheckState.Unchecked
        return None

    def _spoken(self, row: PastedRow, column: int) -> str:
        if column == TICK:
            if not row.can_be_saved:
                return f"{row.label}, cannot be saved"
            return f"{row.label}, {'will be saved' if row.number in self.ticked else 'left out'}"
        return self._hint(row, column) or self._text(row, column) or SAME

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        told = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if orientation != Qt.Orientation.Horizontal or role not in (*told, Qt.ItemDataRole.ToolTipRole):
            return None
        if section < FIRST:
            return _HEADS[section] if role != Qt.ItemDataRole.ToolTipRole else None
        column = self._pasted.columns[section - FIRST]
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.why or None
        return use_words(column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


def use_words(column: PastedColumn) -> str:
    """What a column is used for."""
    if column.use == "field":
        return column.label
    if column.use == "key":
        return f"{column.label or column.heading}, tells who it is"
    return "Left out"
