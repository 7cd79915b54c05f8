"""Asking for a passphrase, wherever it is asked for: one field, what was wrong, and a pause that grows with each wrong one."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.model.errors import WrongPassphrase
from desktop.model.recovery_code import NotACode, read_code
from desktop.services.unlocking import pause_s
from desktop.ui.icons import set_icon
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.text import Text
from desktop.ui.theme import repolish
from desktop.ui.trouble import Trouble
from desktop.ui.words import count

SECOND_MS = 1_000
FORGOTTEN = (
    "Nobody can find it for you, but the recovery sheet of your office opens the records as well. Look where keys and contracts "
    "are kept, or ask a colleague who works with these records. Without passphrase and sheet they stay closed: delete nothing "
    "before you are sure."
)


class PassphraseEntry(QWidget):
    """`tried` carries a passphrase to try; whoever tries it answers with `accept` or `refuse`.

    It can ask for the code of the recovery sheet instead (`ask_for_code`): `used_code` says which of them was right.

    do      the button that tries it; Enter in the field does the same. It stands wherever its window puts it
    opens   what the right one opens, for the sentence about a wrong one: "these records"
    """

    tried = Signal(str)

    def __init__(self, do: Button, opens: str = "these records") -> None:
        super().__init__()
        self._do, self._opens = do, opens
        self._wrong, self._left_s = 0, 0
        self._code = self.used_code = False
        self.field = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.field.setAccessibleName("Passphrase")
        self.message = Text(role="table", tone="refused", weight=500, wrap=True)
        self._warning = Text()
        set_icon(self._warning, "circle-x", "refused")
        self._second = QTimer(self, interval=SECOND_MS)
        self._arrange()
        self._second.timeout.connect(self._on_second)
        do.clicked.connect(self._on_do)
        self.field.returnPressed.connect(self._on_do)
        self.complain("")

    def _arrange(self) -> None:
        label = self._label = Text("Passphrase", weight=500)
        label.setBuddy(self.field)
        trouble = QHBoxLayout()
        trouble.setSpacing(6)
        trouble.addWidget(self._warning, 0, Qt.AlignmentFlag.AlignTop)
        trouble.addWidget(self.message, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label)
        column.addWidget(self.field)
        column.addLayout(trouble)

    def begin(self) -> None:
        """Be empty and have the keyboard; a pause that runs goes on."""
        self.field.clear()
        if not self._left_s:
            self.complain("")
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_for_code(self, code: bool) -> None:
        """Ask for the code of the recovery sheet, which is seen while it is typed; or for the passphrase again."""
        self._code = code
        name = "Recovery code" if code else "Passphrase"
        self._label.setText(name)
        self.field.setAccessibleName(name)
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if code else QLineEdit.EchoMode.Password)
        self.begin()

    def accept(self) -> None:
        """It was the right one."""
        self._wrong = 0
        self.used_code = self._code
        self._do.allow(True)
        self.complain("")
        self.field.clear()

    def refuse(self, trouble: Trouble) -> None:
        """It did not open: say why, and let the next be tried at once or after the pause."""
        self._do.allow(True)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        if not isinstance(trouble.error, WrongPassphrase):
            self.complain(f"{trouble.title}. {trouble.text}")
            return
        self._wrong += 1
        self._left_s = ceil(pause_s(self._wrong))
        if self._left_s:
            self._do.allow(False, "Wait a moment after a wrong passphrase")
            self._second.start()
        self._tell_wrong()

    def complain(self, words: str) -> None:
        """Say what is wrong under the field; "" takes it back."""
        self.message.setText(words)
        self.message.setVisible(bool(words))
        self._warning.setVisible(bool(words))
        self.field.setAccessibleDescription(words)
        self.field.setProperty("state", "err" if words else "")
        repolish(self.field)

    def _on_do(self) -> None:
        if not self._do.isEnabled():
            return
        typed = self.field.text()
        if slip := self._slip(typed):
            self.complain(slip)
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._do.allow(False, "Checking it")
        self.tried.emit(typed)

    def _slip(self, typed: str) -> str:
        """What can be seen to be wrong before anything is tried."""
        if not self._code:
            return "" if typed else "Enter the passphrase."
        if not typed:
            return "Enter the code of the recovery sheet."
        try:
            read_code(typed)
        except NotACode as slip:
            return str(slip)
        return ""

    def _tell_wrong(self) -> None:
        more = f" Try again in {count(self._left_s, 'second')}." if self._left_s else " Try again."
        if self._code:
            self.complain(
                f"That code does not open {self._opens}. A newer sheet makes older ones useless.{more}"
            )
        else:
            self.complain(f"That passphrase does not open {self._opens}. Check capitals and spaces.{more}")

    def _on_second(self) -> None:
        self._left_s -= 1
        if self._left_s <= 0:
            self._second.stop()
            self._do.allow(True)
        self._tell_wrong()


class Forgotten(QWidget):
    """A link for somebody who has lost the passphrase, and what can be done then: the code of the recovery sheet."""

    unfolded = Signal()
    """It takes more room now, or less."""

    def __init__(self, entry: PassphraseEntry) -> None:
        super().__init__()
        self._entry = entry
        self.use_sheet = Button("Use the recovery sheet", icon="key-round")
        self.link = Button("I have forgotten the passphrase", "link")
        self._words = Text(FORGOTTEN, tone="ink2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._words)
        column.addWidget(self.use_sheet, 0, Qt.AlignmentFlag.AlignLeft)
        self.link.clicked.connect(self._on_forgotten)
        self.use_sheet.clicked.connect(self._on_use_clicked)
        self._asking_code = False
        self._unfold(False)

    def fold(self) -> None:
        """Only the link again, and the passphrase is asked for."""
        self._ask_for_code(False)
        self._unfold(False)

    def _on_forgotten(self) -> None:
        self._unfold(True)

    def _unfold(self, shown: bool) -> None:
        self._words.setVisible(shown)
        self.use_sheet.setVisible(shown)
        self.unfolded.emit()

    def _on_use_clicked(self) -> None:
        self._ask_for_code(not self._asking_code)
        self.unfolded.emit()

    def _ask_for_code(self, code: bool) -> None:
        if code == self._asking_code:
            return
        self._asking_code = code
        self.use_sheet.set_words("Use the passphrase" if code else "Use the recovery sheet")
        self._words.setVisible(not code)
        self._entry.ask_for_code(code)
