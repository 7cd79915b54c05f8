"""Saving outage evidence from anywhere: ask where, write in the background, say that it is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.ui.operations import Operations

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

_KINDS = "Spreadsheet (*.csv)"


class EvidenceSaver(QObject):
    """`saved` says it in words."""

    saved = Signal(str)

    def __init__(self, workspace: Workspace, operations: Operations, window: QWidget) -> None:
        super().__init__(window)
        self._workspace, self._operations, self._window = workspace, operations, window

    def ask(self) -> None:
        """Let the person choose a file, then write it."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"outage-evidence-{self._workspace.today().isoformat()}.csv"
        chosen, _kind = QFileDialog.getSaveFileName(
            self._window, "Save outage evidence", str(Path(folder) / name), _KINDS
        )
        if chosen:
            self.write(Path(chosen))

    def write(self, path: Path) -> None:
        """Write the outages there."""
        self._operations.run(lambda: (self._workspace.activity.evidence(path), path)[1], self._on_written)

    def _on_written(self, path: Path) -> None:
        self.saved.emit(f"Evidence saved as {path.name}")
