"""Text for people outside the office, without what could be somebody's: the second wall behind reports that name no values at all.

Names cannot be told from other words by their shape, so whoever writes a report must not put them in; `also` takes those that
are known. Everything with a shape goes: numbers of people, days, addresses, tokens, and the name of a user in a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("e-mail", re.compile(r"[^\s<>()\"'@,;:/\\]+@[^\s<>()\"'@,;:/\\]+")),
    ("address", re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s\"'<>]+", re.IGNORECASE)),
    ("folder", re.compile(r"(?:/home/|/Users/|/root\b|[A-Za-z]:[\\/]Users[\\/]|\\\\)[^\r\n\"'<>|:;,)]*")),
    (
        "token",
        re.compile(r"(?<![\w+/=-])(?=[\w+/=.-]{0,400}?\d)[A-Za-z0-9_+/=-]{20,}(?:\.[A-Za-z0-9_+/=-]+)*"),
    ),
    (
        "NI number",
        re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-Da-d]?(?![A-Za-z0-9])"),
    ),
    ("postcode", re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d[A-Za-z0-9]?[ -]?\d[A-Za-z]{2}(?![A-Za-z0-9])")),
    (
        "day",
        re.compile(
            r"(?<!\d)(?:\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}|"
            r"\d{1,2}(?:st|nd|rd|th)?[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ -]\d{2,4})(?!\d)",
            re.IGNORECASE,
        ),
    ),
    ("number", re.compile(r"(?<![\d.])\+?\d(?:[ -]?\d){5,}(?![\d.]\d)")),
)
"""In this order: an e-mail address before the path that it could be taken for, whole numbers last."""


def redact(text: str, also: Iterable[str] = ()) -> str:
    """The text with marks such as "[e-mail]" in place of what could be somebody's. `also` = words to take out, by whole word."""
    for name, shape in _MARKS:
        text = shape.sub(f"[{name}]", text)
    known = sorted({word for word in also if len(word) > 2}, key=len, reverse=True)
    if known:
        words = "|".join(map(re.escape, known))
        text = re.sub(rf"(?<!\w)(?:{words})(?!\w)", "[name]", text, flags=re.IGNORECASE)
    return text
