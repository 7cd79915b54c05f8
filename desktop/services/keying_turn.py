"""Whose turn it is where nothing is ever sent: the collection's own order of journeys, and what each waits for.

Within a record a new one and an action come before what was edited since: an action such as a leaving wins, so edits wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop.model.change import Change, ChangeKind
from desktop.model.collection import Collection
from desktop.model.journey import Journey, Matter
from desktop.store.records import StoredRecord

FIRST = (ChangeKind.CREATE, ChangeKind.ACTION)


def fitting(collection: Collection, record: StoredRecord) -> list[Journey]:
    """The journeys that are for this record, in the collection's order."""
    return [journey for journey in collection.journeys if journey.is_for(record.document)]


def share(journey: Journey, collection: Collection, record: StoredRecord) -> frozenset[str]:
    """Of the answers that were changed here, those that this journey types, and no other."""
    changed = frozenset(record.pending.fields)
    if journey.types is not None:
        return journey.types(changed)
    others = (one.types(changed) for one in fitting(collection, record) if one.types is not None)
    return changed.difference(*others)


def carried(
    collection: Collection, record: StoredRecord, changes: Sequence[Change]
) -> Iterable[tuple[Journey, tuple[Change, ...]]]:
    """Each journey by which something of a record is typed, with the changes that it carries."""
    journeys = fitting(collection, record)
    parted = any(journey.types is not None for journey in journeys)
    for journey in journeys:
        mine = tuple(c for c in changes if journey.carries(c.kind, c.target))
        only_edits = all(change.kind is ChangeKind.UPDATE for change in mine)
        if mine and not (parted and only_edits and not share(journey, collection, record)):
            yield journey, mine


def place(collection: Collection, journey: Journey) -> int:
    """Its turn among the sheets: 0 where the portal takes records from programs, whose order is that of sending."""
    return 0 if collection.sends else collection.journeys.index(journey)


def why_not(journey: Journey, collection: Collection, matter: Matter, changes: Sequence[Change]) -> str:
    """Why it is not its turn, in words; "" when it is. `changes` = all that waits of the record."""
    before = [c for c in changes if c.kind in FIRST and not journey.carries(c.kind, c.target)]
    if any(c.kind is ChangeKind.CREATE for c in before):
        return f"It waits until the {collection.singular} is registered."
    if before and not journey.action:
        action = collection.action(before[0].target)
        what = action.label if action is not None else before[0].target
        return f"“{what}” is typed first, and wins. This waits, and may not be needed any more."
    return journey.waits(matter) if journey.waits is not None else ""
