"""After the lock: the records leave the memory of this computer.

Python cannot be trusted to overwrite what it has held: names, addresses and the key lie in many copies that nobody knows of.
So the program ends its work, closes the workspace, and puts a new run of itself in its own place, which knows nothing but the
folder and asks for the passphrase. What is half typed is kept in the encrypted workspace (`services/drafts.py`), and so is the
page that was open (`services/place.py`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.services.place import Place
from desktop.ui.shell.lock_screen import LockScreen

if TYPE_CHECKING:
    from desktop.ui.main_window import MainWindow

FIRST_MS, LOOK_MS, LONGEST_MS = 600, 100, 60_000
"""Time for the last keystrokes to be kept; between looks whether work is done; the longest that work is waited for."""
SECRETS = ("HOLDFAST_PASSPHRASE", "HOLDFAST_RECOVERY")
"""What a new run must not inherit: it would open by itself, and hold them in clear."""


class Retreat(QObject):
    """Belongs to a window whose lock closes the records. `leave` never returns when it goes well."""

    def __init__(self, window: MainWindow, place: Place, leave: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._place, self._leave = window, place, leave
        self._waited_ms = 0
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._on_look)
        window.lock.changed.connect(self._on_lock_changed)
        window.preferences.changed.connect(self._fit_words)
        self._fit_words()

    @property
    def _wanted(self) -> bool:
        return not self._window.memory.sends_locked

    def _fit_words(self) -> None:
        self._window.lock.screen.tell(LockScreen.CLOSING if self._wanted else LockScreen.SENDING)

    def _on_lock_changed(self, locked: bool) -> None:
        self._timer.stop()
        if locked and self._wanted:
            self._waited_ms = -FIRST_MS
            self._window.autosync.cancel()
            self._keep_place()
            self._timer.start()

    def _keep_place(self) -> None:
        """Which page was open, and whether the window was before others: it must not jump before them by itself."""
        window = self._window
        page, where = window.stack.here
        self._window.operations.run(lambda: self._place.keep(page, where))
        standing = "minimised" if window.isMinimized() else "front" if window.isActiveWindow() else "behind"
        window.memory.standing = standing
        window.memory.keep_place("window", window.saveGeometry())

    def _on_look(self) -> None:
        """A backup or an import that is under way comes to its end first; what takes too long is stopped."""
        self._waited_ms += LOOK_MS
        if self._waited_ms < 0 or (self._window.operations.busy and self._waited_ms < LONGEST_MS):
            return
        self._timer.stop()
        self._leave()


def restart_locked(folder: Path) -> None:
    """Put a new run of the program in the place of this one; it asks for the passphrase. Ends the process in any case."""
    command = [*_program(), "--data-dir", str(folder.absolute())]
    environment = without_secrets(os.environ)
    if os.name == "posix":
        os.execve(command[0], command, environment)  # noqa: S606 - no shell is wanted
    subprocess.Popen(command, env=environment, close_fds=True)
    os._exit(0)


def _program() -> Sequence[str]:
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    return (sys.executable, "-m", "desktop")


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment that a locked run may have."""
    return {name: value for name, value in environment.items() if name not in SECRETS}
