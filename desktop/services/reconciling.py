"""Reconciling bursaries: what the portal's payment files say against what our records say should be paid.

Files are loaded as they were downloaded; the original is kept sealed, and the journal says who loaded it. Nothing here changes
a record: a difference is a question for a person. Domain pack 5, 9.1 and 9.2.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from desktop.collections.reading import day
from desktop.collections.trainees import payments
from desktop.collections.trainees.cycles import cycle_label, cycle_of, start_day
from desktop.handover.payments import (
    EXPORT,
    SCHEDULE,
    SUMMARY,
    TITLES,
    ExportRow,
    PaymentFile,
    Remark,
    pounds,
    read_payments,
)
from desktop.handover.reading import open_sheet
from desktop.handover.sections import write_report
from desktop.model.change import ChangeKind
from desktop.model.ids import RecordId, new_id
from desktop.services.core import Core
from desktop.services.payment_causes import explained
from desktop.services.payment_groups import PaymentGroup, Trace, Verdict, expected_here, groups_of
from desktop.services.payment_report import report_of
from desktop.services.views import Organisation
from desktop.store import sealed
from desktop.store.kept import KeptThing
from desktop.store.lists import Question
from desktop.store.records import StoredRecord
from desktop.store.store import Unit

__all__ = [
    "EXPORT",
    "SCHEDULE",
    "SUMMARY",
    "AmountDiffers",
    "LoadedFile",
    "MonthPaid",
    "Reconciliation",
    "Reconciling",
    "pounds",
]

KIND = "payment file"
COLLECTION = "trainees"
SOME = 500
"""Records whose content is in memory at a time."""

Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class LoadedFile:
    """One file as it was loaded. `what` = SUMMARY, SCHEDULE or EXPORT; `remarks` = what does not add up in it."""

    what: str
    title: str
    name: str
    year: int
    at: datetime
    by: str
    rows: int
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class MonthPaid:
    """One month of the schedule. `parts` = (what for, in the funder's words, pence); `running_p` = the year up to here.

    due    the month has begun; the file itself does not say what was paid already and what is only planned
    """

    first: date
    parts: tuple[tuple[str, int], ...]
    total_p: int
    running_p: int
    due: bool


@dataclass(frozen=True)
class AmountDiffers:
    """A trainee for whom the portal's own amount is not that of our table. `record_id` None = not on this computer.

    ours   pounds for the record as the portal has it; () = nothing;  theirs_p: None = the export has no amount
    """

    register_id: str
    record_id: RecordId | None
    label: str
    ours: tuple[int, ...]
    theirs_p: int | None
    why: str


@dataclass(frozen=True)
class Reconciliation:
    """All that is known of one year's payments. `years` = those that something was loaded for, newest first.

    groups       () until a trainee summary is loaded
    expected_p   least and most that our records come to, over `expected_trainees`
    compared     trainees of the export whose amount was compared; `amounts` = those that differ
    """

    year: int
    current_year: int
    years: tuple[int, ...]
    files: tuple[LoadedFile, ...]
    groups: tuple[PaymentGroup, ...]
    expected_trainees: int
    expected_p: tuple[int, int]
    months: tuple[MonthPaid, ...]
    compared: int
    amounts: tuple[AmountDiffers, ...]

    def has(self, what: str) -> bool:
        """Whether a file of this kind is loaded for the year."""
        return any(file.what == what for file in self.files)

    def count(self, *verdicts: Verdict) -> int:
        return sum(group.verdict in verdicts for group in self.groups)

    @property
    def not_as_expected(self) -> int:
        return self.count(Verdict.LESS, Verdict.MORE, Verdict.DIFFERENT)

    @property
    def compared_groups(self) -> int:
        return len(self.groups) - self.count(Verdict.UNMATCHED)

    @property
    def paid_p(self) -> int:
        """What the trainee summary comes to."""
        return sum(group.paid_p for group in self.groups)

    @property
    def schedule_p(self) -> int:
        return sum(month.total_p for month in self.months)


class Reconciling:
    """Loading takes the writer's turn; everything else only reads. Worker thread: a large workspace takes seconds."""

    def __init__(self, core: Core, organisation: Organisation) -> None:
        self._core = core
        self._organisation = organisation

    def load(self, path: Path) -> LoadedFile:
        """Read one file to its end and keep it, in place of the one loaded before for that year.

        Raises UsageError and its kinds for what is none of the three files, StoreError and its kinds.
        """
        with open_sheet(path) as sheet:
            found = read_payments(sheet.rows, path.name)
        content = path.read_bytes()
        with self._core.store.read() as unit:
            year, remarks = self._year(unit, found)
        found = replace(found, remarks=(*self._whose(found), *remarks, *found.remarks))
        name = new_id()
        sealed.keep(self._core.store, name, content)
        body = {
            "what": found.kind,
            "file": path.name,
            "year": year,
            "sha256": hashlib.sha256(content).hexdigest(),
            "sealed": name,
            "content": found.to_json(),
        }
        try:
            with self._core.store.write() as unit:
                unit.kept.put(KIND, f"{found.kind} {year}", body)
                told = {key: body[key] for key in ("what", "file", "year", "sha256", "sealed")}
                unit.journal.write("payments_loaded", None, told)
        except BaseException:
            sealed.remove(self._core.store, name)
            raise
        with self._core.store.read() as unit:
            kept = unit.kept.get(KIND, f"{found.kind} {year}")
        assert kept is not None
        return _loaded(kept)

    def view(self, year: int | None = None, cancelled: Cancelled = lambda: False) -> Reconciliation:
        """How a year stands, the newest that anything was loaded for when not told which.

        What is asked to stop returns what an empty workspace would have.
        """
        with self._core.store.read() as unit:
            kept = unit.kept.all(KIND)
            years = sorted({int(t.body["year"]) for t in kept if t.body["what"] != EXPORT}, reverse=True)
            current = cycle_of(self._core.today())
            year = year if year is not None else years[0] if years else current
            mine = [t for t in kept if t.body["year"] == year or t.body["what"] == EXPORT]
            files = {t.body["what"]: PaymentFile.from_json(t.body["content"]) for t in mine}
            traces = self._traces(unit, year, cancelled) if kept else []
            export = files.get(EXPORT)
            by_record, amounts, compared = self._compare_amounts(unit, export.export if export else ())
        expected = expected_here(traces, year)
        groups: list[PaymentGroup] = []
        if SUMMARY in files:
            groups = groups_of(files[SUMMARY].summary, expected, year)
            groups = explained(groups, traces, year, by_record)
        sums = [trace.here.pounds for some in expected.values() for trace in some]
        return Reconciliation(
            year,
            current,
            tuple(years),
            tuple(sorted((_loaded(t) for t in mine), key=lambda file: _ORDER.index(file.what))),
            tuple(groups),
            len(sums),
            (sum(map(min, sums)) * 100, sum(map(max, sums)) * 100),
            _months(files.get(SCHEDULE), self._core.today()),
            compared,
            amounts,
        )

    def write(self, path: Path, found: Reconciliation) -> None:
        """The report as .pdf or .xlsx, by the ending of `path`. Raises UsageError, DiskFull, NotWritten."""
        write_report(
            path, report_of(found, self._organisation.name, self._core.now(), self._core.store.actor)
        )

    # -- loading --------------------------------------------------------------------------------------

    def _year(self, unit: Unit, found: PaymentFile) -> tuple[int, tuple[Remark, ...]]:
        """The year of a file; where it does not say, the current one, with a remark."""
        current = cycle_of(self._core.today())
        if found.kind == EXPORT:
            return current, ()
        if found.year is not None:
            return found.year, ()
        known = {int(t.body["year"]) for t in unit.kept.all(KIND) if t.body["what"] == SCHEDULE}
        year = known.pop() if len(known) == 1 else current
        return year, (
            Remark(
                0,
                f"The name of the file does not say its year, so it is taken for {cycle_label(year)}. If that is wrong, load it "
                "again under the name that Register gave it.",
            ),
        )

    def _whose(self, found: PaymentFile) -> tuple[Remark, ...]:
        """Register writes the organisation into the name of the file: another name is worth a look."""
        if not found.organisation or _bare(found.organisation) == _bare(self._organisation.name):
            return ()
        return (
            Remark(
                0,
                f"The file is named for “{found.organisation}”, this workspace is of {self._organisation.name}. Check that "
                "it is yours.",
            ),
        )

    # -- records --------------------------------------------------------------------------------------

    def _traces(self, unit: Unit, year: int, cancelled: Cancelled) -> list[Trace]:
        """Every trainee of the year and of those beside it."""
        cycles = tuple(str(y) for y in (year - 1, year, year + 1))
        keys = unit.lists.find(Question(COLLECTION, facets={"cycle": cycles}))
        withdrawals = {
            change.record_id: day(change.payload.get("fields", {}).get("withdrawal_date"))
            for change in unit.outbox.all(COLLECTION, kinds=(ChangeKind.ACTION,))
            if change.target == "withdraw"
        }
        found: list[Trace] = []
        for start in range(0, len(keys), SOME):
            if cancelled():
                return []
            some = unit.records.contents(keys[start : start + SOME])
            found += [_trace(record, withdrawals.get(record.id)) for record in some]
        return found

    def _compare_amounts(
        self, unit: Unit, rows: Sequence[ExportRow]
    ) -> tuple[Mapping[str, ExportRow], tuple[AmountDiffers, ...], int]:
        """The export by record, the trainees whose amount differs, and how many were compared."""
        keys = unit.records.portal_ids(COLLECTION) if rows else {}
        by_key = {keys[row.register_id]: row for row in rows if row.register_id in keys}
        by_record: dict[str, ExportRow] = {}
        differ = [_not_here(row) for row in rows if row.register_id not in keys and row.value_p]
        ordered = list(by_key)
        for start in range(0, len(ordered), SOME):
            for record in unit.records.contents(ordered[start : start + SOME]):
                row = by_record[record.id] = by_key[record.key]
                if (one := _amount_differs(record, row)) is not None:
                    differ.append(one)
        differ.sort(key=lambda one: (one.record_id is None, one.label.casefold()))
        return by_record, tuple(differ), len(by_record)


_ORDER = (SUMMARY, SCHEDULE, EXPORT)


def _loaded(kept: KeptThing) -> LoadedFile:
    body = kept.body
    content = body["content"]
    return LoadedFile(
        body["what"],
        TITLES[body["what"]],
        body["file"],
        body["year"],
        kept.at,
        kept.actor,
        sum(len(content[part]) for part in ("summary", "months", "export")),
        tuple(Remark(**remark) for remark in content["remarks"]),
    )


def _trace(record: StoredRecord, waiting_withdrawal: date | None) -> Trace:
    extras = record.base.extras if record.base else {}
    gone = day(str(extras.get("withdrawal_date"))[:10]) if record.state == "withdrawn" else None
    here = payments.counted(record.document)
    return Trace(
        record.id,
        record.label,
        record.portal_id is not None,
        record.sync,
        record.errors or 0,
        record.missing,
        here,
        (payments.counted(record.base.document) if record.pending else here) if record.base else None,
        start_day(record.document),
        gone or waiting_withdrawal,
        gone is None and waiting_withdrawal is not None,
    )


def _amount_differs(record: StoredRecord, row: ExportRow) -> AmountDiffers | None:
    """The difference between the portal's amount and our table for what the portal has; None when there is none."""
    if record.base is None:
        return None
    there = payments.counted(record.base.document)
    theirs = row.value_p or 0
    if theirs in {amount * 100 for amount in there.pounds} or not (theirs or there.pounds):
        return None
    return AmountDiffers(
        row.register_id, record.id, record.label, there.pounds, row.value_p, _why(record, there, row)
    )


def _why(record: StoredRecord, there: payments.Counted, row: ExportRow) -> str:
    """What can be said of one trainee's difference."""
    told = []
    place, cycle = there.place, there.cycle
    if row.value_p is None:
        told.append(f"Register says “{row.words or row.method or 'nothing'}”.")
    elif place and place.kind and cycle is not None:
        years = [
            y
            for y in (cycle - 1, cycle + 1)
            if row.value_p in {a * 100 for a in payments.amounts_of(place, y)}
        ]
        told += (
            [f"{pounds(row.value_p)} is the amount of {cycle_label(years[0])}: check the start dates."]
            if years
            else []
        )
    if row.method in payments.KINDS and place is not None and place.kind != row.method:
        told.append(
            f"Register has a {row.method}, this record {'a ' + place.kind if place.kind else 'no funding'}."
        )
    if record.pending and payments.counted(record.document) != there:
        told.append("Your change to the funding waits to be sent.")
    return " ".join(told) or "Nothing in this record explains it."


def _not_here(row: ExportRow) -> AmountDiffers:
    why = "Not on this computer. Get the trainees from Register, then look again."
    return AmountDiffers(row.register_id, None, row.register_id, (), row.value_p, why)


def _months(schedule: PaymentFile | None, today: date) -> tuple[MonthPaid, ...]:
    """The months in order, with the sum of the year up to each."""
    found: list[MonthPaid] = []
    running = 0
    for month in schedule.months if schedule else ():
        running += month.total_p
        parts = tuple(zip(schedule.columns if schedule else (), month.amounts_p, strict=True))
        found.append(MonthPaid(month.first, parts, month.total_p, running, month.first <= today))
    return tuple(found)


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.casefold())
