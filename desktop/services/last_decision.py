"""The decision that was made last, so that it can be undone for as long as that is honest.

Only the last one is kept (one conflict or a thousand, as they were decided): a decision can be undone while its record
is as the decision left it and nothing of it is on its way. Once the portal has had it, or somebody typed on, an undo would
overwrite what came after; then it says so, and the answer that was not chosen is still in the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desktop.model.collection import Collection
from desktop.model.conflict import Conflict, ConflictKind, FieldConflict
from desktop.model.document import Patch, value_at
from desktop.model.errors import UsageError
from desktop.model.ids import ConflictId, RecordId
from desktop.services.core import Core
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox

KIND, LAST = "decided", "last"
"""Under which kind and name it is kept."""


@dataclass(frozen=True)
class LastDecision:
    """What was decided last. `possible` of its `records` can be open again; `why_not` says why the others cannot."""

    words: str
    at: datetime
    actor: str
    records: int
    possible: int
    why_not: str


@dataclass(frozen=True)
class Undone:
    """What an undo did: records whose question is open again, and those that were left as they are."""

    records: int
    left_out: int
    why_not: str


def settled(
    collection: Collection, before: StoredRecord, after: StoredRecord, conflict: Conflict
) -> dict[str, Any] | None:
    """One record of a decision, as JSON: what it takes to open the question again.

    None for one about what is asked only to find a person: that must not outlast the portal's answer.
    """
    lookups = _lookups(collection)
    if any(row.field in lookups for row in conflict.fields):
        return None
    fields = {name: value for name, value in before.pending.fields.items() if name not in lookups}
    return {
        "record": before.id,
        "version": after.version,
        "pending": Patch(fields, before.pending.children).to_json(),
        "conflict": _conflict_json(conflict),
    }


def keep_last(unit: Unit, words: str, records: Iterable[Mapping[str, Any] | None]) -> None:
    """Keep a decision in place of the one before, in the transaction that makes it."""
    kept = [record for record in records if record is not None]
    if kept:
        unit.kept.put(KIND, LAST, {"words": words, "records": kept})
    else:
        unit.kept.remove(KIND, LAST)


def _lookups(collection: Collection) -> frozenset[str]:
    return frozenset(field.name for field in collection.fields if field.lookup)


class Undeciding:
    """Undoes the last decision. Reads may come from any thread."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def last(self) -> LastDecision | None:
        """The last decision, None when there is none that can be spoken of."""
        with self._core.store.read() as unit:
            kept = unit.kept.get(KIND, LAST)
            if kept is None:
                return None
            entries = kept.body["records"]
            reasons = [why for _, _, why in self._standing(unit, entries)]
        why_not = next((why for why in reasons if why), "")
        possible = sum(not why for why in reasons)
        return LastDecision(kept.body["words"], kept.at, kept.actor, len(entries), possible, why_not)

    def undo(self) -> Undone:
        """Open the questions of the last decision again, in one transaction. Raises UsageError when none can be."""
        opened, whys = 0, []
        with self._core.store.write() as unit:
            kept = unit.kept.get(KIND, LAST)
            if kept is None:
                raise UsageError("There is no decision to undo.")
            for entry, record, why in self._standing(unit, kept.body["records"]):
                if record is None or why:
                    whys.append(why)
                    continue
                self._open_again(unit, record, entry)
                opened += 1
            if not opened:
                raise UsageError(f"This decision cannot be undone any more. {whys[0]}")
            unit.kept.remove(KIND, LAST)
        return Undone(opened, len(whys), whys[0] if whys else "")

    def _standing(
        self, unit: Unit, entries: Sequence[Mapping[str, Any]]
    ) -> Iterator[tuple[Mapping[str, Any], StoredRecord | None, str]]:
        """(entry, its record, why it cannot be opened again or "") for each."""
        ids = [str(entry["record"]) for entry in entries]
        for entry, record_id in zip(entries, unit.one_by_one(ids), strict=True):
            record = unit.records.get(record_id)
            yield entry, record, self._why_not(unit, record, entry)

    def _why_not(self, unit: Unit, record: StoredRecord | None, entry: Mapping[str, Any]) -> str:
        if record is None:
            return "The record is not on this computer any more."
        short = self._core.collection_of(record).portal_short
        if any(change.state in outbox.FATE_OPEN for change in unit.outbox.of_record(record.id)):
            return f"It is on its way to {short}."
        if record.version != entry["version"]:
            return f"{short} has had it since, or the record was changed after it. What was not chosen is in the history."
        conflict = unit.decisions.of_record(record.id)
        if conflict is not None and conflict.id != entry["conflict"]["id"]:
            return "Another question about this record is open."
        return ""

    def _open_again(self, unit: Unit, record: StoredRecord, entry: Mapping[str, Any]) -> None:
        collection = self._core.collection_of(record)
        conflict = _conflict_from(entry["conflict"])
        unit.decisions.put(record.key, conflict)
        kept, lookups = Patch.from_json(entry["pending"]), _lookups(collection)
        still = {name: value for name, value in record.pending.fields.items() if name in lookups}
        pending = Patch({**kept.fields, **still}, kept.children)
        saved = unit.records.save(collection, record, pending=pending, saved=(unit.now, unit.actor))
        paths = [row.field for row in conflict.fields]
        values = {p: [value_at(record.document, p), value_at(saved.document, p)] for p in paths}
        unit.journal.write("decision_undone", record.id, {"fields": values})
        outbox.follow(unit, collection, saved, self._core.today(), edited=True)


def _conflict_json(conflict: Conflict) -> dict[str, Any]:
    return {
        "id": conflict.id,
        "record": conflict.record_id,
        "collection": conflict.collection,
        "kind": conflict.kind,
        "fields": [[row.field, row.unit, row.base, row.mine, row.theirs] for row in conflict.fields],
        "created_at": conflict.created_at.isoformat(),
        "mine_by": conflict.mine_by,
        "theirs_at": conflict.theirs_at,
        "reason": conflict.reason,
        "candidates": list(conflict.candidates),
    }


def _conflict_from(data: Mapping[str, Any]) -> Conflict:
    return Conflict(
        ConflictId(data["id"]),
        RecordId(data["record"]),
        data["collection"],
        ConflictKind(data["kind"]),
        tuple(FieldConflict(*row) for row in data["fields"]),
        datetime.fromisoformat(data["created_at"]),
        data["mine_by"],
        data["theirs_at"],
        data["reason"],
        tuple(data.get("candidates", ())),
    )
