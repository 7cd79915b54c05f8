"""CSV files as the portal takes and gives them: size, encoding, heads, the guard against formulas. Source: pack 4 and 4.4."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop.practice.pages.forms import Sent

TOO_LARGE = 1_048_576
RESULTS, ERRORS = "Validation results", "Errors"
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Unusable(Exception):
    """The file as a whole is refused; the message says why."""


@dataclass(frozen=True)
class Row:
    """One row of an upload; `cells` as they came."""

    line: int
    cells: tuple[str, ...]

    def cell(self, place: int | None) -> str:
        """A cell as it is meant: without blanks and quotation marks around it, and without the apostrophe that guards it."""
        if place is None or place >= len(self.cells):
            return ""
        return bare(self.cells[place])


@dataclass(frozen=True)
class Table:
    """An upload that could be read: its heads as they came, and its rows without the blank ones."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]

    def place(self, head: str) -> int | None:
        """The column of a head, whatever its case; None when there is none."""
        wanted = head.casefold()
        return next((n for n, one in enumerate(self.heads) if one.strip().casefold() == wanted), None)


def bare(cell: str) -> str:
    """A cell without blanks around it and without the apostrophes that spreadsheets are kept off with."""
    text = cell.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1].strip()
    return text.removeprefix("'")


def read_table(sent: Sent | None, *, detect: bool = False) -> Table:
    """An uploaded file. `detect` = any encoding is turned into UTF-8, else UTF-8 or ISO-8859-1 only. Raises Unusable."""
    if sent is None or not sent.name:
        raise Unusable("Select a file")
    if not sent.name.lower().endswith(".csv"):
        raise Unusable("The selected file must be a CSV")
    if not sent.content.strip():
        raise Unusable("The selected file is empty")
    if len(sent.content) >= TOO_LARGE:
        raise Unusable("The selected file must be smaller than 1MB")
    text = _decoded(sent.content, detect=detect)
    if _NOT_TEXT.search(text):
        raise Unusable("The selected file must be a CSV")
    rows = _rows(text)
    if not rows or not any(cell.strip() for cell in rows[0][1]):
        raise Unusable("The selected file is empty")
    kept = tuple(Row(line, cells) for line, cells in rows[1:] if any(cell.strip() for cell in cells))
    return Table(rows[0][1], kept)


def _decoded(content: bytes, *, detect: bool) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if detect:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            pass
    return content.decode("iso-8859-1")


def _rows(text: str) -> list[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline=""), strict=True)
    found = []
    begins = 1
    try:
        for cells in reader:
            found.append((begins, tuple(cells)))
            begins = reader.line_num + 1
    except csv.Error:
        raise Unusable(
            f"The selected file could not be read near line {begins}. Check its quotation marks"
        ) from None
    return found


def guarded(value: object) -> str:
    """A cell as exports write it: an apostrophe before what a spreadsheet would compute; a dash alone stays."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and text != "-" else text


def write(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as a file: UTF-8, one line each, guarded cells in quotation marks."""
    return "".join(",".join(_written(cell) for cell in row) + "\n" for row in rows).encode("utf-8", "replace")


def _written(cell: object) -> str:
    text = guarded(cell)
    if text.startswith("'") or any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


Verdict = Sequence[str] | None
"""What is wrong with a row: [] = nothing, None = it is no trainee but the row of advice."""


def with_errors(
    table: Table, told: Sequence[Verdict], *, results: bool = False, all_rows: bool = True
) -> bytes:
    """The upload given back, each row with what is wrong with it.

    results   whether the column of results is added too;  all_rows  False = only rows that are wrong, and the advice
    """
    dropped = {table.place(RESULTS), table.place(ERRORS)}
    kept = [place for place in range(len(table.heads)) if place not in dropped]
    rows: list[list[str]] = [[*(table.heads[p] for p in kept), *([RESULTS] if results else []), ERRORS]]
    for row, errors in zip(table.rows, told, strict=True):
        if errors == [] and not all_rows:
            continue
        cells = [row.cells[p] if p < len(row.cells) else "" for p in kept]
        rows.append([*cells, *([_summary(errors)] if results else []), ";\n".join(errors or ())])
    return write(rows)


def _summary(errors: Verdict) -> str:
    if errors is None:
        return ""
    return f"{len(errors)} error{'' if len(errors) == 1 else 's'} found" if errors else "Validation passed"
