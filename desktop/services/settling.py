"""Settling one decision inside a transaction: the answers that were chosen, the journal that keeps the others (I15).

One decision and a thousand at once go through `settle_fields`; who opens the transaction, and what is told afterwards, is
for the callers (`conflicts`, `deciding`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from desktop.model.change import ChangeKind, ChangeState
from desktop.model.collection import Collection
from desktop.model.conflict import Conflict, FieldConflict
from desktop.model.document import Child, Document, Fields, diff, same, value_at
from desktop.model.errors import UnknownName, UsageError
from desktop.services.core import refuse_unwritable
from desktop.services.views import Choice
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox
from desktop.sync.merge import find_twin, leaves, says_the_same, take


def present(conflict: Conflict, record: StoredRecord) -> Conflict:
    """The conflict with `mine` as typed by now, not as it was when the conflict arose."""
    rows = tuple(replace(f, mine=value_at(record.document, f.field)) for f in conflict.fields)
    return replace(conflict, fields=rows)


def decided(conflict: Conflict, record: StoredRecord, choices: Mapping[str, Choice]) -> Document:
    """The record's content as `choices` would leave it; `conflict` as `present` gives it. Raises as `sides_of`."""
    sides = sides_of(conflict, choices)
    after = record.document.copy()
    theirs = _theirs(conflict, record)
    for row in conflict.fields:
        if sides.get(row.unit) == "theirs":
            take(after, theirs, [row.field])
        choice = choices.get(row.field)
        if isinstance(choice, tuple):
            refuse_unwritable(choice[1])
            _put(after, row.field, choice[1])
    return after


def _theirs(conflict: Conflict, record: StoredRecord) -> Document:
    """The other side: what the portal has, or the record with a colleague's answers."""
    if not conflict.colleague:
        assert record.base is not None, "a conflict of fields has a portal's side"
        return record.base.document
    made = record.document.copy()
    for row in conflict.fields:
        kind, dot, rest = row.field.partition(".")
        child_id, _, name = rest.partition(".")
        if not dot:
            made.fields[row.field] = row.theirs
            continue
        group = made.children.setdefault(kind, [])
        held = made.child(kind, child_id)
        if all(one.theirs is None for one in conflict.fields if one.unit == row.unit):
            made.children[kind] = [c for c in group if c.id != child_id]
        elif held is None:
            group.append(Child(child_id, {name: row.theirs}))
        else:
            held.fields[name] = row.theirs
    return made


def settle_fields(
    unit: Unit,
    collection: Collection,
    record: StoredRecord,
    conflict: Conflict,
    choices: Mapping[str, Choice],
    *,
    today: date,
) -> StoredRecord:
    """Settle the units that `choices` name; the others stay open. The record as it is then.

    Raises UnknownName for a field that is not in question, UsageError for choices that contradict.
    """
    after = decided(conflict, record, choices)
    sides = sides_of(conflict, choices)
    rest = tuple(f for f in conflict.fields if f.unit not in sides)
    write_down(unit, _tellable(collection, conflict), sides, choices)
    if conflict.colleague:
        from desktop.sync import exchange_book

        exchange_book.settle(unit, record.id, [*sides])
    if rest:
        unit.decisions.put(record.key, replace(conflict, fields=rest))
    else:
        unit.decisions.remove(record.id)
    pending = diff(record.base.document if record.base else Document(), after)
    saved = unit.records.save(collection, record, pending=pending, saved=(unit.now, unit.actor))
    outbox.follow(unit, collection, saved, today, edited=True)
    return saved


def _tellable(collection: Collection, conflict: Conflict) -> Conflict:
    """As the journal may keep it for good: without what is asked only to find a person."""
    told = collection.tellable
    rows = tuple(
        replace(r, base=told(r.field, r.base), mine=told(r.field, r.mine), theirs=told(r.field, r.theirs))
        for r in conflict.fields
    )
    return replace(conflict, fields=rows)


