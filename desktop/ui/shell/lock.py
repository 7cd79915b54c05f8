"""Locking the window: covers everything, hides what is open over it, and brings all of it back unharmed.

The store stays open, so sending and reading go on; only people are kept out. The covered screens leave the window
altogether, so that neither the keyboard nor a screen reader finds them.
"""

from __future__ import annotations

from contextlib import nullcontext

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QGuiApplication, QShortcut, QWindow
from PySide6.QtWidgets import QApplication, QMainWindow, QToolTip, QWidget
from shiboken6 import isValid

from desktop.ui.shell.idle import Idle
from desktop.ui.shell.lock_screen import LockScreen
from desktop.ui.shell.preferences import Preferences

TITLE = "Holdfast, locked"


class Lock(QObject):
    """`lock` covers the window, the right passphrase uncovers it. `changed` says which it is now."""

    changed = Signal(bool)

    def __init__(self, window: QMainWindow, screen: LockScreen, idle: Idle, preferences: Preferences) -> None:
        super().__init__(window)
        self._window, self.screen, self._idle = window, screen, idle
        self._preferences = preferences
        self._covered: QWidget | None = None
        self._focus: QWidget | None = None
        self._hidden: list[QWidget] = []
        self._keys: list[QShortcut] = []
        self._title = ""
        self.hint = ""
        """A sentence for the lock screen, for instance that this is practice and what its passphrase is."""
        screen.setParent(window)
        screen.hide()
        screen.unlocked.connect(self._uncover)
        screen.close_asked.connect(window.close)
        idle.left_alone.connect(self.lock)
        app = QApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self._on_focus_moved)

    @property
    def locked(self) -> bool:
        return self._covered is not None

    def lock(self) -> None:
        """Cover everything now; does nothing while it is covered."""
        if self.locked or not self._window.isVisible():
            return
        self._close_popups()
        self._focus = QApplication.focusWidget()
        with QSignalBlocker(self._focus) if self._focus is not None else nullcontext():
            # A field that is covered was not left: what is half typed in it is no answer yet, and is not sent.
            self._hide_windows()
            self._covered = self._window.takeCentralWidget()
        self._keys = [key for key in self._window.findChildren(QShortcut) if key.isEnabled()]
        for key in self._keys:
            key.setEnabled(False)
        self._title = self._window.windowTitle()
        self._window.setWindowTitle(TITLE)
        self._window.setCentralWidget(self.screen)
        self.screen.show()
        self._remember(True)
        self.screen.begin(self.hint)
        self.changed.emit(True)

    def put_back(self) -> None:
        """Give the window its screens back without showing them, so that they end with it."""
        if self._covered is not None:
            self._covered.setParent(self._window)
            self._covered.hide()

    def _uncover(self) -> None:
        if self._covered is None:
            return
        self._window.takeCentralWidget()
        self.screen.setParent(self._window)
        self.screen.hide()
        covered, self._covered = self._covered, None
        self._window.setCentralWidget(covered)
        covered.show()
        for key in self._keys:
            if isValid(key):
                key.setEnabled(True)
        self._keys.clear()
        self._window.setWindowTitle(self._title)
        self._idle.note()
        self._remember(False)
        self._show_windows()
        if self._focus is not None and isValid(self._focus):
            self._focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus = None
        self.changed.emit(False)

    def _remember(self, locked: bool) -> None:
        """Whoever ends the program to get round the lock is asked for the passphrase at the next start."""
        self._preferences.memory.locked = locked
        self._preferences.memory.save()

    def _close_popups(self) -> None:
        QToolTip.hideText()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()

    def _hide_windows(self) -> None:
        for widget in QApplication.topLevelWidgets():
            if widget is not self._window and widget.isVisible():
                self._hide(widget)

    def _hide(self, widget: QWidget) -> None:
        """`QDialog` takes its own hiding for an answer and ends; that of the plain widget it does not notice."""
        QWidget.setVisible(widget, False)
        self._hidden.append(widget)

    def _show_windows(self) -> None:
        hidden, self._hidden = self._hidden, []
        for widget in hidden:
            if isValid(widget):
                QWidget.setVisible(widget, True)
                widget.activateWindow()

    def _on_focus_moved(self, window: QWindow | None) -> None:
        """Work that ends while the window is locked may open a dialog: it waits as well."""
        if self.locked and window is not None and window is not self._window.windowHandle():
            for widget in QApplication.topLevelWidgets():
                if widget.windowHandle() is window and widget.isVisible():
                    self._hide(widget)
            self._window.activateWindow()
