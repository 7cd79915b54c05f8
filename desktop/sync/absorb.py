"""Taking in what the portal showed of a record: the one place where a base snapshot moves (sync.md I2, I6, I14-I16).

`absorb` is for a record as read (a pull, a read before a write). `confirm` is for the reply to our own request, read
against the snapshot that the request was built from, so that what was typed meanwhile stays pending.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.collection import Collection
from desktop.model.conflict import Conflict, ConflictKind, FieldConflict
from desktop.model.document import Child, Document, Fields, Patch, Value, diff, same, value_at
from desktop.model.ids import ConflictId, new_id
from desktop.model.snapshot import Snapshot
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox, watch
from desktop.sync.merge import Merge, find_twin, leaves, three_way, with_old_base
from desktop.sync.trip import Terms


@dataclass(frozen=True)
class Absorbed:
    """What taking in one snapshot did. `merged` = both sides had moved and were put together without a person."""

    record: StoredRecord
    changed: bool
    merged: bool
    conflict: Conflict | None


def absorb(
    unit: Unit, terms: Terms, record: StoredRecord, theirs: Snapshot, *, listed: bool = False
) -> Absorbed:
    """Merge the portal's present `theirs` into the record; conflicts are stored, clean merges re-validated.

    `listed` = it came in a listing. Only that ends "missing": a deleted record still answers by its id (pack 1.3).
    """
    assert record.base is not None
    collection = terms.collection
    contested, reason, restored = _contested(collection, unit.decisions.of_record(record.id), record, theirs)
    if restored:
        watch.note_restored(unit, collection.name)
    mine, contested = _with_new_ids(unit, terms, record, theirs, contested)
    base = with_old_base(record.base.document, contested)
    sides = base, mine, theirs.document
    merge = three_way(*sides, collection.unit_of, agree=terms.agree, alike=terms.alike)
    changed = bool(diff(record.base.document, theirs.document)) or theirs.state != record.state
    back = listed and record.missing
    saved = _write(unit, collection, record, theirs, merge, missing=record.missing and not listed)
    conflict = _decide(unit, collection, saved, merge, why=reason)
    if record.pending and (merge.theirs or merge.agreed):
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
    if theirs.state != record.state or (changed and not record.pending):
        _journal_portal_change(unit, record, theirs)
    outbox.follow(unit, collection, saved, terms.today, edited=back)
    return Absorbed(saved, changed, merge.both_moved and merge.clean and changed, conflict)


def contest(unit: Unit, collection: Collection, record: StoredRecord, seen: Mapping[str, Value]) -> bool:
    """Whether answers that a person has just given, in sight of `seen`, are in question now: the portal had moved the same
    ones meanwhile, unseen. Both then stand side by side, as if they had been given at the same time (I2, I14).

    seen  path -> what the form showed when the person began to type
    """
    old = unit.decisions.of_record(record.id)
    if record.base is None or (old is not None and old.kind is not ConflictKind.FIELDS):
        return False
    rows = list(old.fields) if old else []
    rows += [FieldConflict(p, collection.unit_of(p), v, None, None) for p, v in seen.items()]
    base = with_old_base(record.base.document, rows)
    merge = three_way(base, record.document, record.base.document, collection.unit_of)
    return merge.conflicts != () and _decide(unit, collection, record, merge) is not None


_NEITHER = "\0"
"""Stands for an ancestor that is like neither side: no answer can be this."""


def went_back(known: str, shown: str) -> bool:
    """Whether the portal shows an older version than it did before: it was restored from a backup (I11)."""
    return bool(known and shown) and len(known) == len(shown) and shown < known


def _contested(
    collection: Collection, old: Conflict | None, record: StoredRecord, theirs: Snapshot
) -> tuple[list[FieldConflict], str, bool]:
    """What is in question whatever the two sides say now, why if that needs words, and whether the portal lost it.

    Fields of an open conflict stay one until a person settles it (I15). When the portal has gone back, what it had
    confirmed of a record that was edited here is in question too: neither gone for us nor sent again unasked (I11).
    """
    assert record.base is not None
    rows = list(old.fields) if old and old.kind is ConflictKind.FIELDS else []
    reason = old.reason if old and rows else ""
    lost: list[str] = []
    if record.saved_at is not None and went_back(record.base.version, theirs.version):
        lost = leaves(
            diff(record.base.document, theirs.document).touched(), record.base.document, theirs.document
        )
        new = [p for p in lost if p not in {f.field for f in rows}]
        rows += [FieldConflict(p, collection.unit_of(p), None, None, None) for p in new]
        if lost:
            reason = (
                f"{collection.portal_short} seems to have been put back to an older copy. "
                "It no longer has what it had confirmed."
            )
    rows = [replace(f, base=_NEITHER) if reason or _typed_back(record, f) else f for f in rows]
    return rows, reason, bool(lost)


def _typed_back(record: StoredRecord, row: FieldConflict) -> bool:
    """Whether the person has answered a question with what both sides once agreed on. It is an answer like any other; to the
    merge it would look as if nothing had been typed, and the portal's would be taken.
    """
    assert record.base is not None
    mine, theirs = value_at(record.document, row.field), value_at(record.base.document, row.field)
    return same(mine, row.base) and not same(row.mine, row.base) and not same(mine, theirs)


def _with_new_ids(
    unit: Unit, terms: Terms, record: StoredRecord, theirs: Snapshot, contested: list[FieldConflict]
) -> tuple[Document, list[FieldConflict]]:
    """Our document, and what stays in question, when a child that had gone from the portal is there again under a new id:
    somebody else put it back, after a restore for instance. Asking on would make it twice.
    """
    assert record.base is not None
    mine, back = record.document, set[str]()
    for kind, child_id in dict.fromkeys(tuple(f.field.split(".")[:2]) for f in contested if "." in f.field):
        ours = mine.child(kind, child_id)
        if ours is None or theirs.document.child(kind, child_id) is not None:
            continue
        known = [c.id for c in record.base.document.children.get(kind, ())]
        again = find_twin(kind, ours.fields, theirs.document.children.get(kind, ()), known, terms.alike)
        if again is not None:
            mine = _renamed(mine, kind, child_id, again.id)
            unit.portals.adopt_child(child_id, again.id)
            back.add(f"{kind}.{child_id}")
    return mine, [f for f in contested if ".".join(f.field.split(".")[:2]) not in back]


def _renamed(document: Document, kind: str, old: str, new: str) -> Document:
    """The document with one child under another id."""
    copy = document.copy()
    for child in copy.children.get(kind, ()):
        if child.id == old:
            child.id = new
    return copy


@dataclass(frozen=True)
class Kept:
    """What the portal did not store as sent, by path: ignored (it kept the old value) or changed into something else."""

    ignored: Fields
    changed: Fields


Children = Mapping[str, Mapping[str, Fields]]
"""Kind -> id -> fields."""


@dataclass(frozen=True)
class Sent:
    """What a request carried: scalar fields, new children by their local id, changed fields of children by their id.

    known_as  local id of a new child -> the portal's, where the reply said it
    by_hand   a person typed it: a field that the portal shows otherwise is no form of it, but a slip or somebody else's
    """

    fields: Fields
    added: Children = field(default_factory=dict)
    edited: Children = field(default_factory=dict)
    known_as: Mapping[str, str] = field(default_factory=dict)
    by_hand: bool = False


def confirm(
    unit: Unit, terms: Terms, record: StoredRecord, reply: Snapshot, sent: Sent
) -> tuple[StoredRecord, Kept]:
    """The portal accepted `sent`; its reply becomes the base.

    What was sent and not edited since takes the portal's form, or is in question where a person typed it (I2). What was
    edited since stays pending. What we did not send and that differs is new portal state (D8).
    """
    collection = terms.collection
    before = record.base.document if record.base else Document()
    sides = _Sides(record.document.copy(), before.copy(), reply.document)
    kept = Kept({}, {})
    _sent_fields(terms, sides, before, sent, kept)
    told = dict(sent.fields)
    for kind, children in sent.edited.items():
        for child_id, fields in children.items():
            _edited_child(terms, sides, (kind, child_id, fields), kept)
            told |= {f"{kind}.{child_id}.{n}": v for n, v in fields.items()}
    for kind, children in sent.added.items():
        for local_id, twin in _own_selves(terms, sides, kind, children, sent.known_as).items():
            unit.portals.adopt_child(local_id, twin.id)
            _adopt(terms, sides, kind, (Child(local_id, children[local_id]), twin), kept)
            told |= {f"{kind}.{twin.id}.{n}": v for n, v in children[local_id].items()}
    both = sides.ancestor, sides.mine, reply.document
    merge = three_way(*both, collection.unit_of, agree=terms.agree, alike=terms.alike)
    saved = _write(unit, collection, record, reply, merge, missing=record.missing)
    slipped = f"{collection.portal_short} shows something else than was typed." if sent.by_hand else ""
    _decide(unit, collection, saved, merge, why=slipped)
    if kept.changed:
        unit.journal.write(
            "portal_form",
            record.id,
            {"sent": {n: told.get(n) for n in kept.changed}, "kept": kept.changed},
            actor="",
        )
    outbox.follow(unit, collection, saved, terms.today)
    return saved, kept


@dataclass(frozen=True)
class _Sides:
    mine: Document
    ancestor: Document
    reply: Document


def _sent_fields(terms: Terms, sides: _Sides, before: Document, sent: Sent, kept: Kept) -> None:
    """What was sent becomes the portal's, but for what was typed since, what it ignored, and slips of a typist."""
    for name, value in sent.fields.items():
        held = sides.reply.fields.get(name)
        taken = terms.agree(name, value, held)
        if sent.by_hand and not taken:
            continue
        sides.ancestor.fields[name] = held
        if not taken and same(before.fields.get(name), held):
            kept.ignored[name] = held
        elif same(sides.mine.fields.get(name), value):
            sides.mine.fields[name] = held
            if not taken:
                kept.changed[name] = held


