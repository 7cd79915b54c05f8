"""Runs the window on a workspace, and draws screens without one for `holdfast demo` and for looking at.

The caller opens the workspace and closes it afterwards.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEventLoop, QObject, QPoint, QTimer
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QApplication

from desktop.services.connection import find_proxies_with
from desktop.services.views import RecordQuery
from desktop.ui.icons import mark
from desktop.ui.main_window import MainWindow
from desktop.ui.operations import crash_report
from desktop.ui.parts.clipboard import take_off
from desktop.ui.practice_strip import PracticeControl, PracticeStrip
from desktop.ui.shell import system_proxy
from desktop.ui.shell.known import Known
from desktop.ui.shell.memory import Memory
from desktop.ui.shell.newer import Newer
from desktop.ui.shell.retreat import Retreat, restart_locked
from desktop.ui.shell.switcher import Wish
from desktop.ui.theme import Mode, apply_theme

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

WAKE_MS = 300
SETTLE_LONGEST_MS = 15_000


@dataclass(frozen=True)
class Shot:
    """One picture: a page and where in it, the size in logical pixels, and how it looks. `name` names the file."""

    name: str
    page: str
    where: dict[str, Any] = field(default_factory=dict)
    size: tuple[int, int] = (1440, 900)
    scale: float = 1.0
    mode: Mode = "light"
    text_size: int = 100
    contrast: bool = False


def application() -> QApplication:
    """The one QApplication, made when there is none yet; without a display it draws off screen."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([sys.argv[0] if sys.argv else "holdfast"])
    app.setApplicationName("Holdfast")
    app.setDesktopFileName("holdfast")
    find_proxies_with(system_proxy.find)
    return app


def dress(app: QApplication, folder: Path) -> None:
    """Give the program the look that was chosen for the workspace in a folder; the usual one where there is none."""
    memory = Memory(folder)
    apply_theme(app, memory.mode, memory.text_size, contrast=memory.contrast)
    app.setWindowIcon(QIcon(mark(256)))


def run_window(
    workspace: Workspace,
    practice: PracticeControl | None = None,
    *,
    known: Known | None = None,
    passphrase: str = "",
    code: str = "",
) -> tuple[int, Wish | None]:
    """Show the window until it is closed. Gives the exit code, and where the person wants to go on.

    practice    adds the practice strip; `passphrase` of its made-up records is told on the lock screen
    known       the workspaces that one can switch to; None = practice, whose lock only covers the window
    code        of the recovery sheet, when that opened it: a new passphrase is asked for
    """
    app = application()
    dress(app, workspace.folder)
    window = MainWindow(workspace, known=known)
    if practice is not None:
        strip = PracticeStrip(practice, workspace, window.operations, window)
        window.add_practice(strip, passphrase)
    else:
        Retreat(window, workspace.place, partial(_leave_locked, window, workspace))
        Newer(workspace, window.operations, window.memory, window, window).look()
    with _hooks(window):
        window.show()
        page, where = workspace.place.take() or ("home", {})
        window.start(page, **where)
        if code:
            from desktop.ui.recovery.renewing import Renewing  # next to no start needs it

            Renewing(workspace.passphrase, code, window).ask()
        exit_code = app.exec()
    wish = window.switcher.wish
    window.deleteLater()
    return exit_code, wish


def _leave_locked(window: MainWindow, workspace: Workspace) -> None:
    """End all work, close the records, and begin anew as a program that knows none of them. Never returns.

    Work that does not come to its end, such as a request that nobody answers, ends with the process: everything here stands
    an end at any moment.
    """
    if not window.operations.busy:
        window.end_work()
        workspace.close()
    take_off()
    restart_locked(workspace.folder)


def screenshots(workspace: Workspace, out: Path, shots: Sequence[Shot]) -> list[Path]:
    """Draw pages as PNG files in `out`, each after its reading has settled. Nothing is synced while they are drawn."""
    app = application()
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for shot in shots:
        apply_theme(app, shot.mode, shot.text_size, contrast=shot.contrast)
        window = MainWindow(workspace, automatic=False)
        window.resize(*shot.size)
        window.show()
        window.start(shot.page, **shot.where)
        settle(window)
        path = out / f"{shot.name}.png"
        _picture(window, shot.scale).save(str(path))
        made.append(path)
        window.close()
        window.deleteLater()
        app.processEvents()
    return made


def draw(workspace: Workspace, out: Path, name: str) -> list[Path]:
    """The screens that tell a chapter of the demo, light; Home dark as well, and the record that matters most."""
    shots = [Shot(f"{name}-{page}", page) for page in ("home", "records", "needs", "waiting")]
    shots.append(Shot(f"{name}-home-dark", "home", mode="dark"))
    telling = _telling_record(workspace)
    if telling:
        shots.append(Shot(f"{name}-record", "record", {"record_id": telling}))
    return screenshots(workspace, out, shots)


def _telling_record(workspace: Workspace) -> str:
    """Id of a record worth a picture: a draft, else one that waits, else none ("")."""
    for collection in workspace.collections:
        drafts = workspace.records.find(RecordQuery(collection, filters={"sync": "draft"}))
        for row in workspace.records.rows(drafts[:1]):
            return row.id
    return next((item.record_id for item in workspace.queue.items(1)), "")


def settle(window: MainWindow) -> None:
    """Wait until nothing is under way any more, at most 15 seconds; events are handled meanwhile."""
    watcher = _Settler(window)
    watcher.wait()


class _Settler(QObject):
    """Leaves its loop when two looks in a row found nothing under way."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window, self._calm, self._left_ms = window, 0, SETTLE_LONGEST_MS
        self._loop = QEventLoop()
        self._timer = QTimer(self, interval=30)
        self._timer.timeout.connect(self._on_look)

    def wait(self) -> None:
        self._timer.start()
        self._loop.exec()
        self._timer.stop()

    def _on_look(self) -> None:
        self._left_ms -= 30
        self._calm = 0 if self._window.operations.busy or self._window.relay.waiting else self._calm + 1
        if self._calm >= 3 or self._left_ms <= 0:
            self._loop.quit()


def _picture(window: MainWindow, scale: float) -> QImage:
    """The window as an image of `scale` device pixels a logical pixel."""
    image = QImage(window.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    window.render(image, QPoint())
    return image


@contextmanager
def _hooks(window: MainWindow) -> Iterator[None]:
    """Bugs on any thread become the crash report, and Ctrl+C in a terminal closes the window in good order."""
    old_hook, old_thread_hook = sys.excepthook, threading.excepthook
    old_signal: Any = None
    wake = QTimer(window, interval=WAKE_MS)
    wake.timeout.connect(lambda: None)  # running Python now and then lets it see a signal while Qt waits

    def on_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        window.operations.bug_found.emit(crash_report(error.with_traceback(trace)))

    def on_thread_bug(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            window.operations.bug_found.emit(crash_report(told.exc_value))

    def on_signal(*_: object) -> None:
        window.close()

    sys.excepthook, threading.excepthook = on_bug, on_thread_bug
    in_main = threading.current_thread() is threading.main_thread()
    if in_main:
        old_signal = signal.signal(signal.SIGINT, on_signal)
        wake.start()
    try:
        yield
    finally:
        wake.stop()
        if in_main:
            signal.signal(signal.SIGINT, old_signal)
        sys.excepthook, threading.excepthook = old_hook, old_thread_hook
