"""What the sections of Settings are made of: a card with a head, rows of radio buttons, ticks with help under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QVBoxLayout, QWidget

from desktop.policy import policy
from desktop.ui.first_run.choosing import choose
from desktop.ui.parts.card import Card
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.text import Text

INDENT = 24


class Section(Card):
    """A card with its name as head."""

    def __init__(self, title: str, text: str = "") -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.body.setSpacing(12)
        self.add_head(title)
        if text:
            self.body.addSpacing(-6)
            self.body.addWidget(Text(text, tone="ink2", wrap=True))

    def say_managed(self, name: str) -> None:
        """One line on a managed setting of this section; nothing where it is not managed."""
        if policy().sets(name):
            self.body.addWidget(Text(policy().said(name), "caption", wrap=True))


class RadioRow(QWidget):
    """One choice of a few, all of them seen; `picked` carries the value."""

    picked = Signal(object)

    def __init__(self, label: str, choices: Sequence[tuple[Any, str]]) -> None:
        super().__init__()
        self._values = [value for value, _words in choices]
        self.group = QButtonGroup(self)
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=16)
        for number, (_value, words) in enumerate(choices):
            button = QRadioButton(words)
            button.setAccessibleName(f"{label}: {words}")
            self.group.addButton(button, number)
            flow.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Text(label, weight=500))
        column.addWidget(buttons)
        self.group.idClicked.connect(self._on_clicked)

    def show_value(self, value: object) -> None:
        """Mark what is in force; a value that is not among the choices marks none."""
        if value in self._values:
            choose(self.group, self.button(value))

    def button(self, value: object) -> QRadioButton:
        """The button of a value. Raises ValueError for one that is no choice."""
        found = self.group.button(self._values.index(value))
        assert isinstance(found, QRadioButton)
        return found

    def _on_clicked(self, number: int) -> None:
        self.picked.emit(self._values[number])


class Tick(QWidget):
    """A tick box with help under it."""

    def __init__(self, words: str, help_text: str) -> None:
        super().__init__()
        self.box = QCheckBox(words)
        self.help = Text(help_text, "caption", wrap=True)
        self.help.setContentsMargins(INDENT, 0, 0, 0)
        self.box.setAccessibleDescription(help_text)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2)
        self.column.addWidget(self.box)
        self.column.addWidget(self.help)

    def set_help(self, words: str) -> None:
        """Say something else under the box."""
        self.help.setText(words)
        self.box.setAccessibleDescription(words)
