"""Paste from a spreadsheet: rows read, matched to records and compared; nothing is saved until a person says so.

A cell gives its field a new value; an empty one leaves it as it is, "(empty)" clears it. Codes and labels both count, days
as people type them. Degrees and placements are not pasted: they have no id that a row could name.
"""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from desktop.model.collection import Collection
from desktop.model.document import Document, Fields, Patch, Value, same
from desktop.model.errors import UsageError
from desktop.model.ids import RecordId
from desktop.services import bulk, wording
from desktop.services.acts import Act, Acts, NothingToDo
from desktop.services.bulk import Cancelled, Tell
from desktop.services.core import Core
from desktop.services.pasted_cells import Cells, as_text, unreadable
from desktop.services.pasted_columns import BORN, NAME, NAMES, PORTAL_ID, PastedColumn, columns_of, label_of
from desktop.services.pasted_match import Found, Matcher, Who, person_of, split_name
from desktop.services.pasted_text import rows_of
from desktop.store.records import StoredRecord

__all__ = ["Paste", "Pasted", "PastedCell", "PastedColumn", "PastedRow", "RowStatus", "UnreadCell"]

_SHOWN = 80


class RowStatus(StrEnum):
    """What became of one pasted row."""

    MATCH = "match"
    SAME = "same"
    CLASH = "clash"
    NEW = "new"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class PastedCell:
    """One cell that says something new of a record, in words; `value` is what would be stored."""

    field: str
    label: str
    old_words: str
    new_words: str
    value: Value


@dataclass(frozen=True)
class UnreadCell:
    """One cell that cannot be read. `text` as pasted (cut to 80 characters), `why` with what to do."""

    field: str
    label: str
    text: str
    why: str


