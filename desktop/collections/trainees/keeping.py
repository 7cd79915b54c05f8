"""How long trainees are kept after their outcome. Register keeps its own record; this is about the copy here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from desktop.collections.reading import day, text
from desktop.model.document import Document
from desktop.model.retention import Retention


def outcome(_document: Document, state: str, extras: Mapping[str, Any]) -> date | None:
    """The day of the award or of the withdrawal, as Register showed it."""
    name = {"awarded": "awarded_at", "withdrawn": "withdrawal_date"}.get(state)
    return day(text(extras.get(name))[:10]) if name else None


RETENTION = (
    Retention(
        "outcome",
        "Trainees with an outcome",
        "the day of the award or the withdrawal",
        "A claim about a contract may be brought for six years. Funding audits of a cycle are over by then. If your own "
        "retention schedule says otherwise, it decides.",
        "Limitation Act 1980, section 5; UK GDPR, article 5(1)(e)",
        months=72,
        least=12,
        most=180,
        states=("awarded", "withdrawn"),
        ended=outcome,
    ),
)
