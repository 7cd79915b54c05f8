"""Whose doings are listed: everybody's, one person's, or what Holdfast did by itself. Only seen where several people work."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from desktop.model.person import Person
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text

LABEL = "Done by"
_EVERYBODY, _ITSELF = ("Everybody", ()), ("Holdfast itself", ("",))


class WhoBox(QWidget):
    """`picked` comes after another choice; `actors` are the names that stand for it in the journal, () = all."""

    picked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.setAccessibleName(LABEL)
        label = Text(LABEL, tone="ink2")
        label.setBuddy(self.box)
        self.setLayout(row(label, self.box))
        self._choices: list[tuple[str, tuple[str, ...]]] = []
        self.actors: tuple[str, ...] = ()
        self.hide()
        self.box.currentIndexChanged.connect(self._on_changed)

    def show_people(self, people: Sequence[Person]) -> None:
        """Offer these; one person alone needs no choice, and the portal's history has no persons."""
        choices = [_EVERYBODY, *((one.name, one.names) for one in people), _ITSELF]
        if choices != self._choices:
            self._choices = choices
            with QSignalBlocker(self.box):
                self.box.clear()
                self.box.addItems([words for words, _ in choices])
                chosen = [names for _, names in choices]
                self.box.setCurrentIndex(chosen.index(self.actors) if self.actors in chosen else 0)
            self.actors = choices[self.box.currentIndex()][1]
        self.setVisible(len(people) > 1)

    def _on_changed(self, place: int) -> None:
        self.actors = self._choices[place][1]
        self.picked.emit()
