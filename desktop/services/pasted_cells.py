"""One pasted cell, read as the value of its field: codes and labels, days as people type them, what spreadsheets do to both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from desktop.collections.reading import day, quote
from desktop.handover.cells import bare
from desktop.model.collection import Collection, Field, Kind
from desktop.model.document import Value
from desktop.validation.entry import parse_value

CLEAR = ("(empty)", "(blank)", "(clear)")
"""A cell with one of these clears the field; an empty cell leaves it as it is."""

LONGEST = 10_000
_MOST_KNOWN = 50_000
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"\Z')
"""How some sheets keep the zeros of a number: a formula that is only a text."""

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"\s*[\r\n\t\u2028\u2029]+\s*")
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?\Z")
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 73_415  # 1927 to 2100
_SERIAL_ZERO = date(1899, 12, 30)
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Read:
    """A cell that was read: `left` = it says nothing, else `value` (None clears); `why` = it could not be read."""

    value: Value = None
    left: bool = False
    why: str = ""


LEFT = Read(left=True)


class Cells:
    """Reads cells of one collection; the same text of the same field is read once."""

    def __init__(self, collection: Collection, today: date) -> None:
        self._collection = collection
        self._today = today
        self._known: dict[tuple[str, str], Read] = {}

    def read(self, field: Field, text: str) -> Read:
        """What a cell says of a field. Never raises."""
        known = self._known.get((field.name, text))
        if known is None:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            known = self._known[field.name, text] = self._read(field, text)
        return known

    def _read(self, field: Field, raw: str) -> Read:
        text, why = taken(raw)
        if not text:
            return LEFT
        if text.casefold() in CLEAR:
            return Read(None)
        if why:
            return Read(why=why)
        if field.kind is not Kind.TEXT and text in ("TRUE", "FALSE"):
            return LEFT  # an unticked or ticked box says nothing to any field
        if field.codes:
            text = text.removeprefix("'")  # Register's own files write 'MX, too
        value = self._value(field, text)
        return Read(value, why=self._doubt(field, text, value))

    def _value(self, field: Field, text: str) -> Value:
        lists = self._collection.code_lists
        if field.kind is Kind.DATE:
            return of_serial(text) or parse_value(field, text, lists, self._today)
        value = parse_value(field, text, lists, self._today)
        if field.kind is Kind.CODE and value not in lists.codes(field.codes):
            return self._with_zeros(field, str(value))
        return value

    def _with_zeros(self, field: Field, text: str) -> str:
        """A spreadsheet takes 02 for a number and shows 2: the one code that is meant."""
        if not text.isdigit():
            return text
        bare = text.lstrip("0")
        codes = self._collection.code_lists.codes(field.codes)
        meant = [code for code in codes if code.isdigit() and code.lstrip("0") == bare]
        return meant[0] if len(meant) == 1 else text

    def _doubt(self, field: Field, text: str, value: Value) -> str:
        """Why a value is not of its field's kind; "" when it is."""
        if field.kind is Kind.DATE and day(value) is None:
            return f"{quote(text)} is not a date. Write it like 1 September 2026 or 1/9/2026."
        if field.kind is Kind.INTEGER and not isinstance(value, int):
            return f"{quote(text)} is not a whole number."
        if field.codes:
            codes = self._collection.code_lists.codes(field.codes)
            parts = [str(value)] if field.kind is Kind.CODE else str(value).split(",")
            strange = next((part for part in parts if part not in codes), None)
            if strange is not None:
                return (
                    f"{quote(strange)} is not in the list of {self._collection.portal_short}. Use the words or the code "
                    "that the field offers."
                )
        elif field.kind is Kind.TEXT and _SHORTENED.match(text):
            return "The spreadsheet has shortened this number. Format the column as text, type the number again, then copy or save it again."
        return ""


def as_text(raw: str) -> str:
    """The cell as one line, without what keeps spreadsheets from computing it or from eating its zeros."""
    text = _BREAKS.sub(" ", raw.strip())
    kept = _KEPT_AS_TEXT.match(text)
    return kept[1].strip() if kept else bare(text)


def taken(raw: str) -> tuple[str, str]:
    """(the cell as one line, why no field can take it: "" when one may)."""
    text = as_text(raw)
    if text.startswith("=") and raw.lstrip().startswith("="):
        return text, "It is a formula, and Holdfast does not compute any. Type what the cell should say."
    return text, unreadable(text)


def unreadable(text: str) -> str:
    """Why no field can take this text; "" when one may."""
    if len(text) > LONGEST:
        return f"This is longer than {LONGEST:,} characters."
    if "\ufffd" in text:
        return "A character of it was lost on the way (\ufffd). Type the cell again."
    if _UNSTORABLE.search(text):
        return "It holds a character that cannot be stored. Type the cell again."
    if text.upper() in _ERRORS or set(text) == {"#"}:
        return "The spreadsheet shows no value here. Put the cell right (a column may be too narrow), then copy or save it again."
    return ""


def of_serial(text: str) -> str | None:
    """A day that a spreadsheet shows as a number (46266 = 1 September 2026), as ISO text; None for anything else."""
    found = _SERIAL.match(text) if len(text) < 20 else None
    if found is None or not _FIRST_SERIAL <= int(found[1]) <= _LAST_SERIAL:
        return None
    return (_SERIAL_ZERO + timedelta(days=int(found[1]))).isoformat()
