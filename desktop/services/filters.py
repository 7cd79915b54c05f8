"""Saved filters: a question under a name. Kept in the encrypted workspace, since a search may name a person."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desktop.model.collection import Collection
from desktop.model.errors import UnknownName, UsageError
from desktop.model.standing import Sync
from desktop.services.core import Core, refuse_unwritable
from desktop.services.records import Records
from desktop.services.views import RecordQuery
from desktop.store.store import Unit

LONGEST_NAME = 60
_KIND = "filter"
_OPEN = tuple(str(sync) for sync in Sync if sync is not Sync.CLEAN)


@dataclass(frozen=True)
class SavedFilter:
    """A question under a name. `built_in` ones cannot be renamed or removed."""

    name: str
    query: RecordQuery
    built_in: bool


class Filters:
    """All saved filters. Names are trimmed, and unique in the workspace whatever their case."""

    def __init__(self, core: Core, records: Records) -> None:
        self._core = core
        self._records = records

    def all(self, collection: str) -> list[SavedFilter]:
        """Those of a collection: the built-in ones, then those of people, by name."""
        known = self._core.collection(collection)
        with self._core.store.read() as unit:
            saved = [_filter(thing.body) for thing in unit.kept.all(_KIND)]
        own = [one for one in saved if one.query.collection == known.name]
        return [*self._built_in(known), *sorted(own, key=lambda one: one.name.casefold())]

    def save(self, name: str, query: RecordQuery, *, replace: bool = False) -> SavedFilter:
        """Keep a question. Raises UsageError for a name that is empty, too long or taken (unless `replace`).

        Raises UnknownName for a question that cannot be asked.
        """
        self._records.count(query)
        name = self._clean(name)
        saved = SavedFilter(name, query, built_in=False)
        with self._core.store.write() as unit:
            if not replace:
                _refuse_taken(unit, name)
            unit.kept.put(_KIND, _key(name), _body(saved))
        return saved

    def rename(self, old: str, new: str) -> SavedFilter:
        """Raises UnknownName, or UsageError as `save`."""
        new = self._clean(new)
        with self._core.store.write() as unit:
            found = self._own(unit, old)
            if _key(new) != _key(found.name):
                _refuse_taken(unit, new)
            renamed = SavedFilter(new, found.query, built_in=False)
            unit.kept.remove(_KIND, _key(found.name))
            unit.kept.put(_KIND, _key(new), _body(renamed))
        return renamed

    def remove(self, name: str) -> None:
        """Raises UnknownName, UsageError for a built-in one."""
        with self._core.store.write() as unit:
            unit.kept.remove(_KIND, _key(self._own(unit, name).name))

    def _own(self, unit: Unit, name: str) -> SavedFilter:
        if _key(name) in self._reserved():
            raise UsageError("This filter is part of Holdfast, so it stays as it is. Save one of your own.")
        kept = unit.kept.get(_KIND, _key(name))
        if kept is None:
            raise UnknownName("There is no filter of this name any more.")
        return _filter(kept.body)

    def _clean(self, name: str) -> str:
        """The name as it is kept. Raises UsageError."""
        refuse_unwritable(name)
        shown = " ".join(unicodedata.normalize("NFC", name).split())
        if not shown:
            raise UsageError("Give the filter a name.")
        if len(shown) > LONGEST_NAME:
            raise UsageError(f"A name has at most {LONGEST_NAME} characters. Shorten it.")
        if _key(shown) in self._reserved():
            raise UsageError(f"“{shown}” is a filter of Holdfast itself. Choose another name.")
        return shown

    def _reserved(self) -> set[str]:
        known = self._core.collections.values()
        return {_key(one.name) for collection in known for one in self._built_in(collection)}

    def _built_in(self, collection: Collection) -> Iterator[SavedFilter]:
        year = collection.cycle(self._core.today())
        built_in: dict[str, Mapping[str, str | tuple[str, ...]]] = {
            "With errors": {"errors": "1"},
            "Not sent yet": {"sync": _OPEN},
            "Bursary at risk": {"money_only": "1", "unready": "1"},
            "TRN pending": {"state": "submitted_for_trn"},
            "This year": {"cycle": str(year)},
        }
        for name, filters in built_in.items():
            if name != "TRN pending" or collection.state("submitted_for_trn"):
                yield SavedFilter(name, RecordQuery(collection.name, filters=filters), built_in=True)


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def _refuse_taken(unit: Unit, name: str) -> None:
    if unit.kept.get(_KIND, _key(name)) is not None:
        raise UsageError(f"There already is a filter called “{name}”. Choose another name, or replace it.")


def _body(saved: SavedFilter) -> dict[str, Any]:
    query = saved.query
    return {
        "name": saved.name,
        "collection": query.collection,
        "search": query.search,
        "filters": {n: v if isinstance(v, str) else list(v) for n, v in query.filters.items()},
        "sort": query.sort,
        "descending": query.descending,
    }


def _filter(body: dict[str, Any]) -> SavedFilter:
    filters = {n: v if isinstance(v, str) else tuple(v) for n, v in body["filters"].items()}
    query = RecordQuery(body["collection"], body["search"], filters, body["sort"], body["descending"])
    return SavedFilter(body["name"], query, built_in=False)
