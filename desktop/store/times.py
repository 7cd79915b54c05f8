"""Times in the store: aware UTC as fixed-width ISO text, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(at: datetime | None) -> str | None:
    """ISO text in UTC, microseconds always written."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str | None) -> datetime | None:
    """The time that `to_text` wrote."""
    return None if text is None else datetime.fromisoformat(text)


def must(text: str) -> datetime:
    """A time that is never NULL."""
    return datetime.fromisoformat(text)
