"""Saving what waits: ask where and as what, say who can read a spreadsheet, write in the background, say where it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.services.way_out import SEALED, SHEET, Saved
from desktop.ui.operations import Operations
from desktop.ui.parts.ask import ask
from desktop.ui.parts.save_as import documents
from desktop.ui.trouble import Trouble
from desktop.ui.words import count

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

_SEALED_KIND = f"Encrypted, opens with the passphrase (*{SEALED})"
_SHEET_KIND = f"Spreadsheet to type from (*{SHEET})"


class QueueSaver(QObject):
    """`saved` says it in words; `failed` carries a title and what to do, and means this file only, no work of theirs."""

    saved = Signal(str)
    failed = Signal(str, str)

    def __init__(self, workspace: Workspace, operations: Operations, page: QWidget) -> None:
        super().__init__(page)
        self._workspace, self._operations, self._page = workspace, operations, page

    def ask(self) -> None:
        """Let the person choose file and kind, then write it."""
        name = f"waiting-{self._workspace.today().isoformat()}{SEALED}"
        typed, kind = QFileDialog.getSaveFileName(
            self._page, "Save what waits", str(documents() / name), f"{_SEALED_KIND};;{_SHEET_KIND}"
        )
        if not typed:
            return
        path = chosen(Path(typed), sheet=kind == _SHEET_KIND)
        if path.suffix.lower() != SHEET or self._may_be_read_by_anybody():
            # The dialog has asked about a file that is there, but only under the name that it was given.
            self.write(path, replace=path == Path(typed))

    def _may_be_read_by_anybody(self) -> bool:
        return ask(
            self._page,
            "Save a spreadsheet that anybody can read?",
            "It holds personal data without a passphrase, so keep it safe and delete it when all is typed.",
            "Save the spreadsheet",
            "Do not save",
            grave=False,
        )

    def write(self, path: Path, *, replace: bool = False) -> None:
        """Write it there."""
        self._operations.run(
            lambda: self._workspace.way_out.save(path, replace=replace),
            self._on_written,
            on_failure=self._on_failed,
        )

    def _on_written(self, saved: Saved) -> None:
        folder = saved.file.absolute().parent.name
        where = f" in {folder}" if folder else ""
        self.saved.emit(f"{count(saved.changes, 'change')} saved as {saved.file.name}{where}")

    def _on_failed(self, trouble: Trouble) -> None:
        if trouble.error is None:
            self.failed.emit(trouble.title, trouble.text)
            return
        title, _, rest = str(trouble.error).partition(". ")
        self.failed.emit(title.rstrip("."), rest or "Everything that waits is still here.")


def chosen(typed: Path, *, sheet: bool) -> Path:
    """The path with the ending that was meant: not every system's dialog changes it along with the kind of file."""
    ending = typed.suffix.lower()
    if ending == SHEET or (ending == SEALED and not sheet):
        return typed
    if ending == SEALED:
        return typed.with_suffix(SHEET)
    return typed.with_name(typed.name + (SHEET if sheet else SEALED))
