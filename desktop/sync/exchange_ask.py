"""Questions between colleagues: answers that were given without sight of each other, put to a person (domain pack 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.model.collection import Collection
from desktop.model.conflict import Conflict, ConflictKind, FieldConflict
from desktop.model.ids import ConflictId, new_id
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox
from desktop.sync.exchange import Dot, Known, Write, alike, nothing, questions, units_of


@dataclass(frozen=True)
class Sender:
    """Whose file it is: the person who made it, on which computer, and the file's name."""

    person: str
    computer: str
    file: str

    def told(self) -> dict[str, Any]:
        """Where it came from, for the journal."""
        return {"from": self.person, "computer": self.computer, "file": self.file}


class Asking:
    """Puts questions to whoever works here, inside one unit of work."""

    def __init__(self, unit: Unit, sender: Sender, today: date) -> None:
        self._unit = unit
        self._sender = sender
        self._today = today

    def put(
        self, collection: Collection, record: StoredRecord, together: Known, rows: tuple[FieldConflict, ...]
    ) -> dict[str, tuple[Dot, ...]]:
        """Ask what has to be asked of a record; gives unit -> the writes of others that it is about.

        One question a record is open at a time: while the portal's side is in question, that comes first.
        """
        unit = self._unit
        old = unit.decisions.of_record(record.id)
        if old is not None and old.kind is not ConflictKind.COLLEAGUE:
            return {}
        here = units_of(record.document, collection.unit_of)
        pairs = {u: _sides(held, here.get(u, nothing(u))) for u, held in questions(together).items()}
        others = {u: theirs for u, (_, theirs) in pairs.items()}
        if not others:
            if old is not None:
                self._end(collection, record)
            return {}
        if old is None or old.fields != rows:
            mine = next((ours.by for ours, _ in pairs.values() if ours is not None), record.saved_by)
            self._ask(collection, record, old, rows, (mine, others))
        return {u: (w.dot,) for u, w in others.items()}

    def _ask(
        self,
        collection: Collection,
        record: StoredRecord,
        old: Conflict | None,
        rows: tuple[FieldConflict, ...],
        by: tuple[str, Mapping[str, Write]],
    ) -> None:
        mine, others = by
        who = self._whose(others)
        question = Conflict(
            old.id if old else ConflictId(new_id()),
            record.id,
            collection.name,
            ConflictKind.COLLEAGUE,
            rows,
            old.created_at if old else self._unit.now,
            mine,
            max(w.at for w in others.values()),
            f"You and {who} both changed this.",
            ({"name": who},),
        )
        self._unit.decisions.put(record.key, question)
        told = [
            {
                "field": r.field,
                **{s: collection.tellable(r.field, getattr(r, s)) for s in ("base", "mine", "theirs")},
            }
            for r in rows
        ]
        detail = {"kind": question.kind, "fields": told, "with": who, "reason": question.reason}
        self._unit.journal.write("conflict", record.id, detail, actor="")
        outbox.follow(self._unit, collection, record, self._today)

    def _end(self, collection: Collection, record: StoredRecord) -> None:
        """A colleague has settled it."""
        self._unit.decisions.remove(record.id)
        why = f"{self._sender.person} has decided it"
        self._unit.journal.write("conflict_over", record.id, {"why": why}, actor="")
        outbox.follow(self._unit, collection, record, self._today)

    def _whose(self, others: Mapping[str, Write]) -> str:
        """Names of the others; somebody who works at two computers is told from themself by the computer."""
        names = sorted({w.by for w in others.values() if w.by})
        where = f" on {self._sender.computer}" if self._sender.computer else " elsewhere"
        told = [name + where if name == self._unit.actor else name for name in names]
        return " and ".join(told) or "a colleague"


def _sides(held: tuple[Write, ...], now: Any) -> tuple[Write | None, Write]:
    """(what stands here, the first of the others)."""
    ours = next((w for w in held if alike(w.value, now)), None)
    return ours, next(w for w in held if not alike(w.value, now))
