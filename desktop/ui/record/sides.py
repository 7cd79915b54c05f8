"""The sides of one answer: what it was, what stands here, what the portal has, and who moved it last. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop.model.collection import Collection
from desktop.model.document import Value, same
from desktop.services.views import HistoryEntry
from desktop.ui import words
from desktop.ui.record.session import FormSession

_OURS = {"edited", "reverted", "resolved"}
_THEIRS = {"portal_changed", "merged", "conflict"}


@dataclass(frozen=True)
class Sides:
    """`before` = what both sides began from. `known` = the portal has the record at all."""

    before: Value
    yours: Value
    theirs: Value
    known: bool
    whose: str = "The portal’s"

    @property
    def differ(self) -> bool:
        """Whether anybody moved it, as far as the form knows."""
        return self.known and not (same(self.before, self.yours) and same(self.yours, self.theirs))

    @property
    def lines(self) -> tuple[tuple[str, Value], ...]:
        return (("Before", self.before), ("Yours", self.yours), (self.whose, self.theirs))


def sides_of(session: FormSession, path: str) -> Sides:
    """As the open form has them: a conflict's own sides first, then what the portal moved meanwhile, then the base."""
    view, yours, base = session.view, session.value(path), session.base_value(path)
    known = view is not None and view.base is not None
    conflict = view.conflict if view else None
    for row in conflict.fields if conflict else ():
        if row.field == path:
            if conflict is not None and conflict.colleague:
                return Sides(row.base, yours, row.theirs, known=True, whose=f"{conflict.colleague}’s")
            return Sides(row.base, yours, row.theirs, known)
    note = session.notes.get(path)
    if note is not None:
        return Sides(note.before, yours, note.now, known)
    return Sides(base, yours, base, known)


def moved_by(
    entries: Sequence[HistoryEntry], path: str, collection: Collection, now: datetime, *, seen_moving: bool
) -> list[tuple[str, str]]:
    """(side, who and when) of the last move of an answer on each side, from the history, newest first.

    `seen_moving` = the open form saw the portal move it: then a row that names no fields is about it too.
    """
    found: dict[str, str] = {}
    for entry in entries:
        side = "Yours" if entry.event in _OURS else "The portal’s" if entry.event in _THEIRS else ""
        named = _named(entry)
        about = path in named or (seen_moving and entry.event == "portal_changed" and not named)
        if side and side not in found and about:
            who = entry.actor if side == "Yours" else f"seen at {collection.portal_short}"
            found[side] = f"{who}, {words.when(entry.at, now)}"
    return list(found.items())


def _named(entry: HistoryEntry) -> set[str]:
    """The fields that a row of the journal is about; its kinds name them in three shapes."""
    detail = entry.detail
    named = detail.get("theirs") or detail.get("choices") or detail.get("fields") or ()
    return {str(one.get("field") if isinstance(one, dict) else one) for one in named}
