"""A line of text as forms want it: leaves Ctrl+Z to the window when it has nothing of its own to undo."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

_KEY_EVENTS = {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress}


_STILL_HERE = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


def is_left(event: QFocusEvent) -> bool:
    """Whether the person has left the field, and not only looked at another window or opened a menu: half an answer is
    neither saved nor sent by that.
    """
    return event.reason() not in _STILL_HERE


class LineEdit(QLineEdit):
    """`left` when the keyboard goes elsewhere (not for a popup of its own)."""

    left = Signal()
    pasted = Signal(str)
    """Text is about to be pasted; set `swallow_paste` while it is told to keep it out of this line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.swallow_paste = False

    def event(self, event: QEvent) -> bool:
        """Undo and redo are the line's own while it has something to undo; else they go on to the window."""
        if isinstance(event, QKeyEvent) and event.type() in _KEY_EVENTS and self._has_nothing_for(event):
            event.ignore()
            return False
        return super().event(event)

    def _has_nothing_for(self, event: QKeyEvent) -> bool:
        undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
        redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
        return undo or redo

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and not self.isReadOnly():
            self._paste(QGuiApplication.clipboard().mimeData())
            return
        super().keyPressEvent(event)

    def _paste(self, data: QMimeData) -> None:
        """Paste one line: blanks at the ends and line breaks of a spreadsheet cell are left out."""
        text = " ".join(data.text().split())
        self.swallow_paste = False
        self.pasted.emit(text)
        if not self.swallow_paste:
            self.insert(text)
            self.textEdited.emit(self.text())
        self.swallow_paste = False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if is_left(event):
            self.left.emit()
