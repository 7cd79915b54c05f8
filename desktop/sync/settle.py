"""Settling what is unknown, by reading (sync.md I12, I13, D11-D13; pack sections 1.5, 1.7, 1.8).

After a lost answer nothing is sent again before the portal was looked at. Found = confirmed. Provably not there =
back into the queue; a create only after a settle time of finding nothing, since it may still be under way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.document import Fields
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import NotFound, Unavailable
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import adopt, by_file, by_hand, outbox, watch
from desktop.sync.absorb import Sent, absorb, close_change, confirm, keep_lost, twin_at_portal
from desktop.sync.pull import open_missing
from desktop.sync.trip import Terms, Trip
from desktop.sync.trouble import LIMIT, Trouble, faults, note, why_parked

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
        self._trouble = Trouble(trip)

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
                    open_still = (c for c in changes if c.id not in found)
                    ours = next((c for c in open_still if adopt.is_ours(self._collection, c, snapshot)), None)
                    if ours is not None:
                        found[ours.id] = snapshot
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
        if by_file.waits(change):
            return
        now = self._store.clock()
        first = change.payload.get("not_found_at")
        looked = datetime.fromisoformat(first) if first else None
        if looked is not None and looked > now:
            looked = None  # the clock was put back since: the wait begins anew, or it would last until the old time (T1)
        if not self._wait or (looked is not None and now - looked >= self._wait):
            self._send_again(change, "Holdfast looked twice and the portal does not have it.")
        elif looked is None:
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
            now = unit.outbox.update(change, state=ChangeState.QUEUED, reason=why, payload=payload)
            unit.journal.write("not_landed", change.record_id, {"kind": change.kind, "why": why}, actor="")
            self._park(unit, now)
            record = unit.records.get(change.record_id)
            if record is not None:
                outbox.follow(unit, self._collection, record, self._trip.today)

    def _park(self, unit: Unit, change: Change) -> None:
        """Not there, and the portal failed over it time and again: it is not tried any more (D20)."""
        if faults(change) < LIMIT:
            return
        reason = why_parked(self._collection.portal_short)
        unit.outbox.update(change, state=ChangeState.REJECTED, reason=reason, payload=adopt.former(change))
        unit.journal.write(
            "refused",
            change.record_id,
            {"kind": change.kind, "target": change.target, "why": reason},
            actor="",
        )

    # -- everything that has a portal id ------------------------------------------------------------

    def _by_reading(self, change: Change) -> None:
        with self._store.read() as unit:
            record = unit.records.get(change.record_id)
        if record is None or record.portal_id is None:
            return
        answer = self._portal.fetch(record.portal_id)
        if isinstance(answer, Unavailable):
            self._result.failure = self._trouble.met("look", answer)
            return
        with self._store.write() as unit:
            # The person may have typed while the portal was asked: what counts is the record as it is now.
            now = unit.records.get(change.record_id)
            if now is None:
                return
            if isinstance(answer, NotFound):
                self._gone(unit, change, now)
                return
            watch.note_answer(unit, self._collection.name, "look")
            if landed(self._trip.terms, change, now, answer):
                take_landed(unit, self._trip.terms, change, now, answer)
                self._result.confirmed += 1
            elif not by_file.waits(change):
                self._requeue(unit, change, now, answer)

    def _requeue(self, unit: Unit, change: Change, record: StoredRecord, answer: Snapshot) -> None:
        """It did not land (or not as sent): back into the queue, with the portal's present state merged in first."""
        now = unit.outbox.update(
            change, state=ChangeState.QUEUED, reason="It had not arrived. It is sent again."
        )
        unit.journal.write(
            "not_landed", change.record_id, {"kind": change.kind, "target": change.target}, actor=""
        )
        self._park(unit, now)
        if change.kind is ChangeKind.UPDATE:
            record = keep_lost(unit, self._trip.terms, record, answer, self._portal.may_lose)
        absorb(unit, self._trip.terms, record, answer)

    def _gone(self, unit: Unit, change: Change, record: StoredRecord) -> None:
        if by_hand.gone_as_asked(unit, self._collection, record.id):
            return
        unit.outbox.update(change, state=ChangeState.QUEUED, reason="")
        saved = unit.records.save(self._collection, record, missing=True)
        open_missing(unit, self._collection, saved, self._trip.today)

    def _fail(self, failure: Unavailable) -> None:
        self._result.failure = note(self._trip, "look", failure)


def landed(
    terms: Terms, change: Change, record: StoredRecord, answer: Snapshot, shown: Collection[str] | None = None
) -> bool:
    """Does the portal show what we sent (D11)? `shown` = the only paths that its answer speaks of; None = of all."""
    sent: Fields = change.payload.get("fields", {})
    if change.kind is ChangeKind.UPDATE:
        held = answer.document.fields
        return all(terms.agree(n, v, held.get(n)) for n, v in sent.items() if shown is None or n in shown)
    if change.kind is ChangeKind.ACTION:
        action = terms.collection.action(change.target)
        return action is not None and action.done(answer.state, answer.extras, sent)
    kind, child_id = change.target.split(".", 1)
    child = answer.document.child(kind, child_id)
    if _is_new(change, record):
        return twin_at_portal(terms, record, answer, kind, sent)
    if not sent:
        return child is None
    paths = {n: f"{kind}.{child_id}.{n}" for n in sent}
    return child is not None and all(
        terms.agree(paths[n], v, child.fields.get(n))
        for n, v in sent.items()
        if shown is None or paths[n] in shown
    )


def take_landed(
    unit: Unit,
    terms: Terms,
    change: Change,
    record: StoredRecord,
    answer: Snapshot,
    *,
    receipt: Mapping[str, object] | None = None,
) -> None:
    """A change that the portal shows is confirmed, and its answer becomes the base. `receipt` = where it was read."""
    detail: dict[str, object] = {"portal_version": answer.version, **(receipt or {})}
    sent: Fields = change.payload.get("fields", {})
    if change.kind is ChangeKind.ACTION:
        close_change(unit, change, "action_done", {"state": answer.state, **detail})
        absorb(unit, terms, record, answer)
        return
    told = Sent(sent)
    if change.kind is ChangeKind.NESTED:
        kind, child_id = change.target.split(".", 1)
        new = _is_new(change, record)
        told = Sent({}, added={kind: {child_id: sent}}) if new else Sent({}, edited={kind: {child_id: sent}})
    else:
        detail["fields"] = sent
    close_change(unit, change, "confirmed", detail)
    confirm(unit, terms, record, answer, told)


def _is_new(change: Change, record: StoredRecord) -> bool:
    """Whether a change of a child adds it: the portal did not show it before."""
    kind, child_id = change.target.split(".", 1)
    return record.base is None or record.base.document.child(kind, child_id) is None
