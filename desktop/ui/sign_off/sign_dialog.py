"""A person says that the sign-off was signed on the website: who, on which day, with which reference."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.services.sign_off import LONGEST, Checklist
from desktop.ui.fields.date_entry import DateEntry
from desktop.ui.fields.date_parts import as_date
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.dialog import Dialog
from desktop.ui.parts.text import Text
from desktop.ui.words import count


class SignDialog(Dialog):
    """`said` carries name, day and reference; whoever asked closes it, or says what is wrong. Esc says nothing."""

    said = Signal(str, date, str)

    def __init__(self, one: Checklist, name: str, parent: QWidget) -> None:
        super().__init__("Signed on Register’s website", parent, 8)
        self._today = one.today
        self.setMinimumWidth(440)
        self.name, self.reference = QLineEdit(name), QLineEdit()
        self.day = DateEntry(one.today, past=True)
        self.problem = Text(role="table", tone="refused", weight=500, wrap=True)
        self.main_button, self.not_yet = Button("It is signed", "primary"), Button("Not yet", "quiet")
        self._arrange(one)
        self.day.show_value(one.today.isoformat())
        self.main_button.clicked.connect(self._on_main_clicked)
        self.main_button.setDefault(True)
        self.not_yet.clicked.connect(self.reject)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self, one: Checklist) -> None:
        add = self.column.addWidget
        add(Text(f"{one.title} is signed on Register’s website?", "section", wrap=True))
        add(Text(_told(one), tone="ink2", wrap=True))
        for words, box in (
            ("&Who signed", self.name),
            ("&Reference, if Register showed one", self.reference),
        ):
            box.setMaxLength(LONGEST)
            label = Text(words, weight=500)
            label.setBuddy(box)
            box.setAccessibleName(words.replace("&", ""))
            if box is self.reference:
                add(Text("Day", weight=500))
                self.day.set_words("Day", "")
                add(self.day)
            add(label)
            add(box)
        self.problem.hide()
        add(self.problem)
        self.column.addSpacing(8)
        self.column.addLayout(row(None, self.not_yet, self.main_button))

    def show_problem(self, words: str) -> None:
        """Say what is wrong; the dialog stays."""
        self.problem.setText(words)
        self.problem.show()

    def _on_main_clicked(self) -> None:
        day = as_date(self.day.parts(), self._today, past=True)
        if day is None:
            self.show_problem("Enter the day, for instance 20 October 2026.")
            self.day.inputs()[0].setFocus()
            return
        self.said.emit(self.name.text(), day, self.reference.text())


def _told(one: Checklist) -> str:
    noted = "Holdfast notes it together with the file and the records as they are now, and tells you when they change."
    if not one.open_before_signing:
        return noted
    return f"{count(one.open_before_signing, 'point is', 'points are')} still open in the checklist. {noted}"
