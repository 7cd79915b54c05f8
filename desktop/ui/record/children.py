"""Degrees, placements and the like: a table of one line each; a line is opened in place to answer its questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.model.collection import ChildKind, CodeLists
from desktop.model.document import Child
from desktop.ui.fields.field_row import MARK_ROOM, NoteLine
from desktop.ui.fields.notes import Mark
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.text import Text
from desktop.ui.record.child_line import GAP, SIDE, ChildHead, ChildLine
from desktop.ui.record.outlook import FieldLook
from desktop.ui.record.rows import BoundRow, make_rows
from desktop.ui.theme import scaled

LEFT, RIGHT = 16, 12
"""Inside a card, in pixels."""


class ChildCard(QFrame):
    """One child: its line, and below it, when open, its questions. Rows are made when it is first opened."""

    removed = Signal(str)
    row_made = Signal(BoundRow)
    link_followed = Signal(str, str)
    opened = Signal()
    """Its rows were made."""

    def __init__(self, kind: ChildKind, child: Child, lists: CodeLists, today: date) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self.kind, self.child_id = kind, child.id
        self._lists, self._today = lists, today
        self._child = child
        self._read_only = False
        self._why = ""
        self._narrow = False
        self._looks: Mapping[str, FieldLook] = {}
        self.rows: list[BoundRow] = []
        self._line = ChildLine(kind, lists)
        self._state = Text(role="caption", tone="refused", weight=500)
        self.edit = Button("Edit", "link", small=True)
        self.edit.setCheckable(True)
        self.remove = Button("Remove", "link", small=True)
        self._note = NoteLine()
        self._body = QWidget()
        self._arrange()
        self.edit.toggled.connect(self._on_toggled)
        self.remove.clicked.connect(self._on_remove_clicked)
        self._note.followed.connect(self._on_note_followed)
        self.show_child(child)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self._line, 1)
        self._side = QWidget()
        side = QHBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(8)
        side.addStretch(1)
        for part in (self.edit, self.remove):
            side.addWidget(part)
        head.addWidget(self._side)
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 4, 0, 0)
        self._column.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT, 8, RIGHT, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._state)
        column.addWidget(self._note)
        column.addWidget(self._body)
        self._note.hide()
        self._state.hide()
        self._body.hide()

    def rename(self, child_id: str) -> None:
        """The same child under another id."""
        self.child_id = child_id
        for row in self.rows:
            row.rename(self.prefix)

    @property
    def prefix(self) -> str:
        return f"{self.kind.key}.{self.child_id}."

    @property
    def is_open(self) -> bool:
        return self.edit.isChecked()

    def open(self) -> None:
        self.edit.setChecked(True)

    def show_child(self, child: Child) -> None:
        """Show its line and, in open rows, its answers."""
        self._child = child
        label = self._line.show_child(child)
        self.edit.setAccessibleName(f"{'Close' if self.is_open else 'Edit'} {label}")
        self.remove.setAccessibleName(f"Remove {label}")
        values = {f"{self.prefix}{name}": value for name, value in child.fields.items()}
        for row in self.rows:
            row.show_values(values)

    def show_looks(self, looks: Mapping[str, FieldLook]) -> None:
        """Marks and notes of its rows; what concerns the whole child stands under its line."""
        self._looks = looks
        mine = looks.get(self.prefix.rstrip("."))
        notes = mine.notes if mine else ()
        self._note.setVisible(bool(notes))
        if notes:
            self._note.show_note(notes[0])
        wrong = sum(
            1 for path, look in looks.items() if path.startswith(self.prefix) and look.mark == Mark.ERROR
        )
        self._state.setText(f"{wrong} to fix" if wrong else "")
        self._state.setVisible(bool(wrong))
        for row in self.rows:
            row.show_look(looks.get(row.path, FieldLook()))

    def set_read_only(self, read_only: bool, why: str) -> None:
        self._read_only, self._why = read_only, why
        self.remove.setVisible(not read_only)
        self.edit.set_words("Show" if read_only and not self.is_open else "Close" if self.is_open else "Edit")
        for row in self.rows:
            row.control.set_read_only(read_only, why)

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self._line.set_narrow(narrow)
        in_columns = bool(self.kind.columns) and not narrow
        self._side.setMinimumWidth(scaled(SIDE) if in_columns else 0)
        for row in self.rows:
            row.row.set_narrow(narrow)

    def _make_rows(self) -> None:
        self.rows = make_rows(self.kind.fields, self.prefix, self._lists, self._today, self)
        for row in self.rows:
            row.row.set_narrow(self._narrow)
            row.control.set_read_only(self._read_only, self._why)
            row.link_followed.connect(self.link_followed)
            self._column.addWidget(row.row)
            self.row_made.emit(row)
        self.opened.emit()

    def stops(self) -> list[QWidget]:
        """Where Tab stops in it, in reading order."""
        inputs = [widget for row in self.rows for widget in row.control.inputs()]
        return [self.edit, self.remove, *inputs]

    def _on_toggled(self, on: bool) -> None:
        if on and not self.rows:
            self._make_rows()
        self._body.setVisible(on)
        self.edit.set_words("Close" if on else "Show" if self._read_only else "Edit")
        self.show_child(self._child)
        self.show_looks(self._looks)

    def _on_remove_clicked(self) -> None:
        self.removed.emit(self.child_id)

    def _on_note_followed(self, link: str) -> None:
        self.link_followed.emit(self.prefix.rstrip("."), link)


class ChildList(QWidget):
    """All children of a kind, and the button that adds one."""

    add_asked = Signal(str)
    removed = Signal(str, str)
    row_made = Signal(BoundRow)
    link_followed = Signal(str, str)

    def __init__(self, kind: ChildKind, lists: CodeLists, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._lists, self._today = lists, today
        self._cards: dict[str, ChildCard] = {}
        self._read_only, self._why, self._narrow = False, "", False
        self._note = NoteLine()
        self._head = ChildHead(kind, LEFT, RIGHT)
        self._none = Text(f"No {kind.title.lower()} yet.", "table", "ink3")
        self.add = Button(f"Add a {kind.singular}", icon="plus", small=True, tip="Ctrl+Shift+A")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARK_ROOM, 4, 0, 8)
        self._column.setSpacing(8)
        self._column.addWidget(self._head)
        self._column.addWidget(self._none)
        self._column.addWidget(self._note)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self._note.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.add.clicked.connect(self._on_add_clicked)

    @property
    def cards(self) -> Sequence[ChildCard]:
        return tuple(self._cards.values())

    def card(self, child_id: str) -> ChildCard | None:
        return self._cards.get(child_id)

    def show_children(self, children: Sequence[Child]) -> None:
        """Show these: cards that stay keep their open rows and the keyboard."""
        wanted = {child.id: child for child in children}
        for child_id in [i for i in self._cards if i not in wanted]:
            card = self._cards.pop(child_id)
            card.hide()
            self._column.removeWidget(card)
            card.deleteLater()
        for place, (child_id, child) in enumerate(wanted.items()):
            if child_id not in self._cards:
                self._cards[child_id] = self._make_card(child)
            if self._column.indexOf(self._cards[child_id]) != place + 1:
                self._column.insertWidget(place + 1, self._cards[child_id])
            self._cards[child_id].show_child(child)
        self._none.setVisible(not wanted)
        self._show_head()
        self._order_stops()
        full = bool(self.kind.at_most) and len(wanted) >= self.kind.at_most
        self.add.setVisible(not self._read_only and not full)

    def _show_head(self) -> None:
        self._head.setVisible(bool(self._cards) and bool(self.kind.columns) and not self._narrow)

    def _order_stops(self) -> None:
        """Tab walks in reading order, though cards and their rows are made later than what stands below them."""
        stops = [stop for card in self._cards.values() for stop in card.stops()]
        before = self.add.previousInFocusChain()
        while before is not None and (before in stops or before.focusPolicy() == Qt.FocusPolicy.NoFocus):
            before = before.previousInFocusChain()
        for stop in [*stops, self.add]:
            if before is not None:
                QWidget.setTabOrder(before, stop)
            before = stop

    def rename(self, old: str, new: str) -> None:
        """The portal gave a child an id of its own: the same card, with whatever is being typed in it."""
        self._cards = {new if key == old else key: card for key, card in self._cards.items()}
        if new in self._cards:
            self._cards[new].rename(new)

    def _make_card(self, child: Child) -> ChildCard:
        card = ChildCard(self.kind, child, self._lists, self._today)
        card.set_narrow(self._narrow)
        card.set_read_only(self._read_only, self._why)
        card.removed.connect(self._on_removed)
        card.row_made.connect(self.row_made)
        card.opened.connect(self._order_stops)
        card.link_followed.connect(self.link_followed)
        return card

    def show_looks(self, looks: Mapping[str, FieldLook]) -> None:
        mine = looks.get(self.kind.key)
        notes = mine.notes if mine else ()
        self._note.setVisible(bool(notes))
        if notes:
            self._note.show_note(notes[0])
        for card in self._cards.values():
            card.show_looks(looks)

    def set_read_only(self, read_only: bool, why: str) -> None:
        self._read_only, self._why = read_only, why
        self.add.setVisible(not read_only)
        for card in self._cards.values():
            card.set_read_only(read_only, why)

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self._show_head()
        for card in self._cards.values():
            card.set_narrow(narrow)

    def _on_add_clicked(self) -> None:
        self.add_asked.emit(self.kind.key)

    def _on_removed(self, child_id: str) -> None:
        self.removed.emit(self.kind.key, child_id)
