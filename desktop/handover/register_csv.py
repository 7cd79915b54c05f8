"""Register's file for new trainees ("bulk add"), and the files with errors that its three routes give back.

Plain functions over plain data. Which columns there are, and which answer stands in each, is a table of the pack
(`register_csv.json`). Source: domain pack 4.1 and 4.4.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from desktop.handover.cells import guarded
from desktop.handover.csv_sheet import Sheet, heads_missing, read_sheet, said, whole_trn
from desktop.model.collection import Collection
from desktop.model.document import Child, Document, Value
from desktop.model.errors import UsageError

BULK_ADD, RECOMMEND, PLACEMENTS = "bulk-add", "recommend", "placements"
ROUTES = (BULK_ADD, RECOMMEND, PLACEMENTS)
Table = Mapping[str, Any]


@dataclass(frozen=True)
class Left:
    """Something of a record that a file cannot say, at `path` ("" = the whole record), and why."""

    path: str
    why: str


@dataclass(frozen=True)
class File:
    """One file: its bytes, and which of the rows given stand in it, by number from 0 in their order."""

    content: bytes
    rows: tuple[int, ...]


# --- new trainees


def columns_of(table: Table) -> list[str]:
    """The heads of the template, in its order."""
    return [column for column, _ in table["bulk_add"]["columns"]]


class Template:
    """The template for new trainees: what a record says in its columns, and what it cannot say there."""

    def __init__(self, table: Table, collection: Collection) -> None:
        rules = table["bulk_add"]
        self._collection = collection
        self._most_bytes = int(table["most_bytes"])
        self._head = _line(columns_of(table))
        self._columns = [_parts(path) for _, path in rules["columns"]]
        self._needs: Mapping[str, str] = rules["needs"]
        own = {name for kind, _, name in self._columns if not kind}
        self._no_column = [field for field in collection.fields if field.name not in own]
        self._kinds = {kind.key: kind for kind in collection.children}
        self._names = {
            key: {name for kind, _, name in self._columns if kind == key} | set(rules["follows"].get(key, ()))
            for key in self._kinds
        }
        self._room = {
            key: 1 + max((number for kind, number, _ in self._columns if kind == key), default=-1)
            for key in self._kinds
        }

    def cells(self, document: Document) -> list[str]:
        """The answers of a record in the order of the template."""
        return _as_cells(self._values(document))

    def row(self, document: Document) -> tuple[list[str], list[Left]]:
        """`cells` and `left` of a record, looked up together."""
        values = self._values(document)
        return _as_cells(values), self._left(document, values)

    def sent(self, document: Document, cells: Sequence[str]) -> Document:
        """What of a document a row of cells said: its own answers where they are the same, else those of the cells.

        Children keep their ids, so that what arrives can be known again.
        """
        found = Document()
        groups = self._groups(document)
        made: dict[tuple[str, int], Child] = {}
        for (kind, number, name), value, cell in zip(
            self._columns, self._values(document), cells, strict=True
        ):
            said_so = value if ("" if value is None else str(value)) == cell else cell or None
            if not kind:
                found.fields[name] = said_so
            elif said_so is not None and number < len(groups[kind]):
                child = made.setdefault((kind, number), Child(groups[kind][number].id, {}))
                child.fields[name] = said_so
        for (kind, _), child in made.items():
            found.children.setdefault(kind, []).append(child)
        return found

    def left(self, document: Document) -> list[Left]:
        """What of a record the template has no column for, each with its place (pack 4.1)."""
        return self._left(document, self._values(document))

    def _left(self, document: Document, values: Sequence[Value]) -> list[Left]:
        fields = document.fields
        found = [
            Left(
                f.name,
                f"The file has no column for {_lower(f.label)}. It waits until Register has the trainee.",
            )
            for f in self._no_column
            if fields.get(f.name) not in (None, "")
        ]
        groups = self._groups(document)
        for kind, children in document.children.items():
            if children and kind in self._kinds:
                found += self._left_of(kind, children, [child.id for child in groups[kind]])
        found += [
            Left(
                name if not kind else f"{kind}.{groups[kind][number].id}.{name}",
                "Register takes away an apostrophe at the beginning. Put it back once Register has the trainee.",
            )
            for (kind, number, name), value in zip(self._columns, values, strict=True)
            if type(value) is str and value[:1] == "'"
        ]
        return found

    def _left_of(self, kind: str, children: Sequence[Child], fitting: Sequence[str]) -> Iterator[Left]:
        known, room = self._kinds[kind], self._room[kind]
        for child in children:
            path = f"{kind}.{child.id}"
            if child.id not in fitting:
                need = self._label(kind, self._needs[kind])
                yield Left(path, f"The file has room only for a {known.singular} with a {need}.")
            elif fitting.index(child.id) >= room:
                many = f"one {known.singular}" if room == 1 else f"{room} {known.title.lower()}"
                yield Left(
                    path, f"The file has room for {many}. The others wait until Register has the trainee."
                )
            else:
                for name, value in child.fields.items():
                    if value not in (None, "") and name not in self._names[kind]:
                        label = _lower(self._label(kind, name))
                        yield Left(f"{path}.{name}", f"The file has no column for {label}.")

    def written(self, rows: Iterable[Sequence[str]]) -> tuple[list[File], list[int]]:
        """The rows as files that Register takes, and the numbers of rows that are too long for any file.

        UTF-8, the template's heads, each file below a megabyte; a cell that a spreadsheet would compute is guarded.
        """
        head, most = self._head, self._most_bytes
        files: list[File] = []
        too_long: list[int] = []
        parts, size = [head], len(head)
        numbers: list[int] = []
        for number, row in enumerate(rows):
            line = _line(row)
            if len(head) + len(line) > most:
                too_long.append(number)
                continue
            if size + len(line) > most:
                files.append(File(b"".join(parts), tuple(numbers)))
                parts, numbers, size = [head], [], len(head)
            parts.append(line)
            numbers.append(number)
            size += len(line)
        if numbers:
            files.append(File(b"".join(parts), tuple(numbers)))
        return files, too_long

    def _values(self, document: Document) -> list[Value]:
        """The answers that stand in the columns."""
        fields, groups = document.fields, self._groups(document)
        found: list[Value] = []
        for kind, number, name in self._columns:
            if not kind:
                found.append(fields.get(name))
            else:
                group = groups[kind]
                found.append(group[number].fields.get(name) if number < len(group) else None)
        return found

    def _groups(self, document: Document) -> dict[str, list[Child]]:
        """The children that the file can say at all, in their order."""
        found = {}
        for kind in self._kinds:
            children, needs = document.children.get(kind, []), self._needs.get(kind, "")
            found[kind] = (
                [c for c in children if c.fields.get(needs) not in (None, "")] if needs else children
            )
        return found

    def _label(self, kind: str, name: str) -> str:
        known = self._collection.field(f"{kind}.{name}")
        return known.label if known else name


def lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as a small file."""
    return b"".join(_line(row) for row in rows)


