"""What keys and Ctrl+K lead to from anywhere: search, adding, help, another workspace, undo, the lock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.ui.help.keys import ScreenKeys
from desktop.ui.shell.go_to import Command, Goal

if TYPE_CHECKING:
    from desktop.ui.main_window import MainWindow


class Ways(QObject):
    """Turns a wish into a step of the window's parts. GUI thread."""

    def __init__(self, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        window.dialogs.goal_chosen.connect(self._on_goal_chosen)
        window.dialogs.command_chosen.connect(self._on_command_chosen)

    def find(self) -> None:
        """Ctrl+F: the search of this page, else the one over everything."""
        stack = self._window.stack
        if stack.page is None or not stack.page.begin_search():
            self._window.go("search")
            if stack.page is not None:
                stack.page.begin_search()

    def add(self) -> None:
        """Ctrl+N: what this page adds, else a record."""
        page = self._window.stack.page
        if page is None or not page.begin_adding():
            self._window.add_record()

    def help(self) -> None:
        """F1: help on this screen."""
        self._window.dialogs.open_help(self._keys_here(), self._keys_of_all)

    def all_keys(self) -> None:
        """Ctrl+/."""
        self._window.dialogs.open_help(self._keys_here(), self._keys_of_all, keys=True)

    def go_to(self) -> None:
        """Ctrl+K."""
        self._window.dialogs.open_go_to(self._window.specs, self.commands())

    def workspaces(self) -> None:
        """The list under the organisation's name."""
        head = self._window.rail.head
        self._window.switcher.open_menu(head.mapToGlobal(head.rect().bottomLeft()))

    def undo(self) -> None:
        """Ctrl+Z outside a text field; what is half typed is kept first."""
        if self.flushed():
            self._window.undo.undo()

    def redo(self) -> None:
        """Ctrl+Shift+Z outside a text field."""
        if self.flushed():
            self._window.undo.redo()

    def commands(self) -> Sequence[Command]:
        """What Ctrl+K can do as things are now."""
        undo, page = self._window.undo, self._window.stack.page
        found = list(page.commands()) if page is not None else []
        if undo.undoable is not None:
            found.append(Command(f"Undo: {undo.undoable.words}", "undo-2", self.undo, ("back",)))
        if undo.redoable is not None:
            found.append(Command(f"Do again: {undo.redoable.words}", "redo-2", self.redo, ("redo",)))
        return (
            *found,
            Command("Ask the portal now", "refresh-cw", self._window.sync_now, ("sync", "send")),
            Command("Add a record", "user-plus", self.add, ("new",)),
            Command("Lock Holdfast", "lock", self._window.lock.lock, ("passphrase",)),
            Command("Save outage evidence", "download", self._window.save_evidence, ("report",)),
            Command("Help on this screen", "circle-question-mark", self.help, ("how",)),
            Command("All keys", "circle-question-mark", self.all_keys, ("help", "shortcuts")),
            *self._window.dialogs.connection_checks(),
            *self._window.seat.commands(),
            *self._window.switcher.commands(),
        )

    def _keys_here(self) -> ScreenKeys:
        page, spec = self._window.stack.page, self._window.stack.spec
        return ScreenKeys(spec.name, spec.title, page.keys()) if page and spec else ScreenKeys("", "", ())

    def _keys_of_all(self) -> Iterator[ScreenKeys]:
        for spec, page in self._window.stack.every():
            yield ScreenKeys(spec.name, spec.title, page.keys())

    def flushed(self) -> bool:
        """Whether what is half typed on this page could be kept."""
        page = self._window.stack.page
        return page is None or page.may_leave()

    def _on_goal_chosen(self, goal: Goal) -> None:
        self._window.go(goal.page, **goal.where)

    def _on_command_chosen(self, command: Command) -> None:
        command.act()
