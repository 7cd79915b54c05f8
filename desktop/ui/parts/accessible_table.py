"""A table that gives a screen reader at most 200 rows at a time, whatever the list holds.

Qt offers a reader every cell of a table: of 100,000 records more than a million objects, for which a reader that asks
for the children of the table waits minutes. Here it is given a list: the column heads, and the rows around the one
with the keyboard. A row says all its cells; moving sideways says one cell with its heading.

Qt's own events of a table name cells by number, so those are sent from here. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QAccessibleInterface,
    QAccessibleObject,
    QAccessibleStateChangeEvent,
    QColor,
    QFocusEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget
from shiboken6 import Shiboken

MOST_ROWS = 200
_BLOCK = MOST_ROWS // 2
"""The rows given move on in steps of this, so that a reader's numbers hold for a while."""

Index = QModelIndex | QPersistentModelIndex
Maybe = Any
"""A part or None: what Qt says of itself to the type checker leaves the None out."""


class ReadableTable(QTableView):
    """A table view that is read by rows. A subclass may say in `spoken_row` what a row sounds like."""

    lines_moved = Signal()
    """Lines came, went, or stand elsewhere now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        _offer()
        super().__init__(parent)
        self.sideways = False
        """Whether the keyboard moved within its row last: then the cell is read, not the row."""

    def spoken_row(self, place: int) -> str:
        """What a reader says of a line: its cells in the order on screen, and whether it is ticked."""
        model = self.model()
        texts = [str(model.index(place, column).data() or "") for column in self.columns_in_order()]
        ticked = model.index(place, 0).data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        return ", ".join([text for text in texts if text] + ["selected"] * ticked)

    def columns_in_order(self) -> list[int]:
        """The columns on screen, as the person arranged them."""
        head = self.horizontalHeader()
        order = (head.logicalIndex(place) for place in range(head.count()))
        return [column for column in order if not self.isColumnHidden(column)]

    def _with_keyboard(self) -> QAccessibleInterface | None:
        """What a reader is to be told about; None when nobody listens or the keyboard is elsewhere."""
        if not (QAccessible.isActive() and self.hasFocus()):
            return None
        return QAccessible.queryAccessibleInterface(self).focusChild()

    def _read_out(self) -> None:
        found = self._with_keyboard()
        if found is not None:
            QAccessible.updateAccessibility(QAccessibleEvent(found, QAccessible.Event.Focus))

    # --- Qt

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            for moved in (model.modelReset, model.layoutChanged, model.rowsInserted, model.rowsRemoved):
                moved.connect(self.lines_moved)

    def currentChanged(self, current: Index, previous: Index) -> None:
        QAbstractItemView.currentChanged(self, current, previous)
        self.sideways = previous.isValid() and current.row() == previous.row()
        self._read_out()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        QAbstractItemView.selectionChanged(self, selected, deselected)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.sideways = False
        QTimer.singleShot(
            0, self, self._read_out
        )  # Qt names the table when this returns; the row comes after it

    def dataChanged(self, topLeft: Index, bottomRight: Index, /, roles: Sequence[int] = ()) -> None:
        super().dataChanged(topLeft, bottomRight, roles)
        here = self.currentIndex().row()
        if Qt.ItemDataRole.CheckStateRole not in roles or not topLeft.row() <= here <= bottomRight.row():
            return
        found = self._with_keyboard()
        if found is not None:
            QAccessible.updateAccessibility(QAccessibleStateChangeEvent(found, _state(checked=True)))


_kept: list[_Access] = []
"""Qt deletes what it was given, Python must not do it first: held until Qt has."""
_offered: list[bool] = []


def _offer() -> None:
    """Let Qt ask here for what reads a `ReadableTable`; once a process."""
    if not _offered:
        _offered.append(True)
        QAccessible.installFactory(_made)


def _made(_name: str, widget: QObject | None) -> QAccessibleInterface | None:
    """Qt asks for every kind of widget, and makes the others itself."""
    if not isinstance(widget, ReadableTable):
        return None
    _kept[:] = [access for access in _kept if Shiboken.isValid(access)]
    access = _Access(widget)
    _kept.append(access)
    widget.lines_moved.connect(access.put_in_order)
    return access


class _Access(QAccessibleObject):
    """The table to a reader: its column heads, then the rows given now."""

    def __init__(self, table: ReadableTable) -> None:
        super().__init__(table)
        self.table = table
        self._rows: dict[int, _Row] = {}
        table.destroyed.connect(self._forget)

    @property
    def count(self) -> int:
        """How many lines the table has."""
        model: QAbstractItemModel | None = self.table.model()
        return model.rowCount() if model is not None else 0

    @property
    def first(self) -> int:
        """The line that the first row given stands on."""
        place = max(self.table.currentIndex().row(), 0)
        last = max(0, self.count - MOST_ROWS)
        return min(max(0, (place // _BLOCK) * _BLOCK - _BLOCK // 2), last)

    def places(self) -> range:
        """The lines given now."""
        return range(self.first, min(self.first + MOST_ROWS, self.count))

    def row(self, place: int) -> _Row | None:
        """The object of a line, made when it is first asked for; those far away are let go."""
        if not 0 <= place < self.count:
            return None
        found = self._rows.get(place)
        if found is None:
            given = self.places()
            for old in [p for p in self._rows if p not in given]:
                self._rows.pop(old).let_go()
            found = self._rows[place] = _Row(self, place)
        return found

    def place_at(self, x: int, y: int) -> int:
        """The line at a place of the screen, -1 for none."""
        port = self.table.viewport()
        at = port.mapFromGlobal(QPoint(x, y))
        return self.table.rowAt(at.y()) if port.rect().contains(at) else -1

    def put_in_order(self) -> None:
        """Lines moved: their objects move with them, those of lines that went are let go."""
        held, self._rows = list(self._rows.values()), {}
        for row in held:
            if row.place >= 0:
                self._rows[row.place] = row
            else:
                row.let_go()

    def _forget(self) -> None:
        for row in self._rows.values():
            row.let_go()
        self._rows.clear()

    # --- Qt

    def parent(self) -> Maybe:
        return QAccessible.queryAccessibleInterface(self.table.parent())

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def text(self, kind: QAccessible.Text, /) -> str:
        if kind == QAccessible.Text.Name:
            return self.table.accessibleName()
        return self.table.accessibleDescription() if kind == QAccessible.Text.Description else ""

    def state(self) -> QAccessible.State:
        return _state_of(self.table, focused=self.table.hasFocus(), shown=self.table.isVisible())

    def window(self) -> Maybe:
        return self.table.window().windowHandle()

    def childCount(self) -> int:
        return 1 + len(self.places())

    def child(self, number: int, /) -> Maybe:
        if number == 0:
            return QAccessible.queryAccessibleInterface(self.table.horizontalHeader())
        return self.row(self.first + number - 1) if 0 < number < self.childCount() else None

    def indexOfChild(self, child: QAccessibleInterface, /) -> int:
        if isinstance(child, _Row):
            return child.place - self.first + 1 if child.place in self.places() else -1
        return 0

    def childAt(self, x: int, y: int, /) -> Maybe:
        return self.row(self.place_at(x, y))

    def focusChild(self) -> Maybe:
        index = self.table.currentIndex()
        row = self.row(index.row())
        if row is None or not self.table.sideways:
            return row
        return row.cell(index.column())


class _Part(QAccessibleInterface):
    """What a row and a cell have in common. Held in Qt's books until it is let go."""

    def __init__(self, access: _Access) -> None:
        super().__init__()
        self.access = access
        self.number = QAccessible.registerAccessibleInterface(self)

    @property
    def table(self) -> ReadableTable:
        return self.access.table

    def let_go(self) -> None:
        """Take it out of Qt's books, which deletes it."""
        QAccessible.deleteAccessibleInterface(self.number)

    # --- Qt

    def object(self) -> Maybe:
        return None

    def window(self) -> Maybe:
        return self.access.window()

    def setText(self, kind: QAccessible.Text, text: str, /) -> None:
        """A reader cannot change what stands in a list."""

    def backgroundColor(self) -> QColor:
        return QColor()

    def foregroundColor(self) -> QColor:
        return QColor()


