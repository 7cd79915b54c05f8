"""A portal's own CSV file, read so that it can be written back byte for byte but for the cells that are filled in.

Encoding (UTF-8, with or without a mark, else ISO-8859-1), line ends and quotation marks stay as they were. The comma
is the only delimiter: that is what the portals write.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.handover.cells import bare
from desktop.handover.reading import kind_of
from desktop.model.errors import UsageError

LARGEST = 64 * 1024 * 1024
"""Bytes; a file of a portal is a fiftieth of that."""

TRN_DIGITS = 7
_MOST_CELLS = 500
_NOTHING = b"\0\r\n\t ,;\xef\xbb\xbf\xff\xfe"
_AS_IT_CAME = "Download it again, and choose it as it came: do not open and save it in a spreadsheet first."
_BOM = b"\xef\xbb\xbf"
_CELL = re.compile(
    r'(?:"(?P<quoted>[^"]*(?:""[^"]*)*)"(?=[,\r\n]|\Z)|(?P<plain>[^,\r\n]*))(?P<end>,|\r\n|\r|\n|\Z)'
)
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Row:
    """One row: its cells as they are meant, and from where to where each stands in the text.

    number  from 1, as a spreadsheet counts
    """

    number: int
    cells: tuple[str, ...]
    places: tuple[tuple[int, int], ...]

    @property
    def blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)

    def cell(self, place: int | None) -> str:
        """A cell without blanks around it and without the apostrophe that guards it; "" where the row is too short."""
        if place is None or place >= len(self.cells):
            return ""
        return bare(self.cells[place].strip())


@dataclass(frozen=True)
class Sheet:
    """A whole file. `rows[0]` is the head; blank rows are in it, too."""

    text: str
    encoding: str
    mark: bytes
    rows: tuple[Row, ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads in small letters without blanks around them, as portals compare them."""
        return tuple(said(cell) for cell in self.rows[0].cells)

    def place(self, head: str) -> int | None:
        """Which column has this head; None when there is none."""
        wanted = said(head)
        return next((n for n, name in enumerate(self.heads) if name == wanted), None)

    def filled(self, cells: Mapping[tuple[int, int], str]) -> bytes:
        """The file with these cells, by (row, column) from 0, in place of what stood there; all else byte for byte."""
        parts, at = [], 0
        for row, column in sorted(cells):
            start, end = self.rows[row].places[column]
            parts += [self.text[at:start], quoted(cells[row, column])]
            at = end
        parts.append(self.text[at:])
        return self.mark + "".join(parts).encode(self.encoding)


def content_of(path: Path) -> bytes:
    """The bytes of a file that ought to be a portal's. Raises UsageError that says what it is instead, and what to do."""
    try:
        found = path.stat()
        size, plain = found.st_size, stat.S_ISREG(found.st_mode)
        content = path.read_bytes() if plain and size <= LARGEST else b""
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read ({error.strerror}). Choose another file.") from error
    if not plain:
        raise UsageError(f"{path.name} is not a file. Choose the CSV file that you downloaded from Register.")
    if size > LARGEST:
        raise UsageError(
            f"{path.name} has {size >> 20:,} MB. A file of Register has one or two. Choose the one that you downloaded there."
        )
    if kind := kind_of(content):
        raise UsageError(f"{path.name} is {kind}, not a CSV file of Register. {_AS_IT_CAME}")
    return content


def read_sheet(content: bytes) -> Sheet:
    """Read a file to its end, or not at all. Raises UsageError that says what to do."""
    if not content.strip(_NOTHING):
        raise UsageError("The file is empty. Download it again.")
    mark = _BOM if content.startswith(_BOM) else b""
    text, encoding = _decoded(content[len(mark) :])
    found = _NOT_TEXT.search(text)
    if found is not None:
        raise UsageError(f"This is not a CSV file: it holds characters that no text has. {_AS_IT_CAME}")
    rows = _rows(text)
    if len(rows[0].cells) == 1 and max(map(text.partition("\n")[0].count, ";\t")) > 1:
        raise UsageError(
            f"A spreadsheet saved this file again, without commas between the cells. {_AS_IT_CAME}"
        )
    return Sheet(text, encoding, mark, rows)


def _decoded(content: bytes) -> tuple[str, str]:
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("iso-8859-1"), "iso-8859-1"


def _rows(text: str) -> tuple[Row, ...]:
    rows: list[Row] = []
    cells: list[str] = []
    places: list[tuple[int, int]] = []
    at, line = 0, 1
    while True:
        found = _CELL.match(text, at)
        if found is None or (found["quoted"] is None and found["plain"].startswith('"')):
            raise UsageError(
                f"A quotation mark in row {len(rows) + 1} (line {line}) is not closed, so nobody can say where the cell ends. "
                "Download the file again."
            )
        inner = found["quoted"]
        cells.append(found["plain"] if inner is None else inner.replace('""', '"'))
        places.append((found.start(), found.start("end")))
        if len(cells) > _MOST_CELLS:
            raise UsageError(
                f"Row {len(rows) + 1} has more than {_MOST_CELLS} cells, so this is not a file of Register. {_AS_IT_CAME}"
            )
        line += len(re.findall(r"\r\n|\r|\n", found[0]))
        at = found.end()
        if found["end"] == ",":
            continue
        rows.append(Row(len(rows) + 1, tuple(cells), tuple(places)))
        cells, places = [], []
        if at >= len(text):
            return tuple(rows)


def said(head: str) -> str:
    """A head as portals compare it: case, and blanks around it, do not count."""
    return head.strip().lstrip("\ufeff").casefold()


def quoted(text: str) -> str:
    """A cell as it stands in the file."""
    return '"' + text.replace('"', '""') + '"' if re.search('[",\r\n]', text) else text


def whole_trn(cell: str) -> str:
    """A TRN with the zeros that a spreadsheet took from its front; anything else as it is."""
    return cell.zfill(TRN_DIGITS) if cell.isascii() and cell.isdigit() else cell


def heads_missing(sheet: Sheet, wanted: Sequence[str]) -> list[str]:
    """The heads that the file should have and has not."""
    return [head for head in wanted if sheet.place(head) is None]
