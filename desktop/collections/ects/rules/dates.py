"""Rules about the day of starting and the day of leaving, worked out for the day on which they are asked.

Source: domain pack 3.4. What depends on contract periods that this computer does not have, only the portal can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from desktop.collections.declare import ERROR, NOTHING, UNKNOWN, WARNING, Say, rule
from desktop.collections.ects import tables, who, windows
from desktop.collections.ects.spans import Span, span, spans
from desktop.collections.reading import alike, day, is_blank, long_day
from desktop.model.collection import Context
from desktop.model.document import Child, Document, Fields
from desktop.model.finding import Finding


def _new_start(document: Document, context: Context) -> date | None:
    """The start date of a registration that the portal has not taken yet."""
    if not who.is_person(document) or not who.is_new(context):
        return None
    return day(document.fields.get("started_on"))


def _not_enabled(start: date, context: Context) -> bool:
    """Whether a start lies in a contract period that is known and takes no registrations."""
    known = tables.periods(context.codes)
    found = known.of(start) if known else None
    return found is not None and not found.enabled


# --- registered before ----------------------------------------------------------------------------------------------


def _before(document: Document, context: Context) -> tuple[Span, date | None] | None:
    """The last period in which the person was registered before, and when its latest training began. None = never.

    For a mentor only periods at other schools that are open or end after the new start count.
    """
    told = [(one, day(child.fields.get("training_started_on"))) for child, one in spans(document, "periods")]
    for other in who.others_of(context, who.role(document), who.trn(document)):
        one = span(other.fields)
        elsewhere = who.urn(other) != who.urn(document)
        if one is not None and (elsewhere or (who.is_ect(document) and one.last is not None)):
            told.append((one, _training_began(other, context.today)))
    if who.is_mentor(document):
        start = day(document.fields.get("started_on"))
        told = [(one, began) for one, began in told if start is None or one.end > start]
    return max(told, key=lambda pair: pair[0].first, default=None)


def _training_began(document: Document, today: date) -> date | None:
    """When the latest training that has begun by today began; training to come does not count."""
    return max((one.first for _, one in spans(document, "training") if one.first <= today), default=None)


@rule(
    "E-START-BOUNDARY",
    ERROR,
    "A new start is later than the day after the last registration, and its training, began.",
    "3.4, boundary rule",
)
def _start_boundary(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    start, before = _new_start(document, context), _before(document, context)
    if start is None or before is None:
        return NOTHING
    period, training = before
    if training is not None and training > context.today:
        training = None
    earliest = windows.first_after(max(period.first, training or period.first))
    if start >= earliest:
        return NOTHING
    said = (
        f"The person was registered before, from {long_day(max(period.first, training or period.first))}. "
        f"Enter {long_day(earliest)} or a later date."
    )
    return (say("started_on", said),)


@rule(
    "E-START-MONTHS",
    ERROR,
    "Someone who is still registered elsewhere starts at most 4 months from today.",
    "3.4, ECT start registered before; mentor start",
)
def _start_months(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    start, before = _new_start(document, context), _before(document, context)
    latest = windows.latest(context.today)
    if start is None or before is None or before[0].last is not None or start <= latest:
        return NOTHING
    if _not_enabled(start, context):
        return NOTHING  # the portal shows its stop page instead
    said = f"The person is still registered elsewhere. Enter a date up to {long_day(latest)}, 4 months from today."
    return (say("started_on", said),)


# --- contract periods -----------------------------------------------------------------------------------------------


@rule(
    "E-START-FLOOR",
    ERROR,
    "An ECT starts no earlier than the first day of the contract period two before the current one.",
    "3.4, ECT start",
)
def _start_floor(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    start, known = _new_start(document, context), tables.periods(context.codes)
    if start is None or known is None or not who.is_ect(document):
        return NOTHING
    floor = known.floor(context.today)
    if floor is None or start >= floor:
        return NOTHING
    return (say("started_on", f"The start is too long ago. Enter {long_day(floor)} or a later date."),)


@rule(
    "E-START-CLOSED",
    ERROR,
    "A start today or later lies in a contract period for which the portal takes registrations.",
    "1.1 step 4a, 3.4",
)
def _start_closed(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    start, known = _new_start(document, context), tables.periods(context.codes)
    if start is None or known is None or start < context.today or known.of(context.today) is None:
        return NOTHING
    found = known.of(start)
    if found is not None and found.enabled:
        return NOTHING
    opens = date(tables.contract_year(start), 6, 1)
    when = f"usually from {long_day(opens)}" if opens > context.today else "when DfE opens it"
    said = f"The portal does not take this start date yet. Keep the record here and register it {when}."
    return (say("started_on", said),)


@rule(
    "E-PERIODS-UNKNOWN",
    UNKNOWN,
    "The contract periods are known that decide whether a start date is taken.",
    "0 fact 4, 3.4",
)
def _periods_unknown(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    if _new_start(document, context) is None:
        return NOTHING
    known = tables.periods(context.codes)
    if known is None:
        said = "The contract periods are not loaded here. The start date will be checked by the portal."
    elif known.of(context.today) is None:
        said = "Holdfast has no contract period for today. The start date will be checked by the portal."
    else:
        return NOTHING
    return (say("started_on", said),)


@rule(
    "E-WINDOW-CLOSED",
    WARNING,
    "Nobody can be registered while the registration window is closed.",
    "1, gates",
)
def _window_closed(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    if not who.is_person(document) or not who.is_new(context):
        return NOTHING
    opens = tables.open_again(context.codes, context.today)
    if opens is None:
        return NOTHING
    said = f"Registration is closed until {long_day(opens)}. The record waits here until then."
    return (say("", said),)


# --- leaving --------------------------------------------------------------------------------------------------------


def leaving(document: Document, when: date, today: date) -> str:
    """What is wrong with a day of leaving, in words; "" = nothing. Source: section 1.8."""
    latest = windows.latest(today)
    if when > latest:
        return f"This is more than 4 months ahead. Enter a date up to {long_day(latest)}."
    began = [d for d in (day(document.fields.get("started_on")), _training_began(document, today)) if d]
    if began and when < windows.first_after(max(began)):
        return (
            f"The period here, or its training, began on {long_day(max(began))}. "
            f"Enter {long_day(windows.first_after(max(began)))} or a later date."
        )
    return ""


@rule(
    "E-LEAVE-WINDOW",
    ERROR,
    "A last day is at most 4 months ahead, and later than the day after the period and its training began.",
    "1.8, 3.4 leaving",
)
def _leave_window(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    typed = document.fields.get("finished_on")
    when, start = day(typed), day(document.fields.get("started_on"))
    if when is None or not who.is_person(document):
        return NOTHING
    if start is not None and when < start:
        return NOTHING  # said by the rule about the order of days
    if context.base is not None and alike(context.base.fields.get("finished_on"), typed):
        return NOTHING
    said = leaving(document, when, context.today)
    return (say("finished_on", said),) if said else NOTHING


@rule("E-PERIOD-ORDER", ERROR, "No period ends before it begins.", "2, all periods")
def _period_order(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    def wrong(fields: Fields) -> bool:
        first, last = day(fields.get("started_on")), day(fields.get("finished_on"))
        return first is not None and last is not None and last < first

    def said(fields: Fields) -> str:
        first = day(fields.get("started_on"))
        return f"The last day is before the first. Enter {long_day(first or date.min)} or a later date."

    found = [say("finished_on", said(document.fields))] if wrong(document.fields) else []
    listed: list[tuple[str, Child]] = [(k, c) for k, group in document.children.items() for c in group]
    found += [
        say(f"{kind}.{child.id}.finished_on", said(child.fields))
        for kind, child in listed
        if wrong(child.fields)
    ]
    return found


@rule("E-PERIOD-OPEN", ERROR, "A last day without a first day says nothing.", "2, all periods")
def _period_open(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    fields = document.fields
    if (
        not who.is_mentor(document)
        or is_blank(fields.get("finished_on"))
        or not is_blank(fields.get("started_on"))
    ):
        return NOTHING
    return (say("started_on", "Enter the first day as a mentor at this school."),)


RULES = (
    _start_boundary,
    _start_months,
    _start_floor,
    _start_closed,
    _periods_unknown,
    _window_closed,
    _leave_window,
    _period_order,
    _period_open,
)
