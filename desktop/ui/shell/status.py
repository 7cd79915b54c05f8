"""What is on every screen (sync.md D24): read in one go after each change, and handed to strip, rail and Home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.model.person import Sitting
from desktop.model.timetable import Due
from desktop.model.verdict import PortalState
from desktop.services.deadlines import Reminder
from desktop.services.views import HomeView, PortalView, QueueSummary
from desktop.ui.operations import Operations
from desktop.ui.words import is_down

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

_WORST = (
    PortalState.SIGN_IN,
    PortalState.CAPTIVE,
    PortalState.DOWN,
    PortalState.MAINTENANCE,
    PortalState.API_OFF,
    PortalState.BUSY,
    PortalState.UNKNOWN,
    PortalState.UP,
)


@dataclass(frozen=True)
class Standing:
    """Where everything stands: Home's facts, the queue in a line, the next pass that happens by itself, and who sits here."""

    home: HomeView
    queue: QueueSummary
    due: Due | None
    sitting: Sitting
    reminder: Reminder | None = None
    """Of a deadline; looked for once a day."""


class Status(QObject):
    """Keeps the last `Standing`, and says what is worth telling about the way from one to the next."""

    standing_read = Signal(Standing)
    news_found = Signal(str)
    """A sentence for screen readers: the portal went down or came back, or nothing waits any more."""
    portal_moved = Signal(str, str)
    """A portal went down, came back, or was put back to an older copy: its name and a sentence, once."""
    deadline_near = Signal(str, str)
    """A deadline is near and work is left: which, and what stands in the way. Once a day."""

    def __init__(self, workspace: Workspace, operations: Operations, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._operations = workspace, operations
        self.standing: Standing | None = None
        self._looked: date | None = None

    def read(self) -> None:
        """Read anew; `standing_read` follows."""
        self._operations.run(self._read, self._on_read, key="status")

    def _read(self) -> Standing:
        """Worker thread."""
        workspace = self._workspace
        return Standing(
            workspace.home(),
            workspace.queue.summary(),
            workspace.sync.due(),
            workspace.people.sitting(),
            self._reminder(),
        )

    def _reminder(self) -> Reminder | None:
        """Worker thread."""
        today = self._workspace.today()
        if self._looked == today:
            return None
        self._looked = today
        return self._workspace.deadlines.reminder()

    def _on_read(self, standing: Standing) -> None:
        before, self.standing = self.standing, standing
        self.standing_read.emit(standing)
        if standing.reminder is not None:
            self._remind(standing.reminder)
        if before is not None:
            for portal, words in portal_news(before.home, standing.home):
                self.news_found.emit(words)
                self.portal_moved.emit(portal, words)
            if before.home.waiting and not standing.home.waiting:
                self.news_found.emit("Nothing is waiting any more.")

    def _remind(self, reminder: Reminder) -> None:
        self.deadline_near.emit(reminder.title, reminder.text)
        self._operations.run(lambda: self._workspace.deadlines.note_reminded(reminder))


def worst_portal(portals: tuple[PortalView, ...]) -> PortalView | None:
    """The portal that the strip shows: the one in the worst state, connected ones first."""
    known = [portal for portal in portals if portal.connected] or list(portals)
    return min(known, key=lambda portal: _WORST.index(portal.state), default=None)


def portal_news(before: HomeView, after: HomeView) -> list[tuple[str, str]]:
    """(portal, sentence) for what changed so much that it is told, once."""
    found = []
    earlier = {portal.collection: portal for portal in before.portals}
    for portal in after.portals:
        was = earlier.get(portal.collection)
        if was is None:
            continue
        if is_down(was.state) != is_down(portal.state):
            found.append((portal.portal, _moved(portal, waiting=bool(after.waiting))))
        if was.restored_at is None and portal.restored_at is not None:
            told = "was put back to an older copy. Nothing is sent until you have looked at it."
            found.append((portal.portal, f"{portal.portal} {told}"))
    return found


def _moved(portal: PortalView, *, waiting: bool) -> str:
    if not is_down(portal.state):
        return f"{portal.portal} is back."
    kept = "Your changes are kept here" if waiting else "Carry on working"
    return f"{portal.portal} is down. {kept}."
