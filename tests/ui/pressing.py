"""Keys as a person presses them: they go to the open popup, else to whatever holds the keyboard.

The offscreen platform does not give a window its activation back when a popup closes; a real one does.
"""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def keyboard() -> QWidget:
    """What the next key goes to."""
    found: Any = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    if found is not None and found.windowType() != Qt.WindowType.Popup:
        found = found.focusWidget()
    found = found or QApplication.focusWidget()
    if found is None:
        windows: list[Any] = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
        window = next(w for w in reversed(windows) if w.focusWidget() is not None)
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        found = window.focusWidget()
    assert isinstance(found, QWidget), "nothing holds the keyboard"
    return found


def press(*keys: str | Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press keys one after the other; a string is typed letter by letter."""
    for key in keys:
        letters: Any = key if isinstance(key, str) else (key,)
        for one in letters:
            QTest.keyClick(keyboard(), one, held)


def popup() -> Any:
    """The open popup; there must be one."""
    found = QApplication.activePopupWidget()
    assert found is not None, "no popup is open"
    return found
