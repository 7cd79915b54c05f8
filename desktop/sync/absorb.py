"""Taking in what the portal showed of a record: the one place where a base snapshot moves (sync.md I2, I6, I14-I16).

`absorb` is for a record as read (a pull, a read before a write). `confirm` is for the reply to our own request, read
against the snapshot that the request was built from, so that what was typed meanwhile stays pending.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from desktop.model.change import Change, ChangeState
from desktop.model.collection import Collection
from desktop.model.conflict import Conflict, ConflictKind, FieldConflict
from desktop.model.document import Child, Document, Fields, Patch, diff, same
from desktop.model.ids import ConflictId, new_id
from desktop.model.snapshot import Snapshot
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox
from desktop.sync.merge import Merge, find_twin, three_way, value_at, with_old_base
from desktop.sync.portal import Echo, agree
from desktop.sync.trip import Terms


@dataclass(frozen=True)
class Absorbed:
    """What taking in one snapshot did. `merged` = both sides had moved and were put together without a person."""

    record: StoredRecord
    changed: bool
    merged: bool
    conflict: Conflict | None


def absorb(
    unit: Unit, collection: Collection, record: StoredRecord, theirs: Snapshot, today: date
) -> Absorbed:
    """Merge the portal's present `theirs` into the record; conflicts are stored, clean merges re-validated."""
    assert record.base is not None
    old = unit.decisions.of_record(record.id)
    contested = old.fields if old and old.kind is ConflictKind.FIELDS else ()
    base = with_old_base(record.base.document, contested)
    merge = three_way(base, record.document, theirs.document, collection.unit_of)
    changed = bool(diff(record.base.document, theirs.document)) or theirs.state != record.state
    saved = _write(unit, collection, record, theirs, merge)
    conflict = _decide(unit, collection, saved, merge, theirs)
    if record.pending and changed:
        unit.journal.write(
            "merged",
            record.id,
            {
                "portal_version": theirs.version,
                "theirs": _values(theirs.document, merge.theirs),
                "ours": list(merge.ours),
                "agreed": list(merge.agreed),
            },
            actor="",
        )
    elif changed:
        _journal_portal_change(unit, record, theirs)
    outbox.follow(unit, collection, saved, today)
    return Absorbed(saved, changed, merge.both_moved and merge.clean and changed, conflict)


@dataclass(frozen=True)
class Kept:
    """Fields that the portal did not store as sent: ignored (it kept the old value) or changed into something else."""

    ignored: Fields
    changed: Fields


@dataclass(frozen=True)
class Sent:
    """What a request carried: scalar fields, and new children as kind -> local child id -> its fields."""

    fields: Fields
    children: Mapping[str, Mapping[str, Fields]] = field(default_factory=dict)


def confirm(
    unit: Unit, terms: Terms, record: StoredRecord, reply: Snapshot, sent: Sent
) -> tuple[StoredRecord, Kept]:
    """The portal accepted `sent`; its reply becomes the base.

    Sent fields that were not edited since take the portal's form. Fields edited since stay pending. Fields that we
    did not send and that differ are new portal state (D8).
    """
    collection = terms.collection
    before = record.base.document if record.base else Document()
    mine, ancestor = record.document.copy(), before.copy()
    ignored: Fields = {}
    altered: Fields = {}
    for name, value in sent.fields.items():
        held = reply.document.fields.get(name)
        ancestor.fields[name] = held
        taken = agree(terms.echo, name, value, held)
        if not taken and same(before.fields.get(name), held):
            ignored[name] = held
        elif same(mine.fields.get(name), value):
            mine.fields[name] = held
            if not taken:
                altered[name] = held
    _match_children(unit, terms.echo, _Sides(mine, ancestor, reply.document), sent.children)
    merge = three_way(ancestor, mine, reply.document, collection.unit_of)
    saved = _write(unit, collection, record, reply, merge)
    _decide(unit, collection, saved, merge, reply)
    if altered:
        unit.journal.write(
            "portal_form",
            record.id,
            {"sent": {n: sent.fields[n] for n in altered}, "kept": altered},
            actor="",
        )
    outbox.follow(unit, collection, saved, terms.today)
    return saved, Kept(ignored, altered)


@dataclass(frozen=True)
class _Sides:
    mine: Document
    ancestor: Document
    reply: Document


def _match_children(unit: Unit, echo: Echo, sides: _Sides, sent: Mapping[str, Mapping[str, Fields]]) -> None:
    """Children sent under a local id get the portal's: first those that say the same, then by order."""
    for kind, children in sent.items():
        known = sides.ancestor.children.get(kind, [])
        free = [c for c in sides.reply.children.get(kind, ()) if c.id not in {k.id for k in known}]
        for local_id, fields in children.items():
            echoed = {n: echo(f"{kind}.{n}", v) for n, v in fields.items()}
            twin = find_twin(echoed, free, ()) or (free[0] if free else None)
            if twin is None:
                continue
            free.remove(twin)
            unit.portals.adopt_child(local_id, twin.id)
            _adopt(sides, kind, Child(local_id, fields), twin)


