"""A table gives a screen reader a bounded number of rows, each in words, whatever the list holds."""

import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from shiboken6 import Shiboken

from desktop.ui.parts.accessible_table import MOST_ROWS, ReadableTable

MANY = 100_000
NAME = QAccessible.Text.Name


class Names(QAbstractTableModel):
    """People without end: a tick, a name and a route each."""

    def __init__(self, count=MANY):
        super().__init__()
        self.lines = list(range(count))
        self.ticked = set()

    def rowCount(self, parent=QModelIndex()):
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent=QModelIndex()):
        return 0 if parent.isValid() else 3

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        number = self.lines[index.row()]
        if index.column() == 0:
            on = Qt.CheckState.Checked if number in self.ticked else Qt.CheckState.Unchecked
            return on if role == Qt.ItemDataRole.CheckStateRole else None
        words = f"Person {number}" if index.column() == 1 else "School direct"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{'Name' if index.column() == 1 else 'Route'}, {words}"
        return words if role == Qt.ItemDataRole.DisplayRole else None

    def tick(self, place):
        self.ticked.add(self.lines[place])
        self.dataChanged.emit(self.index(place, 0), self.index(place, 2), [Qt.ItemDataRole.CheckStateRole])

    def drop(self, first, last):
        self.beginRemoveRows(QModelIndex(), first, last)
        del self.lines[first : last + 1]
        self.endRemoveRows()

    def show(self, count):
        self.beginResetModel()
        self.lines = list(range(count))
        self.endResetModel()


@pytest.fixture
def table(qtbot):
    made = ReadableTable()
    made.setAccessibleName("Trainees")
    made.setModel(Names())
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    made.setCurrentIndex(made.model().index(0, 1))
    return made


@pytest.fixture
def heard(table, qtbot, monkeypatch):
    """What the table tells a reader while it has the keyboard: (kind of event, words)."""
    said = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(table, "hasFocus", lambda: True)
    monkeypatch.setattr(
        "desktop.ui.parts.accessible_table.QAccessible.updateAccessibility",
        lambda event: said.append((event.type(), event.accessibleInterface().text(NAME))),
    )
    return said


def _to_reader(table):
    return QAccessible.queryAccessibleInterface(table)


def _rows(table):
    access = _to_reader(table)
    return [access.child(number) for number in range(1, access.childCount())]


def test_never_gives_more_than_two_hundred_rows(table):
    for place in (0, 49, 50, 149, 150, 5_000, 50_049, MANY - 1):
        table.setCurrentIndex(table.model().index(place, 1))
        rows = _rows(table)
        assert len(rows) == MOST_ROWS
        assert f"Person {place}, School direct" in [row.text(NAME) for row in rows]
    assert len(_to_reader(table)._rows) <= MOST_ROWS


def test_short_lists_are_given_whole(table):
    table.model().show(3)
    assert [row.text(NAME) for row in _rows(table)] == [f"Person {n}, School direct" for n in range(3)]
    table.model().show(0)
    assert _rows(table) == []


def test_table_is_a_list_with_heads_and_rows(table):
    access = _to_reader(table)
    assert (access.role(), access.text(NAME)) == (QAccessible.Role.List, "Trainees")
    assert access.child(0).object() is table.horizontalHeader()
    assert access.indexOfChild(access.child(0)) == 0
    row = access.child(8)
    assert row.role() == QAccessible.Role.ListItem
    assert access.indexOfChild(row) == 8
    assert row.parent() is access
    assert row.text(QAccessible.Text.Description) == "Line 8 of 100,000"


def test_cells_of_a_row_name_their_column(table):
    row = _to_reader(table).child(1)
    assert [row.child(n).text(NAME) for n in range(row.childCount())] == [
        "",
        "Name, Person 0",
        "Route, School direct",
    ]
    table.hideColumn(2)
    assert row.childCount() == 2


def test_moving_down_reads_the_row_and_sideways_the_cell(table, heard):
    table.setCurrentIndex(table.model().index(1, 1))
    table.setCurrentIndex(table.model().index(1, 2))
    focus = QAccessible.Event.Focus
    assert heard == [(focus, "Person 1, School direct"), (focus, "Route, School direct")]


def test_row_with_the_keyboard_says_so(table, heard):
    table.setCurrentIndex(table.model().index(1, 1))
    rows = _rows(table)
    assert [row.text(NAME) for row in rows if row.state().focused] == ["Person 1, School direct"]
    assert rows[1].state().checkable
    assert not rows[1].state().checked


def test_ticking_is_told_once_in_words_and_state(table, heard):
    table.model().tick(0)
    assert heard == [(QAccessible.Event.StateChanged, "Person 0, School direct, selected")]
    assert _to_reader(table).child(1).state().checked


def test_ticking_elsewhere_is_not_told(table, heard):
    table.model().tick(7)
    assert heard == []


def test_row_stays_with_its_record_when_lines_above_go(table):
    row = _to_reader(table).child(11)
    assert row.text(NAME).startswith("Person 10,")
    table.model().drop(0, 4)
    assert row.text(NAME).startswith("Person 10,")
    assert _to_reader(table).indexOfChild(row) == 6


def test_row_whose_record_went_is_let_go(table):
    row = _to_reader(table).child(3)
    table.model().drop(2, 2)
    assert not Shiboken.isValid(row)


def test_rows_are_let_go_with_their_table(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    table = ReadableTable(parent)
    table.setModel(Names(5))
    row, cell = _rows(table)[0], _rows(table)[0].child(1)
    Shiboken.delete(table)
    assert not Shiboken.isValid(row)
    assert not Shiboken.isValid(cell)


def test_place_on_the_screen_leads_to_the_row(table):
    row = _to_reader(table).child(2)
    at = row.rect().center()
    assert _to_reader(table).childAt(at.x(), at.y()) is row
    assert row.childAt(at.x(), at.y()).role() == QAccessible.Role.Cell
