"""What can be done with a record as a whole: the lines of its Actions menu. Plain data."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.model.collection import Collection
from desktop.services.views import RecordView

COPY, REVERT, DISCARD, DECIDE, PAPER = "copy", "revert", "discard", "decide", "paper"
EVERYTHING = "everything"
ACT = "act:"
"""Before the name of an action of the collection."""


@dataclass(frozen=True)
class Deed:
    """One line of the menu. `why_not` = why it is not possible now, "" when it is; `apart` = a line above it."""

    key: str
    words: str
    why_not: str = ""
    apart: bool = False


def deeds_of(collection: Collection, view: RecordView | None) -> list[Deed]:
    """The menu of a record; a new one that is not saved yet has none."""
    if view is None:
        return []
    found = [
        Deed(f"{ACT}{action.name}", f"{action.label}…", _why_not(collection, view, action.name))
        for action in collection.actions
        if not action.by_hand
    ]
    website = [action for action in collection.actions if action.by_hand]
    found += [
        Deed(
            f"{ACT}{action.name}",
            f"{action.label}, on the website…",
            _why_not(collection, view, action.name),
            apart=action is website[0],
        )
        for action in website
    ]
    if view.conflict is not None:
        found.append(Deed(DECIDE, "Decide the conflict", apart=True))
    if view.base is not None:
        nothing = "" if view.pending else "Nothing is changed here."
        found.append(Deed(REVERT, "Take back all changes made here", nothing, apart=True))
    found.append(Deed(COPY, "Copy into a new record", apart=view.base is None))
    found.append(Deed(PAPER, "Save as PDF…"))
    found.append(Deed(EVERYTHING, "Everything held about this person…"))
    if view.portal_id is None:
        found.append(Deed(DISCARD, "Delete this draft"))
    return found


def _why_not(collection: Collection, view: RecordView, action: str) -> str:
    if action in view.actions:
        return view.why_not_act
    short = collection.portal_short
    if not view.portal_id:
        return f"Not before the {collection.singular} is at {short}."
    return f"Not possible while {short} says: {view.state_label}."
