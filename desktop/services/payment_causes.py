"""Which trainees could explain why a group is not paid as expected, and why: facts of the records, never a verdict.

Too little paid: somebody whom we expect is not counted there. Too much: somebody is counted there whom we do not expect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from desktop.collections.reading import long_day
from desktop.collections.trainees.cycles import census_day, cycle_label, cycle_of
from desktop.collections.trainees.payments import Counted, Place, families
from desktop.handover.payments import ExportRow, pounds
from desktop.model.standing import Sync
from desktop.services.payment_groups import PaymentGroup, Suspect, Trace, Verdict, gone_before

NEAR = timedelta(days=7)
"""So near to 1 August a wrong start date may have put a trainee into the other year."""

_ORDER = (
    *("draft", "not there", "unsent", "missing", "withdrawn", "cycle", "finance", "method", "other type"),
    *("late start", "no start", "portal"),
)
"""The reasons, those that explain most first; also the key of each."""

_SWAPS = ("unsent", "cycle", "other type")
"""Of those whom we do not expect, what can explain another sum for the same number of trainees."""

Reason = tuple[str, str]
Reasons = Iterator[Reason]


@dataclass(frozen=True)
class Known:
    """What else is known while a group is explained: the year, the portal's export by record, and how each group stands."""

    cycle: int
    export: Mapping[str, ExportRow]
    verdicts: Mapping[Place, Verdict]

    @property
    def census(self) -> date:
        return census_day(self.cycle)


def explained(
    groups: Sequence[PaymentGroup], traces: Sequence[Trace], cycle: int, export: Mapping[str, ExportRow]
) -> list[PaymentGroup]:
    """The groups with the trainees that could explain each difference. `export`: record id -> its row there."""
    known = Known(cycle, export, {g.place: g.verdict for g in groups if g.place})
    return [_with_suspects(group, traces, known) for group in groups]


def _with_suspects(group: PaymentGroup, traces: Sequence[Trace], known: Known) -> PaymentGroup:
    if group.place is None or group.verdict is Verdict.AS_EXPECTED:
        return group
    members = {member.record_id for member in group.members}
    alike = group.paid_trainees == len(members)
    found = []
    for trace in traces:
        if trace.id in members and group.paid_trainees <= len(members):
            found.append(_suspect(trace, _not_counted_there(trace, group.place, known)))
        elif trace.id not in members and group.paid_trainees >= len(members):
            reasons = _not_expected_here(trace, group.place, known)
            found.append(_suspect(trace, (r for r in reasons if not alike or r[0] in _SWAPS)))
    suspects = [suspect for suspect in found if suspect is not None]
    suspects.sort(key=lambda s: (_ORDER.index(s.cause), s.label.casefold()))
    return replace(group, suspects=tuple(suspects))


def _suspect(trace: Trace, reasons: Iterable[Reason]) -> Suspect | None:
    told = sorted(reasons, key=lambda reason: _ORDER.index(reason[0]))
    if not told:
        return None
    return Suspect(trace.id, trace.label, told[0][0], " ".join(why for _, why in told))


# --- too little paid: whom the funder may not count ------------------------------------------------------------------


def _not_counted_there(trace: Trace, place: Place, known: Known) -> Reasons:
    yield from _not_at_portal(trace, place, known.cycle)
    yield from _start_dates(trace, known)
    if trace.withdrawn is not None:
        yield "withdrawn", f"Withdrew on {long_day(trace.withdrawn)}, after the census: payments end then."
    if trace.here.no_finance:
        yield (
            "finance",
            "Student finance is not eligible; by our table this subject is paid all the same this year.",
        )
    row = known.export.get(trace.id)
    if row is not None and row.value_p not in {amount * 100 for amount in trace.here.pounds}:
        said = pounds(row.value_p) if row.value_p is not None else "no amount"
        yield "portal", f"Register’s own export has {said} for this trainee."


def _not_at_portal(trace: Trace, place: Place, cycle: int) -> Reasons:
    if trace.there is None:
        if trace.sync is Sync.DRAFT:
            count = f"{trace.errors} things" if trace.errors != 1 else "1 thing"
            todo = f" with {count} to put right" if trace.errors else ""
            yield "draft", f"A draft{todo}: Register does not have this trainee."
        else:
            yield (
                "not there",
                f"Not at Register yet: {_WAITS.get(trace.sync, 'the new trainee waits to be sent')}.",
            )
    elif not _in(trace.there, place, cycle):
        yield (
            "unsent",
            f"Register still has {_told(trace.there, cycle)}: {_WAITS.get(trace.sync, 'your change waits to be sent')}.",
        )
    if trace.missing:
        yield "missing", "Not in Register’s list any more."


