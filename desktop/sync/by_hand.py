"""Changes that a person types on the portal's own website: held back while they are typed, then read back like a file's.

While somebody types, nothing of the record is sent: two ways at once would make it twice. Typed, a change is *unknown* until
reading shows it (I12), as if it had been uploaded (`by_file`). Only where nothing can be read is what a person saw the proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from desktop.model.change import Change, ChangeKind, ChangeState, may_move
from desktop.model.collection import Collection
from desktop.model.document import Document, diff
from desktop.model.ids import RecordId
from desktop.model.snapshot import Snapshot
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import adopt, by_file, outbox
from desktop.sync.absorb import close_change
from desktop.sync.by_file import waits

KIND = "keying"
"""Kind of the things kept of what is being typed, by item: the record's id, a colon, the journey's name."""


def holds(unit: Unit, collection: Collection, record_id: str) -> bool:
    """Whether somebody is typing something of this record just now, and it is still to be done."""
    begun = [kept.name for kept in unit.kept.all(KIND) if is_begun(kept.body)]
    mine = [name.partition(":")[2] for name in begun if name.startswith(f"{record_id}:")]
    journeys = [journey for journey in collection.journeys if journey.name in mine]
    if not journeys:
        return False
    changes = unit.outbox.of_record(record_id)
    return any(journey.carries(c.kind, c.target) for journey in journeys for c in changes)


def is_begun(body: dict[str, Any]) -> bool:
    """Begun and not finished."""
    return "finished_at" not in body


def why_not_sent(unit: Unit, collection: Collection, change: Change) -> str:
    """Why a change is a person's work and not sent; "" when it may go."""
    if change.kind is ChangeKind.ACTION and collection.by_hand(change.target):
        return f"Only {collection.portal_short}’s website can do this. Type it there."
    if holds(unit, collection, change.record_id):
        return f"Somebody is typing this record on {collection.portal_short}’s website."
    return ""


def typed(unit: Unit, record: StoredRecord, change: Change, document: Document, reason: str) -> None:
    """A person has typed it. `document` = the record as it was typed; what was edited here since stays pending (I2)."""
    if change.state in (ChangeState.HELD, ChangeState.REJECTED):
        change = unit.outbox.update(change, state=ChangeState.QUEUED)
    left = diff(record.base.document if record.base else Document(), document)
    payload = {**adopt.lost_payload(change), **outbox.content(change, document, left), "file": adopt.BY_HAND}
    sending = unit.outbox.update(
        change, state=ChangeState.SENDING, attempts=change.attempts + 1, sent_at=unit.now, payload=payload
    )
    unit.outbox.update(sending, state=ChangeState.UNKNOWN, reason=reason)
    outbox.restand(unit, record.id)


STOPPED = "stopped"
"""In the payload of a refused change: journey -> what the website said to that sheet. Several sheets may share a change."""


@dataclass(frozen=True)
class Stop:
    """The website did not take a sheet. `code` = what it showed, by the collection's own key; "" = nobody chose one."""

    journey: str
    why: str
    code: str
    reason: str


def refused(unit: Unit, record: StoredRecord, change: Change, stop: Stop) -> None:
    """The website did not take this sheet; others that share the change are still to be typed."""
    if change.state is ChangeState.HELD:
        change = unit.outbox.update(change, state=ChangeState.QUEUED)
    said = {"why": stop.why, "code": stop.code, "reason": stop.reason}
    stopped = {**change.payload.get(STOPPED, {}), stop.journey: said}
    change = unit.outbox.update(change, payload={**change.payload, STOPPED: stopped})
    by_file.refused(unit, record, change, stop.reason, [{"field": "", "message": stop.why}])


def still_refused(unit: Unit, record_id: RecordId, stopped: Mapping[str, Mapping[str, str]]) -> None:
    """One sheet is through; what the website said to the others that shared its change goes on to what is left of it."""
    if not stopped:
        return
    last = list(stopped.values())[-1]
    payload = {STOPPED: dict(stopped), "refusals": [{"field": "", "message": last["why"]}]}
    for change in unit.outbox.of_record(record_id):
        if change.kind is ChangeKind.UPDATE and may_move(change.state, ChangeState.REJECTED):
            unit.outbox.update(change, state=ChangeState.REJECTED, reason=last["reason"], payload=payload)
    outbox.restand(unit, record_id)


@dataclass(frozen=True)
class Seen:
    """What a person saw on the website at the end, where nothing else can show it.

    document  what the portal has now;  here: what the record says here from now on
    state     "" = as before
    """

    document: Document
    here: Document
    state: str
    reference: str


def accepted(
    unit: Unit,
    collection: Collection,
    record: StoredRecord,
    seen: Seen,
    *,
    changes: Iterable[Change],
    today: date,
) -> None:
    """The portal cannot be read, and it showed a person that it is done: what was typed becomes the base."""
    base = record.base
    extras = {**(base.extras if base else {}), **({"reference": seen.reference} if seen.reference else {})}
    portal_id = record.portal_id or seen.reference or record.id
    state = seen.state or (base.state if base else "")
    there, here = (collection.without_lookup(d).copy() for d in (seen.document, seen.here))
    shown = Snapshot(portal_id, unit.now.isoformat(), state, there, extras)
    for change in changes:
        close_change(unit, change, "confirmed", {"by_hand": True, "reference": seen.reference})
    saved = unit.records.save(collection, record, base=shown, pending=diff(there, here))
    outbox.follow(unit, collection, saved, today)
    outbox.restand(unit, record.id)


def learned(
    unit: Unit, collection: Collection, record: StoredRecord, there: Document, here: Document, *, today: date
) -> None:
    """The end of another record's sheet says what the portal has of this one: `there` is its base from now on."""
    if record.base is None:
        raise ValueError("a record that the portal does not have")
    shown = replace(record.base, document=there)
    saved = unit.records.save(collection, record, base=shown, pending=diff(there, here))
    told = sorted(diff(record.base.document, there).touched())
    unit.journal.write("learned", record.id, {"fields": told}, actor="")
    outbox.follow(unit, collection, saved, today)
    outbox.restand(unit, record.id)


def gone_as_asked(unit: Unit, collection: Collection, record_id: RecordId) -> bool:
    """The portal lists the record no more, and a person had said that they deleted it there: then it goes here too.

    The journal keeps what it held. False when nobody had, so that its absence is a question (I9).
    """
    record = unit.records.get(record_id)
    if record is None:
        return True
    deleted = [
        change
        for change in unit.outbox.of_record(record.id)
        if change.kind is ChangeKind.ACTION and waits(change) and _deletes(collection, change.target)
    ]
    if not deleted:
        return False
    content = {"action": deleted[0].target, "content": record.document.to_json()}
    unit.journal.write("deleted_there", record.id, content, actor="")
    unit.records.remove(record.key)
    unit.touched.records.add("*")
    unit.touched.queue = True
    return True


def _deletes(collection: Collection, name: str) -> bool:
    action = collection.action(name)
    return action is not None and action.by_hand and not action.leads_to
