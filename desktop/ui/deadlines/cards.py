"""One deadline up close: how ready the records are, what stands in the way, and the last fourteen days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.services.deadlines import DayReady, DeadlineView
from desktop.ui.deadlines.chart import ReadinessChart
from desktop.ui.deadlines.statement import DAY_COLUMNS, chart_words, day_groups, days_words
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import RING, Card, clear, line, row
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.readiness_bar import CONFIRMED, DRAFTS, NEEDS_YOU, WAITING, ReadinessBar, Swatch
from desktop.ui.parts.text import Text
from desktop.ui.theme import theme
from desktop.ui.words import capital, number, weekday_date


class ReadyCard(Card):
    """How ready, and what stands in the way. `page_chosen` carries a page's name and where to go in it."""

    page_chosen = Signal(str, dict)
    removing_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._remove = Button("Remove this deadline", icon="trash-2")
        self._head = Text(role="section", wrap=True)
        self._day = Text(tone="ink2", wrap=True)
        self._figure = Text(role="figure")
        self._what = Text(tone="ink2", wrap=True)
        self._bar = ReadinessBar()
        self._numbers = {kind: Text() for kind in (CONFIRMED, WAITING, DRAFTS, NEEDS_YOU)}
        self._swatches = {kind: Swatch(kind) for kind in self._numbers}
        self._links: list[Button] = []
        self._way = QVBoxLayout()
        self._way.setSpacing(0)
        counts = QHBoxLayout()
        counts.setSpacing(6)
        for kind, label in self._numbers.items():
            counts.addWidget(self._swatches[kind])
            counts.addWidget(label)
            counts.addSpacing(10)
        counts.addStretch(1)
        for part in (self._head, self._day, self._figure, self._what, self._bar):
            self.body.addWidget(part)
        self.body.addLayout(counts)
        self.body.addSpacing(4)
        self.body.addLayout(self._way)
        self.body.addStretch(1)
        self.body.addLayout(row(self._remove, None))
        self._remove.clicked.connect(self.removing_asked)

    def show_deadline(self, view: DeadlineView) -> None:
        """Show this one."""
        counts = view.counts
        self._head.setText(view.name)
        self._day.setText(f"{weekday_date(view.day)}, {days_words(view.days_left)}")
        for part in (self._figure, self._bar, *self._swatches.values(), *self._numbers.values()):
            part.setVisible(view.due)
        self._figure.setText(
            f"{number(counts.confirmed)} of {number(counts.total)}" if counts.total else "None here yet"
        )
        note = f" {capital(view.note)}." if view.note else ""
        self._what.setText(
            f"{view.scope_words}{', confirmed by the portal' if counts.total else ''}.{note}"
            if view.due
            else f"Nothing is due on this day.{note}"
        )
        needs = counts.needs_you + counts.unknown
        self._bar.show_counts(counts.confirmed, counts.waiting, counts.drafts, needs)
        values = (counts.confirmed, counts.waiting, counts.drafts, needs)
        words = (
            "confirmed",
            "waiting",
            "draft" if counts.drafts == 1 else "drafts",
            "needs you" if needs == 1 else "need you",
        )
        for label, many, word in zip(self._numbers.values(), values, words, strict=True):
            label.setText(f"{number(many)} {word}")
        self._show_way(view)
        self._remove.setVisible(bool(view.own))

    def put_after(self, widget: QWidget) -> None:
        """Let Tab come here from that widget: links made later would stand at the end of everything."""
        for part in (*self._links, self._remove):
            QWidget.setTabOrder(widget, part)
            widget = part

    def focus_way(self) -> None:
        """Put the keyboard on the first link of what stands in the way."""
        if self._links:
            self._links[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_way(self, view: DeadlineView) -> None:
        clear(self._way)
        self._links = []
        if not view.due:
            return
        if not view.hindrances:
            done = (
                "Nothing stands in the way."
                if view.counts.total
                else "None of these records is on this computer."
            )
            self._way.addWidget(Text(done, tone="ink2", wrap=True))
        for hindrance in view.hindrances:
            self._way.addWidget(line())
            link = Button("Open", "link")
            link.setAccessibleName(f"Open: {hindrance.words}")
            link.setProperty("page", hindrance.page)
            link.setProperty("where", dict(hindrance.where))
            link.clicked.connect(self._on_link_clicked)
            self._links.append(link)
            words = row(spacing=0)
            words.setContentsMargins(0, 7, 0, 7)
            words.addWidget(Text(hindrance.words, wrap=True), 1)
            words.addWidget(link)
            words.addSpacing(-RING)
            self._way.addLayout(words)

    def _on_link_clicked(self) -> None:
        link = self.sender()
        if link is not None:
            where: dict[str, Any] = dict(link.property("where") or {})
            self.page_chosen.emit(str(link.property("page")), where)


class DaysCard(Card):
    """The chart, or the same numbers as a table."""

    def __init__(self) -> None:
        super().__init__()
        self._switch = Button("Show the numbers", "link")
        self.add_head("Last 14 days", self._switch)
        self._told = Text(tone="ink2", wrap=True)
        self.chart = ReadinessChart()
        self.table = GroupedTable(DAY_COLUMNS, "Readiness in the last 14 days")
        self.body.addWidget(self._told)
        self.body.addWidget(self.chart)
        self.body.addWidget(self.table)
        self.body.addStretch(1)
        self._switch.clicked.connect(self._on_switched)
        self.table.hide()
        self.show_reading()

    def show_reading(self) -> None:
        """Until the numbers are there."""
        self._told.setText("Reading what happened on each day")
        self.chart.show_days(())
        self.table.show_groups(())

    def show_days(self, days: Sequence[DayReady]) -> None:
        """Show these, oldest first."""
        self._told.setText(chart_words(days))
        self.chart.show_days(days)
        self.table.show_groups(day_groups(days))
        metrics = theme().metrics
        self.table.setMinimumHeight(metrics.head + metrics.row * (len(days) + 1) + 2)

    @property
    def switch(self) -> Button:
        return self._switch

    def _on_switched(self) -> None:
        numbers = self.table.isHidden()
        self.table.setVisible(numbers)
        self.chart.setVisible(not numbers)
        self._switch.set_words("Show the chart" if numbers else "Show the numbers")
