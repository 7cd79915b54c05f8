"""What who sits here may not do: buttons and sections that need a role are off then, and say why and whom to ask."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from desktop.model.person import Role, Sitting
from desktop.ui.parts.buttons import Button
from desktop.ui.shell.status import Status

_NEEDS, _BEFORE = "needs", "tip_before"
W = TypeVar("W", bound=QWidget)


def needs(widget: W, role: Role) -> W:
    """Mark a button, or all that stands in a section, as work for people with this role."""
    widget.setProperty(_NEEDS, str(role))
    return widget


def apply(root: QWidget, sitting: Sitting) -> None:
    """Let everything under `root` that is marked follow who sits here now."""
    for widget in (root, *root.findChildren(QWidget)):
        role = widget.property(_NEEDS)
        if role:
            why = sitting.why_not(Role(role))
            if isinstance(widget, Button):
                widget.forbid(why)
            else:
                _shut(widget, why)


def follow(root: QWidget, status: Status) -> None:
    """The same for a window of its own, by what the shell knows."""
    if status.standing is not None:
        apply(root, status.standing.sitting)


def _shut(section: QWidget, why: str) -> None:
    section.setEnabled(not why)
    for part in (*section.findChildren(QAbstractButton), *section.findChildren(QLineEdit)):
        before = part.property(_BEFORE)
        if isinstance(part, Button):
            part.forbid(why)
        elif why:
            part.setProperty(_BEFORE, part.toolTip() if before is None else before)
            part.setToolTip(why)
        elif before is not None:
            part.setToolTip(before)
            part.setProperty(_BEFORE, None)
