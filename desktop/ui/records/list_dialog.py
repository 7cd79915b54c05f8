"""A small window with a list, what can be done with the line that is chosen, and Close."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QListWidget, QWidget

from desktop.ui.parts.buttons import Button
from desktop.ui.parts.dialog import Dialog
from desktop.ui.parts.text import Text


class ListDialog(Dialog):
    """`none` stands where the list has no lines. What else belongs into `column` follows it."""

    def __init__(self, title: str, none: Text, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.list = QListWidget()
        self.list.setProperty("framed", True)
        self.list.setProperty("part", "menu")
        self.list.setAccessibleName(title)
        self.none = none
        self.close_button = Button("Close", "quiet")
        self.column.addWidget(Text(title, "section"))
        self.column.addWidget(self.list, 1)
        self.column.addWidget(none)
        self.close_button.clicked.connect(self.accept)

    def show_lines(self, lines: Sequence[str]) -> None:
        """List these; the place in the list stays."""
        place = self.list.currentRow()
        self.list.clear()
        self.list.addItems(lines)
        self.list.setCurrentRow(max(0, min(place, len(lines) - 1)))
        self.list.setVisible(bool(lines))
        self.none.setVisible(not lines)
