"""The outbox of one record, kept in step with its content: what must be sent follows from pending (I1, I7).

Nobody enqueues by hand. After every write of a record, in the same transaction, `follow` compares what pending asks
for with the rows that are there and moves, adds or removes rows. Rows whose fate at the portal is open (sending,
unknown) are never touched here. Actions are the exception: a person queues them (`queue_action`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from desktop.model.change import Change, ChangeKind, ChangeState, may_move
from desktop.model.collection import Collection, Context
from desktop.model.conflict import Conflict, ConflictKind
from desktop.model.document import ChildPatch, Document, Fields, Patch, same, value_at
from desktop.model.finding import Finding, Severity
from desktop.model.ids import ChangeId, new_id
from desktop.model.standing import standing
from desktop.store.lists import Question
from desktop.store.records import Outline, StoredRecord
from desktop.store.store import Unit
from desktop.sync import advice
from desktop.validation.engine import check

FATE_OPEN = (ChangeState.SENDING, ChangeState.UNKNOWN)
"""What came of these is open; only the sync itself moves them."""

HELD_HERE = "held here"
"""Kind of what is kept of a change that no portal has refused: Holdfast holds it, because of what a colleague recorded. It counts
until the change is tried again."""


_MOST_RELATED = 200


def related_to(unit: Unit, collection: Collection, document: Document, but: str = "") -> tuple[Document, ...]:
    """The content of `related_records`."""
    return tuple(record.document for record in related_records(unit, collection, document, but))


def related_records(
    unit: Unit, collection: Collection, document: Document, but: str = ""
) -> list[StoredRecord]:
    """Other records that rules compare a document with; `but` = the record itself."""
    if collection.related is None:
        return []
    keys: set[int] = set()
    for facet, values in collection.related(document).items():
        keys.update(unit.lists.find(Question(collection.name, facets={facet: values}), _MOST_RELATED))
    return [record for record in unit.records.contents(sorted(keys)) if record.id != but]


def context_of(
    collection: Collection,
    record: StoredRecord,
    today: date,
    unit: Unit | None = None,
    document: Document | None = None,
) -> Context:
    """What the rules may know of this record; `document` = what is checked instead of its local content.

    Without a unit of work no other record is known, so what depends on others is not judged.
    """
    base = record.base
    return Context(
        today=today,
        codes=collection.code_lists,
        state=record.state,
        extras=base.extras if base else {},
        base=base.document if base else None,
        related=related_to(unit, collection, document or record.document, record.id) if unit else (),
        advice=advice.for_rules(unit, collection, record.id) if unit else None,
    )


def findings_of(
    collection: Collection, record: StoredRecord, today: date, unit: Unit | None = None
) -> list[Finding]:
    """All rules over the local content; `unit` as in `context_of`."""
    return check(collection, record.document, context_of(collection, record, today, unit), record.id)


def follow(
    unit: Unit, collection: Collection, record: StoredRecord, today: date, *, edited: bool = False
) -> None:
    """Bring the outbox rows and the standing of `record` in step with its pending content.

    `edited` = a person changed it just now, so what the portal refused may be tried again.
    """
    ours = bool(record.pending) or record.portal_id is None
    conflict = _open_conflict(unit, record)
    # What is in question is checked again when it is settled: nothing of it goes before.
    known = record.errors if conflict and not edited else None
    errors = (_errors(unit, collection, record, today) if known is None else known) if ours else None
    wanted = _wanted(record)
    goal, reason = _goal(collection, record, conflict, errors)
    rows = unit.outbox.of_record(record.id)
    for change in rows:
        if change.kind is ChangeKind.ACTION or change.state in FATE_OPEN:
            continue
        if (change.kind, change.target) not in wanted:
            unit.outbox.update(change, state=ChangeState.DISCARDED)
            unit.journal.write("not_needed", record.id, {"kind": change.kind, "target": change.target})
            continue
        refused = change.state is ChangeState.REJECTED and not edited and goal is not ChangeState.CONFLICT
        if not refused:
            _move(unit, collection, record, change, (goal, reason))
    there = {(c.kind, c.target) for c in rows}
    for kind, target in wanted:
        if (kind, target) not in there:
            change = _new(unit, record, kind, target, goal)
            money = _money(collection, record, kind)
            unit.outbox.add(record.key, replace(change, money=money, reason=reason))
            _journal_draft(unit, change, ChangeState.QUEUED)
    stand(unit, record, errors)
    unit.touched.records.add(record.id)
    unit.touched.queue = True


def _errors(unit: Unit, collection: Collection, record: StoredRecord, today: date) -> int:
    found = check(collection, record.document, context_of(collection, record, today, unit))
    return sum(finding.severity is Severity.ERROR for finding in found)


def _goal(
    collection: Collection, record: StoredRecord, conflict: Conflict | None, errors: int | None
) -> tuple[ChangeState, str]:
    """Where the record's changes belong, and why if that needs saying."""
    if conflict:
        return ChangeState.CONFLICT, ""
    if errors:
        return ChangeState.HELD, ""
    if record.missing:
        return ChangeState.REJECTED, not_there(collection)
    return ChangeState.QUEUED, ""


