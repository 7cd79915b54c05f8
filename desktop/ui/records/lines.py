"""Records as lines of words with the columns on screen: for files, for the clipboard, for paper. No Qt."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from html import escape

from desktop.handover.cells import guarded
from desktop.services.views import Row
from desktop.ui.records.columns import Column, Style, look_of


def heads(columns: Sequence[Column]) -> list[str]:
    """One head a column; the sync state is two, its word and its caption."""
    found: list[str] = []
    for column in columns:
        found.append(column.heading or column.menu_title or column.title)
        if column.style == Style.SYNC:
            found.append("Sync detail")
    return found


def line(row: Row, columns: Sequence[Column]) -> list[str]:
    """One record: whole labels, by which paste knows them again, and amounts as plain numbers that add up.

    Whoever writes it guards its cells.
    """
    found: list[str] = []
    for column in columns:
        if column.style == Style.MONEY:
            value = row.facets.get(column.key)
            found.append("" if value is None else str(value))
        elif column.style == Style.SYNC:
            found += [look_of(row).word, row.caption]
        else:
            found.append(column.hint(row) or column.text(row))
    return found


def as_tsv(rows: Iterable[Row], columns: Sequence[Column]) -> str:
    """Lines for the clipboard, with a line of heads. No cell is a formula (domain pack 4.4)."""
    out = io.StringIO()
    writer = csv.writer(out, dialect="excel-tab", lineterminator="\n")
    writer.writerow(heads(columns))
    writer.writerows([_guarded(cell) for cell in line(row, columns)] for row in rows)
    return out.getvalue()


def as_html(rows: Iterable[Row], columns: Sequence[Column]) -> str:
    """The same as a table, for word processors and mail."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads(columns))
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_guarded(cell))}</td>" for cell in line(row, columns)) + "</tr>"
        for row in rows
    )
    return f'<meta charset="utf-8"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _guarded(cell: str) -> str:
    return cell if cell == "-" else guarded(cell)  # a lone "-" computes nothing
