"""Changes that go to the portal in a file which a person uploads: how they stand until it is known what came of them.

In a file that was made, a change waits as before and says so. Uploaded, it is *unknown*: it may be there or not, and only
reading it back confirms it (I12). It is never sent by itself then: a second way would make the portal refuse the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from desktop.model.change import Change, ChangeKind, ChangeState, may_move
from desktop.model.collection import Collection
from desktop.model.document import Document
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import adopt, outbox

_FILE = "file"


def waits(change: Change) -> bool:
    """Whether a change was uploaded in a file, so that it waits to be read back."""
    return change.state is ChangeState.UNKNOWN and bool(change.payload.get(_FILE))


def put_in(unit: Unit, change: Change, file: str) -> None:
    """The change is in a file that nobody has uploaded yet."""
    unit.outbox.update(change, reason=f"In {file}, not uploaded yet.")
    unit.touched.queue = True


def uploaded(
    unit: Unit, record: StoredRecord, change: Change, file: str, document: Document | None = None
) -> None:
    """A person has uploaded it. `document` = what the file says of a new record. A draft only says where it is."""
    if change.state is ChangeState.REJECTED:
        change = unit.outbox.update(change, state=ChangeState.QUEUED)
    reason = f"Uploaded in {file}. It waits to be read back."
    if change.state is not ChangeState.QUEUED:
        unit.outbox.update(change, reason=reason)
        return
    left = outbox.content(change, document or record.document, record.pending)
    payload = {**adopt.lost_payload(change), **left, _FILE: file}
    sending = unit.outbox.update(
        change, state=ChangeState.SENDING, attempts=change.attempts + 1, sent_at=unit.now, payload=payload
    )
    unit.outbox.update(sending, state=ChangeState.UNKNOWN, reason=reason)
    outbox.restand(unit, record.id)


def came_back(
    unit: Unit, collection: Collection, record: StoredRecord, change: Change, *, reason: str, today: date
) -> None:
    """The file was not uploaded after all, or not taken: the change waits again."""
    if waits(change):
        payload = _without_file(change)
        unit.outbox.update(change, state=ChangeState.QUEUED, reason=reason, payload=payload)
        outbox.follow(unit, collection, record, today)
        outbox.restand(unit, record.id)
    elif change.state in (ChangeState.QUEUED, ChangeState.HELD):
        unit.outbox.update(change, reason=reason)
        unit.touched.queue = True


def refused(
    unit: Unit, record: StoredRecord, change: Change, reason: str, refusals: Sequence[dict[str, str]]
) -> None:
    """The portal's verdict on a row of the file parks the record until a person has put it right."""
    payload = {**_without_file(change), "refusals": list(refusals)}
    if may_move(change.state, ChangeState.REJECTED):
        unit.outbox.update(change, state=ChangeState.REJECTED, reason=reason, payload=payload)
    else:
        unit.outbox.update(change, reason=reason)
    told = {"kind": change.kind, "target": change.target, "why": reason}
    unit.journal.write("refused", record.id, told, actor="")
    outbox.restand(unit, record.id)


def _without_file(change: Change) -> dict[str, Any]:
    own = {ChangeKind.CREATE: ("lost", "document"), ChangeKind.ACTION: ()}.get(change.kind, ("fields",))
    return {n: v for n, v in change.payload.items() if n not in (_FILE, *own)}
