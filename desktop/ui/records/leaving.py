"""Records that leave the table: onto the clipboard, into a file, onto paper. With the columns on screen, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from desktop.services.views import Progress
from desktop.ui import words
from desktop.ui.operations import Cancelled, Operation
from desktop.ui.parts.save_as import save_as
from desktop.ui.records.chosen import Chosen
from desktop.ui.records.columns import Column
from desktop.ui.records.lines import as_html, as_tsv, heads, line
from desktop.ui.records.listing import Listing
from desktop.ui.records.rows import PAGE

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

MOST_COPIED = 10_000
MOST_PRINTED = 4_000
"""More than a hundred pages are better looked at before they are printed."""
KINDS = {
    ".xlsx": "Excel workbook (*.xlsx)",
    ".csv": "CSV, for any spreadsheet (*.csv)",
    ".pdf": "PDF, to read or print (*.pdf)",
}


class Leaving(QObject):
    """What is ticked, else all that is shown; copying takes the current line when nothing is ticked."""

    def __init__(self, listing: Listing, chosen: Chosen) -> None:
        super().__init__(listing.view)
        self._listing, self._chosen = listing, chosen
        self._records = listing.workspace.records
        listing.view.bar.export_asked.connect(self.export)
        listing.view.export_asked.connect(self.open_menu)

    def open_menu(self, under: QWidget) -> None:
        """Both ways out, under a button."""
        menu = QMenu(under)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Save as a file\tCtrl+Shift+E", self.export)
        menu.addAction("Print\tCtrl+P", self.print)
        menu.popup(under.mapToGlobal(QPoint(0, under.height())))

    # --- clipboard

    def copy(self) -> None:
        """Ctrl+C: onto the clipboard, as a spreadsheet and as a table."""
        keys, columns = self._chosen.keys(), self._listing.looks.shown_columns()
        if len(keys) > MOST_COPIED:
            self._listing.shell.warn(
                "Too much for the clipboard",
                f"{words.number(len(keys))} records are selected. Use Export for more than "
                f"{words.number(MOST_COPIED)}.",
            )
            return

        def work() -> tuple[str, str, int]:
            rows = self._records.rows(keys)
            return as_tsv(rows, columns), as_html(rows, columns), len(rows)

        self._listing.operations.run(work, self._on_copy_made)

    def _on_copy_made(self, made: tuple[str, str, int]) -> None:
        text, html, count = made
        self._listing.shell.clipboard.copy(text, html)
        self._listing.shell.say(f"{words.count(count, 'record')} copied. Paste within a minute.")

    # --- file

    def export(self) -> None:
        """Ctrl+Shift+E: ask where to, then write."""
        listing = self._listing
        name = f"{listing.collection.title.lower()}-{listing.workspace.today().isoformat()}.xlsx"
        title = "Export what is selected" if listing.model.ticked else "Export what is shown"
        if (path := save_as(listing.view, title, name, KINDS)) is not None:
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Write a file of the kind that its ending says."""
        columns, keys = self._listing.looks.shown_columns(), self._wanted_keys()
        title, subtitle = self._title(), self._subtitle()

        def work(job: Operation) -> tuple[int, str]:
            from desktop.handover import tables  # with the libraries for PDF and Excel, which take a moment

            found = keys if keys is not None else self._found_keys()
            rows = self._lines(found, columns, job)
            named = heads(columns)
            if path.suffix.lower() == ".pdf":
                return tables.write_pdf(path, title, subtitle, named, rows), path.name
            if path.suffix.lower() == ".xlsx":
                return tables.write_xlsx(path, title, named, rows), path.name
            return tables.write_csv(path, named, rows), path.name

        self._listing.operations.run_job(work, self._on_exported)

    def _on_exported(self, written: tuple[int, str]) -> None:
        count, name = written
        self._listing.shell.say(f"{words.count(count, 'record')} exported to {name}")

    # --- paper

    def print(self) -> None:
        """Ctrl+P: let the person choose a printer, then print; a long list is better saved as PDF first."""
        listing = self._listing
        count = len(listing.model.ticked or listing.model.keys)
        if count > MOST_PRINTED:
            listing.shell.warn(
                "Too long to print from here",
                f"{words.number(count)} records would be {words.number(count // 40)} pages. Use Export and choose PDF, "
                "then print the pages that you want.",
            )
            return
        try:
            from PySide6.QtPrintSupport import QPrintDialog, QPrinter
        except ImportError:  # a Linux without the printing library
            listing.shell.warn(
                "This computer has no way to print from Holdfast",
                "Use Export and choose PDF, then print that file.",
            )
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, listing.view)
        dialog.setWindowTitle(f"Print {words.count(count, 'record')}")
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            self.print_on(printer)
        dialog.deleteLater()

    def print_on(self, printer: QPrinter) -> None:
        """Draw the pages; in the background, since a printer may be slow to take them."""
        from desktop.ui.records.paper import Paper

        columns, keys = self._listing.looks.shown_columns(), self._wanted_keys()
        paper = Paper(self._title(), self._subtitle(), heads(columns))

        def work(job: Operation) -> int:
            found = keys if keys is not None else self._found_keys()
            return paper.draw(printer, list(self._lines(found, columns, job)))

        self._listing.operations.run_job(work, self._on_printed)

    def _on_printed(self, pages: int) -> None:
        self._listing.shell.say(f"{words.count(pages, 'page')} sent to the printer")

    # --- what leaves

    def _wanted_keys(self) -> list[int] | None:
        """Keys of what is ticked; None = all that the question finds."""
        return self._chosen.keys() if self._listing.model.ticked else None

    def _found_keys(self) -> list[int]:
        return list(self._records.find(self._listing.finder.question.query()))

    def _lines(self, keys: Sequence[int], columns: Sequence[Column], job: Operation) -> Iterator[list[str]]:
        """Lines read by the page. Worker thread."""
        for start in range(0, len(keys), PAGE):
            if job.is_cancelled():
                raise Cancelled
            job.report(Progress(start, len(keys), f"{words.number(start)} of {words.number(len(keys))}"))
            for row in self._records.rows(keys[start : start + PAGE]):
                yield line(row, columns)

    def _title(self) -> str:
        return f"{self._listing.collection.title}, {self._listing.workspace.organisation.name}"

    def _subtitle(self) -> str:
        question, today = self._listing.finder.question, words.long_date(self._listing.workspace.today())
        which = "Selected records" if self._listing.model.ticked else self._listing.view.filters.said()
        return f"{which}. {today}." if which or question.narrows else f"All records. {today}."
