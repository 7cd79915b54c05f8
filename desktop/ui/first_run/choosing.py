"""Radio buttons as one stop of the Tab key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QButtonGroup


def choose(group: QButtonGroup, chosen: QAbstractButton) -> None:
    """Check a button and let Tab stop there: Qt moves the stop only when a person moves the choice."""
    chosen.setChecked(True)
    for button in group.buttons():
        stops = button is chosen
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if stops else Qt.FocusPolicy.ClickFocus)
