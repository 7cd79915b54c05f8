"""What waits: the outbox as people see it, with its order, its money, and how long it will take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.collection import Collection
from desktop.model.document import Patch
from desktop.model.errors import UnknownName, UsageError
from desktop.model.person import Role
from desktop.model.standing import Sync
from desktop.services import wording
from desktop.services.core import Core
from desktop.services.people import demand
from desktop.services.scheduling import timetable_of
from desktop.services.views import QueueItem, QueueSummary
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox, watch
from desktop.sync.absorb import owed

_WAITING = (ChangeState.QUEUED, ChangeState.SENDING, ChangeState.UNKNOWN)
_REQUESTS = {ChangeKind.CREATE: 1, ChangeKind.UPDATE: 2, ChangeKind.NESTED: 3, ChangeKind.ACTION: 2}
_SECONDS_A_REQUEST = 0.7
_GROUPS = {
    ChangeKind.CREATE: "create",
    ChangeKind.UPDATE: "other",
    ChangeKind.NESTED: "other",
    ChangeKind.ACTION: "action",
}
_UNKNOWN_WORDS = {
    ChangeKind.CREATE: "New",
    ChangeKind.UPDATE: "Change",
    ChangeKind.NESTED: "Change",
    ChangeKind.ACTION: "Action",
}
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True)
class _Turn:
    """When a change has its turn: its place in the order, and the requests made by then, its own among them."""

    place: int
    requests: int


@dataclass(frozen=True)
class Captions:
    """Short words beside a record's state, for a page of records read together."""

    places: dict[str, tuple[int, bool]]
    unknown: dict[str, str]

    def of(self, record_id: str, sync: Sync, errors: int | None) -> str:
        if sync is Sync.QUEUED and record_id in self.places:
            place, money = self.places[record_id]
            return ordinal(place) + (", money" if money else "")
        if sync is Sync.DRAFT and errors:
            return f"{errors} to fix"
        return self.unknown.get(record_id, "") if sync is Sync.UNKNOWN else ""


