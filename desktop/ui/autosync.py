"""Sync in the background while the window is open: after changes, and when the portal is due for another look.

Small on purpose; a scheduler with a budget for several computers replaces it later. One pass at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from desktop.services.views import HomeView, Progress, SyncReport
from desktop.ui.operations import Lane, Operation, Operations
from desktop.ui.trouble import Trouble
from desktop.ui.words import is_down

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

AFTER_CHANGE_MS = 1_500
IDLE_MS = 5 * 60_000
LONGEST_MS = 60 * 60_000
APART_MS = 3_000
"""Passes by ourselves keep this distance, so that a portal that is always due is not asked without end."""


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
        self._again = False
        self._failed = False
        self._ended = QElapsedTimer()
        self.automatic = True
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_due)

    @property
    def running(self) -> bool:
        return self._running is not None

    def run_now(self, *, by_person: bool = True) -> None:
        """One pass at once; when one is running already, another one after it."""
        if self._running is not None:
            self._again = self._again or by_person
            return
        self._timer.stop()
        self._running = self._operations.run_job(
            lambda job: self._workspace.sync.run(
                progress=job.report, cancelled=job.is_cancelled, by_person=by_person
            ),
            self._on_report,
            lane=Lane.NETWORK,
            on_failure=self._on_failure,
            on_progress=self._on_progress,
            on_finished=self._on_finished,
        )
        self.started.emit()

    def cancel(self) -> None:
        """Ask the running pass to stop after the request under way; what is not sent stays in the queue."""
        self._again = False
        if self._running is not None:
            self._running.cancel()

    def plan(self, home: HomeView, *, queue_moved: bool = False) -> None:
        """Set the alarm for the next pass from what is known now."""
        connected = [portal for portal in home.portals if portal.connected]
        if not self.automatic or not connected or self._running is not None:
            return
        now = self._workspace.now()
        waits = [IDLE_MS]
        for portal in connected:
            if portal.next_check is not None:
                waits.append(max(250, int((portal.next_check - now).total_seconds() * 1000)))
            elif queue_moved and home.waiting and not is_down(portal.state):
                waits.append(AFTER_CHANGE_MS)
        wait = IDLE_MS if self._failed else min(LONGEST_MS, *waits)
        if self._ended.isValid():
            wait = max(wait, APART_MS - self._ended.elapsed())
        if not self._timer.isActive() or self._timer.remainingTime() > wait:
            self._timer.start(wait)

    def close(self) -> None:
        """No pass begins any more; the running one is asked to stop."""
        self.automatic = False
        self._timer.stop()
        self.cancel()

    def _on_due(self) -> None:
        if self.automatic:
            self.run_now(by_person=False)

    def _on_progress(self, progress: Progress) -> None:
        self.progress_made.emit(progress)

    def _on_report(self, report: SyncReport) -> None:
        self._failed = False
        self.ended.emit(report)

    def _on_failure(self, trouble: Trouble) -> None:
        # Such as a missing token: a person must do something first, so it is not tried again at once.
        self._failed = True
        self.failed.emit(trouble)

    def _on_finished(self) -> None:
        self._running = None
        self._ended.restart()
        again, self._again = self._again, False
        if again:
            self.run_now()
        else:
            self.stopped.emit()
