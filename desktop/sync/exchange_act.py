"""Actions of colleagues, and what they hold back. An action is never merged: it waits, or it was done or taken back (D23)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.collection import Collection
from desktop.model.ids import ChangeId, new_id
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox
from desktop.sync.exchange import ACTION, Known, Write, alike, held_back
from desktop.sync.exchange_ask import Sender

_MAY_BE_HELD = (ChangeState.QUEUED, ChangeState.HELD)
_LEAVES = (
    "It was recorded meanwhile that this person leaves. This change is held. "
    "Try it again if it still counts, or take it back."
)


class Acting:
    """Follows what is known of actions, inside one unit of work."""

    def __init__(self, unit: Unit, sender: Sender) -> None:
        self._unit = unit
        self._sender = sender

    def follow(self, collection: Collection, record: StoredRecord, mine: Known, together: Known) -> bool:
        """Have those actions wait here that are known to wait, and no others; whether anything moved."""
        unit = self._unit
        rows = {c.target: c for c in unit.outbox.of_record(record.id) if c.kind is ChangeKind.ACTION}
        wanted = {
            name: write
            for name, write in together.actions().items()
            if collection.action(name) is not None and not self._is_done(collection, record, name, write)
        }
        for name in rows.keys() - wanted.keys():
            self._end(record, rows[name])
        for name in wanted.keys() - rows.keys():
            self._queue(record, name, wanted[name])
        moved = rows.keys() != wanted.keys()
        for name in rows.keys() & wanted.keys():
            held, before = (k.writes.get(f"{ACTION}{name}", ()) for k in (together, mine))
            if held != before and any(not alike(w.value, held[0].value) for w in held):
                self._two_answers(collection, record, rows[name], held)
                moved = True
        if moved:
            outbox.restand(unit, record.id)
        return moved

    def _end(self, record: StoredRecord, change: Change) -> None:
        """A colleague took it back, or did it."""
        self._unit.outbox.update(change, state=ChangeState.DISCARDED)
        told = {"kind": change.kind, "target": change.target, **change.payload, **self._sender.told()}
        self._unit.journal.write("taken_back", record.id, told, actor=self._sender.person)

    @staticmethod
    def _is_done(collection: Collection, record: StoredRecord, name: str, write: Write) -> bool:
        action = collection.action(name)
        extras = record.base.extras if record.base else {}
        return action is not None and action.done(record.state, extras, dict(write.value or {}))

    def _queue(self, record: StoredRecord, name: str, write: Write) -> None:
        unit = self._unit
        at = datetime.fromisoformat(write.at) if write.at else unit.now
        change = Change(
            ChangeId(new_id()),
            record.id,
            record.collection,
            ChangeKind.ACTION,
            name,
            ChangeState.QUEUED,
            at,
            write.by,
            {"fields": dict(write.value or {})},
        )
        unit.outbox.add(record.key, change)
        told = {"action": name, "fields": dict(write.value or {}), **self._sender.told()}
        unit.journal.write("action_queued", record.id, told, actor=write.by)

    def _two_answers(
        self, collection: Collection, record: StoredRecord, change: Change, held: tuple[Write, ...]
    ) -> None:
        """Two people recorded the same with different answers: the later one stands for both, and each is asked to look."""
        action = collection.action(change.target)
        assert action is not None
        last = max(held, key=lambda w: (w.at, w.dot))
        told = [{"by": w.by, "fields": dict(w.value or {})} for w in held]
        self._unit.journal.write("action_replaced", record.id, {"action": action.name, "answers": told})
        said = "; ".join(f"{w.by}: {', '.join(map(str, (w.value or {}).values()))}" for w in held)
        reason = (
            f"Two people recorded “{action.label}” ({said}). It stands as the later one said. "
            "Agree which is right, then try it again or take it back."
        )
        self._refuse(change, reason, payload={"fields": dict(last.value or {})})

    def _refuse(self, change: Change, reason: str, **more: Any) -> None:
        """It waits for a person from now on."""
        if change.state is ChangeState.HELD:
            change = self._unit.outbox.update(change, state=ChangeState.QUEUED)
        self._unit.outbox.update(change, state=ChangeState.REJECTED, reason=reason, **more)
        self._unit.kept.put(outbox.HELD_HERE, change.id, {"attempts": change.attempts})

    def hold_back(self, collection: Collection, record: StoredRecord, mine: Known, together: Known) -> int:
        """Leaving wins: an answer that was given without knowing of it waits until a person has looked at it."""
        units = self._units_to_hold(collection, mine, together)
        now = self._unit.records.get(record.id) if units else None
        if now is None:
            return 0
        held = 0
        for change in self._unit.outbox.of_record(record.id):
            if change.state not in _MAY_BE_HELD or change.kind not in (ChangeKind.UPDATE, ChangeKind.NESTED):
                continue
            paths = now.pending.fields if change.kind is ChangeKind.UPDATE else (change.target,)
            if any(collection.unit_of(path) in units for path in paths):
                self._refuse(change, _LEAVES)
                held += 1
        if held:
            outbox.restand(self._unit, record.id)
        return held

    @staticmethod
    def _units_to_hold(collection: Collection, mine: Known, together: Known) -> set[str]:
        """Answers of whose giver it is not known that they knew of the leaving; none where nothing is new about them."""
        shown, before = together.shown, mine.shown
        moved_on = bool(shown and before and shown.snapshot.state != before.snapshot.state)
        units = set(held_back(together, (action.name for action in collection.actions)))
        if moved_on:
            units |= together.answers().keys()
        return units if moved_on or together.writes != mine.writes else set()
