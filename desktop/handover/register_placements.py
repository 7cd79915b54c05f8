"""Register's file of placements ("bulk placements"). Source: domain pack 4.3.

Its import deletes every placement of a trainee that has a school, then adds those of the row, and looks at no earlier
version: a stale file destroys what somebody else added. So a trainee whose schools in Register's present list are not
those that this computer read last is left out, and only trainees with something to change are in the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from desktop.collections.reading import quote
from desktop.handover.csv_sheet import TRN_DIGITS, Row, Sheet, heads_missing, read_sheet, said, whole_trn
from desktop.handover.register_csv import Left, Table, lines, skipped
from desktop.model.errors import UsageError

_MOST_TOLD = 10
_DAY = re.compile(r"\d{2}/\d{2}/\d{4}")


@dataclass(frozen=True)
class Placed:
    """One trainee whose placements are to change.

    number  the caller's own;  trn and start as Register has them
    there   URNs of the schools that Register had when it was read last;  wanted  those that it shall have
    """

    number: int
    trn: str
    start: date | None
    there: tuple[str, ...]
    wanted: tuple[str, ...]
    nameless: int = 0

    @property
    def deleted(self) -> tuple[str, ...]:
        """Schools that Register has and will not have afterwards."""
        return tuple(urn for urn in self.there if urn not in self.wanted)


@dataclass(frozen=True)
class Listed:
    """What Register's present list says of one trainee, in which row; `again` = another row that has the TRN too."""

    row: int
    start: str
    urns: tuple[str, ...]
    again: int = 0


def read_list(table: Table, content: bytes) -> tuple[dict[str, Listed], list[str]]:
    """(TRN -> what the list says, a sentence for each row that names nobody).

    Raises UsageError when it is not Register's list of placements.
    """
    sheet = read_sheet(content)
    rules = table["placements"]
    _insist(table, sheet)
    places = [place for name in rules["columns"] if (place := sheet.place(name)) is not None]
    at_trn, at_start = sheet.place(rules["trn"]), sheet.place(rules["start"])
    found: dict[str, Listed] = {}
    strange: list[Row] = []
    for row in sheet.rows[1:]:
        if row.blank or any(cell.strip().startswith(skipped(table)) for cell in row.cells):
            continue
        trn = whole_trn(row.cell(at_trn))
        if not (trn.isdigit() and len(trn) == TRN_DIGITS):
            strange.append(row)
            continue
        urns = tuple(cell for p in places if (cell := row.cell(p)) and not _without_school(table, cell))
        again = row.number if trn in found else 0
        found[trn] = (
            replace(found[trn], again=again) if again else Listed(row.number, row.cell(at_start), urns)
        )
    return found, [_names_nobody(row, row.cell(at_trn)) for row in strange[:_MOST_TOLD]] + _and_more(strange)


def _insist(table: Table, sheet: Sheet) -> None:
    rules = table["placements"]
    missing = heads_missing(sheet, [rules["trn"], rules["start"], *rules["columns"][: rules["needed"]]])
    if missing:
        raise UsageError(
            f"This is not Register's list of placements: it has no column {', '.join(missing)}. Download the list there and "
            "choose it as it came."
        )
    known = {said(head) for head in (rules["trn"], rules["start"], *rules["columns"])}
    more = [cell.strip() for cell in sheet.rows[0].cells if cell.strip() and said(cell) not in known]
    if more:
        raise UsageError(
            f"The list has a column {', '.join(more[:3])}, and Register's list has none of that name: its import deletes what a "
            "file does not say, so nothing was made. Download the list again and choose it as it came."
        )


def _names_nobody(row: Row, trn: str) -> str:
    what = f"{quote(trn)} for a TRN, which has {TRN_DIGITS} digits" if trn else "no TRN"
    return f"Row {row.number} of the list has {what}, so it was not looked at. Download the list again."


def _and_more(rows: Sequence[Row]) -> list[str]:
    more = len(rows) - _MOST_TOLD
    return [f"{more:,} more rows of the list have no TRN that can be read."] if more > 0 else []


def _without_school(table: Table, cell: str) -> bool:
    """Whether a cell marks a placement without a school, which the import skips."""
    return said(cell) == said(str(table["placements"]["manual"]))


def _is_urn(cell: str) -> bool:
    return len(cell) == 6 and cell.isdigit()


def made(
    table: Table, placed: Sequence[Placed], listed: Mapping[str, Listed] | None
) -> tuple[bytes, list[int], list[tuple[int, Left]]]:
    """The file, the numbers of the trainees in its rows, and who is left out. `listed` None = read by the API just now."""
    rules = table["placements"]
    rows: list[list[str]] = [[rules["trn"], rules["start"], *rules["columns"]]]
    rows.append([rules["skip"], rules["skip"], *rules["guidance"]])
    kept: list[int] = []
    left: list[tuple[int, Left]] = []
    for one in placed:
        if why := _why_not(rules, one, listed):
            left.append((one.number, Left("placements", why)))
            continue
        if one.nameless:
            left.append(
                (
                    one.number,
                    Left(
                        "placements",
                        "The file has no room for a placement without a URN. Add it on the website.",
                    ),
                )
            )
        urns = [*one.wanted, *[""] * (len(rules["columns"]) - len(one.wanted))]
        rows.append([one.trn, _start(one, listed), *urns])
        kept.append(one.number)
    return lines(rows), kept, left


def _start(one: Placed, listed: Mapping[str, Listed] | None) -> str:
    if listed is not None and _DAY.fullmatch(listed[one.trn].start):
        return listed[one.trn].start
    return one.start.strftime("%d/%m/%Y") if one.start else ""


def _why_not(rules: Table, one: Placed, listed: Mapping[str, Listed] | None) -> str:
    if not one.trn:
        return "It has no TRN yet, and the file names trainees by TRN only."
    if len(one.wanted) > len(rules["columns"]):
        return f"The file has room for {len(rules['columns'])} placements. Use the website."
    if not all(map(_is_urn, one.wanted)):
        return "A URN has 6 digits. Put it right first: Register deletes the old placements even when a new one fails."
    if listed is None:
        return ""
    if one.trn not in listed:
        return "It is not in Register's list. Download the list again."
    there = listed[one.trn]
    if there.again:
        return f"Rows {there.row} and {there.again} of the list have the same TRN. Download the list again."
    if strange := next((urn for urn in there.urns if not _is_urn(urn)), ""):
        return (
            f"Row {there.row} of the list has {quote(strange)} for a URN, which has 6 digits. Download the list again, and "
            "choose it as it came."
        )
    if sorted(there.urns) != sorted(one.there):
        return (
            "Register's list shows other schools than Holdfast read last: somebody changed them. Read from Register, "
            "look at the record, then make the file with a new list."
        )
    return ""
