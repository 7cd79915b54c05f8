"""The dialogs of the recovery sheet: a new one is shown before it counts, and a new passphrase is asked for after it was used."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.handover.recovery_sheet import RecoverySheet
from desktop.ui.first_run import answers as checks
from desktop.ui.first_run.labelled import Labelled, secret
from desktop.ui.first_run.passphrase import Strength
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.dialog import Dialog
from desktop.ui.parts.text import Text
from desktop.ui.recovery.sheet_box import SheetBox

ONCE = (
    "This code opens your records when the passphrase is forgotten. Holdfast does not keep it: once this is closed, nobody can "
    "show it again. Keep it where your office keeps keys, not beside this computer."
)


class SheetDialog(Dialog):
    """Accepted once the person has the sheet and wants it to count; `before` = number of the one that it replaces."""

    def __init__(self, sheet: RecoverySheet, before: str, parent: QWidget) -> None:
        super().__init__("Recovery sheet", parent)
        self.box = SheetBox()
        self.box.show_sheet(sheet)
        self.do, self.leave = Button("Use this sheet from now on", "primary"), Button("Not now", "quiet")
        self.column.addWidget(Text("Put your recovery sheet on paper", "section", wrap=True))
        self.column.addWidget(Text(ONCE, tone="ink2", wrap=True))
        self.column.addWidget(self.box)
        if before:
            told = f"Sheet number {before} opens nothing any more from then on. Until then it counts."
            self.column.addWidget(Text(told, wrap=True))
        self.column.addStretch(1)
        self.column.addLayout(row(None, self.leave, self.do))
        self.box.taken.connect(self._on_taken)
        self.do.clicked.connect(self.accept)
        self.leave.clicked.connect(self.reject)
        self._on_taken(False)
        self.take_room(620, 460)

    def _on_taken(self, taken: bool) -> None:
        self.do.allow(taken, "Print it, save it or write it down first")


class NewPassphraseDialog(Dialog):
    """Asks for a new passphrase after the recovery sheet opened the records; `passphrase` is what was chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("New passphrase", parent)
        self.passphrase = ""
        self._new, self._again = secret(), secret()
        self.new_row = Labelled("New passphrase", self._new)
        self.again_row = Labelled("The new passphrase again", self._again)
        self._strength = Strength()
        self.do, self.leave = Button("Use the new passphrase", "primary"), Button("Not now", "quiet")
        self.column.addWidget(Text("Choose a new passphrase", "section", wrap=True))
        told = "The recovery sheet has opened your records. It goes on counting; the forgotten passphrase does not."
        self.column.addWidget(Text(told, tone="ink2", wrap=True))
        for part in (self.new_row, self._strength, self.again_row):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self.column.addLayout(row(None, self.leave, self.do))
        self._new.textChanged.connect(self._strength.show_for)
        self._again.returnPressed.connect(self._on_do)
        self.do.clicked.connect(self._on_do)
        self.leave.clicked.connect(self.reject)
        self.setMinimumWidth(440)

    def _on_do(self) -> None:
        new = self._new.text()
        wrong = [
            self.again_row.complain(checks.wrong_again(new, self._again.text())),
            self.new_row.complain(checks.wrong_passphrase(new)),
        ]
        if not any(wrong):
            self.passphrase = new
            self.accept()
