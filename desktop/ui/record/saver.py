"""Saves the answers of an open form, one write at a time and in order, and tells the form what came of it.

Edits go through the store lane. Two writes are made at once on the GUI thread, because losing them to a closing
window would break the first promise: the first answer of a new record, and everything typed when the page is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.model.document import Patch, Value, apply, patch_of
from desktop.model.errors import HoldfastError
from desktop.services.views import Edited, RecordView
from desktop.services.wording import touched
from desktop.ui.operations import Operations
from desktop.ui.record.facts import spoken_name
from desktop.ui.record.session import FormSession
from desktop.ui.trouble import Trouble, explain

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace


class Saver(QObject):
    """Works on one session at a time; `begin` gives it another."""

    landed = Signal(object)
    """A write is on disk; the paths whose shown answer moved by it."""
    failed = Signal(Trouble)
    """A write did not happen; what was typed is still in the form."""
    created = Signal(str)
    """A new record has its first answer on disk: its id."""

    def __init__(self, workspace: Workspace, operations: Operations, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._operations = workspace, operations
        self._session: FormSession | None = None
        self._next: set[str] | None = None
        self._turn = 0

    @property
    def session(self) -> FormSession:
        assert self._session is not None, "begin comes first"
        return self._session

    def begin(self, session: FormSession) -> None:
        """Save for this form from now on; answers to what was sent for another one are not listened to."""
        self._session = session
        self._next = None
        self._turn += 1

    # --- saving

    def commit(self, paths: Iterable[str] | None = None) -> None:
        """Save what was typed at these paths, or everything typed. Waits its turn behind a write under way."""
        session = self.session
        if session.busy:
            held = set() if self._next is None else self._next
            self._next = held | (set(session.typed) if paths is None else set(paths))
            return
        if session.view is None:
            self._create()
            return
        patch = session.take(paths)
        if patch is not None:
            self._write(session.view, patch)

    def remove_child(self, kind: str, child_id: str) -> None:
        """Take a child out; one that was only begun is forgotten."""
        session = self.session
        patch = session.drop_child(kind, child_id)
        if patch is None or session.view is None:
            self.landed.emit({f"{kind}."})
        else:
            self._write(session.view, patch)

    def flush(self) -> bool:
        """Put everything typed on disk now, also what is in flight (the same answer twice is one). False if it failed."""
        session = self.session
        if not session.dirty:
            return True
        if session.view is None:
            return self._create()
        values = session.unsaved()
        self._turn += 1
        try:
            result = self._edit(session.view, patch_of(session.stored, values), session.seen())
        except HoldfastError as error:
            session.failed()
            self.failed.emit(explain(error))
            return False
        session.flushed()
        self.landed.emit(session.saved(result, self._workspace.now()))
        return True

    def _create(self) -> bool:
        """A new record with its first answers. Written at once: a second write must know its id."""
        session = self.session
        patch = session.take()
        if patch is None:
            return True
        try:
            view = self._workspace.records.add(session.collection.name, apply(session.stored, patch))
        except HoldfastError as error:
            session.failed()
            self.failed.emit(explain(error))
            return False
        moved = session.created(view, self._workspace.now())
        self.created.emit(view.id)
        self.landed.emit(moved)
        return True

    def _write(self, view: RecordView, patch: Patch) -> None:
        turn, seen = self._turn, self.session.seen()
        self._operations.run(
            lambda: self._edit(view, patch, seen),
            lambda result: self._on_saved(turn, result),
            on_failure=lambda trouble: self._on_failed(turn, trouble),
        )

    def _edit(self, view: RecordView, patch: Patch, seen: Mapping[str, Value]) -> Edited:
        """One edit, noted so that it can be undone as any other act. Store lane, or GUI thread in a flush."""
        edited = self._workspace.records.edit(view.id, patch, seen=seen)
        self._workspace.acts.note(edited, self._words(patch, edited.view))
        return edited

    def _revert(self, record_id: str, paths: Sequence[str]) -> Edited:
        edited = self._workspace.records.revert(record_id, paths)
        self._workspace.acts.note(edited, self._words(edited.inverse, edited.view))
        return edited

    def _words(self, patch: Patch, view: RecordView) -> str:
        """What was done, for the menu: "Email address, Zain Farrukh"."""
        what = touched(self._workspace.collections[view.collection], patch)
        return f"{what}, {spoken_name(view.label)}"

    # --- taking back

    def revert(self, paths: Sequence[str] = ()) -> None:
        """Give these answers, or all, the portal's value again."""
        session = self.session
        if session.view is None:
            return
        gone = session.forget_typed(paths)
        record_id, turn = session.view.id, self._turn
        if paths and not any(session.changed_here(path) for path in paths):
            self.landed.emit(gone)
            return
        self._operations.run(
            lambda: self._revert(record_id, paths),
            lambda result: self._on_saved(turn, result, gone),
            on_failure=lambda trouble: self._on_failed(turn, trouble),
        )

    # --- what came of it

    def _on_saved(self, turn: int, result: Edited, gone: frozenset[str] | set[str] = frozenset()) -> None:
        if turn != self._turn:
            return
        moved = self.session.saved(result, self._workspace.now()) | gone
        wanted, self._next = self._next, None
        self.landed.emit(moved)
        if wanted:
            self.commit(wanted)

    def _on_failed(self, turn: int, trouble: Trouble) -> None:
        if turn == self._turn:
            self.session.failed()
            self._next = None
        self.failed.emit(trouble)
