"""Rows from a spreadsheet: takes the clipboard or a file, has it read, and saves what a person chose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from desktop.model.collection import Collection
from desktop.model.finding import Finding, Severity
from desktop.services.acts import Act
from desktop.services.importing import Plan
from desktop.services.pasted_rows import Pasted, PastedRow, RowStatus
from desktop.services.wording import label_of
from desktop.ui.operations import Operation
from desktop.ui.parts.files import only_file
from desktop.ui.records.listing import Listing
from desktop.ui.trouble import Trouble

if TYPE_CHECKING:
    from desktop.ui.records.paste_dialog import PasteDialog

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".ods", ".xls")
"""Endings of files of rows. Of the last kind the reader says what to do with it."""

_KINDS = "Spreadsheets (*.csv *.tsv *.txt *.xlsx *.xlsm *.ods *.xls);;All files (*)"
_HOW = (
    "In your spreadsheet, select the cells together with their headings and copy them with Ctrl+C. Then come back and "
    "press Ctrl+V."
)


class Pasting(QObject):
    """One dialog at a time. What was saved is one act, which the window offers to undo."""

    def __init__(self, listing: Listing) -> None:
        super().__init__(listing.view)
        self._listing = listing
        self._paste, self._import = listing.workspace.paste, listing.workspace.importing
        self.dialog: PasteDialog | None = None
        self._source: str | Path = ""
        self._mapping: dict[int, str] = {}
        self._before: dict[int, str] = {}
        self._answers: dict[int, str] = {}
        self._pasted: Pasted | None = None
        self._work: Operation | None = None
        self._saving = False
        listing.view.paste_asked.connect(self.paste)

    def paste(self) -> None:
        """Ctrl+V: what is on the clipboard, before anything is saved."""
        self._open()
        self._on_clipboard_asked()

    def read_file(self, path: Path) -> None:
        """A file instead of the clipboard: looked at before anything is saved."""
        self._open()
        self._begin(path)

    def choose_file(self) -> None:
        """Ask for a file, and read it."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        over = self.dialog or self._listing.view
        chosen, _ = QFileDialog.getOpenFileName(over, "Open a file", folder, _KINDS)
        if chosen:
            self.read_file(Path(chosen))

    def _open(self) -> None:
        if self.dialog is not None:
            return
        from desktop.ui.records.paste_dialog import PasteDialog  # the list starts without

        self.dialog = PasteDialog(self._listing.collection, self._listing.view)
        self.dialog.mapping_changed.connect(self._on_mapping_changed)
        self.dialog.save_asked.connect(self._on_save_asked)
        self.dialog.answer_given.connect(self._on_answer_given)
        self.dialog.row_reached.connect(self._on_row_reached)
        self.dialog.file_asked.connect(self.choose_file)
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

    def _begin(self, source: str | Path) -> None:
        self._source, self._mapping, self._answers, self._pasted = source, {}, {}, None
        if self.dialog is not None:
            self.dialog.show_file(source.name if isinstance(source, Path) else "")
        self._read()

    def _on_answer_given(self, number: int, record_id: str) -> None:
        self._answers[number] = record_id
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
        self.dialog.show_busy(True)
        self._work = self._listing.operations.run_job(
            self._reading(),
            self._on_read,
            on_failure=self._on_read_failed,
            on_progress=self.dialog.progress.show_progress,
            key="records.paste",
        )

    def _reading(self) -> Callable[[Operation], Pasted]:
        """What the worker does: everything that it needs is taken along."""
        source, name = self._source, self._listing.collection.name
        columns, answers = dict(self._mapping) or None, dict(self._answers)
        paste, importing = self._paste, self._import
        if not isinstance(source, Path):
            return lambda _job: paste.read(source, name, columns)
        return lambda job: importing.read(
            source, name, mapping=columns, answers=answers, progress=job.report, cancelled=job.is_cancelled
        )

    def _on_row_reached(self, row: PastedRow) -> None:
        """What the rules say of the record that the current row of a file makes or changes."""
        plan, importing, collection = self._pasted, self._import, self._listing.collection
        if isinstance(plan, Plan) and row.status in (RowStatus.NEW, RowStatus.MATCH):
            self._listing.operations.run(
                lambda: (row.number, _findings_words(collection, importing.findings(plan, row))),
                self._on_findings,
                key="records.import.findings",
            )

    def _on_findings(self, found: tuple[int, str]) -> None:
        if self.dialog is not None:
            self.dialog.show_findings(*found)

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
            self._saving_of(pasted, chosen),
            self._on_saved,
            on_failure=self._on_save_failed,
            on_progress=self.dialog.progress.show_progress,
            on_finished=self._on_save_ended,
        )

    def _saving_of(self, pasted: Pasted, chosen: frozenset[int]) -> Callable[[Operation], Act]:
        paste, importing = self._paste, self._import
        if isinstance(pasted, Plan):
            return lambda job: importing.save(pasted, chosen, job.report, job.is_cancelled)
        return lambda job: paste.save(pasted, chosen, job.report, job.is_cancelled)

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


def _findings_words(collection: Collection, findings: Sequence[Finding]) -> str:
    """The first thing that keeps a record from being sent, and how many more there are; "" for none."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if not errors:
        return ""
    first = f"{label_of(collection, errors[0].field)}: {errors[0].message.rstrip('.')}"
    return f"To fix before it can be sent: {first}" + (
        f", and {len(errors) - 1} more." if errors[1:] else "."
    )


def _clipboard() -> QMimeData | None:
    """What is on the clipboard; None where it is empty on some systems."""
    return QGuiApplication.clipboard().mimeData()


def _file_of(data: QMimeData | None) -> Path | None:
    """A single file of rows that was copied in the file manager; None for anything else."""
    path = only_file(data)
    return path if path is not None and path.suffix.lower() in TABLES else None
