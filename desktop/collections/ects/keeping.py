"""How long people are kept after they left the school, and which answers are about somebody else.

The portal says nothing of how long a school keeps its copy (domain pack 1.8 and 3.4 on leaving), so the reasons are general law.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from desktop.collections.ects import who
from desktop.collections.reading import day, text
from desktop.model.document import Document
from desktop.model.retention import Retention


def _left(document: Document, extras: Mapping[str, Any]) -> date | None:
    return day(document.fields.get("finished_on")) or day(text(extras.get("finished_on"))[:10])


def ect_left(document: Document, _state: str, extras: Mapping[str, Any]) -> date | None:
    """The last day at this school, of an ECT (1.8)."""
    return _left(document, extras) if who.is_ect(document) else None


def mentor_left(document: Document, _state: str, extras: Mapping[str, Any]) -> date | None:
    """The last day as a mentor at this school (1.8)."""
    return _left(document, extras) if who.is_mentor(document) else None


RETENTION = (
    Retention(
        "ect-left",
        "ECTs who left",
        "the last day at this school",
        "Another school, the appropriate body or the teacher may ask about the induction served here, and a claim about a "
        "contract may be brought for six years. If your own retention schedule says otherwise, it decides.",
        "Limitation Act 1980, section 5; UK GDPR, article 5(1)(e)",
        months=72,
        least=12,
        most=120,
        states=(),
        ended=ect_left,
    ),
    Retention(
        "mentor-left",
        "Mentors who left",
        "the last day at this school",
        "Questions about funding for a mentor’s time are settled within two years. If your own retention schedule says "
        "otherwise, it decides.",
        "UK GDPR, article 5(1)(e)",
        months=24,
        least=6,
        most=84,
        states=(),
        ended=mentor_left,
    ),
)

ABOUT_OTHERS = ("mentorships.mentor_trn", "mentorships.mentor_name", "ect_trn")
"""What of a record says who somebody else is (1.2, 1.6)."""
