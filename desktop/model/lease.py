"""Who is typing something on a portal's website, where, since when, and until when it is theirs. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from desktop.model.journey import Journey

USUAL_MINUTES = 120
"""How long a lease lasts where nobody knows how long the portal remembers who one is."""


@dataclass(frozen=True)
class Lease:
    """Who is at it, where, since when; `seen` = when they moved on last; `page` is the one that is open."""

    person: str
    computer: str
    since: datetime
    seen: datetime
    journey: str
    page: str

    def ends(self, journey: Journey) -> datetime:
        """From then on anybody may go on."""
        return self.seen + timedelta(minutes=journey.session_minutes or USUAL_MINUTES)

    def to_json(self) -> dict[str, str]:
        """As it travels in a change file: times in ISO 8601 with offset."""
        return {**asdict(self), "since": self.since.isoformat(), "seen": self.seen.isoformat()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Lease:
        """As `to_json` made it. Raises KeyError, ValueError."""
        since = datetime.fromisoformat(data["since"])
        seen = datetime.fromisoformat(data.get("seen", data["since"]))
        words = {name: str(data[name]) for name in ("person", "computer", "journey", "page")}
        return cls(since=since, seen=seen, **words)
