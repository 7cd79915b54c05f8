"""Any table that somebody sends as rows of text: CSV in any usual encoding, XLSX and ODS. Knows nothing of records.

Rows come one after another, so that memory does not grow with the file. What is not a table, or cannot be read to its
end, is refused with a sentence that says what to do; nothing else is ever raised. A file is opened for reading only.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from desktop.model.errors import UsageError

MOST_BYTES = 64 << 20
MOST_ROWS = 100_000
MOST_COLUMNS = 400
"""The widest file of a portal has 76 columns."""

_MOST_LINES = 200
"""A row that runs over more lines has a quotation mark that nobody closed."""

_HEAD = 1 << 16
_SEPARATOR = re.compile(r'"?sep=([,;\t|])"?\s*\Z', re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]++|"")*+"')
_LONE_RETURN = re.compile(r"(?<=\r)(?!\n)")
_END = "\x00the end of the file\x00"
_SHORT = "Save the sheet as an Excel workbook (.xlsx) or as CSV, and open that."
_SIGNS = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text document"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"PK\x03\x04", "a workbook or a zip file"),
    (b"\xd0\xcf\x11\xe0", "a workbook of an old kind (.xls)"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_CONTROLS = bytes({*range(1, 32)} - {*b"\t\n\r\f"})
_PROTECTED = "EncryptedPackage".encode("utf-16-le")

Row = tuple[int, list[str]]
"""The number of a row as a spreadsheet shows it, from 1, and its cells. Rows without any text are left out."""


@dataclass
class Sheet:
    """One table while it is read. `notes` are plain sentences about how it was read; complete once `rows` ended."""

    rows: Iterator[Row]
    notes: list[str] = field(default_factory=list)


@contextmanager
def open_sheet(path: Path) -> Iterator[Sheet]:
    """The table in a file, to be read once. Raises UsageError, also while the rows are taken."""
    head = _look_at(path)
    if head.startswith(_ZIP):
        from desktop.handover.workbook import open_workbook

        with open_workbook(path) as (rows, notes):
            sheet = Sheet(iter(()), notes)
            sheet.rows = _counted(rows)
            yield sheet
        return
    with path.open("rb") as stream, _text(stream, head) as (lines, notes):
        yield Sheet(_counted(_csv(lines)), notes)


def _look_at(path: Path) -> bytes:
    """The first bytes of a file that may hold a table."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise UsageError(f"{path.name} is not a file. Choose a CSV file or a workbook.")
        if found.st_size > MOST_BYTES:
            raise UsageError(
                f"{path.name} has {found.st_size >> 20:,} MB. Holdfast reads files up to {MOST_BYTES >> 20} MB. Delete the sheets "
                "and columns that are not needed, or split the list."
            )
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
            if head.startswith(_OLE):
                _refuse_ole(path, head + stream.read())
    except FileNotFoundError as error:
        raise UsageError(
            f"There is no file {path.name}. Look whether it was moved or renamed, and open it again."
        ) from error
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{path.name} cannot be opened. Perhaps another program holds it open. Close it there, or save a copy, then open "
            "it again."
        ) from error
    if not head.strip(b"\0\r\n\t ,;\xef\xbb\xbf\xff\xfe"):
        raise UsageError(f"{path.name} is empty. Choose another file, or save the sheet again.")
    kind = kind_of(head)
    if kind and not head.startswith(_ZIP):
        raise UsageError(f"{path.name} is {kind}, not a table. {_SHORT}")
    if not head.startswith((*(mark for mark, _ in _MARKS), _ZIP)) and _is_noise(head):
        raise UsageError(f"{path.name} is not text: it holds characters that no table has. {_SHORT}")
    return head


def kind_of(head: bytes) -> str:
    """What a file that begins so is, when it is known not to be text; "" else."""
    return next((kind for begin, kind in _SIGNS if head.startswith(begin)), "")


def _is_noise(head: bytes) -> bool:
    """Whether a file is no text of any kind. A single control character is a cell's matter, and UTF-16 is half zeros."""
    strange = len(head) - len(head.translate(None, _CONTROLS))
    return strange > 2 and strange * 50 > len(head)


