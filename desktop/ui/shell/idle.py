"""Notices that nobody is at the computer: no key, no mouse and no touch for a while.

It looks at the window with the focus only, before Qt hands the event on, which costs nothing while screens are drawn. The
clock on the wall decides: a computer that slept was left alone as long as it slept.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

STEP_MS = 5_000
_SIGNS = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    )
)


class Idle(QObject):
    """`left_alone` after `minutes` without a sign of anybody (0 = never), or when the system says that it suspends us."""

    left_alone = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._last = now()
        self._window: QWindow | None = None
        self.minutes = 0
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self._on_focus_moved)
        app.applicationStateChanged.connect(self._on_state_changed)
        self._on_focus_moved(QGuiApplication.focusWindow())

    def note(self) -> None:
        """Somebody is here now."""
        self._last = self._now()

    def look(self) -> bool:
        """Whether it has been long enough; then it is told, once for each look."""
        alone = self._now() - self._last
        over = bool(self.minutes) and alone >= timedelta(minutes=self.minutes)
        if over:
            self.left_alone.emit()
        return over

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._on_focus_moved(None)

    def _on_focus_moved(self, window: QWindow | None) -> None:
        if self._window is not None:
            self._window.removeEventFilter(self)
            self._window.destroyed.disconnect(self._on_window_gone)
        self._window = window
        if window is not None:
            window.installEventFilter(self)
            window.destroyed.connect(self._on_window_gone)

    def _on_window_gone(self) -> None:
        self._window = None

    def _on_state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationSuspended and self.minutes:
            self.left_alone.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS:
            if self.look():
                return True  # the first key after a long while belongs to nobody
            self.note()
        return False
