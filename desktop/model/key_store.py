"""How a computer's credential store stands to a workspace."""

from __future__ import annotations

from enum import StrEnum


class KeyStore(StrEnum):
    """How the computer's credential store stands to a workspace.

    NONE    there is no store          HOLDS   it has the key
    EMPTY   it has no key of this one  OTHER   it has a key that does not open this one
    FAILS   it is there, and does not answer or does not take it
    """

    NONE = "none"
    HOLDS = "holds"
    EMPTY = "empty"
    OTHER = "other"
    FAILS = "fails"
