"""TRN, National Insurance number, email address and URN, as the portal takes them. Source: domain pack 3.1 to 3.3, 3.5."""

from __future__ import annotations

import re

from desktop.collections.email import is_email
from desktop.collections.reading import text

LONGEST_NAME = 70
LONGEST_EMAIL, LONGEST_EMAIL_LATER = 320, 254
"""Characters of an email address: at registration; when it is changed later, and of the induction tutor (3.3)."""

_NOT_DIGIT = re.compile(r"[^0-9]")
_NI_NUMBER = re.compile(r"[ABCEGHJKLMNOPRSTWXYZ][ABCEGHJKLMNPRSTWXYZ][0-9]{6}[A-D]\Z")
_NO_PREFIX = frozenset({"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"})
_URN = re.compile(r"[0-9]{6}\Z")
_CUT = 400


def digits(value: object) -> str:
    """Everything but digits taken away: `RP99/12345` is 9912345."""
    return _NOT_DIGIT.sub("", text(value)[:_CUT])


def trn(value: object) -> str:
    """A TRN as the portal reads it: 5 to 7 digits, with zeros in front up to 7; "" for what is none."""
    found = digits(value)
    return found.zfill(7) if 5 <= len(found) <= 7 else ""


def ni_number(value: object) -> str:
    """A National Insurance number without blanks, in capitals; "" for what the portal's form refuses."""
    found = text(value)[:_CUT].replace(" ", "").upper()
    return found if _NI_NUMBER.match(found) and found[:2] not in _NO_PREFIX else ""


def is_notify_email(address: str, longest: int = LONGEST_EMAIL) -> bool:
    """Whether GOV.UK Notify can write to this address."""
    return len(address) <= longest and is_email(address, also="\\")


def is_urn(value: object) -> bool:
    """Whether this is the number of a school."""
    return _URN.match(text(value).strip()) is not None
