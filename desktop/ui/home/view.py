"""Home, drawn: four cards in two columns, or one column in a narrow window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.services.views import HomeView, QueueSummary
from desktop.ui import tokens
from desktop.ui.home import statement
from desktop.ui.home.census_card import CensusCard
from desktop.ui.home.money_at_risk_card import MoneyAtRiskCard
from desktop.ui.home.needs_card import NeedsCard
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.empty_state import EmptyState, Way
from desktop.ui.parts.page_head import PageHead
from desktop.ui.parts.portal_card import PortalCard
from desktop.ui.parts.scroll_page import NARROW, ScrollPage
from desktop.ui.shell.status import worst_portal
from desktop.ui.theme import scaled

TWO_FROM = 860
ROOMY_FROM = 1080


@dataclass(frozen=True)
class Names:
    """How records are called on Home: "trainee", "trainees", "Register"; `counted` where all are counted.

    `titles` = those of all collections by name, the first of which these are; `paid` = name and singular of the one on
    whose records money can hang, None = there is none; `sends` = the portal takes them from a program, and shows what it has; `exports` = they
    are read by the export of its website, as it has no API for this organisation.
    """

    singular: str
    plural: str
    portal: str
    titles: Mapping[str, str] = field(default_factory=dict)
    paid: tuple[str, str] | None = None
    sends: bool = True
    exports: bool = False
    counted: str = "records"


class HomeScreen(QWidget):
    """Shows `HomeView`s and says where the person wants to go."""

    page_chosen = Signal(str, dict)
    record_chosen = Signal(str)
    need_chosen = Signal(str)
    evidence_asked = Signal()
    sync_asked = Signal()
    adding_asked = Signal()

    def __init__(self, names: Names) -> None:
        super().__init__()
        self._names = names
        self._head = PageHead()
        self._evidence = Button("Save outage evidence", icon="shield-check")
        self._head.add_action(self._evidence)
        self.census, self.money = CensusCard(), MoneyAtRiskCard()
        self.needs, self.portal = NeedsCard(), PortalCard("Portal, last 24 hours")
        self._empty = self._make_empty()
        self._grid = QGridLayout()
        self._columns = 0
        self._arrange()
        self._connect()

    @property
    def title(self) -> str:
        return self._head.title.text()

    @property
    def head(self) -> PageHead:
        return self._head

    def _make_empty(self) -> EmptyState:
        names = self._names
        get = Way(
            "get",
            "download",
            f"Get them from {names.portal}",
            "Reads all records that the portal lets you see. Nothing is changed there.",
            f"Get {names.plural}",
            main=True,
        )
        add = Way(
            "add",
            "plus",
            "Add one by hand",
            f"The same questions as {names.portal}, in the same order.",
            f"Add a {names.singular}",
            main=not (names.sends or names.exports),
        )
        read = Way(
            "read",
            "download",
            f"Read {names.portal}",
            f"Load the export that its website gives of your {names.plural}. Nothing is changed there.",
            "Load the export",
            main=True,
        )
        first = (read,) if names.exports else (get,) if names.sends else ()
        return EmptyState(
            f"No {names.plural} on this computer yet",
            f"Start in one of two ways. You can use the other later; adding works while {names.portal} is down."
            if names.sends
            else f"Add them here, and Holdfast shows what to type into {names.portal}, in its order.",
            (*first, add),
        )

    def _arrange(self) -> None:
        page = ScrollPage()
        page.column.addWidget(self._head)
        self._cards = QWidget()
        self._cards.setLayout(self._grid)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(tokens.CARD_GAP)
        page.column.addWidget(self._cards)
        page.column.addWidget(self._empty, 1000)
        page.column.addStretch(1)
        self._empty.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)
        self._place(2)

    def _connect(self) -> None:
        self._evidence.clicked.connect(self.evidence_asked)
        self.census.page_chosen.connect(self.page_chosen)
        self.money.record_chosen.connect(self.record_chosen)
        self.money.all_asked.connect(self._on_money_asked)
        self.money.payments_asked.connect(self._on_payments_asked)
        self.needs.need_chosen.connect(self.need_chosen)
        self.needs.all_asked.connect(self._on_needs_asked)
        self.portal.history_asked.connect(self._on_history_asked)
        self._empty.way_chosen.connect(self._on_way_chosen)

    def show_home(self, home: HomeView, summary: QueueSummary | None, now: datetime) -> None:
        """Show everything, or the beginning when there is nothing yet."""
        self._head.set_words(statement.title(home), statement.sentence(home))
        nothing = not any(counts.total for counts in home.counts.values())
        self._cards.setVisible(not nothing)
        self._empty.setVisible(nothing)
        portal = worst_portal(home.portals)
        troubled = portal is not None and any(mark in {"down", "half"} for mark in portal.strip)
        self._evidence.setVisible(troubled)
        if nothing:
            return
        names = self._names
        self.census.show_home(home, names.counted, statement.steps(home, summary), names.titles)
        self.money.setVisible(names.paid is not None)
        if names.paid is not None:
            self.money.show_money(home.money, names.paid[1])
        self.needs.show_needs(home.needs)
        self.portal.setVisible(portal is not None)
        self.portal.show_portal(portal, now)
        self._place_cards()
        self._order()

    def _place_cards(self) -> None:
        """Two columns where there is room for them, and something to stand in the second."""
        second = not (self.money.isHidden() and self.portal.isHidden())
        self._place(2 if second and self.width() >= scaled(TWO_FROM) else 1)
        roomy = self.width() >= scaled(ROOMY_FROM)
        self._grid.setColumnStretch(0, 63 if roomy else 54)
        self._grid.setColumnStretch(1, (37 if roomy else 46) if self._columns == 2 else 0)

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        cards = (self.census, self.money, self.needs, self.portal)
        order = cards if columns == 2 else (self.census, self.needs, self.money, self.portal)
        for place, card in enumerate(order):
            self._grid.addWidget(card, place // columns, place % columns)
        self._order()

    def _order(self) -> None:
        """Tab goes as the eye does: links that were made later would come after everything else."""
        money, needs = self.money.stops(), self.needs.stops()
        stops = [*self.census.stops(), *(money + needs if self._columns == 2 else needs + money)]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _on_money_asked(self) -> None:
        filters = {"money_only": "1", "sync": ("conflict", "unknown", "draft", "queued")}
        paid = self._names.paid if len(self._names.titles) > 1 else None
        self.page_chosen.emit("records", ({"collection": paid[0]} if paid else {}) | {"filters": filters})

    def _on_payments_asked(self) -> None:
        self.page_chosen.emit("payments", {})

    def _on_needs_asked(self) -> None:
        self.page_chosen.emit("needs", {})

    def _on_history_asked(self) -> None:
        self.page_chosen.emit("activity", {"only": "portal"})

    def _on_way_chosen(self, key: str) -> None:
        if key == "read":
            self.page_chosen.emit("handover", {})
        else:
            (self.sync_asked if key == "get" else self.adding_asked).emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_cards()
        self._head.set_narrow(self.width() < NARROW)