def _line(cells: Sequence[str]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([guarded(cell) for cell in cells])
    return stream.getvalue().encode("utf-8", errors="replace")


def _as_cells(values: Iterable[Value]) -> list[str]:
    return ["" if value is None else value if type(value) is str else str(value) for value in values]


def _parts(path: str) -> tuple[str, int, str]:
    """`degrees.0.grade` as (degrees, 0, grade); a field of the record itself has no kind."""
    kind, dot, rest = path.partition(".")
    number, _, name = rest.partition(".")
    return (kind, int(number), name) if dot else ("", 0, path)


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


# --- files that Register gave back


@dataclass(frozen=True)
class Complaint:
    """One of Register's sentences, and the path of the answer that it is about ("" = the whole record)."""

    path: str
    message: str


@dataclass(frozen=True)
class AnswerRow:
    """One row of a file that Register gave back.

    number      from 1, as a spreadsheet counts
    keys        what names the record: head of the column -> value, as far as filled
    complaints  what is wrong with it; empty = the row was right
    """

    number: int
    keys: Mapping[str, str]
    cells: tuple[str, ...]
    complaints: tuple[Complaint, ...]


@dataclass(frozen=True)
class Answer:
    """A file that Register gave back, of one of the three routes."""

    route: str
    rows: tuple[AnswerRow, ...]


def route_of(table: Table, sheet: Sheet) -> str:
    """Which of the three routes a file belongs to; "" when to none."""
    if not heads_missing(sheet, columns_of(table)):
        return BULK_ADD
    if sheet.place(table["recommend"]["date"]) is not None:
        return RECOMMEND
    place = table["placements"]
    return "" if heads_missing(sheet, [place["trn"], *place["columns"][: place["needed"]]]) else PLACEMENTS


def read_answer(table: Table, content: bytes) -> Answer:
    """What Register said of each row. Raises UsageError when the file is not one that it gave back."""
    sheet = read_sheet(content)
    route = route_of(table, sheet)
    errors = sheet.place(table["answer"]["errors"])
    if not route:
        raise UsageError(_unlike(table, sheet))
    if errors is None:
        raise UsageError(
            "This file has no Errors column, so it says nothing yet. Load the file that Register gave back after checking."
        )
    heads = key_heads(table, route)
    places = {head: sheet.place(head) for head in heads}
    own = [sheet.place(column) for column in columns_of(table)] if route == BULK_ADD else []
    trn = table["placements"]["trn"]
    rows = []
    for row in sheet.rows[1:]:
        if row.blank or any(cell.strip() in skipped(table) for cell in row.cells):
            continue
        keys = {head: row.cell(place) for head, place in places.items() if row.cell(place)}
        if trn in keys:
            keys[trn] = whole_trn(keys[trn])
        cells = tuple(row.cell(place) for place in own)
        rows.append(AnswerRow(row.number, keys, cells, tuple(_complaints(table, route, row.cells, errors))))
    if not rows:
        raise UsageError("There is no trainee in this file. Download it again.")
    return Answer(route, tuple(rows))


def _unlike(table: Table, sheet: Sheet) -> str:
    """What to do about a file whose columns are those of no route; nearly those of one is a file that somebody edited."""
    place = table["placements"]
    lists = (columns_of(table), [place["trn"], *place["columns"][: place["needed"]]])
    wanted, missing = min(
        ((heads, heads_missing(sheet, heads)) for heads in lists), key=lambda one: len(one[1])
    )
    known = {said(head) for heads in lists for head in heads}
    strange = [cell.strip() for cell in sheet.rows[0].cells if cell.strip() and said(cell) not in known]
    strange = [head for head in strange if said(head) not in map(said, table["answer"].values())]
    if len(missing) * 3 > len(wanted):
        return (
            "This is not a file of Register: its columns are none of the three that Holdfast knows. Choose the file that "
            "Register gave back after checking."
        )
    instead = f" and has {', '.join(strange[:3])} instead" if strange else ""
    return (
        f"Somebody changed the headings of this file: it has no column {', '.join(missing[:5])}{instead}. Choose the file as "
        "Register gave it back."
    )


def key_heads(table: Table, route: str) -> list[str]:
    """The columns of a route that name a trainee, the surest first."""
    if route == BULK_ADD:
        return ["hesa_id", "provider_trainee_id"]
    return [head for head, _ in table["recommend"]["identifiers"]][: None if route == RECOMMEND else 1]


def skipped(table: Table) -> tuple[str, str]:
    """Words that mark the row of advice under the heads, which is no trainee."""
    return table["recommend"]["skip"], table["placements"]["skip"]


def _complaints(table: Table, route: str, cells: Sequence[str], errors: int) -> Iterator[Complaint]:
    told = cells[errors] if errors < len(cells) else ""
    for part in re.split(r";\s*\n|\n", told):
        message = part.strip().rstrip(";").strip()
        if message:
            yield Complaint(_path_of(table, route, message), message)


def _path_of(table: Table, route: str, message: str) -> str:
    """The answer that a sentence of Register begins with; in the two other routes it is about one thing anyway."""
    if route == RECOMMEND:
        return ""
    words = said(message)
    rules = table["bulk_add"]
    if route == PLACEMENTS:
        return "placements"
    column = re.match(r"[a-z_0-9]+", words)
    paths = dict(rules["columns"])
    if column is not None and column[0] in paths:
        return str(paths[column[0]])
    return next((str(path) for begin, path in rules["also"] if words.startswith(begin)), "")


def at_child(document: Document, complaint: Complaint) -> Complaint:
    """The same with the id of the child in place of its number: `degrees.0.grade` -> `degrees.<id>.grade`."""
    kind, number, name = _parts(complaint.path) if complaint.path.count(".") == 2 else ("", 0, "")
    if not kind:
        return complaint
    group = document.children.get(kind, ())
    path = f"{kind}.{group[number].id}.{name}" if number < len(group) else kind
    return replace(complaint, path=path)
