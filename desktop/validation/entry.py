"""What people type, read as values; and values, shown to people. What cannot be read stays as it was typed.

Dates are read as the United Kingdom writes them: day before month, always.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date

from desktop.collections.reading import MONTHS, day, long_day, whole
from desktop.model.collection import CodeLists, Field, Kind
from desktop.model.document import Value

_RUN_OF_BLANKS = re.compile(" {2,}")
_OUTER_BLANKS = " \u00a0\u2002\u2003\u2007\u2009\u202f\u3000"
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?\Z")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]+([0-9]{1,2})[-/. ]+([0-9]{4}|[0-9]{2})\Z")
_NAMED_MONTH = re.compile(
    r"(?:[a-z]{3,9},? )?([0-9]{1,2})(?:st|nd|rd|th)?[-/. ]*(?:of )?([a-z]{3,9})\.?[-/., ]*([0-9]{4}|[0-9]{2})\Z",
    re.IGNORECASE,
)
_LABEL_AND_CODE = re.compile(r"(.+) \(([^()]+)\)\Z")
_LARGEST = 10**15
_LONGEST_DATE = 40
_LONGEST_LABEL = 300
_MANY = re.compile(r"[,;\n]")
_PIVOT_YEAR = 2026
"""The year from which two-digit years are judged when no today is given."""


def parse_value(field: Field, typed: object, lists: CodeLists, today: date | None = None) -> Value:
    """The value that was meant; as typed when it cannot be read, None when nothing was typed.

    `typed` is text, or a parsed JSON value: numbers become text in fields that hold text or codes.
    `today` only serves two-digit years.
    """
    if field.kind is Kind.INTEGER:
        number = _integer(field, typed, today)
        if number is not None:
            return number
    if isinstance(typed, (list, tuple)) and field.codes:
        text = ",".join(_cleaned(part) for part in typed)
    else:
        text = _cleaned(typed)
    if not text:
        return None
    if field.kind is Kind.DATE:
        return parse_day(text, today, past=_is_birth(field)) or text
    if field.kind is Kind.CODE:
        return _code(text, field.codes, lists)
    if field.codes:
        return ",".join(
            _code(_cleaned(part), field.codes, lists) for part in _MANY.split(text) if part.strip()
        )
    return text


def _cleaned(typed: object) -> str:
    """Text in its composed form, blanks around it gone, runs of blanks inside as one. Other characters stay."""
    if typed is None:
        return ""
    text = typed if isinstance(typed, str) else _as_text(typed)
    return _RUN_OF_BLANKS.sub(" ", unicodedata.normalize("NFC", text).strip(_OUTER_BLANKS))


def _as_text(typed: object) -> str:
    if isinstance(typed, float) and typed.is_integer() and abs(typed) < _LARGEST:
        return str(int(typed))
    try:
        return json.dumps(typed, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return repr(typed)[:_LONGEST_LABEL]


def _integer(field: Field, typed: object, today: date | None) -> int | None:
    if isinstance(typed, bool):
        return None
    if isinstance(typed, int):
        return typed if abs(typed) < _LARGEST else None
    if isinstance(typed, float):
        return int(typed) if typed.is_integer() and abs(typed) < _LARGEST else None
    text = _cleaned(typed)
    number = whole(text)
    if number is None and field.name.endswith("_year"):
        ended = day(parse_day(text, today))
        return ended.year if ended else None
    return number


def _is_birth(field: Field) -> bool:
    return "birth" in field.name


def parse_day(typed: str, today: date | None = None, *, past: bool = False) -> str | None:
    """ISO text of a day typed in any usual way: `1/9/26`, `1 sep 2026`, `01.09.2026`, `2026-09-01`; None if it is none.

    Two-digit years are of this century; for the past (`past`), of the last one where a person would be under 15.
    """
    text = " ".join(typed.split()) if len(typed) <= _LONGEST_DATE else ""
    if found := _YEAR_FIRST.match(text):
        year, month, number = found.groups()
    elif found := _DAY_FIRST.match(text):
        number, month, year = found.groups()
    elif found := _NAMED_MONTH.match(text):
        number, name, year = found.groups()
        month = str(_month(name))
    else:
        return None
    try:
        return date(_year(year, today, past=past), int(month), int(number)).isoformat()
    except ValueError:
        return None


def _month(name: str) -> int:
    """Number of a month by its name or the first three letters or more of it; 0 when it is none."""
    begun = name.casefold()
    begun = "sep" if begun == "sept" else begun
    return next((n for n, month in enumerate(MONTHS, start=1) if month.casefold().startswith(begun)), 0)


def _year(digits: str, today: date | None, *, past: bool) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    now = today.year if today else _PIVOT_YEAR
    century = now - now % 100
    latest = now - 15 if past else now + 50
    return century + year if century + year <= latest else century - 100 + year


def _code(text: str, list_name: str, lists: CodeLists) -> str:
    """The code meant by a code in any case, by a label, or by `label (code)`; else the text itself."""
    codes = lists.codes(list_name)
    if text in codes or len(text) > _LONGEST_LABEL:
        return text
    if text.upper() in codes:
        return text.upper()
    by_label = lists.find(list_name, text)
    if by_label is not None:
        return by_label
    both = _LABEL_AND_CODE.match(text)
    if both and both[2] in codes and lists.find(list_name, both[1]) == both[2]:
        return both[2]
    return text


def show_value(field: Field, value: Value, lists: CodeLists) -> str:
    """A value for the screen: the label of a code, `7 September 2026` for a date, else as it stands. "" for none."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    if field.kind is Kind.DATE:
        found = day(text)
        return long_day(found) if found else text
    if field.kind is Kind.CODE:
        return _label(text, field.codes, lists)
    if field.codes:
        return ", ".join(_label(part.strip(), field.codes, lists) for part in text.split(",") if part.strip())
    return text


def _label(code: str, list_name: str, lists: CodeLists) -> str:
    found = lists.codes(list_name).get(code)
    return found.label if found else code
