"""Saving the report: ask where, write beside the lane of the store, say that it is there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.services.reconciling import Reconciliation
from desktop.ui.operations import Lane
from desktop.ui.page import Context

_KINDS = {".pdf": "PDF to print or to send (*.pdf)", ".xlsx": "Spreadsheet (*.xlsx)"}


class ReportSaver(QObject):
    """Writes what the page shows, as PDF or XLSX."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over

    def ask(self, found: Reconciliation) -> None:
        """Let the person choose a file, then write it."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"payments-{found.year}-to-{found.year + 1}.pdf"
        typed, kind = QFileDialog.getSaveFileName(
            self._over,
            "Save the report",
            str(Path(folder) / name),
            ";;".join(_KINDS.values()),
            _KINDS[".pdf"],
        )
        if typed:
            self.write(_with_ending(Path(typed), kind), found)

    def write(self, path: Path, found: Reconciliation) -> None:
        """Write the report there."""

        def work() -> Path:
            self._context.workspace.reconciling.write(path, found)
            return path

        self._context.operations.run(work, self._on_written, lane=Lane.NETWORK)

    def _on_written(self, path: Path) -> None:
        self._context.shell.say(f"Saved as {path.name} in {path.parent.name}")


def _with_ending(path: Path, kind: str) -> Path:
    """What was typed, with the ending of the chosen kind where it has none of ours."""
    if path.suffix.lower() in _KINDS:
        return path
    ending = next((e for e, words in _KINDS.items() if words == kind), ".pdf")
    return path.with_name(path.name + ending)
