"""The sign-off screen: the sign-offs, the checklist of the chosen one, and the list of the chosen step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.services.sign_off import Checklist, Step
from desktop.services.sign_off_report import statement
from desktop.ui import tokens
from desktop.ui.parts.beside import Beside
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.page_head import PageHead
from desktop.ui.parts.scroll_page import NARROW, ScrollPage
from desktop.ui.sign_off.cards import ListCard, SigningCard, StepsCard, fit_rows
from desktop.ui.sign_off.said import COLUMNS, first_open, list_of, off_groups, sentence
from desktop.ui.theme import scaled, theme

BESIDE_FROM = 900
MOST_OFFS = 8
TITLE = "Sign-off"
ABOUT = "The census and the performance profile, up to the signature on Register’s website."


class SignOffScreen(QWidget):
    """Plain data in; what people ask for out. `chosen` is the sign-off in hand."""

    load_asked = Signal()
    report_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.chosen: Checklist | None = None
        self._step: str = ""
        self._head = PageHead(TITLE, ABOUT)
        self.save = Button("Save the report", icon="download")
        self.load = Button("Load the file", "primary", "upload")
        self._head.add_action(self.save)
        self._head.add_action(self.load)
        self.table = GroupedTable(COLUMNS, "Sign-offs")
        self.steps, self.signing, self.listed = StepsCard(), SigningCard(), ListCard()
        self._middle = Beside(self.steps, self.signing, tokens.CARD_GAP)
        self._parts = (self.table, self._middle, self.listed)
        page = ScrollPage()
        for part in (self._head, *self._parts):
            page.column.addWidget(part)
        page.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)
        for hidden in (*self._parts, self.save):
            hidden.hide()
        self._connect()

    def _connect(self) -> None:
        self.load.clicked.connect(self.load_asked)
        self.save.clicked.connect(self.report_asked)
        self.table.line_changed.connect(self._on_line_changed)
        self.table.line_opened.connect(self._on_line_opened)
        self.steps.table.line_changed.connect(self._on_step_changed)
        self.steps.table.line_opened.connect(self._on_step_opened)
        theme().changed.connect(self._fit)

    @property
    def statement(self) -> str:
        """What the head says."""
        return self._head.title.text()

    def show_all(self, found: Sequence[Checklist], wanted: str = "") -> None:
        """List these, the most urgent first; `wanted` = the key of one to begin with, else the one that is shown."""
        self.table.blockSignals(True)
        self.table.show_groups(off_groups(found))
        known = {one.key: one for one in found}
        kept = wanted or (self.chosen.key if self.chosen else "")
        chosen = known.get(kept) or next(iter(found), None)
        if chosen is not None:
            self.table.setCurrentIndex(self.table.grouped.index(self.table.grouped.row_of(chosen.key), 0))
        self.table.blockSignals(False)
        for part in (*self._parts, self.save):
            part.setVisible(chosen is not None)
        if wanted:
            self._step = ""
        if chosen is not None:
            self._show(chosen)
        self._fit()

    def show_step(self, key: str) -> None:
        """Show the list of this step of the chosen sign-off."""
        if self.chosen is not None:
            self._step = key
            step = next(step for step in self.chosen.steps if step.key == key)
            self.listed.show_list(self.chosen, list_of(step))

    def focus_first(self) -> None:
        """Put the keyboard on the checklist."""
        self.steps.table.focus_first()

    def _show(self, one: Checklist) -> None:
        if self.chosen is None or self.chosen.key != one.key or not self._step:
            self._step = first_open(one)
        self.chosen = one
        self._head.set_words(statement(one), sentence(one))
        self.steps.show_checklist(one, self._step)
        self.signing.show_checklist(one)
        self.show_step(self._step)

    # --- slots

    def _on_line_changed(self, one: Checklist | None) -> None:
        if one is not None and one != self.chosen:
            self._show(one)

    def _on_line_opened(self, _one: Checklist) -> None:
        self.steps.table.focus_first()

    def _on_step_changed(self, step: Step | None) -> None:
        if step is not None:
            self.show_step(step.key)

    def _on_step_opened(self, _step: Step) -> None:
        self.listed.focus_first()

    # --- size

    def _fit(self) -> None:
        fit_rows(self.table, MOST_OFFS)
        self.steps.fit()
        self.listed.fit()
        self._middle.set_narrow(self.width() < scaled(BESIDE_FROM))
        self._head.set_narrow(self.width() < scaled(NARROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
