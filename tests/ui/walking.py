"""Walks a window as a person without a mouse, or without sight, does; each function returns the faults that it finds.

A fault is a line that names the part, so that a failing test says what to mend.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTextBrowser,
    QWidget,
)

from desktop.ui.fields.link_label import LinkLabel
from desktop.ui.parts.state_label import StateLabel
from desktop.ui.parts.text import ElidedLabel

LEAST_TARGET = 24
"""Logical pixels of what is clicked (WCAG 2.2, 2.5.8)."""
MOST_STEPS = 600
MOST_LINKS = 100
ROLES_OF_NOTHING = (
    QAccessible.Role.NoRole,
    QAccessible.Role.Client,
    QAccessible.Role.Pane,
    QAccessible.Role.Border,
    QAccessible.Role.StaticText,
    QAccessible.Role.Window,
)


def told(widget: QWidget, kind: QAccessible.Text = QAccessible.Text.Name) -> str:
    """What a reader says of a widget."""
    return QAccessible.queryAccessibleInterface(widget).text(kind)


def label(widget: QWidget | None) -> str:
    """A widget in a list of faults."""
    if widget is None:
        return "nothing"
    return f"{type(widget).__name__} {told(widget) or widget.objectName() or '(no name)'!r}"


def focusables(root: QWidget) -> list[QWidget]:
    """All that Tab should reach."""
    found = [root, *root.findChildren(QWidget)]
    return [w for w in found if w.isVisible() and w.isEnabled() and _takes_tab(w)]


def _takes_tab(widget: QWidget) -> bool:
    takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    if isinstance(widget, QScrollArea):  # scrolled by what is in it
        return takes and widget.widget() is None
    return takes and widget.focusProxy() is None and not widget.isWindow()


def nameless(root: QWidget) -> list[str]:
    """Focusables whose name, or whose role, tells a reader nothing."""
    found = []
    for widget in focusables(root):
        if not told(widget).strip():
            found.append(f"{label(widget)} in {label(widget.parentWidget())} has no name")
        role = QAccessible.queryAccessibleInterface(widget).role()
        if isinstance(widget, QTextBrowser):
            continue  # Qt calls a text that is only read so; a reader walks through it all the same
        if role in ROLES_OF_NOTHING:
            found.append(f"{label(widget)} has the role {role.name}")
    return found


def walked(window: QWidget, first: QWidget) -> tuple[list[QWidget], list[str]]:
    """Press Tab from `first` until it comes round: (what was visited, in order; traps)."""
    first.setFocus(Qt.FocusReason.TabFocusReason)
    order: list[QWidget] = []
    here: QWidget | None = window.focusWidget()
    while here is not None and here not in order and len(order) < MOST_STEPS:
        order.append(here)
        there = _tabbed(window, here)
        if there is here:
            return order, [f"Tab does not leave {label(here)}"]
        here = there
    return order, []


def _tabbed(window: QWidget, here: QWidget) -> QWidget | None:
    """Where Tab leads from here; through the links of a page first, if it is one."""
    for _ in range(MOST_LINKS if isinstance(here, QTextBrowser) else 1):
        QTest.keyClick(here, Qt.Key.Key_Tab)
        if window.focusWidget() is not here:
            break
    return window.focusWidget()


def not_reached(window: QWidget, order: Iterable[QWidget]) -> list[str]:
    visited = set(order)
    return [f"Tab never reaches {label(w)}" for w in focusables(window) if w not in visited]


def out_of_order(window: QWidget, order: list[QWidget]) -> list[str]:
    """Steps that go up on the page without going to a column further right; the step that comes round is none."""
    found = []
    for one, other in pairwise(order):
        a, b = _place(one, window), _place(other, window)
        if b.bottom() < a.top() and b.left() < a.right() and not _beside(one, other, window):
            found.append(f"after {label(one)} comes {label(other)}, which stands above it")
    return found


def _beside(one: QWidget, other: QWidget, window: QWidget) -> bool:
    """Whether the second stands in another part of the page that begins further right."""
    mine, its = _lineage(one), _lineage(other)
    shared = next(w for w in mine if w in its)
    if shared in (one, other):
        return False
    left, right = mine[mine.index(shared) - 1], its[its.index(shared) - 1]
    return _place(left, window).right() <= _place(right, window).left() + 1


def _lineage(widget: QWidget) -> list[QWidget]:
    found: list[Any] = [widget]
    while found[-1] is not None and not found[-1].isWindow():
        found.append(found[-1].parentWidget())
    return found


def _area(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def _place(widget: QWidget, window: QWidget) -> QRect:
    """Where it stands on the page when nothing is scrolled."""
    area = _area(widget, window)
    for above in _lineage(widget)[1:]:
        if isinstance(above, QAbstractScrollArea):
            area.translate(above.horizontalScrollBar().value(), above.verticalScrollBar().value())
    return area


def without_ring(window: QWidget, order: Iterable[QWidget]) -> list[str]:
    """Focusables that look the same with the keyboard and without it."""
    found = []
    for widget in order:
        if not widget.isVisible() or (isinstance(widget, QAbstractItemView) and not _rows_of(widget)):
            continue
        for above in _lineage(widget)[1:]:
            if isinstance(above, QScrollArea):
                above.ensureWidgetVisible(widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        lit = _picture(window, widget)
        widget.clearFocus()
        QApplication.processEvents()
        if lit == _picture(window, widget):
            found.append(f"{label(widget)} looks the same with the keyboard")
    return found


def _rows_of(view: QAbstractItemView) -> int:
    model: Any = view.model()
    return model.rowCount() if model is not None else 0


def _picture(window: QWidget, widget: QWidget) -> QImage:
    if isinstance(widget, QLineEdit):
        widget.setCursorPosition(0)
    return window.grab(_area(widget, window).adjusted(-6, -6, 6, 6)).toImage()


def small_targets(root: QWidget) -> list[str]:
    """What is clicked but narrower or lower than 24 pixels. Rows of a list are measured by their list."""
    found = []
    for widget in focusables(root):
        if type(widget) is LinkLabel:
            continue  # a link within a sentence is as high as its line (the exception of 2.5.8)
        if min(widget.width(), widget.height()) < LEAST_TARGET:
            found.append(f"{label(widget)} is {widget.width()} x {widget.height()}")
        if isinstance(widget, QAbstractItemView) and _rows_of(widget):
            height = widget.visualRect(widget.model().index(0, 0)).height()
            if 0 < height < LEAST_TARGET:
                found.append(f"rows of {label(widget)} are {height} high")
    return found


def clipped(root: QWidget) -> list[str]:
    """Words that need more room than they have. A label that elides on purpose says the rest in its tooltip."""
    found: list[str] = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or widget.visibleRegion().isEmpty() or _scrolled_sideways(widget):
            continue
        if isinstance(widget, QLabel) and widget.text() and not isinstance(widget, ElidedLabel):
            found += _short_label(widget)
        elif isinstance(widget, QAbstractButton) and widget.text():
            room = widget.minimumSizeHint().width()
            if room > widget.width() + 1:
                found.append(f"{label(widget)} needs {room} and has {widget.width()} across")
    return found


def _short_label(widget: QLabel) -> Iterator[str]:
    if widget.wordWrap():
        needed = widget.heightForWidth(widget.width())
        if needed > widget.height() + 1:
            yield f"{label(widget)} needs {needed} and has {widget.height()} down"
        return
    needed = widget.sizeHint().width()
    if needed > widget.width() + 1:
        yield f"{label(widget)} needs {needed} and has {widget.width()} across"
    if widget.sizeHint().height() > widget.height() + 1:
        yield f"{label(widget)} needs {widget.sizeHint().height()} and has {widget.height()} down"


def _scrolled_sideways(widget: QWidget) -> bool:
    """Whether it stands in an area that a person can scroll to see the rest of it."""
    areas = (w for w in _lineage(widget) if isinstance(w, QAbstractScrollArea))
    return any(area.horizontalScrollBar().maximum() > 0 for area in areas)


def mnemonics(root: QWidget) -> list[str]:
    """Letters that lead to more than one part of a page."""
    words = [b.text() for b in root.findChildren(QAbstractButton) if b.isVisible()]
    words += [t.text() for t in root.findChildren(QLabel) if t.isVisible() and t.buddy() is not None]
    letters = Counter(k for k in (QKeySequence.mnemonic(text).toString() for text in words) if k)
    return [f"{letter} is there {count} times" for letter, count in letters.items() if count > 1]


def wordless_states(root: QWidget) -> list[str]:
    """States that are told by colour and sign alone."""
    labels = [w for w in root.findChildren(StateLabel) if w.isVisible()]
    return [f"a state without words in {label(w.parentWidget())}" for w in labels if not told(w).strip()]


def undescribed(root: QWidget) -> list[str]:
    """Disabled buttons that do not say why."""
    off = (b for b in root.findChildren(QAbstractButton) if b.isVisible() and not b.isEnabled())
    buttons = (b for b in off if not isinstance(b.parentWidget(), QLineEdit))  # an icon inside a field
    return [
        f"{label(b)} is off and does not say why"
        for b in buttons
        if not (told(b, QAccessible.Text.Description) or b.toolTip())
    ]
