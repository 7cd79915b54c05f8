"""Who sits here now? One list of names, by keyboard or mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from desktop.model.person import Sitting
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.dialog import Dialog
from desktop.ui.parts.text import Text
from desktop.ui.theme import scaled

TITLE = "Who sits here now?"
TEXT = "What you do from now on bears this name in the history."
_MOST_ROWS = 8


class TakeOverDialog(Dialog):
    """`chosen` carries the id of a person; Esc leaves it at who sat here last."""

    chosen = Signal(str)

    def __init__(self, sitting: Sitting, parent: QWidget) -> None:
        super().__init__(TITLE, parent)
        self.list = QListWidget()
        self.list.setAccessibleName(TITLE)
        self.list.setProperty("ring", True)
        self.list.setProperty("framed", True)
        self.list.setProperty("part", "menu")
        for person in sitting.working:
            item = QListWidgetItem(person.name)
            item.setData(Qt.ItemDataRole.UserRole, person.id)
            self.list.addItem(item)
            if person.id == sitting.person.id:
                self.list.setCurrentItem(item)
        self.do = Button("Go on as this person", "primary")
        self.stay = Button(f"Stay as {sitting.person.name}", "quiet")
        self._arrange(len(sitting.working))
        self.list.itemActivated.connect(self._on_chosen)
        self.do.clicked.connect(self._on_do)
        self.stay.clicked.connect(self.reject)

    def _arrange(self, people: int) -> None:
        self.column.addWidget(Text(TITLE, "title", wrap=True))
        self.column.addWidget(Text(TEXT, tone="ink2", wrap=True))
        self.column.addWidget(self.list, 1)
        self.column.addLayout(row(None, self.stay, self.do))
        rows = min(people, _MOST_ROWS)
        self.take_room(scaled(420), scaled(180) + rows * max(24, self.list.sizeHintForRow(0)) + 12)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_do(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._on_chosen(item)

    def _on_chosen(self, item: QListWidgetItem) -> None:
        self.accept()
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
