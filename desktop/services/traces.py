"""Where somebody is found in a workspace beside the record: in kept things, kept files and the history.

`Person` holds what one looks for. A *mark* names one person alone: ids, numbers of their own, the email address, the name
as a whole. A *value* is anything that was ever typed or shown of them, for the proof that it is gone. The local id is a
random number that means nothing without the record: blanked rows of the history keep it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desktop.model.collection import Collection, Kind
from desktop.model.document import Document
from desktop.store import sealed
from desktop.store.kept import KeptThing
from desktop.store.records import StoredRecord
from desktop.store.store import Store, Unit

_FREE = (Kind.TEXT, Kind.EMAIL)
_SHORTEST = 5
"""A shorter value is in so many places that finding it says nothing."""

_LARGEST_MEMBER = 64 << 20
REMOVED = "(removed)"


@dataclass(frozen=True)
class Person:
    """What to look for. `names` = (first names, last name) as held, both filled, or ()."""

    record_id: str
    portal_id: str
    marks: frozenset[str]
    values: frozenset[str]
    names: tuple[str, ...]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(i for i in (self.record_id, self.portal_id) if i)

    def in_text(self, text: str) -> bool:
        """Whether a text names this person: by a mark, or by first and last name on one line."""
        if any(mark in text for mark in self.marks):
            return True
        return bool(self.names) and any(
            all(name in line for name in self.names) for line in text.splitlines()
        )


def person(unit: Unit, collection: Collection, record: StoredRecord) -> Person:
    """What is to be looked for of the person whom a record is about."""
    sides = [record.document, *([record.base.document] if record.base else [])]
    extras = record.base.extras if record.base else {}
    values = {v for side in sides for v in _free_text(collection, side)}
    values |= {text for text in _texts(extras) if not text[:1].isdigit() or text.isdigit()}
    for entry in unit.journal.entries(record.id, limit=-1):
        values |= set(_values_told(collection, entry.detail))
    own = [side.get(key) or extras.get(key) for side in sides for key in collection.keys]
    emails = [side.get(f.name) for side in sides for f in collection.fields if f.kind is Kind.EMAIL]
    names = tuple(str(record.document.get(n) or "") for n in ("first_names", "last_name"))
    spoken = " ".join(names) if all(names) else ""
    marks = {str(v) for v in (record.id, record.portal_id, record.label, spoken, *own, *emails) if v}
    return Person(
        record.id,
        record.portal_id or "",
        frozenset(m for m in marks if len(m) >= _SHORTEST),
        frozenset(v for v in (values | marks) - {record.id} if len(v) >= _SHORTEST),
        names if all(len(n) > 1 for n in names) else (),
    )


def _free_text(collection: Collection, document: Document) -> Iterator[str]:
    """What was typed freely: codes and days are no one's own."""
    for field in collection.fields:
        value = document.get(field.name)
        if field.kind in _FREE and isinstance(value, str):
            yield value
    for group in document.children.values():
        yield from (child.portal_id for child in group if child.portal_id)


def _values_told(collection: Collection, detail: Mapping[str, Any]) -> Iterator[str]:
    """Old values of free text in a row of the history."""
    fields = detail.get("fields")
    if isinstance(fields, Mapping):
        for path, told in fields.items():
            field = collection.field(str(path))
            if field is not None and field.kind in _FREE and "." not in str(path):
                yield from _texts(told)


def _texts(data: object) -> Iterator[str]:
    """Every text in a piece of JSON."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for one in data.values():
            yield from _texts(one)
    elif isinstance(data, list | tuple):
        for one in data:
            yield from _texts(one)


# -- kept things --------------------------------------------------------------------------------------------------


def naming(unit: Unit, people: Iterable[Person]) -> list[tuple[str, KeptThing]]:
    """(kind, thing) of every kept thing that names one of these people."""
    looked = tuple(people)
    marks = {mark for one in looked for mark in one.marks}
    return [
        (kind, thing)
        for kind, thing in unit.kept.every()
        if any(mark in thing.name or mark in text for mark in marks for text in _texts_and_keys(thing.body))
    ]


def _texts_and_keys(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for key, one in data.items():
            yield str(key)
            yield from _texts_and_keys(one)
    elif isinstance(data, list):
        for one in data:
            yield from _texts_and_keys(one)


def without(data: Any, people: Iterable[Person]) -> Any:
    """A piece of JSON without these people: rows that name one go as a whole, keys that are an id, words in a sentence."""
    looked = tuple(people)
    marks = {mark for one in looked for mark in one.marks}
    ids = {i for one in looked for i in one.ids}
    return _without(data, marks, ids)


def _without(data: Any, marks: set[str], ids: set[str]) -> Any:
    if isinstance(data, dict):
        return {key: _without(value, marks, ids) for key, value in data.items() if key not in ids}
    if isinstance(data, list):
        return [one for one in data if not any(m in text for m in marks for text in _texts_and_keys(one))]
    if isinstance(data, str) and any(mark in data for mark in marks):
        return REMOVED
    return data


# -- kept files ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NamingFile:
    """A kept file that names people. `alone` = nobody else is in it, as far as its lines show."""

    name: str
    people: tuple[str, ...]
    alone: bool


def files_naming(store: Store, people: Iterable[Person]) -> list[NamingFile]:
    """Kept files in which these people occur, by record id; one that cannot be opened is the doctor's affair."""
    looked = tuple(people)
    found = []
    for path in sealed.all_of(store):
        name = sealed.name_of(path)
        texts = list(texts_of(sealed.read(store, name) or b""))
        there = tuple(one.record_id for one in looked if any(one.in_text(text) for text in texts))
        if there:
            named = [one for one in looked if one.record_id in there]
            found.append(NamingFile(name, there, _alone(texts, named)))
    return found


def _alone(texts: list[str], named: list[Person]) -> bool:
    """A head and lines that all name these people."""
    if len(texts) != 1:
        return False
    lines = [line for line in texts[0].splitlines() if line.strip()]
    return sum(not any(one.in_text(line) for one in named) for line in lines) <= 1


def texts_of(content: bytes) -> Iterator[str]:
    """What can be read in a file: its text, or that of the parts of a workbook."""
    if content[:2] != b"PK":
        yield _decoded(content)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            for member in book.infolist():
                if member.filename.endswith(".xml") and member.file_size <= _LARGEST_MEMBER:
                    yield _decoded(book.read(member)).replace("</row>", "\n").replace("</si>", "\n")
    except (zipfile.BadZipFile, OSError, RuntimeError):
        yield _decoded(content)


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
