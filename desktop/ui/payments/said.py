"""What the payments page says. Pure functions of the data."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.services.payment_groups import PaymentGroup, Verdict
from desktop.services.payment_report import VERDICT_WORDS, signed, sum_words, tier_words
from desktop.services.reconciling import (
    EXPORT,
    SCHEDULE,
    SUMMARY,
    AmountDiffers,
    LoadedFile,
    MonthPaid,
    Reconciliation,
    pounds,
)
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.words import Look, capital, count, money, number, short_date

COLUMNS = (
    Column("Subject", 240, "strong", stretch=True),
    Column("Route", 250, "quiet", least=1000),
    Column("Expected", 145, right=True, least=760),
    Column("Paid", 145, right=True, least=640),
    Column("Difference", 110, "strong", right=True),
    Column("Result", 200, "state", least=420),
)
MONTH_COLUMNS = (
    Column("Month", 130, "strong", stretch=True),
    Column("State", 110, "quiet", least=400),
    Column("Month total", 120, right=True),
    Column("Year so far", 120, right=True, least=320),
)
AMOUNT_COLUMNS = (
    Column("Trainee", 190, "strong"),
    Column("Our table", 100, right=True, least=600),
    Column("Register", 110, right=True, least=420),
    Column("Why", 300, stretch=True),
)
LOOKS = {
    Verdict.LESS: Look(VERDICT_WORDS[Verdict.LESS], "minus", "conflict", filled=True),
    Verdict.MORE: Look(VERDICT_WORDS[Verdict.MORE], "plus", "conflict", filled=True),
    Verdict.DIFFERENT: Look(VERDICT_WORDS[Verdict.DIFFERENT], "users", "conflict", filled=True),
    Verdict.UNMATCHED: Look(VERDICT_WORDS[Verdict.UNMATCHED], "circle-question-mark", "unknown", filled=True),
    Verdict.AS_EXPECTED: Look(VERDICT_WORDS[Verdict.AS_EXPECTED], "circle-check", "confirmed", quiet=True),
}
WHERE = {
    SUMMARY: "In Register: Funding, Trainee summary",
    SCHEDULE: "In Register: Funding, Payment schedule",
    EXPORT: "In Register: Registered trainees, Export. Compares trainee by trainee",
}
"""What to download, and where it is."""

SHOWN = 6
"""Groups that agree, until somebody asks for all of them."""


def sentence(found: Reconciliation) -> str:
    """What the two sides come to."""
    told = f"{year_words(found.year)}: expected {sum_words(found.expected_p)} for {count(found.expected_trainees, 'trainee')}"
    if found.has(SUMMARY):
        told += f", the trainee summary comes to {pounds(found.paid_p)}"
    if found.has(SCHEDULE):
        told += f", the payment schedule to {pounds(found.schedule_p)}"
    told += "."
    unknown = found.count(Verdict.UNMATCHED)
    if unknown:
        told += f" {count(unknown, 'group')} could not be compared."
    if found.year != found.current_year:
        told += f" The current year is {year_words(found.current_year)}."
    return told


def group_lines(groups: Sequence[PaymentGroup]) -> list[Group]:
    """The groups under three heads: what differs, what could not be compared, what agrees."""
    differ = [_line(g) for g in groups if g.verdict not in {Verdict.UNMATCHED, Verdict.AS_EXPECTED}]
    unknown = [_line(g) for g in groups if g.verdict is Verdict.UNMATCHED]
    agree = [_line(g) for g in groups if g.verdict is Verdict.AS_EXPECTED]
    found = (
        Group("differ", "Not paid as expected", count(len(differ), "group"), differ),
        Group("unknown", "Not compared", "Holdfast does not know these names", unknown),
        Group("agree", "Paid as expected", count(len(agree), "group"), agree, SHOWN),
    )
    return [group for group in found if group.lines]


def _line(group: PaymentGroup) -> Line:
    kind = ", ".join(part for part in (group.funding_type, tier_words(group.tier)) if part)
    many = len(group.members)
    expected = f"{sum_words(group.expected_p)} for {number(many)}" if many else "Nothing"
    cells = (
        Cell(group.subject, kind),
        Cell(group.route),
        Cell(expected if group.place else "Not compared"),
        Cell(f"{pounds(group.paid_p)} for {number(group.paid_trainees)}" if group.rows else "Nothing"),
        Cell(signed(group.difference_p) if group.place else ""),
        Cell(LOOKS[group.verdict].word, look=LOOKS[group.verdict]),
    )
    return Line(group.key, cells, group)


def group_words(group: PaymentGroup) -> str:
    """A group in a sentence."""
    paid = f"{pounds(group.paid_p)} for {count(group.paid_trainees, 'trainee')}" if group.rows else "nothing"
    if group.place is None:
        return f"The file pays {paid}."
    many = len(group.members)
    expected = f"{sum_words(group.expected_p)} for {count(many, 'trainee')}" if many else "nothing"
    if group.difference_p:
        side = "too little" if group.difference_p < 0 else "too much"
        return f"Paid {paid}, expected {expected}: {pounds(abs(group.difference_p))} {side}."
    if group.verdict is Verdict.DIFFERENT:
        return f"Paid {paid}, expected {expected}: the same sum for another number of trainees."
    return f"Paid {paid}, as expected."


def row_words(group: PaymentGroup) -> list[str]:
    """The rows of the file that make up a group."""
    return [
        f"Row {number(row.row)}: {number(row.trainees)} × {pounds(row.each_p)} = {pounds(row.total_p)}"
        + (f", {row.lead_school}" if row.lead_school else "")
        for row in group.rows
    ]


def month_groups(months: Sequence[MonthPaid]) -> list[Group]:
    """The numbers of the chart as a table, in order of time."""
    lines = [
        Line(
            month.first.isoformat(),
            (
                Cell(f"{month.first:%B %Y}", tip=parts_words(month)),
                Cell("Due by now" if month.due else "To come"),
                Cell(pounds(month.total_p)),
                Cell(pounds(month.running_p)),
            ),
        )
        for month in months
    ]
    due = sum(month.due for month in months)
    return [Group("months", "Months", f"{due} of {len(months)} due by now", lines)]


def parts_words(month: MonthPaid) -> str:
    """What a month is paid for, in the funder's words."""
    return "; ".join(f"{what}: {pounds(sum_p)}" for what, sum_p in month.parts if sum_p)