def caption_of(record: StoredRecord, items: Sequence[QueueItem]) -> str:
    """The same words for one record whose changes are at hand."""
    queued = [(i.place, i.group == "money") for i in items if i.place is not None]
    unknown = [_UNKNOWN_WORDS[i.kind] for i in items if i.state is ChangeState.UNKNOWN]
    captions = Captions(
        {record.id: min(queued)} if queued else {}, {record.id: unknown[0]} if unknown else {}
    )
    return captions.of(record.id, record.sync, record.errors)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th."""
    tail = "th" if 10 <= number % 100 <= 20 else _ORDINALS.get(number % 10, "th")
    return f"{number:,}{tail}"


class Queue:
    """Reading the queue, pausing it, and taking things back before they are sent."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def items(self, limit: int | None = None) -> list[QueueItem]:
        """Everything that waits, is under way or is stuck, in the order of sending; then what cannot go now."""
        with self._core.store.read() as unit:
            changes = unit.outbox.all()
            waiting = outbox.in_order(c for c in changes if c.state in _WAITING)
            stuck = [c for c in changes if c.state not in _WAITING and c.state is not ChangeState.HELD]
            queued = [c for c in waiting if c.state is ChangeState.QUEUED and not self._by_hand(c)]
            requests = accumulate(_REQUESTS[c.kind] for c in queued)
            turns = {c.id: _Turn(n, r) for n, (c, r) in enumerate(zip(queued, requests, strict=True), 1)}
            chosen = [*waiting, *outbox.in_order(stuck)][:limit]
            records = self._records(unit, chosen)
            share = timetable_of(unit).share
            return [
                self._item(unit, c, records[c.record_id], turns.get(c.id), share)
                for c in chosen
                if c.record_id in records
            ]

    def items_of(self, unit: Unit, record: StoredRecord) -> list[QueueItem]:
        """The changes of one record, held ones too."""
        changes = unit.outbox.of_record(record.id)
        if not changes:
            return []
        share = timetable_of(unit).share
        found = []
        for change in outbox.in_order(changes):
            sent = change.state is ChangeState.QUEUED and not self._by_hand(change)
            place = unit.outbox.place(change, self._typed()) if sent else None
            turn = None if place is None else _Turn(place, 2 * place)  # about two requests each
            found.append(self._item(unit, change, record, turn, share))
        return found

    def captions(self, unit: Unit, records: Iterable[tuple[str, Sync]]) -> Captions:
        """Places in the queue by record, read once for a page of (record id, standing)."""
        page = list(records)
        queued = [record_id for record_id, sync in page if sync is Sync.QUEUED]
        unknown: dict[str, str] = {}
        for record_id in (record_id for record_id, sync in page if sync is Sync.UNKNOWN):
            for change in unit.outbox.of_record(record_id):
                if change.state is ChangeState.UNKNOWN:
                    unknown[record_id] = _UNKNOWN_WORDS[change.kind]
        return Captions(unit.outbox.places(queued, self._typed()) if queued else {}, unknown)

    def _typed(self) -> list[tuple[str, str]]:
        """(collection, action) of what people type into a portal's website; action "" = all changes of the collection."""
        known = self._core.collections.values()
        actions = [(one.name, action.name) for one in known for action in one.actions if action.by_hand]
        return [*((one.name, "") for one in known if not one.sends), *actions]

    def summary(self) -> QueueSummary:
        """The queue in a line."""
        with self._core.store.read() as unit:
            changes = unit.outbox.all(states=_WAITING)
            pounds = sum(self._pounds(c, r) or 0 for c, r in self._with_records(unit, changes) if c.money)
            paused = any(p.paused for p in unit.portals.all())
            held = any(p.restored_at is not None for p in unit.portals.all())
            share = timetable_of(unit).share
        sent = [change for change in changes if not self._by_hand(change)]
        requests = sum(_REQUESTS[change.kind] for change in sent)
        typed, eta_s = len(changes) - len(sent), _seconds(requests, share)
        return QueueSummary(len(changes), pounds, requests, eta_s, paused, share, held, typed)

    def pause(self) -> None:
        """Send nothing by ourselves until `resume`; a person may still send."""
        self._set_paused(paused=True)

    def resume(self) -> None:
        """Go on sending: after a pause, and when a portal that was put back to an older copy holds it up (I11)."""
        self._set_paused(paused=False)

    def _set_paused(self, *, paused: bool) -> None:
        with self._core.store.write() as unit:
            demand(unit, Role.SEND)
            for portal in unit.portals.all():
                if not paused:
                    watch.end_hold(unit, portal.collection, "a person said to go on")
                unit.portals.put(unit.portals.get(portal.collection), paused=paused)
            unit.journal.write("paused" if paused else "resumed")
            unit.touched.portals = True
            unit.touched.queue = True

    def take_back(self, change_id: str) -> None:
        """Take one change back before it is sent: an action goes, an edit returns to the portal's value.

        Raises UsageError when it is, or may be, on its way already.
        """
        with self._core.store.write() as unit:
            demand(unit, Role.ENTER)
            change = unit.outbox.get(change_id)
            if change is None:
                raise UnknownName("That change is not waiting any more.")
            if change.state in (ChangeState.SENDING, ChangeState.UNKNOWN):
                raise UsageError("This is on its way, or may have arrived, so it cannot be taken back.")
            record = self._core.record(unit, change.record_id)
            if change.kind is ChangeKind.CREATE:
                raise UsageError("A new record is taken back by deleting its draft.")
            unit.journal.write("taken_back", record.id, {"kind": change.kind, "target": change.target})
            if change.kind is ChangeKind.ACTION:
                unit.outbox.update(change, state=ChangeState.DISCARDED)
                outbox.restand(unit, record.id)
                return
            pending = _without(record.pending, change)
            pending = Patch({**owed(unit, record), **pending.fields}, pending.children)
            collection = self._core.collection_of(record)
            saved = unit.records.save(collection, record, pending=pending, saved=(unit.now, unit.actor))
            outbox.follow(unit, collection, saved, self._core.today(), edited=True)

    # -- inside -------------------------------------------------------------------------------------

    def _records(self, unit: Unit, changes: Sequence[Change]) -> dict[str, StoredRecord]:
        return {c.record_id: r for c, r in self._with_records(unit, changes)}

    def _with_records(self, unit: Unit, changes: Sequence[Change]) -> list[tuple[Change, StoredRecord]]:
        held: dict[str, StoredRecord | None] = {}
        for change in changes:
            if change.record_id not in held:
                held[change.record_id] = unit.records.get(change.record_id)
        return [(c, r) for c in changes if (r := held[c.record_id]) is not None]

    def _by_hand(self, change: Change) -> bool:
        """Whether a person must do it on the portal's website: it has no turn among what is sent."""
        known = self._core.collection(change.collection)
        return not known.sends or (change.kind is ChangeKind.ACTION and known.by_hand(change.target))

    def _group(self, change: Change) -> str:
        if self._by_hand(change):
            return "hand"
        return "money" if change.money and change.kind is not ChangeKind.ACTION else _GROUPS[change.kind]

    def _pounds(self, change: Change, record: StoredRecord) -> int | None:
        if not change.money:
            return None
        collection = self._core.collection_of(record)
        now = collection.money(record.document)
        before = collection.money(record.base.document) if record.base else None
        return max(now.at_most if now else 0, before.at_most if before else 0) or None

    def _item(
        self, unit: Unit, change: Change, record: StoredRecord, turn: _Turn | None, share: int
    ) -> QueueItem:
        collection = self._core.collection_of(record)
        portal = unit.portals.get(collection.name)
        return QueueItem(
            id=change.id,
            record_id=record.id,
            record_label=record.label,
            collection=record.collection,
            kind=change.kind,
            target=change.target,
            state=change.state,
            attempts=change.attempts,
            next_try=change.not_before or portal.not_before,
            reason=change.reason,
            saved_at=record.saved_at or change.created_at,
            actor=change.actor,
            place=None if turn is None else turn.place,
            what=wording.what_will_be_sent(collection, change, record),
            group=self._group(change),
            money_gbp=self._pounds(change, record),
            eta_s=None if turn is None else _seconds(turn.requests, share),
            refusals=tuple((str(r["field"]), str(r["message"])) for r in change.payload.get("refusals", ())),
            journey=_journey(collection, change, record),
        )


def _journey(collection: Collection, change: Change, record: StoredRecord) -> str:
    fitting = (one for one in collection.journeys if one.is_for(record.document))
    return next((one.name for one in fitting if one.carries(change.kind, change.target)), "")


def _seconds(requests: int, share: int) -> float:
    """How long so many requests take inside this computer's share: the first minute's worth goes at line speed."""
    if requests <= share:
        return min(60.0, requests * _SECONDS_A_REQUEST)
    return requests / share * 60


def _without(pending: Patch, change: Change) -> Patch:
    if change.kind is ChangeKind.UPDATE:
        return Patch({}, pending.children)
    kind, child_id = change.target.split(".", 1)
    children = {
        k: {c: p for c, p in group.items() if (k, c) != (kind, child_id)}
        for k, group in pending.children.items()
    }
    return Patch(pending.fields, children)
