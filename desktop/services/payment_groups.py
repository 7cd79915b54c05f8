"""What should be paid against what the trainee summary says, group by group as the funder counts. Pure functions.

A difference is a question for a person, never an edit. Sums are whole pence. Source: domain pack 5, 6 and 9.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop.collections.trainees import payments
from desktop.collections.trainees.cycles import census_day, cycle_label
from desktop.collections.trainees.funding import subject_words
from desktop.collections.trainees.payments import Counted, Place
from desktop.collections.trainees.tables import EARLY_YEARS_ROUTES, allocations
from desktop.handover.payments import SummaryRow, pounds
from desktop.model.ids import RecordId
from desktop.model.standing import Sync


class Verdict(StrEnum):
    """How a group compares. DIFFERENT = the sums agree, the numbers of trainees do not."""

    LESS = "less"
    MORE = "more"
    DIFFERENT = "different"
    UNMATCHED = "unmatched"
    AS_EXPECTED = "as expected"


@dataclass(frozen=True)
class Trace:
    """What decides how a trainee is counted. `here` as the record stands, `there` as the portal has it (None = not there).

    withdrawn        the day, also of a withdrawal that was not sent yet (then `withdrawal_waits`)
    start            the day that sets the year
    """

    id: RecordId
    label: str
    at_portal: bool
    sync: Sync
    errors: int
    missing: bool
    here: Counted
    there: Counted | None
    start: date | None
    withdrawn: date | None = None
    withdrawal_waits: bool = False


@dataclass(frozen=True)
class Suspect:
    """A trainee that could explain a difference, and why in a sentence or two. `cause` = the first reason's key."""

    record_id: RecordId
    label: str
    cause: str
    why: str


@dataclass(frozen=True)
class Member:
    """A trainee that we expect in a group, and the amount (two where the source is ambiguous), in pounds."""

    record_id: RecordId
    label: str
    amounts: tuple[int, ...]


@dataclass(frozen=True)
class PaymentGroup:
    """One group of the funder's. `expected_p` = least and most, which differ only where the table itself is ambiguous.

    funding_type, route, subject   in words;  place: None when a name of the file is not known (UNMATCHED)
    rows                           of the file, as read
    note                           what can be said of the group as a whole; may be ""
    """

    key: str
    place: Place | None
    funding_type: str
    route: str
    subject: str
    tier: int
    members: tuple[Member, ...]
    expected_p: tuple[int, int]
    rows: tuple[SummaryRow, ...]
    paid_trainees: int
    paid_p: int
    verdict: Verdict
    suspects: tuple[Suspect, ...] = ()
    note: str = ""

    def filters(self, cycle: int) -> dict[str, str | tuple[str, ...]]:
        """The query of the records list that shows this group’s route and subject in a year; {} when it is unmatched."""
        if self.place is None:
            return {}
        subjects = tuple(code for code, name in allocations().items() if name == self.place.subject)
        routes = payments.families()[self.place.family].codes
        return {"cycle": str(cycle), "route": routes, "subject": subjects}

    @property
    def difference_p(self) -> int:
        """Paid less expected; 0 while what is paid lies within what the table allows."""
        low, high = self.expected_p
        return min(self.paid_p - low, 0) or max(self.paid_p - high, 0)


def expected_here(traces: Sequence[Trace], cycle: int) -> dict[Place, list[Trace]]:
    """The trainees that we expect to be paid for in a year, by group. Withdrawn before the census does not count."""
    found: dict[Place, list[Trace]] = {}
    for trace in traces:
        place = trace.here.place
        if place and trace.here.paid and trace.here.cycle == cycle and not gone_before(trace, cycle):
            found.setdefault(place, []).append(trace)
    return found


def gone_before(trace: Trace, cycle: int) -> bool:
    """Whether a trainee withdrew before the census day of a year."""
    return trace.withdrawn is not None and trace.withdrawn < census_day(cycle)


