"""Everything held about one person, saved for them: asks whether the file is to have a password, and where it goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.services.subject_access import SHORTEST_PASSWORD, Made
from desktop.services.views import RecordView
from desktop.ui.first_run.labelled import Labelled
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.dialog import Dialog
from desktop.ui.parts.save_as import save_as
from desktop.ui.parts.text import Text
from desktop.ui.record.facts import spoken_name
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from desktop.ui.record.page import RecordPage

_ABOUT = (
    "One zip file with a PDF to read, and the same as tables and data: every answer here and at the portal, what waits, the "
    "history, and where else they are named. Other people are left out where they are named."
)
_HELP = (
    f"At least {SHORTEST_PASSWORD} characters. Tell it to the person by another way, such as the telephone. The file then opens in "
    "7-Zip or WinZip. Leave it empty, and anybody who has the file can read it."
)
KINDS = {".zip": "Zip file (*.zip)"}


class EverythingDialog(Dialog):
    """`chosen` carries the password, "" for none."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__("Everything held about this person", parent)
        self.password = QLineEdit()
        self.save, self.not_now = Button("Choose where to save it", "primary"), Button("Not now", "quiet")
        self.trouble = Text(tone="refused", weight=500, wrap=True)
        self.column.addWidget(Text(f"Everything held about {name}", "section", wrap=True))
        self.column.addWidget(Text(_ABOUT, tone="ink2", wrap=True))
        self.column.addWidget(Labelled("Password for the file", self.password, _HELP))
        self.column.addWidget(self.trouble)
        self.column.addStretch(1)
        self.column.addLayout(row(None, self.not_now, self.save))
        self.trouble.hide()
        self.take_room(560, 340)
        self.save.clicked.connect(self._on_save_clicked)
        self.not_now.clicked.connect(self.reject)
        self.password.returnPressed.connect(self._on_save_clicked)
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_save_clicked(self) -> None:
        typed = self.password.text()
        if typed and len(typed) < SHORTEST_PASSWORD:
            self.trouble.setText(f"Use at least {SHORTEST_PASSWORD} characters, or leave it empty.")
            self.trouble.show()
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.chosen.emit(typed)


class Everything(QObject):
    """Works for one page."""

    def __init__(self, page: RecordPage) -> None:
        super().__init__(page)
        self._page = page
        self.dialog: EverythingDialog | None = None

    def ask(self, view: RecordView) -> None:
        """Ask for password and place, then write."""
        name = spoken_name(view.label) or f"this {self._page.collection.singular}"
        dialog = self.dialog = EverythingDialog(name, self._page)
        dialog.chosen.connect(lambda password: self._on_chosen(view, password))
        dialog.open()

    def _on_chosen(self, view: RecordView, password: str) -> None:
        if self.dialog is None:
            return
        path = save_as(self.dialog, "Save everything held about this person", "everything-held.zip", KINDS)
        if path is not None:
            self.write(view, path, password)

    def write(self, view: RecordView, path: Path, password: str) -> None:
        """Write it in the background."""
        service = self._page.workspace.subject_access
        self._page.operations.run(
            lambda: service.make(view.id, path, password), self._on_written, on_failure=self._on_failed
        )

    def _on_written(self, made: Made) -> None:
        self._close()
        readers = "It opens with the password" if made.locked else "Anybody who has it can read it"
        self._page.shell.say(f"Saved as {made.path.name}. {readers}")

    def _on_failed(self, trouble: Trouble) -> None:
        self._close()
        self._page.shell.warn(trouble.title, trouble.text)

    def _close(self) -> None:
        if self.dialog is not None:
            self.dialog.accept()
            self.dialog = None
