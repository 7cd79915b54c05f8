"""Rules about the school and its induction tutor. Source: domain pack section 1 (gates), 1.9, 2 and 3.5."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.collections.declare import ERROR, NOTHING, WARNING, Say, rule
from desktop.collections.ects import formats, tables, who
from desktop.collections.reading import is_blank, text, whole
from desktop.model.collection import Context
from desktop.model.document import Document
from desktop.model.finding import Finding


@rule("E-URN-FORMAT", ERROR, "A URN has 6 digits.", "3.5")
def _urn_format(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    places = [("school_urn", document.fields.get("school_urn"))]
    for kind, name in (("periods", "school_urn"), ("training", "partnership_urn")):
        places += [(f"{kind}.{c.id}.{name}", c.fields.get(name)) for c in document.children.get(kind, ())]
    said = "This is not a URN. Enter the 6 digits of the school."
    return [say(path, said) for path, value in places if not is_blank(value) and not formats.is_urn(value)]


@rule("E-URN-TWICE", ERROR, "A school has one record.", "2, school; 1.9")
def _urn_twice(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    if not who.is_school(document) or not who.urn(document):
        return NOTHING
    if not any(who.is_school(o) and who.urn(o) == who.urn(document) for o in context.related):
        return NOTHING
    return (
        say("school_urn", "Another record here is for this school. Keep one: there is one induction tutor."),
    )


@rule("E-SCHOOL-ELIGIBLE", WARNING, "The portal is for eligible schools in England.", "1, gates; 3.5")
def _school_eligible(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    school_type = text(document.fields.get("school_type")).strip()
    if not who.is_school(document) or not school_type:
        return NOTHING
    if tables.is_eligible(context.codes, school_type, section_41=who.is_yes(document, "section_41")):
        return NOTHING
    said = (
        "An independent school that is not Section 41 approved cannot register new ECTs. Check both answers."
        if tables.is_independent(context.codes, school_type)
        else "Schools of this kind usually cannot use the portal. Check the kind; DfE can make exceptions."
    )
    return (say("school_type", said),)


@rule("E-SCHOOL-REGISTERS", WARNING, "Only an eligible school registers new ECTs.", "1, gates")
def _school_registers(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    school = who.school_of(document, context)
    if school is None or not who.is_ect(document) or not who.is_new(context):
        return NOTHING
    school_type = text(school.fields.get("school_type")).strip()
    if not school_type or not tables.is_independent(context.codes, school_type):
        return NOTHING
    if who.is_yes(school, "section_41"):
        return NOTHING
    said = "The school is independent and not Section 41 approved in its record here, so the portal will not register this ECT."
    return (say("", said),)


@rule(
    "E-TUTOR-FIRST",
    WARNING,
    "The induction tutor is confirmed before anything else is done.",
    "1, gates; 1.9",
)
def _tutor_first(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    if not who.is_school(document):
        return NOTHING
    year = tables.contract_year(context.today)
    if whole(document.fields.get("induction_tutor_confirmed")) == year:
        return NOTHING
    said = f"The portal asks for the induction tutor of {year} to {year + 1} before it shows anything else. Do this first."
    return (say("induction_tutor_confirmed", said),)


RULES = (_urn_format, _urn_twice, _school_eligible, _school_registers, _tutor_first)
