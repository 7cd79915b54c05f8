"""The Needs you page: reads what waits for a person, shows one case after the other, writes the decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from desktop.model.document import Document
from desktop.model.finding import Finding
from desktop.model.snapshot import Snapshot
from desktop.services.views import Changed, Choice, HistoryEntry, Need, RecordView
from desktop.ui import words
from desktop.ui.needs.cases import MINE, THEIRS, TYPED, build, outcome
from desktop.ui.needs.conflict_view import ConflictView
from desktop.ui.needs.duplicate_view import DuplicateView
from desktop.ui.needs.need_list import need_key
from desktop.ui.needs.told_views import (
    GIVE_UP,
    KEEP,
    LOOK,
    OPEN,
    PUT_RIGHT,
    SEND_ANEW,
    TAKE_BACK,
    ToldView,
    told,
)
from desktop.ui.needs.view import NeedsView
from desktop.ui.page import Context, Page
from desktop.ui.parts.ask import ask
from desktop.ui.record.facts import spoken_name

if TYPE_CHECKING:
    from desktop.model.collection import Collection

_HISTORY = 100

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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.view.list.need_shown.connect(self._on_need_shown)
        self.view.list.activated.connect(self._on_activated)
        self.view.list.clicked.connect(self._on_clicked)
        self.view.list.choice_changed.connect(self._on_choice_changed)
        self.view.open_asked.connect(self._on_open_asked)
        self.view.bar.stepped.connect(self.view.list.step)
        self.view.bar.later_asked.connect(self.decide_later)
        self.view.bar.saved_asked.connect(self.save_decision)
        self.view.bar.all_asked.connect(self._on_all_asked)
        self._bind_keys()

    def _bind_keys(self) -> None:
        for keys, action in (
            ("1", self._on_mine),
            ("2", self._on_theirs),
            ("E", self._on_typed),
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
            ("Shift+Up, Shift+Down", "Choose several conflicts in the list"),
        )

    # --- the list

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

    def _collection(self, need: Need) -> Collection:
        name = need.conflict.collection if need.conflict else need.change.collection if need.change else ""
        return self.workspace.collections.get(name) or next(iter(self.workspace.collections.values()))

    def _on_need_shown(self, need: Need) -> None:
        """Read the record of a need; the case that is open stays as it is when it is the same one."""
        again = need_key(need) == self._shown and self.view.case is not None
        chosen = isinstance(self.view.case, ConflictView) and bool(self.view.case.choices())
        if again and chosen and not self._moved(need):
            self._show_bar()
            return
        record_id = need.record_id
        records, activity = self.workspace.records, self.workspace.activity
        self.operations.run(
            lambda: (need, records.view(record_id), activity.entries(record_id, _HISTORY)),
            self._on_record_read,
            key="needs.case",
        )

    def _moved(self, need: Need) -> bool:
        """Whether what a person is deciding about changed under the hand."""
        case = self.view.case
        return not (
            isinstance(case, ConflictView)
            and need.conflict is not None
            and case.case.conflict.fields == need.conflict.fields
        )

    def _on_record_read(self, read: tuple[Need, RecordView, Sequence[HistoryEntry]]) -> None:
        need, view, history = read
        collection = self._collection(need)
        name = spoken_name(view.label)
        own = str(view.document.get(collection.own_key) or "") if collection.own_key else ""
        look = words.need_look(need)
        same = need_key(need) == self._shown
        self._shown = need_key(need)
        case: ConflictView | DuplicateView | ToldView
        if need.kind == "conflict" and view.conflict is not None:
            case = self._conflict_case(collection, view, history)
            about = case.case.sentence
        elif need.kind == "duplicate" and need.conflict is not None:
            case = self._duplicate_case(collection, need, view)
            about = f"{collection.portal_short} has somebody who looks like the same person. Two people are never made one without you."
        else:
            case = self._told_case(collection, need, history)
            about = case.told.sentence
        self.view.show_case(case, name, look, own, about)
        self._show_bar()
        if self._focus_case and not same:
            self._focus_case = False
            QTimer.singleShot(0, case, case.take_focus)

    def _live(self, collection: Collection, record_id: str) -> Callable[[Document], Sequence[Finding]]:
        checks = self.workspace.checks
        return lambda document: checks.live(collection.name, document, record_id)

    def _conflict_case(
        self, collection: Collection, view: RecordView, history: Sequence[HistoryEntry]
    ) -> ConflictView:
        live = self._live(collection, view.id)
        case = build(collection, view, history, self.workspace.now(), live)
        made = ConflictView(collection, case, self.workspace.today())
        made.decided.connect(self._on_decided)
        made.record_asked.connect(self._on_field_asked)
        return made

    def _duplicate_case(self, collection: Collection, need: Need, view: RecordView) -> DuplicateView:
        assert need.conflict is not None
        candidates = [Snapshot.from_json(raw) for raw in need.conflict.candidates]
        made = DuplicateView(collection, view, candidates)
        made.linked.connect(self._on_linked)
        made.kept_as_draft.connect(self._on_kept_as_draft)
        made.record_asked.connect(self._on_field_asked)
        return made

    def _told_case(self, collection: Collection, need: Need, history: Sequence[HistoryEntry]) -> ToldView:
        made = ToldView(told(collection, need, history, self.workspace.now()))
        made.way_chosen.connect(self._on_way_chosen)
        made.field_asked.connect(self._on_field_asked)
        return made

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

    def _on_decided(self) -> None:
        case, need = self.view.case, self.view.list.current_need()
        if not isinstance(case, ConflictView) or need is None:
            return
        collection = self._collection(need)
        choices = case.choices()
        live = self._live(collection, case.case.view.id)
        result = outcome(collection, case.case, choices, case.typed(), live) if choices else None
        case.show_outcome(result)
        self._show_bar()

    def save_decision(self) -> None:
        """Ctrl+Enter: settle what was chosen and go to the next."""
        case = self.view.case
        if not isinstance(case, ConflictView) or not case.choices():
            return
        choices = self._choices_of(case)
        conflict_id, conflicts = case.case.conflict.id, self.workspace.conflicts
        self._focus_case = True
        self.operations.run(lambda: conflicts.resolve(conflict_id, choices), self._on_resolved)

    @staticmethod
    def _choices_of(case: ConflictView) -> dict[str, Choice]:
        """Path -> choice, as the services take it: a typed unit says its values, others their side."""
        sides, typed = case.choices(), case.typed()
        found: dict[str, Choice] = {}
        for row in case.case.conflict.fields:
            side = sides.get(row.unit, "")
            if side == TYPED:
                found[row.field] = ("value", typed.get(row.field, row.mine))
            elif side:
                found[row.field] = side
        return found

    def _on_resolved(self, view: RecordView) -> None:
        self.view.drop_case()
        self._shown = ""
        self.shell.say(f"Decision saved for {spoken_name(view.label)}")
        self.refresh(None)

    def decide_later(self) -> None:
        """Ctrl+D: leave it open and go to the next."""
        self._focus_case = True
        self.view.list.step(1)

    def _choose(self, side: str) -> None:
        if isinstance(self.view.case, ConflictView):
            self.view.case.choose(side)

    def _on_mine(self) -> None:
        self._choose(MINE)

    def _on_theirs(self) -> None:
        self._choose(THEIRS)

    def _on_typed(self) -> None:
        self._choose(TYPED)

    def _on_all_asked(self, side: str) -> None:
        chosen = [n for n in self.view.list.chosen() if n.kind == "conflict" and n.conflict is not None]
        count = words.count(len(chosen), "conflict")
        short = self._collection(chosen[0]).portal_short if chosen else ""
        if side == MINE:
            title, do = f"Keep yours in {count}?", "Keep all mine"
            text = f"Your values are sent. Those of {short} stay readable in the history."
        else:
            title, do = f"Take the portal’s values in {count}?", "Take all the portal’s"
            text = "Your values are not sent. They stay readable in the history."
        if not chosen or not ask(self, title, text, do, "Decide one by one"):
            return
        ids = [need.conflict.id for need in chosen if need.conflict is not None]
        conflicts = self.workspace.conflicts

        def work() -> int:
            for conflict_id in ids:
                conflicts.resolve_all(conflict_id, side)
            return len(ids)

        self.operations.run(work, self._on_all_resolved)

    def _on_all_resolved(self, count: int) -> None:
        self._shown = ""
        self.view.drop_case()
        self.shell.say(f"{words.count(count, 'decision')} saved")
        self.refresh(None)

    # --- the other ways

    def _on_way_chosen(self, key: str) -> None:
        need = self.view.list.current_need()
        if need is None:
            return
        conflicts, queue = self.workspace.conflicts, self.workspace.queue
        if key == LOOK:
            self.shell.sync_now()
        elif key in {PUT_RIGHT, OPEN}:
            paths = (
                [path for path, _, _ in self.view.case.told.said if path]
                if isinstance(self.view.case, ToldView)
                else []
            )
            self._on_field_asked(paths[0] if paths else "")
        elif key == TAKE_BACK and need.change is not None:
            change_id = need.change.id
            self.operations.run(lambda: queue.take_back(change_id), self._on_taken_back)
        elif key in {GIVE_UP, KEEP} and need.conflict is not None:
            conflict_id, side = need.conflict.id, THEIRS if key == GIVE_UP else MINE
            self.operations.run(lambda: conflicts.resolve_all(conflict_id, side), self._on_resolved)

        elif key == SEND_ANEW and need.conflict is not None:
            conflict_id = need.conflict.id
            self.operations.run(lambda: conflicts.send_anew(conflict_id), self._on_resolved)

    def _on_taken_back(self, _nothing: object) -> None:
        self.shell.say("Taken back")
        self._shown = ""
        self.refresh(None)

    def _on_linked(self, portal_id: str) -> None:
        need = self.view.list.current_need()
        if need is not None and need.conflict is not None:
            conflict_id, conflicts = need.conflict.id, self.workspace.conflicts
            self._focus_case = True
            self.operations.run(lambda: conflicts.link(conflict_id, portal_id), self._on_resolved)

    def _on_kept_as_draft(self) -> None:
        need = self.view.list.current_need()
        if need is not None and need.conflict is not None:
            conflict_id, conflicts = need.conflict.id, self.workspace.conflicts
            self._focus_case = True
            self.operations.run(lambda: conflicts.keep_draft(conflict_id), self._on_resolved)

    def _on_field_asked(self, path: str) -> None:
        need = self.view.list.current_need()
        if need is not None:
            self.shell.go("record", record_id=need.record_id, **({"field": path} if path else {}))

    def _on_open_asked(self) -> None:
        self._on_field_asked("")

    def _on_choice_changed(self, _count: int) -> None:
        self._show_bar()

    def _on_activated(self) -> None:
        self.view.show_case_side()
        if self.view.case is not None:
            self.view.case.take_focus()

    def _on_clicked(self) -> None:
        self.view.show_case_side()

    # --- Qt

    def minimumSizeHint(self) -> QSize:
        return LEAST  # its parts are arranged anew before they would be cut

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.fit(self.window().width())
        self._show_bar()
