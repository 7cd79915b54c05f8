"""The reconciliation as a report for people: as a PDF to take along, or as a workbook with a sheet for each part."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from desktop.collections.reading import long_day
from desktop.collections.trainees.cycles import census_day, cycle_label
from desktop.handover.payments import EXPORT, SCHEDULE, SUMMARY, pounds
from desktop.handover.sections import Report, Section
from desktop.services.core import LONDON
from desktop.services.payment_groups import PaymentGroup, Verdict
from desktop.services.wording import count

if TYPE_CHECKING:
    from desktop.services.reconciling import Reconciliation

VERDICT_WORDS = {
    Verdict.LESS: "Too little paid",
    Verdict.MORE: "Too much paid",
    Verdict.DIFFERENT: "Other number of trainees",
    Verdict.UNMATCHED: "Name not known",
    Verdict.AS_EXPECTED: "As expected",
}
OUR_READING = (
    "Expected is our reading of Register’s funding table for the records on this computer. The funder decides what is paid. "
    "A difference is a question, not an error."
)


def statement(found: Reconciliation) -> str:
    """What was found, in a sentence without a full stop."""
    if not found.has(SUMMARY):
        if found.has(SCHEDULE):
            return f"{pounds(found.schedule_p)} is planned for {cycle_label(found.year)}"
        return "The trainee summary is not loaded yet"
    if not found.compared_groups:
        return "No group of the file could be compared"
    if not found.not_as_expected:
        return (
            f"All {found.compared_groups} groups are paid as expected"
            if found.compared_groups > 1
            else ("The only group is paid as expected")
        )
    verb = "is" if found.not_as_expected == 1 else "are"
    groups = "group" if found.compared_groups == 1 else "groups"
    return f"{found.not_as_expected} of {found.compared_groups} {groups} {verb} not paid as expected"


def sum_words(least_and_most_p: tuple[int, int]) -> str:
    """As "£29,000"; "£9,000 to £12,000" where the table itself is ambiguous."""
    low, high = least_and_most_p
    return pounds(low) if low == high else f"{pounds(low)} to {pounds(high)}"


def signed(value_p: int) -> str:
    """A difference, as "+£29,000", "-£500", "£0"."""
    return f"+{pounds(value_p)}" if value_p > 0 else pounds(value_p)


def tier_words(tier: int) -> str:
    """As "Tier 2"; "" where there are no tiers."""
    return f"Tier {tier}" if tier else ""


def report_of(found: Reconciliation, organisation: str, at: datetime, by: str) -> Report:
    """The report in words. `at` = when it was made, `by` = by whom."""
    london = at.astimezone(LONDON)
    lines = (
        f"{organisation}, bursaries, scholarships and grants of {cycle_label(found.year)}",
        f"Made on {long_day(london.date())} at {london:%H:%M} by {by}. Census day: {long_day(census_day(found.year))}.",
        *(f"{file.title.capitalize()}: {file.name}, loaded by {file.by}" for file in found.files),
        OUR_READING,
    )
    return Report(statement(found), lines, tuple(_sections(found)))


def _sections(found: Reconciliation) -> Iterator[Section]:
    if found.groups:
        yield _groups(found)
    suspects = tuple(_suspect_rows(found.groups))
    if suspects:
        words = "Facts of the records. Each may explain a part of a difference, or none."
        yield Section(
            "Could explain it",
            words,
            ("Group", "Difference", "Trainee", "Why"),
            (24, 10, 18, 48),
            suspects,
            frozenset({1}),
        )
    notes = tuple((_named(group), group.note) for group in found.groups if group.note)
    if notes:
        yield Section("About groups", "", ("Group", "Note"), (30, 70), notes)
    if found.months:
        yield _months(found)
    if found.has(EXPORT):
        yield _amounts(found)
    remarks = tuple(
        (file.title.capitalize(), str(remark.row or ""), remark.text)
        for file in found.files
        for remark in file.remarks
    )
    if remarks:
        words = "Counted as the files have it, unless it says otherwise."
        yield Section(
            "In the files themselves", words, ("File", "Row", "What does not add up"), (18, 6, 76), remarks
        )


def _groups(found: Reconciliation) -> Section:
    columns = (
        *("Result", "Funding type", "Route", "Subject", "Tier"),
        *("Expected trainees", "Expected", "Paid trainees", "Paid", "Difference"),
    )
    rows = tuple(
        (
            VERDICT_WORDS[g.verdict], g.funding_type, g.route, g.subject, tier_words(g.tier),
            len(g.members) if g.place else "", sum_words(g.expected_p) if g.place else "Not compared", g.paid_trainees, pounds(g.paid_p),
            signed(g.difference_p) if g.place else "",
        )
        for g in found.groups
    )  # fmt: skip
    words = (
        f"Expected in all: {count(found.expected_trainees, 'trainee')}, {sum_words(found.expected_p)}. "
        f"The trainee summary comes to {pounds(found.paid_p)}."
    )
    return Section(
        "Groups", words, columns, (14, 11, 14, 14, 6, 8, 11, 8, 11, 11), rows, frozenset({5, 6, 7, 8, 9})
    )


def _suspect_rows(groups: tuple[PaymentGroup, ...]) -> Iterator[tuple[str, str, str, str]]:
    for group in groups:
        for suspect in group.suspects:
            yield _named(group), signed(group.difference_p), suspect.label, suspect.why


def _named(group: PaymentGroup) -> str:
    return ", ".join(
        part for part in (group.subject, group.route, group.funding_type, tier_words(group.tier)) if part
    )


def _months(found: Reconciliation) -> Section:
    parts = [what for what, _ in found.months[0].parts]
    rows = tuple(
        (
            f"{month.first:%B %Y}",
            "Due by now" if month.due else "To come",
            "; ".join(f"{what}: {pounds(sum_p)}" for what, sum_p in month.parts if sum_p),
            pounds(month.total_p),
            pounds(month.running_p),
        )
        for month in found.months
    )
    words = f"The schedule comes to {pounds(found.schedule_p)} over {count(len(parts), 'kind')} of payment. {ADJUSTMENTS}"
    return Section(
        "Months",
        words,
        ("Month", "State", "For", "Month total", "Year so far"),
        (14, 9, 49, 14, 14),
        rows,
        frozenset({3, 4}),
    )


ADJUSTMENTS = (
    "It may hold adjustments and payments for earlier years, so it need not equal the trainee summary."
)


def _amounts(found: Reconciliation) -> Section:
    rows = tuple(
        (one.label, _or(one.ours), pounds(one.theirs_p) if one.theirs_p is not None else "No amount", one.why)
        for one in found.amounts
    )
    words = f"Compared: {count(found.compared, 'trainee')}. Differ: {len(rows):,}."
    return Section(
        "Trainee by trainee",
        words,
        ("Trainee", "Our table", "Register", "Why"),
        (20, 12, 12, 56),
        rows,
        frozenset({1, 2}),
    )


def _or(amounts: tuple[int, ...]) -> str:
    return " or ".join(pounds(amount * 100) for amount in amounts) or "Nothing"
