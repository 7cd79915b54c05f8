"""What a cell of the records table says to eyes, pointers and screen readers, by Qt's roles."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from desktop.services.views import Row
from desktop.ui.records.columns import Column

GONE = "Removed"
"""In place of the name of a record that went while it was listed; the next reading takes the line away."""
READING = "…"
"""In place of the name of a record whose page is being read."""

_TICK_WORDS = {
    Qt.CheckState.Unchecked: "none ticked",
    Qt.CheckState.PartiallyChecked: "partly ticked",
    Qt.CheckState.Checked: "all ticked",
}


def cell(column: Column, row: Row | None, instead: str, role: int) -> Any:
    """A cell of a column; `instead` stands for the name while there is no row."""
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return _side(column)
    if role == Qt.ItemDataRole.DisplayRole:
        return column.text(row) if row else instead if column.key == "label" else ""
    if row is None:
        return None
    if role == Qt.ItemDataRole.ToolTipRole:
        return column.hint(row) or column.text(row) or None
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return f"{column.title or column.menu_title}, {column.text(row) or 'not answered'}"
    return None


def tick(row: Row | None, instead: str, ticked: bool, role: int) -> Any:
    """The box before a line."""
    if role == Qt.ItemDataRole.CheckStateRole:
        return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
    if role == Qt.ItemDataRole.AccessibleTextRole:
        name = row.label if row else "Being read" if instead == READING else instead
        return f"{name}, {'selected' if ticked else 'not selected'}"
    return None


def head(column: Column, role: int) -> Any:
    """The head of a column."""
    if role == Qt.ItemDataRole.DisplayRole:
        return column.title
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return column.menu_title
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return _side(column)
    return None


def tick_head(state: Qt.CheckState, role: int) -> Any:
    """The box in the header."""
    if role == Qt.ItemDataRole.CheckStateRole:
        return state
    if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
        return f"Select all shown, {_TICK_WORDS[state]}"
    return None


def _side(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
