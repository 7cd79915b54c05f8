"""Notices that the computer is locked, goes to sleep, or is given to another user, as each system tells it.

Linux: the login manager and the screen saver, over D-Bus. Windows: messages to the window (session and power). macOS: asked
every few seconds, as it tells only programs written for it. The last two were never run on such a computer. A system that says
nothing is no trouble: the clock of `idle` still counts the time that it slept.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

from PySide6.QtCore import (
    SLOT,
    QAbstractNativeEventFilter,
    QCoreApplication,
    QObject,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtWidgets import QWidget

_LOGIN = "org.freedesktop.login1"
_SAVERS = (
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
)
_SESSION_CHANGE, _SESSION_LOCK, _CONSOLE_DISCONNECT = 0x02B1, 0x7, 0x2
_POWER, _SUSPEND = 0x0218, 0x4
ASK_MS = 5_000


class SessionWatch(QObject):
    """`left` when somebody leaves the computer by locking it or letting it sleep."""

    left = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._messages: Messages | None = None
        self._timer = QTimer(self, interval=ASK_MS)
        self._timer.timeout.connect(self._on_ask)
        if sys.platform == "linux":
            self._watch_bus()
        elif sys.platform == "win32":
            self._messages = Messages(self.left.emit, int(window.winId()))
        elif sys.platform == "darwin":
            self._timer.start()

    def close(self) -> None:
        """Hear no more."""
        self._timer.stop()
        if self._messages is not None:
            self._messages.close()
            self._messages = None

    def _watch_bus(self) -> None:
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:  # a build without it
            return
        told: Any = SLOT("on_told()")  # the types of this library want bytes, and it refuses them
        asleep: Any = SLOT("on_told_whether(bool)")
        system, session = QDBusConnection.systemBus(), QDBusConnection.sessionBus()
        if system.isConnected():
            path = "/org/freedesktop/login1"
            system.connect(_LOGIN, path, f"{_LOGIN}.Manager", "PrepareForSleep", self, asleep)
            system.connect(_LOGIN, "", f"{_LOGIN}.Session", "Lock", self, told)
        if session.isConnected():
            for name, path in _SAVERS:
                session.connect(name, path, name, "ActiveChanged", self, asleep)

    @Slot()
    def on_told(self) -> None:
        """D-Bus: the session is locked."""
        self.left.emit()

    @Slot(bool)
    def on_told_whether(self, begins: bool) -> None:
        """D-Bus: sleep or the screen saver begins, or (False) ends."""
        if begins:
            self.left.emit()

    def _on_ask(self) -> None:
        if _mac_is_locked():
            self.left.emit()


class Messages(QAbstractNativeEventFilter):
    """What Windows sends to the window about its session and its power."""

    def __init__(self, left: Any, handle: int) -> None:
        super().__init__()
        self._left, self._handle = left, handle
        app = QCoreApplication.instance()
        assert app is not None
        app.installNativeEventFilter(self)
        with suppress(AttributeError, OSError):
            import ctypes

            ctypes.windll.wtsapi32.WTSRegisterSessionNotification(handle, 0)  # type: ignore[attr-defined,unused-ignore]

    def close(self) -> None:
        """Hear no more."""
        app = QCoreApplication.instance()
        if app is not None:
            app.removeNativeEventFilter(self)
        with suppress(AttributeError, OSError):
            import ctypes

            ctypes.windll.wtsapi32.WTSUnRegisterSessionNotification(self._handle)  # type: ignore[attr-defined,unused-ignore]

    def nativeEventFilter(self, kind: Any, message: int) -> object:
        if bytes(kind) in (b"windows_generic_MSG", b"windows_dispatcher_MSG"):
            import ctypes.wintypes

            told = ctypes.wintypes.MSG.from_address(int(message))
            if is_leaving(told.message, told.wParam):
                self._left()
        return False, 0


def is_leaving(message: int, what: int) -> bool:
    """Whether a message of Windows says that the session is locked or taken away, or that the computer goes to sleep."""
    return (message == _SESSION_CHANGE and what in (_SESSION_LOCK, _CONSOLE_DISCONNECT)) or (
        message == _POWER and what == _SUSPEND
    )


def _mac_is_locked() -> bool:
    """Whether the screen of a Mac is locked, as its window server says; False when it cannot be asked."""
    try:
        import ctypes

        graphics = ctypes.CDLL("/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics")
        core = ctypes.CDLL("/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation")
        for function in (
            graphics.CGSessionCopyCurrentDictionary,
            core.CFStringCreateWithCString,
            core.CFDictionaryGetValue,
        ):
            function.restype = ctypes.c_void_p
        session = graphics.CGSessionCopyCurrentDictionary()
        if not session:
            return False
        key = core.CFStringCreateWithCString(None, b"CGSSessionScreenIsLocked", 0x08000100)
        value = core.CFDictionaryGetValue(ctypes.c_void_p(session), ctypes.c_void_p(key))
        locked = bool(value) and bool(core.CFBooleanGetValue(ctypes.c_void_p(value)))
        core.CFRelease(ctypes.c_void_p(key))
        core.CFRelease(ctypes.c_void_p(session))
    except (OSError, AttributeError):
        return False
    return locked
