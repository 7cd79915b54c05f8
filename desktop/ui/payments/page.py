"""Payments as a page: load the funder's files, see which groups are not paid as expected, and who could explain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QVBoxLayout

from desktop.model.errors import UsageError
from desktop.services.payment_groups import PaymentGroup
from desktop.services.payment_report import statement
from desktop.services.reconciling import EXPORT, SCHEDULE, SUMMARY, LoadedFile, Reconciliation
from desktop.services.views import Changed
from desktop.ui import tokens
from desktop.ui.operations import Lane, Operation
from desktop.ui.page import Context, Page
from desktop.ui.parts.beside import Beside
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.empty_state import EmptyState, Way
from desktop.ui.parts.files import files_of
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.page_head import PageHead
from desktop.ui.parts.scroll_page import NARROW, ScrollPage
from desktop.ui.payments.cards import AmountsCard, FilesCard, GroupCard, MonthsCard
from desktop.ui.payments.said import COLUMNS, WHERE, group_lines, loaded_words, sentence, year_words
from desktop.ui.payments.saver import ReportSaver
from desktop.ui.theme import scaled, theme
from desktop.ui.words import count

BESIDE_FROM = 900
MOST_LINES = 14
NOTHING = "No payment file is loaded yet"
WHAT_FOR = "See whether your trainees are paid the right amount"
HOW = (
    "Download the files by the export link of each page in Register. Load them here as they are, or drop them on this "
    "page. They are kept encrypted, and nothing in your records is changed."
)


@dataclass(frozen=True)
class Loaded:
    """What came of loading: the files that were read, and why others were not."""

    files: tuple[LoadedFile, ...]
    refused: tuple[str, ...]


class PaymentsPage(Page):
    """Reads anew when records moved. Files may be dropped anywhere on it."""

    name = "payments"
    title = "Payments"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.found: Reconciliation | None = None
        self._year: int | None = None
        self._head = PageHead(NOTHING)
        self.load_button = Button("Load files", "primary", "upload")
        self.save_button = Button("Save the report", icon="download")
        self.years = QComboBox()
        self.years.setAccessibleName("Year")
        self.files, self.months, self.amounts = FilesCard(), MonthsCard(), AmountsCard()
        self.table = GroupedTable(COLUMNS, "Groups of the trainee summary")
        self.group = GroupCard()
        self._lower = Beside(self.group, self.months, tokens.CARD_GAP)
        self.saver = ReportSaver(context, self)
        self.empty = EmptyState(WHAT_FOR, HOW, _ways())
        self._arrange()
        self._connect()
        self.setAcceptDrops(True)
        self._show_parts(None)

    def _arrange(self) -> None:
        for action in (self.years, self.save_button, self.load_button):
            self._head.add_action(action)
        page = ScrollPage()
        for part in (self._head, self.table, self._lower, self.amounts, self.files):
            page.column.addWidget(part)
        page.column.addWidget(self.empty, 1000)
        page.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)

    def _connect(self) -> None:
        self.load_button.clicked.connect(self.ask_for_files)
        self.save_button.clicked.connect(self._on_save_asked)
        self.years.activated.connect(self._on_year_chosen)
        self.empty.way_chosen.connect(self.ask_for_files)
        self.table.line_changed.connect(self._on_line_changed)
        self.table.line_opened.connect(self._on_line_opened)
        self.group.record_chosen.connect(self._on_record_chosen)
        self.group.members_asked.connect(self._on_members_asked)
        self.amounts.record_chosen.connect(self._on_record_chosen)
        theme().changed.connect(self._fit)

    @property
    def statement(self) -> str:
        """What the head says."""
        return self._head.title.text()

    # --- what the shell asks

    def refresh(self, changed: Changed | None) -> None:
        if changed is None or changed.records is None or changed.records:
            self.operations.run_job(self._read, self._on_read, lane=Lane.NETWORK, key="payments")

    def open(self, **where: Any) -> None:
        if "year" in where:
            self._year = int(where["year"])

    def focus_first(self) -> None:
        if self.table.isVisible():
            self.table.focus_first()
        else:
            super().focus_first()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("Up, Down", "Another group"), ("Enter", "The first trainee that could explain it"))

    def _read(self, job: Operation) -> Reconciliation:
        """Worker thread."""
        return self.workspace.reconciling.view(self._year, job.is_cancelled)

    # --- loading

    def ask_for_files(self) -> None:
        """Let the person choose the files."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        typed, _ = QFileDialog.getOpenFileNames(
            self, "Load payment files", folder, "Files of Register (*.csv *.xlsx *.ods);;All files (*)"
        )
        self.load([Path(name) for name in typed])

    def load(self, paths: Sequence[Path]) -> None:
        """Read these files, one after another."""
        if not paths:
            return

        def work() -> Loaded:
            files, refused = [], []
            for path in paths:
                try:
                    files.append(self.workspace.reconciling.load(path))
                except UsageError as error:
                    refused.append(str(error))
            return Loaded(tuple(files), tuple(refused))

        self.operations.run(work, self._on_loaded)

    def _on_loaded(self, loaded: Loaded) -> None:
        years = [file.year for file in loaded.files if file.what != EXPORT]
        if years:
            self._year = years[-1]
        if loaded.files:
            self.shell.say(loaded_words(loaded.files))
            self.refresh(None)
        if loaded.refused:
            many = count(len(loaded.refused), "file was", "files were")
            self.shell.warn(f"{many} not loaded", " ".join(loaded.refused))

    # --- showing

    def _on_read(self, found: Reconciliation) -> None:
        self.found = found
        chosen = self.table.payload
        self._head.set_words(
            statement(found) if found.files else NOTHING, sentence(found) if found.files else ""
        )
        self.title_changed.emit(self.statement)
        self.years.clear()
        for year in found.years:
            self.years.addItem(year_words(year), year)
        self.years.setCurrentIndex(self.years.findData(found.year))
        self.files.show_files(found)
        self.months.show_months(found.months)
        self.amounts.show_amounts(found)
        self.table.show_groups(group_lines(found.groups))
        self._choose(chosen.key if isinstance(chosen, PaymentGroup) else "")
        self._show_parts(found)

    def _choose(self, key: str) -> None:
        """Stand on this group, else on the first."""
        groups = self.found.groups if self.found else ()
        group = next((g for g in groups if g.key == key), groups[0] if groups else None)
        if group is not None:
            place = self.table.grouped.row_of(group.key)
            self.table.setCurrentIndex(self.table.grouped.index(place, 0))
            self._show_group(group)

    def _show_parts(self, found: Reconciliation | None) -> None:
        something = found is not None and bool(found.files)
        self.empty.setVisible(found is not None and not something)
        self.load_button.setVisible(something)
        self.save_button.setVisible(something)
        self.years.setVisible(found is not None and len(found.years) > 1)
        self.files.setVisible(something)
        self.table.setVisible(something and found is not None and found.has(SUMMARY))
        self.group.setVisible(bool(found and found.groups))
        self.months.setVisible(bool(found and found.months))
        self._lower.setVisible(bool(found and (found.groups or found.months)))
        self.amounts.setVisible(something and found is not None and found.has(EXPORT))
        self._fit()

    def _show_group(self, group: PaymentGroup) -> None:
        self.group.show_group(group)
        self.group.put_after(self.table)

    def _on_line_changed(self, group: PaymentGroup | None) -> None:
        if group is not None:
            self._show_group(group)

    def _on_line_opened(self, _group: PaymentGroup) -> None:
        self.group.focus_way()

    def _on_year_chosen(self) -> None:
        self._year = self.years.currentData()
        self.refresh(None)

    # --- going on

    def _on_save_asked(self) -> None:
        if self.found is not None:
            self.saver.ask(self.found)

    def _on_record_chosen(self, record_id: str) -> None:
        self.shell.go("record", record_id=record_id, field="funding_method")

    def _on_members_asked(self) -> None:
        group = self.table.payload
        if self.found is not None and isinstance(group, PaymentGroup):
            self.shell.go("records", filters=group.filters(self.found.year))

    # --- size

    def _fit(self) -> None:
        metrics = theme().metrics
        rows = max(2, min(MOST_LINES, self.table.grouped.rowCount()))
        self.table.setFixedHeight(metrics.head + rows * metrics.row + 2)
        self._lower.set_narrow(self.width() < scaled(BESIDE_FROM))
        self._head.set_narrow(self.width() < scaled(NARROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.load(files_of(event.mimeData()))


def _ways() -> tuple[Way, ...]:
    return (
        Way("summary", "users", "Trainee summary", f"{WHERE[SUMMARY]}.", "Load files", main=True),
        Way("schedule", "calendar", "Payment schedule", f"{WHERE[SCHEDULE]}.", "Load the schedule"),
        Way("export", "table-2", "Trainee export", f"{WHERE[EXPORT]}.", "Load the export"),
    )
