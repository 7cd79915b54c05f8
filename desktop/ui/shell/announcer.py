"""Words for screen readers that belong to no widget with the focus: saved, portal down, portal back, queue empty."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

APART_MS = 5_000


class Announcer(QObject):
    """Polite words at most one in five seconds (the newest waits its turn); errors at once, and once each."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._waiting = ""
        self._last_error = ""
        self._since = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_turn)

    def say(self, words: str) -> None:
        """Politely: after what is being read."""
        rest = APART_MS - self._since.elapsed() if self._since.isValid() else 0
        if rest <= 0:
            self._speak(words, QAccessible.AnnouncementPoliteness.Polite)
        else:
            self._waiting = words
            self._timer.start(int(rest))

    def alert(self, words: str) -> None:
        """At once; the same words are not repeated in a row."""
        if words != self._last_error:
            self._last_error = words
            self._speak(words, QAccessible.AnnouncementPoliteness.Assertive)

    def _speak(self, words: str, politeness: QAccessible.AnnouncementPoliteness) -> None:
        self._since.restart()
        event = QAccessibleAnnouncementEvent(self._window, words)
        event.setPoliteness(politeness)
        QAccessible.updateAccessibility(event)

    def _on_turn(self) -> None:
        words, self._waiting = self._waiting, ""
        if words:
            self._speak(words, QAccessible.AnnouncementPoliteness.Polite)
