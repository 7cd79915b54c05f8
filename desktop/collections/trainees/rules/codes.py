"""Rules about codes: each is on its list, and disabilities fit together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop.collections.declare import ERROR, NOTHING, WARNING, Say, rule
from desktop.collections.plain import is_unknown, nearest
from desktop.collections.reading import is_blank, quote, text
from desktop.collections.trainees.fields import FIELDS
from desktop.collections.trainees.rules.held import holds
from desktop.collections.trainees.rules.said import no_such_code
from desktop.model.collection import Code, Context, Kind
from desktop.model.document import Document
from desktop.model.finding import Finding

_CODED = tuple((f.name, f.codes, f.label) for f in FIELDS if f.kind is Kind.CODE and f.codes != "disability")
_DISABILITIES = tuple(f.name for f in FIELDS if f.codes == "disability")
_NO_DISABILITY = frozenset({"95", "98", "99"})
_NEWER = "Register returned this code and this program does not know it yet. It is kept as it is."


def not_on_list(value: object, what: str, codes: Mapping[str, Code]) -> str:
    """`“Maths” is not on Register's list for the subject. Choose Mathematics (100403) or search again.`"""
    entry = nearest(value, codes)
    choose = f"Choose {entry.label} ({entry.code}) or search again." if entry else "Choose one from the list."
    return f"{quote(value)} is not on Register's list for “{what}”. {choose}"


def newer_finding(say: Say, at: str) -> Finding:
    """The warning instead, when the portal itself returned that code."""
    return say(at, _NEWER, severity=WARNING)


@rule(
    "T-CODE-UNKNOWN",
    ERROR,
    "Every code is on its list. A code that Register itself returned is a warning: it is newer than this program.",
    "2.1, last paragraph",
)
def _unknown_code(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    fields, lists = document.fields, context.codes
    found = []
    for name, list_name, label in _CODED:
        value = fields.get(name)
        if value is None:
            continue
        codes = lists.codes(list_name)
        if (type(value) is str and value in codes) or not is_unknown(value, codes):
            continue
        if holds(context, name, value):
            found.append(newer_finding(say, name))
        else:
            portal = no_such_code(value, _accepted(name, codes))
            found.append(say(name, not_on_list(value, label, codes), portal))
    return found


def _accepted(name: str, codes: Mapping[str, Code]) -> Iterable[str]:
    """The codes that Register lists as valid: no retired route."""
    return [c for c, e in codes.items() if not e.retired] if name == "training_route" else codes


@rule(
    "T-DISABILITY-CODE",
    ERROR,
    "Every disability is on its list. Register does not say so: it would drop an unknown one silently.",
    "2, disability1..9",
)
def _unknown_disability(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    fields = document.fields
    typed = [(name, value) for name in _DISABILITIES if (value := fields.get(name)) is not None]
    if not typed:
        return NOTHING
    codes = context.codes.codes("disability")
    odd = [(name, value) for name, value in typed if is_unknown(value, codes)]
    return [
        newer_finding(say, name)
        if holds(context, name, value)
        else say(name, not_on_list(value, "Disability", codes))
        for name, value in odd
    ]


@rule("T-DISABILITY-REPEAT", ERROR, "No disability is given twice.", "1.6 and 2")
def _repeated_disability(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    chosen = _chosen_disabilities(document)
    if len(chosen) < 2:
        return NOTHING
    seen: set[str] = set()
    known = context.codes.codes("disability")
    for name, code in chosen:
        meaning = context.codes.canonical("disability", code)
        if meaning in seen and code in known:
            said = f"{known[code].label} is given twice. Clear one of the two."
            return (say(name, said, "contain duplicate values"),)
        seen.add(meaning)
    return NOTHING


@rule("T-DISABILITY-NONE", WARNING, "No known disability stands alone.", "2, disability1..9")
def _no_disability_and_some(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    chosen = _chosen_disabilities(document)
    if len(chosen) < 2:
        return NOTHING
    known = context.codes.codes("disability")
    for name, code in chosen:
        if code in _NO_DISABILITY and any(other not in _NO_DISABILITY for _, other in chosen):
            return (
                say(name, f"{known[code].label} stands beside a disability. Clear the one that is wrong."),
            )
    return NOTHING


def _chosen_disabilities(document: Document) -> list[tuple[str, str]]:
    fields = document.fields
    return [
        (name, text(v)) for name in _DISABILITIES if (v := fields.get(name)) is not None and not is_blank(v)
    ]


RULES = (_unknown_code, _unknown_disability, _repeated_disability, _no_disability_and_some)
