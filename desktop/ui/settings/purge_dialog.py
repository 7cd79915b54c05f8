"""Who is past the time that records are kept: a list to tick, what goes with them, and the removal for good."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QWidget

from desktop.collections.reading import long_day
from desktop.services.retention import Due, Purged, Wishes
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.dialog import WorkDialog
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.text import Text
from desktop.ui.words import count

_ABOUT = (
    "Removing takes the record, what the portal had shown of it, and what the history says of it. It cannot be undone here. "
    "A backup is made before."
)
_FILES = "Also remove kept files in which other people are named beside them"
_BACKUPS = "Delete the backups in which they are, at once"
_BACKUPS_HELP = "A new backup without them is made first. If this is not ticked, they are gone from the backups within 12 months."
_ID = Qt.ItemDataRole.UserRole


class PurgeDialog(WorkDialog):
    """`purge_asked` carries the ids of those that are ticked; `certificate_asked` the id of the purge that was made."""

    purge_asked = Signal(list)
    certificate_asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            "Records past their time", "Remove for good", ProgressBox("Removing", can_stop=False), parent
        )
        self._done: Purged | None = None
        self.list = QListWidget()
        self.list.setAccessibleName("Records past their time")
        self.list.setWordWrap(True)
        self.list.setSpacing(3)
        self.told = Text(_ABOUT, tone="ink2", wrap=True)
        self.files, self.backups = QCheckBox(_FILES), QCheckBox(_BACKUPS)
        self.files.setChecked(True)
        self.help = Text(_BACKUPS_HELP, "caption", wrap=True)
        self.certificate = Button("Save the certificate", icon="download")
        self.main_button.setProperty("kind", "danger")
        self.column.addWidget(Text("Remove records past their time", "section", wrap=True))
        for part in (self.told, self.list, self.files, self.backups, self.help, self.progress):
            self.column.addWidget(part)
        self.column.addLayout(row(self.certificate, None, self.not_now, self.main_button))
        self.certificate.hide()
        self.show_busy(False)
        self.take_room(680, 560)
        self.list.itemChanged.connect(self._on_ticked)
        self.main_button.clicked.connect(self._on_main_clicked)
        self.certificate.clicked.connect(self._on_certificate_clicked)

    def show_due(self, due: Sequence[Due]) -> None:
        """List these; those that can go are ticked."""
        self.list.clear()
        for one in due:
            item = QListWidgetItem(line_of(one))
            item.setData(_ID, one.record_id)
            item.setCheckState(Qt.CheckState.Unchecked if one.why_not else Qt.CheckState.Checked)
            if one.why_not:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(item)
        self._on_ticked()

    def chosen(self) -> list[str]:
        """Local ids of those that are ticked."""
        items = (self.list.item(place) for place in range(self.list.count()))
        return [str(item.data(_ID)) for item in items if item.checkState() == Qt.CheckState.Checked]

    def wishes(self) -> Wishes:
        """How it is to be done."""
        return Wishes(drop_backups=self.backups.isChecked(), shared_files=self.files.isChecked())

    def show_done(self, done: Purged, words: str) -> None:
        """What came of it; nothing is left to do but to save the certificate."""
        self._done = done
        self.show_busy(False)
        self.told.setText(words)
        for part in (self.list, self.files, self.backups, self.help, self.main_button):
            part.hide()
        self.certificate.show()
        self.not_now.set_words("Close")
        self.certificate.setFocus(Qt.FocusReason.OtherFocusReason)
        self.column.activate()
        self.resize(self.width(), self.column.totalHeightForWidth(self.width()))

    def complain(self, words: str) -> None:
        """Nothing was removed, and why."""
        self.show_busy(False)
        self.told.setText(words)
        self.told.set_tone("refused")

    def _on_ticked(self) -> None:
        number = len(self.chosen())
        self.main_button.set_words(f"Remove {count(number, 'record')} for good")
        self.main_button.allow(number > 0, "Tick those that are to go")

    def _on_main_clicked(self) -> None:
        self.purge_asked.emit(self.chosen())

    def _on_certificate_clicked(self) -> None:
        if self._done is not None:
            self.certificate_asked.emit(self._done.id)


def line_of(one: Due) -> str:
    """As "Ashcombe, Leonie: ended 1 October 2026, kept until 1 October 2032"."""
    told = f"{one.label}: ended {long_day(one.ended)}, kept until {long_day(one.due)}"
    return f"{told}. {one.why_not}" if one.why_not else told
