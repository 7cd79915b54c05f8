"""Putting a backup back: choose the file, type its passphrase, see what it is, then restore it into an empty folder.

Nothing is written before the person has seen what it is. Whoever opened this opens the restored workspace (`restored`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from desktop.model.errors import HoldfastError, StoreDamaged, WrongPassphrase
from desktop.services import restoring
from desktop.services.acts import Stopped
from desktop.services.restoring import BackupView
from desktop.services.views import Progress
from desktop.ui.operations import Lane, Operation, Operations
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.passphrase_entry import PassphraseEntry
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.text import Text
from desktop.ui.restore.about import AboutBackup
from desktop.ui.trouble import Trouble

ENDING = ".holdfast-backup"
STOPPED = "Stopped. Nothing was written."
_FILTER = f"Holdfast backup (*{ENDING});;All files (*)"


@dataclass(frozen=True)
class Restored:
    """Where a backup was put back, and the passphrase that opens it."""

    folder: Path
    passphrase: str = field(repr=False)


class RestoreDialog(QDialog):
    """Two pages and a bar: which file and its passphrase; what it is and where it goes; how far it is."""

    def __init__(self, folder: Path, operations: Operations, parent: QWidget | None = None) -> None:
        """`folder` = where it would go; one beside it when that is taken."""
        super().__init__(parent)
        self.restored: Restored | None = None
        self._operations = operations
        self._job: Operation | None = None
        self._path: Path | None = None
        self._typed = ""
        self._folder = restoring.free_folder(folder)
        self.choose, self.file = Button("Choose a backup", icon="download"), Text(tone="ink2", wrap=True)
        self.problem = Text(role="table", tone="refused", weight=500, wrap=True)
        self.look_inside, self.do = Button("Look inside", "primary"), Button("Restore and open", "primary")
        self.entry = PassphraseEntry(self.look_inside, "this backup")
        self.about = AboutBackup()
        self.place, self.other_place = Text(tone="ink2", wrap=True), Button("Another folder", small=True)
        self.progress = ProgressBox("Reading the backup", stop="Stop, and keep nothing of it")
        self.back, self.leave = Button("Back"), Button("Not now", "quiet")
        self._pages = QStackedWidget()
        self._arrange()
        self._connect()
        self._show_page(0)
        self._complain("")

    def _arrange(self) -> None:
        self.setWindowTitle("Restore a backup")
        self.setMinimumWidth(480)
        self.resize(560, 420)
        self._pages.addWidget(self._which_page())
        self._pages.addWidget(self._what_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text("Restore a backup", "title", wrap=True))
        column.addWidget(self._pages, 1)
        column.addWidget(self.problem)
        column.addWidget(self.progress)
        column.addLayout(row(self.back, None, self.leave, self.look_inside, self.do))
        self.progress.hide()

    def _which_page(self) -> QWidget:
        told = (
            "A backup is one file that ends in .holdfast-backup. It opens with the passphrase that counted when it was "
            "made. You see what it is before anything is written."
        )
        page, column = _page()
        column.addWidget(Text(told, tone="ink2", wrap=True))
        column.addLayout(row(self.choose, None))
        column.addWidget(self.file)
        column.addWidget(self.entry)
        column.addStretch(1)
        return page

    def _what_page(self) -> QWidget:
        page, column = _page()
        column.addWidget(self.about)
        column.addWidget(Text("It goes into this folder, on this computer’s own disk", weight=500, wrap=True))
        place = row()
        place.addWidget(self.place, 1)
        place.addWidget(self.other_place, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(place)
        column.addWidget(
            Text(
                "If the workspace that it was made of is still in use, go on in one of the two only: what waits in both would "
                "be sent from both.",
                "caption",
                wrap=True,
            )
        )
        column.addStretch(1)
        return page

    def _connect(self) -> None:
        self.choose.clicked.connect(self._on_choose_clicked)
        self.entry.tried.connect(self._on_tried)
        self.do.clicked.connect(self._on_do_clicked)
        self.other_place.clicked.connect(self._on_other_place_clicked)
        self.back.clicked.connect(lambda: self._show_page(0))
        self.leave.clicked.connect(self.reject)
        self.progress.stop_asked.connect(self._on_stop_asked)

    def _show_page(self, number: int) -> None:
        self._pages.setCurrentIndex(number)
        self._complain("")
        self.entry.setVisible(self._path is not None)
        self.look_inside.setVisible(number == 0)
        self.look_inside.allow(self._path is not None, "Choose a backup first")
        self.back.setVisible(number == 1)
        self.do.setVisible(number == 1)
        self.file.setVisible(self._path is not None)
        self.place.setText(str(self._folder))
        (self.do if number else self.choose).setFocus(Qt.FocusReason.OtherFocusReason)

    def _complain(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    # -- which one --------------------------------------------------------------------------------------

    def _on_choose_clicked(self) -> None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen, _ = QFileDialog.getOpenFileName(self, "Choose a backup", documents, _FILTER)
        if chosen:
            self.choose_file(Path(chosen))

    def choose_file(self, path: Path) -> None:
        """Look whether it can be a backup, then ask for its passphrase."""
        self._path = None
        self.file.setText(path.name)
        try:
            restoring.glance(path)
        except HoldfastError as error:
            self._show_page(0)
            self.file.show()
            self._complain(_wrong(error))
            return
        self._path = path
        self._show_page(0)
        self.entry.begin()

    def _on_tried(self, typed: str) -> None:
        path = self._path
        assert path is not None, "the button is off before a file is chosen"
        self._complain("")
        self._typed = typed
        self._begin(
            lambda job: restoring.look(path, typed, job.report, job.is_cancelled),
            self._on_looked,
            self._on_not_looked,
        )

    def _on_looked(self, found: BackupView) -> None:
        self.entry.accept()
        self.about.show_backup(found)
        self._show_page(1)

    def _on_not_looked(self, trouble: Trouble) -> None:
        if trouble.error is None or isinstance(trouble.error, WrongPassphrase):
            self.entry.refuse(trouble)
        else:
            self.look_inside.allow(True)
            self._complain(_wrong(trouble.error))

    # -- putting it back --------------------------------------------------------------------------------

    def _on_other_place_clicked(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Choose an empty folder", str(self._folder.parent))
        if chosen:
            self.choose_folder(Path(chosen))

    def choose_folder(self, folder: Path) -> None:
        """It goes there when that folder is empty."""
        if not restoring.is_free(folder):
            self._complain(
                f"The folder {folder.name} is not empty. Choose an empty one: a backup is never put over anything."
            )
            return
        self._complain("")
        self._folder = folder
        self.place.setText(str(folder))

    def _on_do_clicked(self) -> None:
        path, folder, typed = self._path, self._folder, self._typed
        assert path is not None, "what is in it was shown"
        self._complain("")
        self._begin(
            lambda job: restoring.restore(path, folder, typed, job.report, job.is_cancelled),
            self._on_restored,
            self._on_not_restored,
        )

    def _on_restored(self, _nothing: object) -> None:
        self.restored = Restored(self._folder, self._typed)
        self.accept()

    def _on_not_restored(self, trouble: Trouble) -> None:
        error = trouble.error
        self._complain(_wrong(error) if error else f"{trouble.title}. {trouble.text}")

    # -- work -------------------------------------------------------------------------------------------

    def _begin(
        self, work: Callable[[Operation], Any], done: Callable[[Any], None], failed: Callable[[Trouble], None]
    ) -> None:
        self._be_busy(True)
        self.progress.show_progress(Progress(0, 0, "Reading the backup"))
        self._job = self._operations.run_job(
            work,
            done,
            lane=Lane.NETWORK,
            on_failure=failed,
            on_progress=self.progress.show_progress,
            on_finished=self._on_finished,
        )

    def _on_finished(self) -> None:
        stopped = self._job is not None and self._job.is_cancelled() and self.restored is None
        self._job = None
        self._be_busy(False)
        if stopped:
            self.look_inside.allow(True)
            self._complain(STOPPED)

    def _be_busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        for button in (self.choose, self.do, self.back, self.other_place):
            button.allow(not busy, "Working on it")
        self.entry.field.setReadOnly(busy)

    def _on_stop_asked(self) -> None:
        if self._job is not None:
            self._job.cancel()

    # -- Qt ---------------------------------------------------------------------------------------------

    def reject(self) -> None:
        """Esc and the window's cross end the work first, if there is any; the next one closes."""
        if self._job is not None:
            self._on_stop_asked()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._job is not None:
            self._on_stop_asked()
            event.ignore()
        else:
            super().closeEvent(event)


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    return page, column


def _wrong(error: HoldfastError) -> str:
    """What is wrong with a file, and what can be done."""
    if isinstance(error, Stopped):
        return STOPPED
    more = (
        " Copy it again from where it was kept, or take an earlier one."
        if isinstance(error, StoreDamaged)
        else ""
    )
    return f"{error}{more}"


def ask_for_backup(folder: Path, operations: Operations, parent: QWidget | None = None) -> Restored | None:
    """Let somebody put a backup back; None when they did not."""
    dialog = RestoreDialog(folder, operations, parent)
    dialog.exec()
    dialog.deleteLater()
    return dialog.restored