class _Row(_Part):
    """One line; it stays with its record when the list is sorted."""

    def __init__(self, access: _Access, place: int) -> None:
        super().__init__(access)
        self._index = QPersistentModelIndex(access.table.model().index(place, 0))
        self._cells: dict[int, _Cell] = {}

    @property
    def place(self) -> int:
        """Its line now; -1 when it went."""
        return self._index.row()

    def cell(self, column: int) -> _Cell:
        found = self._cells.get(column)
        if found is None:
            found = self._cells[column] = _Cell(self.access, self, column)
        return found

    def let_go(self) -> None:
        for cell in self._cells.values():
            cell.let_go()
        self._cells.clear()
        super().let_go()

    # --- Qt

    def isValid(self) -> bool:
        return Shiboken.isValid(self.table) and self._index.isValid()

    def parent(self) -> Maybe:
        return self.access

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def text(self, kind: QAccessible.Text, /) -> str:
        if kind == QAccessible.Text.Name:
            return self.table.spoken_row(self.place)
        if kind == QAccessible.Text.Description:
            return f"Line {self.place + 1:,} of {self.access.count:,}"
        return ""

    def rect(self) -> QRect:
        port, place = self.table.viewport(), self.place
        corner = port.mapToGlobal(QPoint(0, self.table.rowViewportPosition(place)))
        return QRect(corner, QSize(port.width(), self.table.rowHeight(place)))

    def state(self) -> QAccessible.State:
        table = self.table
        here = table.hasFocus() and table.currentIndex().row() == self.place and not table.sideways
        ticked = table.model().index(self.place, 0).data(Qt.ItemDataRole.CheckStateRole)
        return _state_of(
            table,
            focused=here,
            shown=self.rect().intersects(_on_screen(table)),
            checkable=ticked is not None,
            checked=ticked == Qt.CheckState.Checked,
        )

    def childCount(self) -> int:
        return len(self.table.columns_in_order())

    def child(self, number: int, /) -> Maybe:
        columns = self.table.columns_in_order()
        return self.cell(columns[number]) if 0 <= number < len(columns) else None

    def indexOfChild(self, child: QAccessibleInterface, /) -> int:
        columns = self.table.columns_in_order()
        return columns.index(child.column) if isinstance(child, _Cell) and child.column in columns else -1

    def childAt(self, x: int, y: int, /) -> Maybe:
        at = self.table.viewport().mapFromGlobal(QPoint(x, y))
        column = self.table.columnAt(at.x())
        return self.cell(column) if column >= 0 else None


