"""Rules about any value: nothing missing, nothing unreadable, nothing too long, every code on its list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop.collections.declare import ERROR, NOTHING, WARNING, Say, rule
from desktop.collections.ects.children import CHILDREN
from desktop.collections.ects.fields import FIELDS
from desktop.collections.plain import LONGEST, is_unknown, nearest, of_no_kind, places, texts, unseen
from desktop.collections.reading import alike, day, is_blank, quote, whole
from desktop.model.collection import Context, Field, Kind, Required
from desktop.model.document import Document
from desktop.model.finding import Finding

_OPEN_LISTS = frozenset({"appropriate_body", "lead_provider"})
"""DfE adds to these without a new program: what is not on them is judged in `training` and never an error."""

_ALL: Mapping[str, Field] = {f.name: f for f in FIELDS} | {
    f"{kind.key}.{f.name}": f for kind in CHILDREN for f in kind.fields
}
_LIMITS = {name: f.max_length for name, f in _ALL.items() if f.max_length}
_SHORTEST_LIMIT = min(_LIMITS.values())

_ASK = {
    "trn": "Enter the TRN: 7 digits.",
    "date_of_birth": "Enter the date of birth. The portal needs it to find the teacher.",
    "ni_number": "Enter the National Insurance number: the portal found another date of birth for this TRN.",
    "first_names": "Enter the first name.",
    "last_name": "Enter the last name.",
    "corrected_name": "Enter the corrected full name, or answer that the name is right.",
    "name_change_reason": "Choose why the name is corrected: spelling, or a legal change.",
    "same_person": "First and last name both change. Say whether it is the same person.",
    "email": "Enter the email address.",
    "started_on": "Enter the start date at this school as an ECT.",
    "school_urn": "Enter the URN of the school: 6 digits.",
    "school_type": "Choose the kind of school.",
    "working_pattern": "Choose the working pattern as an ECT: full-time or part-time.",
    "appropriate_body": "Choose the appropriate body.",
    "training_programme": "Choose the training programme: provider-led or school-led.",
    "lead_provider": "Choose the lead provider.",
    "ect_trn": "Enter the TRN of the ECT to be mentored.",
    "induction_tutor_name": "Enter the name of the induction tutor.",
    "induction_tutor_email": "Enter the email address of the induction tutor.",
    "last_lead_provider": "Choose the last lead provider: the last programme was provider-led.",
}
_OF_CHILDREN = {
    "periods": {"started_on": "Enter the first day of this period."},
    "mentorships": {
        "mentor_trn": "Enter the TRN of the mentor.",
        "started_on": "Enter the first day with this mentor.",
    },
    "training": {
        "training_programme": "Choose the training programme.",
        "started_on": "Enter the first day of this training.",
    },
}
_NEEDED = tuple((f, _ASK[f.name]) for f in FIELDS if f.required is Required.SOMETIMES)


@rule("E-REQUIRED", ERROR, "What the portal asks for is answered.", "1.1 to 1.3, 1.9")
def _required(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    fields = document.fields
    found = []
    for field, ask in _NEEDED:
        if is_blank(fields.get(field.name)) and field.needed is not None and field.needed(document):
            if field.lookup and context.base is not None:
                continue  # the portal knows the teacher
            found.append(say(field.name, ask))
    for kind, asked in _OF_CHILDREN.items():
        for child in document.children.get(kind, ()):
            blank = [name for name in asked if is_blank(child.fields.get(name))]
            found += [say(f"{kind}.{child.id}.{name}", asked[name]) for name in blank]
    return found


@rule("E-VALUE-KIND", ERROR, "Every answer is text or a whole number.", "2")
def _value_kind(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    said = "This is neither text nor a whole number. Type the answer again."
    return [say(path, said) for path in of_no_kind(document)]


@rule("E-TEXT-CONTROL", ERROR, "No text holds characters that cannot be seen.", "sync.md T6")
def _control_characters(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    said = "This answer holds characters that cannot be seen, often from copying. Type it again."
    return [say(path, said) for path in unseen(document)]


@rule(
    "E-TEXT-LENGTH",
    ERROR,
    "No text is longer than the portal keeps: a name has at most 70 characters.",
    "1.1, 1.4",
)
def _text_length(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    if max(map(len, texts(document)), default=0) <= _SHORTEST_LIMIT:
        return NOTHING
    found = []
    for path, name, value in places(document):
        limit = _LIMITS.get(name, LONGEST)
        if type(value) is str and len(value) > limit:
            found.append(say(path, f"This answer has {len(value):,} characters. Shorten it to {limit:,}."))
    return found


@rule("E-DATE-FORMAT", ERROR, "Every date is a day of the calendar.", "3.4")
def _date_format(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    said = "This is not a date. Enter one such as 7 September 2026."
    return [
        say(path, said)
        for path, name, value in places(document)
        if name in _ALL and _ALL[name].kind is Kind.DATE and _is_no_day(value)
    ]


def _is_no_day(value: object) -> bool:
    found = day(value)
    return (found is None or found.year == 0) and not is_blank(value)


@rule("E-YEAR", ERROR, "A contract year is the year in which the period begins.", "2, contract period")
def _year(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    said = "A contract year is a number such as 2026, for June 2026 to May 2027."
    return [
        say(path, said)
        for path, name, value in places(document)
        if name in _ALL and _ALL[name].kind is Kind.INTEGER and _is_no_year(value)
    ]


def _is_no_year(value: object) -> bool:
    year = whole(value)
    return not is_blank(value) and (year is None or not 2000 <= year <= 2100)


@rule(
    "E-CODE-UNKNOWN",
    ERROR,
    "Every choice is on its list.",
    "1.1 steps 5 and 8, 2",
)
def _unknown_code(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    found = []
    for path, name, value in places(document):
        field = _ALL.get(name)
        if field is None or not field.codes or field.codes in _OPEN_LISTS:
            continue
        codes = context.codes.codes(field.codes)
        if not is_unknown(value, codes):
            continue
        if context.base is not None and alike(context.base.fields.get(path), value):
            newer = "The portal showed this and Holdfast does not know it yet. It is kept as it is."
            found.append(say(path, newer, severity=WARNING))
        else:
            entry = nearest(value, codes)
            choose = f"Choose {entry.label}?" if entry else "Choose one from the list."
            found.append(say(path, f"{quote(value)} is not on the list for “{field.label}”. {choose}"))
    return found


RULES = (_required, _value_kind, _control_characters, _text_length, _date_format, _year, _unknown_code)
