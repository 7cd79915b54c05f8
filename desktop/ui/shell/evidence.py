"""Saving outage evidence from anywhere: ask where, write in the background, say that it is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.ui.operations import Operations
from desktop.ui.parts.save_as import save_as

if TYPE_CHECKING:
    from desktop.model.evidence import Outage
    from desktop.services.workspace import Workspace

_KINDS = {".pdf": "Document to attach (*.pdf)", ".csv": "Spreadsheet (*.csv)"}


class EvidenceSaver(QObject):
    """`saved` says it in words, `written` names the file."""

    saved = Signal(str)
    written = Signal(Path)

    def __init__(self, workspace: Workspace, operations: Operations, window: QWidget) -> None:
        super().__init__(window)
        self._workspace, self._operations, self._window = workspace, operations, window

    def ask(self, outage: Outage | None = None) -> None:
        """Let the person choose a file (.pdf comes first, .csv next), then write it: of one outage, or of all."""
        name = f"outage-evidence-{self._workspace.today().isoformat()}.pdf"
        if (path := save_as(self._window, "Save outage evidence", name, _KINDS)) is not None:
            self.write(path, outage)

    def write(self, path: Path, outage: Outage | None = None) -> None:
        """Write the report there, in the background."""
        bounds = (outage.begin, outage.end) if outage is not None else (None, None)
        self._operations.run(lambda: self._workspace.activity.save_evidence(path, *bounds), self._on_written)

    def _on_written(self, files: tuple[Path, ...]) -> None:
        more = f" and {len(files) - 1} files beside it" if len(files) > 1 else ""
        self.saved.emit(f"Evidence saved as {files[0].name}{more} in {files[0].parent.name}")
        self.written.emit(files[0])
