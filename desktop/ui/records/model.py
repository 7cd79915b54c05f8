"""The records table's model: ordered keys from the store, rows read by the page when they are looked at.

A write elsewhere never resets it: `set_keys` goes from the old order to the new one in steps, so that the current
row, the place and the ticks stay. Ticks belong to records, not to rows, and survive every sort and search.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.model.ids import RecordId
from desktop.services.views import Row
from desktop.ui.records import order
from desktop.ui.records.columns import Column
from desktop.ui.records.rows import Fetch, RowCache

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The whole `Row`, for the delegate; None while it cannot be read."""
TICK_COLUMN = 0
GONE = "Removed"
"""In place of the name of a record that went while it was listed; the next reading takes the line away."""


class RecordsModel(QAbstractTableModel):
    """Columns: the tick, then `columns` in their order. GUI thread only."""

    ticks_changed = Signal()

    def __init__(self, columns: Sequence[Column], fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self._keys: list[int] = []
        self._cache = RowCache(fetch)
        self._ticked: set[int] = set()
        self._places: dict[int, int] | None = None
        self._shown_ticked: int | None = 0

    # --- what is listed

    @property
    def keys(self) -> Sequence[int]:
        return self._keys

    def row_at(self, position: int) -> Row | None:
        """The record on a line; None when there is none."""
        if not 0 <= position < len(self._keys):
            return None
        return self._cache.row(self._keys, position)

    def place_of(self, key: int) -> int | None:
        """The line on which a record stands; None when it is not listed."""
        if self._places is None:
            self._places = {k: place for place, k in enumerate(self._keys)}
        return self._places.get(key)

    def show_keys(self, keys: Iterable[int], rows: Iterable[Row] = ()) -> None:
        """Another question was asked: list these, from the top; `rows` are those that were read with them."""
        wanted = list(keys)
        self.beginResetModel()
        self._put(wanted)
        self._cache.forget()
        held = list(rows)
        self._cache.put(held, [row.key for row in held])
        self.endResetModel()

    def set_keys(self, keys: Iterable[int], steps: Sequence[order.Step] | None = None) -> bool:
        """The same question has a new answer. False when it took a reset, so that the view finds its place again.

        `steps` = the plan from the present keys to these, when it was made elsewhere already.
        """
        wanted = keys if isinstance(keys, list) else list(keys)
        if steps is None:
            steps = order.plan(self._keys, wanted)
        if steps is None:
            self.beginResetModel()
            self._put(wanted)
            self.endResetModel()
            return False
        for step in steps:
            self._take(step)
        return True

    def update_rows(self, rows: Iterable[Row], keys: Sequence[int]) -> None:
        """Newer content of some records, as read in the store lane."""
        self._cache.put(rows, keys)
        last = self.columnCount() - 1
        for key in keys:
            place = self.place_of(key)
            if place is not None:
                self.dataChanged.emit(self.index(place, 0), self.index(place, last))

    def forget_rows(self) -> None:
        """Too much changed to say what: read every row again when it is next shown."""
        self._cache.forget()
        if self._keys:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, self.columnCount() - 1))

    def keys_of(self, ids: Collection[RecordId]) -> list[int]:
        """Keys of those of these records that were looked at; the others have nothing to read again."""
        return self._cache.keys_of(ids)

    def _take(self, step: order.Step) -> None:
        match step:
            case order.Remove(first, last):
                self.beginRemoveRows(QModelIndex(), first, last)
                self._put(self._keys[:first] + self._keys[last + 1 :])
                self.endRemoveRows()
            case order.Insert(first, keys):
                self.beginInsertRows(QModelIndex(), first, first + len(keys) - 1)
                self._put(self._keys[:first] + keys + self._keys[first:])
                self.endInsertRows()
            case order.Permute(keys):
                self._permute(keys)

    def _permute(self, keys: list[int]) -> None:
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        held = [self._keys[index.row()] for index in old]
        self._put(keys)
        new = [
            self.index(self.place_of(key) or 0, index.column()) for key, index in zip(held, old, strict=True)
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _put(self, keys: list[int]) -> None:
        self._keys = keys
        self._places = None
        self._shown_ticked = None

    # --- ticks

    def is_ticked(self, position: int) -> bool:
        return self._keys[position] in self._ticked

    @property
    def ticked(self) -> frozenset[int]:
        """Keys of all ticked records, those not listed just now too."""
        return frozenset(self._ticked)

    def set_ticked(self, keys: Iterable[int], on: bool) -> None:
        """Tick or untick records."""
        before = len(self._ticked)
        if on:
            self._ticked.update(keys)
        else:
            self._ticked.difference_update(keys)
        if len(self._ticked) != before:
            self._ticks_moved()

    def clear_ticks(self) -> None:
        if self._ticked:
            self._ticked.clear()
            self._ticks_moved()

    def tick_state(self) -> Qt.CheckState:
        """For the box in the header: all shown, some, or none."""
        if not self._ticked:
            return Qt.CheckState.Unchecked
        if self._keys and self.shown_ticked() == len(self._keys):
            return Qt.CheckState.Checked
        return Qt.CheckState.PartiallyChecked

    def shown_ticked(self) -> int:
        """How many of the ticked records are listed just now."""
        if self._shown_ticked is None:
            self._shown_ticked = sum(1 for key in self._keys if key in self._ticked) if self._ticked else 0
        return self._shown_ticked

    def _ticks_moved(self) -> None:
        self._shown_ticked = None
        if self._keys:
            self.dataChanged.emit(
                self.index(0, 0),
                self.index(len(self._keys) - 1, self.columnCount() - 1),
                [Qt.ItemDataRole.CheckStateRole],
            )
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, TICK_COLUMN, TICK_COLUMN)
        self.ticks_changed.emit()

    def _cell(self, index: Index, role: int) -> Any:
        row = self._cache.row(self._keys, index.row())
        if role == ROW_ROLE:
            return row
        if index.column() == TICK_COLUMN:
            return self._tick_cell(index, row, role)
        column = self.columns[index.column() - 1]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row) if row else GONE if column.key == "label" else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return (column.hint(row) or column.text(row) or None) if row else None
        if role == Qt.ItemDataRole.AccessibleTextRole and row:
            return f"{column.title or column.menu_title}, {column.text(row) or 'not answered'}"
        return None

    def _tick_cell(self, index: Index, row: Row | None, role: int) -> Any:
        ticked = self._keys[index.row()] in self._ticked
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.label if row else 'Removed'}, {'selected' if ticked else 'not selected'}"
        return None

    # --- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 1 + len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self._cell(index, role) if index.isValid() else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or index.column() != TICK_COLUMN or role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.set_ticked([self._keys[index.row()]], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == TICK_COLUMN else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < self.columnCount():
            return None
        if section == TICK_COLUMN:
            return self._tick_header(role)
        column = self.columns[section - 1]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return column.menu_title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _tick_header(self, role: int) -> Any:
        state = self.tick_state()
        if role == Qt.ItemDataRole.CheckStateRole:
            return state
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            words = {
                Qt.CheckState.Unchecked: "none ticked",
                Qt.CheckState.PartiallyChecked: "partly ticked",
                Qt.CheckState.Checked: "all ticked",
            }
            return f"Select all shown, {words[state]}"
        return None
