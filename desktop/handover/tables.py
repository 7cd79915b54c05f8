"""Any list as a file: CSV or XLSX. `table_pdf` draws it as a PDF. Rows may come from an iterator of a hundred thousand.

Cells are text as it is shown, or whole numbers, such as amounts, that a spreadsheet may add up. A code stays text.
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any

from desktop.handover.cells import guarded
from desktop.model.errors import DiskFull, HoldfastError, UsageError

Cell = str | int
Wrote = Callable[[int], None]
SheetOf = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
"""A sheet of a book: its title, its columns, its rows."""

OFTEN = 500
"""`wrote` is told every so many rows; what it raises ends the writing, and nothing is left."""

MOST_SHEET_ROWS = 1_048_575
_MOST_IN_CELL = 32_767
_SAMPLE = 200
_WIDEST = 60
_NARROWEST = 8
_NO_ROOM = (28, 122)  # errno ENOSPC and EDQUOT; Windows maps its own error to the first
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_READ_OTHERWISE = ("=", "#")
"""The library takes the one for a formula, the other for an error."""

_ONE_BOOK = threading.Lock()
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\']")


class NotWritten(HoldfastError):
    """The file could not be written; nothing else happened."""


def write_csv(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]], wrote: Wrote | None = None
) -> int:
    """UTF-8 with a mark, so that Excel reads names right; whole or not at all. Returns the number of rows.

    A cell that a spreadsheet would take for a formula gets an apostrophe. Raises DiskFull, NotWritten.
    """
    with (
        whole_file(path) as beside,
        beside.open("w", encoding="utf-8-sig", errors="replace", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(_plain(column) for column in columns)
        told = _Counted(rows, wrote)
        writer.writerows(map(_plain, row) for row in told)
        return told.number


def write_xlsx(
    path: Path,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    wrote: Wrote | None = None,
) -> int:
    """One sheet with a bold head that stays in view; whole or not at all. Returns the number of rows.

    Text is stored as text, so that no code becomes a number, no day another day and nothing is computed.
    Raises DiskFull, NotWritten, and UsageError for more rows than a sheet has.
    """
    return write_book(path, [(title, columns, rows)], wrote)


def write_book(path: Path, sheets: Sequence[SheetOf], wrote: Wrote | None = None) -> int:
    """Several such sheets in one file, in this order; as `write_xlsx`. `wrote` hears of each sheet from its first row."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    with whole_file(path) as beside, _sheets_beside(path):
        try:
            rows = sum(_add_sheet(book, *sheet, wrote) for sheet in sheets)
            book.save(beside)
        except BaseException:
            with suppress(OSError):
                book.save(io.BytesIO())  # takes the library's own temporary file away
            raise
    return rows


@contextmanager
def _sheets_beside(path: Path) -> Iterator[None]:
    """The library first writes each sheet in clear into the system's folder for temporary files, where a program that is
    killed leaves it. Inside here it lies beside the file that a person asked for, and goes as that does.
    """
    from openpyxl.worksheet import _writer

    def beside(suffix: str = "") -> str:
        handle, name = tempfile.mkstemp(f"{suffix}.new", f".{path.name}.", path.parent)
        os.close(handle)
        _writer.ALL_TEMP_FILES.append(name)
        return name

    with _ONE_BOOK:
        usual = _writer.create_temporary_file
        _writer.create_temporary_file = beside
        try:
            yield
        finally:
            _writer.create_temporary_file = usual


def _add_sheet(
    book: Any, title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], wrote: Wrote | None
) -> int:
    """One more sheet of a book that is being written; the number of its rows."""
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(_NOT_IN_TITLE.sub(" ", _UNWRITABLE.sub(" ", title)).strip()[:31] or "List")
    sheet.freeze_panes = "A2"
    rows = iter(rows)
    sample = list(islice(rows, _SAMPLE))
    for number, width in enumerate(_widths(columns, sample), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    told = _Counted(chain(sample, rows), wrote)
    sheet.append([_text_cell(sheet, _UNWRITABLE.sub(" ", column), bold=True) for column in columns])
    for row in _at_most(MOST_SHEET_ROWS, told):
        sheet.append([_sheet_cell(sheet, cell) for cell in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(columns)))}{told.number + 1}"
    return told.number


def write_pdf(
    path: Path,
    title: str,
    subtitle: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    wrote: Wrote | None = None,
) -> int:
    """Landscape, heads on every page, "Page 1 of 12"; whole or not at all. Returns the number of rows.

    Raises DiskFull, NotWritten.
    """
    from desktop.handover.table_pdf import TablePdf

    with whole_file(path) as beside:
        rows = iter(rows)
        sample = list(islice(rows, _SAMPLE))
        drawing = TablePdf(beside, title, subtitle, columns, sample)
        told = _Counted(chain(sample, rows), wrote)
        for row in told:
            drawing.row(row)
        drawing.save()
        return told.number


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place when all went well, and is gone when not. Raises DiskFull, NotWritten."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        if error.errno in _NO_ROOM:
            raise DiskFull("The disk has no room for this file. Nothing was written.") from error
        raise NotWritten(
            "The file could not be written there. Close it if it is open in another program, or choose another folder."
        ) from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


class _Counted:
    """The rows, counted as they go by; `wrote` hears of them now and then, and at the end."""

    def __init__(self, rows: Iterable[Sequence[Cell]], wrote: Wrote | None) -> None:
        self.number = 0
        self._rows = rows
        self._wrote = wrote or (lambda _: None)

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for row in self._rows:
            self.number += 1
            yield row
            if self.number % OFTEN == 0:
                self._wrote(self.number)
        self._wrote(self.number)


def _at_most(most: int, told: _Counted) -> Iterator[Sequence[Cell]]:
    """The rows; raises UsageError at the first that a sheet has no place for."""
    for row in told:
        if told.number > most:
            raise UsageError("The list is longer than an Excel sheet. Export it as CSV. Nothing was written.")
        yield row


def _plain(cell: Cell) -> Cell:
    """A cell of a CSV file; a lone dash computes nothing."""
    return cell if isinstance(cell, int) or cell == "-" else guarded(cell)


def _sheet_cell(sheet: Any, cell: Cell) -> Any:
    """What the sheet is given: text that the library would read as something else is said to be text."""
    if isinstance(cell, int):
        return cell
    text = _UNWRITABLE.sub("\ufffd", cell)[:_MOST_IN_CELL]
    return _text_cell(sheet, text) if text.startswith(_READ_OTHERWISE) else text or None


def _text_cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    made = WriteOnlyCell(sheet, value=text)
    made.data_type = "s"
    if bold:
        made.font = Font(bold=True)
    return made


def _widths(columns: Sequence[str], sample: Sequence[Sequence[Cell]]) -> list[int]:
    """Characters a column needs, from its head and the first rows."""
    longest = [len(column) + 3 for column in columns]
    for row in sample:
        for place, cell in enumerate(row[: len(longest)]):
            longest[place] = max(longest[place], len(str(cell)) + 1)
    return [min(_WIDEST, max(_NARROWEST, width)) for width in longest]
