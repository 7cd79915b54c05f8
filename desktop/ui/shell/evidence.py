"""Saving outage evidence from anywhere: ask where, write in the background, say that it is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.ui.operations import Operations

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

_KINDS = {".pdf": "Document to attach (*.pdf)", ".csv": "Spreadsheet (*.csv)"}


class EvidenceSaver(QObject):
    """`saved` says it in words, `written` names the file."""

    saved = Signal(str)
    written = Signal(Path)

    def __init__(self, workspace: Workspace, operations: Operations, window: QWidget) -> None:
        super().__init__(window)
        self._workspace, self._operations, self._window = workspace, operations, window

    def ask(self, kind: str = ".pdf") -> None:
        """Let the person choose a file (".pdf" or ".csv" comes first), then write it."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"outage-evidence-{self._workspace.today().isoformat()}{kind}"
        chosen, filtered = QFileDialog.getSaveFileName(
            self._window,
            "Save outage evidence",
            str(Path(folder) / name),
            ";;".join(_KINDS.values()),
            _KINDS[kind],
        )
        if chosen:
            self.write(self._with_ending(Path(chosen), filtered, kind))

    @staticmethod
    def _with_ending(path: Path, filtered: str, kind: str) -> Path:
        """What was typed, with the ending of the chosen kind where it has none of ours."""
        if path.suffix.lower() in _KINDS:
            return path
        ending = next((e for e, words in _KINDS.items() if words == filtered), kind)
        return path.with_name(path.name + ending)

    def write(self, path: Path) -> None:
        """Write the report there, in the background."""
        self._operations.run(lambda: self._workspace.activity.save_evidence(path), self._on_written)

    def _on_written(self, files: tuple[Path, ...]) -> None:
        more = f" and {len(files) - 1} files beside it" if len(files) > 1 else ""
        self.saved.emit(f"Evidence saved as {files[0].name}{more} in {files[0].parent.name}")
        self.written.emit(files[0])
