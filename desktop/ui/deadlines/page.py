"""Deadlines as a page: a list of days, and the chosen one up close."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from desktop.services.deadlines import DayReady, DeadlineView, Scope
from desktop.services.views import Changed
from desktop.ui import tokens
from desktop.ui.deadlines.add_dialog import AddDeadlineDialog
from desktop.ui.deadlines.cards import DaysCard, ReadyCard
from desktop.ui.deadlines.statement import COLUMNS, deadline_groups, following, title
from desktop.ui.operations import Lane
from desktop.ui.page import Context, Page
from desktop.ui.parts.ask import ask
from desktop.ui.parts.beside import Beside
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.empty_state import EmptyState
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.page_head import PageHead
from desktop.ui.parts.scroll_page import NARROW, ScrollPage
from desktop.ui.theme import scaled, theme
from desktop.ui.trouble import Trouble

BESIDE_FROM = 900
SENTENCE = (
    "The days are worked out from the calendar of the portal. The portal itself shows the day that counts."
)


class DeadlinesPage(Page):
    """Reads anew when records or the queue moved. `open(deadline=...)` shows one of them."""

    name = "deadlines"
    title = "Deadlines"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._chosen: DeadlineView | None = None
        self._wanted = ""
        self._reading: Scope | None = None
        self._again = False
        self._head = PageHead("Deadlines", SENTENCE)
        self._add = Button("Add a deadline", icon="plus")
        self.sign_off = Button("Sign-off checklist", icon="shield-check")
        self._head.add_action(self.sign_off)
        self.sign_off.setVisible(any(collection.sends for collection in self.workspace.collections.values()))
        self._head.add_action(self._add)
        self.table = GroupedTable(COLUMNS, "Deadlines")
        self.ready, self.days = ReadyCard(), DaysCard()
        self._beside = Beside(self.ready, self.days, tokens.CARD_GAP)
        self.empty = EmptyState(
            "No deadline is known for the next year",
            "Add one of your own with Add a deadline: a name, a day, and which records count.",
        )
        self.dialog: AddDeadlineDialog | None = None
        page = ScrollPage()
        page.column.addWidget(self._head)
        page.column.addWidget(self.table)
        page.column.addWidget(self._beside)
        page.column.addWidget(self.empty, 1)
        page.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)
        self.empty.hide()
        self._connect()

    def _connect(self) -> None:
        self._add.clicked.connect(self._on_add_asked)
        self.sign_off.clicked.connect(self._on_sign_off_asked)
        self.table.line_changed.connect(self._on_line_changed)
        self.table.line_opened.connect(self._on_line_opened)
        self.ready.page_chosen.connect(self._on_page_chosen)
        self.ready.removing_asked.connect(self._on_removing_asked)
        theme().changed.connect(self._fit)

    @property
    def add_button(self) -> Button:
        return self._add

    @property
    def statement(self) -> str:
        """What the head says."""
        return self._head.title.text()

    def refresh(self, changed: Changed | None) -> None:
        if changed is None or changed.queue or changed.records is None or changed.records:
            self.operations.run(self.workspace.deadlines.all, self._on_read, key="deadlines")

    def open(self, **where: Any) -> None:
        self._wanted = str(where.get("deadline", ""))

    def focus_first(self) -> None:
        self.table.focus_first()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("Up, Down", "Another deadline"), ("Enter", "What stands in its way"))

    # --- showing

    def _on_read(self, views: list[DeadlineView]) -> None:
        self._head.set_words(title(views), SENTENCE)
        self.title_changed.emit(self.statement)
        self.table.show_groups(deadline_groups(views))
        for part in (self.table, self._beside):
            part.setVisible(bool(views))
        self.empty.setVisible(not views)
        self._fit()
        wanted = self._wanted or (self._chosen.id if self._chosen else "")
        known = {view.id: view for view in views}
        view = known.get(wanted) or following(views) or (views[0] if views else None)
        self._wanted = ""
        if view is not None:
            self._choose(view)

    def _choose(self, view: DeadlineView) -> None:
        self.table.stand_on(view.id)
        self._show(view)

    def _show(self, view: DeadlineView) -> None:
        fresh = self._chosen is None or self._chosen.scope != view.scope
        self._chosen = view
        self.ready.show_deadline(view)
        self.ready.put_after(self.table)
        with_history = view.due and not view.scope.records
        self.days.setVisible(with_history)
        if not with_history:
            return
        if fresh:
            self.days.show_reading()
        self._read_history(view.scope)

    def _read_history(self, scope: Scope) -> None:
        """One reading at a time: with a long journal it takes seconds. What is asked for meanwhile is read after it."""
        self._again = self._reading is not None
        if not self._again:
            self._reading = scope
            self.operations.run(
                lambda: self.workspace.deadlines.history(scope),
                self._on_history_read,
                lane=Lane.NETWORK,
                on_failure=self._on_history_failed,
            )

    def _on_history_read(self, days: list[DayReady]) -> None:
        scope, self._reading = self._reading, None
        if self._chosen is not None and self._chosen.scope == scope:
            self.days.show_days(days)
        if self._again and self._chosen is not None:
            self._read_history(self._chosen.scope)

    def _on_history_failed(self, trouble: Trouble) -> None:
        self._reading = None
        self.shell.warn(trouble.title, trouble.text, grave=trouble.grave)

    def _on_line_changed(self, view: DeadlineView | None) -> None:
        if view is not None and view != self._chosen:
            self._show(view)

    def _on_line_opened(self, _view: DeadlineView) -> None:
        self.ready.focus_way()

    def _on_page_chosen(self, page: str, where: dict[str, Any]) -> None:
        self.shell.go(page, **where)

    def _on_sign_off_asked(self) -> None:
        """Of the deadline that is shown, if it is one of a sign-off."""
        from desktop.services.sign_off import of_deadline

        view = self._chosen
        kind = of_deadline(view.name) if view is not None and not view.own else ""
        where = {"kind": kind, "year": view.scope.cycle} if view is not None and kind else {}
        self.shell.go("sign_off", **where)

    # --- a person's own

    def _on_add_asked(self) -> None:
        known = tuple(self.workspace.collections.values())
        self.dialog = AddDeadlineDialog(known, self.workspace.today(), self)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.chosen.connect(self._on_chosen)
        self.dialog.open()

    def _on_chosen(self, name: str, day: date, scope: Scope) -> None:
        self.operations.run(
            lambda: self.workspace.deadlines.add(name, day, scope),
            self._on_added,
            on_failure=self._on_add_failed,
        )

    def _on_added(self, key: str) -> None:
        self._wanted = key
        if self.dialog is not None:
            self.dialog.accept()
            self.dialog = None
        self.refresh(None)
        self.shell.say("The deadline was added.")

    def _on_add_failed(self, trouble: Trouble) -> None:
        if self.dialog is not None:
            self.dialog.show_problem(f"{trouble.title}. {trouble.text}")

    def _on_removing_asked(self) -> None:
        view = self._chosen
        if view is not None and ask(
            self,
            f"Remove the deadline {view.name}?",
            "No record is changed. You can add it again.",
            "Remove it",
            "Keep it",
        ):
            self._chosen = None
            self.operations.run(lambda: self.workspace.deadlines.remove(view.own), self._on_removed)

    def _on_removed(self, _nothing: Any) -> None:
        self.refresh(None)
        self.shell.say("The deadline was removed.")

    # --- size

    def _fit(self) -> None:
        metrics = theme().metrics
        rows = max(2, min(10, self.table.grouped.rowCount()))
        self.table.setFixedHeight(metrics.head + rows * metrics.row + 2)
        self._beside.set_narrow(self.width() < scaled(BESIDE_FROM))
        self._head.set_narrow(self.width() < scaled(NARROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
