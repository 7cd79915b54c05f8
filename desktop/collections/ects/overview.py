"""A record at a glance: the name in lists, what makes two the same, columns and filters."""

from __future__ import annotations

from desktop.collections.ects import formats, tables, who
from desktop.collections.ects.spans import spans
from desktop.collections.reading import day, is_blank, text
from desktop.model.collection import Facet, Money
from desktop.model.document import Document, Value, normalise

_AT_MOST = 100
"""Longest text that goes into a column; more is cut, the field itself keeps all."""

LISTED = (
    Facet("kind", "Role", 84, field="role", drop=3, filter="Role"),
    Facet("trn", "TRN", 84, cell="text", quiet=True, drop=4),
    Facet("start_date", "Start date", 95, field="started_on", cell="date", drop=5),
    Facet("working_pattern", "Working pattern", 110, field="working_pattern", quiet=True, drop=7, filter="Working pattern", main=False),
    Facet("training_programme", "Programme", 110, field="training_programme", drop=6, filter="Programme"),
    Facet("lead_provider", "Lead provider", 152, field="lead_provider", drop=2, least=125, filter="Lead provider", main=False),
    Facet("appropriate_body", "Appropriate body", 180, field="appropriate_body", drop=8, shown=False, filter="Appropriate body", main=False),
    Facet("cycle", "Year", 110, cell="cycle", drop=8, shown=False),
    Facet("school", "School URN", 90, cell="text", quiet=True, drop=8, shown=False),
)  # fmt: skip


def label(document: Document) -> str:
    """`Okafor, Sam`; a school by its name or URN; the TRN, or `Unnamed teacher`, while there is no name."""
    if who.is_school(document):
        return _short(document.get("school_name")) or _numbered("School", document.get("school_urn"))
    names = (_short(document.get("last_name")), _short(document.get("first_names")))
    if said := ", ".join(n for n in names if n):
        return said
    trn = _short(document.get("trn"))
    return f"TRN {trn}" if trn else "Unnamed teacher"


def _numbered(what: str, number: Value) -> str:
    found = _short(number)
    return f"{what} {found}" if found else f"Unnamed {what.lower()}"


def identity(document: Document) -> tuple[str, ...] | None:
    """What makes two records the same to the portal: role, TRN and school; of a school its URN. None while incomplete."""
    urn = who.urn(document)[:_AT_MOST]
    if who.is_school(document):
        return (who.SCHOOL, urn) if urn else None
    trn = who.trn(document)
    return (who.role(document)[:_AT_MOST], trn, urn) if trn else None


def facets(document: Document) -> dict[str, str | int | None]:
    """Values for list columns, filters and `who.related`; None where nothing is answered or it cannot be read."""
    fields = document.fields
    start = day(fields.get("started_on"))
    return {
        "cycle": tables.contract_year(start) if start else None,
        "kind": who.role(document)[:_AT_MOST],
        "trn": who.trn(document) or None,
        "start_date": start.isoformat() if start else None,
        "working_pattern": _column(fields.get("working_pattern")),
        "training_programme": _column(fields.get("training_programme")),
        "lead_provider": _column(fields.get("lead_provider")),
        "appropriate_body": _column(fields.get("appropriate_body")),
        "email": (who.email_of(document) or None) if who.is_person(document) else None,
        "mentor": _mentor(document),
        "school": (who.urn(document)[:_AT_MOST] or None) if who.is_school(document) else None,
    }


def _mentor(document: Document) -> str | None:
    """TRN of the mentor with whom an ECT began last."""
    told = [
        (one.first, formats.trn(child.fields.get("mentor_trn")))
        for child, one in spans(document, "mentorships")
    ]
    return max(told)[1] or None if told else None


def no_money(_document: Document) -> Money | None:
    """Schools are paid nothing by this portal."""
    return None


def _column(value: Value) -> str | None:
    return None if is_blank(value) else text(value)[:_AT_MOST]


def _short(value: Value) -> str:
    """The value as text in its normal form, cut before any work is done on something very long."""
    return text(normalise(text(value)[: 4 * _AT_MOST]))[:_AT_MOST]
