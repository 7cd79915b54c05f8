"""Add a deadline of one's own: its name, its day, and which records count for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from desktop.model.collection import Collection
from desktop.services.deadlines import LONGEST_NAME, Scope
from desktop.ui.fields.date_entry import DateEntry
from desktop.ui.fields.date_parts import as_date
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text


class AddDeadlineDialog(QDialog):
    """`chosen` carries name, day and scope; `show_problem` says what is wrong with them. Esc adds nothing."""

    chosen = Signal(str, date, Scope)

    def __init__(self, collections: Sequence[Collection], today: date, parent: QWidget) -> None:
        super().__init__(parent)
        self._pay = {known.name for known in collections if known.pays}
        self._today = today
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.day = DateEntry(today)
        self.which = QComboBox()
        self.money = QCheckBox("Only those with &money")
        self.problem = Text(role="table", tone="refused", weight=500, wrap=True)
        self.add_button, self.not_now = Button("Add the deadline", "primary"), Button("Not now", "quiet")
        for known in collections:
            self.which.addItem(f"All {known.title.lower()}", (known.name, ""))
            cycle = known.cycle(today)
            for year in (cycle, cycle + 1, cycle - 1):
                self.which.addItem(f"{known.title} of {year} to {year + 1}", (known.name, str(year)))
        self._arrange()
        self._on_which_changed()
        self.which.currentIndexChanged.connect(self._on_which_changed)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.not_now.clicked.connect(self.reject)

    def _arrange(self) -> None:
        self.setWindowTitle("Add a deadline")
        self.setMinimumWidth(420)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(Text("Add a deadline", "section"))
        for words, box in (("&What is it for", self.name), ("Which records &count", self.which)):
            label = Text(words, weight=500)
            label.setBuddy(box)
            box.setAccessibleName(words.replace("&", ""))
            column.addWidget(label)
            column.addWidget(box)
        column.addWidget(self.money)
        column.addWidget(Text("Day", weight=500))
        self.day.set_words("Day", "")
        column.addWidget(self.day)
        self.problem.hide()
        column.addWidget(self.problem)
        column.addSpacing(8)
        column.addLayout(row(None, self.not_now, self.add_button))
        QWidget.setTabOrder(self.name, self.which)
        QWidget.setTabOrder(self.which, self.money)

    def _on_which_changed(self) -> None:
        """Money can be asked for only where it can hang on a record."""
        pays = self.which.currentData()[0] in self._pay
        self.money.setVisible(pays)
        self.money.setChecked(pays and self.money.isChecked())

    def show_problem(self, words: str) -> None:
        """Say what is wrong; the dialog stays."""
        self.problem.setText(words)
        self.problem.show()

    def _on_add_clicked(self) -> None:
        day = as_date(self.day.parts(), self._today)
        if day is None:
            self.show_problem("Enter a day, for instance 14 October 2026.")
            self.day.inputs()[0].setFocus()
            return
        collection, cycle = self.which.currentData()
        scope = Scope(collection, cycle, self.money.isChecked())
        self.chosen.emit(self.name.text(), day, scope)