class _Cell(_Part):
    """One answer of a line, with the heading of its column."""

    def __init__(self, access: _Access, row: _Row, column: int) -> None:
        super().__init__(access)
        self._row = row
        self.column = column

    def _said(self, role: Qt.ItemDataRole) -> str:
        return str(self.table.model().index(self._row.place, self.column).data(role) or "")

    # --- Qt

    def isValid(self) -> bool:
        return Shiboken.isValid(self._row) and self._row.isValid()

    def parent(self) -> Maybe:
        return self._row

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.Cell

    def text(self, kind: QAccessible.Text, /) -> str:
        if kind == QAccessible.Text.Name:
            return self._said(Qt.ItemDataRole.AccessibleTextRole) or self._said(Qt.ItemDataRole.DisplayRole)
        return self._said(Qt.ItemDataRole.ToolTipRole) if kind == QAccessible.Text.Description else ""

    def rect(self) -> QRect:
        table = self.table
        area = table.visualRect(table.model().index(self._row.place, self.column))
        return QRect(table.viewport().mapToGlobal(area.topLeft()), area.size())

    def state(self) -> QAccessible.State:
        table, here = self.table, self.table.currentIndex()
        mine = here.row() == self._row.place and here.column() == self.column
        focused = mine and table.sideways and table.hasFocus()
        return _state_of(table, focused=focused, shown=self.rect().intersects(_on_screen(table)))

    def childCount(self) -> int:
        return 0

    def child(self, number: int, /) -> Maybe:  # noqa: ARG002 - it has none
        return None

    def indexOfChild(self, child: QAccessibleInterface, /) -> int:  # noqa: ARG002 - it has none
        return -1

    def childAt(self, x: int, y: int, /) -> Maybe:  # noqa: ARG002 - it has none
        return None


def _on_screen(table: QTableView) -> QRect:
    """The part of the screen in which the table shows rows."""
    port = table.viewport()
    return QRect(port.mapToGlobal(QPoint(0, 0)), port.size())


def _state_of(table: QTableView, *, focused: bool, shown: bool, **more: bool) -> QAccessible.State:
    """What the parts have in common; `more` as `_state`."""
    hidden, off = not table.isVisible(), not table.isEnabled()
    return _state(
        focusable=True,
        focused=focused,
        active=focused,
        invisible=hidden,
        offscreen=not shown,
        disabled=off,
        **more,
    )


def _state(**flags: bool) -> QAccessible.State:
    """Flags by their names in QAccessible.State."""
    made = QAccessible.State()
    for name, on in flags.items():
        setattr(made, name, on)
    return made
