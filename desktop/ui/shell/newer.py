"""Once a week, where there is an address to look at: whether a newer Holdfast was published. Says so, and does nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.services import updates
from desktop.services.updates import NoAnswer, Release
from desktop.ui.operations import Lane, Operations
from desktop.ui.shell.memory import Memory
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace
    from desktop.ui.page import Shell

EACH = timedelta(days=7)


class Newer(QObject):
    """Looks when it is told to, but not more than once a week. Silence where nothing is newer, or a deadline is near."""

    def __init__(
        self, workspace: Workspace, operations: Operations, memory: Memory, shell: Shell, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._operations = workspace, operations
        self._memory, self._shell = memory, shell

    def look(self) -> None:
        """In the background, if it is time."""
        if updates.address() and not self._looked_lately(self._workspace.now()):
            self._operations.run(
                self._ask, self._on_asked, lane=Lane.NETWORK, on_failure=self._on_failure, key="newer"
            )

    def _looked_lately(self, now: datetime) -> bool:
        last = self._memory.looked_for_newer
        return last is not None and timedelta(0) <= now - last < EACH

    def _ask(self) -> str:
        """What to say; "" = nothing."""
        release: Release = updates.check()
        deadlines = self._workspace.home().deadlines
        return updates.advice(release, deadlines) if release.newer and not updates.is_near(deadlines) else ""

    def _on_asked(self, words: str) -> None:
        self._memory.looked_for_newer = self._workspace.now()
        self._memory.save()
        if words:
            self._shell.say(words)

    def _on_failure(self, trouble: Trouble) -> None:
        """Nobody there is no news. An announcement that nobody trusted signed is."""
        if not isinstance(trouble.error, NoAnswer):
            self._shell.warn(trouble.title, trouble.text)
