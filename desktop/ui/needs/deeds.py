"""What a person does on Needs you, carried out: decisions of one and of many, the ways out of a need, the undo.

Writes go through `operations`; the page hears `settled` when what it shows is over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.model.collection import Collection
from desktop.services.deciding import Decided, Member, members_of
from desktop.services.last_decision import LastDecision, Undone
from desktop.services.views import Choice, Need, RecordView
from desktop.ui import words
from desktop.ui.needs.case_views import collection_of
from desktop.ui.needs.cases import MINE, THEIRS, TYPED
from desktop.ui.needs.conflict_view import ConflictView
from desktop.ui.needs.many_dialog import ManyDialog
from desktop.ui.needs.told_views import GIVE_UP, KEEP, SEND_ANEW, TAKE_BACK
from desktop.ui.page import Context
from desktop.ui.parts.ask import ask
from desktop.ui.record.facts import spoken_name

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace


class NeedDeeds(QObject):
    """Belongs to the page `over`, whose dialogs stand over it."""

    settled = Signal()
    """The need that is shown is over; the list is to be read again."""
    last_read = Signal(object)
    """The last decision, as `LastDecision` or None."""

    def __init__(self, context: Context, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._over = context, over
        self._workspace: Workspace = context.workspace
        self._made_here = False

    # --- decisions

    def save(self, case: ConflictView) -> None:
        """Settle what was chosen in a case."""
        choices = choices_of(case)
        conflict_id, conflicts = case.case.conflict.id, self._workspace.conflicts
        self._settle(lambda: conflicts.resolve(conflict_id, choices))

    def decide_members(
        self, collection: Collection, members: Sequence[Member], side: str, about: str
    ) -> None:
        """Show what a decision of many would do, and make it there."""
        dialog = ManyDialog(self._context, collection, members, side=side, about=about, parent=self._over)
        dialog.saved.connect(self._on_many_decided)
        dialog.open()

    def decide_needs(self, needs: Sequence[Need], side: str) -> None:
        """The same for conflicts that were chosen in the list, all of each."""
        conflicts = [need.conflict for need in needs if need.conflict is not None]
        members = members_of(conflicts)
        if members:
            about = (
                f"All questions of the {words.count(len(conflicts), 'conflict')} that you chose in the list."
            )
            self.decide_members(collection_of(self._workspace, needs[0]), members, side, about)

    def read_last(self) -> None:
        """Read whether the last decision can be undone; `last_read` follows."""
        self._context.operations.run(self._workspace.deciding.last, self._on_last_read, key="needs.last")

    def undo(self) -> None:
        """Open the questions of the last decision again."""
        self._context.operations.run(self._workspace.deciding.undo, self._on_undone)

    # --- the other ways

    def go_way(self, need: Need, key: str) -> None:
        """Carry out one of the ways of `told_views` that write."""
        conflicts, queue = self._workspace.conflicts, self._workspace.queue
        if key == TAKE_BACK and need.change is not None:
            change_id = need.change.id
            self._context.operations.run(lambda: queue.take_back(change_id), self._on_taken_back)
        elif key in {GIVE_UP, KEEP} and need.conflict is not None:
            conflict_id, side = need.conflict.id, THEIRS if key == GIVE_UP else MINE
            self._settle(lambda: conflicts.resolve_all(conflict_id, side))
        elif key == SEND_ANEW and need.conflict is not None:
            conflict_id = need.conflict.id
            self._settle(lambda: conflicts.send_anew(conflict_id))

    def link(self, need: Need, portal_id: str) -> None:
        """The new record and the portal's are one person; it cannot be undone, so it is asked once."""
        if need.conflict is None:
            return
        short = collection_of(self._workspace, need).portal_short
        name = spoken_name(need.label)
        text = (
            f"Your answers are laid over those of {short} and sent as changes of its record. This cannot be undone "
            "here: the two stay one record. Nothing is sent before you have looked if there is something to put right."
        )
        if not ask(self._over, f"Is {name} the same person?", text, "Yes, make them one", "Go back"):
            return
        conflict_id, conflicts = need.conflict.id, self._workspace.conflicts
        self._settle(lambda: conflicts.link(conflict_id, portal_id))

    def keep_draft(self, need: Need) -> None:
        """Somebody else: the new record stays a draft."""
        if need.conflict is not None:
            conflict_id, conflicts = need.conflict.id, self._workspace.conflicts
            self._settle(lambda: conflicts.keep_draft(conflict_id))

    def _settle(self, work: Callable[[], RecordView]) -> None:
        self._context.operations.run(work, self._on_resolved)

    # --- what came of it

    def _on_resolved(self, view: RecordView) -> None:
        self._tell(f"Decision saved for {spoken_name(view.label)}")

    def _on_many_decided(self, decided: Decided) -> None:
        left = f", {words.number(len(decided.left_out))} left open" if decided.left_out else ""
        self._tell(f"{words.count(decided.records, 'decision')} saved{left}")

    def _on_taken_back(self, _nothing: object) -> None:
        self._tell("Taken back")

    def _on_undone(self, undone: Undone) -> None:
        left = (
            f"; {words.number(undone.left_out)} left as decided. {undone.why_not}" if undone.left_out else ""
        )
        self._tell(f"{words.count(undone.records, 'question')} open again{left}")

    def _tell(self, sentence: str) -> None:
        self._made_here = True
        self._context.shell.say(sentence)
        self.settled.emit()

    def _on_last_read(self, last: LastDecision | None) -> None:
        """One that cannot be undone is told only where it was made: later it is history."""
        shown = last if last is not None and (last.possible or self._made_here) else None
        self.last_read.emit(shown)


def choices_of(case: ConflictView) -> dict[str, Choice]:
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


def last_words(last: LastDecision, now: datetime) -> str:
    """The last decision in a sentence, and whether it can be undone."""
    head = f"{last.words}, {words.when(last.at, now)}."
    if not last.possible:
        return f"{head} It cannot be undone any more. {last.why_not}"
    if last.possible < last.records:
        return f"{head} {words.number(last.possible)} of {words.number(last.records)} can be undone. The others: {last.why_not}"
    return f"{head} It can be undone until it is sent."