def _refuse_ole(path: Path, content: bytes) -> None:
    if _PROTECTED in content:
        raise UsageError(
            f"{path.name} is protected by a password. Open it in the spreadsheet, take the password away "
            "(File, Info, Protect workbook), save a copy, and open that."
        )
    raise UsageError(f"{path.name} is of an old Excel kind (.xls) that Holdfast cannot read. {_SHORT}")


def _counted(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows that say something, within bounds."""
    taken = 0
    for number, cells in rows:
        if not any(cell and not cell.isspace() for cell in cells):
            continue
        taken += 1
        if taken > MOST_ROWS:
            raise UsageError(
                f"The file has more than {MOST_ROWS:,} rows. Split it, and open one part after another."
            )
        while len(cells) > MOST_COLUMNS and not cells[-1].strip():
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise UsageError(
                f"Row {number} has more than {MOST_COLUMNS} columns. Delete those that are not needed, and open the file again."
            )
        yield number, cells


# --- CSV ------------------------------------------------------------------------------------------------------------


def _encoding(head: bytes) -> tuple[str, int]:
    """(name, bytes of the mark before the text). UTF-16 without a mark is known by its zeros."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, len(mark)
    zeros = head.count(b"\0")
    if zeros * 3 > len(head):
        return ("utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"), 0
    if zeros:
        raise UsageError(f"This file is not text. {_SHORT}")
    return "utf-8", 0


@contextmanager
def _text(stream: io.BufferedReader, head: bytes) -> Iterator[tuple[Iterator[str], list[str]]]:
    """(the lines of a file as they are, notes about how they were decoded)."""
    name, start = _encoding(head)
    notes: list[str] = []
    stream.seek(start)
    if name == "utf-8":
        yield _lines(stream, notes), notes
    else:
        with io.TextIOWrapper(stream, name, "replace", newline="") as text:
            yield text, notes


def _csv(lines: Iterator[str]) -> Iterator[Row]:
    first = next(lines, "")
    said = _SEPARATOR.match(first.strip())
    if said:
        mark = said[1]
    else:
        mark, lines = _delimiter(first), chain([first], lines)
    taken = _Taken(lines)
    try:
        for number, cells in enumerate(csv.reader(taken, delimiter=mark), 1):
            if cells and _END in cells[-1]:
                if taken.lines:  # the mark stands inside a cell that began before it
                    raise UsageError(_never_closed(number))
                return
            taken.lines = 0
            yield number, cells
    except csv.Error as error:
        raise UsageError(
            f"A cell near line {taken.total} is longer than any that Holdfast can read. Perhaps a quotation mark before it is "
            "never closed. Put that right, and open the file again."
        ) from error


class _Taken:
    """The lines on their way to the parser, with a mark after the last: a mark inside a cell was never reached."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = self.total = 0
        self._lines = lines

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.lines += 1
            self.total += 1
            if self.lines > _MOST_LINES:
                raise UsageError(_never_closed(None, self.total - _MOST_LINES))
            yield line.replace(_END, "")
        yield _END


def _never_closed(row: int | None, line: int = 0) -> str:
    place = f"in row {row}" if row is not None else f"near line {line}"
    return (
        f"A quotation mark {place} is never closed, so nobody can say where the cell ends. Close it or take it away, and open "
        "the file again."
    )


def _lines(stream: Iterable[bytes], notes: list[str]) -> Iterator[str]:
    """The lines; one that is no UTF-8 is taken for Windows-1252, which has ISO-8859-1 in it.

    So a file in the older encoding comes out right, and one into which both were pasted.
    """
    older = 0
    for raw in stream:
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError:
            line = raw.decode("cp1252", "replace")
            older += 1
        yield from _LONE_RETURN.split(line) if "\r" in line else (line,)
    if older:
        lines = "1 line is" if older == 1 else f"{older:,} lines are"
        notes.append(f"{lines} in an older encoding (Windows-1252). Look at names with accents.")


def _delimiter(first: str) -> str:
    """The character that parts the cells of the first line; quoted ones do not count."""
    bare = _QUOTED.sub("", first)
    return max(",;\t|", key=bare.count)