def not_there(collection: Collection) -> str:
    """Why nothing is sent for a record that the portal does not list."""
    return (
        f"{collection.portal_short} does not have this {collection.singular}, so nothing can be sent for it."
    )


def _open_conflict(unit: Unit, record: StoredRecord) -> Conflict | None:
    """The record's open question; one that has no two sides any more is over (I14)."""
    conflict = unit.decisions.of_record(record.id)
    if conflict is None or record.base is None or conflict.kind is ConflictKind.COLLEAGUE:
        return conflict
    theirs = record.base.document
    if conflict.kind is ConflictKind.FIELDS:
        over = all(
            same(value_at(record.document, f.field), value_at(theirs, f.field)) for f in conflict.fields
        )
    else:
        over = conflict.kind is ConflictKind.CLOSED and not record.pending
    if not over:
        return conflict
    unit.decisions.remove(record.id)
    unit.journal.write("conflict_over", record.id, {"why": "both sides agree now"})
    return None


def stand(unit: Unit, record: StoredRecord, errors: int | None) -> None:
    """Derive the record's standing anew from its rows."""
    states = [c.state for c in unit.outbox.of_record(record.id)]
    in_conflict = unit.decisions.of_record(record.id) is not None
    unit.records.stand(
        record.key, record.id, standing(states, in_conflict, record.portal_id is not None), errors
    )


def restand(unit: Unit, record_id: str) -> None:
    """As `stand`, for a record of which only the rows moved."""
    record = unit.records.get(record_id)
    if record is not None:
        stand(unit, record, record.errors)
        unit.touched.records.add(record_id)
        unit.touched.queue = True


def queue_action(unit: Unit, record: StoredRecord, action: str, fields: Fields) -> Change:
    """A person confirmed an action: its row, last in line for this record. One of a kind at a time."""
    row = _new(unit, record, ChangeKind.ACTION, action, ChangeState.QUEUED)
    change = replace(row, payload={"fields": fields})
    unit.outbox.add(record.key, change)
    unit.journal.write("action_queued", record.id, {"action": action, "fields": fields})
    restand(unit, record.id)
    return change


def in_order(changes: Iterable[Change]) -> list[Change]:
    """The order of sending (design section 6): money first, creates, parents, children, then actions; oldest first."""
    return sorted(changes, key=lambda c: (c.rank, c.created_at, c.id))


def twin_under_way(unit: Unit, collection: Collection, record: StoredRecord) -> bool:
    """Whether a new record of the same identity was sent and its fate is open: the portal has no lock of its own (D15)."""
    identity = collection.identity(record.document)
    sent = (
        Document.from_json(c.payload.get("document", {}))
        for c in unit.outbox.all(collection.name, FATE_OPEN, (ChangeKind.CREATE,))
        if c.record_id != record.id
    )
    return identity is not None and any(collection.identity(document) == identity for document in sent)


