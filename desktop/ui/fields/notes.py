"""What stands under a control: help, findings, what changed. Plain data for `FieldRow`. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """The 3 px mark at the left of a row; the first that applies counts."""

    ERROR = "error"
    PORTAL = "portal"
    CHANGED = "changed"
    NONE = ""


@dataclass(frozen=True)
class Note:
    """One line under a control. `ink` is the key of its colour; `link` the key that is told back when it is followed."""

    text: str
    icon: str = ""
    ink: str = "ink3"
    strong: bool = False
    link: str = ""
    link_words: str = ""
