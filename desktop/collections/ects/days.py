"""The days that matter: of the calendar, and of single people who start, leave or can be registered at last.

Source: domain pack section 1 (gates), 1.8, 1.9, 3.4. The time in which registration is closed comes from the lists in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from desktop.collections.ects import tables, who, windows
from desktop.collections.ects.spans import spans
from desktop.collections.reading import day, long_day, whole
from desktop.model.collection import Context, Day, Days
from desktop.model.document import Document, Fields

_BACK, _AHEAD = timedelta(days=7), timedelta(days=366)


def deadlines(today: date) -> Sequence[tuple[date, str]]:
    """(day, what) from a week ago to a year ahead, in order of time."""
    found: list[tuple[date, str]] = []
    year = tables.contract_year(today)
    for turn in (year, year + 1, year + 2):
        period = f"{turn} to {turn + 1}"
        lists = f"Contract period {period} begins: DfE's lists and windows of dates change"
        tutor = f"Confirming the induction tutor of {period} begins: the portal shows nothing else before"
        found += [(date(turn, 6, 1), lists), (date(turn, 6, 1), tutor)]
    for first, last in tables.closed_windows(tables.PACK):
        before, after = first - timedelta(days=1), last + timedelta(days=1)
        closes = f"Last day to register: ECTs and mentors cannot be registered again before {long_day(after)}"
        found += [(before, closes), (after, "Registration of ECTs and mentors is open again")]
    near = (today - _BACK, today + _AHEAD)
    return sorted(entry for entry in found if near[0] <= entry[0] <= near[1])


def of_record(document: Document, context: Context, asked: Mapping[str, Fields]) -> Iterable[Day]:
    """The days of one person, or of the school."""
    if who.is_school(document):
        return _of_school(document, context)
    found = [*_of_leaving(document, context, asked)]
    if who.is_new(context):
        found += _of_start(document, context)
    return [one for one in found if one.day >= context.today - _BACK]


def _of_school(document: Document, context: Context) -> Iterator[Day]:
    year = tables.contract_year(context.today)
    if whole(document.get("induction_tutor_confirmed")) != year:
        due = f"Confirmation of the induction tutor at {{}}: not given yet for {year} to {year + 1}"
        yield Day(context.today, due)


def _of_leaving(document: Document, context: Context, asked: Mapping[str, Fields]) -> Iterator[Day]:
    """Someone leaves, and the portal has not been told; or cannot be told yet, four months ahead at most (1.8)."""
    when = day(asked["leave"].get("leaving_on")) if "leave" in asked else None
    if when is not None:
        yield Day(when, "Leaving of {}: not typed yet")
        return
    known = (context.base or Document()).get("finished_on")
    last = day(document.get("finished_on"))
    if last is None or day(known) == last or who.is_new(context):
        return
    if last > windows.latest(context.today):
        yield Day(
            windows.first_with(last), f"Leaving of {{}} on {long_day(last)}: it can be recorded from now on"
        )
    else:
        yield Day(last, "Leaving of {}: not recorded yet")


def _of_start(document: Document, context: Context) -> Iterator[Day]:
    start = day(document.get("started_on"))
    if start is None:
        return
    if who.is_ect(document):
        yield Day(start, "Start of {}: not registered yet")
    known = tables.periods(context.codes)
    period = known.of(start) if known is not None else None
    opens = date(tables.contract_year(start), 6, 1)
    if known is not None and opens > context.today and (period is None or not period.enabled):
        yield Day(opens, "Registration of {}: the portal takes the start date, usually from now on")
    elsewhere = any(one.last is None for _, one in spans(document, "periods"))
    if elsewhere and start > windows.latest(context.today):
        yield Day(
            windows.first_with(start), "Registration of {}: four months before the start, it can be typed"
        )


DAYS = Days(of_record, {"kind": (who.SCHOOL,)})
