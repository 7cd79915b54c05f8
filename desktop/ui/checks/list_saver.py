"""Saving the list of findings: ask where, write in the background, say that it is there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.model.collection import Collection
from desktop.services import finding_list
from desktop.services.explained import Judged
from desktop.services.views import Progress
from desktop.ui.operations import Cancelled, Lane, Operation
from desktop.ui.page import Context
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.save_as import save_as
from desktop.ui.words import count

_KINDS = {".xlsx": "Spreadsheet (*.xlsx)", ".csv": "Text for any program (*.csv)"}


class ListSaver(QObject):
    """Writes what the page lists, all lines of it. `progress` is for the page to show where it likes."""

    def __init__(self, context: Context, collection: Collection, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._collection, self._over = context, collection, over
        self._running: Operation | None = None
        self.progress = ProgressBox("Writing the list", stop="Stop, write no file")
        self.progress.hide()
        self.progress.stop_asked.connect(self._on_stop_asked)

    def ask(self, judged: Sequence[Judged]) -> None:
        """Let the person choose a file, then write it."""
        name = f"findings-{self._context.workspace.today().isoformat()}.xlsx"
        if (path := save_as(self._over, "Save the list", name, _KINDS)) is not None:
            self.write(path, judged)

    def write(self, path: Path, judged: Sequence[Judged]) -> None:
        """Write the list there, beside the lane of the store: a long spreadsheet takes its time."""
        collection = self._collection

        def work(job: Operation) -> tuple[Path, int]:
            def report(progress: Progress) -> None:
                if job.is_cancelled():
                    raise Cancelled
                job.report(progress)

            return path, finding_list.write(path, collection, judged, report)

        self._running = self._context.operations.run_job(
            work,
            self._on_written,
            lane=Lane.NETWORK,
            on_progress=self.progress.show_progress,
            on_finished=self._on_finished,
        )
        self.progress.show_progress(Progress(0, 0, "Writing the list"))
        self.progress.show()

    def _on_finished(self) -> None:
        self._running = None
        self.progress.hide()

    def _on_stop_asked(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _on_written(self, written: tuple[Path, int]) -> None:
        path, rows = written
        self._context.shell.say(f"{count(rows, 'line')} saved as {path.name} in {path.parent.name}")
