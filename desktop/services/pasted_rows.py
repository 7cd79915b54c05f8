"""Rows of a paste or an import, matched to records and compared; nothing is stored here.

A cell gives its field a new value; an empty one leaves it as it is, "(empty)" clears it. Codes and labels both count, days
as people type them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from desktop.model.collection import Collection, Field, Kind
from desktop.model.document import Child, Document, Fields, Patch, Value, same
from desktop.model.ids import RecordId
from desktop.services import bulk, wording
from desktop.services.acts import NothingToDo
from desktop.services.pasted_cells import Cells, as_text, taken
from desktop.services.pasted_columns import BORN, NAME, NAMES, PORTAL_ID, PastedColumn, label_of
from desktop.services.pasted_match import Found, Who, id_of, odd_id, person_of, split_name
from desktop.store.records import StoredRecord
from desktop.validation.entry import show_value

_SHOWN = 80


@dataclass(frozen=True)
class Manner:
    """What a paste and an import do otherwise.

    keeps   a new record keeps a cell that cannot be read as it was typed, and is a draft until somebody mends it
    asks    a name and a date of birth alone only make it likely who is meant: a person says
    """

    keeps: bool
    asks: bool


PASTED = Manner(keeps=False, asks=False)
IMPORTED = Manner(keeps=True, asks=True)


class RowStatus(StrEnum):
    """What became of one row."""

    MATCH = "match"
    SAME = "same"
    CLASH = "clash"
    NEW = "new"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class PastedCell:
    """One cell that says something new of a record, in words; `value` is what would be stored."""

    field: str
    label: str
    old_words: str
    new_words: str
    value: Value


@dataclass(frozen=True, slots=True)
class UnreadCell:
    """One cell that cannot be read. `text` as pasted (cut to 80 characters), `why` with what to do."""

    field: str
    label: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One row.

    number      its line in what was pasted or in the file, from 1, the row of headings counted
    label       the record's name, else what the row calls it
    record_id   the record it was matched to, None when there is none or several
    cells       what would change, field by field; for a new record all its answers
    unread      cells that cannot be read; they are left out when the rest of the row is saved
    why         one plain sentence for clash and unreadable; "" else
    candidates  (record id, name) of the records that a clash is about
    """

    number: int
    status: RowStatus
    label: str
    record_id: RecordId | None = None
    cells: tuple[PastedCell, ...] = ()
    unread: tuple[UnreadCell, ...] = ()
    why: str = ""
    candidates: tuple[tuple[RecordId, str], ...] = ()

    @property
    def can_be_saved(self) -> bool:
        """Whether `save` takes it: match and new; also a matched row with unread cells, for the cells that were read."""
        if self.status is RowStatus.UNREADABLE:
            return self.record_id is not None and bool(self.cells)
        return self.status in (RowStatus.MATCH, RowStatus.NEW)


@dataclass(frozen=True)
class Pasted:
    """What was read. `columns` in the order of the sheet; `notes` are plain sentences about what was left out."""

    collection: str
    has_header: bool
    columns: tuple[PastedColumn, ...]
    rows: tuple[PastedRow, ...]
    notes: tuple[str, ...] = ()

    def count(self, status: RowStatus) -> int:
        return sum(row.status is status for row in self.rows)


@dataclass(frozen=True, slots=True)
class Line:
    """One row on the way: what its cells say (None clears), which cannot be read, and who it is about.

    `typed` holds what cannot be read and can yet be kept, as it was typed.
    """

    number: int
    said: Fields
    unread: tuple[UnreadCell, ...]
    who: Who
    typed: Fields = field(default_factory=dict)

    @property
    def label(self) -> str:
        name = ", ".join(n for n in (self.who.last_name, self.who.first_names) if n)
        return (name or next(iter(self.who.ids.values()), "") or f"Row {self.number}")[:_SHOWN]


