"""Register's file of placements ("bulk placements"). Source: domain pack 4.3.

Its import deletes every placement of a trainee that has a school, then adds those of the row, and looks at no earlier
version: a stale file destroys what somebody else added. So a trainee whose schools in Register's present list are not
those that this computer read last is left out, and only trainees with something to change are in the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.handover.csv_sheet import read_sheet, said
from desktop.handover.register_csv import PLACEMENTS, Left, Table, lines, route_of, skipped
from desktop.model.errors import UsageError


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
    """What Register's present list says of one trainee."""

    start: str
    urns: tuple[str, ...]


def read_list(table: Table, content: bytes) -> dict[str, Listed]:
    """TRN -> what the list says. Raises UsageError when it is not Register's list of placements."""
    sheet = read_sheet(content)
    rules = table["placements"]
    if route_of(table, sheet) != PLACEMENTS:
        raise UsageError(
            "This is not Register's list of placements. Download the list there and choose it again."
        )
    places = [place for name in rules["columns"] if (place := sheet.place(name)) is not None]
    trn, start = sheet.place(rules["trn"]), sheet.place(rules["start"])
    found: dict[str, Listed] = {}
    for row in sheet.rows[1:]:
        if (
            row.blank
            or any(cell.strip().startswith(skipped(table)) for cell in row.cells)
            or not row.cell(trn)
        ):
            continue
        urns = tuple(cell for p in places if (cell := row.cell(p)) and not _without_school(table, cell))
        found[row.cell(trn)] = Listed(row.cell(start), urns)
    return found


def _without_school(table: Table, cell: str) -> bool:
    """Whether a cell marks a placement without a school, which the import skips."""
    return said(cell) == said(str(table["placements"]["manual"]))


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
    if listed is not None:
        return listed[one.trn].start
    return one.start.strftime("%d/%m/%Y") if one.start else ""


def _why_not(rules: Table, one: Placed, listed: Mapping[str, Listed] | None) -> str:
    if not one.trn:
        return "It has no TRN yet, and the file names trainees by TRN only."
    if len(one.wanted) > len(rules["columns"]):
        return f"The file has room for {len(rules['columns'])} placements. Use the website."
    strange = next((urn for urn in one.wanted if not (len(urn) == 6 and urn.isdigit())), None)
    if strange is not None:
        return "A URN has 6 digits. Put it right first: Register deletes the old placements even when a new one fails."
    if listed is None:
        return ""
    if one.trn not in listed:
        return "It is not in Register's list. Download the list again."
    if sorted(listed[one.trn].urns) != sorted(one.there):
        return (
            "Register's list shows other schools than Holdfast read last: somebody changed them. Read from Register, "
            "look at the record, then make the file with a new list."
        )
    return ""
