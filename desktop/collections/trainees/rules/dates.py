"""Rules about the dates of the course. Source: domain pack section 2; "ago" and "from now" count from the London day."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.collections.declare import ERROR, NOTHING, WARNING, Say, rule
from desktop.collections.reading import day, is_blank, long_day, years_before
from desktop.collections.trainees.cycles import cycle_label, cycle_of, start_day
from desktop.model.collection import Context
from desktop.model.document import Document
from desktop.model.finding import Finding


@rule("T-START-AHEAD", ERROR, "A course starts at latest in the next calendar year.", "2, itt_start_date")
def _course_start_ahead(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    start = day(document.fields.get("itt_start_date"))
    if start is None or start.year <= context.today.year + 1:
        return NOTHING
    said = f"The course start is too far ahead. Enter a date in {context.today.year + 1} or before."
    return (say("itt_start_date", said, "must not be more than one year in the future"),)


@rule(
    "T-END-AHEAD", ERROR, "A course is expected to end within the next 5 calendar years.", "2, itt_end_date"
)
def _course_end_ahead(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    end = day(document.fields.get("itt_end_date"))
    if end is None or end.year <= context.today.year + 5:
        return NOTHING
    said = f"The end date is too far ahead. Enter a date in {context.today.year + 5} or before."
    return (say("itt_end_date", said, "must be within the next 5 years"),)


@rule("T-END-OLD", ERROR, "A course has not ended more than 10 years ago.", "2, itt_end_date")
def _course_end_old(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    end = day(document.fields.get("itt_end_date"))
    earliest = years_before(context.today, 10)
    if end is None or end > earliest:
        return NOTHING
    said = f"The end date is more than 10 years ago. Enter a date after {long_day(earliest)}."
    return (say("itt_end_date", said, "must be within the last 10 years"),)


@rule("T-END-ORDER", ERROR, "A course ends after it starts.", "2, itt_end_date")
def _course_end_order(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    fields = document.fields
    start, end = day(fields.get("itt_start_date")), day(fields.get("itt_end_date"))
    if start is None or end is None or end > start:
        return NOTHING
    if end.year > context.today.year + 5 or end <= years_before(context.today, 10):
        return NOTHING  # Register stops at the first of its three checks of this date
    said = f"The end date is not after the start date. Enter a date after {long_day(start)}."
    return (say("itt_end_date", said, "must be after itt_start_date"),)


@rule(
    "T-TRAINEE-START-OLD", ERROR, "A trainee has not started more than 10 years ago.", "2, trainee_start_date"
)
def _trainee_start_old(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    start = start_day(document)
    earliest = years_before(context.today, 10)
    if start is None or start > earliest:
        return NOTHING
    said = f"The trainee would have started more than 10 years ago. Enter a start date after {long_day(earliest)}."
    return (say("trainee_start_date", said, "Cannot be more than 10 years in the past"),)


@rule(
    "T-TRAINEE-START-AHEAD",
    ERROR,
    "A trainee start date ahead equals the course start.",
    "2, trainee_start_date",
)
def _trainee_start_ahead(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    fields = document.fields
    start = day(fields.get("trainee_start_date"))
    if start is None or start <= context.today or start == day(fields.get("itt_start_date")):
        return NOTHING
    said = "A start date in the future must be the same as the course start. Clear it until the trainee has started."
    return (say("trainee_start_date", said, "must be in the past"),)


@rule("T-CYCLE-SPLIT", WARNING, "The two start dates lie in one academic cycle.", "2.1 rule 7 and 5")
def _split_cycle(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    fields = document.fields
    start, course = day(fields.get("trainee_start_date")), day(fields.get("itt_start_date"))
    if start is None or course is None or cycle_of(start) == cycle_of(course):
        return NOTHING
    said = (
        f"The trainee starts in {cycle_label(cycle_of(start))}, the course in {cycle_label(cycle_of(course))}. "
        "The trainee start date decides what is paid. Check it."
    )
    return (say("trainee_start_date", said),)


@rule("T-TRAINEE-START-MISSING", WARNING, "A trainee in training has a start date.", "6")
def _trainee_start_missing(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    fields = document.fields
    if context.state not in ("submitted_for_trn", "trn_received") or not is_blank(
        fields.get("trainee_start_date")
    ):
        return NOTHING
    course = day(fields.get("itt_start_date"))
    if course is None or course > context.today:
        return NOTHING
    return (
        say(
            "trainee_start_date",
            "The course has started. Enter the trainee start date: without it funding can stop.",
        ),
    )


RULES = (
    _course_start_ahead,
    _course_end_ahead,
    _course_end_old,
    _course_end_order,
    _trainee_start_old,
    _trainee_start_ahead,
    _split_cycle,
    _trainee_start_missing,
)