_WAITS = {
    Sync.DRAFT: "your change is a draft with something to put right",
    Sync.CONFLICT: "your change waits for a decision",
    Sync.REJECTED: "your change was refused",
    Sync.UNKNOWN: "it was sent and no answer came",
}


def _start_dates(trace: Trace, known: Known) -> Reasons:
    here, year = trace.here, cycle_label(known.cycle)
    if not here.started:
        yield "no start", "There is no trainee start date, which can stop the funding."
    if trace.start is None:
        return
    if here.course_cycle is not None and here.course_cycle != known.cycle:
        yield (
            "cycle",
            f"The course starts in {cycle_label(here.course_cycle)}, the trainee in {year}: the year sets the amount.",
        )
    elif _near_edge(trace.start, known.cycle):
        yield "cycle", f"Starts on {long_day(trace.start)}, close to 1 August: a wrong day is another year."
    if trace.start > known.census:
        yield (
            "late start",
            f"Starts on {long_day(trace.start)}, after the census day {long_day(known.census)}.",
        )


def _near_edge(start: date, cycle: int) -> bool:
    return any(abs(start - date(year, 8, 1)) <= NEAR for year in (cycle, cycle + 1))


# --- too much paid: whom we do not expect ------------------------------------------------------------------------------


def _not_expected_here(trace: Trace, place: Place, known: Known) -> Reasons:
    here, cycle = trace.here, known.cycle
    if trace.there is not None and _in(trace.there, place, cycle) and not _in(here, place, cycle):
        waits = _WAITS.get(trace.sync, "your change waits to be sent")
        yield (
            "unsent",
            f"Register still counts this trainee here. By your records: {_told(here, cycle)}; {waits}.",
        )
    elif here.place and (here.place.family, here.place.subject) == (place.family, place.subject):
        if here.cycle == cycle:
            yield from _not_expected_this_year(trace, here.place, place, known)
        elif here.place == place and _may_be_in(trace, cycle):
            yield "cycle", _other_year(trace, cycle)


def _not_expected_this_year(trace: Trace, mine: Place, place: Place, known: Known) -> Reasons:
    if mine == place and trace.here.paid:
        if trace.withdrawn is not None and gone_before(trace, known.cycle):
            waits = ", which was not sent yet" if trace.withdrawal_waits else ""
            yield (
                "withdrawn",
                f"Withdrew on {long_day(trace.withdrawn)}{waits}: before the census, so not expected.",
            )
    elif mine == place:
        if trace.here.no_finance:
            yield "finance", "Student finance is not eligible, so by our table nothing is paid."
    elif not mine.kind:
        yield "method", "No funding is chosen here."
    elif known.verdicts.get(mine) is Verdict.LESS:
        yield "other type", f"Has a {_kind(mine)} here, and of those too little is paid."


def _may_be_in(trace: Trace, cycle: int) -> bool:
    """Whether a trainee of another year may be counted in this one: start dates of two years, or one close to its edge."""
    if trace.start is None or trace.here.cycle is None or abs(trace.here.cycle - cycle) > 1:
        return False
    return trace.here.course_cycle == cycle or _near_edge(trace.start, cycle)


def _other_year(trace: Trace, cycle: int) -> str:
    start = trace.start
    assert start is not None
    year = cycle_label(cycle_of(start))
    if trace.here.course_cycle == cycle:
        return f"The trainee start date {long_day(start)} is of {year}, the course starts in {cycle_label(cycle)}."
    return f"Starts on {long_day(start)}, so counted here in {year}: a wrong day is another year."


def _in(counted: Counted, place: Place, cycle: int | None) -> bool:
    return counted.paid and counted.place == place and counted.cycle == cycle


def _told(counted: Counted, cycle: int) -> str:
    """What a side has, in a few words."""
    place = counted.place
    if place is None:
        return "no route or subject that is funded"
    if not place.kind:
        return "no funding"
    year = f" of {cycle_label(counted.cycle)}" if counted.cycle not in (None, cycle) else ""
    if not counted.paid:
        return f"a {_kind(place)}{year} that is not paid by our table"
    return f"a {_kind(place)}{year} for {place.subject} ({families()[place.family].label})"


def _kind(place: Place) -> str:
    return f"{place.kind} of tier {place.tier}" if place.tier else place.kind
