"""Checks, drawn: findings in groups, or that there are none; progress while the rules run over all records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.model.finding import Severity
from desktop.services.views import Progress
from desktop.ui import tokens
from desktop.ui.checks.groups import COLUMNS, Found, Place
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.empty_state import EmptyState
from desktop.ui.parts.grouped_model import Group
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.page_head import PageHead
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.scroll_page import NARROW
from desktop.ui.words import count, number

READING = "Running the checks"


@dataclass(frozen=True)
class Tally:
    """Numbers for the head of the page. `at` = when the checks ran, in words."""

    records: int
    errors: int
    warnings: int
    unknown: int
    at: str
    stale: bool = False


def tally(found: Sequence[Found], at: str) -> Tally:
    """Count records by what was found in them; a record counts once under each kind."""
    by_kind: dict[Severity, set[str]] = {severity: set() for severity in Severity}
    for record_id, _label, finding in found:
        by_kind[finding.severity].add(record_id)
    errors, warnings = len(by_kind[Severity.ERROR]), len(by_kind[Severity.WARNING])
    records = len(set().union(*by_kind.values()))
    return Tally(records, errors, warnings, len(by_kind[Severity.UNKNOWN]), at)


class ChecksScreen(QWidget):
    """A line opens its record at the field."""

    place_chosen = Signal(Place)
    again_asked = Signal()
    stop_asked = Signal()

    def __init__(self, plural: str, portal: str) -> None:
        super().__init__()
        self._plural, self._portal = plural, portal
        self._head = PageHead("Checks")
        self._again = Button("Check again", icon="refresh-cw")
        self._head.add_action(self._again)
        self.progress = ProgressBox(READING)
        self.progress.hide()
        self.table = GroupedTable(COLUMNS, "Findings by rule")
        self.empty = EmptyState("Nothing to put right", "", done=True)
        self.empty.hide()
        column = QVBoxLayout(self)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(14)
        for widget in (self._head, self.progress):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        self._again.clicked.connect(self.again_asked)
        self.progress.stop_asked.connect(self.stop_asked)
        self.table.line_opened.connect(self.place_chosen)

    @property
    def title(self) -> str:
        return self._head.title.text()

    def show_running(self, running: bool) -> None:
        """The rules run over all records, or have ended."""
        self.progress.setVisible(running)
        self._again.allow(not running, "The checks are running")
        if running:
            self.progress.show_progress(Progress(0, 0, READING))

    def show_found(self, groups: Sequence[Group], tally: Tally) -> None:
        """Show what the rules found."""
        self.table.show_groups(groups)
        self.table.setVisible(bool(groups))
        self.empty.setVisible(not groups)
        self.empty.set_words("Nothing to put right", f"The rules ran over all {self._plural} at {tally.at}.")
        self.show_tally(tally)

    def show_tally(self, tally: Tally) -> None:
        """Say the numbers, and whether records changed since."""
        singular = self._plural.removesuffix("s")
        if tally.errors:
            verb = "has" if tally.errors == 1 else "have"
            title = f"{count(tally.errors, singular, self._plural)} {verb} something to put right"
        else:
            title = "Nothing has to be put right"
        parts = [f"Checked at {tally.at}."]
        if tally.warnings:
            parts.append(f"{number(tally.warnings)} to look at.")
        if tally.unknown:
            parts.append(f"{number(tally.unknown)} will be checked by {self._portal}.")
        if tally.stale:
            parts.append("Some records changed since.")
        self._head.set_words(title, " ".join(parts))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._head.set_narrow(self.width() < NARROW)