def groups_of(
    rows: Sequence[SummaryRow], expected: Mapping[Place, Sequence[Trace]], cycle: int
) -> list[PaymentGroup]:
    """Every group that the file or our records know, those that differ most first; without suspects."""
    paid: dict[Place | str, list[SummaryRow]] = {}
    for row in rows:
        paid.setdefault(place_of_row(row) or _unknown_key(row), []).append(row)
    keys = [*paid, *(place for place in expected if place not in paid)]
    groups = [
        _unmatched(key, paid[key])
        if isinstance(key, str)
        else _group(key, paid.get(key, ()), expected.get(key, ()), cycle)
        for key in keys
    ]
    order = list(Verdict)
    return sorted(
        groups,
        key=lambda g: (
            order.index(g.verdict) > 2,
            order.index(g.verdict) == 4,
            -abs(g.difference_p),
            g.subject,
        ),
    )


def place_of_row(row: SummaryRow) -> Place | None:
    """The group that a row of the file speaks of; None when one of its names is not known."""
    family, subject = payments.family_named(row.route), payments.subject_named(row.course)
    if row.kind not in payments.KINDS or family is None or subject is None:
        return None
    return Place(row.kind, family.key, subject, row.tier)


def _unknown_key(row: SummaryRow) -> str:
    return "\x1f".join((row.funding_type, row.route, row.course, str(row.tier)))


def _unmatched(key: str, rows: Sequence[SummaryRow]) -> PaymentGroup:
    first = rows[0]
    unknown = [
        f"{what} “{said}”"
        for what, said, known in (
            ("funding type", first.funding_type, first.kind in payments.KINDS),
            ("route", first.route, payments.family_named(first.route)),
            ("course", first.course, payments.subject_named(first.course)),
        )
        if not known
    ]
    return PaymentGroup(
        key,
        None,
        first.funding_type,
        first.route,
        first.course,
        first.tier,
        (),
        (0, 0),
        tuple(rows),
        sum(row.trainees for row in rows),
        sum(row.total_p for row in rows),
        Verdict.UNMATCHED,
        note=f"Holdfast does not know the {' and the '.join(unknown)}, so nothing here was compared with it.",
    )


def _group(place: Place, rows: Sequence[SummaryRow], mine: Sequence[Trace], cycle: int) -> PaymentGroup:
    members = tuple(
        Member(t.id, t.label, t.here.pounds) for t in sorted(mine, key=lambda t: t.label.casefold())
    )
    low = sum(min(m.amounts) for m in members) * 100
    high = sum(max(m.amounts) for m in members) * 100
    many, paid_p = sum(row.trainees for row in rows), sum(row.total_p for row in rows)
    family = payments.families()[place.family]
    return PaymentGroup(
        "\x1f".join((place.kind, place.family, place.subject, str(place.tier))),
        place,
        rows[0].funding_type if rows else f"{_prefix(family.codes)} {place.kind}",
        family.label,
        place.subject,
        place.tier,
        members,
        (low, high),
        tuple(rows),
        many,
        paid_p,
        _verdict(len(members), (low, high), many, paid_p),
        note=_note(place, rows, len(members), cycle),
    )


def _prefix(codes: Sequence[str]) -> str:
    return "EYITT" if EARLY_YEARS_ROUTES.issuperset(codes) else "ITT"


def _verdict(expected: int, sums_p: tuple[int, int], paid: int, paid_p: int) -> Verdict:
    low, high = sums_p
    if paid_p < low:
        return Verdict.LESS
    if paid_p > high:
        return Verdict.MORE
    return Verdict.AS_EXPECTED if paid == expected else Verdict.DIFFERENT


def _note(place: Place, rows: Sequence[SummaryRow], expected: int, cycle: int) -> str:
    """What the amounts for one trainee say; and where a group may be that the file does not have."""
    if not rows:
        return (
            "The file has no row for this group. It holds only the first amount of each row on Register’s page, so look "
            "at Trainee summary there as well."
        )
    table = payments.amounts_of(place, cycle)
    odd = sorted({row.each_p for row in rows if row.each_p not in {a * 100 for a in table}})
    if not odd:
        return "" if expected else "None of your trainees is in this group."
    told = []
    for each_p in odd:
        years = [
            y for y in (cycle - 1, cycle + 1) if each_p in {a * 100 for a in payments.amounts_of(place, y)}
        ]
        year = f", the amount of {cycle_label(years[0])}" if years else ""
        told.append(f"{pounds(each_p)} a trainee{year}")
    ours = " or ".join(pounds(a * 100) for a in table) or "nothing"
    return f"The file pays {' and '.join(told)}; the table of {cycle_label(cycle)} has {ours} for {subject_words(place.subject)}."
