"""What the forms take: TRN, National Insurance number, email address, names and days. Source: domain pack register-ects 3.1 to 3.4.

Each reader gives (value, what is wrong); one of the two is empty. The portal's own reading, shared with nobody.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from desktop.practice.ects.windows import in_months

LONGEST_NAME = 70
LONGEST_AT_FIRST, LONGEST_LATER = 320, 254
"""Characters of an email address when somebody is registered; when it is changed, and of the tutor (3.3)."""

_NI = re.compile(r"([A-CEGHJ-PR-TW-Z])([A-CEGHJ-NPR-TW-Z])\d{6}[A-D]", re.ASCII)
_NI_NEVER = ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ")
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\\-]+")
_LABEL = re.compile(r"[A-Za-z0-9]+(?:--?[A-Za-z0-9]+)*")
_LAST = re.compile(r"[A-Za-z]{2,63}|xn--(?:[A-Za-z0-9]+-)*[A-Za-z0-9]+", re.IGNORECASE)
_LONGEST_LABEL = 63

Read = tuple[str, str]


def trn(typed: str) -> Read:
    """Digits only, five to seven of them, with zeros in front up to seven."""
    if not typed:
        return "", "Enter the teacher reference number (TRN)"
    digits = re.sub(r"[^0-9]", "", typed)
    if len(digits) < 5:
        return "", "The teacher reference number (TRN) must have at least 5 digits"
    if len(digits) > 7:
        return "", "The teacher reference number (TRN) must have no more than 7 digits"
    return digits.zfill(7), ""


def ni_number(typed: str) -> Read:
    """Upper case without blanks."""
    if not typed:
        return "", "Enter a National Insurance number"
    plain = typed.replace(" ", "").upper()
    if not _NI.fullmatch(plain) or plain.startswith(_NI_NEVER):
        return "", "Enter a National Insurance number in the right format, for example JG 10 37 59 A"
    return plain, ""


def email(typed: str, longest: int = LONGEST_AT_FIRST) -> Read:
    """As GOV.UK Notify can write to it."""
    if not typed:
        return "", "Enter an email address"
    wrong = "Enter an email address in the right format, for example name@example.com"
    local, at, host = typed.rpartition("@")
    labels = host.split(".")
    fits = (
        at
        and len(typed) <= longest
        and _LOCAL.fullmatch(local)
        and ".." not in typed
        and len(host) <= 253
        and len(labels) > 1
        and all(len(label) <= _LONGEST_LABEL and _LABEL.fullmatch(label) for label in labels)
        and _LAST.fullmatch(labels[-1])
    )
    return (typed, "") if fits else ("", wrong)


def full_name(typed: str, what: str = "the correct full name") -> Read:
    """Not blank, at most 70 characters."""
    plain = " ".join(typed.split())
    if not plain:
        return "", f"Enter {what}"
    if len(plain) > LONGEST_NAME:
        return "", f"The name must be {LONGEST_NAME} characters or fewer"
    return plain, ""


def day(parts: tuple[str, str, str], missing: str) -> tuple[date | None, str]:
    """A real day from its three boxes."""
    if not any(parts):
        return None, missing
    wrong = "Enter the date in the right format, for example 17 9 2026"
    if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        return None, wrong
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0])), ""
    except ValueError:
        return None, wrong


def date_of_birth(parts: tuple[str, str, str], today: date) -> tuple[date | None, str]:
    """Between 18 and 100 years ago, both days taken."""
    born, wrong = day(parts, "Enter a date of birth")
    if born is None:
        return None, wrong
    if born > in_months(today, -18 * 12):
        return None, "The teacher cannot be less than 18 years old"
    if born < in_months(today, -100 * 12):
        return None, "The teacher cannot be more than 100 years old"
    return born, ""


def both_names_changed(before: str, after: str) -> bool:
    """Whether first and last word are both others: without case, accents and punctuation (1.4)."""
    old, new = _words(before), _words(after)
    return bool(old and new) and old[0] != new[0] and old[-1] != new[-1]


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(c for c in plain if c.isalnum() or c.isspace())
    return kept.split()
