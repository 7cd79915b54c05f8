"""Settling what is unknown, by reading (sync.md I12, I13, D11-D13; pack sections 1.5, 1.7, 1.8).

After a lost answer nothing is sent again before the portal was looked at. Found = confirmed. Provably not there =
back into the queue; a create only after a settle time of finding nothing, since it may still be under way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.document import Fields
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import NotFound, Unavailable
from desktop.store.records import StoredRecord
from desktop.sync import adopt, outbox, watch
from desktop.sync.absorb import Sent, absorb, close_change, confirm, twin_at_portal
from desktop.sync.portal import agree
from desktop.sync.pull import open_missing
from desktop.sync.trip import Trip

LOOK_BACK = timedelta(days=1)


@dataclass
class Settled:
    """What settling did: how many ended as confirmed, and what cut it short if anything did."""

    confirmed: int = 0
    failure: Unavailable | None = None


class Settle:
    """One look at everything unknown of one collection."""

    def __init__(self, trip: Trip) -> None:
        self._trip = trip
        self._store = trip.store
        self._collection = trip.collection
        self._portal = trip.portal
        self._wait = timedelta(seconds=trip.settle_s)
        self._result = Settled()

    def run(self) -> Settled:
        with self._store.read() as unit:
            open_rows = unit.outbox.all(self._collection.name, (ChangeState.UNKNOWN,))
        self._creates([c for c in open_rows if c.kind is ChangeKind.CREATE])
        for change in open_rows:
            if self._result.failure:
                break
            if change.kind is not ChangeKind.CREATE:
                self._by_reading(change)
        return self._result

    # -- creates ------------------------------------------------------------------------------------

    def _creates(self, changes: list[Change]) -> None:
        """Search the listings of the years concerned, once for all, by correlation key and by identity."""
        if not changes:
            return
        found = self._search(changes)
        if found is None:
            return
        for change in changes:
            if change.id in found:
                self._found(change, found[change.id])
            else:
                self._not_found(change)

    def _search(self, changes: list[Change]) -> dict[str, Snapshot] | None:
        """Change id -> the portal's record with its key; None when the search was cut short."""
        cycles = {str(self._collection.facets(adopt.sent_document(c)).get("cycle")) for c in changes}
        scopes = [s for s in self._portal.scopes(self._store.clock()) if s in cycles]
        found: dict[str, Snapshot] = {}
        for scope in scopes:
            for page in self._portal.pages(scope, self._since(scope, changes)):
                if isinstance(page, Unavailable):
                    self._fail(page)
                    return None
                for snapshot in page.snapshots:
                    for change in changes:
                        if adopt.is_ours(self._collection, change, snapshot):
                            found[change.id] = snapshot
        return found

    def _since(self, scope: str, changes: list[Change]) -> str:
        """From when to look: the portal's own time where we have it (clocks differ), else a day before the first send."""
        with self._store.read() as unit:
            mark = unit.portals.watermark(self._collection.name, scope)
        if mark and mark.since:
            try:
                return (datetime.fromisoformat(mark.since) - timedelta(minutes=5)).isoformat()
            except ValueError:
                return ""
        first = min((c.sent_at for c in changes if c.sent_at), default=None)
        return (first - LOOK_BACK).isoformat() if first else ""

    def _found(self, change: Change, snapshot: Snapshot) -> None:
        with self._store.write() as unit:
            record = unit.records.get(change.record_id)
            now = unit.outbox.get(change.id)
            if record is None or now is None:
                return
            watch.note_answer(unit, self._collection.name, "look")
            adopt.adopt(unit, self._trip.terms, record, now, snapshot)
        self._result.confirmed += 1

    def _not_found(self, change: Change) -> None:
        now = self._store.clock()
        first = change.payload.get("not_found_at")
        waited = first is not None and now - datetime.fromisoformat(first) >= self._wait
        if waited or not self._wait:
            self._send_again(change, "Holdfast looked twice and the portal does not have it.")
            return
        if first is None:
            with self._store.write() as unit:
                reason = "Not at the portal so far. Holdfast looks once more before it sends this again."
                unit.outbox.update(
                    change, payload={**change.payload, "not_found_at": now.isoformat()}, reason=reason
                )
                unit.journal.write("looked", change.record_id, {"found": False}, actor="")
                outbox.restand(unit, change.record_id)

    def _send_again(self, change: Change, why: str) -> None:
        with self._store.write() as unit:
            payload = {n: v for n, v in change.payload.items() if n != "not_found_at"}
            unit.outbox.update(change, state=ChangeState.QUEUED, reason=why, payload=payload)
            unit.journal.write("not_landed", change.record_id, {"kind": change.kind, "why": why}, actor="")
            record = unit.records.get(change.record_id)
            if record is not None:
                outbox.follow(unit, self._collection, record, self._trip.today)

    # -- everything that has a portal id ------------------------------------------------------------

    def _by_reading(self, change: Change) -> None:
        with self._store.read() as unit:
            record = unit.records.get(change.record_id)
        if record is None or record.portal_id is None:
            return
        answer = self._portal.fetch(record.portal_id)
        if isinstance(answer, Unavailable):
            self._fail(answer)
        elif isinstance(answer, NotFound):
            self._gone(change)
        else:
            self._compare(change, record, answer)

    def _compare(self, change: Change, record: StoredRecord, answer: Snapshot) -> None:
        """Does the portal show what we sent (D11)?"""
        if change.kind is ChangeKind.UPDATE:
            self._compare_update(change, record, answer)
        elif change.kind is ChangeKind.NESTED:
            self._compare_nested(change, record, answer)
        else:
            self._compare_action(change, record, answer)

    def _compare_update(self, change: Change, record: StoredRecord, answer: Snapshot) -> None:
        sent: Fields = change.payload.get("fields", {})
        held = answer.document.fields
        if all(agree(self._portal.echo, n, v, held.get(n)) for n, v in sent.items()):
            with self._store.write() as unit:
                watch.note_answer(unit, self._collection.name, "look")
                close_change(unit, change, "confirmed", {"fields": sent, "portal_version": answer.version})
                confirm(unit, self._trip.terms, record, answer, Sent(sent))
            self._result.confirmed += 1
        else:
            self._requeue(change, record, answer)

    def _compare_nested(self, change: Change, record: StoredRecord, answer: Snapshot) -> None:
        kind, child_id = change.target.split(".", 1)
        sent: Fields = change.payload.get("fields", {})
        known = record.base.document.child(kind, child_id) if record.base else None
        child = answer.document.child(kind, child_id)
        if known is None:
            landed = twin_at_portal(
                record, answer, kind, {n: self._portal.echo(f"{kind}.{n}", v) for n, v in sent.items()}
            )
        elif not sent:
            landed = child is None
        else:
            landed = child is not None and all(
                agree(self._portal.echo, f"{kind}.{n}", v, child.fields.get(n)) for n, v in sent.items()
            )
        if not landed:
            self._requeue(change, record, answer)
            return
        with self._store.write() as unit:
            watch.note_answer(unit, self._collection.name, "look")
            close_change(unit, change, "confirmed", {"portal_version": answer.version})
            added = {kind: {child_id: sent}} if known is None else {}
            confirm(unit, self._trip.terms, record, answer, Sent({}, added))
        self._result.confirmed += 1

    def _compare_action(self, change: Change, record: StoredRecord, answer: Snapshot) -> None:
        action = self._collection.action(change.target)
        if action is not None and action.done(answer.state, answer.extras, change.payload.get("fields", {})):
            with self._store.write() as unit:
                watch.note_answer(unit, self._collection.name, "look")
                close_change(
                    unit, change, "action_done", {"state": answer.state, "portal_version": answer.version}
                )
                absorb(unit, self._collection, record, answer, self._trip.today)
            self._result.confirmed += 1
        else:
            self._requeue(change, record, answer)

    def _requeue(self, change: Change, record: StoredRecord, answer: Snapshot) -> None:
        """It did not land (or not as sent): back into the queue, with the portal's present state merged in first."""
        with self._store.write() as unit:
            watch.note_answer(unit, self._collection.name, "look")
            unit.outbox.update(
                change, state=ChangeState.QUEUED, reason="It had not arrived. It is sent again."
            )
            unit.journal.write(
                "not_landed", change.record_id, {"kind": change.kind, "target": change.target}, actor=""
            )
            absorb(unit, self._collection, record, answer, self._trip.today)

    def _gone(self, change: Change) -> None:
        with self._store.write() as unit:
            unit.outbox.update(change, state=ChangeState.QUEUED, reason="")
            record = unit.records.get(change.record_id)
            assert record is not None
            record = unit.records.save(self._collection, record, missing=True)
            open_missing(unit, self._collection, record, self._trip.today)

    def _fail(self, failure: Unavailable) -> None:
        self._result.failure = failure
        with self._store.write() as unit:
            watch.note_failure(unit, self._collection.name, "look", failure, self._trip.chance)
