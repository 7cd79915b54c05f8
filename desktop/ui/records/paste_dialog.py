"""Rows of a spreadsheet, pasted or from a file: what each would do, and one button that saves. It reads nothing itself."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QButtonGroup, QMenu, QStackedWidget, QWidget

from desktop.model.collection import Collection
from desktop.services.pasted_columns import NAME, PORTAL_ID, label_of
from desktop.services.pasted_rows import Pasted, RowStatus
from desktop.ui import words
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import clear, row
from desktop.ui.parts.dialog import WorkDialog
from desktop.ui.parts.empty_state import EmptyState
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.records.paste_model import STATUS_LOOKS, PasteModel
from desktop.ui.records.paste_table import PasteTable
from desktop.ui.theme import scaled

NO_COLUMN = ""
LEAST_TABLE = 96


class PasteDialog(WorkDialog):
    """Nothing is saved until `save_asked`: the button or Ctrl+Enter. Esc leaves everything as it was."""

    mapping_changed = Signal(int, str)
    """Column of the sheet (from 0), and the field that it stands for; "" = leave it out."""
    answer_given = Signal(int, str)
    """Number of a row, and the record that it is about; "" = somebody new."""
    row_reached = Signal(object)
    """The `PastedRow` that the keyboard is on."""
    save_asked = Signal()
    file_asked = Signal()
    clipboard_asked = Signal()

    def __init__(self, collection: Collection, parent: QWidget) -> None:
        super().__init__("", "Save", ProgressBox("Reading the rows", stop="Stop, save nothing"), parent, 10)
        self._collection = collection
        self.model = PasteModel(self)
        self.table = PasteTable(self.model)
        self.sentence = Text("", tone="ink2", wrap=True)
        self.notes = Text("", "table", "ink2", wrap=True)
        self.told = ElidedLabel("", "table", "ink2")
        self.chips = QWidget()
        self._choice = QButtonGroup(self)
        self.open_file = Button("Open a file", icon="table-2", tip="CSV, Excel or OpenDocument")
        self.again = Button("Read the clipboard again", "quiet", "clipboard-paste")
        self._stack = QStackedWidget()
        self._empty = EmptyState("", "")
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        self._title = Text("", "title", wrap=True)
        self.show_file("")
        self._flow = FlowLayout(self.chips)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._stack.setMinimumHeight(scaled(LEAST_TABLE))
        self.column.addWidget(self._title)
        for part in (self.sentence, self.notes, self.chips):
            self.column.addWidget(part)
        self.column.addWidget(self._stack, 1)
        self.column.addWidget(self.told)
        self.column.addWidget(self.progress)
        self.column.addLayout(row(self.open_file, self.again, None, self.not_now, self.main_button))
        self.take_room(1180, 760)

    def _connect(self) -> None:
        self.model.ticks_changed.connect(self._on_ticks_changed)
        self.table.place_changed.connect(self._on_place_changed)
        self.table.mapping_asked.connect(self.open_mapping)
        self.table.whose_asked.connect(self.open_whose)
        self.main_button.clicked.connect(self.save_asked)
        self.open_file.clicked.connect(self.file_asked)
        self.again.clicked.connect(self.clipboard_asked)

    # --- showing

    def show_file(self, name: str) -> None:
        """Where the rows are from: a file, or "" for the clipboard."""
        what = self._collection.title.lower()
        title = f"Import {what} from {name}" if name else f"Paste {what} from a spreadsheet"
        self._title.setText(title)
        self.setWindowTitle(title)
        self.open_file.set_words("Open another file" if name else "Open a file")
        self.again.set_words("Read the clipboard instead" if name else "Read the clipboard again")

    def show_pasted(self, pasted: Pasted) -> None:
        """What was read."""
        self.show_busy(False)
        self.model.show_pasted(pasted)
        self.model.show_only(None)
        self._stack.setCurrentWidget(self.table)
        found = words.count(len(pasted.rows), "row")
        self.sentence.setText(
            f"{found} read. Nothing is saved yet. New answers are in bold. To say what a column is, press its heading or Alt+Down."
            + self._whose_words(pasted)
        )
        self.notes.setText(" ".join(pasted.notes))
        self.notes.setVisible(bool(pasted.notes))
        self._show_chips(pasted)
        self.chips.show()
        self.told.show()
        self.table.setFocus()

    def _whose_words(self, pasted: Pasted) -> str:
        if not self.model.asks or not pasted.count(RowStatus.CLASH):
            return ""
        return " Press Enter on a row with “Whose?” to say who it is."

    def show_nothing(self, title: str, text: str) -> None:
        """There are no rows: why, and what to do next."""
        self.show_busy(False)
        self._empty.set_words(title, text)
        self._stack.setCurrentWidget(self._empty)
        self.sentence.setText("Nothing was saved.")
        for part in (self.notes, self.chips, self.told):
            part.hide()
        self.main_button.set_words("Save")
        self.main_button.allow(False, title)
        self.again.setFocus()

    def show_busy(self, busy: bool) -> None:
        """Reading or saving is under way."""
        super().show_busy(busy)
        for widget in (self.table, self.chips, self.open_file, self.again):
            widget.setEnabled(not busy)
        if not busy:
            self._on_ticks_changed()

    def show_trouble(self, sentence: str) -> None:
        """It could not be saved; nothing was."""
        self.notes.setText(sentence)
        self.notes.show()

    def _show_chips(self, pasted: Pasted) -> None:
        clear(self._flow)
        for old in self._choice.buttons():
            self._choice.removeButton(old)
        self._add_chip(f"All {words.number(len(pasted.rows))}", None)
        for status, look in STATUS_LOOKS.items():
            count = pasted.count(status)
            if count:
                self._add_chip(f"{look.word} {words.number(count)}", status, look.icon)
        self._choice.buttons()[0].setChecked(True)

    def _add_chip(self, said: str, status: RowStatus | None, icon: str = "") -> None:
        chip = Button(said, icon=icon)
        chip.setProperty("chip", True)
        chip.setCheckable(True)
        chip.clicked.connect(partial(self._on_chip_clicked, status))
        self._choice.addButton(chip)
        self._flow.addWidget(chip)

    # --- mapping

    def open_mapping(self, place: int, at: QPoint) -> None:
        """The menu of a column: every field, by section, or leave it out."""
        now = next(c for c in self.model.columns if c.place == place)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        self._add_use(menu, group, "Leave this column out", NO_COLUMN, chosen=not now.use)
        who = menu.addMenu(f"Says which {self._collection.singular}")
        for key in (PORTAL_ID, *self._collection.keys, NAME):
            self._add_use(who, group, label_of(self._collection, key), key, chosen=key == now.field)
        menu.addSeparator()
        for section in self._collection.sections:
            fields = [f for f in self._collection.fields if f.section == section.key]
            if fields:
                inner = menu.addMenu(section.title)
                for field in fields:
                    self._add_use(inner, group, field.label, field.name, chosen=field.name == now.field)
        group.triggered.connect(partial(self._on_use_chosen, place))
        menu.popup(at)

    def _add_use(self, menu: QMenu, group: QActionGroup, said: str, field: str, *, chosen: bool) -> None:
        action = menu.addAction(said.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(chosen)
        action.setData(field)
        group.addAction(action)

    def _on_use_chosen(self, place: int, action: QAction) -> None:
        self.mapping_changed.emit(place, str(action.data()))

    def open_whose(self, place: int, at: QPoint) -> None:
        """The menu of a row of which it is not certain who is meant."""
        row = self.model.row_at(place)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for record_id, label in row.candidates:
            menu.addAction(
                f"This is {label}".replace("&", "&&"), partial(self._answer, row.number, record_id)
            )
        menu.addAction(f"This is a new {self._collection.singular}", partial(self._answer, row.number, ""))
        menu.popup(at)

    def _answer(self, number: int, record_id: str) -> None:
        self.answer_given.emit(number, record_id)

    def show_findings(self, number: int, sentence: str) -> None:
        """What the rules say of the record of a row, if that row is still the current one."""
        index = self.table.currentIndex()
        if index.isValid() and self.model.row_at(index.row()).number == number:
            self.told.setText(f"{self.model.said(index.row(), index.column())} {sentence}".strip())

    # --- slots

    def _on_chip_clicked(self, status: RowStatus | None) -> None:
        self.model.show_only(status)

    def _on_ticks_changed(self) -> None:
        count = len(self.model.ticked)
        self.main_button.set_words(f"Save {words.count(count, 'row')}" if count else "Save")
        self.main_button.allow(
            count > 0 and not self._busy, "No row is ticked that can be saved. Tick one with Space."
        )

    def _on_place_changed(self) -> None:
        index = self.table.currentIndex()
        self.told.setText(self.model.said(index.row(), index.column()) if index.isValid() else "")
        if index.isValid():
            self.row_reached.emit(self.model.row_at(index.row()))
