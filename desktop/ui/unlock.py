"""Opening a workspace that this computer does not remember the key of.

The passphrase goes to the function given and nowhere else; checking it takes about a second, off the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.ui.icons import mark
from desktop.ui.operations import Operations
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.passphrase_entry import Forgotten, PassphraseEntry
from desktop.ui.parts.text import Text
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
        self.wants_backup = False
        """Whether the person wants to put a backup back instead."""
        self._open_with, self._operations = open_with, operations
        self._typed = ""
        self.setWindowTitle("Holdfast")
        self.setMinimumWidth(440)
        self.do, self._leave = Button("Open", "primary"), Button("Close")
        self.restore = Button("Restore a backup", "quiet")
        self.entry = PassphraseEntry(self.do)
        self.forgotten = Forgotten(self.entry)
        self._arrange()
        self.entry.tried.connect(self._on_tried)
        self._leave.clicked.connect(self.reject)
        self.restore.clicked.connect(self._on_restore_clicked)
        self.forgotten.unfolded.connect(self._fit)

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
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(16)
        column.addLayout(head)
        column.addWidget(self.entry)
        column.addLayout(row(self.restore, None, self._leave, self.do))
        column.addWidget(self.forgotten)

    def _fit(self) -> None:
        """As high as its words need at its width, which a wrapped label does not say by itself."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    @property
    def code(self) -> str:
        """The code of the recovery sheet, when that opened it; "" otherwise."""
        return self._typed if self.entry.used_code else ""

    def _on_tried(self, typed: str) -> None:
        self._typed = typed
        self.do.set_words("One moment")
        self._operations.run(lambda: self._open_with(typed), self._on_opened, on_failure=self._on_failed)

    def _on_restore_clicked(self) -> None:
        self.wants_backup = True
        self.reject()

    def _on_opened(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.entry.accept()
        self.accept()

    def _on_failed(self, trouble: Trouble) -> None:
        self.do.set_words("Open")
        self.entry.refuse(trouble)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.entry.begin()
