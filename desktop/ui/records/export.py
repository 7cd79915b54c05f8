"""What is shown, as a spreadsheet sees it: CSV into a file, TSV onto the clipboard.

A cell that a spreadsheet would take for a formula gets a leading apostrophe (domain pack 4.4), in both.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from desktop.handover.cells import guarded
from desktop.model.errors import DiskFull, HoldfastError
from desktop.services.views import Row
from desktop.ui.records.columns import Column, Style, look_of

_NO_ROOM = 28  # errno ENOSPC; Windows maps its own error to it


class NotWritten(HoldfastError):
    """The file could not be written; nothing else happened."""


def heads(columns: Sequence[Column]) -> list[str]:
    """One head a column; the sync state is two, its word and its caption."""
    found: list[str] = []
    for column in columns:
        found.append(column.menu_title or column.title)
        if column.style == Style.SYNC:
            found.append("Sync detail")
    return found


def cells(row: Row, columns: Sequence[Column]) -> list[str]:
    """One line, guarded. Amounts are plain numbers, so that they can be added up."""
    found: list[str] = []
    for column in columns:
        if column.style == Style.MONEY:
            value = row.facets.get(column.key)
            found.append("" if value is None else str(value))
        elif column.style == Style.SYNC:
            found += [look_of(row).word, row.caption]
        else:
            found.append(column.text(row))
    return [cell if cell == "-" else guarded(cell) for cell in found]  # a lone "-" computes nothing


def as_tsv(rows: Iterable[Row], columns: Sequence[Column]) -> str:
    """Lines for the clipboard, with a line of heads."""
    out = io.StringIO()
    writer = csv.writer(out, dialect="excel-tab", lineterminator="\n")
    writer.writerow(heads(columns))
    writer.writerows(cells(row, columns) for row in rows)
    return out.getvalue()


def write_csv(
    path: Path,
    pages: Iterable[Sequence[Row]],
    columns: Sequence[Column],
    wrote: Callable[[int], None] = lambda _n: None,
) -> int:
    """Write a CSV file whole or not at all; returns the number of records in it.

    UTF-8 with a mark, so that Excel reads names right. `wrote` is told after each page. Raises DiskFull, NotWritten.
    """
    beside = path.with_name(f".{path.name}.part")
    count = 0
    try:
        with beside.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(heads(columns))
            for page in pages:
                writer.writerows(cells(row, columns) for row in page)
                count += len(page)
                wrote(count)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        if error.errno == _NO_ROOM:
            raise DiskFull("The disk has no room for this file. Nothing was written.") from error
        raise NotWritten("The file could not be written there. Choose another folder.") from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return count
