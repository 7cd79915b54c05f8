"""Rules about the person: age, email address, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from desktop.collections.declare import ERROR, NOTHING, WARNING, Say, rule
from desktop.collections.email import is_email
from desktop.collections.reading import day, is_blank, long_day, text, years_before
from desktop.collections.trainees.rules.said import INVALID
from desktop.model.collection import Context
from desktop.model.document import Document
from desktop.model.finding import Finding

_NI_NUMBER = re.compile(r"[A-Z]{2}[0-9]{6}[A-D]\Z", re.IGNORECASE | re.ASCII)
_DIGITS = re.compile(r"[0-9]+\Z")


@rule("T-BIRTH-FUTURE", ERROR, "A date of birth is not in the future.", "2, date_of_birth")
def _born_ahead(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    born = day(document.fields.get("date_of_birth"))
    if born is None or born <= context.today:
        return NOTHING
    return (
        say("date_of_birth", "The date of birth is in the future. Check the year.", "must be in the past"),
    )


@rule("T-BIRTH-YOUNG", ERROR, "A trainee is at least 16 years old.", "2, date_of_birth")
def _born_late(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    born = day(document.fields.get("date_of_birth"))
    latest = years_before(context.today, 16)
    if born is None or born <= latest or born > context.today:
        return NOTHING
    said = f"The trainee would be under 16. Enter a date of birth up to {long_day(latest)}."
    return (say("date_of_birth", said, "cannot be less than 16 years ago"),)


@rule("T-BIRTH-OLD", ERROR, "A trainee is less than 100 years old.", "2, date_of_birth")
def _born_early(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    born = day(document.fields.get("date_of_birth"))
    earliest = years_before(context.today, 100)
    if born is None or born > earliest:
        return NOTHING
    said = f"The trainee would be 100 or older. Enter a date of birth after {long_day(earliest)}."
    return (say("date_of_birth", said, INVALID),)


@rule("T-EMAIL-FORMAT", ERROR, "An email address has the form of one.", "2.1 rule 1")
def _email_format(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    value = document.fields.get("email")
    if value is None or is_blank(value) or is_email(text(value)[:400]):
        return NOTHING
    said = "This is not an email address. Enter one like name@example.com."
    return (say("email", said, "Enter an email address in the correct format, like name@example.com"),)


@rule("T-HESA-ID-LENGTH", ERROR, "A HESA ID has 13 or 17 characters.", "2, hesa_id")
def _hesa_id_length(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    value = document.fields.get("hesa_id")
    if value is None or is_blank(value) or len(text(value)) in (13, 17):
        return NOTHING
    said = f"The HESA ID has {len(text(value)):,} characters. It has 13 or 17 digits; check it against your student record."
    return (say("hesa_id", said, "must be 13 or 17 characters"),)


@rule("T-HESA-ID-DIGITS", WARNING, "A HESA ID has digits only; the bulk file insists on it.", "2, hesa_id")
def _hesa_id_digits(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    value = text(document.fields.get("hesa_id"))
    if len(value) not in (13, 17) or _DIGITS.match(value):
        return NOTHING
    return (
        say("hesa_id", "The HESA ID holds something else than digits. Check it against your student record."),
    )


@rule(
    "T-NI-NUMBER",
    WARNING,
    "A National Insurance number is 2 letters, 6 digits and A, B, C or D.",
    "2, ni_number",
)
def _ni_number(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    value = document.fields.get("ni_number")
    if value is None or is_blank(value) or _NI_NUMBER.match(text(value)[:40].replace(" ", "")):
        return NOTHING
    said = (
        "A National Insurance number has 2 letters, 6 digits, then A, B, C or D. Check it; Register does not."
    )
    return (say("ni_number", said),)


RULES = (
    _born_ahead,
    _born_late,
    _born_early,
    _email_format,
    _hesa_id_length,
    _hesa_id_digits,
    _ni_number,
)
