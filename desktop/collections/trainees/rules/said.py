"""What Register's API says of a value, word for word after the field name. Source: domain pack 2.1."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.collections.reading import text

BLANK = "can't be blank"
INVALID = "is invalid"
_CUT = 200
"""A value is given back at most this long, so that a reply cannot be blown up by what was sent."""


def too_long(limit: int) -> str:
    """`is too long (maximum is 60 characters)`."""
    return f"is too long (maximum is {limit} characters)"


def no_such_code(value: object, codes: Iterable[str]) -> str:
    """All valid codes when there are fewer than ten, else the first ten in order of their characters."""
    valid = sorted(codes)
    listed = ", ".join(f"'{code}'" for code in valid[:10])
    tail = f"Valid values are {listed}." if len(valid) < 10 else f"Example values include {listed}..."
    return f"has invalid reference data value of '{text(value)[:_CUT]}'. {tail}"


def no_such_partner(number: str, value: object) -> str:
    """`number` is URN or UKPRN."""
    return f"is invalid. The {number} '{text(value)[:_CUT]}' does not match any known training partners"


def no_such_school(value: object) -> str:
    """For the employing school."""
    return f"is invalid. The URN '{text(value)[:_CUT]}' does not match any known schools"
