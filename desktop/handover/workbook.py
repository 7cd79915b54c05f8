"""The sheet of a workbook as rows of text: Excel's (.xlsx) and OpenDocument's (.ods).

A cell comes as a person would type it: days as 2026-09-01, whole numbers without a point, what a formula came to. A
workbook is a compressed file that somebody sent: how much may come out of it is looked at before anything does.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse

from desktop.model.errors import UsageError

MOST_COLUMNS_READ = 1_000
_MOST_UNPACKED = 400 << 20
_MOST_TEXTS = 150 << 20
"""The words of an Excel workbook stand apart from its rows, and are all in memory while it is read."""

_MOST_PARTS = 5_000
_EMPTY_ROWS = 20_000
"""After so many rows without text, a sheet has ended; a format down a whole column makes a million of them."""

_LARGEST_EXACT = 10**15
_OPEN = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT = f"{_OPEN}table:1.0}}", f"{_OPEN}office:1.0}}", f"{_OPEN}text:1.0}}"
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DAMAGED = "This workbook is damaged. Open it in the spreadsheet, save a copy, and open that."

Rows = Iterator[tuple[int, list[str]]]


@contextmanager
def open_workbook(path: Path) -> Iterator[tuple[Rows, list[str]]]:
    """(rows, notes) of the first sheet that holds anything. Raises UsageError, also while the rows are taken."""
    with ExitStack() as held:
        with _known_errors():
            packed = held.enter_context(zipfile.ZipFile(path))
            names = set(packed.namelist())
            _refuse_bombs(packed)
            if "xl/workbook.xml" in names:
                # The library looks at the name of a path, and a workbook may be called .csv.
                reading = _excel(held.enter_context(path.open("rb")))
            elif "content.xml" in names:
                reading = _open_document(packed)
            else:
                raise UsageError(_not_a_workbook(names))
            rows, notes = held.enter_context(reading)
        yield _told(rows), notes


def _told(rows: Rows) -> Rows:
    with _known_errors():
        yield from rows


@contextmanager
def _known_errors() -> Iterator[None]:
    """What a damaged or hostile workbook raises, as a sentence; the libraries have no common root for it."""
    try:
        yield
    except (UsageError, MemoryError):
        raise
    except Exception as error:
        raise UsageError(_DAMAGED) from error


def _not_a_workbook(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        kind = "a binary Excel workbook (.xlsb)"
    elif any(name.startswith("word/") for name in names):
        kind = "a text document"
    else:
        kind = "a zip file, not a table"
    return f"This is {kind}. Unpack or open it, save the sheet as an Excel workbook (.xlsx) or as CSV, and open that."


def _refuse_bombs(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    whole = sum(part.file_size for part in parts)
    texts = sum(part.file_size for part in parts if part.filename == "xl/sharedStrings.xml")
    if len(parts) > _MOST_PARTS or whole > _MOST_UNPACKED or texts > _MOST_TEXTS:
        raise UsageError(
            "This workbook would unpack to far more than a list needs, so it was not opened. Copy the rows into a new workbook, "
            "save that, and open it."
        )
    for part in parts:
        if part.flag_bits & 1:
            raise UsageError("This file is protected by a password. Save a copy without one, and open that.")
        if part.filename.endswith((".xml", ".rels")):
            with packed.open(part) as stream:
                if _DECLARES.search(stream.read(4096)):
                    raise UsageError(_DAMAGED)


# --- Excel ----------------------------------------------------------------------------------------------------------


@contextmanager
def _excel(stream: IO[bytes]) -> Iterator[tuple[Rows, list[str]]]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that the library leaves out
        book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            wanted = next((sheet for sheet in sheets if _has_text(sheet)), None)
            if wanted is None:
                raise UsageError("There is nothing on the sheets of this workbook.")
            yield _excel_rows(wanted), _which(wanted.title, len(sheets))
        finally:
            book.close()


def _has_text(sheet: Any) -> bool:
    return next(_excel_rows(sheet), None) is not None


def _excel_rows(sheet: Any) -> Rows:
    sheet.reset_dimensions()
    empty = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        row = [_typed(cell) for cell in cells[: _width(cells)]]
        if any(row):
            empty = 0
            yield number, row
        elif (empty := empty + 1) > _EMPTY_ROWS:
            return


def _width(cells: Sequence[object]) -> int:
    """How many cells there are up to the last that holds something."""
    width = len(cells)
    while width and cells[width - 1] is None:
        width -= 1
    return width


def _typed(value: object) -> str:
    """A cell as a person would have typed it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return _number(value)
    if isinstance(value, float):
        return _number(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _number(value: int) -> str:
    """Its digits; of a number whose last digits Excel has lost, the short form, so that nobody takes it for whole."""
    return str(value) if abs(value) < _LARGEST_EXACT else f"{float(value):E}"


def _which(title: str, sheets: int) -> list[str]:
    return [f"Read from the sheet {title}; the workbook has {sheets} sheets."] if sheets > 1 else []


# --- OpenDocument ---------------------------------------------------------------------------------------------------


@contextmanager
def _open_document(packed: zipfile.ZipFile) -> Iterator[tuple[Rows, list[str]]]:
    if "META-INF/manifest.xml" in packed.namelist() and b"encryption-data" in packed.read(
        "META-INF/manifest.xml"
    ):
        raise UsageError("This file is protected by a password. Save a copy without one, and open that.")
    with packed.open("content.xml") as stream:
        yield _open_rows(stream), []


def _open_rows(stream: IO[bytes]) -> Rows:
    """Rows of the first table that has any."""
    number, found = 0, False
    # No entity is declared anywhere (`_refuse_bombs`), so none unfolds.
    for event, element in iterparse(stream, events=("start", "end")):  # noqa: S314
        if event == "start":
            if element.tag == f"{_TABLE}table":
                number = 0
            continue
        if element.tag == f"{_TABLE}table" and found:
            return
        if element.tag != f"{_TABLE}table-row":
            continue
        cells = _open_cells(element)
        repeated = _times(element, "number-rows-repeated")
        if any(cells):
            found = True
            for place in range(min(repeated, _EMPTY_ROWS)):
                yield number + 1 + place, list(cells)
        number += repeated
        element.clear()


def _open_cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        text = _open_text(cell)
        times = _times(cell, "number-columns-repeated")
        cells.extend([text] * min(times, MOST_COLUMNS_READ - len(cells)))
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _times(element: Element, name: str) -> int:
    told = element.get(f"{_TABLE}{name}", "1")
    return int(told) if told.isdecimal() and len(told) < 9 else 1


def _open_text(cell: Element) -> str:
    kind = cell.get(f"{_OFFICE}value-type")
    if kind == "date":
        return cell.get(f"{_OFFICE}date-value", "").removesuffix("T00:00:00")
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value", "").upper()
    if kind == "float":
        return _typed(float(cell.get(f"{_OFFICE}value", "0")))
    return "\n".join("".join(part.itertext()) for part in cell.iter(f"{_TEXT}p"))