class RowReader:
    """Reads rows of one sheet, whose columns are known."""

    def __init__(self, collection: Collection, columns: Sequence[PastedColumn], cells: Cells) -> None:
        self._cells = cells
        self._keys = {PORTAL_ID, *collection.keys}
        self._used = [(c, field_of(collection, c.field)) for c in columns if c.use]

    def line(self, number: int, row: Sequence[str]) -> Line:
        """One row."""
        said: Fields = {}
        typed: Fields = {}
        ids: dict[str, str] = {}
        unread: list[UnreadCell] = []
        name = ""
        for column, known in self._used:
            raw = row[column.place] if column.place < len(row) else ""
            why = ""
            if known is None:
                text, why = taken(raw)
                if column.field == NAME:
                    name = text
                elif text and not why:
                    ids[column.field] = text
            else:
                read = self._cells.read(known, raw)
                why = read.why
                if not read.left and not why:
                    said[column.field] = read.value
                elif why and not taken(raw)[1]:
                    typed[column.field] = as_text(raw)
                if column.field in self._keys and not why and read.value:
                    ids[column.field] = str(read.value)
            if why:
                unread.append(UnreadCell(column.field, column.label, raw.strip()[:_SHOWN], why))
        return Line(number, said, tuple(unread), _who(ids, said, name), typed)


def field_of(collection: Collection, name: str) -> Field | None:
    """The field of a column: of the record itself, or of a child, as in "degrees.1.subject"."""
    kind, _, rest = name.partition(".")
    return collection.field(f"{kind}.{rest.partition('.')[2]}" if rest else name)


def patch_of(row: PastedRow) -> Patch:
    """What a row changes in the record that it was matched to."""
    return Patch({cell.field: cell.value for cell in row.cells})


def document_of(row: PastedRow) -> Document:
    """The record that a row makes, with its children in the order of their numbers."""
    fields: Fields = {}
    children: dict[tuple[str, str], Fields] = {}
    for cell in row.cells:
        kind, _, rest = cell.field.partition(".")
        number, _, name = rest.partition(".")
        if rest:
            children.setdefault((kind, number), {})[name] = cell.value
        else:
            fields[cell.field] = cell.value
    document = Document(fields)
    for (kind, _), answers in sorted(children.items()):
        document.children.setdefault(kind, []).append(Child("", answers))
    return document


def writes_of(rows: Sequence[PastedRow]) -> tuple[dict[RecordId, Patch], list[Document]]:
    """(what these rows change, by record; the records that they make). Raises NothingToDo for no rows."""
    if not rows:
        raise NothingToDo("Nothing to save: none of the chosen rows changes or adds a record.")
    patches = {row.record_id: patch_of(row) for row in rows if row.record_id is not None}
    return patches, [document_of(row) for row in rows if row.record_id is None]


def _who(ids: Mapping[str, str], said: Fields, name: str) -> Who:
    first, last = (str(said.get(n) or "") for n in NAMES)
    if name and not (first and last):
        last, first = split_name(name)
    return Who(ids, last, first, str(said.get(BORN) or ""))


@dataclass
class Comparer:
    """Says what rows would do to the records that they are about. What many new records say is put into words once."""

    collection: Collection
    manner: Manner
    _labels: dict[str, str] = field(default_factory=dict)
    _coded: dict[tuple[str, Value], PastedCell] = field(default_factory=dict)

    def row(self, line: Line, found: Found) -> PastedRow:
        """What a row would do to the record that was found for it, or the new record that it would make."""
        collection = self.collection
        unsure = self.manner.asks and found.guessed and found.record
        if found.clash or (unsure and _cells_of(collection, line, unsure)):
            candidates = tuple((r.id, _called(collection, r, found)) for r in found.candidates)
            why = found.clash or _whose(found.candidates[0].label)
            status = RowStatus.CLASH
            return PastedRow(
                line.number, status, line.label, unread=line.unread, why=why, candidates=candidates
            )
        if found.record is not None:
            return _with_record(collection, line, found.record)
        said = line.said | line.typed if self.manner.keeps else line.said
        cells = tuple(self._cell(name, value) for name, value in said.items() if value is not None)
        why = self._why_not_new(line, said)
        status = RowStatus.UNREADABLE if why else RowStatus.NEW
        return PastedRow(line.number, status, line.label, cells=cells, unread=line.unread, why=why)

    def _cell(self, name: str, value: Value) -> PastedCell:
        """A cell of a new record; text is its own words."""
        known = field_of(self.collection, name)
        if known is None or known.kind in (Kind.TEXT, Kind.EMAIL):
            return PastedCell(name, self._label(name), "", str(value), value)
        cell = self._coded.get((name, value))
        if cell is None:
            words = show_value(known, value, self.collection.code_lists)
            cell = self._coded[name, value] = PastedCell(name, self._label(name), "", words, value)
        return cell

    def _label(self, name: str) -> str:
        if name not in self._labels:
            self._labels[name] = label_of(self.collection, name)
        return self._labels[name]

    def _why_not_new(self, line: Line, said: Fields) -> str:
        """Why a row that is about nobody here makes no new record either; "" when it does."""
        one = self.collection.singular
        if line.unread and not (self.manner.keeps and len(line.unread) == len(line.typed)):
            lost = (c for c in line.unread if not self.manner.keeps or c.field not in line.typed)
            cell = next(lost)
            return f"{cell.label}: {cell.why}"
        there = next((name for name in line.who.ids if self.collection.field(name) is None), None)
        if there is not None:
            return odd_id(there, line.who.ids[there]) or (
                f"No {one} on this computer has this {self._label(there)}. Read from {self.collection.portal_short} first, or "
                "leave that cell empty to add a new one."
            )
        if not line.who.ids and not any(said.get(name) for name in NAMES):
            keys = ", ".join(self._label(key) for key in self.collection.keys)
            return f"It does not say which {one} it is about. Fill in one of {keys}, or the names."
        if not all(said.get(name) for name in NAMES):
            return f"No {one} here fits this row, and a new one needs first names and a last name."
        return ""


