"""Columns of the lists and the index of the search: both follow from the content, so they can be compared with it and made anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from desktop.model.collection import Collection
from desktop.store.behind import CHUNK
from desktop.store.lists import Question
from desktop.store.records import StoredRecord, derived_columns, listed_columns
from desktop.store.store import Unit

_LIKE_WORDS = (
    "CREATE VIRTUAL TABLE temp.expected USING fts5("
    "text, content='', tokenize=\"unicode61 remove_diacritics 2 tokenchars '-@_'\")"
)
_DIFFER = (
    "SELECT EXISTS (SELECT term, doc, cnt FROM temp.{a} EXCEPT SELECT term, doc, cnt FROM temp.{b})",
    "there_words",
    "expected_words",
)


def misfiled(unit: Unit, collection: Collection) -> list[int]:
    """Keys of the records whose name, numbers or filters in lists are not what their content says. Reads all of them."""
    return [
        record.key
        for record in _all(unit, collection)
        if unit.records.listed(record.key) != listed_columns(collection, record)
    ]


def refile(unit: Unit, collection: Collection, keys: Iterable[int]) -> None:
    """Bring these records in step with their content in the lists."""
    for record in unit.records.contents(list(keys)):
        unit.records.relist(collection, record)


def index_is_right(unit: Unit, collections: Iterable[Collection]) -> bool:
    """Whether the search finds each record by exactly the words that it has."""
    run = unit.connection.exec_driver_sql
    run(_LIKE_WORDS)
    try:
        for collection in collections:
            for record in _all(unit, collection):
                run("INSERT INTO temp.expected (rowid, text) VALUES (?, ?)", _words(collection, record))
        run("CREATE VIRTUAL TABLE temp.there_words USING fts5vocab(main, words, row)")
        run("CREATE VIRTUAL TABLE temp.expected_words USING fts5vocab(temp, expected, row)")
        told, there, expected = _DIFFER
        return not any(run(told.format(a=a, b=b)).scalar() for a, b in ((there, expected), (expected, there)))
    finally:
        for name in ("there_words", "expected_words", "expected"):
            run(f"DROP TABLE IF EXISTS temp.{name}")


def reindex(unit: Unit, collections: Iterable[Collection]) -> None:
    """Make the index of the search anew from the records."""
    run = unit.connection.exec_driver_sql
    run("INSERT INTO words (words) VALUES ('delete-all')")
    for collection in collections:
        for record in _all(unit, collection):
            run("INSERT INTO words (rowid, text) VALUES (?, ?)", _words(collection, record))


def _words(collection: Collection, record: StoredRecord) -> tuple[int, str]:
    return record.key, derived_columns(collection, record.document, record.base)["text"]


def _all(unit: Unit, collection: Collection) -> Iterator[StoredRecord]:
    keys = unit.lists.find(Question(collection.name), -1)
    for start in range(0, len(keys), CHUNK):
        yield from unit.records.contents(keys[start : start + CHUNK])
