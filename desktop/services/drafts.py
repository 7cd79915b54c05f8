"""Half-typed answers: what stands in a form and is not saved yet, kept so that an end of the program does not take it.

One a record, and one a collection for a record that is not saved yet. An answer that was left is saved, and no longer
here. They lie in the encrypted workspace (kind "typing"), never beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop.model.collection import Collection
from desktop.model.document import Document, Value, same, value_at
from desktop.model.ids import RecordId
from desktop.services.core import Core
from desktop.services.views import HalfTyped
from desktop.services.writing import is_lookup
from desktop.store.kept import KeptThing
from desktop.store.store import Unit
from desktop.validation.entry import parse_value

_KIND = "typing"
_NEW = "new:"


class Drafts:
    """Kept within a second of a keystroke, so its writes do not wait for the disk: they outlive the program, and nearly
    always the computer. They are no edits: no journal, no queue, and no open screen is told.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    def keep(self, record_id: str | None, collection: str, values: Mapping[str, Value]) -> None:
        """These answers, by path as in a patch, stand half typed; in place of what was kept of this form before.

        What is asked only to find a person is not among them: it must not outlive the answer of the portal.
        """
        known = self._core.collection(collection)
        kept = {path: value for path, value in values.items() if not is_lookup(known, path)}
        name, body = (
            record_id or f"{_NEW}{collection}",
            {"record": record_id, "collection": collection, "values": kept},
        )
        with self._core.store.write(durable=False) as unit:
            if kept:
                unit.kept.put(_KIND, name, body)
            else:
                unit.kept.remove(_KIND, name)

    def forget(self, record_id: str | None, collection: str) -> None:
        """They are saved, or thrown away on the person's word. Harmless when there are none."""
        with self._core.store.write(durable=False) as unit:
            unit.kept.remove(_KIND, record_id or f"{_NEW}{collection}")

    def of(self, record_id: str | None, collection: str) -> HalfTyped | None:
        """What was kept of this form; None when the record holds all of it by now."""
        with self._core.store.read() as unit:
            kept = unit.kept.get(_KIND, record_id or f"{_NEW}{collection}")
            return self._read(unit, kept) if kept else None

    def latest(self) -> HalfTyped | None:
        """What was typed last of all; forms whose record is gone do not count."""
        with self._core.store.read() as unit:
            found = [half for kept in unit.kept.all(_KIND) if (half := self._read(unit, kept))]
        return max(found, key=lambda half: half.at, default=None)

    def _read(self, unit: Unit, kept: KeptThing) -> HalfTyped | None:
        """The program may have ended between the save and the tidying up after it: what is saved is left out."""
        collection = self._core.collections.get(kept.body["collection"])
        if collection is None:
            return None
        document, record_id = Document(), kept.body["record"]
        if record_id is not None:
            record = unit.records.get(record_id)
            if record is None:
                return None
            document = record.document
        values = {
            path: value
            for path, value in kept.body["values"].items()
            if not same(_meant(collection, path, value), value_at(document, path))
        }
        if not values:
            return None
        return HalfTyped(
            RecordId(record_id) if record_id else None, collection.name, values, kept.at, kept.actor
        )


def _meant(collection: Collection, path: str, value: Value) -> Value:
    field = collection.field(path)
    return parse_value(field, value, collection.code_lists) if field else value
