"""The records table's model: ordered keys from the store, rows asked for by the page when they are looked at.

It never waits for a row: what was not read yet is a placeholder, `rows_wanted` asks for its page, and `update_rows`
brings it. A write elsewhere never resets it: `set_keys` goes from the old order to the new one in steps, so that the
current row, the place and the ticks stay. Ticks belong to records, not to rows, and survive every sort and search.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.model.ids import RecordId
from desktop.services.views import Row
from desktop.ui.records import cells, order
from desktop.ui.records.columns import Column
from desktop.ui.records.rows import RowCache

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The whole `Row`, for the delegate; None while it is being read, and when the record is gone."""
TICK_COLUMN = 0


class RecordsModel(QAbstractTableModel):
    """Columns: the tick, then `columns` in their order. GUI thread only."""

    ticks_changed = Signal()
    rows_wanted = Signal(list)
    """Keys of one page to read; nothing more is asked for until `rows_ended`."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self._keys: list[int] = []
        self._cache = RowCache(self.rows_wanted.emit)
        self._ticked: set[int] = set()
        self._places: dict[int, int] | None = None
        self._shown_ticked: int | None = 0

    # --- what is listed

    @property
    def keys(self) -> Sequence[int]:
        return self._keys

    def row_at(self, position: int) -> Row | None:
        """The record on a line; None when there is none, or it is being read."""
        return self._cache.look(self._keys, position) if 0 <= position < len(self._keys) else None

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
        places = [place for key in keys if (place := self.place_of(key)) is not None]
        if places:
            last = self.columnCount() - 1
            self.dataChanged.emit(self.index(min(places), 0), self.index(max(places), last))

    def rows_ended(self, *, well: bool) -> None:
        """The reading that `rows_wanted` asked for is over, and brought its rows or not."""
        self._cache.ended(self._keys, well=well)

    def forget_rows(self) -> None:
        """Too much changed to say what: read every row again when it is next looked at."""
        self._cache.age()

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

    @property
    def tick_count(self) -> int:
        return len(self._ticked)

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

    def instead(self, position: int) -> str:
        """What stands for the name of a record without a row."""
        return cells.GONE if self._cache.is_gone(self._keys[position]) else cells.READING

    # --- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 1 + len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place = index.row()
        row = self._cache.look(self._keys, place)
        if role == ROW_ROLE:
            return row
        if index.column() == TICK_COLUMN:
            return cells.tick(row, self.instead(place), self.is_ticked(place), role)
        return cells.cell(self.columns[index.column() - 1], row, self.instead(place), role)

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
            return cells.tick_head(self.tick_state(), role)
        return cells.head(self.columns[section - 1], role)