def may_go(change: Change, siblings: Sequence[Change]) -> str:
    """Empty when nothing of the same record stands before `change`; else why it must wait, in plain words.

    A child waits for its record to exist, an action for everything else of the record; and while the fate of one
    row is open, no other of the same record moves (I5).
    """
    others = [c for c in siblings if c.id != change.id]
    if any(c.state in FATE_OPEN for c in others):
        return "Waits until it is known what came of an earlier change of this record."
    before = [c for c in others if c.stage < change.stage]
    if any(c.kind is ChangeKind.CREATE for c in before):
        return "Waits until the new record is at the portal."
    if change.kind is ChangeKind.ACTION and before:
        return "Waits until the other changes of this record are sent."
    earlier_action = change.kind is ChangeKind.ACTION and any(
        c.kind is ChangeKind.ACTION and (c.created_at, c.id) < (change.created_at, change.id) for c in others
    )
    return "Waits for the action before it." if earlier_action else ""


def in_step(record: StoredRecord | Outline, rows: Iterable[Change]) -> bool:
    """Whether the rows are those that pending asks for (I7). One whose fate is open may be of what is undone by now."""
    wanted = set(_wanted(record))
    there = {(c.kind, c.target): c.state for c in rows if c.kind is not ChangeKind.ACTION}
    extra = {key for key, state in there.items() if key not in wanted and state not in FATE_OPEN}
    return wanted <= there.keys() and not extra


def _wanted(record: StoredRecord | Outline) -> list[tuple[ChangeKind, str]]:
    pending = record.pending
    if record.portal_id is None:
        return [(ChangeKind.CREATE, "")]
    wanted = [(ChangeKind.UPDATE, "")] if pending.fields else []
    wanted += [
        (ChangeKind.NESTED, f"{kind}.{child_id}")
        for kind, patches in pending.children.items()
        for child_id in patches
    ]
    return wanted


def _move(
    unit: Unit, collection: Collection, record: StoredRecord, change: Change, where: tuple[ChangeState, str]
) -> None:
    goal, why = where
    if not may_move(change.state, goal):
        return  # a draft of a record that the portal does not have stays a draft
    money = _money(collection, record, change.kind)
    if change.state is not goal or change.money != money:
        reason = why if change.state is not goal else change.reason
        payload = _kept_payload(change)
        moved = unit.outbox.update(
            change, state=goal, money=money, reason=reason, payload=payload, not_before=None
        )
        _journal_draft(unit, moved, change.state)


def _journal_draft(unit: Unit, change: Change, was: ChangeState) -> None:
    """A draft waits for a person and not for the portal: the evidence must tell the two apart."""
    drafted = change.state is ChangeState.HELD and was is not ChangeState.HELD
    finished = change.state is ChangeState.QUEUED and was is ChangeState.HELD
    if drafted or finished:
        event = "held" if drafted else "ready"
        unit.journal.write(event, change.record_id, {"kind": change.kind, "target": change.target}, actor="")


def _kept_payload(change: Change) -> dict[str, Any]:
    """A create keeps what the record was at the portal before, and once it may have left, what was sent (adopt.is_ours)."""
    if change.kind is not ChangeKind.CREATE:
        return {}
    names = ("was", "document", "lost") if change.attempts else ("was",)
    return {n: v for n, v in change.payload.items() if n in names}


def _new(unit: Unit, record: StoredRecord, kind: ChangeKind, target: str, state: ChangeState) -> Change:
    return Change(ChangeId(new_id()), record.id, record.collection, kind, target, state, unit.now, unit.actor)


def _money(collection: Collection, record: StoredRecord, kind: ChangeKind) -> bool:
    """Whether bursary or funding hangs on sending this."""
    if kind is ChangeKind.CREATE:
        return collection.money(record.document) is not None
    if kind is not ChangeKind.UPDATE:
        return False
    touched = (collection.field(name) for name in record.pending.fields)
    if not any(f and f.money for f in touched):
        return False
    before = collection.money(record.base.document) if record.base else None
    return before is not None or collection.money(record.document) is not None


def content(change: Change, document: Document, patch: Patch) -> dict[str, Any]:
    """What leaves of a record that is `document`, with `patch` still to be sent, as it is kept until its fate is known."""
    if change.kind is ChangeKind.CREATE:
        return {"document": document.to_json()}
    if change.kind is ChangeKind.UPDATE:
        return {"fields": dict(patch.fields)}
    if change.kind is ChangeKind.NESTED:
        kind, child_id = change.target.split(".", 1)
        child = patch.children.get(kind, {}).get(child_id, ChildPatch())
        return {"fields": {n: v for n, v in child.fields.items() if not (child.added and v is None)}}
    return {}
