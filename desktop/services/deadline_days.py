"""Days of single records: who starts, leaves or can be registered, and what of it is not at the portal yet.

The same day and the same matter of many records is one line ("Start of 20 teachers").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from desktop.model.change import Change, ChangeKind
from desktop.model.collection import Collection
from desktop.model.document import Fields
from desktop.services import wording
from desktop.services.core import Core
from desktop.store.lists import Question
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox

_MOST = 2_000
"""So many records are looked at for days of their own."""


@dataclass(frozen=True)
class Own:
    """A day of some records. `name` is the matter with the name, or with how many they are."""

    collection: Collection
    day: date
    name: str
    note: str
    records: tuple[tuple[str, str], ...]
    """(id, label) of each."""


def days_of_records(core: Core, unit: Unit) -> Iterator[Own]:
    """Those of every collection that has such days."""
    for collection in core.collections.values():
        if collection.days is not None:
            found: dict[tuple[date, str], list[tuple[str, str]]] = {}
            for record, changes in _records(core, unit, collection).values():
                context = outbox.context_of(collection, record, core.today())
                for one in collection.days.of(record.document, context, _asked(changes)):
                    found.setdefault((one.day, one.what), []).append((record.id, record.label))
            yield from (_own(collection, day, what, told) for (day, what), told in found.items())


def _records(
    core: Core, unit: Unit, collection: Collection
) -> Mapping[str, tuple[StoredRecord, list[Change]]]:
    found: dict[str, tuple[StoredRecord, list[Change]]] = {}
    for change in unit.outbox.all(collection.name):
        if change.record_id in found:
            found[change.record_id][1].append(change)
        elif len(found) < _MOST:
            found[change.record_id] = (core.record(unit, change.record_id), [change])
    also = collection.days.also if collection.days is not None else {}
    keys = unit.lists.find(Question(collection.name, facets=dict(also)), _MOST) if also else []
    for record in unit.records.contents(sorted(keys)):
        found.setdefault(record.id, (record, []))
    return found


def _asked(changes: list[Change]) -> Mapping[str, Fields]:
    return {c.target: dict(c.payload.get("fields", {})) for c in changes if c.kind is ChangeKind.ACTION}


def _own(collection: Collection, day: date, what: str, records: list[tuple[str, str]]) -> Own:
    named = _spoken(records[0][1]) if len(records) == 1 else wording.count(len(records), collection.singular)
    name, _, note = what.partition(":")
    return Own(collection, day, name.format(named), note.strip(), tuple(records))


def _spoken(label: str) -> str:
    """`Okafor, Sam` as one says it."""
    last, comma, first = label.partition(", ")
    return f"{first} {last}" if comma else last
