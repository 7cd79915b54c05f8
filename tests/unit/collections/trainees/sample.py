"""A trainee with whom nothing is wrong on 20 September 2026, and ways to change one thing about her."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from desktop.collections.trainees import COLLECTION
from desktop.model.collection import Context
from desktop.model.document import Child, Document
from desktop.model.finding import Finding, Severity

TODAY = date(2026, 9, 20)

GOOD: dict[str, Any] = {
    "first_names": "Leonie",
    "last_name": "Ashcombe",
    "date_of_birth": "1999-04-17",
    "sex": "10",
    "email": "leonie.ashcombe@example.com",
    "nationality": "GB",
    "ethnicity": "160",
    "disability1": "95",
    "hesa_id": "12100071451234560",
    "provider_trainee_id": "NM26-00001",
    "training_route": "12",
    "itt_aim": "202",
    "itt_qualification_aim": "020",
    "course_subject_1": "100403",
    "course_age_range": "13918",
    "course_year": 1,
    "study_mode": "01",
    "itt_start_date": "2026-09-07",
    "itt_end_date": "2027-07-02",
    "trainee_start_date": "2026-09-07",
    "fund_code": "7",
    "funding_method": "D",
}

UK_DEGREE: dict[str, Any] = {
    "institution": "0149",
    "uk_degree": "083",
    "subject": "100403",
    "grade": "02",
    "graduation_year": 2020,
}

OTHER_DEGREE: dict[str, Any] = {
    "country": "FR",
    "non_uk_degree": "083",
    "subject": "100403",
    "graduation_year": 2020,
}

EARLY_YEARS: dict[str, Any] = {
    "training_route": "19",
    "course_subject_1": "100510",
    "course_age_range": "13920",
    "funding_method": "E",
}

UNDERGRADUATE: dict[str, Any] = {"training_route": "11", "funding_method": "B"}


def changed(fields: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """`fields` with some answers changed; None takes one away."""
    return {k: v for k, v in {**fields, **changes}.items() if v is not None}


def document(degrees: Any = None, placements: Any = (), **changes: Any) -> Document:
    """The good trainee with changes; one UK degree unless others are given. Children are called d1, d2, p1, p2."""
    held = [UK_DEGREE] if degrees is None else degrees
    return Document(
        changed(GOOD, **changes),
        {
            "degrees": [Child(f"d{n}", dict(f)) for n, f in enumerate(held, start=1)],
            "placements": [Child(f"p{n}", dict(f)) for n, f in enumerate(placements, start=1)],
        },
    )


def context(**changes: Any) -> Context:
    """What the rules know besides: 20 September 2026, a new record, no lists of schools or partners."""
    return Context(**{"today": TODAY, "codes": COLLECTION.code_lists, **changes})


RULES = {rule.id: rule for rule in COLLECTION.rules}


def said(rule: str, of: Document, known: Context | None = None) -> list[Finding]:
    """What one rule says of a document."""
    return list(RULES[rule].check(of, known or context()))


@dataclass(frozen=True)
class Case:
    """One rule and one document. `at` "" = the rule has nothing to say; `portal` None = not looked at."""

    rule: str
    of: Document
    at: str = ""
    portal: str | None = None
    severity: Severity | None = None
    known: Context = field(default_factory=context)
    note: str = ""

    @property
    def id(self) -> str:
        """Name of the case in the test run."""
        return f"{self.rule}-{'fires' if self.at else 'passes'}-{self.note or self.at or 'good'}"
