"""The list of what is to be typed on a portal's website, as a page: choose one, begin it, go on with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from desktop.services.keying_job import KeyItem, Stand
from desktop.services.views import Changed
from desktop.ui.keying.item_card import ItemCard
from desktop.ui.keying.opening import SheetDesk
from desktop.ui.keying.running import Running
from desktop.ui.keying.statement import SENTENCE, columns_of, group_of, groups_of, title, where_of
from desktop.ui.page import Context, Page
from desktop.ui.parts.ask import ask
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.empty_state import EmptyState
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.page_head import PageHead
from desktop.ui.parts.scroll_page import NARROW, ScrollPage
from desktop.ui.theme import scaled, theme

MOST_LINES = 12


@dataclass(frozen=True)
class Listed:
    """What the page shows, read in one go."""

    items: tuple[KeyItem, ...]
    now: datetime


class KeyingPage(Page):
    """Reads anew when the queue moved. `open(item=...)` begins a sheet or goes on with it, `open(records=[...])` a run.

    `open(show=...)` stands on a sheet.
    """

    name = "keying"
    title = "Type on the website"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        websites = where_of({one.portal_short for one in self.workspace.collections.values()})
        self._now = self.workspace.now()
        self._wanted, self._can_run = "", False
        self.chosen: KeyItem | None = None
        self.desk = SheetDesk(context, self)
        self.running = Running(context, self.desk, self)
        self._head = PageHead(self.title)
        self.all = Button(
            "Type one after another", icon="list-checks", tip="Every sheet that can be typed now"
        )
        self._head.add_action(self.all)
        pays = any(collection.pays for collection in self.workspace.collections.values())
        self.table = GroupedTable(columns_of(pays=pays), "Sheets to type from")
        self.card = ItemCard()
        self.empty = EmptyState(f"Nothing must be typed on {websites}", self._how(), done=True)
        page = ScrollPage()
        for part in (self._head, self.running.card, self.table, self.card):
            page.column.addWidget(part)
        page.column.addWidget(self.empty, 1)
        page.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)
        for shown in (self.table, self.card, self.empty, self.all):
            shown.hide()
        self._connect()

    def _how(self) -> str:
        """How something comes to stand here."""
        if all(not collection.sends for collection in self.workspace.collections.values()):
            return "What you add or change in Records stands here, with a sheet to type from, in the order of the website."
        return (
            "What only the website can do, you ask for in a record: Actions, then Delete, Reinstate or Undo the withdrawal. It "
            "then stands here, with a sheet to type from."
        )

    def _connect(self) -> None:
        self.table.line_changed.connect(self._on_line_changed)
        self.table.line_opened.connect(self._on_line_opened)
        self.card.begin.clicked.connect(self._on_begin)
        self.card.record.clicked.connect(self._on_record)
        self.card.paper.clicked.connect(self._on_paper)
        self.card.back.clicked.connect(self._on_back)
        self.card.instead.clicked.connect(self._on_instead)
        self.card.again.clicked.connect(self._on_again)
        self.card.there.clicked.connect(self._on_there)
        self.all.clicked.connect(self._on_all)
        self.running.shown.connect(self._on_run_shown)
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
            self.running.refresh()
            self.desk.refresh()

    def open(self, **where: Any) -> None:
        if "item" in where:
            self._wanted = str(where["item"])
            self.desk.open(self._wanted)
        elif "show" in where:
            self._wanted = str(where["show"])
            self.operations.run(self._read, self._on_read, key="keying")
        elif "records" in where:
            self.running.begin([str(one) for one in where["records"]])

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
            ("On the sheet: Ctrl+Shift+Enter", "One after another: this one later, the next one now"),
        )

    # --- showing

    def _read(self) -> Listed:
        """Worker thread."""
        return Listed(tuple(self.workspace.keying.items()), self.workspace.now())

    def _on_read(self, found: Listed) -> None:
        self._now = found.now
        items = found.items
        shorts = {self.workspace.collections[item.collection].portal_short for item in items}
        self._head.set_words(title(items, where_of(shorts)), SENTENCE if items else "")
        self.table.show_groups(groups_of(items, found.now, self.workspace.actor))
        for part in (self.table, self.card):
            part.setVisible(bool(items))
        self._head.setVisible(bool(items))
        can_begin = any(group_of(item) in ("begun", "open") for item in items)
        self._can_run = can_begin and len(items) > 1
        self._on_run_shown()
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
        short = self.workspace.collections[item.collection].portal_short
        self.card.show_item(item, self._now, self.workspace.actor, short)

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
                f"It is not at {self.workspace.collections[item.collection].portal_short}?",
                "Look at the record on the website first. If it is not there, it waits here to be typed again.",
            )
        )
        do = "Give it up" if begun else "It is not there"
        if ask(self, *asked, do, "Leave it", grave=False):
            self.operations.run(lambda: self.workspace.keying.give_up(item.id), self._on_given_up)

    def _on_all(self) -> None:
        self.running.begin()

    def _on_instead(self) -> None:
        self._settle(self.workspace.keying.instead, "Done. What is left to type stands in the list")

    def _on_again(self) -> None:
        self._settle(self.workspace.keying.try_again, "It can be typed again once all is answered")

    def _on_there(self) -> None:
        asked = (
            "It is there already?",
            "Look at the record on the website first. Here it then counts as done.",
        )
        if ask(self, *asked, "It is there", "Leave it", grave=False):
            self._settle(self.workspace.keying.is_there, "It counts as there")

    def _settle(self, deed: Callable[[str], None], words: str) -> None:
        item = self.chosen
        if item is not None:
            self.operations.run(lambda: deed(item.id), lambda _nothing: self.shell.say(words))

    def _on_run_shown(self) -> None:
        """A run that is there goes on from its card."""
        self.all.setVisible(self._can_run and self.running.run is None)
        self._fit()

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
