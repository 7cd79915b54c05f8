"""Answers to what was sent: taking in a yes, a no, and silence, whatever kind of change it was (sync.md D8-D11, D16-D20).

A yes is taken in by its kind (`sending`) within `answered`. A verdict on a record parks that record only; trouble of the
portal as a whole ends the push. An answer that never came leaves the change *unknown*, to be settled by reading (`settle`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.ids import RecordId
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import Duplicate, NotFound, Outcome, PortalState, Refused, Unavailable
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import adopt, outbox, watch
from desktop.sync.absorb import Kept, absorb, close_change, keep_lost
from desktop.sync.pull import open_missing
from desktop.sync.trip import Trip
from desktop.sync.trouble import Trouble, count_fault


@dataclass
class Pushed:
    """What a push did. `failure` = the portal as a whole gave out; the rest of the queue waits."""

    pushed: int = 0
    merged: int = 0
    failure: Unavailable | None = None
    cancelled: bool = False


class Answers:
    """Takes in answers. `seen` = when each record of the portal was read last, by its id there."""

    def __init__(self, trip: Trip, seen: dict[str, datetime]) -> None:
        self.result = Pushed()
        self._trip = trip
        self._store = trip.store
        self._collection = trip.collection
        self._portal = trip.portal
        self._seen = seen
        self._trouble = Trouble(trip)

    # -- yes ----------------------------------------------------------------------------------------

    @contextmanager
    def answered(self, change: Change) -> Iterator[Unit]:
        """A unit of work for the portal's yes. It need not be on the platter at once: if the power goes, the change is
        still "sending" there, and is settled by reading.
        """
        with self._store.write(durable=False) as unit:
            unit.hold((change.record_id,))
            watch.note_answer(unit, self._collection.name, "send")
            yield unit

    def landed(self, portal_id: str) -> None:
        """One more is at the portal, and its record was read just now."""
        self._seen[portal_id] = self._store.clock()
        self.result.pushed += 1

    def action_done(self, change: Change, snapshot: Snapshot) -> None:
        with self.answered(change) as unit:
            now, record = unit.outbox.get(change.id), unit.records.get(change.record_id)
            assert record is not None
            if now is not None:
                close_change(
                    unit, now, "action_done", {"state": snapshot.state, "portal_version": snapshot.version}
                )
            absorb(unit, self._trip.terms, record, snapshot)
        self.landed(snapshot.portal_id)

    def refuse_ignored(self, unit: Unit, record_id: str, kept: Kept) -> None:
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

    def take(self, record_id: RecordId, answer: Snapshot | NotFound) -> None:
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
            self.result.merged += done.merged
        self._seen[answer.portal_id] = self._store.clock()

    # -- answers that are no yes --------------------------------------------------------------------

    def other(self, change: Change, outcome: Outcome) -> None:
        if isinstance(outcome, Refused):
            self._refused(change, outcome)
        elif isinstance(outcome, NotFound):
            with self._store.write() as unit:
                unit.outbox.update(change, state=ChangeState.QUEUED)
            self.take(change.record_id, outcome)
        elif isinstance(outcome, Unavailable):
            self.lost(change, outcome)
        elif isinstance(outcome, Duplicate):
            self.reject(change, outcome.message, ())
        else:
            self.lost(
                change, Unavailable(PortalState.UNKNOWN, "The answer did not say what was stored.", True)
            )

    def lost(self, change: Change, failure: Unavailable) -> None:
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
            self.follow(unit, change.record_id)
        self.systemic("send", failure)
        if failure.own_fault and self.result.failure is None:
            with self._store.write() as unit:
                count_fault(unit, change.id)

    def systemic(self, call: str, failure: Unavailable) -> None:
        """Stop, unless the portal is up for all others (D16)."""
        self.result.failure = self._trouble.met(call, failure)

    def _refused(self, change: Change, outcome: Refused) -> None:
        """The portal's verdict on this record. A refusal may have changed data there, so read it again (pack 1.6)."""
        messages = [
            f"{self._label(r.field)}: {r.message}" if r.field else r.message for r in outcome.refusals
        ]
        refusals = tuple({"field": r.field, "message": r.message} for r in outcome.refusals)
        self.reject(change, " ".join(messages) or "The portal refused this without saying why.", refusals)
        with self._store.read() as unit:
            record = unit.records.get(change.record_id)
        if record is not None and record.portal_id is not None:
            answer = self._portal.fetch(record.portal_id)
            if isinstance(answer, Unavailable):
                self._assume_lost(record.id)
                self.systemic("read", answer)
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
                self.action_done(change, answer)
                return
            with self._store.write() as unit:
                now = unit.records.get(record.id)
                if now is not None:
                    keep_lost(unit, self._trip.terms, now, answer, self._portal.may_lose)
        self.take(record.id, answer)

    def reject(self, change: Change, reason: str, refusals: tuple[dict[str, str], ...]) -> None:
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
            self.follow(unit, change.record_id)

    def follow(self, unit: Unit, record_id: RecordId) -> None:
        """A change came back undone. Who typed, or took it back, while it was away left its row alone: now it must follow."""
        record = unit.records.get(record_id)
        if record is not None:
            outbox.follow(unit, self._collection, record, self._trip.today)

    def _label(self, path: str) -> str:
        found = self._collection.field(path)
        return found.label if found else path


def _carries(change: Change, paths: Iterable[str]) -> bool:
    """Whether a change would send one of these paths."""
    if change.kind is ChangeKind.NESTED:
        return any(p.startswith(f"{change.target}.") for p in paths)
    return change.kind is ChangeKind.UPDATE and any("." not in p for p in paths)
