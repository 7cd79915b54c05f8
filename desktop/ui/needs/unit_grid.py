"""One decision: its answers as rows, before, yours and the portal's as columns, and the choice under them."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from desktop.model.collection import Collection
from desktop.model.document import Value, value_at
from desktop.ui import words
from desktop.ui.needs.cases import MINE, THEIRS, TYPED, CaseRow, ConflictCase, Side, UnitCase
from desktop.ui.needs.choice_button import ChoiceButton
from desktop.ui.needs.grid import Cell, GridCard
from desktop.ui.parts.text import Text
from desktop.ui.record.rows import BoundRow, make_rows

_LABEL_WIDTH = 164
_COLUMN = {MINE: 2, THEIRS: 3}
_NARROW_COLUMN = {MINE: 0, THEIRS: 1}


class UnitGrid(GridCard):
    """`chosen` carries the unit whenever its choice or its typed answers move."""

    chosen = Signal(str)

    def __init__(self, collection: Collection, case: ConflictCase, unit: UnitCase, today: date) -> None:
        super().__init__()
        self.unit = unit
        self._collection, self._case, self._today = collection, case, today
        self._rows: list[BoundRow] = []
        self._group = QButtonGroup(self)
        self._buttons = {
            MINE: ChoiceButton(MINE, "Keep yours", "1"),
            THEIRS: ChoiceButton(
                THEIRS, "Take theirs" if case.conflict.colleague else "Take the portal’s", "2"
            ),
            TYPED: ChoiceButton(TYPED, "Type another", "E"),
        }
        self._heads = self._make_heads()
        self._lines = [(row, self._make_line(row)) for row in unit.rows]
        self._choose = Cell("Choose", weight=500)
        self._also = Cell(unit.also, role="caption", tone="ink2")
        self._typed = QWidget()
        self._typed_rows = QVBoxLayout(self._typed)
        self._typed_rows.setContentsMargins(4, 4, 16, 8)
        self._typed_rows.setSpacing(0)
        self._boxes = {side: _boxed(button) for side, button in self._buttons.items()}
        self._narrow: bool | None = None
        for button in self._buttons.values():
            self._group.addButton(button)
            button.toggled.connect(self._on_toggled)
        self._typed.hide()
        self.set_narrow(False)

    # --- building

    def _make_heads(self) -> dict[str, Cell]:
        case, strong = self._case, 600
        return {
            "label": Cell(self.unit.title, "One decision", weight=strong),
            "base": Cell("Before", case.before_at, weight=strong, icon="history"),
            MINE: Cell("Yours", case.mine_at, weight=strong, icon="hard-drive", ink="link"),
            THEIRS: Cell(
                words.capital(case.whose),
                case.theirs_at,
                weight=strong,
                icon="users" if case.conflict.colleague else "server",
                ink="conflict",
            ),
        }

    def _make_line(self, row: CaseRow) -> dict[str, Cell]:
        label = Cell(row.label, row.note, weight=500)
        label.setProperty("note", row.note)
        return {
            "label": label,
            "base": _cell(row.before, tone="ink2"),
            MINE: _cell(row.mine),
            THEIRS: _cell(row.theirs),
        }

    def set_narrow(self, narrow: bool) -> None:
        """Rows stacked, with what was before under the label."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        while self.grid.takeAt(0) is not None:
            pass
        for row, cells in self._lines:
            before = f"{row.note}. Before: {row.before.text}" if narrow and row.path else row.note
            cells["label"].below.setText(before)
        if narrow:
            self._lay_narrow()
        else:
            self._lay_wide()
        for cells in (self._heads, *(cells for _, cells in self._lines)):
            cells["base"].setParent(self)
            cells["base"].setVisible(not narrow)
        self._show_tint()

    def _wide_needs(self) -> int:
        """Width under which three columns would cut the words of the choices."""
        hints = sum(button.sizeHint().width() + 24 for button in self._buttons.values())
        return _LABEL_WIDTH + hints

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_narrow(self.width() < self._wide_needs())

    def _lay_wide(self) -> None:
        for place, cells in enumerate([self._heads, *(cells for _, cells in self._lines)]):
            for column, key in enumerate(("label", "base", MINE, THEIRS)):
                self.put(cells[key], place, column)
        last = len(self._lines) + 1
        self.put(self._choose, last, 0)
        for column, side in ((1, TYPED), (2, MINE), (3, THEIRS)):
            self.put(self._boxes[side], last, column)
        self._choose.show()
        self.put(self._typed, last + 1, 0, columns=4)
        self._put_also(last + 2, 4)
        self.grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        for column, stretch in enumerate((0, 22, 26, 26)):
            self.grid.setColumnStretch(column, stretch)

    def _lay_narrow(self) -> None:
        place = 0
        for cells in (self._heads, *(cells for _, cells in self._lines)):
            self.put(cells["label"], place, 0, columns=2)
            self.put(cells[MINE], place + 1, 0)
            self.put(cells[THEIRS], place + 1, 1)
            place += 2
        self._choose.hide()
        self.put(self._boxes[MINE], place, 0)
        self.put(self._boxes[THEIRS], place, 1)
        self.put(self._boxes[TYPED], place + 1, 0, columns=2)
        self.put(self._typed, place + 2, 0, columns=2)
        self._put_also(place + 3, 2)
        self.grid.setColumnMinimumWidth(0, 0)
        for column, stretch in enumerate((1, 1, 0, 0)):
            self.grid.setColumnStretch(column, stretch)

    def _put_also(self, row: int, columns: int) -> None:
        if self.unit.also:
            self.put(self._also, row, 0, columns=columns)
        else:
            self._also.hide()

    # --- the choice

    @property
    def choice(self) -> str:
        """The side that is chosen, "" while none is."""
        return next((side for side, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, side: str) -> None:
        """Choose, and put the keyboard on the choice, or into what is to be typed."""
        self._buttons[side].setChecked(True)
        if side == TYPED and self._rows:
            self._rows[0].control.take_focus()
        else:
            self._buttons[side].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def type_at(self, path: str) -> None:
        """Choose to type another answer, with the keyboard at the answer of this path."""
        self.choose(TYPED)
        bound = next((row for row in self._rows if path in row.paths), None)
        if bound is not None:
            bound.control.take_focus()

    def typed(self) -> dict[str, Value]:
        """Path -> answer typed here, for all answers in conflict."""
        found: dict[str, Value] = {}
        for row in self._rows:
            found |= row.values()
        return found

    def take_focus(self) -> None:
        self._buttons[self.choice or MINE].setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_typed_rows(self) -> None:
        paths = [row.path for row in self.unit.rows if row.path]
        prefix = f"{self.unit.unit}." if "." in self.unit.unit else ""
        fields = [f for path in paths if (f := self._collection.field(path)) is not None]
        self._rows = make_rows(fields, prefix, self._collection.code_lists, self._today, self)
        for row in self._rows:
            row.show_values({path: value_at(self._case.view.document, path) for path in row.paths})
            row.row.set_narrow(bool(self._narrow))
            row.edited.connect(self._on_edited)
            self._typed_rows.addWidget(row.row)

    def _on_edited(self, _path: str, _value: object) -> None:
        self.chosen.emit(self.unit.unit)

    def _on_toggled(self, on: bool) -> None:
        if not on:
            return
        typing = self.choice == TYPED
        if typing and not self._rows:
            self._make_typed_rows()
        self._typed.setVisible(typing)
        self._show_tint()
        self.chosen.emit(self.unit.unit)

    def _show_tint(self) -> None:
        columns = _NARROW_COLUMN if self._narrow else _COLUMN
        self.set_tint(columns.get(self.choice, -1), 1)
        for row, cells in self._lines:
            for side in (MINE, THEIRS):
                strong = row.differs and side == self.choice
                _set_weight(cells[side].text, 600 if strong else 400)


def _cell(side: Side, tone: str = "") -> Cell:
    if side.trouble:
        return Cell(side.trouble, role="table", weight=500, tone="refused", icon="octagon-x", ink="refused")
    return Cell(side.text, side.code, tone=tone)


def _boxed(button: ChoiceButton) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(12, 9, 12, 9)
    column.addWidget(button)
    return box


def _set_weight(label: Text, weight: int) -> None:
    if label.property("tone") == "refused" or label.property("weight") == str(weight):
        return
    label.setProperty("weight", str(weight))
    label.style().unpolish(label)
    label.style().polish(label)
