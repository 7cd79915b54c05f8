"""What is not at the portal yet, record by record: the matter of every way out of the program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.model.change import Change, ChangeState
from desktop.model.conflict import Conflict
from desktop.model.ids import RecordId
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox

_TURN = {ChangeState.HELD: 2, ChangeState.REJECTED: 1, ChangeState.CONFLICT: 1}


@dataclass(frozen=True)
class Unsent:
    """One record with work that the portal has not had: its changes in order of sending, its open question if any.

    No change at all means that the record and the queue are out of step (what the doctor would say); it is kept still.
    """

    record: StoredRecord
    changes: tuple[Change, ...]
    conflict: Conflict | None


def gather(unit: Unit, collections: Iterable[str]) -> list[Unsent]:
    """Every record with work of its own, in the order in which its first change is sent."""
    changes: dict[RecordId, list[Change]] = {}
    for change in sending_order(unit.outbox.all()):
        changes.setdefault(change.record_id, []).append(change)
    others = {i for name in collections for i in unit.records.with_work(name, thorough=True)} - changes.keys()
    found = []
    for record_id in unit.one_by_one((*changes, *sorted(others))):
        record = unit.records.get(record_id)
        if record is not None:
            own = tuple(changes.get(record.id, ()))
            found.append(Unsent(record, own, unit.decisions.of_record(record.id)))
    return found


def sending_order(changes: Iterable[Change]) -> list[Change]:
    """What can go in its order, then what was refused or is in conflict, then drafts: as the queue lists them."""
    return sorted(outbox.in_order(changes), key=lambda c: _TURN.get(c.state, 0))


def in_turn(found: Iterable[Unsent]) -> list[tuple[Unsent, Change]]:
    """Every change beside its record, in the order of sending over all of them."""
    pairs = {change.id: (unsent, change) for unsent in found for change in unsent.changes}
    return [pairs[change.id] for change in sending_order(change for _, change in pairs.values())]