def write_down(
    unit: Unit, conflict: Conflict, sides: Mapping[str, str], choices: Mapping[str, Choice]
) -> None:
    """Who decided what, with every value that was not chosen (the losers)."""
    rows = [f for f in conflict.fields if f.unit in sides]
    losers = {
        f.field: (f.theirs if sides[f.unit] == "mine" else f.mine) for f in rows if not same(f.mine, f.theirs)
    }
    typed = {f.field: c[1] for f in rows if isinstance(c := choices.get(f.field), tuple)}
    detail = {
        "kind": conflict.kind,
        "choices": {f.field: "value" if f.field in typed else sides[f.unit] for f in rows},
        "lost": losers,
        "typed": typed,
        "values": {f.field: {"base": f.base, "mine": f.mine, "theirs": f.theirs} for f in rows},
    }
    unit.journal.write("resolved", conflict.record_id, detail)


def sides_of(conflict: Conflict, choices: Mapping[str, Choice]) -> dict[str, str]:
    """Merge unit -> "mine" or "theirs". A typed value keeps the rest of its unit as mine unless it says theirs."""
    rows = {f.field: f for f in conflict.fields}
    sides: dict[str, str] = {}
    typed: set[str] = set()
    for name, choice in choices.items():
        row = rows.get(name)
        if row is None:
            raise UnknownName(f'"{name[:80]}" is not in this conflict. It is about: {", ".join(rows)}.')
        if isinstance(choice, tuple):
            typed.add(row.unit)
            continue
        if choice not in ("mine", "theirs"):
            raise UsageError(f'"{choice[:80]}" is not a choice. Use mine, theirs or value:V.')
        if sides.setdefault(row.unit, choice) != choice:
            together = ", ".join(f.field for f in conflict.fields if f.unit == row.unit)
            raise UsageError(f"These belong together, so choose one side for all of them: {together}.")
    for unit in typed:
        sides.setdefault(unit, "mine")
    if not sides:
        raise UsageError(f"Say what to choose for: {', '.join(rows)}.")
    return sides


def drop_actions(unit: Unit, record: StoredRecord) -> None:
    """Actions that were confirmed and can have no place to go any more; the journal tells which."""
    for change in unit.outbox.of_record(record.id):
        if change.kind is ChangeKind.ACTION:
            unit.outbox.update(change, state=ChangeState.DISCARDED)
            told = {"kind": change.kind, "target": change.target, **change.payload}
            unit.journal.write("taken_back", record.id, told)


def given_up(record: StoredRecord, collection: Collection) -> tuple[FieldConflict, ...]:
    """Everything of ours that goes when the portal's side is taken whole, so that the journal can tell it (I15)."""
    base = record.base.document if record.base else Document()
    paths = leaves(record.pending.touched(), base, record.document)
    return tuple(
        FieldConflict(
            p, collection.unit_of(p), value_at(base, p), value_at(record.document, p), value_at(base, p)
        )
        for p in paths
    )


def _put(document: Document, path: str, value: str | int | None) -> None:
    parts = path.split(".")
    if len(parts) == 1:
        document.fields[path] = value
    elif (child := document.child(parts[0], parts[1])) is not None and len(parts) == 3:
        child.fields[parts[2]] = value


def laid_over(theirs: Document, mine: Document) -> Document:
    """The portal's record with every answer of the draft laid over it; children that say the same are not doubled."""
    document = theirs.copy()
    document.fields.update({n: v for n, v in mine.fields.items() if v not in (None, "")})
    for kind, group in mine.children.items():
        held = document.children.setdefault(kind, [])
        taken: list[str] = []
        for child in group:
            twin = find_twin(kind, child.fields, held, taken, _same_child)
            if twin is not None:
                taken.append(twin.id)
            else:
                held.append(Child(child.id, dict(child.fields)))
    return document


def _same_child(kind: str, said: Fields, held: Fields) -> bool:
    """It says the same, or it is at the same school, however that is called (pack 1.7)."""
    return says_the_same(kind, said, held) or (
        said.get("urn") not in (None, "") and same(said["urn"], held.get("urn"))
    )
