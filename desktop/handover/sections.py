"""A report of a few tables under their heads: as a PDF, or as a workbook with a sheet for each. Plain data in, a file out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop.handover.tables import Cell, SheetOf, whole_file, write_book
from desktop.model.errors import UsageError


@dataclass(frozen=True)
class Section:
    """One table under its head. `shares` = widths against each other; `right` = columns of numbers.

    words  what stands between head and table; may be "".  Without rows only head and words are shown.
    """

    title: str
    words: str
    columns: tuple[str, ...]
    shares: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Report:
    """`title` is a statement; `lines` say whose it is, when it was made, what it rests on."""

    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]


def write_report(path: Path, report: Report) -> None:
    """Write it as .pdf or .xlsx, by the ending of `path`; whole or not at all. Raises UsageError, DiskFull, NotWritten."""
    ending = path.suffix.lower()
    if ending == ".pdf":
        from desktop.handover.sections_pdf import write_sections

        with whole_file(path) as beside:
            write_sections(beside, report)
    elif ending == ".xlsx":
        lines = [(report.title,), *((line,) for line in report.lines)]
        about: SheetOf = ("About", ("About this report",), lines)
        write_book(path, [about, *((s.title, s.columns, s.rows) for s in report.sections if s.rows)])
    else:
        raise UsageError(
            "The report is saved as .pdf or .xlsx: give a file name that ends so. Nothing was written."
        )
