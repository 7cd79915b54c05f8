"""An ECT, a mentor and a school with whom nothing is wrong on 20 September 2026, and ways to change one thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from desktop.collections.ects import COLLECTION
from desktop.collections.packs import Pack
from desktop.model.collection import Context
from desktop.model.document import Child, Document
from desktop.model.finding import Finding, Severity

TODAY = date(2026, 9, 20)
URN = "123456"
BARE = Pack("ects", 1900, Path("nowhere"))
"""Lists without any table: nothing was loaded yet."""

ECT: dict[str, Any] = {
    "trn": "3012345",
    "date_of_birth": "1999-04-17",
    "first_names": "Sam",
    "last_name": "Okafor",
    "email": "sam.okafor@example.com",
    "school_urn": URN,
    "started_on": "2026-09-01",
    "working_pattern": "full_time",
    "appropriate_body": "alban",
    "training_programme": "provider_led",
    "lead_provider": "teach_first",
}
MENTOR: dict[str, Any] = {
    "role": "mentor",
    "trn": "2054321",
    "date_of_birth": "1984-11-02",
    "first_names": "Priya",
    "last_name": "Lindqvist",
    "email": "priya.lindqvist@example.com",
    "school_urn": URN,
    "ect_trn": "3012345",
}
SCHOOL: dict[str, Any] = {
    "role": "school",
    "school_name": "Northmoor Academy",
    "school_urn": URN,
    "school_type": "academy_converter",
    "induction_tutor_name": "Jo Achebe",
    "induction_tutor_email": "jo.achebe@example.com",
    "induction_tutor_confirmed": 2026,
}
TRAINING: dict[str, Any] = {
    "training_programme": "provider_led",
    "lead_provider": "teach_first",
    "agreed_by": "partnership",
    "schedule": "ecf-standard-september",
    "started_on": "2026-09-01",
}
MENTORSHIP: dict[str, Any] = {
    "mentor_trn": "2054321",
    "mentor_name": "Priya Lindqvist",
    "started_on": "2026-09-01",
}

_LETTERS = {"periods": "p", "mentorships": "m", "training": "t"}


def made(
    of: Mapping[str, Any], children: Mapping[str, Sequence[Mapping[str, Any]]] | None = None, **changes: Any
) -> Document:
    """A document with some answers changed; None takes one away. Children are called p1, m1, t1 and so on."""
    fields = {k: v for k, v in {**of, **changes}.items() if v is not None}
    return Document(
        fields,
        {
            kind: [
                Child(f"{_LETTERS[kind]}{n}", {k: v for k, v in one.items() if v is not None})
                for n, one in enumerate(group, 1)
            ]
            for kind, group in (children or {}).items()
        },
    )


def ect(children: Mapping[str, Sequence[Mapping[str, Any]]] | None = None, **changes: Any) -> Document:
    return made(ECT, children, **changes)


def mentor(children: Mapping[str, Sequence[Mapping[str, Any]]] | None = None, **changes: Any) -> Document:
    return made(MENTOR, children, **changes)


def school(**changes: Any) -> Document:
    return made(SCHOOL, **changes)


def training(**changes: Any) -> dict[str, Any]:
    return {**TRAINING, **changes}


def mentorship(**changes: Any) -> dict[str, Any]:
    return {**MENTORSHIP, **changes}


def context(today: date | str = TODAY, **changes: Any) -> Context:
    """What the rules know besides: 20 September 2026, a new record, no other records."""
    day = date.fromisoformat(today) if isinstance(today, str) else today
    return Context(**{"today": day, "codes": COLLECTION.code_lists, **changes})


def known(*related: Document, today: date | str = TODAY) -> Context:
    """A new record among others."""
    return context(today, related=related)


def held(base: Document, *related: Document, today: date | str = TODAY, state: str = "registered") -> Context:
    """A record that the portal has registered."""
    return context(today, base=base, state=state, related=related)


RULES = {rule.id: rule for rule in COLLECTION.rules}


def said(rule: str, of: Document, among: Context | None = None) -> list[Finding]:
    """What one rule says of a document."""
    return list(RULES[rule].check(of, among or context()))


@dataclass(frozen=True)
class Case:
    """One rule and one document. `at` "" = the rule has nothing to say, "." = it speaks of the whole record."""

    rule: str
    section: str
    of: Document
    at: str = ""
    among: Context = field(default_factory=context)
    severity: Severity | None = None
    note: str = ""

    @property
    def id(self) -> str:
        """Name of the case in the test run."""
        speaks = "fires" if self.at else "passes"
        return f"{self.rule}-[{self.section}]-{speaks}-{self.note or self.at or 'good'}"
