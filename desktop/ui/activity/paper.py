"""What the evidence will say, before it is saved: its first page, in short, beside the list of outages."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.handover import words
from desktop.handover.day_line import DayLine, days_of
from desktop.model.evidence import Evidence
from desktop.ui.activity.day_chart import DayChart
from desktop.ui.icons import set_icon
from desktop.ui.parts.card import Card, clear, line, row
from desktop.ui.parts.scroll_page import ScrollPage
from desktop.ui.parts.text import Text

TRIES = 7
NOTE = "Amber: no usable answer. Each small mark is one failed try, the line what waited."


class EvidencePaper(ScrollPage):
    """`show_report` fills it. The file has everything; this shows how it begins, and how much there is."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What the evidence will say")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._sheet = Card("plain", 32)
        self._sheet.body.setSpacing(10)
        self.column.addWidget(self._sheet)
        self.column.addStretch(1)

    def _fit(self) -> None:
        """It stands beside a table, not on a page of its own."""
        self.column.setContentsMargins(0, 0, 8, 0)

    def show_report(self, report: Evidence) -> None:
        """Put this report on the paper."""
        clear(self._sheet.body)
        for part in _parts(report):
            self._sheet.body.addWidget(part)
        self.setAccessibleDescription(" ".join((words.title(report), *words.summary(report))))


def _parts(report: Evidence) -> Iterator[QWidget]:
    numbers = [f"UKPRN {report.ukprn}" if report.ukprn else "", f"URN {report.urn}" if report.urn else ""]
    yield Text(", ".join(filter(None, (report.organisation, *numbers))), "caption", wrap=True)
    yield Text(words.title(report), "title", wrap=True)
    for paragraph in words.summary(report):
        yield Text(paragraph, wrap=True)
    if report.outages:
        yield line(strong=True)
        yield _figures(report)
        yield line()
        yield from _day(report)
        yield from _tries(report)
    yield line()
    yield _seal(report)


def _figures(report: Evidence) -> QWidget:
    box = QWidget()
    across = QGridLayout(box)
    across.setContentsMargins(0, 0, 0, 0)
    across.setHorizontalSpacing(16)
    across.setVerticalSpacing(2)
    for number, (big, small) in enumerate(words.figures(report)):
        line_of, place = 3 * (number // 2), number % 2
        across.addWidget(Text(big, "section", wrap=True), line_of, place)
        across.addWidget(Text(small, "caption", wrap=True), line_of + 1, place)
    across.setRowMinimumHeight(2, 6)
    return box


def _day(report: Evidence) -> Iterator[QWidget]:
    """The last day on which it was out."""
    day = days_of(report)[-1]
    yield Text(f"Changes waiting on {day:%A} {words.day(day)}", weight=600, wrap=True)
    chart = DayChart()
    chart.show_day(DayLine(report, day))
    yield chart
    yield Text(NOTE, "caption", wrap=True)


def _tries(report: Evidence) -> Iterator[QWidget]:
    shown = report.attempts[-TRIES:]
    title = f"Failed tries (the last {len(shown)} of {len(report.attempts):,})"
    yield Text(title if len(shown) < len(report.attempts) else "Failed tries", weight=600, wrap=True)
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    rows = [("Time", "What came back", "Waiting")]
    rows += [(words.clock(one.at, seconds=True), words.SEEN[one.state], f"{one.waiting:,}") for one in shown]
    for number, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            label = Text(cell, "table", weight=0 if number else 600, wrap=place == 1)
            right = Qt.AlignmentFlag.AlignRight if place == 2 else Qt.AlignmentFlag(0)
            grid.addWidget(label, number, place, right)
    yield box


def _seal(report: Evidence) -> QWidget:
    seal = report.seal
    rows = words.count(seal.rows, "line")
    told = (
        f"The log behind this page is chained: each line seals the one before. Checked now, {rows}, no breaks. "
        f"Seal {seal.last}."
        if seal.whole
        else f"The log behind this page was changed after it was written. {' '.join(seal.problems[:3])}"
    )
    icon = Text()
    set_icon(
        icon, "shield-check" if seal.whole else "triangle-alert", "confirmed" if seal.whole else "refused"
    )
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    across = row(spacing=10)
    across.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    across.addWidget(Text(told, "caption", "" if seal.whole else "refused", wrap=True), 1)
    column.addLayout(across)
    return box
