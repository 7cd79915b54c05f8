"""Rules about degrees. Source: domain pack 1.7 and 2.1 rule 4.

A degree is a UK degree when it has an institution, a UK country or no country; else it is one from outside the UK.
What the portal holds without a code (null in its reply) is not asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from desktop.collections.declare import ERROR, NOTHING, WARNING, Say, rule
from desktop.collections.plain import is_unknown
from desktop.collections.reading import alike, day, is_blank, text, whole
from desktop.collections.trainees.rules.codes import newer_finding, not_on_list
from desktop.collections.trainees.rules.held import held_child
from desktop.collections.trainees.rules.said import INVALID, no_such_code
from desktop.collections.trainees.tables import UK_COUNTRIES, route_of
from desktop.model.collection import CodeLists, Context
from desktop.model.document import Child, Document, Fields
from desktop.model.finding import Finding

_MUST = "must be entered if specifying a previous UK degree or non-UK degree"
_OUTSIDE = " If it is a degree from outside the UK, choose its country."
_NEEDED = {
    "subject": ("Choose the subject of the degree.", _MUST),
    "graduation_year": ("Enter the year of graduation, for example 2024.", _MUST),
    "institution": ("Choose the institution that awarded the degree.", "can't be blank"),
    "uk_degree": ("Choose the type of the degree.", "must be entered if specifying a previous UK degree"),
    "grade": ("Choose the grade of the degree.", _MUST),
    "non_uk_degree": (
        "Choose the type of the degree from outside the UK.",
        "must be entered if specifying a previous non-UK degree",
    ),
}
_UK_NEEDS = ("institution", "subject", "uk_degree", "grade", "graduation_year")
_OTHER_NEEDS = ("subject", "non_uk_degree", "graduation_year")
_LISTS = {
    "country": ("country", "Country"),
    "institution": ("institution", "Awarding institution"),
    "uk_degree": ("degree_type", "UK degree type"),
    "non_uk_degree": ("degree_type", "Degree type outside the UK"),
    "subject": ("degree_subject", "Degree subject"),
    "grade": ("degree_grade", "Grade"),
}
_ALIKE = ("subject", "graduation_year", "country", "uk_degree", "non_uk_degree", "grade")
_YEARS_BACK = 60


def is_uk(fields: Fields) -> bool:
    """Whether Register reads these answers as a UK degree."""
    country = fields.get("country")
    return is_blank(country) or country in _UK or not is_blank(fields.get("institution"))


_UK: tuple[object, ...] = tuple(sorted(UK_COUNTRIES))


def graduation_year(value: object) -> int | None:
    """The year of `2024` or of `2024-07-31`; None when it cannot be read."""
    year = whole(value)
    if year is not None:
        return year
    ended = day(value)
    return ended.year if ended else None


def _degrees(document: Document) -> list[Child]:
    return document.children.get("degrees") or []


@rule("T-DEGREE-NEEDED", ERROR, "There is a degree, unless the route is an undergraduate one.", "2.1 rule 4")
def _degree_needed(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    if document.children.get("degrees"):
        return NOTHING
    route = route_of(document.fields.get("training_route"))
    if route is None or not route.degree:
        return NOTHING
    said = "This route needs a degree. Add the trainee's degree."
    return (say("degrees", said, "must be entered if specifying a postgraduate training_route"),)


@rule("T-DEGREE-MISSING", ERROR, "A degree has the answers that its kind needs.", "1.7")
def _degree_missing(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    found: list[Finding] = []
    for child in _degrees(document):
        fields = child.fields
        uk = is_uk(fields)
        missing = [n for n in (_UK_NEEDS if uk else _OTHER_NEEDS) if is_blank(fields.get(n))]
        if missing:
            outside = _OUTSIDE if uk and not is_blank(fields.get("non_uk_degree")) else ""
            found += [
                say(f"degrees.{child.id}.{name}", _NEEDED[name][0] + outside, _NEEDED[name][1])
                for name in missing
                if not _kept_without_code(context, child, name)
            ]
    return found


def _kept_without_code(context: Context, child: Child, name: str) -> bool:
    """Whether the portal holds the degree with something here that it has no code for."""
    held = held_child(context, "degrees", child)
    return is_blank(held.fields.get(name)) if held is not None else child.portal_id is not None


@rule("T-DEGREE-CODE", ERROR, "Every code of a degree is on its list.", "1.7")
def _degree_code(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    lists = context.codes
    found: list[Finding] = []
    for child in _degrees(document):
        fields = child.fields
        for name, (list_name, what) in _LISTS.items():
            value = fields.get(name)
            if value is None:
                continue
            codes = lists.codes(list_name)
            if (type(value) is str and value in codes) or not is_unknown(value, codes):
                continue
            at = f"degrees.{child.id}.{name}"
            held = held_child(context, "degrees", child)
            if held is not None and alike(held.fields.get(name), value):
                found.append(newer_finding(say, at))
            else:
                portal = _code_text(name, value, fields, codes)
                found.append(say(at, not_on_list(value, what, codes), portal))
    return found


def _code_text(name: str, value: object, fields: Fields, codes: Mapping[str, object]) -> str:
    """Register counts an unknown subject or grade as missing, and takes an unknown institution silently as "other"."""
    uk = is_uk(fields)
    if name == "subject" or (name == "grade" and uk):
        return _MUST
    if (name == "uk_degree" and uk) or (name in ("country", "non_uk_degree") and not uk):
        return no_such_code(value, codes)
    return ""


@rule("T-DEGREE-YEAR", ERROR, "A graduation year lies within 60 years before the next calendar year.", "1.7")
def _degree_year(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    last = context.today.year + 1
    found = []
    for child in _degrees(document):
        value = child.fields.get("graduation_year")
        if is_blank(value):
            continue
        year = graduation_year(value)
        if year is None or not last - _YEARS_BACK <= year <= last:
            said = f"Enter the year in which the degree was awarded, from {last - _YEARS_BACK} to {last}."
            found.append(say(f"degrees.{child.id}.graduation_year", said, INVALID))
    return found


@rule("T-DEGREE-YEAR-AHEAD", ERROR, "A graduation year is at latest the next calendar year.", "1.7")
def _degree_year_ahead(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    last = context.today.year + 1
    found = []
    for child in _degrees(document):
        year = graduation_year(child.fields.get("graduation_year"))
        if year is not None and year > last:
            said = "The graduation year is too far ahead. Check it."
            found.append(
                say(f"degrees.{child.id}.graduation_year", said, "must be in the past, for example 2014")
            )
    return found


@rule("T-DEGREE-REPEAT", ERROR, "No degree is there twice.", "1.7")
def _degree_repeat(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    degrees = _degrees(document)
    if len(degrees) < 2:
        return NOTHING
    return list(_repeats(say, degrees, context.codes))


def _repeats(say: Say, degrees: list[Child], lists: CodeLists) -> Iterator[Finding]:
    seen: list[tuple[Child, dict[str, str]]] = []
    for child in degrees:
        mine = alike_key(child.fields, lists)
        if mine and any(_is_repeat(child, mine, other, theirs) for other, theirs in seen):
            said = "This degree is there twice. Remove one, or correct what differs."
            yield say(f"degrees.{child.id}.subject", said, "contains duplicate degrees")
        seen.append((child, mine))


def _is_repeat(child: Child, mine: dict[str, str], other: Child, theirs: dict[str, str]) -> bool:
    """Equal, or a new one that says nothing else than one that the portal already holds."""
    if mine == theirs:
        return True
    new, held = child.portal_id is None, other.portal_id is not None
    return new and held and all(theirs.get(name) == value for name, value in mine.items())


def alike_key(fields: Fields, lists: CodeLists) -> dict[str, str]:
    """What Register compares to find a degree twice: the non-blank ones of six answers, codes as it gives them back."""
    key = {}
    uk = is_uk(fields)
    for name in _ALIKE:
        value = fields.get(name)
        if is_blank(value) or (uk and name == "country"):
            continue
        code = text(value)[:100]
        if name == "graduation_year":
            code = text(graduation_year(value) or code)
        elif name == "grade":
            code = lists.canonical("degree_grade", code)
        key[name] = code
    return key


@rule(
    "T-DEGREE-KIND",
    WARNING,
    "A degree is answered as a UK degree or as one from outside the UK, not as both.",
    "1.7",
)
def _degree_kind(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    found = []
    for child in _degrees(document):
        fields = child.fields
        uk = is_uk(fields)
        country = fields.get("country")
        if uk and not is_blank(country) and country not in _UK:
            said = "An institution makes this a UK degree, and Register then drops the country. Clear one of the two."
            found.append(say(f"degrees.{child.id}.country", said))
        other = "non_uk_degree" if uk else "uk_degree"
        needed = "uk_degree" if uk else "non_uk_degree"
        if not is_blank(fields.get(other)) and not is_blank(fields.get(needed)):
            where = "a UK degree" if uk else "a degree from outside the UK"
            found.append(
                say(
                    f"degrees.{child.id}.{other}",
                    f"This is {where}. Clear the degree type of the other kind.",
                )
            )
    return found


@rule(
    "T-DEGREE-OTHER-GRADE",
    WARNING,
    "Other grade is kept only with the grade Other, which has no code.",
    "1.7",
)
def _other_grade(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    found = []
    for child in _degrees(document):
        value = child.fields.get("other_grade")
        if value is None or is_blank(value):
            continue
        held = held_child(context, "degrees", child)
        if held is None or not alike(held.fields.get("other_grade"), value):
            said = "Register will not keep this: it takes another grade only from its own form. Choose a grade instead."
            found.append(say(f"degrees.{child.id}.other_grade", said))
    return found


RULES = (
    _degree_needed,
    _degree_missing,
    _degree_code,
    _degree_year,
    _degree_year_ahead,
    _degree_repeat,
    _degree_kind,
    _other_grade,
)
