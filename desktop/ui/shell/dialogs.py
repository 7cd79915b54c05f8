"""What opens over the window: help, Ctrl+K, the settings menu, the crash report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.ui.operations import Operations
from desktop.ui.page import PageSpec
from desktop.ui.shell.crash import CrashDialog
from desktop.ui.shell.go_to import Goal, GoTo
from desktop.ui.shell.help_sheet import HelpSheet
from desktop.ui.shell.look_menu import LookMenu
from desktop.ui.shell.memory import Memory

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace


class Dialogs(QObject):
    """Makes each one when it is asked for; all of them delete themselves when closed."""

    goal_chosen = Signal(Goal)
    density_chosen = Signal()
    still_chosen = Signal(bool)

    def __init__(self, workspace: Workspace, operations: Operations, memory: Memory, window: QWidget) -> None:
        super().__init__(window)
        self._workspace, self._operations = workspace, operations
        self._memory, self._window = memory, window
        self._crash: CrashDialog | None = None

    def open_help(self, title: str, keys: Sequence[tuple[str, str]]) -> None:
        """The keys of a screen, and those of all."""
        HelpSheet(title, keys, self._window).show()

    def open_go_to(self, specs: Sequence[PageSpec]) -> None:
        """Ctrl+K."""
        dialog = GoTo(self._workspace, self._operations, specs, self._window)
        dialog.goal_chosen.connect(self.goal_chosen)
        dialog.open()

    def open_settings(self, place: QPoint) -> None:
        """The settings menu, at a place on the screen."""
        menu = LookMenu(self._memory, self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.density_chosen.connect(self.density_chosen)
        menu.still_chosen.connect(self.still_chosen)
        menu.popup(place)

    def show_bug(self, report: str) -> None:
        """Tell the person of a mistake of ours; a second one joins the first."""
        if self._crash is not None:
            self._crash.add(report)
            return
        self._crash = CrashDialog(report, self._window)
        self._crash.destroyed.connect(self._on_crash_closed)
        self._crash.open()

    def _on_crash_closed(self) -> None:
        self._crash = None
