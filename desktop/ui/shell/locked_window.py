"""The window of a run that begins locked: the lock screen where the records were, and nothing behind it.

It stands where the window stood, and does not come to the front by itself when somebody works elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow

from desktop.model.errors import StoreDamaged, StoreError
from desktop.ui.operations import Operations
from desktop.ui.shell import places
from desktop.ui.shell.lock import TITLE
from desktop.ui.shell.lock_screen import LockScreen
from desktop.ui.shell.memory import Memory

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

LEAST = (640, 440)


class LockedWindow(QMainWindow):
    """`ask` waits until the workspace is open, or the person gives up. `code` = the recovery code, when that opened it."""

    def __init__(self, open_with: Callable[[str], Workspace], memory: Memory) -> None:
        super().__init__()
        self._open_with, self._memory = open_with, memory
        self._operations = Operations(self)
        self._loop = QEventLoop()
        self._typed = ""
        self.workspace: Workspace | None = None
        self.damage: StoreError | None = None
        self.lock_screen = LockScreen(self._try, self._operations)
        self.lock_screen.tell(LockScreen.CLOSED)
        self.lock_screen.unlocked.connect(self.close)
        self.lock_screen.close_asked.connect(self.close)
        self.setWindowTitle(TITLE)
        self.setMinimumSize(*LEAST)
        self.setCentralWidget(self.lock_screen)
        places.restore(self, memory)

    @property
    def code(self) -> str:
        return self._typed if self.lock_screen.entry.used_code else ""

    def ask(self) -> Workspace | None:
        """The open workspace; None when the window was closed. Raises StoreDamaged."""
        standing, self._memory.standing = self._memory.standing, "front"
        self._memory.save()
        if standing == "front":
            self.show()
        else:
            self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
            self.showMinimized() if standing == "minimised" else self.show()
        self.lock_screen.begin()
        self._loop.exec()
        self._operations.close()
        if self.damage is not None:
            raise self.damage
        return self.workspace

    def _try(self, typed: str) -> None:
        """Worker thread."""
        try:
            self.workspace = self._open_with(typed)
        except StoreDamaged as error:
            self.damage = error
        self._typed = typed

    def closeEvent(self, event: QCloseEvent) -> None:
        self._memory.keep_place("window", self.saveGeometry())
        event.accept()
        self._loop.quit()
