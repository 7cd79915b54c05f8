"""Knowing our own new record again among the portal's (sync.md D12-D14; pack section 1.5).

A create whose reply was lost is searched by its correlation key: the value of the collection's own key field as it
was sent. Only that key adopts. Somebody who merely looks the same is a question for a person.
"""

from __future__ import annotations

from collections.abc import Iterable

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.collection import Collection
from desktop.model.conflict import Conflict, ConflictKind
from desktop.model.document import Document, Fields, same
from desktop.model.ids import ConflictId, new_id
from desktop.model.snapshot import Snapshot
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox
from desktop.sync.absorb import Kept, Sent, close_change, confirm
from desktop.sync.trip import Terms


def sent_document(change: Change) -> Document:
    """What the last create request carried; empty when none left."""
    return Document.from_json(change.payload.get("document", {}))


def own_key_of(collection: Collection, document: Document) -> str:
    """The correlation key in a document; "" when it has none."""
    value = document.get(collection.own_key) if collection.own_key else None
    return str(value) if value not in (None, "") else ""


def is_ours(collection: Collection, change: Change, candidate: Snapshot) -> bool:
    """Whether this portal record is the one that `change` created: it was sent before, and the key agrees."""
    key = own_key_of(collection, sent_document(change))
    return bool(key) and change.attempts > 0 and same(candidate.document.get(collection.own_key), key)


def sent_creates(unit: Unit, collection: Collection) -> dict[str, Change]:
    """Correlation key -> create that has left at least once and whose fate is not settled."""
    found: dict[str, Change] = {}
    for change in unit.outbox.all(collection.name):
        if change.kind is ChangeKind.CREATE and change.attempts > 0:
            key = own_key_of(collection, sent_document(change))
            if key:
                found[key] = change
    return found


def adopt(unit: Unit, terms: Terms, record: StoredRecord, change: Change, snapshot: Snapshot) -> Kept:
    """The create landed as `snapshot`: take its identity, close the change, keep what was typed since as pending."""
    sent = sent_document(change)
    fields: Fields = {n: v for n, v in sent.fields.items() if v is not None}
    children = {kind: {c.id: c.fields for c in group} for kind, group in sent.children.items()}
    if change.state is ChangeState.HELD:
        change = unit.outbox.update(change, state=ChangeState.QUEUED)
    close_change(
        unit, change, "confirmed", {"portal_id": snapshot.portal_id, "portal_version": snapshot.version}
    )
    _, kept = confirm(unit, terms, record, snapshot, Sent(fields, children))
    return kept


def ask_about_duplicate(
    unit: Unit, record: StoredRecord, candidates: Iterable[Snapshot], message: str
) -> Conflict:
    """The portal has somebody like this: a person decides, never the program (D14)."""
    found = tuple(candidates)
    conflict = Conflict(
        ConflictId(new_id()),
        record.id,
        record.collection,
        ConflictKind.DUPLICATE,
        (),
        unit.now,
        record.saved_by,
        found[0].version if found else "",
        message,
        tuple(s.to_json() for s in found),
    )
    unit.decisions.put(record.key, conflict)
    unit.journal.write(
        "conflict",
        record.id,
        {"kind": ConflictKind.DUPLICATE, "candidates": [s.portal_id for s in found], "reason": message},
        actor="",
    )
    outbox.restand(unit, record.id)
    return conflict
