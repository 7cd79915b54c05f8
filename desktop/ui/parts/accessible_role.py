"""What a screen reader calls a widget that Qt has no word for: painted pictures with a name, labels that are links.

Name and description stay those of the widget. GUI thread only.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAccessibleObject, QTextDocumentFragment
from PySide6.QtWidgets import QWidget
from shiboken6 import Shiboken

_PROPERTY = "reads_as"
_kept: list[_Spoken] = []
"""Qt deletes what it was given, Python must not do it first: held until Qt has."""
_offered: list[bool] = []


def read_as(widget: QWidget, role: QAccessible.Role) -> None:
    """Have a widget read out with this role, from before it is first shown; it has no parts of its own then."""
    widget.setProperty(_PROPERTY, role.value)
    if not _offered:
        _offered.append(True)
        QAccessible.installFactory(_made)
    held = QAccessible.queryAccessibleInterface(widget)
    if not isinstance(held, _Spoken):  # made before this was said
        QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(held))


def _made(_name: str, widget: QObject | None) -> QAccessibleInterface | None:
    """Qt asks for every kind of widget, and makes the others itself."""
    if not isinstance(widget, QWidget) or widget.property(_PROPERTY) is None:
        return None
    _kept[:] = [spoken for spoken in _kept if Shiboken.isValid(spoken)]
    spoken = _Spoken(widget)
    _kept.append(spoken)
    return spoken


class _Spoken(QAccessibleObject):
    """One widget to a reader."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget

    # --- Qt

    def role(self) -> QAccessible.Role:
        return QAccessible.Role(self._widget.property(_PROPERTY))

    def text(self, kind: QAccessible.Text, /) -> str:
        if kind == QAccessible.Text.Name:
            return self._widget.accessibleName() or _plain(str(self._widget.property("text") or ""))
        return self._widget.accessibleDescription() if kind == QAccessible.Text.Description else ""

    def state(self) -> QAccessible.State:
        made, widget = QAccessible.State(), self._widget
        for name, on in (
            ("focusable", bool(widget.focusPolicy())),
            ("focused", widget.hasFocus()),
            ("invisible", not widget.isVisible()),
            ("disabled", not widget.isEnabled()),
            ("linked", self.role() == QAccessible.Role.Link),
        ):
            setattr(made, name, on)
        return made

    def window(self) -> Any:
        return self._widget.window().windowHandle()

    def parent(self) -> Any:
        return QAccessible.queryAccessibleInterface(self._widget.parent())

    def childCount(self) -> int:
        return 0

    def child(self, number: int, /) -> Any:  # noqa: ARG002 - it has none
        return None

    def indexOfChild(self, child: QAccessibleInterface, /) -> int:  # noqa: ARG002 - it has none
        return -1


def _plain(words: str) -> str:
    """What a label shows of rich text."""
    return QTextDocumentFragment.fromHtml(words).toPlainText() if "<" in words else words
