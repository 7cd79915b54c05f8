"""The funder's payment files as they are downloaded from Register, and the three money columns of its trainee export.

Read, never repaired: what does not add up in a file is told as a remark with its row. Sums are whole pence. Layouts: domain
pack 9.1 and 9.2. A file that a spreadsheet saved again is understood as well: pounds without their sign, months as "Aug-26".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from desktop.handover.cells import unguarded
from desktop.model.errors import UsageError

SUMMARY, SCHEDULE, EXPORT = "trainee-summary", "payment-schedule", "trainee-export"
_SUMMARY_COLUMNS = (
    "Funding type",
    "Route",
    "Course",
    "Tier",
    "Number of trainees",
    "Amount per trainee",
    "Total",
)
_EXPORT_COLUMNS = ("register_id", "funding_method", "funding_value")
_MONTH, _MONTH_TOTAL, _TOTAL = "Month", "Month total", "Total"
_MOST_REMARKS = 200
_LARGEST_PENCE = 10**13
_POUNDS = re.compile(
    r"(?P<minus>-?)£?(?P<minus2>-?)(?P<whole>\d{1,3}(,\d{3})+|\d{1,12})(\.(?P<pence>\d{1,2})0*)?"
)
_TIER = re.compile(r"tier ([123])\Z", re.IGNORECASE)
_NAME = re.compile(
    r"(?P<who>.*?)[-_ ](?:trainee[-_ ]summary|payment[-_ ]schedule)(?:[-_ ](?P<year>20\d\d)[-_ ]to[-_ ]20\d\d)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(20\d\d)[-_ ]to[-_ ]20\d\d", re.IGNORECASE)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH_WORDS = re.compile(r"([a-z]{3,9})[ -](\d{2}|\d{4})\Z")


class NotAPaymentFile(UsageError):
    """The file is none of the three; the message says what is missing and where the right one is."""


@dataclass(frozen=True)
class Remark:
    """Something in a file that does not add up. `row` as a spreadsheet counts, 0 = the file as a whole."""

    row: int
    text: str


@dataclass(frozen=True)
class SummaryRow:
    """One row of the trainee summary. `tier` 0 = not applicable; sums in pence."""

    row: int
    kind: str
    funding_type: str
    route: str
    course: str
    lead_school: str
    tier: int
    trainees: int
    each_p: int
    total_p: int


@dataclass(frozen=True)
class Month:
    """One month of the schedule. `amounts_p` in the order of the columns, pence; `first` = the first of the month."""

    row: int
    first: date
    amounts_p: tuple[int, ...]
    total_p: int


@dataclass(frozen=True)
class ExportRow:
    """What the portal's trainee export says of one trainee's money. `value_p` None = no amount; `words` as it stands."""

    row: int
    register_id: str
    method: str
    value_p: int | None
    words: str


@dataclass(frozen=True)
class PaymentFile:
    """One file, read to its end. Of the three lists the one of its `kind` is filled.

    organisation, year   out of the file's name or its months; "" and None when they do not say
    columns              of the schedule: what is paid, in the funder's words
    """

    kind: str
    organisation: str
    year: int | None
    remarks: tuple[Remark, ...]
    summary: tuple[SummaryRow, ...] = ()
    columns: tuple[str, ...] = ()
    months: tuple[Month, ...] = ()
    export: tuple[ExportRow, ...] = ()

    def to_json(self) -> dict[str, Any]:
        found = asdict(self)
        for month_, told in zip(self.months, found["months"], strict=True):
            told["first"] = month_.first.isoformat()
        return found

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PaymentFile:
        months = (
            Month(m["row"], date.fromisoformat(m["first"]), tuple(m["amounts_p"]), m["total_p"])
            for m in data["months"]
        )
        return cls(
            data["kind"],
            data["organisation"],
            data["year"],
            tuple(Remark(**remark) for remark in data["remarks"]),
            tuple(SummaryRow(**row) for row in data["summary"]),
            tuple(data["columns"]),
            tuple(months),
            tuple(ExportRow(**row) for row in data["export"]),
        )


class _Remarks:
    """Collected while a file is read; a file that is wrong all over is not told row by row for ever."""

    def __init__(self) -> None:
        self.told: list[Remark] = []
        self._more = 0

    def add(self, row: int, text: str) -> None:
        if len(self.told) < _MOST_REMARKS:
            self.told.append(Remark(row, text))
        else:
            self._more += 1

    def all(self) -> tuple[Remark, ...]:
        more = [Remark(0, f"There are {self._more:,} more of this kind.")] if self._more else []
        return (*sorted(self.told, key=lambda remark: remark.row), *more)


class _Row:
    """One row of a sheet: its cell under a column, trimmed; "" where there is none."""

    def __init__(self, number: int, cells: Sequence[str], places: Mapping[str, int]) -> None:
        self.number = number
        self.cells = tuple(_clean(cell) for cell in cells)
        self._places = places

    def __getitem__(self, column: str) -> str:
        place = self._places.get(column.casefold(), len(self.cells))
        return self.cells[place] if place < len(self.cells) else ""


@dataclass(frozen=True)
class _Sheet:
    """The head and what stands under it. Of two columns with one name the first is meant."""

    columns: tuple[str, ...]
    rows: tuple[_Row, ...]


def read_payments(rows: Iterable[tuple[int, Sequence[str]]], name: str) -> PaymentFile:
    """Read one of the three files from its numbered rows; which of them it is follows from its columns.

    `name` = what the file is called. Raises NotAPaymentFile, and what `rows` raises.
    """
    sheet = _sheet(rows)
    columns = {column.casefold() for column in sheet.columns}
    for _, wanted, read in _READERS:
        if all(column.casefold() in columns for column in wanted):
            return read(sheet, name)
    for kind, wanted, _ in _READERS:
        missing = [column for column in wanted if column.casefold() not in columns]
        if len(missing) <= len(wanted) / 2:
            raise NotAPaymentFile(
                f"{name} looks like the {TITLES[kind]}, but these columns are missing: {', '.join(missing)}. Download it "
                "again and load it as it is. Nothing was loaded."
            )
    raise NotAPaymentFile(
        f"{name} is neither a trainee summary, nor a payment schedule, nor a trainee export of Register. Download them "
        "there and load them as they are. Nothing was loaded."
    )


def _sheet(rows: Iterable[tuple[int, Sequence[str]]]) -> _Sheet:
    numbered = iter(rows)
    _, head = next(numbered, (0, ()))
    columns = tuple(_clean(cell) for cell in head)
    places: dict[str, int] = {}
    for place, column in enumerate(columns):
        places.setdefault(column.casefold(), place)
    return _Sheet(columns, tuple(_Row(number, cells, places) for number, cells in numbered))


def _clean(cell: str) -> str:
    return unguarded(" ".join(cell.split()))


# --- trainee summary ------------------------------------------------------------------------------------------------


def _summary(sheet: _Sheet, name: str) -> PaymentFile:
    remarks = _Remarks()
    seen: dict[tuple[str, ...], int] = {}
    found = []
    for row in sheet.rows:
        if row["Funding type"].casefold() == _TOTAL.casefold() or not row["Funding type"] + row["Route"]:
            continue
        cells = tuple(row[column] for column in sheet.columns)
        if cells in seen:
            remarks.add(
                row.number,
                f"The row is the same as row {seen[cells]}. Both are counted, as the file has them.",
            )
        seen.setdefault(cells, row.number)
        one = _summary_row(row, remarks)
        if one is not None:
            found.append(one)
    if not found and not remarks.told:
        remarks.add(0, "The file has no row with trainees.")
    who, year = _from_name(name)
    return PaymentFile(SUMMARY, who, year, remarks.all(), summary=tuple(found))


def _summary_row(row: _Row, remarks: _Remarks) -> SummaryRow | None:
    """The row, or None with a remark when it cannot be counted."""
    trainees, each, total = row["Number of trainees"], row["Amount per trainee"], row["Total"]
    each_p, total_p = pence(each), pence(total)
    if not re.fullmatch(r"\d{1,7}", trainees.replace(",", "")):
        remarks.add(row.number, f"“{_cut(trainees)}” is not a number of trainees. The row is left out.")
        return None
    if each_p is None or each_p < 0:
        remarks.add(row.number, f"“{_cut(each)}” is not an amount for a trainee. The row is left out.")
        return None
    many = int(trainees.replace(",", ""))
    if total_p is None:
        remarks.add(
            row.number, f"“{_cut(total)}” is not a total. It is taken as {many:,} × {pounds(each_p)}."
        )
        total_p = many * each_p
    elif total_p != many * each_p:
        remarks.add(
            row.number,
            f"{many:,} × {pounds(each_p)} is {pounds(many * each_p)}, but the total says {pounds(total_p)}. "
            "The total is what is compared.",
        )
    tier = _TIER.match(row["Tier"])
    if not tier and row["Tier"].casefold() not in {"", "not applicable"}:
        remarks.add(row.number, f"“{_cut(row['Tier'])}” is not a tier. The row is taken as one without.")
    kind = row["Funding type"].casefold().removeprefix("ey").removeprefix("itt").strip()
    return SummaryRow(
        row.number,
        kind,
        row["Funding type"],
        row["Route"],
        row["Course"],
        row["Lead school"],
        int(tier.group(1)) if tier else 0,
        many,
        each_p,
        total_p,
    )


# --- payment schedule -----------------------------------------------------------------------------------------------


def _schedule(sheet: _Sheet, name: str) -> PaymentFile:
    remarks = _Remarks()
    paid_for = tuple(
        c for c in sheet.columns if c and c.casefold() not in {_MONTH.casefold(), _MONTH_TOTAL.casefold()}
    )
    months: dict[date, Month] = {}
    totals: _Row | None = None
    for row in sheet.rows:
        if row[_MONTH].casefold() == _TOTAL.casefold():
            totals = row
            continue
        first = month(row[_MONTH])
        if first is None:
            remarks.add(row.number, f"“{_cut(row[_MONTH])}” is not a month. The row is left out.")
        elif first in months:
            remarks.add(
                row.number,
                f"{row[_MONTH]} stands in the file twice. Only row {months[first].row} is counted.",
            )
        else:
            months[first] = _month_row(row, first, paid_for, remarks)
    ordered = tuple(months[first] for first in sorted(months))
    year = _check_months(ordered, remarks)
    _check_totals(totals, ordered, paid_for, remarks)
    who, named = _from_name(name)
    if named is not None and year is not None and named != year:
        remarks.add(
            0, f"The name of the file says {named} to {named + 1}, its months are of {year} to {year + 1}."
        )
    return PaymentFile(SCHEDULE, who, year or named, remarks.all(), columns=paid_for, months=ordered)


def _month_row(row: _Row, first: date, paid_for: Sequence[str], remarks: _Remarks) -> Month:
    amounts = tuple(_amount(row, column, remarks) for column in paid_for)
    total_p = pence(row[_MONTH_TOTAL])
    if total_p is None:
        remarks.add(
            row.number, f"The month total of {row[_MONTH]} cannot be read. The sum of its columns is taken."
        )
    elif total_p != sum(amounts):
        remarks.add(
            row.number,
            f"The columns of {row[_MONTH]} come to {pounds(sum(amounts))}, but its month total says {pounds(total_p)}. "
            "The month total is what is counted.",
        )
    return Month(row.number, first, amounts, sum(amounts) if total_p is None else total_p)


def _amount(row: _Row, column: str, remarks: _Remarks) -> int:
    found = pence(row[column]) if row[column] else 0
    if found is None:
        remarks.add(
            row.number, f"“{_cut(row[column])}” under “{_cut(column)}” is not an amount. It is counted as £0."
        )
    return found or 0


def _check_months(months: Sequence[Month], remarks: _Remarks) -> int | None:
    """The year in which the months begin; what is missing of the twelve, or lies outside, is told."""
    if not months:
        remarks.add(0, "The file has no month.")
        return None
    first = months[0].first
    year = first.year if first.month >= 8 else first.year - 1
    wanted = [date(year + (m < 8), m, 1) for m in (*range(8, 13), *range(1, 8))]
    have = {one.first for one in months}
    missing = [day for day in wanted if day not in have]
    if missing:
        remarks.add(0, f"These months are missing: {', '.join(f'{day:%B %Y}' for day in missing)}.")
    for one in months:
        if one.first not in wanted:
            remarks.add(
                one.row,
                f"{one.first:%B %Y} is not a month of {year} to {year + 1}. It is counted all the same.",
            )
    return year


def _check_totals(
    totals: _Row | None, months: Sequence[Month], paid_for: Sequence[str], remarks: _Remarks
) -> None:
    if totals is None:
        remarks.add(0, "The file has no row “Total”, so its sums cannot be checked.")
        return
    sums = [(column, sum(m.amounts_p[place] for m in months)) for place, column in enumerate(paid_for)]
    for column, found in (*sums, (_MONTH_TOTAL, sum(m.total_p for m in months))):
        said = pence(totals[column])
        if said != found:
            told = f"says {pounds(said)}" if said is not None else "cannot be read"
            remarks.add(
                totals.number,
                f"The months under “{_cut(column)}” come to {pounds(found)}, but the total {told}.",
            )


# --- trainee export -------------------------------------------------------------------------------------------------


def _export(sheet: _Sheet, name: str) -> PaymentFile:
    remarks = _Remarks()
    found: dict[str, ExportRow] = {}
    for row in sheet.rows:
        key, words = row["register_id"], row["funding_value"]
        if not key or key.startswith("No trainee data"):
            continue
        if key in found:
            remarks.add(
                row.number, f"The trainee of row {found[key].row} stands here again. The first row is used."
            )
            continue
        found[key] = ExportRow(row.number, key, row["funding_method"].casefold(), pence(words), words)
    if not found:
        remarks.add(0, "The file has no trainee.")
    return PaymentFile(EXPORT, "", _from_name(name)[1], remarks.all(), export=tuple(found.values()))


TITLES = {SUMMARY: "trainee summary", SCHEDULE: "payment schedule", EXPORT: "trainee export"}
_READERS: tuple[tuple[str, tuple[str, ...], Callable[[_Sheet, str], PaymentFile]], ...] = (
    (SUMMARY, _SUMMARY_COLUMNS, _summary),
    (SCHEDULE, (_MONTH, _MONTH_TOTAL), _schedule),
    (EXPORT, _EXPORT_COLUMNS, _export),
)


# --- values ---------------------------------------------------------------------------------------------------------


def pence(words: str) -> int | None:
    """Pence of "£1,234.50", "-£5.00", "(£5.00)", "29000"; None for anything else, an empty cell too."""
    plain = words.replace(" ", "").replace("\u00a0", "").replace("\u2212", "-")
    inner = plain[1:-1] if plain.startswith("(") and plain.endswith(")") else plain
    match = _POUNDS.fullmatch(inner)
    if match is None:
        return None
    found = int(match["whole"].replace(",", "")) * 100 + int((match["pence"] or "0").ljust(2, "0"))
    negative = bool(match["minus"]) + bool(match["minus2"]) + (inner is not plain)
    return None if negative > 1 or found > _LARGEST_PENCE else -found if negative else found


def pounds(value_p: int) -> str:
    """Pence as people read them: "£29,000", "£19,660.50", "-£5"."""
    whole, rest = divmod(abs(value_p), 100)
    return f"{'-' if value_p < 0 else ''}£{whole:,}{f'.{rest:02}' if rest else ''}"


def month(words: str) -> date | None:
    """The first of "August 2026", "Aug-26" or "2026-08-01"; None for anything else."""
    plain = " ".join(words.casefold().split())
    iso = re.fullmatch(r"(20\d\d)-(\d\d)(-\d\d)?", plain)
    if iso and 1 <= int(iso[2]) <= 12:
        return date(int(iso[1]), int(iso[2]), 1)
    match = _MONTH_WORDS.match(plain)
    if match is None:
        return None
    number = next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(match[1])), 0)
    year = int(match[2]) + (2000 if len(match[2]) == 2 else 0)
    return date(year, number, 1) if number and 2000 <= year <= 2100 else None


def _from_name(name: str) -> tuple[str, int | None]:
    """(organisation, start year) as the portal writes them into the name of the file; "" and None when it was renamed."""
    found, year = _NAME.match(name), _YEAR.search(name)
    return (found["who"] if found else ""), (int(year[1]) if year else None)


def _cut(words: str) -> str:
    return words if len(words) <= 40 else f"{words[:39]}…"
