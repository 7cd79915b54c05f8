"""What covers the window while it is locked: one field, and in words what goes on behind it, or that nothing does."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from desktop.ui.icons import mark
from desktop.ui.operations import Lane, Operations
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.passphrase_entry import Forgotten, PassphraseEntry
from desktop.ui.parts.scroll_page import ScrollPage
from desktop.ui.parts.text import Text
from desktop.ui.theme import scaled, theme

WIDTH = 420
_KEPT = "What you saved and what you were typing is kept; sending goes on when you are back."


class LockScreen(ScrollPage):
    """Asks for the passphrase that opens the workspace."""

    SENDING = (
        "Nobody can read your records here until the passphrase is typed. "
        "Holdfast goes on sending what you saved, and reads what is new."
    )
    CLOSING = (
        f"Nobody can read your records here until the passphrase is typed. They are being closed. {_KEPT}"
    )
    CLOSED = f"Your records are closed and encrypted until the passphrase is typed. {_KEPT}"

    unlocked = Signal()
    close_asked = Signal()

    def __init__(self, check: Callable[[str], None], operations: Operations) -> None:
        super().__init__()
        self.setAccessibleName("Holdfast is locked")
        self._check, self._operations = check, operations
        self._picture = QLabel()
        self.text, self.hint = Text(self.SENDING, tone="ink2", wrap=True), Text(tone="ink2", wrap=True)
        self.unlock, self.leave = Button("Unlock", "primary"), Button("Close Holdfast", "quiet")
        self.entry = PassphraseEntry(self.unlock)
        self.forgotten = Forgotten(self.entry)
        self._arrange()
        self.entry.tried.connect(self._on_tried)
        self.leave.clicked.connect(self.close_asked)
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
        column.addWidget(self.text)
        column.addWidget(self.hint)
        column.addSpacing(4)
        column.addWidget(self.entry)
        column.addLayout(row(None, self.leave, self.unlock))
        column.addWidget(self.forgotten)
        self.hint.hide()
        self.column.addStretch(1)
        middle = row(None)
        middle.addWidget(self._box, 100)
        middle.addStretch(1)
        self.column.addLayout(middle)
        self.column.addStretch(2)

    def tell(self, words: str) -> None:
        """Say what goes on behind it: one of the sentences above."""
        self.text.setText(words)

    def begin(self, hint: str = "") -> None:
        """Be ready for the passphrase; a pause that runs goes on."""
        self.forgotten.fold()
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.entry.begin()

    def _fit_look(self) -> None:
        self._picture.setPixmap(mark(40, self.devicePixelRatioF()))
        self._box.setMaximumWidth(scaled(WIDTH))

    def _on_tried(self, typed: str) -> None:
        self._operations.run(
            lambda: self._check(typed), self._on_right, lane=Lane.NETWORK, on_failure=self.entry.refuse
        )

    def _on_right(self, _nothing: object) -> None:
        self.entry.accept()
        self.unlocked.emit()
