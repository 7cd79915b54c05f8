"""Tells once, beside the clock of the computer, that a portal went down or came back; also while Holdfast is behind."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

SHOWN_MS = 10_000


class Notifier(QObject):
    """Desktop notifications where the computer has them; nothing where it has none. The strip says the same."""

    opened = Signal()
    """The person clicked a notification."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._icon: QSystemTrayIcon | None = None

    def tell(self, title: str, text: str) -> None:
        """Show one; it goes away by itself."""
        icon = self._tray()
        if icon is not None:
            icon.showMessage(title, text, self._window.windowIcon(), SHOWN_MS)

    def close(self) -> None:
        """Take the symbol away."""
        if self._icon is not None:
            self._icon.hide()

    def _tray(self) -> QSystemTrayIcon | None:
        """The symbol that messages come from; made for the first one."""
        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return None
        if self._icon is None:
            self._icon = QSystemTrayIcon(self._window.windowIcon(), self)
            self._icon.setToolTip("Holdfast")
            self._icon.messageClicked.connect(self.opened)
            self._icon.activated.connect(self.opened)
        self._icon.show()
        return self._icon
