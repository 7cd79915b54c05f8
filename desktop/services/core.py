"""What all use cases share: the open store, the collections, the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from desktop.collections import load, names
from desktop.model.collection import Collection
from desktop.model.errors import UnknownName, UnknownRef, UsageError
from desktop.store.records import StoredRecord
from desktop.store.store import Store, Unit

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Core:
    """Handed to every group of use cases. `store.clock` gives aware UTC; London decides what day it is.

    `collections` are those that the workspace looks after; one of the others can be named, and is one of them from then on.
    """

    store: Store
    collections: Mapping[str, Collection]

    def now(self) -> datetime:
        return self.store.clock()

    def today(self) -> date:
        return self.store.clock().astimezone(LONDON).date()

    def collection(self, name: str) -> Collection:
        """Raises UnknownName with the names there are."""
        if name not in self.collections and name not in names():
            raise UnknownName(f'There is no collection "{name}". There are: {", ".join(names())}.')
        return self.collections.get(name) or load(name)

    def collection_of(self, record: StoredRecord) -> Collection:
        return self.collection(record.collection)

    def record(self, unit: Unit, record_id: str) -> StoredRecord:
        """Raises UnknownRef."""
        found = unit.records.get(record_id)
        if found is None:
            raise UnknownRef("That record is not on this computer any more.")
        return found


def today_in_london() -> date:
    """The day that decides every rule of the calendar, where there is no workspace to ask."""
    return datetime.now(LONDON).date()


def refuse_unwritable(text: object) -> None:
    """Text that no file and no portal can hold (half of a surrogate pair) is refused at the door. Raises UsageError."""
    if isinstance(text, str) and not text.isascii() and any("\ud800" <= ch <= "\udfff" for ch in text):
        raise UsageError("The text holds a broken character that cannot be stored. Type it again without it.")
