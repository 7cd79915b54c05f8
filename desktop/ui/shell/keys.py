"""Keys that work everywhere (ui.md section 7), in one table that the help sheet shows too."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

EVERYWHERE: tuple[tuple[str, str], ...] = (
    ("Ctrl+1 to Ctrl+7", "Go to a screen of the rail"),
    ("Ctrl+K", "Go to a person, a screen or an action"),
    ("Ctrl+F", "Search"),
    ("Ctrl+N", "Add a record"),
    ("F5", "Ask the portal now"),
    ("Ctrl+Z", "Undo the last change; in a field, the last typing"),
    ("Ctrl+Shift+Z, Ctrl+Y", "Do again what was undone"),
    ("Ctrl+L", "Lock Holdfast"),
    ("F6, Shift+F6", "Next or previous area: rail, strip, page"),
    ("Alt+Left", "Back"),
    ("F1", "Help on this screen"),
    ("Ctrl+/", "All keys"),
)


def bind(window: QWidget, keys: str, action: Callable[[], object]) -> QShortcut:
    """A key for the whole window. `action` is a bound method of a QObject."""
    shortcut = QShortcut(QKeySequence(keys), window)
    shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
    shortcut.activated.connect(action)
    return shortcut


def allow_letters(root: QWidget, allowed: bool) -> None:
    """Whether single letters and digits act as keys inside `root`; all others stay as they are."""
    for shortcut in root.findChildren(QShortcut):
        keys = shortcut.key().toString()  # with a modifier, or of several keys, it is longer
        if len(keys) == 1 and keys.isalnum():
            shortcut.setEnabled(allowed)


def next_area(areas: Sequence[QWidget], step: int) -> QWidget | None:
    """The area after (or before) the one that holds the focus; None when there is none to go to."""
    shown = [area for area in areas if area.isVisible()]
    if not shown:
        return None
    focus = QApplication.focusWidget()
    holding = [n for n, area in enumerate(shown) if focus and (area is focus or area.isAncestorOf(focus))]
    return shown[(holding[-1] + step) % len(shown)] if holding else shown[0]


def first_focusable(area: QWidget) -> QWidget | None:
    """The first widget inside an area that takes the keyboard by Tab, in tab order."""
    widget = area.nextInFocusChain()
    seen = 0
    while widget is not None and widget is not area and seen < 5_000:
        seen += 1
        takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes and area.isAncestorOf(widget) and widget.isVisible() and widget.isEnabled():
            return widget
        widget = widget.nextInFocusChain()
    return None
