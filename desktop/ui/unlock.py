"""Opening a workspace that this computer does not remember the key of.

The passphrase goes to the function given and nowhere else; checking it takes about a second, off the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.ui.icons import mark, set_icon
from desktop.ui.operations import Operations
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text
from desktop.ui.theme import repolish
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace


class UnlockDialog(QDialog):
    """Asks for the passphrase of a workspace until it opens or the person gives up; `workspace` is what came of it."""

    def __init__(
        self, open_with: Callable[[str], Workspace], operations: Operations, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.workspace: Workspace | None = None
        self._open_with, self._operations = open_with, operations
        self.setWindowTitle("Holdfast")
        self.setMinimumWidth(440)
        self.passphrase = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName("Passphrase")
        self.message = Text(role="table", tone="refused", weight=500, wrap=True)
        self._warning = Text()
        set_icon(self._warning, "circle-x", "refused")
        self.do, self._leave = Button("Open", "primary"), Button("Close")
        self._arrange()
        self.do.setDefault(True)
        self.do.clicked.connect(self._on_do_clicked)
        self._leave.clicked.connect(self.reject)
        self._complain("")

    def _arrange(self) -> None:
        picture = QLabel()
        picture.setPixmap(mark(40, self.devicePixelRatioF()))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Text("Open your records", "title", wrap=True))
        told = "They are encrypted on this computer. The passphrase opens them."
        words.addWidget(Text(told, tone="ink2", wrap=True))
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        label = Text("Passphrase", weight=500)
        label.setBuddy(self.passphrase)
        trouble = QHBoxLayout()
        trouble.setSpacing(6)
        trouble.addWidget(self._warning, 0, Qt.AlignmentFlag.AlignTop)
        trouble.addWidget(self.message, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(16)
        column.addLayout(head)
        column.addWidget(label)
        column.addSpacing(-10)
        column.addWidget(self.passphrase)
        column.addLayout(trouble)
        column.addLayout(row(None, self._leave, self.do))

    def _complain(self, words: str) -> None:
        """Say what is wrong and put the keyboard there; "" takes it back."""
        self.message.setText(words)
        self.message.setVisible(bool(words))
        self._warning.setVisible(bool(words))
        self.passphrase.setAccessibleDescription(words)
        self.passphrase.setProperty("state", "err" if words else "")
        repolish(self.passphrase)
        if words:
            self.passphrase.setFocus()
            self.passphrase.selectAll()

    def _on_do_clicked(self) -> None:
        typed = self.passphrase.text()
        if not typed:
            self._complain("Enter the passphrase.")
            return
        self._complain("")
        self.do.allow(False, "Working on it")
        self.do.set_words("One moment")
        self._operations.run(lambda: self._open_with(typed), self._on_opened, on_failure=self._on_failed)

    def _on_opened(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.accept()

    def _on_failed(self, trouble: Trouble) -> None:
        self.do.set_words("Open")
        self.do.allow(True)
        self._complain(f"{trouble.title}. {trouble.text}")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.passphrase.setFocus()
