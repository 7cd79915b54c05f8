"""Keys as a person presses them: they go to the open popup, else to whatever holds the keyboard.

The offscreen platform does not give a window its activation back when a popup closes; a real one does.
"""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def keyboard() -> QWidget:
    """What the next key goes to."""
    found = QApplication.activePopupWidget() or QApplication.activeModalWidget() or QApplication.focusWidget()
    if isinstance(found, QWidget) and found.isWindow() and not found.windowFlags() & Qt.WindowType.Popup:
        found = found.focusWidget() or found
    if found is None:
        windows = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.focusWidget()]
        windows[-1].activateWindow()
        QTest.qWaitForWindowActive(windows[-1])
        found = windows[-1].focusWidget()
    assert found is not None, "nothing holds the keyboard"
    return found


def press(*keys: str | Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press keys one after the other; a string is typed letter by letter."""
    for key in keys:
        for one in key if isinstance(key, str) else (key,):
            QTest.keyClick(keyboard(), one, held)
