"""Register's file of trainees to be recommended for QTS or EYTS ("bulk recommend"). Source: domain pack 4.2.

The file is Register's own list: only the date of the chosen trainees is filled in, all else stays byte for byte, the
row of advice too. Without a list the short template is written, which names trainees by TRN.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from desktop.collections.reading import long_day, quote, years_before
from desktop.handover.csv_sheet import Row, Sheet, read_sheet, said, whole_trn
from desktop.handover.recommend_course import Course, differences
from desktop.handover.register_csv import RECOMMEND, Left, Table, lines, route_of, skipped
from desktop.model.errors import UsageError

_TRN = "TRN"
_MOST_TOLD = 5
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")


@dataclass(frozen=True)
class Trainee:
    """One trainee to be recommended, as this computer has it.

    number   the caller's own
    keys     head -> value of each identifier that is known: TRN, HESA ID, Provider trainee ID
    names    head -> what the portal showed last
    award    "QTS" or "EYTS", "" = not known
    route    every name of the training route; empty = not known
    when     the day on which the standards were met
    label    how people know the trainee; `course` is only warned about
    """

    number: int
    keys: Mapping[str, str]
    names: Mapping[str, str]
    award: str
    route: frozenset[str]
    when: date
    start: date | None = None
    label: str = ""
    course: Course = field(default_factory=Course)


@dataclass(frozen=True)
class Filled:
    """A file to be uploaded. `rows` = (number of the trainee, row of the file from 0); `left` by number."""

    content: bytes
    rows: tuple[tuple[int, int], ...]
    left: tuple[tuple[int, Left], ...]
    warnings: tuple[str, ...] = ()


@dataclass
class _Found:
    rows: list[tuple[int, int]] = field(default_factory=list)
    left: list[tuple[int, Left]] = field(default_factory=list)
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def as_written(day: date) -> str:
    """A day as the column wants it: 20/7/2026."""
    return f"{day.day}/{day.month}/{day.year}"


def filled(table: Table, content: bytes, trainees: Sequence[Trainee], today: date) -> Filled:
    """Register's list with the dates of these trainees. Raises UsageError when it is not that list."""
    sheet = read_sheet(content)
    date_at = _date_column(table, sheet)
    found = _Found()
    by_key = _rows_by_key(table, sheet)
    for trainee in trainees:
        why, row = _row_of(table, sheet, by_key, trainee)
        why = why or _wrong_day(trainee, today)
        if not why and date_at >= len(sheet.rows[row].cells):
            why = f"Row {sheet.rows[row].number} of the list is cut short. Download the list again."
        if why:
            found.left.append((trainee.number, Left("", why)))
        else:
            found.rows.append((trainee.number, row))
            found.cells[row, date_at] = as_written(trainee.when)
            if told := _other_course(sheet, sheet.rows[row], trainee):
                found.warnings.append(told)
    return Filled(
        sheet.filled(found.cells),
        tuple(found.rows),
        tuple(found.left),
        (*_first(found.warnings, "rows differ so"), *_strange_dates(table, sheet, found, date_at, today)),
    )


def short(table: Table, trainees: Sequence[Trainee], today: date) -> Filled:
    """The short template: TRN, the provider's own ID, the date."""
    heads: Sequence[str] = table["recommend"]["short"]
    found = _Found()
    rows = [heads]
    for trainee in trainees:
        why = _wrong_day(trainee, today) or ("" if trainee.keys.get(heads[0]) else "It has no TRN yet.")
        if why:
            found.left.append((trainee.number, Left("", why)))
            continue
        found.rows.append((trainee.number, len(rows)))
        rows.append([*(trainee.keys.get(head, "") for head in heads[:-1]), as_written(trainee.when)])
    return Filled(lines(rows), tuple(found.rows), tuple(found.left))


def _date_column(table: Table, sheet: Sheet) -> int:
    rules = table["recommend"]
    found = sheet.place(rules["date"])
    if route_of(table, sheet) != RECOMMEND or found is None:
        raise UsageError(
            f"This is not Register's list for recommending: it has no column {rules['date']}. Download the list there "
            "and choose it again."
        )
    if all(sheet.place(head) is None for head, _ in rules["identifiers"]):
        raise UsageError("This list names nobody: it needs a column TRN, HESA ID or Provider trainee ID.")
    return found


def _rows_by_key(table: Table, sheet: Sheet) -> dict[str, dict[str, list[int]]]:
    """Head -> value -> rows of the trainees that have it; rows of advice and blank ones are not among them."""
    places = {head: sheet.place(head) for head, _ in table["recommend"]["identifiers"]}
    found: dict[str, dict[str, list[int]]] = {head: {} for head in places}
    for number, row in enumerate(sheet.rows[1:], 1):
        if row.blank or any(cell.strip() in skipped(table) for cell in row.cells):
            continue
        for head, place in places.items():
            if value := row.cell(place):
                found[head].setdefault(whole_trn(value).casefold(), []).append(number)
    return found


