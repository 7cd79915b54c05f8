"""What many records have in common, and what one change of all of them would do. Reads only; `acts` does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from desktop.model.collection import Collection, Context
from desktop.model.document import Document, Patch, Value, diff, normalise, same
from desktop.model.finding import Severity
from desktop.model.ids import RecordId
from desktop.services import wording, writing
from desktop.services.core import Core
from desktop.services.views import Progress
from desktop.store.behind import CHUNK
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox
from desktop.validation.engine import check

Tell = Callable[[Progress], None]
Cancelled = Callable[[], bool]

MOST_LINES = 200
"""So many answers are shown before a bulk change."""


class Varies(Enum):
    """Stands where the records of a selection hold different values."""

    VARIES = "varies"


VARIES = Varies.VARIES


@dataclass(frozen=True)
class LeftOut:
    """A record that was, or would be, left as it is, and why, in one plain sentence."""

    record_id: RecordId
    label: str
    why: str


@dataclass(frozen=True)
class ChangeLine:
    """One answer that would change, in words."""

    record_id: RecordId
    label: str
    field_label: str
    old_words: str
    new_words: str


@dataclass(frozen=True)
class BulkPreview:
    """What a change of many records would do; nothing is stored.

    to_change   records that would change;  same: records that hold these answers already
    left_out    records that take no change now
    new_errors  errors that the change would bring, over all records: what has errors is a draft and is not sent
    lines       the first 200 answers that would change
    """

    to_change: int
    same: int
    left_out: tuple[LeftOut, ...]
    new_errors: int
    lines: tuple[ChangeLine, ...]


def values_of(unit: Unit, keys: Sequence[int], names: Sequence[str]) -> dict[str, Value | Varies]:
    """What records hold of each field; VARIES where they differ."""
    found: dict[str, Value | Varies] = {}
    open_names = list(names)
    for record in _records(unit, keys):
        for name in open_names:
            value = normalise(record.document.get(name))
            if name not in found:
                found[name] = value
            elif not same(found[name], value):  # type: ignore[arg-type]  # VARIES is not looked at again
                found[name] = VARIES
        open_names = [name for name in open_names if found[name] is not VARIES]
        if not open_names:
            break
    return {name: found.get(name) for name in names}


def preview(
    core: Core, unit: Unit, keys: Sequence[int], fields: Mapping[str, Value], told: Callable[[int], None]
) -> BulkPreview:
    """What giving `fields` to the records with these keys would do. `told` hears how many were looked at."""
    to_change = alike = new_errors = done = 0
    left_out: list[LeftOut] = []
    lines: list[ChangeLine] = []
    patch = Patch(dict(fields))
    for record in _records(unit, keys):
        done += 1
        told(done)
        collection = core.collection_of(record)
        if why := why_not(collection, record):
            left_out.append(LeftOut(record.id, record.label, why))
            continue
        after = writing.patched(unit, collection, record, patch)
        changed = diff(record.document, after)
        if not changed:
            alike += 1
            continue
        to_change += 1
        new_errors += _new_errors(core, unit, collection, record, after)
        room = MOST_LINES - len(lines)
        lines += [_line(collection, record, after, name) for name in list(changed.fields)[:room]]
    left_out += [gone()] * (len(keys) - done)
    return BulkPreview(to_change, alike, tuple(left_out), new_errors, tuple(lines))


def why_not(collection: Collection, record: StoredRecord) -> str:
    """Why a record is left out of a bulk act; "" when it is not."""
    if record.missing:
        return outbox.not_there(collection)
    return writing.closed(collection, record)


def gone(record_id: str = "", label: str = "Removed record") -> LeftOut:
    """A record that was removed meanwhile."""
    return LeftOut(RecordId(record_id), label, "It is not on this computer any more.")


def _records(unit: Unit, keys: Sequence[int]) -> Iterator[StoredRecord]:
    """Whole records, so many at a time that memory stays bounded."""
    for start in range(0, len(keys), CHUNK):
        yield from unit.records.contents(keys[start : start + CHUNK])


def _new_errors(core: Core, unit: Unit, collection: Collection, record: StoredRecord, after: Document) -> int:
    def errors(document: Document) -> set[tuple[str, str]]:
        return _errors(
            collection, document, outbox.context_of(collection, record, core.today(), unit, document)
        )

    found = errors(after)
    return len(found - errors(record.document)) if found else 0


def _errors(collection: Collection, document: Document, context: Context) -> set[tuple[str, str]]:
    found = check(collection, document, context)
    return {(f.rule, f.field) for f in found if f.severity is Severity.ERROR}


def _line(collection: Collection, record: StoredRecord, after: Document, name: str) -> ChangeLine:
    return ChangeLine(
        record.id,
        record.label,
        wording.label_of(collection, name),
        wording.value_of(collection, name, record.document.get(name)),
        wording.value_of(collection, name, after.get(name)),
    )
