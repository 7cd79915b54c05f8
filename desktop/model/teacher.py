"""What the Teaching Record System told of a teacher: advice, until the portal itself has answered.

Plain data for the adapter, the services and the rules. It never holds a date of birth or a National Insurance number.
Source: domain pack register-ects, section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any


class Said(StrEnum):
    """What came of a lookup. Everything but FOUND stops a registration at the portal, or makes it ask for more."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    BORN_DIFFERS = "date_of_birth_differs"
    NI_DIFFERS = "ni_number_differs"
    DEACTIVATED = "deactivated"
    MERGED = "merged"


@dataclass(frozen=True, repr=False)
class Question:
    """Whom to look for. `ni_number` "" = not known; it is only sent when the date of birth is another one there."""

    trn: str
    born: date
    ni_number: str = ""


@dataclass(frozen=True, repr=False)
class TeacherAnswer:
    """One answer about one TRN.

    said              what came of it; everything below is empty unless it is FOUND, but for `merged_to`
    induction_status  its code there, "" = none shown; a newer one than we know is kept as it is
    prohibited        a prohibition is in force (no end, an end after that day, or an end that is no date)
    other_alerts      how many other alerts there are; they stop nobody
    qts_from          day of qualified teacher status, "" = none; it stops no school
    by_ni_number      the date of birth is another one there, and the National Insurance number fits
    merged_to         the TRN that was kept in place of this one
    """

    said: Said
    trn: str
    first_name: str = ""
    last_name: str = ""
    induction_status: str = ""
    prohibited: bool = False
    other_alerts: int = 0
    qts_from: str = ""
    by_ni_number: bool = False
    merged_to: str = ""

    def __repr__(self) -> str:
        return f"TeacherAnswer({self.said.value})"

    @property
    def name(self) -> str:
        """As the portal will show it: a lone full stop stands for a name that there is not."""
        shown = (part for part in (self.first_name, self.last_name) if part not in ("", "."))
        return " ".join(shown) or "Unknown"

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"said": self.said.value}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> TeacherAnswer:
        """What `to_json` made; keys of a newer program are left out."""
        known = {field.name: raw[field.name] for field in fields(cls) if field.name in raw}
        return cls(**known | {"said": Said(raw["said"])})


@dataclass(frozen=True)
class Advice:
    """An answer as a rule may use it. `on` = the London day on which it was given."""

    answer: TeacherAnswer
    on: date
