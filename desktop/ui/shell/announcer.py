"""Words for screen readers that belong to no widget with the focus: saved, portal down, portal back, queue empty."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

APART_MS = 5_000
_ENDS = (".", "!", "?")


class Announcer(QObject):
    """Says everything exactly once: politely at most one announcement in five seconds, errors at once.

    What comes meanwhile waits and is said together, in order; a newer sentence takes the place of one that waits and
    begins the same ("Saved here"). An error that is told again before anything else was said is not repeated.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._waiting: dict[str, str] = {}
        self._last_error = ""
        self._since = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_turn)

    def say(self, words: str) -> None:
        """Politely: after what is being read."""
        subject = words.partition(". ")[0].rstrip(".")
        self._waiting.pop(subject, None)
        self._waiting[subject] = words if words.endswith(_ENDS) else f"{words}."
        if not self._timer.isActive():
            rest = APART_MS - self._since.elapsed() if self._since.isValid() else 0
            if rest > 0:
                self._timer.start(int(rest))
            else:
                self._on_turn()

    def alert(self, words: str) -> None:
        """At once; the same words are not repeated in a row."""
        if words != self._last_error:
            self._last_error = words
            self._speak(words, QAccessible.AnnouncementPoliteness.Assertive)

    def _on_turn(self) -> None:
        words = " ".join(self._waiting.values())
        self._waiting.clear()
        if words:
            self._last_error = ""
            self._speak(words, QAccessible.AnnouncementPoliteness.Polite)

    def _speak(self, words: str, politeness: QAccessible.AnnouncementPoliteness) -> None:
        self._since.restart()
        event = QAccessibleAnnouncementEvent(self._window, words)
        event.setPoliteness(politeness)
        QAccessible.updateAccessibility(event)
