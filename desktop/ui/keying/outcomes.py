"""What the website shows after a page: a button for each answer that it may give."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.model.journey import Outcome
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.text import Text

_MOST_STOPS = 2
"""More ways in which the website can stop are folded away, so that those with which it goes on are found at once."""


class Outcomes(QWidget):
    """`chosen` carries the key of an outcome; `unfolded` the button that should have the keyboard then."""

    chosen = Signal(str)
    unfolded = Signal(QWidget)

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        super().__init__()
        self.buttons = [_choice(outcome.words) for outcome in outcomes]
        self.stops = _choice("The website goes no further")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(Text("What does the website show now?", "section"))
        folded = sum(outcome.ends for outcome in outcomes) > _MOST_STOPS
        for button, outcome in zip(self.buttons, outcomes, strict=True):
            button.setProperty("outcome", outcome.key)
            button.clicked.connect(self._on_clicked)
            column.addWidget(button)
            if folded and outcome.ends:
                button.hide()
        column.addWidget(self.stops)
        self.stops.setVisible(folded)
        self.stops.clicked.connect(self._on_stops)

    def _on_clicked(self) -> None:
        self.chosen.emit(str(self.sender().property("outcome")))

    def _on_stops(self) -> None:
        """Show with which words the website stopped, instead of those with which it goes on."""
        ends = [button for button in self.buttons if button.isHidden()]
        for button in (*self.buttons, self.stops):
            button.setVisible(button in ends)
        self.unfolded.emit(ends[0])


def _choice(words: str) -> Button:
    button = Button(words)
    button.setProperty("kind", "choice")
    return button
