"""One sync pass of one collection: settle what is unknown, pull, push, settle again, check itself.

Runs on one network thread; everything it depends on (clock, chance, portal, progress, cancel) is an argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from desktop.model.change import Change, ChangeState
from desktop.model.collection import Collection
from desktop.model.conflict import ConflictKind
from desktop.model.ids import RecordId
from desktop.model.standing import standing
from desktop.model.verdict import PortalState, Unavailable
from desktop.store.behind import CHUNK
from desktop.store.records import Outline
from desktop.store.store import Store, Unit
from desktop.sync import adopt, outbox, watch
from desktop.sync.pull import Pull, Pulled
from desktop.sync.push import Push
from desktop.sync.settle import Settle
from desktop.sync.trip import Trip
from desktop.sync.trouble import look
from desktop.sync.whose import not_ours

SETTLE_S = 10.0
_AFTER_RESTORE = (ConflictKind.FIELDS, ConflictKind.MISSING)


@dataclass
class Pass:
    """What one pass did, and how the portal stood at its end."""

    state: PortalState = PortalState.UNKNOWN
    detail: str = ""
    pulled: int = 0
    merged: int = 0
    pushed: int = 0
    requests: int = 0
    cancelled: bool = False
    asked: bool = True
    held: bool = False
    problems: list[str] = field(default_factory=list)


class SyncEngine:
    """Syncs one collection with one portal."""

    def __init__(self, trip: Trip) -> None:
        self._trip = trip
        self._store = trip.store
        self._collection = trip.collection
        self._portal = trip.portal

    def run(
        self, *, pull: bool = True, push: bool = True, full: bool = False, by_person: bool = True
    ) -> Pass:
        """One pass. Asks nothing of the portal while it told us to wait, or (by itself) while backing off.

        When nobody waits for an answer, a portal that was out or not heard of lately is only looked at first: that costs it
        less than the work of everybody who comes at once.
        """
        with self._store.read() as unit:
            portal = unit.portals.get(self._collection.name)
        if watch.must_wait(portal, self._store.clock(), by_person) or (portal.paused and not by_person):
            return Pass(portal.state, portal.detail, asked=False)
        done = Pass()
        before = self._portal.requests_made
        careful = not by_person and watch.looks_first(portal, self._store.clock())
        failure = look(self._trip) if careful else None
        failure = failure or self._run(done, pull, push, full)
        done.requests = self._portal.requests_made - before
        with self._store.write() as unit:
            if failure is None and not done.cancelled:
                watch.note_success(unit, self._collection.name, "sync", _told(pull, push, done))
            now = unit.portals.get(self._collection.name)
            if self._portal.organisation and not now.organisation:
                unit.portals.put(now, organisation=self._portal.organisation)
        done.state, done.detail = (failure.state, failure.detail) if failure else (now.state, now.detail)
        done.problems = self_check(self._store, self._collection)
        if done.problems:
            self._stop(done.problems)
        return done

    def _stop(self, problems: list[str]) -> None:
        """Something of ours is out of step: nothing more goes by itself until a person has looked (D29)."""
        with self._store.write() as unit:
            unit.journal.write("self_check", None, {"problems": problems}, actor="")
            unit.portals.put(unit.portals.get(self._collection.name), paused=True)
            unit.touched.portals = True

    def _run(self, done: Pass, pull: bool, push: bool, full: bool) -> Unavailable | None:
        """The phases in order; ends at the first failure of the portal as a whole."""
        failure = self._settle(done)
        result = Pulled()
        if pull and failure is None:
            result = self._pull(done, full, put_off=push and self._work_waits())
            failure = result.failure
        if push and failure is None and not done.cancelled:
            done.held = self._is_held()
            failure = None if done.held else self._push(done, result.seen)
        if result.owes and failure is None and not done.cancelled:
            failure = self._pull(done, full=False).failure
        return failure

    def _pull(self, done: Pass, full: bool, *, put_off: bool = False) -> Pulled:
        result = Pull(self._trip).run(full, put_off=put_off)
        done.pulled += result.pulled
        done.merged += result.merged
        done.cancelled = result.cancelled
        return result

    def _work_waits(self, state: ChangeState = ChangeState.QUEUED) -> bool:
        with self._store.read() as unit:
            return bool(unit.outbox.counts(self._collection.name).get(state))

    def _is_held(self) -> bool:
        """Whether the portal was put back and a person has yet to say what that means for what it lost (I11)."""
        name = self._collection.name
        with self._store.read() as unit:
            if unit.portals.get(name).restored_at is None:
                return False
            if any(c.kind in _AFTER_RESTORE for c in unit.decisions.all(name)):
                return True
        with self._store.write() as unit:
            watch.end_hold(unit, name, "every question about it is settled")
        return False

    def _push(self, done: Pass, seen: dict[str, datetime]) -> Unavailable | None:
        if self._work_waits() and (failure := not_ours(self._trip)):
            return failure
        sent = Push(self._trip, seen).run()
        done.pushed += sent.pushed
        done.merged += sent.merged
        done.cancelled = sent.cancelled
        return sent.failure or self._settle(done)

    def _settle(self, done: Pass) -> Unavailable | None:
        if self._work_waits(ChangeState.UNKNOWN) and (failure := not_ours(self._trip)):
            return failure
        settled = Settle(self._trip).run()
        done.pushed += settled.confirmed
        return settled.failure


def _told(pull: bool, push: bool, done: Pass) -> str:
    """What a pass did, in a line."""
    if done.held:
        return "Everything was read; nothing is sent until you have decided what the portal lost."
    if pull and push:
        return "Everything was read and sent."
    return "Everything was read." if pull else "Everything was sent."


def recover(store: Store) -> int:
    """At start: whatever was being sent when the program ended may have arrived (never back to queued). How many."""
    with store.write() as unit:
        cut_off = unit.outbox.all(states=(ChangeState.SENDING,))
        for change in cut_off:
            reason = "Holdfast ended while this was being sent. It may have arrived: it looks before it sends again."
            payload = adopt.lost_payload(change)
            unit.outbox.update(change, state=ChangeState.UNKNOWN, reason=reason, payload=payload)
            unit.journal.write(
                "unknown", change.record_id, {"kind": change.kind, "why": "the program ended"}, actor=""
            )
            outbox.restand(unit, change.record_id)
    return len(cut_off)


def self_check(store: Store, collection: Collection, *, thorough: bool = False) -> list[str]:
    """Look at what must hold after every pass (D29): standings follow from the rows, rows from pending.

    Cheap: only records with something open; `thorough` = all.
    """
    with store.read() as unit:
        return _open_records_problems(unit, collection, thorough)


def out_of_step(unit: Unit, collection: Collection) -> list[RecordId]:
    """Records whose standing or rows are not what follows from their content; `outbox.follow` brings them in step."""
    return [
        record_id for record_id, problems in _looked_through(unit, collection, True) if record_id and problems
    ]


def _open_records_problems(unit: Unit, collection: Collection, thorough: bool) -> list[str]:
    return [problem for _, problems in _looked_through(unit, collection, thorough) for problem in problems]


def _looked_through(
    unit: Unit, collection: Collection, thorough: bool
) -> Iterator[tuple[RecordId | None, list[str]]]:
    """(record, what is wrong with it) of each that may be; None = there is no such record."""
    contested = unit.decisions.record_ids(collection.name)
    ids = unit.outbox.record_ids(collection.name) | contested
    every = sorted(ids | unit.records.with_work(collection.name, thorough=thorough))
    for start in range(0, len(every), CHUNK):
        some = every[start : start + CHUNK]
        records, changes = unit.records.outlines(some), unit.outbox.of_records(some)
        for record_id in some:
            record, rows = records.get(record_id), changes.get(record_id, [])
            if record is None:
                yield None, [f"A change belongs to no record ({record_id})."]
            else:
                yield record.id, _record_problems(record, rows, record_id in contested)


def _record_problems(record: Outline, rows: list[Change], in_conflict: bool) -> list[str]:
    problems: list[str] = []
    if record.sync is not standing((c.state for c in rows), in_conflict, record.portal_id is not None):
        problems.append(f"Record {record.id} says {record.sync}, which its changes do not bear out.")
    if not outbox.in_step(record, rows):
        problems.append(f"Record {record.id} differs from the portal in other ways than wait to be sent.")
    return problems