def months_words(months: Sequence[MonthPaid]) -> str:
    """The chart in a sentence."""
    due = sum(month.total_p for month in months if month.due)
    to_come = sum(month.total_p for month in months if not month.due)
    return f"{pounds(due)} due by now, {pounds(to_come)} to come."


def amount_groups(found: Reconciliation) -> list[Group]:
    """Trainees whose amount at the portal is not that of our table."""
    lines = [_amount_line(one) for one in found.amounts]
    agree = found.compared - sum(one.record_id is not None for one in found.amounts)
    return [Group("amounts", "Amounts that differ", f"{count(agree, 'trainee')} agree", lines, 20)]


def _amount_line(one: AmountDiffers) -> Line:
    ours = " or ".join(money(amount) for amount in one.ours) or "Nothing"
    theirs = pounds(one.theirs_p) if one.theirs_p is not None else "No amount"
    return Line(one.register_id, (Cell(one.label), Cell(ours), Cell(theirs), Cell(one.why)), one)


def file_words(file: LoadedFile) -> str:
    """A loaded file in a line."""
    rows = count(file.rows, "month" if file.what == SCHEDULE else "row")
    return f"{capital(file.title)}: {file.name}, {rows}, loaded {short_date(file.at.date())} by {file.by}"


def remark_lines(files: Sequence[LoadedFile]) -> list[str]:
    """What does not add up in the files themselves, each with its place."""
    return [
        f"{capital(file.title)}{f', row {remark.row:,}' if remark.row else ''}: {remark.text}"
        for file in files
        for remark in file.remarks
    ]


def loaded_words(files: Sequence[LoadedFile]) -> str:
    """What the line at the bottom says after loading."""
    if len(files) == 1:
        return f"{capital(files[0].title)} loaded: {files[0].name}"
    return f"{count(len(files), 'file')} loaded"


def year_words(year: int) -> str:
    """As "2026 to 2027"."""
    return f"{year} to {year + 1}"
