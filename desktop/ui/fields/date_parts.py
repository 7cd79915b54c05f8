"""A date as three parts that a person types, and back. Leaves the drawing to `date_entry`.

What is no date is kept as typed, as `day/month/year` with the parts that there are, so that nothing is lost
between two looks at the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.model.document import Value
from desktop.ui.words import MONTHS
from desktop.validation.entry import parse_day

_PARTS = 3


@dataclass(frozen=True)
class DateParts:
    """Day, month and year as typed; "" where nothing stands."""

    day: str = ""
    month: str = ""
    year: str = ""

    @property
    def empty(self) -> bool:
        return not (self.day or self.month or self.year)


def as_date(parts: DateParts, today: date | None = None, *, past: bool = False) -> date | None:
    """The day that the parts name; None while they name none. Two-digit years as `parse_day` reads them."""
    if not (parts.day.strip() and parts.month.strip() and parts.year.strip()):
        return None
    return read_whole(f"{parts.day.strip()}/{parts.month.strip()}/{parts.year.strip()}", today, past=past)


def the_only(parts: DateParts) -> str:
    """What stands in one part while the two others are empty; "" else."""
    given = [part.strip() for part in (parts.day, parts.month, parts.year) if part.strip()]
    return given[0] if len(given) == 1 else ""


def read_whole(text: str, today: date | None = None, *, past: bool = False) -> date | None:
    """The day in a pasted text such as "7/9/2026", "2026-09-07" or "Monday 7 September 2026"; None if none is."""
    iso = parse_day(text, today, past=past)
    return date.fromisoformat(iso) if iso else None


def join(parts: DateParts, today: date | None = None, *, past: bool = False) -> Value:
    """What the record keeps: ISO text, None when all parts are empty, else the parts as typed."""
    parts = DateParts(*(" ".join(p.split()) for p in (parts.day, parts.month, parts.year)))
    if parts.empty:
        return None
    day = as_date(parts, today, past=past)
    if day is not None:
        return day.isoformat()
    alone = the_only(parts)
    whole = read_whole(alone, today, past=past) if alone else None
    if whole is not None:
        return whole.isoformat()
    if not (parts.month or parts.year):
        return parts.day
    return f"{parts.day}/{parts.month}/{parts.year}"


def split(value: Value) -> DateParts:
    """The parts that show `value`: a date with its month as a word, anything else so that `join` gives it back."""
    text = "" if value is None else str(value)
    iso = read_whole(text) if text[:4].isdigit() and "-" in text else None
    if iso is not None:
        return of_date(iso)
    pieces = text.split("/")
    if len(pieces) == _PARTS:
        return DateParts(*pieces)
    return DateParts(day=text)


def of_date(day: date) -> DateParts:
    """The parts of a day, the month as a word."""
    return DateParts(str(day.day), MONTHS[day.month - 1], str(day.year))