def _called(collection: Collection, record: StoredRecord, found: Found) -> str:
    """The name of a candidate; with its own ids where another has the same name."""
    if sum(other.label == record.label for other in found.candidates) < 2:
        return record.label
    ids = [held for name in collection.keys if (held := id_of(record, name))]
    return f"{record.label} ({', '.join(ids) or 'no ID yet'})"


def _whose(label: str) -> str:
    return f"This may be {label}: the names and the date of birth are the same. Say who it is, or add a column with an ID."


def _with_record(collection: Collection, line: Line, record: StoredRecord) -> PastedRow:
    cells = _cells_of(collection, line, record)
    row = PastedRow(line.number, RowStatus.MATCH, record.label, record.id, cells, line.unread)
    why = bulk.why_not(collection, record)
    if cells and why:
        return replace(row, status=RowStatus.CLASH, why=why)
    if line.unread:
        return replace(row, status=RowStatus.UNREADABLE, why=_first_unread(line))
    return row if cells else replace(row, status=RowStatus.SAME)


def _cells_of(collection: Collection, line: Line, record: StoredRecord) -> tuple[PastedCell, ...]:
    """What a row says anew of a record. Children of a record that is here are left as they are."""
    return tuple(
        PastedCell(
            name,
            label_of(collection, name),
            wording.value_of(collection, name, record.document.get(name)),
            wording.value_of(collection, name, value),
            value,
        )
        for name, value in line.said.items()
        if "." not in name and not same(record.document.get(name), value)
    )


def _first_unread(line: Line) -> str:
    first = line.unread[0]
    return f"{first.label}: {first.why}"


def alone(rows: Sequence[PastedRow], whos: Sequence[Who]) -> list[PastedRow]:
    """The same rows, those that are about one record, or one new person, made clashes."""
    about: dict[object, list[int]] = {}
    people: dict[object, list[int]] = {}
    for place, (row, who) in enumerate(zip(rows, whos, strict=True)):
        if row.record_id is not None:
            about.setdefault(row.record_id, []).append(place)
        elif row.status is RowStatus.NEW:
            for key in who.ids.items():
                about.setdefault(key, []).append(place)
            if person := person_of(who):
                people.setdefault(person, []).append(place)
    told = list(rows)
    same_people = [places for places in people.values() if not _told_apart([whos[p] for p in places])]
    for places in (*about.values(), *same_people):
        if len(places) > 1:
            numbers = ", ".join(str(rows[place].number) for place in places[:5])
            why = f"Rows {numbers} are about the same person. Keep one of them."
            for place in places:
                told[place] = replace(told[place], status=RowStatus.CLASH, why=why)
    return told


def _told_apart(whos: Sequence[Who]) -> bool:
    """Whether rows of one name and birthday all carry the same kind of id; each has its own then."""
    return bool(set.intersection(*(set(who.ids) for who in whos)))


def notes_of(columns: Sequence[PastedColumn]) -> tuple[str, ...]:
    """A sentence for each column that is left out."""
    return tuple(
        f"Left out: {column.heading or f'column {column.place + 1}'}. {column.why}"
        for column in columns
        if not column.use
    )
