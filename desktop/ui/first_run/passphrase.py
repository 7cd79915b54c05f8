"""Step 4: the passphrase that protects the records, typed twice, with a hint how hard it is to guess."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QFrame, QProgressBar, QVBoxLayout, QWidget

from desktop.ui.first_run import answers as checks
from desktop.ui.first_run.answers import Answers, strength
from desktop.ui.first_run.labelled import Labelled, secret
from desktop.ui.first_run.step import Step
from desktop.ui.icons import set_icon
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text

NO_WAY_BACK = "There is no way back without it: nobody can find it for you. Write it down and keep it where your office keeps keys."
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
    """The passphrase is kept nowhere: it wraps the key of the records."""

    name = "Passphrase"

    def __init__(self) -> None:
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
        self.add(
            self._warning(),
            self.first_row,
            self.strength,
            self.second_row,
            self.remember,
            self._remember_help,
        )
        self.column.addStretch(1)
        self.passphrase.textChanged.connect(self.strength.show_for)

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
        """Whether this computer has a credential store."""
        self._has_store = present
        self.remember.setEnabled(present)
        if not present:
            self.remember.setChecked(False)
        self._remember_help.setText(REMEMBER_HELP if present else NO_STORE)
        self.remember.setAccessibleDescription(self._remember_help.text())

    def show_answers(self, answers: Answers) -> None:
        self.passphrase.setText(answers.passphrase)
        self.again.setText(answers.again)
        self.remember.setChecked(answers.remember and self._has_store)

    def keep(self, answers: Answers) -> None:
        answers.passphrase, answers.again = self.passphrase.text(), self.again.text()
        answers.remember = self.remember.isChecked()

    def complete(self) -> bool:
        if self.first_row.complain(checks.wrong_passphrase(self.passphrase.text())):
            self.second_row.complain("")
            return False
        return not self.second_row.complain(checks.wrong_again(self.passphrase.text(), self.again.text()))

    def caption(self, answers: Answers) -> str:
        return "Set" if answers.passphrase else ""
