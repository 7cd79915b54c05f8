"""Ctrl+K: type a few letters, go to a screen or a record, or do something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop.services.search import Hit
from desktop.ui.icons import icon
from desktop.ui.operations import Lane, Operations
from desktop.ui.page import PageSpec
from desktop.ui.parts.text import Text
from desktop.ui.words import SYNC

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

SHOWN = 8
WAIT_MS = 80


@dataclass(frozen=True)
class Goal:
    """Somewhere to go: what the list says, and what `Shell.go` is given."""

    words: str
    icon: str
    key: str
    page: str
    where: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Command:
    """Something to do: `act` is a bound method of a QObject, `more` are further words by which it is found."""

    words: str
    icon: str
    act: Callable[[], object]
    more: Sequence[str] = ()


class GoTo(QDialog):
    """A field and a list under it. Enter goes, Esc leaves; arrows move in the list while typing goes on."""

    goal_chosen = Signal(Goal)
    command_chosen = Signal(Command)

    def __init__(
        self,
        workspace: Workspace,
        operations: Operations,
        specs: Sequence[PageSpec],
        commands: Sequence[Command],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._commands = commands
        self._workspace, self._operations, self._specs = workspace, operations, specs
        self.setWindowTitle("Go to")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.field = QLineEdit(placeholderText="Name, reference, screen or action")
        self.field.setAccessibleName("Go to a person, a screen or an action")
        self.list = QListWidget()
        self.list.setAccessibleName("Found")
        self.list.setProperty("ring", True)
        self.list.setProperty("framed", True)
        self.list.setProperty("part", "menu")
        self._late = QTimer(self, singleShot=True, interval=WAIT_MS)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(Text("Enter goes there, Esc stays here", "caption"))
        self.field.textEdited.connect(self._on_text_edited)
        self.field.installEventFilter(self)
        self.list.itemActivated.connect(self._on_item_activated)
        self._late.timeout.connect(self._read)
        self.resize(min(520, parent.width() - 48), 400)
        self._screens("")

    def _screens(self, text: str) -> None:
        self.list.clear()
        for spec in self._specs:
            told = " ".join((spec.title, *spec.words)).casefold()
            if spec.words and text.casefold() in told:
                self._add(Goal(spec.title, spec.icon, "ink2", spec.name))
        for command in self._commands:
            if text and text.casefold() in " ".join((command.words, *command.more)).casefold():
                self._add(command)
        self.list.setCurrentRow(0)

    def _add(self, goal: Goal | Command) -> None:
        item = QListWidgetItem(icon(goal.icon, goal.key if isinstance(goal, Goal) else "ink2"), goal.words)
        item.setData(Qt.ItemDataRole.UserRole, goal)
        self.list.addItem(item)

    def _read(self) -> None:
        text = self.field.text().strip()
        if text:
            self._operations.run(
                lambda: self._workspace.search.find(text, SHOWN),
                self._on_hits_found,
                lane=Lane.NETWORK,
                key="go-to",
            )

    def _on_text_edited(self, text: str) -> None:
        self._screens(text.strip())
        self._late.start()

    def _on_hits_found(self, found: list[Hit]) -> None:
        current = self.list.currentRow()
        self._screens(self.field.text().strip())
        for hit in found[:SHOWN]:
            look = SYNC[hit.sync]
            why = f", {hit.why}" if hit.near or hit.why != "Name" else ""
            self._add(
                Goal(
                    f"{hit.label}   {look.word}{why}",
                    look.icon,
                    look.ink,
                    "record",
                    {"record_id": hit.record_id},
                )
            )
        self.list.setCurrentRow(max(0, min(current, self.list.count() - 1)))

    def _on_item_activated(self, item: QListWidgetItem) -> None:
        goal = item.data(Qt.ItemDataRole.UserRole)
        self.accept()
        if isinstance(goal, Command):
            self.command_chosen.emit(goal)
        else:
            self.goal_chosen.emit(goal)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.list.currentItem() is not None:
                self._on_item_activated(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)