def _edited_child(terms: Terms, sides: _Sides, sent: tuple[str, str, Fields], kept: Kept) -> None:
    """A child whose fields were sent becomes the portal's, but for what was typed since and what it ignored."""
    kind, child_id, fields = sent
    held, old = sides.reply.child(kind, child_id), sides.ancestor.child(kind, child_id)
    mine = sides.mine.child(kind, child_id)
    if held is None or old is None:
        return
    before, old.fields = old.fields, dict(held.fields)
    ours = dict(held.fields)
    for name, value in fields.items():
        path, now = f"{kind}.{child_id}.{name}", held.fields.get(name)
        if terms.agree(path, value, now):
            continue
        if same(before.get(name), now):
            kept.ignored[path] = now
            ours[name] = value
        else:
            kept.changed[path] = now
    if mine is not None:
        at_sending = {**before, **fields}
        typed = {n: v for n, v in mine.fields.items() if not same(v, at_sending.get(n))}
        mine.fields = {**ours, **typed}


def _own_selves(
    terms: Terms, sides: _Sides, kind: str, sent: Mapping[str, Fields], known_as: Mapping[str, str]
) -> dict[str, Child]:
    """Local id -> the portal's child: those it named, then those that say the same, then by order."""
    known = {c.id for c in sides.ancestor.children.get(kind, ())}
    free = {c.id: c for c in sides.reply.children.get(kind, ()) if c.id not in known}
    found: dict[str, Child] = {}
    for local_id in sent:
        if known_as.get(local_id) in free:
            found[local_id] = free.pop(known_as[local_id])
    for local_id, fields in sent.items():
        twin = None if local_id in found else find_twin(kind, fields, free.values(), (), terms.alike)
        if twin is not None:
            found[local_id] = free.pop(twin.id)
    for local_id in sent:
        if local_id not in found and free:
            found[local_id] = free.pop(next(iter(free)))
    return found


