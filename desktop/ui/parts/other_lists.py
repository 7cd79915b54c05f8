"""With several collections, the way to the lists of the others: a button in the head of a page, and its menu."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from desktop.model.collection import Collection
from desktop.ui.parts.buttons import Button


class OtherLists(Button):
    """`chosen` carries the name of a collection; the one named `shown` is ticked in the menu."""

    chosen = Signal(str)

    def __init__(self, collections: Iterable[Collection], shown: str) -> None:
        super().__init__("Other lists", "quiet", "chevron-down")
        self.menu_of_lists = QMenu(self)
        for one in collections:
            action = self.menu_of_lists.addAction(one.title)
            action.setData(one.name)
            action.setCheckable(True)
            action.setChecked(one.name == shown)
        self.menu_of_lists.triggered.connect(self._on_triggered)
        self.clicked.connect(self._on_clicked)

    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(str(action.data()))

    def _on_clicked(self) -> None:
        self.menu_of_lists.popup(self.mapToGlobal(self.rect().bottomLeft()))
