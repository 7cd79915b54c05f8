"""What covers the window while it is locked: one field, and in words what goes on behind it."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout

from desktop.model.errors import WrongPassphrase
from desktop.services.unlocking import pause_s
from desktop.ui.icons import mark
from desktop.ui.operations import Lane, Operations
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import outdent, row
from desktop.ui.parts.scroll_page import ScrollPage
from desktop.ui.parts.text import Text
from desktop.ui.theme import repolish, scaled, theme
from desktop.ui.trouble import Trouble
from desktop.ui.words import count

WIDTH = 420
SECOND_MS = 1_000
TEXT = (
    "Nobody can read your records here until the passphrase is typed. "
    "Holdfast goes on sending what you saved, and reads what is new."
)
FORGOTTEN = (
    "Nobody can find the passphrase for you, neither Holdfast nor the portal. Look where your office keeps it, or ask a "
    "colleague who works with these records. Without it the records on this computer stay closed. What the portal has "
    "confirmed can be read again into a new workspace; what was not sent yet is then lost. So close nothing and delete "
    "nothing before you are sure."
)


class LockScreen(ScrollPage):
    """Asks for the passphrase; after wrong ones it takes the next only after a pause, which grows."""

    unlocked = Signal()
    close_asked = Signal()

    def __init__(self, check: Callable[[str], None], operations: Operations) -> None:
        super().__init__()
        self.setAccessibleName("Holdfast is locked")
        self._check, self._operations = check, operations
        self._wrong, self._left_s = 0, 0
        self._picture = QLabel()
        self.passphrase = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName("Passphrase")
        self.hint = Text(tone="ink2", wrap=True)
        self.message = Text(role="table", tone="refused", weight=500, wrap=True)
        self.unlock, self.leave = Button("Unlock", "primary"), Button("Close Holdfast", "quiet")
        self.forgotten = Button("I have forgotten the passphrase", "link")
        self._forgotten_words = Text(FORGOTTEN, tone="ink2", wrap=True)
        self._second = QTimer(self, interval=SECOND_MS)
        self._arrange()
        self._second.timeout.connect(self._on_second)
        self.unlock.clicked.connect(self._on_unlock_clicked)
        self.passphrase.returnPressed.connect(self._on_unlock_clicked)
        self.leave.clicked.connect(self.close_asked)
        self.forgotten.clicked.connect(self._forgotten_words.show)
        theme().changed.connect(self._fit_look)
        self._fit_look()

    def _arrange(self) -> None:
        self._box = QFrame()
        self._box.setProperty("card", "plain")
        column = QVBoxLayout(self._box)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(12)
        column.addLayout(row(self._picture, None))
        column.addWidget(Text("Holdfast is locked", "title", wrap=True))
        column.addWidget(Text(TEXT, tone="ink2", wrap=True))
        column.addWidget(self.hint)
        label = Text("Passphrase", weight=500)
        label.setBuddy(self.passphrase)
        column.addSpacing(4)
        column.addWidget(label)
        column.addWidget(self.passphrase)
        column.addWidget(self.message)
        column.addLayout(row(None, self.leave, self.unlock))
        column.addLayout(outdent(self.forgotten))
        column.addWidget(self._forgotten_words)
        for words in (self.hint, self.message, self._forgotten_words):
            words.hide()
        self.column.addStretch(1)
        middle = row(None)
        middle.addWidget(self._box, 100)
        middle.addStretch(1)
        self.column.addLayout(middle)
        self.column.addStretch(2)

    def begin(self, hint: str = "") -> None:
        """Be ready for the passphrase; a pause that runs goes on."""
        self.passphrase.clear()
        self._forgotten_words.hide()
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        if not self._left_s:
            self.complain("")
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def complain(self, words: str) -> None:
        """Say what is wrong under the field; "" takes it back."""
        self.message.setText(words)
        self.message.setVisible(bool(words))
        self.passphrase.setAccessibleDescription(words)
        self.passphrase.setProperty("state", "err" if words else "")
        repolish(self.passphrase)

    def _fit_look(self) -> None:
        self._picture.setPixmap(mark(40, self.devicePixelRatioF()))
        self._box.setMaximumWidth(scaled(WIDTH))

    def _on_unlock_clicked(self) -> None:
        typed = self.passphrase.text()
        if not self.unlock.isEnabled():
            return
        if not typed:
            self.complain("Enter the passphrase.")
            return
        self.unlock.allow(False, "Checking the passphrase")
        self._operations.run(
            lambda: self._check(typed), self._on_right, lane=Lane.NETWORK, on_failure=self._on_failed
        )

    def _on_right(self, _nothing: object) -> None:
        self._wrong = 0
        self.unlock.allow(True)
        self.complain("")
        self.passphrase.clear()
        self.unlocked.emit()

    def _on_failed(self, trouble: Trouble) -> None:
        self.unlock.allow(True)
        self.passphrase.selectAll()
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)
        if not isinstance(trouble.error, WrongPassphrase):
            self.complain(f"{trouble.title}. {trouble.text}")
            return
        self._wrong += 1
        self._left_s = ceil(pause_s(self._wrong))
        if self._left_s:
            self.unlock.allow(False, "Wait a moment after a wrong passphrase")
            self._second.start()
        self._tell_wrong()

    def _tell_wrong(self) -> None:
        more = f" Try again in {count(self._left_s, 'second')}." if self._left_s else " Try again."
        self.complain(f"That passphrase does not open these records. Check capitals and spaces.{more}")

    def _on_second(self) -> None:
        self._left_s -= 1
        if self._left_s <= 0:
            self._second.stop()
            self.unlock.allow(True)
        self._tell_wrong()
