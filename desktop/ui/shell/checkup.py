"""What Holdfast finds wrong with its own records: looked for after an end without closing, and told in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.services.views import SyncReport
from desktop.ui.operations import Lane, Operations
from desktop.ui.words import count

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace
    from desktop.ui.page import Shell


class Checkup(QObject):
    """Runs the doctor in the background and tells the shell; also tells what a pass reports."""

    def __init__(self, workspace: Workspace, operations: Operations, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._operations, self._shell = workspace, operations, shell

    def after_start(self) -> None:
        """After an end without closing, such as a power cut (D26)."""
        if self._workspace.was_cut_off:
            self._operations.run(self._workspace.care.doctor, self._on_examined, lane=Lane.NETWORK)

    def tell_report(self, report: SyncReport) -> None:
        """What came of a pass."""
        if report.problems:
            self._warn("Sending is paused: something is out of step in Holdfast", report.problems)
        if report.pushed:
            self._shell.say(f"{count(report.pushed, 'change')} confirmed by the portal.")

    def _on_examined(self, problems: list[str]) -> None:
        if problems:
            self._warn("Holdfast was not closed properly, and something is wrong", problems)
        else:
            self._shell.say("Holdfast had not been closed properly. Everything was checked and is in order.")

    def _warn(self, title: str, problems: Sequence[str]) -> None:
        rest = "Your work is kept. In Settings, Check and mend puts right what can be put right."
        self._shell.warn(title, f"{problems[0]} {rest}", grave=True)
