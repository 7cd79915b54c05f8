"""What opens over the window: help, Ctrl+K, the crash report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.ui.help.keys import ScreenKeys
from desktop.ui.operations import Operations
from desktop.ui.page import PageSpec
from desktop.ui.shell.crash import CrashDialog
from desktop.ui.shell.go_to import Command, Goal, GoTo

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace
    from desktop.ui.help.window import HelpWindow


class Dialogs(QObject):
    """Makes each one when it is asked for. All but help delete themselves when closed; help stays where it was."""

    goal_chosen = Signal(Goal)
    command_chosen = Signal(Command)

    def __init__(self, workspace: Workspace, operations: Operations, window: QWidget) -> None:
        super().__init__(window)
        self._workspace, self._operations, self._window = workspace, operations, window
        self._crash: CrashDialog | None = None
        self._help: HelpWindow | None = None

    def open_help(
        self, screen: ScreenKeys, every: Callable[[], Iterator[ScreenKeys]], *, keys: bool = False
    ) -> None:
        """F1: help on a screen; with `keys` the page of all keys, which asks `every` screen for its own."""
        from desktop.ui.help.window import HelpWindow  # most starts need none of it

        if self._help is None:
            self._help = HelpWindow(every, self._window)
        (self._help.show_keys if keys else self._help.show_screen)(screen)

    def open_go_to(self, specs: Sequence[PageSpec], commands: Sequence[Command] = ()) -> None:
        """Ctrl+K."""
        dialog = GoTo(self._workspace, self._operations, specs, commands, self._window)
        dialog.command_chosen.connect(self.command_chosen)
        dialog.goal_chosen.connect(self.goal_chosen)
        dialog.open()

    def connection_checks(self) -> Iterator[Command]:
        """What Ctrl+K offers about the way to each portal that takes records from programs."""
        for one in self._workspace.collections.values():
            if one.sends and self._workspace.organisation.has_api:
                check = partial(self.open_connection, one.name)
                yield Command(
                    f"Check my connection to {one.portal_short}", "unplug", check, ("proxy", "network")
                )

    def open_connection(self, collection: str) -> None:
        """Every step of the way to a collection's portal."""
        from desktop.ui.connection.dialog import ConnectionDialog  # most starts need none of it

        ConnectionDialog(self._workspace, self._operations, collection, self._window).open()

    def show_bug(self, report: str) -> None:
        """Tell the person of a mistake of ours; a second one joins the first. It is kept for the report for support."""
        self._operations.run(lambda: self._keep(report))
        if self._crash is not None:
            self._crash.add(report)
            return
        self._crash = CrashDialog(report, self._window)
        self._crash.destroyed.connect(self._on_crash_closed)
        self._crash.open()

    def _keep(self, report: str) -> None:
        """Worker thread. A second mistake in here must not lead to a third."""
        with suppress(Exception):
            self._workspace.support.note_crash(report)

    def _on_crash_closed(self) -> None:
        self._crash = None
