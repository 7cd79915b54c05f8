"""Sync in the background while the window is open: asks the services when a pass is due, and runs it then.

The alarm is set in short steps and compares with the clock on the wall at each: a computer that slept is due when it
wakes, not as much later as it slept. One pass at a time.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.model.timetable import Due
from desktop.services.views import Progress, SyncReport
from desktop.ui.operations import Lane, Operation, Operations
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

LONGEST_STEP_MS = 15_000


class AutoSync(QObject):
    """Runs `workspace.sync.run` in the network lane. `run_now` is F5; the rest happens by itself."""

    started = Signal()
    progress_made = Signal(Progress)
    ended = Signal(SyncReport)
    """A pass ended with this report."""
    failed = Signal(Trouble)
    stopped = Signal()
    """A pass ended, however it ended."""

    def __init__(self, workspace: Workspace, operations: Operations, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._operations = workspace, operations
        self._running: Operation | None = None
        self._by_person = False
        self._again = False
        self._due: Due | None = None
        self.automatic = True
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_step)

    @property
    def running(self) -> bool:
        return self._running is not None

    @property
    def due(self) -> Due | None:
        """The next pass by itself, as planned last."""
        return self._due

    def run_now(self, *, by_person: bool = True) -> None:
        """One pass at once. While a person's is running, another one after it; one by itself makes way."""
        if self._running is not None:
            if by_person:
                self._again = True
                if not self._by_person:
                    self._running.cancel()
            return
        self._timer.stop()
        self._by_person = by_person
        collection = None if by_person or self._due is None else self._due.collection
        self._running = self._operations.run_job(
            lambda job: self._workspace.sync.run(
                collection, progress=job.report, cancelled=job.is_cancelled, by_person=by_person
            ),
            self.ended.emit,
            lane=Lane.NETWORK,
            on_failure=self.failed.emit,
            on_progress=self.progress_made.emit,
            on_finished=self._on_finished,
        )
        self.started.emit()

    def cancel(self) -> None:
        """Ask the running pass to stop after the request under way; what is not sent stays in the queue."""
        self._again = False
        if self._running is not None:
            self._running.cancel()

    def plan(self, due: Due | None) -> None:
        """Set the alarm for the next pass, as the services see it now."""
        self._due = due
        if self._running is None:
            self._set_alarm()

    def close(self) -> None:
        """No pass begins any more; the running one is asked to stop."""
        self.automatic = False
        self._timer.stop()
        self.cancel()

    def _set_alarm(self) -> None:
        if not self.automatic or self._due is None:
            self._timer.stop()
            return
        self._timer.start(_step_ms(self._due.at, self._workspace.now()))

    def _on_step(self) -> None:
        if self._due is not None and self._due.at <= self._workspace.now():
            self.run_now(by_person=False)
        else:
            self._set_alarm()

    def _on_finished(self) -> None:
        self._running = None
        again, self._again = self._again, False
        if again:
            self.run_now()
        else:
            self.stopped.emit()


def _step_ms(at: datetime, now: datetime) -> int:
    return max(0, min(LONGEST_STEP_MS, int((at - now).total_seconds() * 1000) + 1))
