"""The list of what is to be typed on a portal's website, as a page: choose one, begin it, go on with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from desktop.services.keying_list import KeyItem, Stand
from desktop.services.views import Changed
from desktop.ui.keying.opening import SheetDesk
from desktop.ui.keying.statement import COLUMNS, SENTENCE, groups_of, story_of, title
from desktop.ui.page import Context, Page
from desktop.ui.parts.ask import ask
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card
from desktop.ui.parts.empty_state import EmptyState
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.page_head import PageHead
from desktop.ui.parts.scroll_page import NARROW, ScrollPage
from desktop.ui.parts.text import Text
from desktop.ui.theme import scaled, theme
from desktop.ui.words import website_of

MOST_LINES = 12


@dataclass(frozen=True)
class Listed:
    """What the page shows, read in one go."""

    items: tuple[KeyItem, ...]
    now: datetime


class ItemCard(Card):
    """One job up close, with what can be done with it."""

    def __init__(self) -> None:
        super().__init__()
        self._head = self.add_head("")
        self._story = Text(tone="ink2", wrap=True)
        self.begin = Button("Begin to type", "primary", "pencil-line")
        self.record = Button("Open the record")
        self.paper = Button("Save as PDF", icon="download")
        self.back = Button("Give it up", icon="undo-2")
        buttons = FlowLayout()
        for button in (self.begin, self.record, self.paper, self.back):
            buttons.addWidget(button)
        self.body.addWidget(self._story)
        self.body.addSpacing(4)
        self.body.addLayout(buttons)

    def show_item(self, item: KeyItem, now: datetime, actor: str, short: str) -> None:
        """Show this one."""
        self._head.setText(item.record_label)
        self._story.setText("\n".join(story_of(item, now, actor, short)))
        begun = item.stand is Stand.BEGUN
        self.begin.set_words("Go on typing" if begun else "Begin to type")
        self.begin.allow(begun or not item.why_not, item.why_not)
        self.paper.setVisible(item.pages > 0)
        self.back.setVisible(item.stand in (Stand.BEGUN, Stand.TYPED))
        self.back.set_words("Give it up" if begun else f"It is not at {short}")

    @property
    def story(self) -> str:
        return self._story.text()


class KeyingPage(Page):
    """Reads anew when the queue moved. `open(item=...)` begins or goes on with a sheet at once."""

    name = "keying"
    title = "Type on the website"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._short = next(iter(self.workspace.collections.values())).portal_short
        self._now = self.workspace.now()
        self._wanted = ""
        self.chosen: KeyItem | None = None
        self.desk = SheetDesk(context, self)
        self._head = PageHead(self.title)
        self.table = GroupedTable(COLUMNS, "Sheets to type from")
        self.card = ItemCard()
        self.empty = EmptyState(
            f"Nothing must be typed on {website_of(self._short)}",
            "What only the website can do, you ask for in a record: Actions, then Delete, Reinstate or Undo the withdrawal. It "
            "then stands here, with a sheet to type from.",
            done=True,
        )
        page = ScrollPage()
        for part in (self._head, self.table, self.card):
            page.column.addWidget(part)
        page.column.addWidget(self.empty, 1)
        page.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)
        for shown in (self.table, self.card, self.empty):
            shown.hide()
        self._connect()

    def _connect(self) -> None:
        self.table.line_changed.connect(self._on_line_changed)
        self.table.line_opened.connect(self._on_line_opened)
        self.card.begin.clicked.connect(self._on_begin)
        self.card.record.clicked.connect(self._on_record)
        self.card.paper.clicked.connect(self._on_paper)
        self.card.back.clicked.connect(self._on_back)
        self.desk.ended.connect(self._on_ended)
        theme().changed.connect(self._fit)

    # --- what the shell asks

    @property
    def statement(self) -> str:
        """What the head says."""
        return self._head.title.text()

    def refresh(self, changed: Changed | None) -> None:
        if changed is None or changed.queue or changed.records is None or changed.records:
            self.operations.run(self._read, self._on_read, key="keying")
            self.desk.refresh()

    def open(self, **where: Any) -> None:
        if "item" in where:
            self._wanted = str(where["item"])
            self.desk.open(self._wanted)

    def focus_first(self) -> None:
        if self.table.isVisible():
            self.table.focus_first()
        else:
            super().focus_first()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Up, Down", "Another sheet"),
            ("Enter", "Begin it, or go on with it"),
            ("On the sheet: Enter or Space", "Copy the answer and go on"),
            ("On the sheet: Ctrl+C", "Copy the answer and stay"),
            ("On the sheet: Ctrl+Enter", "The page is typed: show the next"),
            ("On the sheet: Alt+Left", "The page before"),
            ("On the sheet: Esc", "Stop here; your place is kept"),
        )

    # --- showing

    def _read(self) -> Listed:
        """Worker thread."""
        return Listed(tuple(self.workspace.keying.items()), self.workspace.now())

    def _on_read(self, found: Listed) -> None:
        self._now = found.now
        items = found.items
        self._head.set_words(title(items, self._short), SENTENCE if items else "")
        self.table.show_groups(groups_of(items, found.now, self.workspace.actor))
        for part in (self.table, self.card):
            part.setVisible(bool(items))
        self._head.setVisible(bool(items))
        self.empty.setVisible(not items)
        self._fit()
        known = {item.id: item for item in items}
        kept = self._wanted or (self.chosen.id if self.chosen else "")
        chosen = known.get(kept) or self._first()
        self.chosen = None
        if chosen is not None:
            self._choose(chosen)
        self.title_changed.emit(self.statement if items else self.empty.title)

    def _first(self) -> KeyItem | None:
        entries = (self.table.grouped.entry(row) for row in range(self.table.grouped.rowCount()))
        return next((e.payload for e in entries if e is not None and hasattr(e, "payload")), None)

    def _choose(self, item: KeyItem) -> None:
        self.table.stand_on(item.id)
        self._show(item)

    def _show(self, item: KeyItem) -> None:
        self.chosen = item
        self.card.show_item(item, self._now, self.workspace.actor, self._short)

    # --- slots

    def _on_line_changed(self, item: KeyItem | None) -> None:
        if item is not None and item != self.chosen:
            self._wanted = ""
            self._show(item)

    def _on_line_opened(self, item: KeyItem) -> None:
        self._show(item)
        if self.card.begin.isEnabled():
            self._on_begin()
        else:
            self.card.record.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_begin(self) -> None:
        if self.chosen is not None:
            self.desk.open(self.chosen.id)

    def _on_record(self) -> None:
        if self.chosen is not None:
            self.shell.go("record", record_id=self.chosen.record_id)

    def _on_paper(self) -> None:
        if self.chosen is not None:
            self.desk.save_paper(self.chosen.id, self.chosen.title, self.chosen.record_label)

    def _on_back(self) -> None:
        item = self.chosen
        if item is None:
            return
        begun = item.stand is Stand.BEGUN
        asked = (
            ("Give this sheet up?", "What was typed on the website stays there. Here it waits as before.")
            if begun
            else (
                f"It is not at {self._short}?",
                "Look at the record on the website first. If it is not there, it waits here to be typed again.",
            )
        )
        do = "Give it up" if begun else "It is not there"
        if ask(self, *asked, do, "Leave it", grave=False):
            self.operations.run(lambda: self.workspace.keying.give_up(item.id), self._on_given_up)

    def _on_given_up(self, _nothing: Any) -> None:
        self.shell.say("It waits as before")

    def _on_ended(self, words: str) -> None:
        self.shell.say(words)

    # --- size

    def _fit(self) -> None:
        rows = max(2, min(MOST_LINES, self.table.grouped.rowCount()))
        metrics = theme().metrics
        head = max(metrics.head, self.table.horizontalHeader().height())
        high = max(metrics.row, self.table.verticalHeader().defaultSectionSize())
        self.table.setFixedHeight(head + rows * high + 2)
        self._head.set_narrow(self.width() < scaled(NARROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
