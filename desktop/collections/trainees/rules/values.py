"""Rules about any value: nothing missing, nothing unreadable, no characters that nobody can see, nothing too long."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.collections.declare import ERROR, NOTHING, WARNING, Say, rule
from desktop.collections.plain import LONGEST, of_no_kind, places, texts, unseen
from desktop.collections.reading import day, is_blank, text, whole
from desktop.collections.trainees.fields import FIELDS
from desktop.collections.trainees.rules.said import BLANK, INVALID, too_long
from desktop.model.collection import Context, Kind, Required
from desktop.model.document import Document
from desktop.model.finding import Finding

_ENFORCED = {f.name: f.max_length for f in FIELDS if f.max_length and f.name != "previous_last_name"}
_SHORTEST_LIMIT = min(_ENFORCED.values())
_DATES = tuple(f.name for f in FIELDS if f.kind is Kind.DATE)
_JUDGED_DATES = frozenset({"date_of_birth", "itt_start_date", "itt_end_date", "trainee_start_date"})

_ASK = {
    "first_names": "Enter the trainee's first names.",
    "last_name": "Enter the trainee's last name.",
    "date_of_birth": "Enter the trainee's date of birth.",
    "sex": "Choose the trainee's sex, or Not provided.",
    "email": "Enter the trainee's email address.",
    "training_route": "Choose the training route.",
    "course_subject_1": "Choose the subject of the course.",
    "course_age_range": "Choose the age range of the course.",
    "itt_aim": "Choose the aim of the training.",
    "course_year": "Enter the year of the course: 0 for a foundation year, else 1, 2 or 3.",
    "itt_start_date": "Enter the date on which the course starts.",
    "itt_end_date": "Enter the date on which the course is expected to end.",
    "fund_code": "Choose whether the trainee is eligible for student finance.",
    "funding_method": "Choose what is paid, or No funding.",
    "hesa_id": "Enter the HESA ID: 13 or 17 digits.",
}
_REQUIRED = tuple((f.name, _ASK[f.name]) for f in FIELDS if f.required is Required.ALWAYS)


@rule("T-REQUIRED", ERROR, "What Register needs for a new trainee is answered.", "2, column R")
def _required(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    fields = document.fields
    return [say(name, ask, BLANK) for name, ask in _REQUIRED if is_blank(fields.get(name))]


@rule("T-VALUE-KIND", ERROR, "Every answer is text or a whole number.", "2")
def _value_kind(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    said = "This is neither text nor a whole number. Type the answer again."
    return [say(path, said) for path in of_no_kind(document)]


@rule("T-TEXT-CONTROL", ERROR, "No text holds characters that cannot be seen.", "sync.md T6")
def _control_characters(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    said = "This answer holds characters that cannot be seen, often from copying. Type it again."
    return [say(path, said) for path in unseen(document)]


@rule("T-TEXT-LENGTH", ERROR, "No text is longer than Register keeps.", "2")
def _text_length(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    if max(map(len, texts(document)), default=0) <= _SHORTEST_LIMIT:
        return NOTHING
    found = []
    for path, name, value in places(document):
        limit = _ENFORCED.get(name, LONGEST)
        if type(value) is str and len(value) > limit:
            said = f"This answer has {len(value):,} characters. Shorten it to {limit:,}."
            found.append(say(path, said, too_long(limit) if name in _ENFORCED else ""))
    return found


@rule("T-PREVIOUS-NAME-LENGTH", WARNING, "A previous last name has at most 60 characters.", "2")
def _previous_name_length(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    value = document.fields.get("previous_last_name")
    if type(value) is str and 60 < len(value) <= LONGEST:
        return (
            say(
                "previous_last_name",
                "Register's guidance asks for at most 60 characters. Shorten it if you can.",
            ),
        )
    return NOTHING


@rule("T-DATE-FORMAT", ERROR, "Every date is a day of the calendar.", "2")
def _date_format(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    fields = document.fields
    found = []
    for name in _DATES:
        value = fields.get(name)
        if value is not None and day(value) is None and not is_blank(value):
            said = "This is not a date. Enter one such as 7 September 2026."
            found.append(say(name, said, INVALID if name in _JUDGED_DATES else ""))
    return found


@rule("T-APPLICATION-ID", ERROR, "An Apply application ID is a whole number of up to 7 digits.", "2")
def _application_id(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    value = document.fields.get("application_id")
    if value is None or is_blank(value):
        return NOTHING
    number = whole(value)
    if number is not None and 0 <= number <= 9_999_999:
        return NOTHING
    said = "The Apply application ID is a number of up to 7 digits. Enter only the digits."
    return (say("application_id", said, too_long(7) if len(text(value)) > 7 else ""),)


RULES = (
    _required,
    _value_kind,
    _control_characters,
    _text_length,
    _previous_name_length,
    _date_format,
    _application_id,
)
