"""What this workspace knows, record by record: the content of a change file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop.model.collection import Collection
from desktop.model.snapshot import Snapshot
from desktop.model.standing import Sync
from desktop.store.lists import Question
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import leases
from desktop.sync.exchange import Known
from desktop.sync.exchange_book import Book, Page, needs_page
from desktop.sync.shown import Shown


@dataclass(frozen=True)
class Entry:
    """One record as it travels."""

    collection: str
    known: Known

    def to_json(self) -> dict[str, Any]:
        return {"collection": self.collection, "known": self.known.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Entry:
        return cls(str(data["collection"]), Known.from_json(data["known"]))


class LookOut:
    """Brings the book up to date with the records, inside a unit of work of the caller."""

    def __init__(self, unit: Unit, collections: Mapping[str, Collection], me: str) -> None:
        self._unit = unit
        self._collections = collections
        self.book = Book(unit, me)

    def entries(self, step: Callable[[int], None] = lambda _: None) -> Iterator[Entry]:
        """Everything that is known here; `step` is told of so many more records. Records that were deleted come last."""
        here: set[str] = set()
        for collection in self._collections.values():
            keys = self._unit.lists.find(Question(collection.name))
            ids = [record_id for record_id, _ in self._unit.lists.ids_of(keys).values()]
            here.update(ids)
            for record_id in self._unit.one_by_one(ids):
                record = self._unit.records.get(record_id)
                if record is not None:
                    yield self._entry(collection, record)
                    step(1)
        yield from self._deleted(here)

    def _entry(self, collection: Collection, record: StoredRecord) -> Entry:
        page = self.book.page(record.id)
        if page is None and collection.sends and record.base is not None and record.sync is Sync.CLEAN:
            return Entry(collection.name, as_shown(record.id, record.base))
        known = self.book.look(collection, record)
        if page is not None or needs_page(collection, known):
            self.book.put(record.id, page_of(collection, known, self.book, record.id))
        return Entry(collection.name, known)

    def _deleted(self, here: set[str]) -> Iterator[Entry]:
        for record_id, page in self.book.all().items():
            collection = self._collections.get(page.collection)
            if record_id in here or collection is None or page.known.shown is not None:
                continue
            known = self.book.deleted(record_id, page, collection)
            self.book.put(record_id, Page(page.collection, known))
            yield Entry(page.collection, known)

    def leases(self) -> dict[str, Any]:
        """What is being typed here, by item."""
        return {item: lease.to_json() for item, lease in leases.here(self._unit).items()}


def as_shown(record_id: str, base: Snapshot) -> Known:
    """A record just as the portal shows it."""
    return Known(frozenset({record_id}), shown=Shown(base, base.version))


def page_of(collection: Collection, known: Known, book: Book, record_id: str) -> Page:
    """The page of a record. What a portal shows whole stands in the record, and need not be remembered twice."""
    before = book.page(record_id)
    asked = book.open_still(record_id, before) if before else {}
    return Page(collection.name, replace(known, shown=None) if collection.sends else known, asked)
