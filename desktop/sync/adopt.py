"""Knowing our own new record again among the portal's (sync.md D12-D14; pack section 1.5).

A create whose reply was lost is searched by its correlation key: the value of the collection's own key field as it
was sent. Only that key adopts. Somebody who merely looks the same is a question for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
from desktop.sync.merge import find_twin
from desktop.sync.trip import Terms

BY_HAND = "the website"
"""Stands in place of a file's name in a change that a person typed on the portal's website."""


def sent_document(change: Change) -> Document:
    """What the last create request carried; empty when none left."""
    return Document.from_json(change.payload.get("document", {}))


def own_key_of(collection: Collection, document: Document) -> str:
    """The correlation key in a document; "" when it has none."""
    value = document.get(collection.own_key) if collection.own_key else None
    return str(value) if value not in (None, "") else ""


def made_key(record_id: str) -> str:
    """The key that we give a record whose provider has none (D12): unique in the world, 39 characters."""
    return f"HF-{record_id}"


def is_ours(collection: Collection, change: Change, candidate: Snapshot) -> bool:
    """Whether this portal record is the one that `change` created.

    Its key must be the one that was sent. A key of our making then is proof. A provider's own number is one only when
    an answer was lost, and when the rest does not speak of somebody else: numbers are used twice, and kept for life.
    What the record was at the portal before it was sent anew is never what the new request made.
    """
    if candidate.portal_id == change.payload.get("was"):
        return False
    sent = sent_document(change)
    key = own_key_of(collection, sent)
    if not _has_key(collection, candidate, key):
        return False
    return key == made_key(change.record_id) or (
        was_lost(change) and _same_person(collection, sent, candidate)
    )


def _has_key(collection: Collection, candidate: Snapshot, key: str) -> bool:
    return bool(key) and same(candidate.document.get(collection.own_key), key)


def holds_all(terms: Terms, change: Change, candidate: Snapshot) -> bool:
    """Whether a portal record has our key and says everything that was sent, children too, in the portal's own forms."""
    sent, there = sent_document(change), candidate.document
    if not _has_key(terms.collection, candidate, own_key_of(terms.collection, sent)):
        return False
    fields = all(terms.agree(n, v, there.get(n)) for n, v in sent.fields.items() if v is not None)
    return fields and all(
        find_twin(kind, child.fields, there.children.get(kind, ()), (), terms.alike) is not None
        for kind, group in sent.children.items()
        for child in group
    )


def former(change: Change) -> dict[str, object]:
    """What a create keeps whatever becomes of it: the id at the portal of what it was before it was sent anew."""
    return {n: v for n, v in change.payload.items() if n == "was"}


def was_lost(change: Change) -> bool:
    """Whether an answer to this create never came, so that it may be there without our knowing."""
    return bool(change.payload.get("lost"))


def lost_payload(change: Change) -> dict[str, object]:
    """The payload of a change whose answer is lost from now on."""
    return {**change.payload, "lost": True} if change.kind is ChangeKind.CREATE else change.payload


def _same_person(collection: Collection, sent: Document, candidate: Snapshot) -> bool:
    """The same year, and the same identity or another number in common (somebody may have corrected a name since)."""
    there = candidate.document
    if collection.facets(sent).get("cycle") != collection.facets(there).get("cycle"):
        return False
    others = [k for k in collection.keys if k != collection.own_key and sent.get(k) not in (None, "")]
    if any(same(sent.get(k), there.get(k)) for k in others):
        return True
    return collection.identity(sent) == collection.identity(there)


def sent_creates(unit: Unit, collection: Collection) -> dict[str, list[Change]]:
    """Correlation key -> creates that have left at least once and whose fate is not settled."""
    found: dict[str, list[Change]] = {}
    for change in unit.outbox.all(collection.name, kinds=(ChangeKind.CREATE,)):
        key = own_key_of(collection, sent_document(change)) if change.attempts else ""
        if key:
            found.setdefault(key, []).append(change)
    return found


def adopt(
    unit: Unit,
    terms: Terms,
    record: StoredRecord,
    change: Change,
    snapshot: Snapshot,
    *,
    receipt: Mapping[str, object] | None = None,
) -> Kept:
    """The create landed as `snapshot`: take its identity, close the change, keep what was typed since as pending.

    `receipt` = where it was read, for the journal.

    A copy of it that was read as somebody new meanwhile makes way; one with work of its own is a question.
    """
    sent = sent_document(change)
    copy = unit.records.by_portal_id(terms.collection.name, snapshot.portal_id)
    if copy is not None and copy.id != record.id:
        if copy.pending or unit.outbox.of_record(copy.id):
            unit.outbox.update(change, state=ChangeState.CONFLICT)
            ask_about_duplicate(
                unit, record, (snapshot,), "This new record arrived, and was edited as another one."
            )
            return Kept({}, {})
        unit.journal.write("linked", copy.id, {"into": record.id})
        unit.records.remove(copy.key)
        unit.touched.records.add("*")
    fields: Fields = {n: v for n, v in sent.fields.items() if v is not None}
    children = {kind: {c.id: c.fields for c in group} for kind, group in sent.children.items()}
    detail = {"portal_id": snapshot.portal_id, "portal_version": snapshot.version, **(receipt or {})}
    close_change(unit, change, "confirmed", detail)
    typed = change.payload.get("file") == BY_HAND
    _, kept = confirm(unit, terms, record, snapshot, Sent(fields, children, by_hand=typed))
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
