"""Change files on their way in: chosen or dropped, opened, rehearsed, shown, taken in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.services.acts import Stopped
from desktop.services.exchange import Several
from desktop.ui.operations import Operation
from desktop.ui.page import Page
from desktop.ui.share.share_words import done_words
from desktop.ui.share.take_dialog import TakeDialog
from desktop.ui.trouble import Trouble


class Taking(QObject):
    """Asks the services for `page`. `done` = they were taken in; it carries the folder that is waiting for our own file."""

    done = Signal(object)

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._paths: list[Path] = []
        self._then: Path | None = None
        self._secret = ""
        self._work: Operation | None = None
        self.dialog: TakeDialog | None = None

    def begin(self, paths: Sequence[Path], then: Path | None = None) -> None:
        """Look at these files and show what they would do."""
        self._paths, self._then, self._secret = [*paths], then, ""
        self.dialog = TakeDialog(self._page)
        self.dialog.take_asked.connect(self._on_take_asked)
        self.dialog.opened.connect(self._on_opened)
        self.dialog.stop_asked.connect(self._on_stop_asked)
        self.dialog.finished.connect(self._on_closed)
        self.dialog.open()
        self._look()

    def _look(self) -> None:
        if self.dialog is None:
            return
        self.dialog.show_busy(True)
        service, paths, secret = self._page.workspace.exchange, self._paths, self._secret
        self._work = self._page.operations.run_job(
            lambda job: service.look_at_all(paths, secret, job.report, job.is_cancelled),
            self._on_looked,
            on_failure=self._on_failed,
            on_progress=self.dialog.progress.show_progress,
        )

    def _on_looked(self, found: Several) -> None:
        if self.dialog is not None:
            self.dialog.show_found(found, self._page.workspace.now())

    def _on_opened(self, secret: str) -> None:
        self._secret = secret
        self._look()

    def _on_take_asked(self) -> None:
        if self.dialog is None:
            return
        self.dialog.show_busy(True)
        service, paths = self._page.workspace.exchange, self._paths
        self._work = self._page.operations.run_job(
            lambda job: service.take_all(paths, "", job.report, job.is_cancelled),
            self._on_taken,
            on_failure=self._on_failed,
            on_progress=self.dialog.progress.show_progress,
        )

    def _on_taken(self, found: Several) -> None:
        then = self._then
        if self.dialog is not None:
            self.dialog.show_busy(False)
            self.dialog.accept()
        self._page.shell.say(done_words(found))
        self.done.emit(then)

    def _on_failed(self, trouble: Trouble) -> None:
        if self.dialog is None:
            return
        if isinstance(trouble.error, Stopped):
            self.dialog.show_busy(False)
            self.dialog.reject()
        else:
            self.dialog.show_problem(str(trouble.error or trouble.text))

    def _on_stop_asked(self) -> None:
        if self._work is not None:
            self._work.cancel()

    def _on_closed(self) -> None:
        self.dialog = self._work = None
        self._secret = ""
