"""Opening a workspace that this computer does not remember the key of, and making the first one.

The passphrase goes to the function given and nowhere else; checking it takes about a second, off the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.services.views import Organisation
from desktop.ui.icons import mark, set_icon
from desktop.ui.operations import Operations
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text
from desktop.ui.theme import repolish
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

KINDS = (
    ("hei", "Higher education provider"),
    ("scitt", "School-centred provider (SCITT)"),
    ("school", "School"),
    ("training-provider", "Training provider"),
)


class _Form(QDialog):
    """Mark and title, labelled fields, one message line, two buttons. `workspace` is what came of it."""

    def __init__(
        self, title: str, text: str, do: str, operations: Operations, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.workspace: Workspace | None = None
        self._operations = operations
        self._do_words = do
        self.setWindowTitle("Holdfast")
        self.setMinimumWidth(440)
        self.message = Text(role="table", tone="refused", weight=500, wrap=True)
        self._warning = Text()
        set_icon(self._warning, "circle-x", "refused")
        self.do, self._leave = Button(do, "primary"), Button("Close")
        picture = QLabel()
        picture.setPixmap(mark(40, self.devicePixelRatioF()))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Text(title, "title", wrap=True))
        words.addWidget(Text(text, tone="ink2", wrap=True))
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        told = QHBoxLayout()
        told.addWidget(self._warning, 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(self.message, 1)
        self._fields = QVBoxLayout()
        self._fields.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(16)
        column.addLayout(head)
        column.addLayout(self._fields)
        column.addLayout(told)
        column.addLayout(row(None, self._leave, self.do))
        self.do.setDefault(True)
        self.do.clicked.connect(self._on_do_clicked)
        self._leave.clicked.connect(self.reject)
        self.complain("")

    def add_field(self, label: str, field: QWidget, help_text: str = "") -> None:
        """A label above its field, and help under it."""
        words = Text(label, weight=500)
        words.setBuddy(field)
        field.setAccessibleName(label)
        field.setAccessibleDescription(help_text)
        if self._fields.count():
            self._fields.addSpacing(8)
        self._fields.addWidget(words)
        self._fields.addWidget(field)
        if help_text:
            self._fields.addWidget(Text(help_text, "caption", wrap=True))

    def complain(self, words: str, field: QLineEdit | None = None) -> None:
        """Say what is wrong and put the keyboard there; "" takes it back."""
        self.message.setText(words)
        self.message.setVisible(bool(words))
        self._warning.setVisible(bool(words))
        for edit in self.findChildren(QLineEdit):
            edit.setProperty("state", "err" if edit is field and words else "")
            repolish(edit)
        if field is not None:
            field.setFocus()
            field.selectAll()

    def wrong(self) -> tuple[str, QLineEdit] | None:
        """What is missing before the work can begin, and where; None when nothing is."""
        raise NotImplementedError

    def work(self) -> Callable[[], Workspace]:
        """What will be done off the GUI thread, with the answers as they are now."""
        raise NotImplementedError

    def failed(self, trouble: Trouble) -> None:
        """Tell what the store said."""
        self.complain(f"{trouble.title}. {trouble.text}")

    def _on_do_clicked(self) -> None:
        missing = self.wrong()
        if missing is not None:
            self.complain(*missing)
            return
        self.complain("")
        self.do.allow(False, "Working on it")
        self.do.set_words("One moment")
        self._operations.run(self.work(), self._on_done, on_failure=self._on_failed)

    def _on_done(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.accept()

    def _on_failed(self, trouble: Trouble) -> None:
        self.do.set_words(self._do_words)
        self.do.allow(True)
        self.failed(trouble)


class UnlockDialog(_Form):
    """Asks for the passphrase of a workspace until it opens or the person gives up."""

    def __init__(
        self, open_with: Callable[[str], Workspace], operations: Operations, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "Open your records",
            "They are encrypted on this computer. The passphrase opens them.",
            "Open",
            operations,
            parent,
        )
        self._open_with = open_with
        self.passphrase = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.add_field("Passphrase", self.passphrase)

    def wrong(self) -> tuple[str, QLineEdit] | None:
        return None if self.passphrase.text() else ("Enter the passphrase.", self.passphrase)

    def work(self) -> Callable[[], Workspace]:
        typed = self.passphrase.text()
        return lambda: self._open_with(typed)

    def failed(self, trouble: Trouble) -> None:
        self.complain(f"{trouble.title}. {trouble.text}", self.passphrase)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.passphrase.setFocus()


class FirstRunDialog(_Form):
    """Makes the first workspace: who you are, and the passphrase that protects the records."""

    def __init__(
        self,
        make: Callable[[Organisation, str], Workspace],
        operations: Operations,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            "Set up Holdfast",
            "Everything is kept on this computer, encrypted. Nothing is sent until you connect a portal.",
            "Make the workspace",
            operations,
            parent,
        )
        self._make = make
        self.name = QLineEdit()
        self.kind = QComboBox()
        for key, words in KINDS:
            self.kind.addItem(words, key)
        self.ukprn = QLineEdit()
        self.passphrase = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.again = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.add_field("Name of your organisation", self.name)
        self.add_field("Kind of organisation", self.kind)
        self.add_field("UKPRN", self.ukprn, "8 digits. Leave it empty if you have none.")
        self.add_field("Passphrase", self.passphrase, "Four words are good. Nobody can recover it for you.")
        self.add_field("The passphrase again", self.again)

    def wrong(self) -> tuple[str, QLineEdit] | None:
        if not self.name.text().strip():
            return "Enter the name of your organisation.", self.name
        ukprn = self.ukprn.text().strip()
        if ukprn and not (ukprn.isascii() and ukprn.isdigit() and len(ukprn) == 8):
            return "A UKPRN has 8 digits. Enter them, or leave it empty.", self.ukprn
        if not self.passphrase.text():
            return "Enter a passphrase.", self.passphrase
        if self.passphrase.text() != self.again.text():
            return "The two passphrases are not the same. Type the second one again.", self.again
        return None

    def work(self) -> Callable[[], Workspace]:
        organisation = Organisation(
            self.name.text().strip(), str(self.kind.currentData()), self.ukprn.text().strip()
        )
        typed = self.passphrase.text()
        return lambda: self._make(organisation, typed)
