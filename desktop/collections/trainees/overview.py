"""A trainee at a glance: the name in lists, the identity by which Register finds duplicates, values for columns."""

from __future__ import annotations

import re

from desktop.collections.reading import day, is_blank, text
from desktop.collections.trainees.cycles import cycle_of, cycle_of_document
from desktop.collections.trainees.funding import estimate
from desktop.collections.trainees.tables import EARLY_YEARS_AGES, EARLY_YEARS_ROUTES, PRIMARY_AGES
from desktop.model.collection import Facet
from desktop.model.document import Document, Value, normalise

_NOT_LETTER = re.compile(r"[^a-z ]")
_AT_MOST = 100
"""Longest text that goes into a column; more is cut, the field itself keeps all."""

LISTED = (
    Facet("provider_trainee_id", "Trainee ID", 99, cell="text", quiet=True, drop=5),
    Facet("route", "Route", 147, field="training_route", drop=3, least=125, filter="Route"),
    Facet("subject", "Subject", 152, field="course_subject_1", drop=1, least=125, filter="Subject"),
    Facet("start_date", "Start date", 95, field="trainee_start_date", cell="date", drop=7),
    Facet("funding_method", "Funding", 98, field="funding_method", quiet=True, drop=2, filter="Funding", main=False),
    Facet("money", "", 72, cell="money", drop=2, menu_title="Amount"),
    Facet("cycle", "Year", 110, cell="cycle", drop=8, shown=False),
    Facet("phase", "Phase", 100, cell="text", drop=8, shown=False),
    Facet("hesa_id", "HESA ID", 130, cell="text", quiet=True, drop=8, shown=False),
)  # fmt: skip


def label(document: Document) -> str:
    """`Ashcombe, Leonie`; the trainee's number, or `Unnamed trainee`, while there is no name."""
    names = (_short(document.get("last_name")), _short(document.get("first_names")))
    return (
        ", ".join(n for n in names if n) or _short(document.get("provider_trainee_id")) or "Unnamed trainee"
    )


def identity(document: Document) -> tuple[str, ...] | None:
    """What makes two trainees of one provider the same to Register; None while it is incomplete.

    Date of birth, last name, route, cycle of the course start, first word of the first names without punctuation.
    Register also counts an equal email address in place of the first name. Source: domain pack 1.5.
    """
    born, start = day(document.get("date_of_birth")), day(document.get("itt_start_date"))
    last, route = _short(document.get("last_name")).casefold(), _short(document.get("training_route"))
    first = first_word(document.get("first_names"))
    if born is None or start is None or not (last and route and first):
        return None
    return (born.isoformat(), last, route, str(cycle_of(start)), first)


def first_word(first_names: Value) -> str:
    """The first given name as Register compares it: lower case, letters a to z only (all of it if that leaves none)."""
    lowered = _short(first_names).lower()
    return _NOT_LETTER.sub("", lowered).partition(" ")[0] or lowered.partition(" ")[0]


def facets(document: Document) -> dict[str, str | int | None]:
    """Values for list columns and filters; None where nothing is answered or it cannot be read."""
    money = estimate(document)
    fields = document.fields
    route = _column(fields.get("training_route"))
    return {
        "cycle": cycle_of_document(document),
        "route": route,
        "subject": _column(fields.get("course_subject_1")),
        "start_date": _column(fields.get("trainee_start_date")) or _column(fields.get("itt_start_date")),
        "funding_method": _column(fields.get("funding_method")),
        "money": money.at_most if money else None,
        "phase": _phase(route, _column(fields.get("course_age_range"))),
        "provider_trainee_id": _column(fields.get("provider_trainee_id")),
        "hesa_id": _column(fields.get("hesa_id")),
    }


def _phase(route: str | None, ages: str | None) -> str | None:
    if route in EARLY_YEARS_ROUTES or ages == EARLY_YEARS_AGES:
        return "early years"
    if not ages:
        return None
    return "primary" if ages in PRIMARY_AGES else "secondary"


def _column(value: Value) -> str | None:
    return None if is_blank(value) else text(value)[:_AT_MOST]


def _short(value: Value) -> str:
    """The value as text in its normal form, cut before any work is done on something very long."""
    return text(normalise(text(value)[: 4 * _AT_MOST]))[:_AT_MOST]
