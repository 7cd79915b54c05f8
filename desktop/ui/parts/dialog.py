"""What the program's own dialogs have in common: over one window, gone once closed, and never larger than that window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop.ui.parts.buttons import Button
from desktop.ui.parts.progress import ProgressBox

_AROUND = 48
"""What stays free of the window below, in pixels."""


class Dialog(QDialog):
    """Add to `column`."""

    def __init__(self, title: str, parent: QWidget, spacing: int = 12) -> None:
        super().__init__(parent)
        self._below = parent.window()
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 20)
        self.column.setSpacing(spacing)

    def take_room(self, width: int, height: int) -> None:
        """Be so large, in pixels, as far as the window below has room for it."""
        room = self._below.size()
        self.resize(min(width, room.width() - _AROUND), min(height, room.height() - _AROUND))


class WorkDialog(Dialog):
    """One button that does something, also Ctrl+Enter. While it is being done, Esc and the cross ask for an end of it."""

    stop_asked = Signal()

    def __init__(
        self, title: str, do: str, progress: ProgressBox, parent: QWidget, spacing: int = 12
    ) -> None:
        super().__init__(title, parent, spacing)
        self.progress = progress
        self.main_button, self.not_now = Button(do, "primary"), Button("Not now", "quiet")
        self._busy = False
        self.not_now.clicked.connect(self.reject)
        progress.stop_asked.connect(self.stop_asked)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.main_button.click)

    def show_busy(self, busy: bool) -> None:
        """Work is under way, or over."""
        self._busy = busy
        self.progress.setVisible(busy)
        self.main_button.setEnabled(not busy)
        self.not_now.setVisible(not busy)

    def reject(self) -> None:
        if self._busy:
            self.stop_asked.emit()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._busy:
            self.stop_asked.emit()
            event.ignore()
        else:
            super().closeEvent(event)
