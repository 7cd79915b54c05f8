"""Claiming: the last look at a change before its request leaves, and the word "sending" on disk (sync.md I5, D12, D15)."""

from __future__ import annotations

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.document import Fields, Patch, normalise
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import adopt, by_hand, outbox
from desktop.sync.trip import Trip


class Claims:
    """Looks at changes of one trip, and claims them for sending."""

    def __init__(self, trip: Trip) -> None:
        self._trip = trip
        self._store = trip.store
        self._collection = trip.collection

    def look(self, unit: Unit, change_id: str) -> tuple[Change | None, StoredRecord | None, str]:
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
        if why := by_hand.why_not_sent(unit, self._collection, change):
            return change, record, why
        if record.missing:
            return change, record, outbox.not_there(self._collection)
        if change.kind is ChangeKind.CREATE and outbox.twin_under_way(unit, self._collection, record):
            return (
                change,
                record,
                "Waits until it is known what came of another new record of the same person.",
            )
        return change, record, outbox.may_go(change, unit.outbox.of_record(record.id))

    def say_why(self, change: Change, why: str) -> None:
        if why == change.reason:
            return
        with self._store.write() as unit:
            now = unit.outbox.get(change.id)
            if now is not None and now.state is ChangeState.QUEUED:
                unit.outbox.update(now, reason=why)

    def claim(self, change_id: str) -> tuple[Change, StoredRecord] | None:
        """The word sending, and what is sent, are on disk before the request leaves (I5).

        In the same transaction everything is looked at once more, for the person may have typed, or taken it back, since
        it was read; None = it may not go (any more). Rules read the calendar: what was right yesterday may be wrong today
        (pack 2.1.9), and then it is a draft again.
        """
        with self._store.write() as unit:
            change, record, why = self.look(unit, change_id)
            if change is None or record is None or why:
                return None
            if change.kind is not ChangeKind.ACTION:
                outbox.follow(unit, self._collection, record, self._trip.today)
                change, record, why = self.look(unit, change_id)
                if change is None or record is None or why:
                    return None
            if change.kind is ChangeKind.CREATE:
                record = self._with_own_key(unit, record)
            claimed = unit.outbox.update(
                change,
                state=ChangeState.SENDING,
                attempts=change.attempts + 1,
                sent_at=unit.now,
                payload={**change.payload, **outbox.content(change, record.document, record.pending)},
                reason="",
            )
            unit.journal.write(
                "sending",
                change.record_id,
                {"kind": change.kind, "target": change.target, "attempt": claimed.attempts},
            )
            outbox.restand(unit, change.record_id)
        return claimed, record

    def _with_own_key(self, unit: Unit, record: StoredRecord) -> StoredRecord:
        """Give the record a correlation key before its first send if the provider left the field free (D12)."""
        own_key = self._collection.own_key
        if not own_key or normalise(record.document.get(own_key)) is not None:
            return record
        fields: Fields = {**record.pending.fields, own_key: adopt.made_key(record.id)}
        saved = unit.records.save(self._collection, record, pending=Patch(fields, record.pending.children))
        unit.journal.write("own_key", record.id, {"field": own_key, "value": fields[own_key]}, actor="")
        return saved
