"""The card on readiness: how many records are safe at the portal, by when they must be, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QVBoxLayout, QWidget

from desktop.services.views import Counts, HomeView
from desktop.ui.home.statement import (
    Step,
    deadline_day,
    deadline_name,
    list_with,
    next_deadline,
    total_counts,
)
from desktop.ui.icons import set_icon
from desktop.ui.parts import readiness_bar
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import RING, Card, clear, line, outdent, row
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.readiness_bar import ReadinessBar, Swatch
from desktop.ui.parts.row_button import RowButton
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.theme import scaled
from desktop.ui.words import number

FOUR_FROM = 620
ACROSS_FROM = 560


class CountLink(RowButton):
    """One count under the bar: swatch, number and word, and what it means."""

    def __init__(self, kind: str, words: tuple[str, str], meaning: str) -> None:
        super().__init__()
        self._words, self._meaning = words, meaning
        self._word = ElidedLabel(words[1])
        self._number = Text(role="body", weight=600)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        first = row(self._number, self._word, None, spacing=5)
        column.addLayout(first)
        column.addWidget(ElidedLabel(meaning, "caption"))
        box = QWidget()
        box.setLayout(column)
        mark = QVBoxLayout()
        mark.setContentsMargins(0, 4, 2, 0)
        mark.addWidget(Swatch(kind))
        mark.addStretch(1)
        self.row.addLayout(mark)
        self.add(box, 1)
        self.row.setContentsMargins(RING, 4, RING, 3)

    def show_count(self, value: int) -> None:
        self._number.setText(number(value))
        self._word.setText(self._words[0 if value == 1 else 1])
        self.setAccessibleName(f"{number(value)} {self._word.text()}")
        self.setAccessibleDescription(self._meaning)


class CensusCard(Card):
    """`page_chosen` carries a page's name and where to go in it."""

    page_chosen = Signal(str, dict)

    def __init__(self) -> None:
        super().__init__()
        self._day = Text(tone="ink2", wrap=True)
        self._calendar = Text()
        set_icon(self._calendar, "calendar", "ink2")
        self._all = Button("All deadlines", "link")
        self._head = self.add_head("Records", self._all)
        day = row(self._calendar, spacing=6)
        day.addWidget(self._day, 1)
        self.body.addLayout(day)
        self._figure = Text(role="figure")
        self._safe = Text("are safe at the portal", "section", "ink2", 400)
        self._bar = ReadinessBar()
        self._links = {
            readiness_bar.CONFIRMED: CountLink(
                readiness_bar.CONFIRMED, ("confirmed",) * 2, "Read back from the portal"
            ),
            readiness_bar.WAITING: CountLink(readiness_bar.WAITING, ("waiting",) * 2, "Saved here, not sent"),
            readiness_bar.DRAFTS: CountLink(
                readiness_bar.DRAFTS, ("draft to fix", "drafts to fix"), "Cannot be sent yet"
            ),
            readiness_bar.NEEDS_YOU: CountLink(
                readiness_bar.NEEDS_YOU, ("needs you", "need you"), "A person must decide"
            ),
        }
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(8)
        self._home: HomeView | None = None
        self._lists: list[Button] = []
        self._each = FlowLayout()
        self._ways: list[Button] = []
        self._steps = QVBoxLayout()
        self._steps.setSpacing(0)
        self._columns = 0
        self._arrange()
        for link in self._links.values():
            link.clicked.connect(self._on_count_clicked)
        self._all.clicked.connect(self._on_all_clicked)

    def stops(self) -> list[QWidget]:
        """What takes the keyboard here, in reading order."""
        return [self._all, *self._lists, *self._links.values(), *self._ways]

    def _arrange(self) -> None:
        self._first = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._first.addWidget(self._figure, 0, Qt.AlignmentFlag.AlignBaseline)
        self._first.addWidget(self._safe, 0, Qt.AlignmentFlag.AlignBaseline)
        self._first.addStretch(1)
        self.body.addLayout(self._first)
        self.body.addLayout(outdent(self._each))
        self.body.addWidget(self._bar)
        self.body.addSpacing(4)
        self.body.addLayout(outdent(self._grid, right=True))
        self.body.addSpacing(4)
        self.body.addWidget(line())
        self.body.addLayout(self._steps)
        self.body.addStretch(1)
        self._place_links(4)

    def show_home(
        self, home: HomeView, words: str, steps: Sequence[Step], titles: Mapping[str, str] | None = None
    ) -> None:
        """Show where the records stand; `words` is what they are called ("trainees").

        `titles` = those of the collections by name: with several, all records are counted together and each apart.
        """
        self._home = home
        deadline = next_deadline(home)
        several = len(home.counts) > 1
        words = "records" if several else words
        self._show_each(home.counts if several else {}, titles or {})
        # The counts are of all records; how ready those are that count for one day, the deadlines say.
        self._head.setText(f"All {words}")
        self._day.setText(f"Next: {deadline_name(deadline)}, {deadline_day(deadline)}" if deadline else "")
        self._day.setVisible(deadline is not None)
        self._calendar.setVisible(deadline is not None)
        counts = total_counts(home)
        self._figure.setText(f"{number(counts.confirmed)} of {number(counts.total)}")
        self._safe.setText(f"{words} are safe at the portal")
        self._show_counts(counts, len(home.needs))
        self._show_steps(steps)

    def _show_each(self, counts: Mapping[str, Counts], titles: Mapping[str, str]) -> None:
        """A link for each collection, to its list."""
        clear(self._each)
        self._lists = []
        for name, mine in counts.items():
            words = f"{titles.get(name, name)}: {number(mine.confirmed)} of {number(mine.total)}"
            link = Button(words, "link")
            link.setProperty("page", "records")
            link.setProperty("where", {"collection": name})
            link.clicked.connect(self._on_step_clicked)
            self._lists.append(link)
            self._each.addWidget(link)

    def _show_counts(self, counts: Counts, needs: int) -> None:
        self._bar.show_counts(
            counts.confirmed, counts.waiting, counts.drafts, counts.needs_you + counts.unknown
        )
        values = (counts.confirmed, counts.waiting, counts.drafts, needs)
        for link, value in zip(self._links.values(), values, strict=True):
            link.show_count(value)

    def _show_steps(self, steps: Sequence[Step]) -> None:
        clear(self._steps)
        self._ways = []
        for place, step in enumerate(steps):
            if place:
                self._steps.addWidget(line())
            number_label = Text(str(place + 1), "body", "link", 600)
            number_label.setFixedWidth(30)
            words = row(number_label, spacing=0)
            words.setContentsMargins(0, 7, 0, 7)
            words.addWidget(Text(step.words, wrap=True), 1)
            if step.page:
                link = Button("Open", "link")
                link.setAccessibleName(f"Open: {step.words}")
                link.setProperty("page", step.page)
                link.setProperty("where", step.where)
                link.clicked.connect(self._on_step_clicked)
                self._ways.append(link)
                words.addWidget(link)
                words.addSpacing(-RING)
            self._steps.addLayout(words)

    def _place_links(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, link in enumerate(self._links.values()):
            self._grid.addWidget(link, place // columns, place % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def _on_step_clicked(self) -> None:
        link = self.sender()
        if link is not None:
            self.page_chosen.emit(str(link.property("page")), dict(link.property("where") or {}))

    def _on_all_clicked(self) -> None:
        self.page_chosen.emit("deadlines", {})

    def _on_count_clicked(self) -> None:
        kind = next(kind for kind, link in self._links.items() if link is self.sender())
        if kind == readiness_bar.CONFIRMED:
            self.page_chosen.emit("records", self._where("clean", lambda one: one.confirmed))
        elif kind == readiness_bar.WAITING:
            self.page_chosen.emit("waiting", {})
        elif kind == readiness_bar.DRAFTS:
            self.page_chosen.emit("records", self._where("draft", lambda one: one.drafts))
        else:
            self.page_chosen.emit("needs", {})

    def _where(self, sync: str, many: Callable[[Counts], int]) -> dict[str, Any]:
        """The records that stand so, in the list that has most of them."""
        return (list_with(self._home, many) if self._home else {}) | {"filters": {"sync": sync}}

    def _fit(self) -> None:
        """Fit the rows to the width: what does not stand beside goes below."""
        self._place_links(4 if self.width() >= scaled(FOUR_FROM) else 2)
        across = self.width() >= scaled(ACROSS_FROM)
        self._first.setDirection(
            QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom
        )
        self._first.setSpacing(10 if across else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
