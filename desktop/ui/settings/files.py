"""The sections on sending by itself, on backups, and on where everything is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal

from desktop.model.timetable import Timetable
from desktop.services.views import Organisation
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.text import Text
from desktop.ui.settings.section import Section
from desktop.ui.words import count

RESTORE = (
    "A backup goes into a folder of its own, beside this workspace, and you see what it is before. It opens with the passphrase "
    "that counted when it was made."
)
BACKUP = (
    "One file with all your records and the files you read in or handed over, encrypted as they are here. Keep it on another disk or in your office’s own store. "
    "Windows and your office may back this computer up as well; Holdfast does not rely on it."
)


class SendingSection(Section):
    """Says the timetable in words; the dialog of Waiting changes it."""

    timetable_asked = Signal()

    def __init__(self) -> None:
        super().__init__("Sending by itself")
        self.words = Text(wrap=True)
        self.change = Button("Change when to send")
        self.body.addWidget(self.words)
        self.body.addLayout(row(self.change, None))
        self.change.clicked.connect(self.timetable_asked)

    def show_timetable(self, table: Timetable, portal: str) -> None:
        """As it counts now."""
        self.words.setText(timetable_words(table, portal))


def timetable_words(table: Timetable, portal: str) -> str:
    """A timetable as sentences."""
    if not table.automatic:
        return "Nothing goes by itself. Press Sync now, or F5, to send and read."
    quiet = ""
    if table.quiet_from is not None and table.quiet_until is not None:
        quiet = f" Nothing goes from {table.quiet_from:%H:%M} until {table.quiet_until:%H:%M}."
    share = f"This computer makes at most {count(table.share, 'request')} a minute."
    return (
        f"Holdfast sends what you save and looks at {portal} every {count(table.every_min, 'minute')} "
        f"while it is open. {share}{quiet}"
    )


class BackupSection(Section):
    """A copy of everything, and how it comes back."""

    backup_asked = Signal()
    restore_asked = Signal()
    stop_asked = Signal()

    def __init__(self) -> None:
        super().__init__("Save or restore a backup", BACKUP)
        self.now, self.put_back = Button("Save a backup now", icon="save"), Button("Restore a backup")
        self.progress = ProgressBox("Writing the backup", stop="Stop, and keep nothing of it")
        self.progress.hide()
        self.body.addLayout(row(self.now, self.put_back, None))
        self.body.addWidget(self.progress)
        self.body.addWidget(Text(RESTORE, "caption", wrap=True))
        self.now.clicked.connect(self.backup_asked)
        self.put_back.clicked.connect(self.restore_asked)
        self.progress.stop_asked.connect(self.stop_asked)

    def set_busy(self, busy: bool) -> None:
        """A backup is being written."""
        self.now.allow(not busy, "A backup is being written")
        self.progress.setVisible(busy)


_WHO = "Works on this computer now"


class PlacesSection(Section):
    """Who works here, and where the files are."""

    def __init__(self, organisation: Organisation, actor: str, folder: Path) -> None:
        super().__init__("Who and where")
        numbers = [
            f"{name} {value}"
            for name, value in (("UKPRN", organisation.ukprn), ("URN", organisation.urn))
            if value
        ]
        for label, words in (
            ("Organisation", ", ".join((organisation.name, *numbers))),
            (_WHO, actor or "Not named"),
            ("Folder of this workspace", str(folder)),
        ):
            self.body.addWidget(Text(label, weight=500))
            shown = Text(words, tone="ink2", wrap=True)
            shown.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            shown.setAccessibleName(f"{label}: {words}")
            self.body.addSpacing(-8)
            self.body.addWidget(shown)
            if label == _WHO:
                self._who = shown
        self.say_managed("WorkspaceRoot")

    def show_actor(self, actor: str) -> None:
        """Who sits here now."""
        self._who.setText(actor or "Not named")
        self._who.setAccessibleName(f"{_WHO}: {self._who.text()}")
