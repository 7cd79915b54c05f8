"""The Needs you page: reads what waits for a person, and shows one case after the other.

What a person then does is carried out by `deeds`; which screen a need has is decided in `case_views`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from desktop.services.last_decision import LastDecision
from desktop.services.views import Changed, Need
from desktop.ui import words
from desktop.ui.needs.case_views import CaseRead, CaseView, collection_of, live_rules, make_case, read_case
from desktop.ui.needs.cases import MINE, THEIRS, TYPED, outcome
from desktop.ui.needs.conflict_view import ConflictView
from desktop.ui.needs.deeds import NeedDeeds, last_words
from desktop.ui.needs.duplicate_view import DuplicateView
from desktop.ui.needs.need_list import need_key
from desktop.ui.needs.told_views import LOOK, OPEN, PUT_RIGHT, SHEET, ToldView
from desktop.ui.needs.view import NeedsView
from desktop.ui.page import Context, Page
from desktop.ui.record.facts import spoken_name
from desktop.ui.theme import theme

LEAST = QSize(320, 240)


class NeedsPage(Page):
    """`open(record_id=...)` shows the first need of a record."""

    name = "needs"
    title = "Needs you"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._needs: Sequence[Need] = ()
        self._shown = ""
        self._wanted = ""
        self._focus_case = False
        self.view = NeedsView()
        self.deeds = NeedDeeds(context, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        view = self.view
        view.list.need_shown.connect(self._on_need_shown)
        view.list.activated.connect(self._on_activated)
        view.list.clicked.connect(view.show_case_side)
        view.list.choice_changed.connect(self._show_bar)
        view.open_asked.connect(self._go_to_field)
        view.undo_asked.connect(self.deeds.undo)
        view.bar.stepped.connect(view.list.step)
        view.bar.later_asked.connect(self.decide_later)
        view.bar.saved_asked.connect(self.save_decision)
        view.bar.all_asked.connect(self._on_all_asked)
        self.deeds.settled.connect(self._on_settled)
        self.deeds.last_read.connect(self._on_last_read)
        theme().changed.connect(self._fit)
        self._bind_keys()

    def _bind_keys(self) -> None:
        for keys, action in (
            ("1", lambda: self._choose(MINE)),
            ("2", lambda: self._choose(THEIRS)),
            ("E", lambda: self._choose(TYPED)),
            ("U", self.view.ask_undo),
            ("Ctrl+Return", self.save_decision),
            ("Ctrl+Enter", self.save_decision),
            ("Ctrl+D", self.decide_later),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    # --- what the shell asks

    def refresh(self, changed: Changed | None) -> None:
        if changed is None or changed.queue or changed.records is None or changed.records:
            self.operations.run(self.workspace.conflicts.needs, self._on_needs_read, key="needs")
            self.deeds.read_last()

    def open(self, **where: Any) -> None:
        self._wanted = str(where.get("record_id", ""))

    def focus_first(self) -> None:
        self.view.list.setFocus()

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("1", "Keep yours"),
            ("2", "Take the portal’s"),
            ("E", "Type another answer"),
            ("Ctrl+Enter", "Save the decision and go to the next"),
            ("Ctrl+D", "Decide later"),
            ("U", "Undo the last decision"),
            ("Shift+Up, Shift+Down", "Choose several conflicts in the list"),
        )

    # --- the list and its case

    def _on_needs_read(self, needs: Sequence[Need]) -> None:
        key = self._shown
        if self._wanted:
            key = next((need_key(n) for n in needs if n.record_id == self._wanted), key)
            self._wanted = ""
            self.view.show_case_side()
        self._needs = needs
        self.view.show_needs(needs, key)
        count = len(needs)
        self.title_changed.emit(f"{words.count(count, 'decision')} for you" if count else "Nothing needs you")
        if not needs:
            self._shown = ""
            self.view.drop_case()
        self._show_bar()

    def _on_need_shown(self, need: Need) -> None:
        """Read the record of a need; the case that is open stays as it is when it is the same one."""
        again = need_key(need) == self._shown and self.view.case is not None
        chosen = isinstance(self.view.case, ConflictView) and bool(self.view.case.choices())
        if again and chosen and not self._moved(need):
            self._show_bar()
            return
        workspace, needs = self.workspace, self._needs
        self.operations.run(lambda: read_case(workspace, need, needs), self._on_record_read, key="needs.case")

    def _moved(self, need: Need) -> bool:
        """Whether what a person is deciding about changed under the hand."""
        case = self.view.case
        return not (
            isinstance(case, ConflictView)
            and need.conflict is not None
            and case.case.conflict.fields == need.conflict.fields
        )

    def _on_record_read(self, read: CaseRead) -> None:
        need, view = read.need, read.view
        collection = collection_of(self.workspace, need)
        own = str(view.document.get(collection.own_key) or "") if collection.own_key else ""
        same = need_key(need) == self._shown
        self._shown = need_key(need)
        case, about = make_case(self.workspace, read)
        self._connect(case)
        self.view.show_case(case, spoken_name(view.label), words.need_look(need), own, about)
        self._show_bar()
        if self._focus_case and not same:
            self._focus_case = False
            QTimer.singleShot(0, case, case.take_focus)

    def _connect(self, case: CaseView) -> None:
        if isinstance(case, ConflictView):
            case.decided.connect(self._on_decided)
            case.record_asked.connect(self._go_to_field)
            case.many_asked.connect(self._on_many_asked)
        elif isinstance(case, DuplicateView):
            case.linked.connect(self._on_linked)
            case.kept_as_draft.connect(self._on_kept_as_draft)
            case.record_asked.connect(self._go_to_field)
        else:
            case.way_chosen.connect(self._on_way_chosen)
            case.field_asked.connect(self._go_to_field)

    def _show_bar(self) -> None:
        needs = self.view.list.needs.needs()
        current = self.view.list.current_need()
        place = needs.index(current) if current in needs else 0
        case = self.view.case
        chosen = [need for need in self.view.list.chosen() if need.kind == "conflict"]
        self.view.bar.show_place(place, max(len(needs), 1))
        self.view.bar.show_decision(
            possible=isinstance(case, ConflictView),
            ready=isinstance(case, ConflictView) and bool(case.choices()),
            chosen=len(chosen),
            narrow=self.view.narrow,
        )

    # --- deciding

    def _choose(self, side: str) -> None:
        if isinstance(self.view.case, ConflictView):
            self.view.case.choose(side)

    def _on_decided(self) -> None:
        case, need = self.view.case, self.view.list.current_need()
        if not isinstance(case, ConflictView) or need is None:
            return
        collection = collection_of(self.workspace, need)
        choices = case.choices()
        live = live_rules(self.workspace, collection, case.case.view.id)
        result = outcome(collection, case.case, choices, case.typed(), live) if choices else None
        case.show_outcome(result)
        self._show_bar()

    def save_decision(self) -> None:
        """Ctrl+Enter: settle what was chosen and go to the next."""
        case = self.view.case
        if isinstance(case, ConflictView) and case.choices():
            self._focus_case = True
            self.deeds.save(case)

    def decide_later(self) -> None:
        """Ctrl+D: leave it open and go to the next."""
        self._focus_case = True
        self.view.list.step(1)

    def _on_many_asked(self, unit: str, same_answers: bool) -> None:
        case, need = self.view.case, self.view.list.current_need()
        if isinstance(case, ConflictView) and need is not None:
            collection = collection_of(self.workspace, need)
            members, about = case.many(unit, same_answers=same_answers)
            self.deeds.decide_members(collection, members, case.choices().get(unit, MINE), about)

    def _on_all_asked(self, side: str) -> None:
        self.deeds.decide_needs([n for n in self.view.list.chosen() if n.kind == "conflict"], side)

    def _on_settled(self) -> None:
        self.view.drop_case()
        self._shown = ""
        self.refresh(None)

    def _on_last_read(self, last: LastDecision | None) -> None:
        told = last_words(last, self.workspace.now()) if last is not None else ""
        self.view.show_last(told, possible=last is not None and last.possible > 0)

    # --- the other ways

    def _on_way_chosen(self, key: str) -> None:
        need = self.view.list.current_need()
        if need is None:
            return
        if key == LOOK:
            self.shell.sync_now()
        elif key == SHEET and need.change is not None:
            self.shell.go("keying", show=f"{need.record_id}:{need.change.journey}")
        elif key in {PUT_RIGHT, OPEN}:
            case = self.view.case
            said = case.told.said if isinstance(case, ToldView) else ()
            self._go_to_field(next((path for path, _, _ in said if path), ""))
        else:
            self.deeds.go_way(need, key)

    def _on_linked(self, portal_id: str) -> None:
        need = self.view.list.current_need()
        if need is not None:
            self._focus_case = True
            self.deeds.link(need, portal_id)

    def _on_kept_as_draft(self) -> None:
        need = self.view.list.current_need()
        if need is not None:
            self._focus_case = True
            self.deeds.keep_draft(need)

    def _go_to_field(self, path: str = "") -> None:
        need = self.view.list.current_need()
        if need is not None:
            self.shell.go("record", record_id=need.record_id, **({"field": path} if path else {}))

    def _on_activated(self) -> None:
        self.view.show_case_side()
        if self.view.case is not None:
            self.view.case.take_focus()

    def foot(self) -> int:
        return self.view.foot()

    # --- Qt

    def minimumSizeHint(self) -> QSize:
        return LEAST  # its parts are arranged anew before they would be cut

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.view.fit(self.room())
        self._show_bar()
