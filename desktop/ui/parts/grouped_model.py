"""Rows under group heads, as an item model: what Waiting, Checks and Activity show."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from desktop.ui.words import Look

Index = QModelIndex | QPersistentModelIndex

ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
"""The whole entry of a line: a `Group` or a `Line`."""


@dataclass(frozen=True)
class Column:
    """One column. `kind`: "strong", "plain", "quiet" or "state"; `least` = table width from which it is shown."""

    title: str
    width: int
    kind: str = "plain"
    right: bool = False
    stretch: bool = False
    least: int = 0


@dataclass(frozen=True)
class Cell:
    """What stands in one column of a line; `look` for states, `note` small beside the text, `tip` more on hover."""

    text: str = ""
    note: str = ""
    look: Look | None = None
    tip: str = ""


@dataclass(frozen=True)
class Line:
    """One row: `key` finds it again after a refresh, `payload` is what the screen wants back."""

    key: Hashable
    cells: tuple[Cell, ...]
    payload: Any = None


@dataclass(frozen=True)
class Group:
    """A head and its lines. `shown` of them are listed, the link at the right opens and closes the rest."""

    key: str
    title: str
    aside: str = ""
    lines: Sequence[Line] = field(default=())
    shown: int = 0


class GroupedModel(QAbstractTableModel):
    """Flat rows: each group's head, then its lines. Give it groups as often as wanted."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._groups: Sequence[Group] = ()
        self._entries: list[Group | Line] = []
        self._open: set[str] = set()

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Put these in place of the others."""
        self.beginResetModel()
        self._groups = groups
        self._fill()
        self.endResetModel()

    def toggle(self, key: str) -> None:
        """Open or close a group."""
        self.beginResetModel()
        self._open ^= {key}
        self._fill()
        self.endResetModel()

    def _fill(self) -> None:
        self._entries = []
        for group in self._groups:
            self._entries.append(group)
            whole = group.key in self._open or not self.folds(group)
            self._entries += group.lines if whole else group.lines[: group.shown]

    @staticmethod
    def folds(group: Group) -> bool:
        """Whether it has lines to hide; two more than the rest are not worth a link."""
        return 0 < group.shown < len(group.lines) - 1

    def link(self, group: Group) -> str:
        """Words of the link at the right of a group's head; "" = none."""
        if not self.folds(group):
            return ""
        return "Show fewer" if group.key in self._open else f"Show all {len(group.lines):,}"

    def entry(self, row: int) -> Group | Line | None:
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def row_of(self, key: Hashable) -> int:
        """Row of a line or of a group's head; -1 when it is not shown."""
        return next((n for n, entry in enumerate(self._entries) if entry.key == key), -1)

    def heads(self) -> list[int]:
        """Rows that are heads."""
        return [n for n, entry in enumerate(self._entries) if isinstance(entry, Group)]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index.row())
        if entry is None or not index.isValid():
            return None
        if role == ENTRY_ROLE:
            return entry
        if isinstance(entry, Group):
            words = ", ".join(part for part in (entry.title, entry.aside) if part)
            told = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return words if role in told and index.column() == 0 else None
        cell = entry.cells[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (cell.text, cell.note, cell.tip) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or (cell.text if len(cell.text) > 40 else None)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