@dataclass(frozen=True)
class PastedRow:
    """One row.

    number      its line in what was pasted, from 1, the row of headings counted
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
    """What was read. `columns` in the order of the clipboard; `notes` are plain sentences about what was left out."""

    collection: str
    has_header: bool
    columns: tuple[PastedColumn, ...]
    rows: tuple[PastedRow, ...]
    notes: tuple[str, ...] = ()

    def count(self, status: RowStatus) -> int:
        return sum(row.status is status for row in self.rows)


@dataclass(frozen=True)
class _Line:
    """One row on the way: what its cells say (None clears), which cannot be read, and who it is about."""

    number: int
    said: Fields
    unread: tuple[UnreadCell, ...]
    who: Who

    @property
    def label(self) -> str:
        name = ", ".join(n for n in (self.who.last_name, self.who.first_names) if n)
        return (name or next(iter(self.who.ids.values()), "") or f"Row {self.number}")[:_SHOWN]


class Paste:
    """Reading and saving what was pasted. Worker thread."""

    def __init__(self, core: Core, acts: Acts) -> None:
        self._core = core
        self._acts = acts

    def read(
        self,
        text: str | bytes,
        collection: str,
        columns: Sequence[str] | Mapping[int, str] | None = None,
    ) -> Pasted:
        """Read the clipboard's text (or the bytes of a CSV file) and match its rows to records. Nothing is saved.

        `columns`: a sequence of field names says what the columns are when there is no row of headings (the columns
        on screen); a mapping from position (from 0) to field name overrides what was guessed, "" leaves one out.
        Raises UsageError with the next step when nothing can be done with it.
        """
        known = self._core.collection(collection)
        rows = rows_of(text)
        if len(rows) == 1 and sum(bool(cell.strip()) for cell in rows[0]) == 1:
            raise UsageError(
                "Only one cell was copied. Copy whole rows with their headings, and paste again. To give one answer to "
                "many records, choose them in the list and change them together."
            )
        has_header, found = columns_of(known, rows, columns)
        begin = 1 if has_header else 0
        reader = _Reader(known, found, Cells(known, self._core.today()))
        lines = [
            reader.line(number, cells)
            for number, cells in enumerate(rows[begin:], begin + 1)
            if any(cell.strip() for cell in cells)
        ]
        if not lines:
            raise UsageError("There are headings and no rows below them. Copy the rows too, and paste again.")
        with self._core.store.read() as unit:
            matcher = Matcher(unit, known, [line.who for line in lines])
        compared = [_row(known, line, matcher.find(line.who)) for line in lines]
        return Pasted(collection, has_header, tuple(found), tuple(_alone(compared, lines)), _notes(found))

    def save(
        self,
        pasted: Pasted,
        chosen_rows: Some[int],
        progress: Tell | None = None,
        cancelled: Cancelled | None = None,
    ) -> Act:
        """Save the rows with these numbers, as one act with one undo. Raises NothingToDo, Stopped, UsageError."""
        chosen = frozenset(chosen_rows)
        rows = [row for row in pasted.rows if row.number in chosen and row.can_be_saved]
        if not rows:
            raise NothingToDo("Nothing to save: none of the chosen rows changes or adds a record.")
        known = self._core.collection(pasted.collection)
        patches = {
            row.record_id: Patch({cell.field: cell.value for cell in row.cells})
            for row in rows
            if row.record_id is not None
        }
        new = [
            Document({cell.field: cell.value for cell in row.cells}) for row in rows if row.record_id is None
        ]
        return self._acts.apply(
            patches,
            new,
            collection=known.name,
            words=f"Pasted {wording.count(len(rows), 'row')}",
            progress=progress,
            cancelled=cancelled,
        )


class _Reader:
    """Reads rows of one paste, whose columns are known."""

    def __init__(self, collection: Collection, columns: Sequence[PastedColumn], cells: Cells) -> None:
        self._cells = cells
        self._keys = {PORTAL_ID, *collection.keys}
        self._used = [(c, collection.field(c.field)) for c in columns if c.use]

    def line(self, number: int, row: Sequence[str]) -> _Line:
        """One row."""
        said: Fields = {}
        ids: dict[str, str] = {}
        unread: list[UnreadCell] = []
        name = ""
        for column, field in self._used:
            raw = row[column.place] if column.place < len(row) else ""
            why = ""
            if field is None:
                text = as_text(raw)
                why = unreadable(text) if text else ""
                if column.field == NAME:
                    name = text
                elif text and not why:
                    ids[column.field] = text
            else:
                read = self._cells.read(field, raw)
                why = read.why
                if not read.left and not why:
                    said[column.field] = read.value
                if column.field in self._keys and not why and read.value:
                    ids[column.field] = str(read.value)
            if why:
                unread.append(UnreadCell(column.field, column.label, raw.strip()[:_SHOWN], why))
        return _Line(number, said, tuple(unread), _who(ids, said, name))


def _who(ids: Mapping[str, str], said: Fields, name: str) -> Who:
    first, last = (str(said.get(n) or "") for n in NAMES)
    if name and not (first and last):
        last, first = split_name(name)
    return Who(ids, last, first, str(said.get(BORN) or ""))


def _row(collection: Collection, line: _Line, found: Found) -> PastedRow:
    if found.clash:
        candidates = tuple((r.id, r.label) for r in found.candidates)
        row = PastedRow(line.number, RowStatus.CLASH, line.label, why=found.clash, candidates=candidates)
        return replace(row, unread=line.unread)
    if found.record is None:
        return _without_record(collection, line)
    return _with_record(collection, line, found.record)


def _with_record(collection: Collection, line: _Line, record: StoredRecord) -> PastedRow:
    cells = tuple(
        PastedCell(
            name,
            label_of(collection, name),
            wording.value_of(collection, name, record.document.get(name)),
            wording.value_of(collection, name, value),
            value,
        )
        for name, value in line.said.items()
        if not same(record.document.get(name), value)
    )
    row = PastedRow(line.number, RowStatus.MATCH, record.label, record.id, cells, line.unread)
    why = bulk.why_not(collection, record)
    if cells and why:
        return replace(row, status=RowStatus.CLASH, why=why)
    if line.unread:
        return replace(row, status=RowStatus.UNREADABLE, why=_first_unread(line))
    return row if cells else replace(row, status=RowStatus.SAME)


def _without_record(collection: Collection, line: _Line) -> PastedRow:
    cells = tuple(
        PastedCell(name, label_of(collection, name), "", wording.value_of(collection, name, value), value)
        for name, value in line.said.items()
        if value is not None
    )
    row = PastedRow(line.number, RowStatus.UNREADABLE, line.label, cells=cells, unread=line.unread)
    there = next((name for name in line.who.ids if collection.field(name) is None), None)
    if line.unread:
        return replace(row, why=_first_unread(line))
    if there is not None:
        return replace(
            row,
            why=f"No {collection.singular} on this computer has this {label_of(collection, there)}. Read from "
            f"{collection.portal_short} first, or leave that cell empty to add a new one.",
        )
    if not all(line.said.get(name) for name in NAMES):
        return replace(
            row,
            why=f"No {collection.singular} here fits this row, and a new one needs first names and a last name.",
        )
    return replace(row, status=RowStatus.NEW)


def _first_unread(line: _Line) -> str:
    first = line.unread[0]
    return f"{first.label}: {first.why}"


def _alone(rows: Sequence[PastedRow], lines: Sequence[_Line]) -> list[PastedRow]:
    """The same rows, those that are about one record, or one new person, made clashes."""
    about: dict[object, list[int]] = {}
    for place, (row, line) in enumerate(zip(rows, lines, strict=True)):
        if row.record_id is not None:
            about.setdefault(row.record_id, []).append(place)
        elif row.status is RowStatus.NEW:
            for key in (*line.who.ids.items(), person_of(line.who)):
                if key is not None:
                    about.setdefault(key, []).append(place)
    told = list(rows)
    for places in about.values():
        if len(places) > 1:
            numbers = ", ".join(str(rows[place].number) for place in places[:5])
            why = f"Rows {numbers} are about the same person. Keep one of them."
            for place in places:
                told[place] = replace(told[place], status=RowStatus.CLASH, why=why)
    return told


def _notes(columns: Sequence[PastedColumn]) -> tuple[str, ...]:
    return tuple(
        f"Left out: {column.heading or f'column {column.place + 1}'}. {column.why}"
        for column in columns
        if not column.use
    )
