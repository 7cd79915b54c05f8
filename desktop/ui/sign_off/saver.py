"""Saving a list or the whole checklist: ask where, write beside the lane of the store, say that it is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.services.sign_off import Checklist
from desktop.services.sign_off_report import write_all, write_list
from desktop.ui.operations import Lane
from desktop.ui.page import Context
from desktop.ui.parts.save_as import save_as

_PAPER = {".pdf": "PDF to print or to send (*.pdf)", ".xlsx": "Spreadsheet (*.xlsx)"}
_LIST = {
    ".xlsx": "Spreadsheet (*.xlsx)",
    ".csv": "Text for any program (*.csv)",
    ".pdf": "PDF to print or to send (*.pdf)",
}


class Saver(QObject):
    """Writes what the page shows."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over

    def ask_for_report(self, one: Checklist) -> None:
        """Let the person choose a file for the checklist with all its lists."""
        workspace = self._context.workspace
        name = f"sign-off-{one.kind}-{one.year}.pdf"
        if (path := save_as(self._over, "Save the report", name, _PAPER)) is not None:
            self._write(path, lambda: write_all(path, one, workspace.organisation.name, workspace.actor))

    def ask_for_list(self, one: Checklist, key: str) -> None:
        """Let the person choose a file for one list."""
        workspace = self._context.workspace
        name = f"sign-off-{one.kind}-{one.year}-{key}.xlsx"
        if (path := save_as(self._over, "Save this list", name, _LIST)) is not None:
            self._write(path, lambda: write_list(path, one, key, workspace.organisation.name))

    def _write(self, path: Path, write: Callable[[], object]) -> None:
        def work() -> Path:
            write()
            return path

        self._context.operations.run(work, self._on_written, lane=Lane.NETWORK)

    def _on_written(self, path: Path) -> None:
        self._context.shell.say(f"Saved as {path.name} in {path.parent.name}")
