"""The list of a long page's sections beside it: one press brings a section into sight, and the keyboard into it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.ui.parts.buttons import Button
from desktop.ui.parts.text import Text
from desktop.ui.settings.section import Section
from desktop.ui.theme import scaled

WIDTH = 210


class Contents(QWidget):
    """`chosen` carries the section that was pressed."""

    chosen = Signal(Section)

    def __init__(self, sections: Iterable[Section]) -> None:
        super().__init__()
        self.setAccessibleName("On this page")
        self.links = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 28, 16, 16)
        column.setSpacing(4)
        head = Text("On this page", "caption", weight=500)
        head.setContentsMargins(4, 0, 0, 4)
        column.addWidget(head)
        for section in sections:
            link = Button(section.accessibleName(), "link")
            link.clicked.connect(partial(self.chosen.emit, section))
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
            self.links[section.accessibleName()] = link
        column.addStretch(1)
        self.fit()

    def fit(self) -> None:
        """At the present size of text."""
        self.setFixedWidth(scaled(WIDTH))
