"""Step 4: the passphrase that protects the records, typed twice, with a hint how hard it is to guess; and the recovery sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QProgressBar, QVBoxLayout, QWidget

from desktop.handover.recovery_sheet import RecoverySheet
from desktop.policy import policy
from desktop.services.core import today_in_london
from desktop.services.unlocking import SheetDraft, draft_sheet
from desktop.ui.first_run import answers as checks
from desktop.ui.first_run.answers import Answers, strength
from desktop.ui.first_run.labelled import Labelled, secret
from desktop.ui.first_run.step import Step
from desktop.ui.icons import set_icon
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text
from desktop.ui.recovery.sheet_box import SheetBox

NO_WAY_BACK = (
    "Nobody can find it for you. A recovery sheet on paper is the other way in: make one below, and keep it where your office "
    "keeps keys."
)
LATER = "Without a sheet, a forgotten passphrase closes the records. You can also make one later in Settings."
ONCE = "Holdfast does not keep the code: once you have gone on, nobody can show it again."
REMEMBER = "Open without the passphrase on this computer"
REMEMBER_HELP = "Its credential store keeps the key for you. Without this, Holdfast asks each time it opens."
NO_STORE = "This computer has no credential store, so Holdfast asks for the passphrase each time it opens."


class Strength(QWidget):
    """A slim bar and words; the words are the truth."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = QProgressBar()
        self._bar.setRange(0, 3)
        self._bar.setTextVisible(False)
        self._bar.setMaximumWidth(160)
        self._bar.setAccessibleName("How hard it is to guess")
        self._words = Text(role="caption", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._bar)
        column.addWidget(self._words)
        self.show_for("")

    @property
    def words(self) -> str:
        return self._words.text()

    def show_for(self, passphrase: str) -> None:
        """Say how hard this one is to guess."""
        level, words = strength(passphrase)
        self._bar.setValue(level)
        self._bar.setAccessibleDescription(words)
        self._words.setText(words)


class PassphraseStep(Step):
    """The passphrase is kept nowhere: it wraps the key of the records. So does the code of the sheet.

    folder  where the workspace will be, for the sheet
    """

    name = "Passphrase"

    def __init__(self, folder: Path, today: Callable[[], date] = today_in_london) -> None:
        super().__init__(
            "Choose a passphrase for your records",
            "They are encrypted on this computer. The passphrase opens them.",
        )
        self.passphrase, self.again = secret(), secret()
        self.strength = Strength()
        self.first_row = Labelled("Passphrase", self.passphrase)
        self.second_row = Labelled("The passphrase again", self.again)
        self.remember = QCheckBox(REMEMBER)
        self._remember_help = Text(REMEMBER_HELP, "caption", wrap=True)
        self._has_store = True
        self._folder, self._today = folder, today
        self._organisation = ""
        self._draft: SheetDraft | None = None
        self.make_sheet = Button("Make a recovery sheet now", icon="key-round")
        self._later = Text(LATER, "caption", wrap=True)
        self.sheet = SheetBox()
        self.sheet.hide()
        self.add(
            self._warning(),
            self.first_row,
            self.strength,
            self.second_row,
            self.remember,
            self._remember_help,
        )
        self.column.addLayout(row(self.make_sheet, None))
        self.add(self._later, self.sheet)
        self.column.addStretch(1)
        self.passphrase.textChanged.connect(self.strength.show_for)
        self.make_sheet.clicked.connect(self._on_make_clicked)

    def _warning(self) -> QFrame:
        box = QFrame()
        box.setProperty("card", "note")
        picture = Text()
        set_icon(picture, "key-round", "ink2", 20)
        line = row(picture, spacing=12)
        line.setContentsMargins(16, 12, 16, 12)
        line.addWidget(Text(NO_WAY_BACK, wrap=True), 1)
        box.setLayout(line)
        return box

    def set_store(self, present: bool) -> None:
        """Whether this computer has a credential store. IT may forbid that it is used."""
        forbidden = policy().forbids("RememberKey")
        self._has_store = present and not forbidden
        self.remember.setEnabled(self._has_store)
        if not self._has_store:
            self.remember.setChecked(False)
        usual = REMEMBER_HELP if present else NO_STORE
        self._remember_help.setText(policy().said("RememberKey") if forbidden else usual)
        self.remember.setAccessibleDescription(self._remember_help.text())

    def show_answers(self, answers: Answers) -> None:
        self.passphrase.setText(answers.passphrase)
        self.again.setText(answers.again)
        self.remember.setChecked(answers.remember and self._has_store)
        self._organisation = answers.name.strip()

    def keep(self, answers: Answers) -> None:
        answers.passphrase, answers.again = self.passphrase.text(), self.again.text()
        answers.remember = self.remember.isChecked()
        answers.sheet = self._draft if self.sheet.wrote.isChecked() else None

    def complete(self) -> bool:
        if self.first_row.complain(checks.wrong_passphrase(self.passphrase.text())):
            self.second_row.complain("")
            return False
        return not self.second_row.complain(checks.wrong_again(self.passphrase.text(), self.again.text()))

    def caption(self, answers: Answers) -> str:
        return ("Set, with a recovery sheet" if answers.sheet else "Set") if answers.passphrase else ""

    def _on_make_clicked(self) -> None:
        draft = self._draft = draft_sheet(self._today())
        self.sheet.show_sheet(
            RecoverySheet(
                self._organisation, str(self._folder.absolute()), draft.number, draft.made, draft.code
            )
        )
        self.make_sheet.hide()
        self._later.setText(ONCE)
        self.sheet.show()
        self.sheet.save.setFocus(Qt.FocusReason.OtherFocusReason)
