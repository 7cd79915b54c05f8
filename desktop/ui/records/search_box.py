"""The search line over a table: says what was typed as soon as it is typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.ui.icons import icon
from desktop.ui.parts.text import Text
from desktop.ui.theme import scaled, theme

PAUSE_MS = 0
"""Once the keys that came together are all in; a question that is out of date by then is dropped by its key."""
_AROUND = 60
"""The glass, and the room around words and key."""


class SearchBox(QLineEdit):
    """Enter asks at once and Down goes to the results; Esc empties it."""

    asked = Signal(str)
    left_down = Signal()

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName("Search")
        self.setAccessibleDescription(placeholder)
        self._glass = QAction(self)
        self._glass.setEnabled(False)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._key = Text("Ctrl F", "caption", parent=self)
        self._key.setProperty("part", "code")
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        self.textChanged.connect(self._on_text_changed)
        theme().changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_text(self, text: str) -> None:
        """Show what is searched for without asking again."""
        if text != self.text():
            self.setText(text)
            self._pause.stop()

    def _on_text_changed(self) -> None:
        self._place_key()
        self._pause.start()

    def _on_pause(self) -> None:
        self.asked.emit(self.text())

    def _on_theme_changed(self) -> None:
        found = icon("search", "ink2")
        self._glass.setIcon(found)
        self._place_key()

    def _place_key(self) -> None:
        hint = self._key.sizeHint()
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        self._key.setVisible(not self.text() and words + hint.width() + scaled(_AROUND) <= self.width())
        self._key.setGeometry(
            self.width() - hint.width() - 8, (self.height() - hint.height()) // 2, hint.width(), hint.height()
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._pause.stop()
            self.asked.emit(self.text())
            self.left_down.emit()
        elif key == Qt.Key.Key_Down:
            self.left_down.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_key()
