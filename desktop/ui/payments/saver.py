"""Saving the report: ask where, write beside the lane of the store, say that it is there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.services.reconciling import Reconciliation
from desktop.ui.operations import Lane
from desktop.ui.page import Context
from desktop.ui.parts.save_as import save_as

_KINDS = {".pdf": "PDF to print or to send (*.pdf)", ".xlsx": "Spreadsheet (*.xlsx)"}


class ReportSaver(QObject):
    """Writes what the page shows, as PDF or XLSX."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over

    def ask(self, found: Reconciliation) -> None:
        """Let the person choose a file, then write it."""
        name = f"payments-{found.year}-to-{found.year + 1}.pdf"
        if (path := save_as(self._over, "Save the report", name, _KINDS)) is not None:
            self.write(path, found)

    def write(self, path: Path, found: Reconciliation) -> None:
        """Write the report there."""

        def work() -> Path:
            self._context.workspace.reconciling.write(path, found)
            return path

        self._context.operations.run(work, self._on_written, lane=Lane.NETWORK)

    def _on_written(self, path: Path) -> None:
        self._context.shell.say(f"Saved as {path.name} in {path.parent.name}")
