"""A backup each day by itself while the window is open: in the first minute in which nobody saves anything.

A computer that was off, or asleep, for days is due when Holdfast is open again. What goes wrong is no pop-up: it stands on
Home and in Settings until a backup is made (`Backups.standing`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.services.views import Changed
from desktop.ui.operations import Lane, Operations
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

STEP_MS = 60_000
QUIET = timedelta(minutes=1)


class AutoBackup(QObject):
    """Asks the services each minute whether a backup is due, and has it made. `looked` = how it stands may have moved."""

    looked = Signal()

    def __init__(self, workspace: Workspace, operations: Operations, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._operations = workspace, operations
        self._saved_at = workspace.now()
        self._running = False
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """Look each minute from now on."""
        self._timer.start()

    def close(self) -> None:
        """No backup begins any more."""
        self._timer.stop()

    def note(self, changed: Changed) -> None:
        """Somebody saved something just now."""
        if changed.records is None or changed.records:
            self._saved_at = self._workspace.now()

    def look(self) -> None:
        """Make one if it is due and the last minute was quiet."""
        if self._running or self._workspace.now() - self._saved_at < QUIET:
            return
        self._running = True
        self._operations.run_job(
            lambda job: self._made_if_due(job.is_cancelled),
            self._on_made,
            lane=Lane.NETWORK,
            on_failure=self._on_failed,
            on_finished=self._on_finished,
        )

    def _made_if_due(self, cancelled: Callable[[], bool]) -> bool:
        """Worker thread."""
        backups = self._workspace.backups
        if not backups.due():
            return False
        backups.make("daily", cancelled=cancelled)
        return True

    def _on_made(self, made: bool) -> None:
        if made:
            self.looked.emit()

    def _on_failed(self, _trouble: Trouble) -> None:
        self.looked.emit()

    def _on_finished(self) -> None:
        self._running = False
