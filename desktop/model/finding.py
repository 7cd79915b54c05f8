"""A finding: what a rule has to say of a record."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """ERROR keeps a record from being sent; WARNING does not; UNKNOWN means only the portal can tell."""

    ERROR = "error"
    WARNING = "warning"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Suggestion:
    """The same answer written as the rule asks for it. `how` = what was done to what was typed (`was`)."""

    value: str
    how: str
    was: str


@dataclass(frozen=True)
class Finding:
    """What is wrong (or cannot be known here), where, and how to put it right.

    rule         id as published, e.g. "T-EMAIL-FORMAT"
    field        name of the field as typed; `degrees.<child id>.<name>` in a child; "" for the whole record
    message      plain English: what happened and how to put it right. Never the portal's own wording.
    record       local id of the record, or its place in a list; "" when not yet known
    suggestion   what would put it right without a doubt (see `validation.suggest`); None = a person has to know
    portal_text  what the portal itself would say (after the field name) if it enforces the rule; "" when it does not
    """

    rule: str
    severity: Severity
    field: str
    message: str
    record: str = ""
    portal_text: str = ""
    suggestion: Suggestion | None = None

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        del data["portal_text"], data["suggestion"]
        return data
