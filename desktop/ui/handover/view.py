"""The hand-over screen: a list of files, the chosen one up close, and what the portal said of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.model.person import Role
from desktop.services.export_shelf import Export
from desktop.ui.handover.last_read import LastRead
from desktop.ui.handover.statement import (
    COLUMNS,
    SENTENCE,
    VERDICT_COLUMNS,
    groups_of,
    names_of,
    story_of,
    title,
    verdict_groups,
)
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card
from desktop.ui.parts.empty_state import EmptyState, Way
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.page_head import PageHead
from desktop.ui.parts.scroll_page import NARROW, ScrollPage
from desktop.ui.parts.text import Text
from desktop.ui.shell.rights import needs
from desktop.ui.theme import scaled, theme

_EMPTY = (
    "No file was made yet",
    (
        "Where Register has no API for you, records travel in files: Holdfast makes them, you upload them on Register’s "
        "website, and reading back confirms them."
    ),
)
_HOW_TO_READ = (
    "Register was not read yet. Download the export of your trainees from its website, and load it here."
)


def _ways(*, by_files: bool) -> tuple[Way, ...]:
    """How to begin; an office whose portal has no API for it begins by reading the export."""
    return (
        Way(
            "read",
            "download",
            "Read Register",
            "Load the export of its website: new trainees, TRNs and everybody’s changes come in, and yours are confirmed.",
            "Load the export",
            main=by_files,
        ),
        Way(
            "make",
            "file-output",
            "Make a file",
            "New trainees, recommendations or placements, with what is left out and why.",
            "Make a file",
            main=not by_files,
            needs=Role.SEND,
        ),
    )


_NO_FILES = (
    "Nothing travels in files here",
    "The portal takes nothing from a file: a person types it on its website, from sheets with every answer ready to copy.",
)
_WITHOUT_FILES = (
    Way(
        "type",
        "pencil-line",
        "Type on the website",
        "One sheet after another, in the order of the portal.",
        "See the sheets",
        main=True,
    ),
    Way(
        "lists",
        "users",
        "Lists for others",
        "Your teachers, for each appropriate body and each lead provider.",
        "Make the lists",
    ),
)


def _fit_rows(table: GroupedTable, most: int = 9) -> None:
    """As high as its rows, so that it scrolls only beyond `most` of them."""
    rows = max(2, min(most, table.grouped.rowCount()))
    metrics = theme().metrics
    head = max(metrics.head, table.horizontalHeader().height())
    row = max(metrics.row, table.verticalHeader().defaultSectionSize())
    table.setFixedHeight(head + rows * row + 2)


def _in_groups(digest: str) -> str:
    """A long number in groups of eight, so that it can be read aloud and breaks at the end of a line."""
    return " ".join(digest[n : n + 8] for n in range(0, len(digest), 8))


class FileCard(Card):
    """One file up close, with what can be done with it."""

    uploaded_asked = Signal()
    answer_asked = Signal()
    again_asked = Signal()
    dropped_asked = Signal()
    verdict_opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._head = self.add_head("")
        self._story = Text(tone="ink2", wrap=True)
        self._sums = Text(role="caption", wrap=True)
        self._sums.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.uploaded = needs(Button("I uploaded it", icon="check"), Role.SEND)
        self.answer = Button("Load the answer", icon="download")
        self.again = Button("Save it again", icon="save")
        self.dropped = needs(Button("It was not uploaded", icon="undo-2"), Role.SEND)
        self.verdicts = GroupedTable(VERDICT_COLUMNS, "What Register refused")
        buttons = FlowLayout()
        for button in (self.uploaded, self.answer, self.again, self.dropped):
            buttons.addWidget(button)
        self.body.addWidget(self._story)
        self.body.addWidget(self._sums)
        self.body.addSpacing(4)
        self.body.addLayout(buttons)
        self.body.addWidget(self.verdicts)
        self.uploaded.clicked.connect(self.uploaded_asked)
        self.answer.clicked.connect(self.answer_asked)
        self.again.clicked.connect(self.again_asked)
        self.dropped.clicked.connect(self.dropped_asked)
        self.verdicts.line_opened.connect(self.verdict_opened)

    def show_export(self, export: Export, now: datetime) -> None:
        """Show this one."""
        self._head.setText(names_of(export))
        self._story.setText("\n".join(story_of(export, now)))
        self._sums.setText(
            "\n".join(f"{file.name}: SHA-256 {_in_groups(file.sha256)}" for file in export.files)
        )
        self.uploaded.setVisible(export.state == "made")
        self.dropped.setVisible(export.state != "answered")
        self.answer.setVisible(export.state != "answered" or export.waiting > 0)
        groups = verdict_groups(export.verdicts)
        self.verdicts.show_groups(groups)
        self.verdicts.setVisible(bool(groups))
        _fit_rows(self.verdicts)


class HandoverScreen(QWidget):
    """Plain data in; what people ask for out. `chosen` is the export in hand.

    by_files   whether Register has no API for this organisation, so that it is read by its export
    has_files  whether any portal here takes files at all
    gives      whether there are lists for people outside
    """

    make_asked = Signal()
    read_asked = Signal()
    answer_asked = Signal()
    uploaded_asked = Signal(object)
    again_asked = Signal(object)
    dropped_asked = Signal(object)
    verdict_opened = Signal(object)

    def __init__(self, *, by_files: bool = False, has_files: bool = True, gives: bool = False) -> None:
        super().__init__()
        self._has_files = has_files
        self.chosen: Export | None = None
        self._now = datetime.now(UTC)
        self._head = PageHead("Hand-over", SENTENCE)
        self.load = Button("Load the answer", icon="download")
        self.make = needs(Button("Make a file", "primary", "file-output"), Role.SEND)
        self.payments = Button("Check what was paid", icon="wallet")
        self.sign_off = Button("Sign-off checklist", icon="shield-check")
        self.keying = Button("Type on the website", icon="pencil-line")
        self.share = Button("Share with colleagues", icon="users")
        tip = "For each appropriate body and lead provider"
        self.lists = needs(Button("Lists for others", icon="file-output", tip=tip), Role.SEND)
        self.lists.setVisible(gives)
        elsewhere = QWidget()
        ways = FlowLayout(elsewhere)
        for way in (self.keying, self.lists, self.sign_off, self.payments, self.share):
            ways.addWidget(way)
        self.read = Button(
            "Load Register’s export", icon="download", tip="The list of trainees from its website"
        )
        self._head.add_action(self.read)
        self._head.add_action(self.load)
        self._head.add_action(self.make)
        self.table = GroupedTable(COLUMNS, "Files for Register")
        self.card = FileCard()
        self.empty = (
            EmptyState(*_EMPTY, _ways(by_files=by_files))
            if has_files
            else EmptyState(*_NO_FILES, _WITHOUT_FILES)
        )
        for way in (self.read, self.sign_off, self.payments):
            way.setVisible(has_files)
        page = ScrollPage()
        self.last_read = LastRead(by_files=by_files)
        for part in (self._head, elsewhere, self.last_read, self.table, self.card):
            page.column.addWidget(part)
        page.column.addWidget(self.empty, 1)
        page.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)
        self.card.hide()
        self.table.hide()
        self._connect()

    def _connect(self) -> None:
        self.make.clicked.connect(self.make_asked)
        self.read.clicked.connect(self.read_asked)
        self.load.clicked.connect(self.answer_asked)
        self.empty.way_chosen.connect(self._on_way_chosen)
        self.table.line_changed.connect(self._on_line_changed)
        self.table.line_opened.connect(self._on_line_opened)
        self.card.answer_asked.connect(self.answer_asked)
        self.card.uploaded_asked.connect(self._on_uploaded_asked)
        self.card.again_asked.connect(self._on_again_asked)
        self.card.dropped_asked.connect(self._on_dropped_asked)
        self.card.verdict_opened.connect(self.verdict_opened)
        theme().changed.connect(self._fit)

    @property
    def statement(self) -> str:
        return self._head.title.text()

    def show_exports(self, exports: Sequence[Export], now: datetime, wanted: str = "") -> None:
        """List these, newest first; `wanted` = the id of the one to show."""
        self._now = now
        self._head.set_words(title(exports) if exports else "Hand-over", SENTENCE if exports else "")
        self.table.show_groups(groups_of(exports, now))
        for part in (self.table, self.card, self.make, self.load):
            part.setVisible(bool(exports))
        self.empty.setVisible(not exports)
        self._fit()
        known = {export.id: export for export in exports}
        kept = wanted or (self.chosen.id if self.chosen else "")
        chosen = known.get(kept) or (exports[0] if exports else None)
        self.chosen = None
        if chosen is not None:
            self._choose(chosen)

    def show_to_type(self, sheets: int) -> None:
        """How many sheets wait to be typed on the website."""
        words = "Type on the website"
        self.keying.set_words(f"{words} ({sheets:,})" if sheets else words)

    def _choose(self, export: Export) -> None:
        self.table.stand_on(export.id)
        self._show(export)

    def _show(self, export: Export) -> None:
        self.chosen = export
        self.card.show_export(export, self._now)

    # --- slots

    def _on_way_chosen(self, way: str) -> None:
        others = {"type": self.keying.clicked, "lists": self.lists.clicked}
        if way in others:
            others[way].emit()
        else:
            (self.read_asked if way == "read" else self.make_asked).emit()

    def _on_line_changed(self, export: Export | None) -> None:
        if export is not None and export != self.chosen:
            self._show(export)

    def _on_line_opened(self, export: Any) -> None:
        card = self.card
        first = card.verdicts if export.verdicts else card.uploaded if export.state == "made" else card.answer
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_uploaded_asked(self) -> None:
        self.uploaded_asked.emit(self.chosen)

    def _on_again_asked(self) -> None:
        self.again_asked.emit(self.chosen)

    def _on_dropped_asked(self) -> None:
        self.dropped_asked.emit(self.chosen)

    # --- size

    def _fit(self) -> None:
        _fit_rows(self.table)
        self._head.set_narrow(self.width() < scaled(NARROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