def _adopt(terms: Terms, sides: _Sides, kind: str, pair: tuple[Child, Child], kept: Kept) -> None:
    sent, twin = pair
    sides.ancestor.children.setdefault(kind, []).append(twin.copy())
    for name, value in sent.fields.items():
        if not terms.agree(f"{kind}.{twin.id}.{name}", value, twin.fields.get(name)):
            kept.changed[f"{kind}.{twin.id}.{name}"] = twin.fields.get(name)
    group = sides.mine.children.setdefault(kind, [])
    held = next((c for c in group if c.id == sent.id), None)
    if held is None:
        return  # removed here meanwhile: the merge makes that a removal at the portal
    edited = {n: v for n, v in held.fields.items() if not same(v, sent.fields.get(n))}
    group[group.index(held)] = Child(twin.id, {**twin.fields, **edited}, twin.portal_id)


def adopt_twin(
    unit: Unit, terms: Terms, record: StoredRecord, answer: Snapshot, ids: tuple[str, str, str]
) -> Absorbed:
    """The portal has this new child already, from somebody else: (kind, local id, its id). What differs is asked (I14)."""
    kind, local_id, portal_id = ids
    assert record.base is not None
    mine = _renamed(record.document, kind, local_id, portal_id)
    unit.portals.adopt_child(local_id, portal_id)
    saved = unit.records.save(terms.collection, record, pending=diff(record.base.document, mine))
    return absorb(unit, terms, saved, answer)


