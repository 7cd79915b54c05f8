"""Push: send what waits, in order, one record at a time (design section 6; sync.md I4, I5, D7-D16; pack 1.5-1.8).

For each change: read the record (or use a copy read less than a minute ago), merge, put "sending" on disk, send, and
take in the answer in one transaction. A verdict on a record parks that record only; trouble of the portal as a whole
ends the push. An answer that never came leaves the change *unknown*, to be settled by reading (`settle`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.collection import Collection
from desktop.model.document import ChildPatch, Fields, Patch, normalise
from desktop.model.ids import RecordId
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import (
    Accepted,
    Duplicate,
    NotFound,
    Outcome,
    PortalState,
    Refused,
    Unavailable,
)
from desktop.store.records import Question, StoredRecord
from desktop.store.store import Unit
from desktop.sync import adopt, outbox, watch
from desktop.sync.absorb import Kept, Sent, absorb, adopt_twin, close_change, confirm, keep_lost
from desktop.sync.pull import Pull, open_missing
from desktop.sync.trip import Trip
from desktop.sync.trouble import Trouble, count_fault

FRESH = timedelta(seconds=60)
PAGE_ROWS = 200


@dataclass
class Pushed:
    """What a push did. `failure` = the portal as a whole gave out; the rest of the queue waits."""

    pushed: int = 0
    merged: int = 0
    failure: Unavailable | None = None
    cancelled: bool = False
    touched: set[RecordId] = field(default_factory=set)


class Push:
    """One push of one collection to one portal."""

    def __init__(self, trip: Trip, seen: dict[str, datetime]) -> None:
        self._trip = trip
        self._store = trip.store
        self._collection = trip.collection
        self._portal = trip.portal
        self._seen = seen
        self._trouble = Trouble(trip)
        self._result = Pushed()
        self._read_first: dict[str, set[str]] = {}

    def run(self) -> Pushed:
        """Send until the queue is empty, every row is stuck, the portal gives out, or the person stops it."""
        tried: set[str] = set()
        # A second round for rows that could only go after others of their record, or that came of answers.
        for _ in range(2):
            with self._store.read() as unit:
                ready = unit.outbox.all(self._collection.name, (ChangeState.QUEUED,))
                self._read_first = self._records_by_scope(unit, ready)
            queue = [c.id for c in outbox.in_order(ready) if c.id not in tried or not c.attempts]
            self._round(queue)
            tried.update(queue)
            if self._result.failure or self._result.cancelled:
                break
        return self._result

    def _round(self, queue: Sequence[str]) -> None:
        for number, change_id in enumerate(queue, 1):
            if self._trip.cancelled():
                self._result.cancelled = True
                return
            self._send(change_id)
            self._trip.tell(number, len(queue), f"{number:,} of {len(queue):,} changes sent")
            if self._result.failure:
                return

    # -- one change ---------------------------------------------------------------------------------

    def _send(self, change_id: str) -> None:
        with self._store.read() as unit:
            change, record, why = self._look(unit, change_id)
        if change is None or record is None:
            return
        if why:
            self._say_why(change, why)
            return
        if change.kind is not ChangeKind.CREATE and not self._fresh(record):
            return
        match change.kind:
            case ChangeKind.CREATE:
                self._create(change_id)
            case ChangeKind.UPDATE:
                self._update(change_id)
            case ChangeKind.NESTED:
                self._nested(change_id)
            case ChangeKind.ACTION:
                self._act(change_id)
            case _:
                assert_never(change.kind)

    def _look(self, unit: Unit, change_id: str) -> tuple[Change | None, StoredRecord | None, str]:
        """The change and its record as they are now, if it is queued at all; and why it may not go yet."""
        change = unit.outbox.get(change_id)
        if change is None or change.state is not ChangeState.QUEUED:
            return None, None, ""
        unit.hold((change.record_id,))
        record = unit.records.get(change.record_id)
        if record is None:
            return None, None, ""
        if unit.decisions.of_record(record.id) is not None:
            return change, record, "Waits for your decision about this record."
        if record.missing:
            return change, record, outbox.not_there(self._collection)
        if change.kind is ChangeKind.CREATE and outbox.twin_under_way(unit, self._collection, record):
            return (
                change,
                record,
                "Waits until it is known what came of another new record of the same person.",
            )
        return change, record, outbox.may_go(change, unit.outbox.of_record(record.id))

    def _say_why(self, change: Change, why: str) -> None:
        if why == change.reason:
            return
        with self._store.write() as unit:
            now = unit.outbox.get(change.id)
            if now is not None and now.state is ChangeState.QUEUED:
                unit.outbox.update(now, reason=why)

    def _claim(self, change_id: str) -> tuple[Change, StoredRecord] | None:
        """The word sending, and what is sent, are on disk before the request leaves (I5).

        In the same transaction everything is looked at once more, for the person may have typed, or taken it back, since
        it was read; None = it may not go (any more). Rules read the calendar: what was right yesterday may be wrong today
        (pack 2.1.9), and then it is a draft again.
        """
        with self._store.write() as unit:
            change, record, why = self._look(unit, change_id)
            if change is None or record is None or why:
                return None
            if change.kind is not ChangeKind.ACTION:
                outbox.follow(unit, self._collection, record, self._trip.today)
                change, record, why = self._look(unit, change_id)
                if change is None or record is None or why:
                    return None
            if change.kind is ChangeKind.CREATE:
                record = self._with_own_key(unit, record)
            claimed = unit.outbox.update(
                change,
                state=ChangeState.SENDING,
                attempts=change.attempts + 1,
                sent_at=unit.now,
                payload={**change.payload, **_content(change, record)},
                reason="",
            )
            unit.journal.write(
                "sending",
                change.record_id,
                {"kind": change.kind, "target": change.target, "attempt": claimed.attempts},
            )
            outbox.restand(unit, change.record_id)
        self._result.touched.add(claimed.record_id)
        return claimed, record

    def _fresh(self, record: StoredRecord) -> bool:
        """Have a base that was read less than a minute ago, so that merging happens before writing (D7)."""
        assert record.portal_id is not None
        if self._is_fresh(record.portal_id):
            return True
        self._read_ahead(record)
        if self._result.failure:
            return False
        if self._is_fresh(record.portal_id):
            return True
        answer = self._portal.fetch(record.portal_id)
        if isinstance(answer, Unavailable):
            self._systemic("read", answer)
            return False
        self._take(record.id, answer)
        return isinstance(answer, Snapshot)

    def _is_fresh(self, portal_id: str) -> bool:
        at = self._seen.get(portal_id)
        return at is not None and timedelta(0) <= self._store.clock() - at < FRESH

    def _records_by_scope(self, unit: Unit, ready: list[Change]) -> dict[str, set[str]]:
        """Scope -> portal ids that will be read before they are written."""
        scopes: dict[str, set[str]] = {}
        for change in ready:
            record = unit.records.get(change.record_id)
            if record is not None and record.portal_id is not None:
                scope = str(self._collection.facets(record.document).get("cycle"))
                scopes.setdefault(scope, set()).add(record.portal_id)
        return scopes

    def _read_ahead(self, record: StoredRecord) -> None:
        """Many records of one scope to write: reading the scope page by page costs fewer requests than one by one."""
        scope = str(self._collection.facets(record.document).get("cycle"))
        stale = sum(not self._is_fresh(pid) for pid in self._read_first.get(scope, ()))
        with self._store.read() as unit:
            held = unit.records.count(Question(self._collection.name, facets={"cycle": (scope,)}))
        if stale <= 2 + held // PAGE_ROWS or scope not in self._portal.scopes(self._store.clock()):
            return
        pull = Pull(self._trip)
        swept = pull.sweep(scope)
        self._seen.update(swept.seen)
        self._result.merged += swept.merged
        self._result.failure = swept.failure
        # Whoever was not in the listing is read singly; asking for the whole scope again would not help.
        self._read_first[scope] = self._read_first.get(scope, set()) & swept.seen.keys()

    def _take(self, record_id: RecordId, answer: Snapshot | NotFound) -> None:
        with self._store.write() as unit:
            watch.note_answer(unit, self._collection.name, "read")
            record = unit.records.get(record_id)
            if record is None:
                return
            if isinstance(answer, NotFound):
                unit.journal.write("missing", record.id, {"answers_by_id": False}, actor="")
                record = unit.records.save(self._collection, record, missing=True)
                open_missing(unit, self._collection, record, self._trip.today)
                return
            done = absorb(unit, self._trip.terms, record, answer)
            self._result.merged += done.merged
        self._seen[answer.portal_id] = self._store.clock()

    # -- kinds --------------------------------------------------------------------------------------

    def _create(self, change_id: str) -> None:
        claimed = self._claim(change_id)
        if claimed is None:
            return
        change, record = claimed
        outcome = self._portal.create(record.document.copy())
        if isinstance(outcome, Accepted) and outcome.snapshot:
            self._landed(change, outcome.snapshot)
        elif isinstance(outcome, Duplicate):
            self._duplicate(change, outcome)
        else:
            self._other(change, outcome)

    def _with_own_key(self, unit: Unit, record: StoredRecord) -> StoredRecord:
        """Give the record a correlation key before its first send if the provider left the field free (D12)."""
        own_key = self._collection.own_key
        if not own_key or normalise(record.document.get(own_key)) is not None:
            return record
        fields: Fields = {**record.pending.fields, own_key: adopt.made_key(record.id)}
        saved = unit.records.save(self._collection, record, pending=Patch(fields, record.pending.children))
        unit.journal.write("own_key", record.id, {"field": own_key, "value": fields[own_key]}, actor="")
        return saved

    def _landed(self, change: Change, snapshot: Snapshot) -> None:
        with self._answered(change) as unit:
            record = unit.records.get(change.record_id)
            now = unit.outbox.get(change.id)
            assert record is not None
            assert now is not None
            kept = adopt.adopt(unit, self._trip.terms, record, now, snapshot)
            self._refuse_ignored(unit, record.id, kept)
        self._seen[snapshot.portal_id] = self._store.clock()
        self._result.pushed += 1

    def _duplicate(self, change: Change, outcome: Duplicate) -> None:
        mine = next((s for s in outcome.candidates if self._is_ours(change, s)), None)
        if mine is not None:
            self._landed(change, mine)
            return
        with self._store.write() as unit:
            watch.note_answer(unit, self._collection.name, "send")
            record = unit.records.get(change.record_id)
            assert record is not None
            # The portal's no: nothing of ours is there that would have to be known again.
            unit.outbox.update(change, state=ChangeState.CONFLICT, reason=outcome.message, payload={})
            adopt.ask_about_duplicate(unit, record, outcome.candidates, outcome.message)

    def _is_ours(self, change: Change, candidate: Snapshot) -> bool:
        """Whether the portal names what this request made: also when the line delivered it twice (N3), so that the second
        delivery was refused because of the first. It then holds what was sent to the letter, and no listing ever showed it.
        """
        if adopt.is_ours(self._collection, change, candidate):
            return True
        with self._store.read() as unit:
            known = unit.records.by_portal_id(self._collection.name, candidate.portal_id)
        return known is None and adopt.holds_all(self._trip.terms, change, candidate)

    def _update(self, change_id: str) -> None:
        claimed = self._claim(change_id)
        if claimed is None:
            return
        change, record = claimed
        assert record.base is not None
        fields = dict(record.pending.fields)
        outcome = self._portal.update(record.base, fields)
        if isinstance(outcome, Accepted) and outcome.snapshot:
            self._confirmed(change, outcome.snapshot, fields)
        else:
            self._other(change, outcome)

    def _confirmed(self, change: Change, snapshot: Snapshot, fields: Fields) -> None:
        with self._answered(change) as unit:
            close_change(unit, change, "confirmed", {"fields": fields, "portal_version": snapshot.version})
            record = unit.records.get(change.record_id)
            assert record is not None
            _, kept = confirm(unit, self._trip.terms, record, snapshot, Sent(fields))
            self._refuse_ignored(unit, record.id, kept)
        self._seen[snapshot.portal_id] = self._store.clock()
        self._result.pushed += 1

    @contextmanager
    def _answered(self, change: Change) -> Iterator[Unit]:
        """A unit of work for the portal's yes. It need not be on the platter at once: if the power goes, the change is
        still "sending" there, and is settled by reading.
        """
        with self._store.write(durable=False) as unit:
            unit.hold((change.record_id,))
            watch.note_answer(unit, self._collection.name, "send")
            yield unit

    def _refuse_ignored(self, unit: Unit, record_id: str, kept: Kept) -> None:
        """The portal said yes but kept its own value: never call that confirmed, and never send it for ever."""
        if not kept.ignored:
            return
        labels = [self._label(path) for path in kept.ignored]
        reason = f"{self._collection.portal_short} answered, but did not store: {', '.join(labels)}."
        refusals = [{"field": n, "message": "was not stored by the portal"} for n in kept.ignored]
        for change in unit.outbox.of_record(record_id):
            if change.state is ChangeState.QUEUED and _carries(change, kept.ignored):
                unit.outbox.update(
                    change, state=ChangeState.REJECTED, reason=reason, payload={"refusals": refusals}
                )
        unit.journal.write("not_stored", record_id, {"portal_kept": kept.ignored}, actor="")
        outbox.restand(unit, record_id)

    def _nested(self, change_id: str) -> None:
        claimed = self._claim(change_id)
        if claimed is None:
            return
        change, record = claimed
        assert record.base is not None
        assert record.portal_id is not None
        kind, child_id = change.target.split(".", 1)
        patch = record.pending.children[kind][child_id]
        fields: Fields = change.payload["fields"]
        outcome: Outcome
        if patch.added:
            outcome = self._portal.add_child(record.portal_id, kind, fields)
        elif patch.removed:
            outcome = self._portal.remove_child(record.portal_id, kind, child_id)
        else:
            outcome = self._portal.update_child(record.base, kind, child_id, fields)
        gone = isinstance(outcome, NotFound) and outcome.what == "child"
        if patch.added and isinstance(outcome, Duplicate):
            self._child_is_there(change, record, outcome)
        elif isinstance(outcome, Accepted) or (gone and patch.removed):
            known_as = outcome.child_id if isinstance(outcome, Accepted) else None
            self._nested_done(change, record, sent_child(patch, change, known_as))
        elif gone:
            self._child_is_gone(change, record)
        else:
            self._other(change, outcome)

    def _read_back(self, change: Change, record: StoredRecord) -> Snapshot | None:
        """The record whole, which a child's reply does not show; without an answer the change is unknown (I12)."""
        assert record.portal_id is not None
        answer = self._portal.fetch(record.portal_id)
        if isinstance(answer, Snapshot):
            return answer
        if isinstance(answer, Unavailable):
            failure = replace(answer, effect_possible=True)
        else:
            failure = Unavailable(PortalState.UNKNOWN, answer.message, effect_possible=True)
        self._lost(change, failure)
        return None

    def _nested_done(self, change: Change, record: StoredRecord, sent: Sent) -> None:
        answer = self._read_back(change, record)
        if answer is None:
            return
        with self._answered(change) as unit:
            close_change(unit, change, "confirmed", {"portal_version": answer.version})
            now = unit.records.get(change.record_id)
            assert now is not None
            _, kept = confirm(unit, self._trip.terms, now, answer, sent)
            self._refuse_ignored(unit, now.id, kept)
        self._seen[answer.portal_id] = self._store.clock()
        self._result.pushed += 1

    def _child_is_there(self, change: Change, record: StoredRecord, outcome: Duplicate) -> None:
        """409 for a new child: somebody else's, to be adopted (pack 3.3), or one that was there all along: a refusal."""
        assert record.base is not None
        kind, local_id = change.target.split(".", 1)
        answer = self._read_back(change, record)
        if answer is None:
            return
        known = {c.id for c in record.base.document.children.get(kind, ())}
        there = {c.id for c in answer.document.children.get(kind, ())}
        twin = next((i for i in outcome.child_ids if i in there - known), None)
        if twin is None:
            self._reject(change, outcome.message, ())
            self._take(change.record_id, answer)
            return
        with self._answered(change) as unit:
            close_change(unit, change, "confirmed", {"portal_version": answer.version})
            now = unit.records.get(change.record_id)
            assert now is not None
            adopt_twin(unit, self._trip.terms, now, answer, (kind, local_id, twin))
        self._seen[answer.portal_id] = self._store.clock()
        self._result.pushed += 1

    def _child_is_gone(self, change: Change, record: StoredRecord) -> None:
        """404 for a child that we changed: somebody removed it. The merge makes that a question."""
        with self._store.write() as unit:
            unit.outbox.update(change, state=ChangeState.QUEUED)
            self._follow(unit, record.id)
        assert record.portal_id is not None
        answer = self._portal.fetch(record.portal_id)
        if isinstance(answer, Unavailable):
            self._systemic("read", answer)
        else:
            self._take(record.id, answer)

    def _act(self, change_id: str) -> None:
        with self._store.read() as unit:
            change, record, _ = self._look(unit, change_id)
        action = self._collection.action(change.target) if change else None
        if change is None or record is None or record.base is None or action is None:
            return
        fields = change.payload.get("fields", {})
        if action.done(record.state, record.base.extras, fields):
            self._action_done(change, record.base)
        elif record.state not in action.allowed:
            self._reject(change, _wrong_state(self._collection, record.state, action.label), ())
        elif (claimed := self._claim(change_id)) is not None:
            assert record.portal_id is not None
            outcome = self._portal.act(record.portal_id, change.target, fields)
            if isinstance(outcome, Accepted) and outcome.snapshot:
                self._action_done(claimed[0], outcome.snapshot)
            else:
                self._other(claimed[0], outcome)

    def _action_done(self, change: Change, snapshot: Snapshot) -> None:
        with self._answered(change) as unit:
            now, record = unit.outbox.get(change.id), unit.records.get(change.record_id)
            assert record is not None
            if now is not None:
                close_change(
                    unit, now, "action_done", {"state": snapshot.state, "portal_version": snapshot.version}
                )
            absorb(unit, self._trip.terms, record, snapshot)
        self._seen[snapshot.portal_id] = self._store.clock()
        self._result.pushed += 1

    # -- answers that are no yes --------------------------------------------------------------------

    def _other(self, change: Change, outcome: Outcome) -> None:
        if isinstance(outcome, Refused):
            self._refused(change, outcome)
        elif isinstance(outcome, NotFound):
            with self._store.write() as unit:
                unit.outbox.update(change, state=ChangeState.QUEUED)
            self._take(change.record_id, outcome)
        elif isinstance(outcome, Unavailable):
            self._lost(change, outcome)
        elif isinstance(outcome, Duplicate):
            self._reject(change, outcome.message, ())
        else:
            self._lost(
                change, Unavailable(PortalState.UNKNOWN, "The answer did not say what was stored.", True)
            )

    def _lost(self, change: Change, failure: Unavailable) -> None:
        """No verdict. If the request may have been carried out, only reading can tell (I12)."""
        with self._store.write() as unit:
            if failure.effect_possible:
                reason = (
                    "Sent, but no answer came. It may have arrived: Holdfast looks before it sends again."
                )
                payload = adopt.lost_payload(change)
                unit.outbox.update(change, state=ChangeState.UNKNOWN, reason=reason, payload=payload)
                unit.journal.write(
                    "unknown", change.record_id, {"kind": change.kind, "target": change.target}
                )
            else:
                unit.outbox.update(change, state=ChangeState.QUEUED, reason=failure.detail)
                unit.journal.write("not_sent", change.record_id, {"kind": change.kind, "why": failure.detail})
            self._follow(unit, change.record_id)
        self._systemic("send", failure)
        if failure.own_fault and self._result.failure is None:
            with self._store.write() as unit:
                count_fault(unit, change.id)

    def _systemic(self, call: str, failure: Unavailable) -> None:
        """Stop, unless the portal is up for all others (D16)."""
        self._result.failure = self._trouble.met(call, failure)

    def _refused(self, change: Change, outcome: Refused) -> None:
        """The portal's verdict on this record. A refusal may have changed data there, so read it again (pack 1.6)."""
        messages = [
            f"{self._label(r.field)}: {r.message}" if r.field else r.message for r in outcome.refusals
        ]
        refusals = tuple({"field": r.field, "message": r.message} for r in outcome.refusals)
        self._reject(change, " ".join(messages) or "The portal refused this without saying why.", refusals)
        with self._store.read() as unit:
            record = unit.records.get(change.record_id)
        if record is not None and record.portal_id is not None:
            answer = self._portal.fetch(record.portal_id)
            if isinstance(answer, Unavailable):
                self._assume_lost(record.id)
                self._systemic("read", answer)
            else:
                self._after_refusal(change, record, answer)

    def _assume_lost(self, record_id: RecordId) -> None:
        """What a refusal wiped cannot be seen just now: taken for lost, it is kept and sent again; if it is there after all,
        the next reading finds both sides agreed (pack 1.6).
        """
        lost = self._portal.may_lose
        with self._store.write() as unit:
            now = unit.records.get(record_id)
            if now is not None and now.base is not None and lost:
                emptied = now.base.document.copy()
                emptied.fields.update(dict.fromkeys(lost))
                keep_lost(unit, self._trip.terms, now, replace(now.base, document=emptied), lost)

    def _after_refusal(self, change: Change, record: StoredRecord, answer: Snapshot | NotFound) -> None:
        action = self._collection.action(change.target) if change.kind is ChangeKind.ACTION else None
        if isinstance(answer, Snapshot):
            if action and action.done(answer.state, answer.extras, change.payload.get("fields", {})):
                self._action_done(change, answer)
                return
            with self._store.write() as unit:
                now = unit.records.get(record.id)
                if now is not None:
                    keep_lost(unit, self._trip.terms, now, answer, self._portal.may_lose)
        self._take(record.id, answer)

    def _reject(self, change: Change, reason: str, refusals: tuple[dict[str, str], ...]) -> None:
        with self._store.write() as unit:
            watch.note_answer(unit, self._collection.name, "send")
            # What was refused is not at the portal: nothing is left there to be known again.
            kept = {n: v for n, v in change.payload.items() if n != "document"}
            payload = {**kept, "refusals": list(refusals)}
            unit.outbox.update(change, state=ChangeState.REJECTED, reason=reason, payload=payload)
            unit.journal.write(
                "refused",
                change.record_id,
                {"kind": change.kind, "target": change.target, "why": reason},
                actor="",
            )
            self._follow(unit, change.record_id)

    def _follow(self, unit: Unit, record_id: RecordId) -> None:
        """A change came back undone. Who typed, or took it back, while it was away left its row alone: now it must follow."""
        record = unit.records.get(record_id)
        if record is not None:
            outbox.follow(unit, self._collection, record, self._trip.today)

    def _label(self, path: str) -> str:
        found = self._collection.field(path)
        return found.label if found else path


