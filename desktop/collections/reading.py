"""How a rule reads a value: text, blank, day, whole number. Whatever is in a document, nothing here raises.

Speed matters: every rule of a record runs after each keystroke, and over a whole cohort when asked. A day is parsed
once for each distinct text.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from desktop.model.document import same

_ANSWER = (str, int, type(None))
_WHOLE = re.compile(r"[+-]?[0-9]{1,12}\Z")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def text(value: object) -> str:
    """The value as text: "" for None, digits for a number, `repr` for what no field should hold."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    try:
        return str(value)
    except ValueError:  # a whole number of more digits than Python writes
        return "a very large number"


def alike(a: object, b: object) -> bool:
    """Whether two answers mean the same; never for what is neither text, nor a whole number, nor nothing."""
    if not (isinstance(a, _ANSWER) and isinstance(b, _ANSWER)):
        return False
    try:
        return same(a, b)
    except ValueError:  # a whole number of more digits than Python writes
        return False


def is_blank(value: object) -> bool:
    """Whether nothing was answered: None, "" or blanks only."""
    if type(value) is str:
        return not value or value.isspace()
    return value is None


def day(value: object) -> date | None:
    """The day of text in exactly the form YYYY-MM-DD; None for anything else, an impossible day too."""
    if type(value) is str and len(value) == 10:
        return _day(value)
    return None


@lru_cache(maxsize=1 << 15)
def _day(value: str) -> date | None:
    if value[4] != "-" or value[7] != "-":
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def whole(value: object) -> int | None:
    """A whole number, also from its digits as text; None for anything else."""
    if type(value) is int:
        return value
    if type(value) is str and len(value) <= 13 and _WHOLE.match(value):
        return int(value)
    return None


@lru_cache(maxsize=512)
def years_before(today: date, years: int) -> date:
    """The same day `years` earlier; 29 February becomes 28 February where the year has none."""
    year = max(today.year - years, 1)
    try:
        return today.replace(year=year)
    except ValueError:
        return today.replace(year=year, day=28)


def quote(value: object, at_most: int = 30) -> str:
    """A typed value as it may stand in a message: short, on one line, in quotation marks. Never for personal data."""
    shown = text(value)[: at_most + 1]
    shown = _CONTROL.sub(" ", shown).strip()
    if len(shown) > at_most:
        shown = shown[:at_most].rstrip() + "…"
    return f"“{shown}”"


def long_day(value: date) -> str:
    """`7 September 2026`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
