"""Push: send what waits, in order, one record at a time (design section 6; sync.md I4, D7, D14).

For each change: read the record (or use a copy read less than a minute ago), merge, put "sending" on disk (`claims`), send
(`sending`), and take in the answer in one transaction (`answers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import Unavailable
from desktop.store.lists import Question
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox
from desktop.sync.answers import Answers, Pushed
from desktop.sync.claims import Claims
from desktop.sync.pull import Pull
from desktop.sync.sending import Sending
from desktop.sync.trip import Trip

FRESH = timedelta(seconds=60)
PAGE_ROWS = 200


class Push:
    """One push of one collection to one portal. `seen` = when each of its records was read last."""

    def __init__(self, trip: Trip, seen: dict[str, datetime]) -> None:
        self._trip = trip
        self._store = trip.store
        self._collection = trip.collection
        self._portal = trip.portal
        self._seen = seen
        self._claims = Claims(trip)
        self._answers = Answers(trip, seen)
        self._result = self._answers.result
        self._sending = Sending(trip, self._claims, self._answers)
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

    def _send(self, change_id: str) -> None:
        with self._store.read() as unit:
            change, record, why = self._claims.look(unit, change_id)
        if change is None or record is None:
            return
        if why:
            self._claims.say_why(change, why)
        elif change.kind is ChangeKind.CREATE or self._fresh(record):
            self._sending.send(change)

    # -- reading before writing ---------------------------------------------------------------------

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
            self._answers.systemic("read", answer)
            return False
        self._answers.take(record.id, answer)
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
            held = unit.lists.count(Question(self._collection.name, facets={"cycle": (scope,)}))
        if stale <= 2 + held // PAGE_ROWS or scope not in self._portal.scopes(self._store.clock()):
            return
        pull = Pull(self._trip)
        swept = pull.sweep(scope)
        self._seen.update(swept.seen)
        self._result.merged += swept.merged
        self._result.failure = swept.failure
        # Whoever was not in the listing is read singly; asking for the whole scope again would not help.
        self._read_first[scope] = self._read_first.get(scope, set()) & swept.seen.keys()
