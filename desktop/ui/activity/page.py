"""Activity: what happened, newest first; and the portal's outages, with the way to save them as evidence."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout

from desktop.model.errors import UnknownRef
from desktop.model.evidence import Outage
from desktop.model.person import Person
from desktop.services.views import Changed
from desktop.ui import tokens
from desktop.ui.activity.groups import (
    COLUMNS,
    history_groups,
    history_title,
    portal_groups,
    portal_title,
)
from desktop.ui.activity.paper import EvidencePaper
from desktop.ui.activity.who import WhoBox
from desktop.ui.page import Context, Page
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.empty_state import EmptyState
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.page_head import PageHead
from desktop.ui.parts.scroll_page import NARROW

if TYPE_CHECKING:
    from desktop.ui.parts.grouped_model import Group

STEP = 200
HISTORY = "What happened on this computer and at the portal, newest first. Nothing in it can be changed."
PORTAL = "When the portal could not be used, what was tried, and what waited. Save it as evidence."
READING = ("Reading what happened", "With a long history this takes a moment.")
SAVE_ALL, SAVE_ONE = "Save outage evidence", "Save evidence of this outage"
PAPER_FROM = 1180
"""From this width of the window on, what the evidence will say stands beside the list."""
NOTHING = ("Nothing happened yet", "What you and the portal do is listed here, newest first.")
NO_OUTAGE = (
    "No outage is known",
    "Each time that the portal cannot be used is written down here, with every try and what waited then.",
)


@dataclass(frozen=True)
class Shown:
    """What the head says, what is listed, whether there is more, and who could have done it."""

    title: str
    sentence: str
    groups: list[Group]
    more: bool
    outages: bool = False
    people: tuple[Person, ...] = ()


class ActivityPage(Page):
    """`open(only="portal")` shows the portal's history."""

    name = "activity"
    title = "Activity"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._limit = STEP
        self._names: dict[str, str] = {}
        self._outages = False
        self._head = PageHead("Activity", HISTORY)
        self._evidence = Button(SAVE_ALL, icon="shield-check")
        self._head.add_action(self._evidence)
        self._records, self._portal = Button("Records"), Button("Portal")
        self._choice = QButtonGroup(self)
        self.who = WhoBox()
        self.table = GroupedTable(COLUMNS, "What happened")
        self._older = Button("Show older", "quiet")
        self.empty = EmptyState(*READING)
        self.table.hide()
        self._older.hide()
        self.paper = EvidencePaper()
        self.paper.hide()
        self._outage: Outage | None = None
        self._arrange()
        self._evidence.clicked.connect(self._on_evidence_asked)
        self._choice.buttonClicked.connect(self._on_choice_changed)
        self._older.clicked.connect(self._on_older_asked)
        self.who.picked.connect(self._on_choice_changed)
        self.table.line_opened.connect(self._on_line_opened)
        self.table.line_changed.connect(self._on_line_changed)

    def _arrange(self) -> None:
        choice = QHBoxLayout()
        choice.setSpacing(8)
        for button in (self._records, self._portal):
            button.setCheckable(True)
            button.setProperty("chip", True)
            self._choice.addButton(button)
            choice.addWidget(button)
        choice.addStretch(1)
        choice.addWidget(self.who)
        self._records.setChecked(True)
        column = QVBoxLayout(self)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(12)
        column.addWidget(self._head)
        column.addLayout(choice)
        across = QHBoxLayout()
        across.setSpacing(tokens.CARD_GAP)
        across.addWidget(self.table, 3)
        across.addWidget(self.paper, 2)
        column.addLayout(across, 1)
        column.addWidget(self._older, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.empty, 1)

    def refresh(self, changed: Changed | None) -> None:  # noqa: ARG002 - every write is history
        work = self._read_portal if self._portal.isChecked() else self._read_history
        self.operations.run(work, self._on_read, key="activity")
        self._read_paper()

    def open(self, **where: Any) -> None:
        (self._portal if where.get("only") == "portal" else self._records).setChecked(True)

    @property
    def statement(self) -> str:
        """What the head says."""
        return self._head.title.text()

    def focus_first(self) -> None:
        self.table.focus_first()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("Up, Down", "Another line"), ("Enter", "Open the record, or save the outage"))

    def _read_history(self) -> Shown:
        """Worker thread."""
        people = tuple(self.workspace.people.all())
        entries = self.workspace.activity.entries(limit=self._limit, actors=self.who.actors)
        self._learn_names({entry.record_id for entry in entries if entry.record_id})
        now = self.workspace.now()
        groups = history_groups(entries, self._names, now)
        more = len(entries) >= self._limit
        return Shown(history_title(entries, now), HISTORY, groups, more, people=people)

    def _read_portal(self) -> Shown:
        """Worker thread."""
        portals = self.workspace.portals.all()
        outages, changes = self.workspace.activity.evidence.outages_and_changes()
        self._learn_names({change.record for change in changes[-STEP:]})
        now = self.workspace.now()
        groups = portal_groups(portals, outages, changes[-STEP:], self._names, now)
        return Shown(portal_title(outages, now), PORTAL, groups, more=False, outages=bool(outages))

    def _learn_names(self, records: Set[str]) -> None:
        """Worker thread."""
        for record_id in records - self._names.keys():
            try:
                self._names[record_id] = self.workspace.records.view(record_id).label
            except UnknownRef:
                self._names[record_id] = ""

    def _on_read(self, shown: Shown) -> None:
        self._head.set_words(shown.title, shown.sentence)
        self.title_changed.emit(shown.title)
        self.table.show_groups(shown.groups)
        self.table.setVisible(bool(shown.groups))
        self.empty.setVisible(not shown.groups)
        self.empty.set_words(*(NO_OUTAGE if self._portal.isChecked() else NOTHING))
        self.who.show_people(shown.people)
        self._older.setVisible(shown.more)
        self._outages = shown.outages
        self._fit_paper()

    def _read_paper(self) -> None:
        """The evidence of the outage that is chosen, or of all: only where it is shown."""
        self.paper.setVisible(self._has_paper())
        if self.paper.isHidden():
            return
        since, until = (self._outage.begin, self._outage.end) if self._outage else (None, None)
        self.operations.run(
            lambda: self.workspace.activity.evidence.report(since, until),
            self.paper.show_report,
            key="activity-paper",
        )

    def _has_paper(self) -> bool:
        return self._portal.isChecked() and self._outages and self.room() >= PAPER_FROM

    def _fit_paper(self) -> None:
        if self.paper.isHidden() == self._has_paper():
            self._read_paper()

    def _on_line_changed(self, payload: object) -> None:
        chosen = payload if isinstance(payload, Outage) else None
        if chosen != self._outage:
            self._outage = chosen
            self._evidence.set_words(SAVE_ONE if chosen else SAVE_ALL)
            self._read_paper()

    def _on_choice_changed(self) -> None:
        self.refresh(None)

    def _on_older_asked(self) -> None:
        self._limit += STEP
        self.refresh(None)

    def _on_line_opened(self, payload: object) -> None:
        if isinstance(payload, str):
            self.shell.go("record", record_id=payload)
        elif isinstance(payload, Outage):
            self.shell.save_evidence(payload)

    def _on_evidence_asked(self) -> None:
        self.shell.save_evidence(self._outage)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._head.set_narrow(self.width() < NARROW)
        self._fit_paper()
