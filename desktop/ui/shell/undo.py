"""Undo and redo of whole acts, for the window: asks the services, and says in words what was undone and what was left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.services.acts import Stopped
from desktop.services.views import Progress
from desktop.ui.operations import Operation, Operations
from desktop.ui.trouble import Trouble
from desktop.ui.words import count

if TYPE_CHECKING:
    from desktop.services.acts import Act
    from desktop.services.workspace import Workspace


class Undo(QObject):
    """`told` carries what came of it; `offered` the words of an act that was done just now and can be undone.

    `progress_made` comes now and then while a large act is turned back, and `ended` once it is over.
    """

    told = Signal(str)
    offered = Signal(str)
    progress_made = Signal(Progress)
    ended = Signal()

    def __init__(self, workspace: Workspace, operations: Operations, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._operations = workspace, operations
        self._newest: str | None = None
        self._turning: Operation | None = None
        self._done = False
        self.undoable: Act | None = None
        self.redoable: Act | None = None

    def look(self) -> None:
        """Something was written: see what can be undone now."""
        self._operations.run(self._read, self._on_read, key="acts")

    def undo(self) -> None:
        """Undo the last act."""
        acts = self._workspace.acts
        self._turn(
            lambda job: acts.undo(job.report, job.is_cancelled) if acts.undoable() else None, self._on_undone
        )

    def redo(self) -> None:
        """Do again what was undone last."""
        acts = self._workspace.acts
        self._turn(
            lambda job: acts.redo(job.report, job.is_cancelled) if acts.redoable() else None, self._on_redone
        )

    def stop(self) -> None:
        """Leave everything as it was before the undo or redo that is under way."""
        if self._turning is not None:
            self._turning.cancel()

    def _turn(self, work: Callable[[Operation], Act | None], done: Callable[[Act | None], None]) -> None:
        """One at a time: keys pressed again meanwhile are not saved up."""
        if self._turning is not None:
            return
        self._done = False
        self._turning = self._operations.run_job(
            work,
            done,
            on_progress=self.progress_made.emit,
            on_failure=self._on_failed,
            on_finished=self._on_finished,
        )

    def _read(self) -> tuple[Act | None, Act | None]:
        """Worker thread."""
        return self._workspace.acts.undoable(), self._workspace.acts.redoable()

    def _on_read(self, found: tuple[Act | None, Act | None]) -> None:
        first = self._newest is None
        self.undoable, self.redoable = found
        newest = self.undoable.id if self.undoable else ""
        # Ids come in order of time: after an undo or a redo the act on top is one that was seen before.
        if not first and self.undoable is not None and newest > (self._newest or ""):
            self.offered.emit(self.undoable.words)
        self._newest = max(newest, self._newest or "")

    def _on_failed(self, trouble: Trouble) -> None:
        if not isinstance(trouble.error, Stopped):
            self._operations.trouble_found.emit(trouble)

    def _on_finished(self) -> None:
        turning, self._turning = self._turning, None
        self.ended.emit()
        if turning is not None and turning.is_cancelled() and not self._done:
            self.told.emit("Stopped. Everything is as it was before.")

    def _on_undone(self, act: Act | None) -> None:
        self._done = True
        self.told.emit(_told("Undone", act) if act else "Nothing to undo")
        self.look()

    def _on_redone(self, act: Act | None) -> None:
        self._done = True
        self.told.emit(_told("Done again", act) if act else "Nothing to do again")
        self.look()


def _told(what: str, act: Act) -> str:
    if not act.left_out:
        return f"{what}: {act.words}"
    return f"{what}: {act.words}. {count(len(act.left_out), 'record')} left as it is, changed since"
