"""Cells of a spreadsheet that no spreadsheet takes for a formula (contract.md, notes to section 2; domain pack 4.4)."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"'(\d[\d./-]*)'?\Z")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet would compute it; our own import takes it away again."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`: an apostrophe goes when a formula's first character stands after it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def bare(text: str) -> str:
    """As `unguarded`; also without the apostrophes that keep a spreadsheet from eating the zeros of a number, or from turning
    a day into its own form (pack 4.2, 4.4).
    """
    if not text.startswith("'"):
        return text
    number = _NUMBER.match(text)
    return number[1] if number else unguarded(text)
