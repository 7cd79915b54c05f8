"""Paste from a spreadsheet: takes the clipboard or a file, has it read, and saves what a person chose."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from desktop.model.errors import UsageError
from desktop.services.acts import Act
from desktop.services.paste import Pasted
from desktop.ui.operations import Operation
from desktop.ui.records.listing import Listing
from desktop.ui.records.paste_dialog import PasteDialog
from desktop.ui.trouble import Trouble

_TABLES = (".csv", ".tsv", ".txt")
_HOW = (
    "In your spreadsheet, select the cells together with their headings and copy them with Ctrl+C. Then come back and "
    "press Ctrl+V."
)


class Pasting(QObject):
    """One dialog at a time. What was saved is one act, which the window offers to undo."""

    def __init__(self, listing: Listing) -> None:
        super().__init__(listing.view)
        self._listing = listing
        self._service = listing.workspace.paste
        self.dialog: PasteDialog | None = None
        self._source: str | bytes | Path = ""
        self._mapping: dict[int, str] = {}
        self._before: dict[int, str] = {}
        self._pasted: Pasted | None = None
        self._work: Operation | None = None
        self._saving = False
        listing.view.paste_asked.connect(self.paste)

    def paste(self) -> None:
        """Ctrl+V: what is on the clipboard, before anything is saved."""
        self._open()
        self._on_clipboard_asked()

    def read_file(self, path: Path) -> None:
        """A CSV file instead of the clipboard."""
        self._open()
        self._begin(path)

    def _open(self) -> None:
        if self.dialog is not None:
            return
        self.dialog = PasteDialog(self._listing.collection, self._listing.view)
        self.dialog.mapping_changed.connect(self._on_mapping_changed)
        self.dialog.save_asked.connect(self._on_save_asked)
        self.dialog.file_asked.connect(self._on_file_asked)
        self.dialog.clipboard_asked.connect(self._on_clipboard_asked)
        self.dialog.stop_asked.connect(self._on_stop_asked)
        self.dialog.finished.connect(self._on_finished)
        self.dialog.open()

    # --- reading

    def _on_clipboard_asked(self) -> None:
        data = _clipboard()
        file = _file_of(data)
        if file is not None:
            self.read_file(file)
        elif data is not None and data.text().strip():
            self._begin(data.text())
        elif data is not None and data.hasImage():
            self._say_nothing("There is a picture on the clipboard, not rows", _HOW)
        else:
            self._say_nothing("There are no rows on the clipboard", _HOW)

    def _on_file_asked(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen, _ = QFileDialog.getOpenFileName(
            self.dialog, "Open a file", folder, "CSV files (*.csv *.tsv *.txt)"
        )
        if chosen:
            self.read_file(Path(chosen))

    def _begin(self, source: str | bytes | Path) -> None:
        self._source, self._mapping, self._pasted = source, {}, None
        self._read()

    def _on_mapping_changed(self, place: int, field: str) -> None:
        if not self._mapping and self._pasted is not None:
            self._mapping = {column.place: column.field for column in self._pasted.columns}
        self._before = dict(self._mapping)
        self._mapping[place] = field
        self._read()

    def _read(self) -> None:
        if self.dialog is None:
            return
        source, name = self._source, self._listing.collection.name
        columns = dict(self._mapping) or None
        self.dialog.show_busy(True)
        self._work = self._listing.operations.run_job(
            lambda _job: self._service.read(_content(source), name, columns),
            self._on_read,
            on_failure=self._on_read_failed,
            key="records.paste",
        )

    def _on_read(self, pasted: Pasted) -> None:
        self._pasted = pasted
        if self.dialog is not None:
            self.dialog.show_pasted(pasted)

    def _on_read_failed(self, trouble: Trouble) -> None:
        """Nothing can be read; or not with this column used so: then all stays as it was before."""
        if self._pasted is None or self.dialog is None:
            self._say_nothing(trouble.title, trouble.text)
            return
        self._mapping = self._before
        self.dialog.show_busy(False)
        self.dialog.show_trouble(f"{trouble.title}. {trouble.text}")

    def _say_nothing(self, title: str, text: str) -> None:
        if self.dialog is not None:
            self.dialog.show_nothing(title, text)

    # --- saving

    def _on_save_asked(self) -> None:
        if self.dialog is None or self._pasted is None or self._saving:
            return
        pasted, chosen = self._pasted, frozenset(self.dialog.model.ticked)
        self._saving = True
        self.dialog.show_busy(True)
        self._work = self._listing.operations.run_job(
            lambda job: self._service.save(pasted, chosen, job.report, job.is_cancelled),
            self._on_saved,
            on_failure=self._on_save_failed,
            on_progress=self.dialog.progress.show_progress,
            on_finished=self._on_save_ended,
        )

    def _on_saved(self, _act: Act) -> None:
        if self.dialog is not None:
            self.dialog.show_busy(False)
            self.dialog.accept()

    def _on_save_failed(self, trouble: Trouble) -> None:
        if self.dialog is not None:
            stopped = self._work is not None and self._work.is_cancelled()
            self.dialog.show_trouble(
                "Stopped. Nothing was saved." if stopped else f"{trouble.title}. {trouble.text}"
            )

    def _on_save_ended(self) -> None:
        self._saving = False
        if self.dialog is not None:
            self.dialog.show_busy(False)

    def _on_stop_asked(self) -> None:
        if self._work is not None:
            self._work.cancel()
        if self.dialog is not None and not self._saving:
            self.dialog.show_busy(False)
            self.dialog.reject()

    def _on_finished(self) -> None:
        self.dialog = None
        self._pasted = None
        self._listing.table.setFocus()


def _content(source: str | bytes | Path) -> str | bytes:
    """What there is to read. Raises UsageError for a file that cannot be opened. Worker thread."""
    if not isinstance(source, Path):
        return source
    try:
        return source.read_bytes()
    except OSError as error:
        raise UsageError(
            "This file cannot be opened. Perhaps another program holds it open. Close it there, or save a copy, then open it "
            "again."
        ) from error


def _clipboard() -> QMimeData | None:
    """What is on the clipboard; None where it is empty on some systems."""
    return QGuiApplication.clipboard().mimeData()


def _file_of(data: QMimeData | None) -> Path | None:
    """A single file of rows that was copied in the file manager; None for anything else."""
    urls = data.urls() if data is not None and data.hasUrls() else []
    if len(urls) == 1 and urls[0].isLocalFile() and urls[0].toLocalFile().lower().endswith(_TABLES):
        return Path(urls[0].toLocalFile())
    return None