def _row_of(
    table: Table, sheet: Sheet, by_key: Mapping[str, Mapping[str, list[int]]], trainee: Trainee
) -> tuple[str, int]:
    """The row of a trainee: by TRN, else HESA ID, else own ID, as Register matches; or why there is none."""
    for head, rows in by_key.items():
        value = trainee.keys.get(head, "").casefold()
        here = rows.get(value, []) if value else []
        if len(here) > 1:
            numbers = " and ".join(str(sheet.rows[number].number) for number in here[:2])
            return f"Rows {numbers} of the list have this {head}. Download the list again.", 0
        if here:
            return _edited(table, sheet, sheet.rows[here[0]], trainee), here[0]
    return "It is not in Register's list. Download the list again; only trainees with a TRN are in it.", 0


def _edited(table: Table, sheet: Sheet, row: Row, trainee: Trainee) -> str:
    """What of a row is not what Register showed: somebody edited the file, or the record here is of another day."""
    rules = table["recommend"]
    wrong = []
    trn, known = row.cell(sheet.place(_TRN)), trainee.keys.get(_TRN, "")
    if trn != known and whole_trn(trn) == known:
        return (
            f"In row {row.number} of the list a spreadsheet took the zero from the front of the TRN. Download the list again, "
            "and choose it without saving it in a spreadsheet."
        )
    for head, _ in rules["identifiers"]:
        cell, ours = row.cell(sheet.place(head)), trainee.keys.get(head, "")
        if cell and ours and cell.casefold() != ours.casefold():
            wrong.append(head)
    for head, ours in trainee.names.items():
        cell = row.cell(sheet.place(head))
        if cell and ours and _bare(cell) != _bare(ours):
            wrong.append(head)
    award, route = row.cell(sheet.place(rules["award"])), row.cell(sheet.place(rules["route"]))
    if award and trainee.award and said(award) != said(trainee.award):
        wrong.append(rules["award"])
    if route and trainee.route and said(route) not in trainee.route:
        wrong.append(rules["route"])
    if not wrong:
        return ""
    return (
        f"In row {row.number} of the list {', '.join(wrong)} is not what Register showed. Read from Register, then download the "
        "list again."
    )


def _other_course(sheet: Sheet, row: Row, trainee: Trainee) -> str:
    """A warning about a row whose course is not the one that was shown; a person may go on."""
    found = differences(sheet, row, trainee.course)
    if not found:
        return ""
    told = "; ".join(f"{one.head} is {quote(one.listed)} there and {quote(one.shown)} here" for one in found)
    return (
        f"Row {row.number}, {trainee.label}: {told}. Register refuses a row that is not as its record is. Read from Register, "
        "or download the list again if somebody edited it."
    )


def _first(told: Sequence[str], more: str) -> tuple[str, ...]:
    """So many sentences as people read, and how many more there are."""
    rest = len(told) - _MOST_TOLD
    return (*told[:_MOST_TOLD], f"{rest:,} more {more}.") if rest > 0 else tuple(told)


def _wrong_day(trainee: Trainee, today: date) -> str:
    """Why Register would not take the date (pack 4.2); "" when it would."""
    earliest = years_before(today, 1)
    if trainee.when > today:
        return "The date is in the future. Enter today or an earlier date."
    if trainee.when < earliest:
        return f"The date is more than 12 months ago. The file takes dates from {long_day(earliest)}; use the website."
    if trainee.start is not None and trainee.when < trainee.start:
        return f"The date is before the course start. Enter {long_day(trainee.start)} or a later date."
    return ""


def _strange_dates(table: Table, sheet: Sheet, found: _Found, date_at: int, today: date) -> Iterator[str]:
    """Dates that somebody else put into the list: those that Register takes, and those that it refuses."""
    ours = {row for _, row in found.rows}
    others = [
        row
        for number, row in enumerate(sheet.rows[1:], 1)
        if number not in ours
        and row.cell(date_at)
        and not any(c.strip() in skipped(table) for c in row.cells)
    ]
    wrong = {row.number: why for row in others if (why := _wrong_cell(row.cell(date_at), today))}
    taken = [str(row.number) for row in others if row.number not in wrong]
    if taken:
        where = ", ".join(taken[:_MOST_TOLD]) + (" and more" if len(taken) > _MOST_TOLD else "")
        yield (
            f"The list carries dates that Holdfast did not put there (row {where}). Register would recommend those "
            "trainees, too. Download the list again if that is not meant."
        )
    yield from _first([f"Row {row}: {why}" for row, why in wrong.items()], "rows have such dates")


def _wrong_cell(cell: str, today: date) -> str:
    """Why Register would refuse a date that stands in the list, and what to do."""
    typed = _DAY.fullmatch(cell)
    try:
        day = date(int(typed[3]), int(typed[2]), int(typed[1])) if typed else None
    except ValueError:
        day = None
    if day is None:
        return f"{quote(cell)} is not a date as Register takes it, such as 20/7/2026. Put it right, or empty the cell."
    if day > today:
        return f"{quote(cell)} is in the future. Put it right, or empty the cell."
    if day < years_before(today, 1):
        return f"{quote(cell)} is more than 12 months ago, and Register refuses that. Empty the cell, and use the website."
    return ""


def _bare(name: str) -> str:
    """A name without case, accents and runs of blanks, as Register compares it."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(ch for ch in plain if not unicodedata.combining(ch)).split())
