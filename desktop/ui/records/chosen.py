"""What is done with the records that are ticked: adding up their money, copying, exporting.

With nothing ticked, copying takes the line with the keyboard and exporting takes all that is shown.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from desktop.services.views import Progress, RecordQuery, Row
from desktop.ui import words
from desktop.ui.operations import Cancelled, Lane, Operation
from desktop.ui.records.export import as_tsv, write_csv
from desktop.ui.records.rows import PAGE

if TYPE_CHECKING:
    from desktop.ui.records.page import RecordsPage

MOST_COPIED = 10_000


class Chosen(QObject):
    """Works for one Records page."""

    def __init__(self, page: RecordsPage) -> None:
        super().__init__(page)
        self._page = page
        self._records = page.workspace.records
        self._summing: Operation | None = None

    # --- showing

    def show(self) -> None:
        """Ticks moved: say how many, and add their money up."""
        self.show_count()
        ticked = self._page.model.ticked
        if self._summing is not None:
            self._summing.cancel()
            self._summing = None
        if ticked:
            bar = self._page.view.bar
            bar.show_money(None)
            self._summing = self._page.operations.run_job(
                lambda job: self._sum(ticked, job), self._on_summed, lane=Lane.NETWORK, key="records.sum"
            )

    def show_count(self) -> None:
        """How many are ticked, and how many of them the filters hide."""
        model = self._page.model
        count = len(model.ticked)
        self._page.view.show_selection(count, count - model.shown_ticked())

    def _on_summed(self, pounds: int) -> None:
        self._summing = None
        self._page.view.bar.show_money(pounds)

    def _sum(self, ticked: frozenset[int], job: Operation) -> int:
        """What hangs on these records, page by page beside the store lane, so that nothing else waits for it."""
        keys = sorted(ticked)
        if len(keys) > PAGE:
            paid = self._records.find(RecordQuery(self._page.collection.name, filters={"money_only": "1"}))
            keys = sorted(ticked.intersection(paid))
        pounds = 0
        for start in range(0, len(keys), PAGE):
            if job.is_cancelled():
                raise Cancelled
            pounds += sum(_money_of(row) for row in self._records.rows(keys[start : start + PAGE]))
        return pounds

    def keys(self) -> list[int]:
        """Ticked records in the table's order, those that filters hide after them; else the current line."""
        model = self._page.model
        if not model.ticked:
            key = self._page.current_key()
            return [] if key is None else [key]
        shown = [key for key in model.keys if key in model.ticked]
        return shown + sorted(model.ticked - set(shown))

    # --- copying and exporting

    def copy(self) -> None:
        """Ctrl+C: onto the clipboard, as a spreadsheet takes it."""
        keys, columns = self.keys(), self._page.shown_columns()
        if len(keys) > MOST_COPIED:
            self._page.shell.warn(
                "Too much for the clipboard",
                f"{words.number(len(keys))} records are selected. Use Export for more than "
                f"{words.number(MOST_COPIED)}.",
            )
            return
        self._page.operations.run(
            lambda: (as_tsv(self._records.rows(keys), columns), len(keys)), self._on_copy_made
        )

    def _on_copy_made(self, made: tuple[str, int]) -> None:
        text, count = made
        QGuiApplication.clipboard().setText(text)
        self._page.shell.say(f"{words.count(count, 'record')} copied")

    def export(self) -> None:
        """Ask where to, then write."""
        page = self._page
        name = f"{page.collection.title.lower()}-{page.workspace.today().isoformat()}.csv"
        path, _ = QFileDialog.getSaveFileName(page, "Export what is selected", name, "CSV files (*.csv)")
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the ticked records, or all shown when none is ticked, with the columns on screen."""
        keys = self.keys() if self._page.model.ticked else list(self._page.model.keys)
        columns = self._page.shown_columns()

        def work(job: Operation) -> int:
            pages = (self._records.rows(keys[i : i + PAGE]) for i in range(0, len(keys), PAGE))
            return write_csv(path, pages, columns, lambda n: job.report(Progress(n, len(keys), "Exporting")))

        self._page.operations.run_job(work, self._on_exported)

    def _on_exported(self, count: int) -> None:
        self._page.shell.say(f"{words.count(count, 'record')} exported")


def _money_of(row: Row) -> int:
    value = row.facets.get("money")
    return value if isinstance(value, int) else 0
