"""Checks, drawn: findings in groups, or that there are none; progress while the rules run over all records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from desktop.model.finding import Severity
from desktop.services.explained import Judged
from desktop.services.views import Progress
from desktop.ui import tokens
from desktop.ui.checks.detail import Detail
from desktop.ui.checks.groups import COLUMNS, EXPLAINED_WIDTH, KIND, KIND_WIDTH, Place, Shown
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.empty_state import EmptyState
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.grouped_model import Group
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.page_head import PageHead
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.scroll_page import NARROW
from desktop.ui.records.search_box import SearchBox
from desktop.ui.words import count, number

READING = "Running the checks"
_LOW = 480
"""Under this height the list takes the place of what is said about its current line."""
_CHIPS = {Shown.TO_DO: "To do", Shown.EXPLAINED: "Explained", Shown.ALL: "All"}


@dataclass(frozen=True)
class Tally:
    """Numbers for the head of the page. `at` = when the checks ran, in words.

    errors, warnings, explained, unknown   records, each once under every kind
    findings     by filter, all findings
    stopped      "3,000 of 10,000" when the run was stopped, "" when it saw everything
    """

    errors: int
    warnings: int
    unknown: int
    explained: int
    findings: tuple[int, int, int]
    at: str
    stale: bool = False
    stopped: str = ""


def tally(judged: Sequence[Judged], at: str, stopped: str = "") -> Tally:
    """Count records by what was found in them."""

    def records(found: Sequence[Judged]) -> int:
        return len({one.record_id for one in found})

    by_kind = {
        severity: [one for one in judged if one.finding.severity is severity and not one.explained]
        for severity in Severity
    }
    explained = [one for one in judged if one.explained]
    to_do = sum(one.to_do for one in judged)
    return Tally(
        records(by_kind[Severity.ERROR]),
        records(by_kind[Severity.WARNING]),
        records(by_kind[Severity.UNKNOWN]),
        records(explained),
        (to_do, len(explained), len(judged)),
        at,
        stopped=stopped,
    )


class ChecksScreen(QWidget):
    """A line opens its record at the field."""

    place_chosen = Signal(Place)
    again_asked = Signal()
    stop_asked = Signal()
    export_asked = Signal()
    filter_changed = Signal()

    def __init__(self, plural: str, portal: str) -> None:
        super().__init__()
        self._plural, self._portal, self._others = plural, portal, ""
        self._head = PageHead("Checks")
        self.export = Button("Save the list", icon="download")
        self._again = Button("Check again", icon="refresh-cw")
        self._head.add_action(self.export)
        self._head.add_action(self._again)
        self.progress = ProgressBox(READING)
        self.progress.hide()
        self.search = SearchBox("Name, rule or words")
        self.chips = {shown: Button(words) for shown, words in _CHIPS.items()}
        self.table = GroupedTable(COLUMNS, "Findings by rule")
        self.detail = Detail(portal)
        self.empty = EmptyState("Nothing to put right", "", done=True)
        self.empty.hide()
        self._arrange()
        self._again.clicked.connect(self.again_asked)
        self.export.clicked.connect(self.export_asked)
        self.progress.stop_asked.connect(self.stop_asked)
        self.table.line_opened.connect(self.place_chosen)
        self.search.asked.connect(self.filter_changed)
        self.search.left_down.connect(self.table.focus_first)
        self._group.buttonClicked.connect(self.filter_changed)

    def _arrange(self) -> None:
        self._group = QButtonGroup(self)
        self._tools = QWidget()
        tools = FlowLayout(self._tools)
        self.search.setMinimumWidth(240)
        tools.addWidget(self.search)
        for shown, button in self.chips.items():
            button.setCheckable(True)
            button.setProperty("chip", True)
            button.setChecked(shown is Shown.TO_DO)
            self._group.addButton(button)
            tools.addWidget(button)
        self._column = column = QVBoxLayout(self)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(12)
        for widget in (self._head, self.progress, self._tools):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        column.addWidget(self.detail)

    def add_lists(self, button: Button, others: str) -> None:
        """The way to the lists of other collections, in the head; `others` names them."""
        self._others = others
        self._head.add_first(button)

    def add_progress(self, box: ProgressBox) -> None:
        """The progress of something else that the page does, under that of the checks."""
        self._column.insertWidget(2, box)

    @property
    def title(self) -> str:
        return self._head.title.text()

    @property
    def shown(self) -> Shown:
        return next((shown for shown, button in self.chips.items() if button.isChecked()), Shown.TO_DO)

    def show_running(self, running: bool) -> None:
        """The rules run over all records, or have ended."""
        self.progress.setVisible(running)
        self._again.allow(not running, "The checks are running")
        if running:
            self.progress.show_progress(Progress(0, 0, READING))

    def show_found(self, groups: Sequence[Group], tally: Tally) -> None:
        """Show what the rules found, as far as filter and search let through."""
        self._fit_kind()
        self.table.show_groups(groups)
        self.table.setVisible(bool(groups))
        self.empty.setVisible(not groups)
        self.empty.set_words(*self._nothing(tally))
        if not groups:
            self.detail.hide()
        self.show_tally(tally)

    def _nothing(self, tally: Tally) -> tuple[str, str]:
        """Why the list is empty, and what there is instead."""
        if self.search.text().strip():
            where = "" if self.shown is Shown.ALL else f' under "{_CHIPS[self.shown]}"'
            return (
                "Nothing found",
                f"No finding{where} has all these words. Press Esc in the search to see the others.",
            )
        if self.shown is Shown.EXPLAINED:
            how = (
                "What is to be looked at and right as it is can be explained once: choose it under To do and press E. "
                "It is then listed here until something about it changes."
            )
            return "Nothing is explained", how
        ran = f"The rules ran over all {self._plural} at {tally.at}."
        told, unknown = tally.explained, tally.unknown
        rest = [f"{count(told, 'record')} with something explained"] if told else []
        if unknown:
            rest.append(f"{count(unknown, 'record')} with something that only {self._portal} can tell")
        if rest and self.shown is Shown.TO_DO:
            ran += f" Under All: {' and '.join(rest)}."
        return "Nothing to put right", ran

    def show_tally(self, tally: Tally) -> None:
        """Say the numbers, and whether records changed since."""
        singular = self._plural.removesuffix("s")
        if tally.errors:
            verb = "has" if tally.errors == 1 else "have"
            title = f"{count(tally.errors, singular, self._plural)} {verb} something to put right"
        else:
            title = "Nothing has to be put right"
        parts = [f"Checked at {tally.at}."]
        if tally.stopped:
            parts = [f"Stopped at {tally.at}: {tally.stopped} {self._plural} checked. The rest is not known."]
        if tally.warnings:
            parts.append(f"{number(tally.warnings)} to look at.")
        if tally.explained:
            parts.append(f"{number(tally.explained)} explained.")
        if tally.unknown:
            parts.append(f"{number(tally.unknown)} will be checked by {self._portal}.")
        if tally.stale:
            parts.append("Some records changed since.")
        if self._others:
            parts.append(f"{self._others}: under Other lists.")
        self._head.set_words(title, " ".join(parts))
        for (shown, button), found in zip(self.chips.items(), tally.findings, strict=True):
            button.set_words(f"{_CHIPS[shown]}, {number(found)}" if found else _CHIPS[shown])
        self.export.allow(bool(tally.findings[2]), "There is nothing to save: no rule found anything.")

    def _fit_kind(self) -> None:
        roomy = self.width() >= NARROW and self.shown is not Shown.TO_DO
        self.table.set_width(KIND, EXPLAINED_WIDTH if roomy else KIND_WIDTH)

    @property
    def low(self) -> bool:
        """Too low for the list and what is said about its current line."""
        return self.height() < _LOW

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        self._head.set_narrow(narrow)
        self._fit_kind()
        margin = 12 if narrow else tokens.PAGE_MARGIN
        self._column.setContentsMargins(margin, margin - 4, margin, margin)
        if self.low:
            self.detail.hide()
