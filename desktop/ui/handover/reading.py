"""Register's export on its way in: chosen or dropped, rehearsed, shown, loaded. Any other file is an answer to one of ours."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from desktop.services.web_reading import WebLoaded, WebPlan
from desktop.ui.handover.reading_dialog import ReadingDialog
from desktop.ui.handover.reading_words import loaded_words
from desktop.ui.operations import Operation
from desktop.ui.page import Page
from desktop.ui.parts.save_as import save_as
from desktop.ui.trouble import Trouble


class Reading(QObject):
    """Asks the services for `page`, which is over what it shows."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._plan: WebPlan | None = None
        self._work: Operation | None = None
        self.dialog: ReadingDialog | None = None

    def choose(self) -> None:
        """Ask for the file."""
        typed, _ = QFileDialog.getOpenFileName(
            self._page, "Load Register’s export", "", "CSV (*.csv);;All files (*)"
        )
        if typed:
            self.read(Path(typed))

    def read(self, path: Path) -> None:
        """Rehearse a file and show what it would do."""
        self.dialog = ReadingDialog(path.name, self._page)
        self.dialog.load_asked.connect(self._on_load_asked)
        self.dialog.stop_asked.connect(self._on_stop_asked)
        self.dialog.finished.connect(self._on_finished)
        self.dialog.open()
        self.dialog.show_busy(True)
        service = self._page.workspace.web_reading
        self._work = self._page.operations.run_job(
            lambda job: service.read(path, job.report, job.is_cancelled),
            self._on_read,
            on_failure=self._on_failed,
            on_progress=self.dialog.progress.show_progress,
            on_finished=self._on_ended,
        )

    def save(self, load_id: str, name: str) -> None:
        """Save a file that was loaded, just as it was."""
        path = save_as(self._page, "Save the file that was loaded", name, {".csv": "CSV (*.csv)"})
        if path is None:
            return
        service = self._page.workspace.web_reading
        self._page.operations.run(
            lambda: service.save_original(load_id, path), self._on_saved, on_failure=self._on_not_saved
        )

    def _on_saved(self, name: str) -> None:
        self._page.shell.say(f"Saved as {name}. Anybody can read it there, so delete it when you are done.")

    def _on_not_saved(self, trouble: Trouble) -> None:
        self._page.shell.warn(trouble.title, trouble.text, grave=trouble.grave)

    def _on_read(self, plan: WebPlan) -> None:
        if self.dialog is not None and not self._stopped():
            self._plan = plan
            self.dialog.show_plan(plan)

    def _on_ended(self) -> None:
        """Also where it was stopped before it began. A reading that was stopped leaves nothing to look at."""
        if self.dialog is None or not self._stopped():
            return
        self.dialog.show_busy(False)
        if self._plan is None:
            self.dialog.reject()

    def _stopped(self) -> bool:
        return self._work is not None and self._work.is_cancelled()

    def _on_load_asked(self, complete: bool, all_the_same: bool) -> None:
        plan = self._plan
        if plan is None or self.dialog is None:
            return
        self.dialog.show_busy(True)
        service = self._page.workspace.web_reading
        self._work = self._page.operations.run_job(
            lambda job: service.load(
                plan,
                complete=complete,
                all_the_same=all_the_same,
                progress=job.report,
                cancelled=job.is_cancelled,
            ),
            self._on_loaded,
            on_failure=self._on_failed,
            on_progress=self.dialog.progress.show_progress,
            on_finished=self._on_ended,
        )

    def _on_loaded(self, loaded: WebLoaded) -> None:
        if self.dialog is not None:
            self.dialog.show_busy(False)
            self.dialog.accept()
        self._page.refresh(None)
        self._page.shell.say(loaded_words(loaded))

    def _on_failed(self, trouble: Trouble) -> None:
        if self.dialog is not None and not (self._stopped() and self._plan is None):
            self.dialog.show_problem(str(trouble.error or trouble.text))

    def _on_stop_asked(self) -> None:
        if self._work is not None:
            self._work.cancel()

    def _on_finished(self) -> None:
        self.dialog = self._plan = self._work = None
