"""News of writes, brought from whatever thread wrote to the GUI thread, and gathered so that screens read once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.services.views import Changed

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

GATHER_MS = 40
MANY_MS = 350
"""For many records, as a sync brings them: nobody reads a list that moves more often than that."""


class Relay(QObject):
    """Subscribes to a workspace; `changed` gathers what moved: for 40 ms, or 350 ms of many records."""

    changed = Signal(Changed)
    """GUI thread."""

    _heard = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: Changed | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_gathered)
        self._heard.connect(self._on_heard)
        self._leave: Callable[[], None] | None = workspace.subscribe(self._hear)

    @property
    def waiting(self) -> bool:
        """Whether news was heard and not told yet."""
        return self._waiting is not None

    def close(self) -> None:
        """Hear no more."""
        if self._leave is not None:
            self._leave()
            self._leave = None
        self._timer.stop()

    def _hear(self, changed: Changed) -> None:
        """Any thread."""
        self._heard.emit(changed)

    def _on_heard(self, changed: Changed) -> None:
        self._waiting = changed if self._waiting is None else merge(self._waiting, changed)
        pause = MANY_MS if changed.records is None else GATHER_MS
        if not self._timer.isActive() or self._timer.remainingTime() > pause:
            self._timer.start(pause)

    def _on_gathered(self) -> None:
        if self._waiting is not None:
            merged, self._waiting = self._waiting, None
            self.changed.emit(merged)


def merge(one: Changed, other: Changed) -> Changed:
    """Both changes as one; many records and many records are many (None)."""
    many = one.records is None or other.records is None
    return Changed(
        records=None if many else (one.records or frozenset()) | (other.records or frozenset()),
        queue=one.queue or other.queue,
        portals=one.portals or other.portals,
    )
