"""Rules about the course: route, subjects, age range, aims, study mode, year, country of training."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.collections.declare import ERROR, NOTHING, WARNING, Say, rule
from desktop.collections.reading import is_blank, quote, whole
from desktop.collections.trainees.cycles import cycle_label, cycle_of, known_cycles, start_day
from desktop.collections.trainees.fields import needs_qualification_aim, needs_study_mode
from desktop.collections.trainees.rules.said import BLANK, no_such_code
from desktop.collections.trainees.tables import (
    EARLY_YEARS_AGES,
    EARLY_YEARS_SUBJECT,
    PRIMARY_AGES,
    PRIMARY_SUBJECT,
    Route,
    route_of,
    routes,
)
from desktop.model.collection import Context
from desktop.model.document import Document
from desktop.model.finding import Finding

_LAST_YEAR = 9999
_SUBJECTS = ("course_subject_1", "course_subject_2", "course_subject_3")


def _route_text(route: Route) -> str:
    return no_such_code(route.name, [r.code for r in routes().values() if not r.refused])


@rule("T-ROUTE-RETIRED", ERROR, "School Direct tuition fee (02) is no longer taken.", "2, training_route")
def _retired_route(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    route = route_of(document.fields.get("training_route"))
    if route is None or not route.refused:
        return NOTHING
    said = f"Register takes {route.label} no more. Choose the route that the trainee is on now."
    return (say("training_route", said, _route_text(route)),)


@rule(
    "T-ROUTE-CYCLE",
    ERROR,
    "Primary and secondary postgraduate, fee funded (12) exists from 2022.",
    "2, training_route",
)
def _route_before_its_time(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    route = route_of(document.fields.get("training_route"))
    if route is None or not route.first_cycle:
        return NOTHING
    start = start_day(document)
    if start is None or cycle_of(start) >= route.first_cycle or cycle_of(start) not in known_cycles():
        return NOTHING
    said = f"This route exists from {cycle_label(route.first_cycle)}. Check the start dates, or choose another route."
    return (say("training_route", said, _route_text(route)),)


@rule(
    "T-STUDY-MODE", ERROR, "The study mode is answered, unless the route is assessment only.", "2, study_mode"
)
def _study_mode(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    if not is_blank(document.fields.get("study_mode")) or not needs_study_mode(document):
        return NOTHING
    return (say("study_mode", "Choose full-time or part-time.", BLANK),)


@rule(
    "T-QUALIFICATION-AIM",
    ERROR,
    "The award aimed at is answered when there is to be one.",
    "2, itt_qualification_aim",
)
def _qualification_aim(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    if not is_blank(document.fields.get("itt_qualification_aim")) or not needs_qualification_aim(document):
        return NOTHING
    said = "Choose the award aimed at, or set the aim of the training to professional status only."
    return (say("itt_qualification_aim", said, "must be entered if 202 selected for itt_aim"),)


@rule(
    "T-SUBJECT-PRIMARY", ERROR, "A course for ages up to 11 has primary teaching as subject 1.", "2.1 rule 2"
)
def _primary_subject(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    fields = document.fields
    ages, subject = fields.get("course_age_range"), fields.get("course_subject_1")
    if ages not in _PRIMARY or subject == PRIMARY_SUBJECT or is_blank(subject):
        return NOTHING
    route = route_of(fields.get("training_route"))
    if route is not None and route.early_years:
        return NOTHING
    what = context.codes.codes("course_age_range")[str(ages)].label.lower()
    said = (
        f"A trainee for {what} needs a primary subject first. "
        "Put Primary teaching in subject 1 and the specialism in subject 2, or choose another age range."
    )
    return (
        say(
            "course_subject_1",
            said,
            f"is invalid. It should be `{PRIMARY_SUBJECT}` for the course_age_range provided",
        ),
    )


_PRIMARY: tuple[object, ...] = tuple(sorted(PRIMARY_AGES))
"""As a tuple, so that an answer of any kind can be looked for in it."""


@rule(
    "T-SUBJECT-EARLY-YEARS",
    ERROR,
    "An early years route has early years teaching as subject 1.",
    "2.1 rule 3",
)
def _early_years_subject(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    fields = document.fields
    route, subject = route_of(fields.get("training_route")), fields.get("course_subject_1")
    if route is None or not route.early_years or subject == EARLY_YEARS_SUBJECT or is_blank(subject):
        return NOTHING
    said = "An early years route has Early years teaching (100510) as subject 1. Choose it, or another route."
    portal = f"is invalid. It should be `{EARLY_YEARS_SUBJECT}` for the training_route provided"
    return (say("course_subject_1", said, portal),)


@rule("T-AGE-EARLY-YEARS", ERROR, "An early years route has ages 0 to 5.", "2.1 rule 3")
def _early_years_ages(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    fields = document.fields
    route, ages = route_of(fields.get("training_route")), fields.get("course_age_range")
    if route is None or not route.early_years or ages == EARLY_YEARS_AGES or is_blank(ages):
        return NOTHING
    said = "An early years route is for ages 0 to 5. Choose that age range, or another route."
    return (
        say(
            "course_age_range",
            said,
            f"is invalid. It should be `{EARLY_YEARS_AGES}` for the training_route provided",
        ),
    )


@rule("T-AGE-RESERVED", ERROR, "Ages 0 to 5 belong to early years routes only.", "2.1 rule 3")
def _reserved_ages(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    fields = document.fields
    if fields.get("course_age_range") != EARLY_YEARS_AGES:
        return NOTHING
    route = route_of(fields.get("training_route"))
    if route is None or route.early_years:
        return NOTHING
    said = "Ages 0 to 5 go with an early years route only. Choose another age range, or an early years route."
    return (say("course_age_range", said, "is invalid. It can only be used for early years training routes"),)


@rule(
    "T-SUBJECT-REPEAT",
    ERROR,
    "No subject is given twice. On early years routes a warning.",
    "2, course_subject_2",
)
def _repeated_subject(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    fields = document.fields
    first, second, third = (fields.get(name) for name in _SUBJECTS)
    if (second is None or second != first) and (third is None or third not in (first, second)):
        return NOTHING
    route = route_of(fields.get("training_route"))
    judged = route is None or not route.early_years
    portal, severity = ("might contain duplicate values", None) if judged else ("", WARNING)
    said = "This subject is given twice. Clear it, or choose another."
    found = []
    if not is_blank(second) and second == first:
        found.append(say("course_subject_2", said, portal, severity))
    if not is_blank(third) and third in (first, second):
        found.append(say("course_subject_3", said, portal, severity))
    return found


@rule("T-COURSE-YEAR", ERROR, "The year of the course is a whole number.", "2, course_year")
def _course_year(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    value = document.fields.get("course_year")
    year = whole(value)
    if is_blank(value) or (year is not None and abs(year) <= _LAST_YEAR):
        return NOTHING
    said = f"{quote(value)} is not the year of a course. Enter 0 for a foundation year, else 1, 2 or 3."
    return (say("course_year", said, "is not a valid course year" if year is None else ""),)


@rule("T-COURSE-YEAR-RANGE", WARNING, "The year of the course is usually 0 to 3.", "2, course_year")
def _course_year_range(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    year = whole(document.fields.get("course_year"))
    if year is None or 0 <= year <= 3 or abs(year) > _LAST_YEAR:
        return NOTHING
    said = (
        "The year of the course is usually 0 to 3: which year of it this is, not the calendar year. Check it."
    )
    return (say("course_year", said),)


@rule("T-IQTS-COUNTRY", ERROR, "The iQTS route has a country of training.", "2, iqts_country")
def _iqts_country(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    route = route_of(document.fields.get("training_route"))
    if route is None or not route.country or not is_blank(document.fields.get("iqts_country")):
        return NOTHING
    return (say("iqts_country", "Choose the country in which the trainee trains.", BLANK),)


@rule("T-IQTS-ONLY", ERROR, "Only the iQTS route has a country of training.", "2, iqts_country")
def _country_without_iqts(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    value = document.fields.get("iqts_country")
    if value is None or is_blank(value):
        return NOTHING
    route = route_of(document.fields.get("training_route"))
    if route is None or route.country:
        return NOTHING
    return (say("iqts_country", "Only the iQTS route has a country of training. Clear it.", "must be blank"),)


RULES = (
    _retired_route,
    _route_before_its_time,
    _study_mode,
    _qualification_aim,
    _primary_subject,
    _early_years_subject,
    _early_years_ages,
    _reserved_ages,
    _repeated_subject,
    _course_year,
    _course_year_range,
    _iqts_country,
    _country_without_iqts,
)
