"""Search as a page: asks the service while the person types, and opens the record that is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from desktop.services.search import LIMIT, Hit
from desktop.services.views import Changed
from desktop.ui import tokens
from desktop.ui.operations import Lane
from desktop.ui.page import Context, Page
from desktop.ui.parts.empty_state import EmptyState
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.page_head import PageHead
from desktop.ui.parts.scroll_page import NARROW
from desktop.ui.parts.text import Text
from desktop.ui.records.search_box import SearchBox
from desktop.ui.search.groups import COLUMNS, hit_groups

BEGIN = ("Find anybody", "Type a name, a TRN, a HESA ID, a trainee ID, the portal’s ID, or an email address.")


@dataclass(frozen=True)
class Found:
    """What a search brought, and for which words."""

    text: str
    hits: list[Hit]


class SearchPage(Page):
    """`open(text=...)` searches for it at once."""

    name = "search"
    title = "Search"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._titles = {name: known.title for name, known in self.workspace.collections.items()}
        self._asked = ""
        self._head = PageHead(
            "Search", "Looks through everything on this computer. Small spelling mistakes do not matter."
        )
        self.box = SearchBox("Name, TRN, HESA ID, trainee ID, portal ID or email")
        self.told = Text(role="body", tone="ink2", wrap=True)
        self.table = GroupedTable(COLUMNS, "Found")
        self.empty = EmptyState(*BEGIN)
        column = QVBoxLayout(self)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(12)
        for part in (self._head, self.box, self.told):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        self.box.asked.connect(self._on_asked)
        self.box.left_down.connect(self._on_left_down)
        self.table.line_opened.connect(self._on_line_opened)
        self._show_nothing(*BEGIN)

    def refresh(self, changed: Changed | None) -> None:
        if changed is None:
            self.operations.run(self.workspace.search.warm, lane=Lane.NETWORK, key="search-warm")
        if self._asked:
            self._ask(self._asked)

    def open(self, **where: Any) -> None:
        text = str(where.get("text", ""))
        self.box.show_text(text)
        self._on_asked(text)

    def focus_first(self) -> None:
        self.box.setFocus()
        self.box.selectAll()

    def begin_search(self) -> bool:
        self.focus_first()
        return True

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Down, Enter", "From the field to what was found"),
            ("Up, Down", "Another record"),
            ("Enter", "Open the record"),
            ("Esc", "Empty the field"),
        )

    def _ask(self, text: str) -> None:
        self.operations.run(
            lambda: Found(text, self.workspace.search.find(text, LIMIT + 1)),
            self._on_found,
            lane=Lane.NETWORK,
            key="search",
        )

    def _show_nothing(self, title: str, text: str) -> None:
        self.empty.set_words(title, text)
        self.empty.show()
        self.table.hide()
        self.told.hide()

    def _on_asked(self, text: str) -> None:
        if text.strip() == self._asked:
            return
        self._asked = text.strip()
        if not self._asked:
            self._show_nothing(*BEGIN)
            return
        if self.workspace.search.takes_long(self._asked):
            self.told.setText("The email addresses are read once. With many records this takes some seconds.")
            self.told.show()
        self._ask(self._asked)

    def _on_found(self, found: Found) -> None:
        if found.text != self._asked:
            return
        if not found.hits:
            self._show_nothing(
                f"Nobody is found for “{found.text}”",
                "Nothing close to it is here either. Try fewer letters, or another number.",
            )
            return
        near = found.hits[0].near
        self.told.setText(f"Nothing is exactly like “{found.text}”. These are near.")
        self.told.setVisible(near)
        self.empty.hide()
        self.table.show_groups(hit_groups(found.hits, self._titles, LIMIT))
        self.table.show()

    def _on_left_down(self) -> None:
        if self.table.isVisible():
            self.table.focus_first()

    def _on_line_opened(self, record_id: str) -> None:
        self.shell.go("record", record_id=record_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._head.set_narrow(self.width() < NARROW)