def _adopt(sides: _Sides, kind: str, sent: Child, twin: Child) -> None:
    sides.ancestor.children.setdefault(kind, []).append(twin.copy())
    group = sides.mine.children.setdefault(kind, [])
    held = next((c for c in group if c.id == sent.id), None)
    if held is None:
        return  # removed here meanwhile: the merge makes that a removal at the portal
    edited = {n: v for n, v in held.fields.items() if not same(v, sent.fields.get(n))}
    group[group.index(held)] = Child(twin.id, {**twin.fields, **edited}, twin.portal_id)


def _write(
    unit: Unit, collection: Collection, record: StoredRecord, base: Snapshot, merge: Merge
) -> StoredRecord:
    for local_id, portal_id in merge.twins.items():
        unit.portals.adopt_child(local_id, portal_id)
    pending: Patch = diff(base.document, merge.local)
    return unit.records.save(collection, record, base=base, pending=pending, missing=False)


def _decide(
    unit: Unit, collection: Collection, record: StoredRecord, merge: Merge, theirs: Snapshot
) -> Conflict | None:
    """Store, keep, or end the record's conflict as the merge and the portal's state demand."""
    old = unit.decisions.of_record(record.id)
    if merge.conflicts:
        return _open(unit, record, theirs, _Question(ConflictKind.FIELDS, merge.conflicts))
    if record.pending and not collection.takes_edits(theirs.state):
        label = _state_label(collection, theirs.state)
        reason = f"{collection.portal_short} takes no changes of this record any more: it is {label}."
        return _open(
            unit, record, theirs, _Question(ConflictKind.CLOSED, tuple(_rows(record, theirs)), reason)
        )
    if old is not None and old.kind is not ConflictKind.DUPLICATE:
        unit.decisions.remove(record.id)
        unit.journal.write("conflict_over", record.id, {"why": "both sides agree now"}, actor="")
    return None


def _rows(record: StoredRecord, theirs: Snapshot) -> Iterable[FieldConflict]:
    for name, value in record.pending.fields.items():
        held = theirs.document.fields.get(name)
        yield FieldConflict(name, name, held, value, held)


def _state_label(collection: Collection, key: str) -> str:
    state = collection.state(key)
    return (state.label if state else key).lower()


@dataclass(frozen=True)
class _Question:
    kind: ConflictKind
    rows: tuple[FieldConflict, ...]
    reason: str = ""


def _open(unit: Unit, record: StoredRecord, theirs: Snapshot, question: _Question) -> Conflict:
    """Ask, or keep asking under the same id when it is the same question."""
    old = unit.decisions.of_record(record.id)
    kind, rows, reason = question.kind, question.rows, question.reason
    same_one = old is not None and old.kind is kind
    conflict = Conflict(
        old.id if same_one and old else ConflictId(new_id()),
        record.id,
        record.collection,
        kind,
        rows,
        old.created_at if same_one and old else unit.now,
        record.saved_by,
        theirs.version,
        reason,
    )
    unit.decisions.put(record.key, conflict)
    if not (same_one and old and old.fields == rows):
        values = [{"field": r.field, "base": r.base, "mine": r.mine, "theirs": r.theirs} for r in rows]
        unit.journal.write(
            "conflict", record.id, {"kind": kind, "fields": values, "reason": reason}, actor=""
        )
    return conflict


def _journal_portal_change(unit: Unit, record: StoredRecord, theirs: Snapshot) -> None:
    assert record.base is not None
    patch = diff(record.base.document, theirs.document)
    detail: dict[str, object] = {"portal_version": theirs.version, "fields": patch.touched()}
    if theirs.state != record.state:
        detail |= {"state": theirs.state, "was": record.state}
    unit.journal.write("portal_changed", record.id, detail, actor="")


def _values(document: Document, paths: Iterable[str]) -> dict[str, object]:
    return {p: value_at(document, p) for p in paths}


def close_change(unit: Unit, change: Change, event: str, detail: Mapping[str, object]) -> None:
    """A change reached its end: the row goes, the journal keeps the story."""
    unit.outbox.update(change, state=ChangeState.CONFIRMED)
    unit.journal.write(
        event, change.record_id, {"kind": change.kind, "target": change.target, **detail}, actor=""
    )
    unit.touched.queue = True


def twin_at_portal(record: StoredRecord, answer: Snapshot, kind: str, fields: Fields) -> bool:
    """Whether the portal holds a child with this content that our base did not show."""
    known = record.base.document.children.get(kind, ()) if record.base else ()
    return find_twin(fields, answer.document.children.get(kind, ()), known) is not None
