"""F1: the keys of this screen and of every screen, and where to read on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.scroll_page import ScrollPage
from desktop.ui.parts.text import Text
from desktop.ui.shell.keys import EVERYWHERE

Lines = Sequence[tuple[str, str]]


class HelpSheet(QDialog):
    """Not modal: it may stay beside the work."""

    def __init__(self, screen: str, lines: Lines, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(520, 560)
        page = ScrollPage()
        page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        page.setAccessibleName("Keys")
        if lines:
            page.column.addWidget(Text(f"On {screen}", "section"))
            page.column.addLayout(_table(lines))
        page.column.addWidget(Text("Everywhere", "section"))
        page.column.addLayout(_table(EVERYWHERE))
        page.column.addStretch(1)
        close = Button("Close")
        close.clicked.connect(self.close)
        foot = row(None, close)
        foot.setContentsMargins(24, 12, 24, 16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(page, 1)
        column.addLayout(foot)


def _table(lines: Lines) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    grid.setColumnMinimumWidth(0, 150)
    for number, (keys, what) in enumerate(lines):
        grid.addWidget(Text(keys, "table", weight=600), number, 0)
        grid.addWidget(Text(what, "table", "ink2", wrap=True), number, 1)
    return grid