def _content(change: Change, record: StoredRecord) -> dict[str, object]:
    """What a request carries, as it is kept until the answer is there."""
    if change.kind is ChangeKind.CREATE:
        return {"document": record.document.to_json()}
    if change.kind is ChangeKind.UPDATE:
        return {"fields": dict(record.pending.fields)}
    if change.kind is ChangeKind.NESTED:
        kind, child_id = change.target.split(".", 1)
        patch = record.pending.children[kind][child_id]
        return {"fields": {n: v for n, v in patch.fields.items() if not (patch.added and v is None)}}
    return {}


def _carries(change: Change, paths: Iterable[str]) -> bool:
    """Whether a change would send one of these paths."""
    if change.kind is ChangeKind.NESTED:
        return any(p.startswith(f"{change.target}.") for p in paths)
    return change.kind is ChangeKind.UPDATE and any("." not in p for p in paths)


def sent_child(patch: ChildPatch, change: Change, known_as: str | None) -> Sent:
    """What the request for a child carried, for `confirm`."""
    kind, child_id = change.target.split(".", 1)
    fields: Fields = change.payload["fields"]
    if patch.added:
        return Sent({}, added={kind: {child_id: fields}}, known_as={child_id: known_as} if known_as else {})
    return Sent({}) if patch.removed else Sent({}, edited={kind: {child_id: fields}})


def _wrong_state(collection: Collection, state: str, what: str) -> str:
    found = collection.state(state)
    label = (found.label if found else state).lower()
    return f"{what} is not possible: at {collection.portal_short} this {collection.singular} is {label}."
