"""What would put a finding right without a doubt: the same answer, written as the rule asks for it.

A suggestion never says anything else than what was typed. It leaves out what cannot be seen and blanks that do not belong
there, reads the letter O as a zero where only digits can stand, and a date as any field would read it. What it comes to is
put to the rules again: it is suggested only when the rule is content with it and no other has anything against it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from desktop.collections.plain import LONGEST
from desktop.model.collection import Collection, Context, Kind
from desktop.model.document import Document, apply, patch_of, same, value_at
from desktop.model.finding import Finding, Severity, Suggestion
from desktop.validation.entry import parse_day

_AS_DIGITS = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1"})
_LONGEST_NUMBER = 40
_LEAST_DIGITS = 0.5
"""So much of a number must have been digits before a letter in it is taken for one."""


def with_suggestions(
    collection: Collection, document: Document, context: Context, findings: Iterable[Finding]
) -> list[Finding]:
    """The same findings, those with a suggestion that can be put right by what was typed itself."""
    return [_with_suggestion(collection, document, context, finding) for finding in findings]


def _with_suggestion(
    collection: Collection, document: Document, context: Context, finding: Finding
) -> Finding:
    field = collection.field(finding.field)
    typed = value_at(document, finding.field)
    if finding.severity is Severity.UNKNOWN or field is None or not isinstance(typed, str):
        return finding
    if field.kind is Kind.CODE or field.codes or len(typed) > LONGEST:
        return finding
    for value, how in _readings(typed, is_date=field.kind is Kind.DATE):
        if not same(value, typed) and _is_right(collection, document, context, finding, value):
            return replace(finding, suggestion=Suggestion(value, how, typed))
    return finding


def _readings(typed: str, *, is_date: bool) -> Iterator[tuple[str, str]]:
    """(value, how it was read), the one that changes least first."""
    seen = " ".join(_without_unseen(typed).split())
    yield seen, "without characters that cannot be seen"
    if is_date:
        if found := parse_day(seen):
            yield found, "read as a date, day before month"
        return
    if len(seen) > _LONGEST_NUMBER:
        return
    joined = seen.replace(" ", "")
    if not any(ch.isdigit() or ch == "@" for ch in joined):
        return  # a name or a place: its blanks and marks are its own
    yield joined, "without the blanks"
    yield joined.strip(".,;"), "without the mark at the end"
    digits = joined.replace("-", "").translate(_AS_DIGITS)
    if digits.isascii() and digits.isdigit():
        before = sum(ch.isdigit() for ch in joined)
        if before == len(digits):
            yield digits, "without the hyphens"
        elif before >= len(digits) * _LEAST_DIGITS:
            yield digits, "the letter O read as a zero, the letters I and l as a one"


def _without_unseen(typed: str) -> str:
    """Tabs and line breaks part words; other characters that cannot be seen stand for nothing."""
    spaced = "".join(" " if ch in "\t\r\n\u2028\u2029" else ch for ch in typed)
    return "".join(ch for ch in spaced if unicodedata.category(ch) not in {"Cc", "Cf", "Cs", "Cn", "Co"})


def _is_right(
    collection: Collection, document: Document, context: Context, finding: Finding, value: str
) -> bool:
    """Whether the rule has nothing more to say of that place, and no rule finds an error there that was not there."""
    mended = apply(document, patch_of(document, {finding.field: value}))
    rule = next((rule for rule in collection.rules if rule.id == finding.rule), None)
    if not value or rule is None or any(f.field == finding.field for f in rule.check(mended, context)):
        return False
    return not any(
        f.field == finding.field and f.severity is Severity.ERROR
        for other in collection.rules
        for f in other.check(mended, context)
    )