def keep_lost(
    unit: Unit, terms: Terms, record: StoredRecord, answer: Snapshot, may_lose: frozenset[str]
) -> StoredRecord:
    """A write that was not taken can have wiped some answers at the portal (pack 1.6): ours stay, as changes to send."""
    if record.base is None:
        return record
    base, local = record.base.document, record.document.fields
    wiped = [
        n
        for n in sorted(may_lose)
        if base.fields.get(n) is not None and answer.document.fields.get(n) is None
    ]
    if not wiped:
        return record
    emptied = base.copy()
    emptied.fields.update(dict.fromkeys(wiped))
    keep = {n: local[n] for n in wiped if local.get(n) is not None}
    saved = unit.records.save(
        terms.collection,
        record,
        base=replace(record.base, document=emptied),
        pending=Patch({**record.pending.fields, **keep}, record.pending.children),
    )
    had = {n: base.fields[n] for n in wiped}
    unit.journal.write("lost_by_portal", record.id, {"fields": wiped, "had": had}, actor="")
    outbox.follow(unit, terms.collection, saved, terms.today)
    return saved


def owed(unit: Unit, record: StoredRecord) -> Fields:
    """Answers that the portal lost over a refusal and has not got back: taking an edit back must not leave them out."""
    for entry in unit.journal.entries(record.id, limit=20, events=("lost_by_portal", "confirmed")):
        if entry.event == "lost_by_portal":
            base = record.base.document if record.base else Document()
            had: Fields = entry.detail.get("had", {})
            return {n: v for n, v in had.items() if base.fields.get(n) is None}
        if entry.detail.get("kind") == ChangeKind.UPDATE:
            break
    return {}


def _write(
    unit: Unit, collection: Collection, record: StoredRecord, base: Snapshot, merge: Merge, *, missing: bool
) -> StoredRecord:
    for local_id, portal_id in merge.twins.items():
        unit.portals.adopt_child(local_id, portal_id)
    pending: Patch = diff(base.document, merge.local)
    return unit.records.save(collection, record, base=base, pending=pending, missing=missing)


def _decide(
    unit: Unit,
    collection: Collection,
    record: StoredRecord,
    merge: Merge,
    *,
    why: str = "",
) -> Conflict | None:
    """Store, keep, or end the record's conflict as the merge and the portal's state demand."""
    assert record.base is not None
    theirs = record.base
    old = unit.decisions.of_record(record.id)
    if record.missing and old is not None and old.kind is ConflictKind.MISSING:
        return old
    if merge.conflicts:
        rows = tuple(replace(f, base=None) if f.base == _NEITHER else f for f in merge.conflicts)
        return _open(unit, record, theirs, _Question(ConflictKind.FIELDS, rows, why))
    if record.pending and not collection.takes_edits(theirs.state):
        label = _state_label(collection, theirs.state)
        reason = f"{collection.portal_short} takes no changes of this record any more: it is {label}."
        return _open(
            unit, record, theirs, _Question(ConflictKind.CLOSED, tuple(_rows(record, theirs)), reason)
        )
    if old is not None and old.kind not in (ConflictKind.DUPLICATE, ConflictKind.COLLEAGUE):
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


def twin_at_portal(terms: Terms, record: StoredRecord, answer: Snapshot, kind: str, said: Fields) -> bool:
    """Whether the portal holds a child of which this was said and that our base did not show."""
    known = [c.id for c in record.base.document.children.get(kind, ())] if record.base else []
    return find_twin(kind, said, answer.document.children.get(kind, ()), known, terms.alike) is not None
