"""When Holdfast talks to portals by itself, and how much: a person's choice, plain data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from desktop.model.errors import UsageError

SHARE = 80
"""Requests a minute when nobody chose: of the 100 that Register takes from one address (pack 1.2), 20 stay for the
people on its pages (sync.md D18)."""


@dataclass(frozen=True)
class Timetable:
    """How this computer shares the office's line to a portal.

    automatic    sync in the background at all; a person may always send by hand
    every_min    minutes between two looks at the portal when nothing happens here (1..1440)
    share        requests a minute that this computer may make (1..100); offices with several computers divide 80
    quiet_from / quiet_until   local times between which nothing goes by itself; both None = no quiet hours
    """

    automatic: bool = True
    every_min: int = 15
    share: int = SHARE
    quiet_from: time | None = None
    quiet_until: time | None = None

    def __post_init__(self) -> None:
        """Raises UsageError for numbers out of range and for half of a pair of quiet hours."""
        if not 1 <= self.every_min <= 1440:
            raise UsageError("The time between two looks is 1 to 1,440 minutes.")
        if not 1 <= self.share <= 100:
            raise UsageError("This computer's share is 1 to 100 requests a minute.")
        if (self.quiet_from is None) != (self.quiet_until is None) or (
            self.quiet_from is not None and self.quiet_from == self.quiet_until
        ):
            raise UsageError(
                "Quiet hours need a beginning and another time as their end, such as 22:00-06:30."
            )

    def to_json(self) -> dict[str, Any]:
        """As it is kept; times as HH:MM."""
        return {n: f"{v:%H:%M}" if isinstance(v, time) else v for n, v in asdict(self).items()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Timetable:
        """What `to_json` wrote. Raises UsageError."""
        quiet = {n: clock_time(data[n]) for n in ("quiet_from", "quiet_until") if data.get(n)}
        return cls(**{**data, **quiet})


def clock_time(text: str) -> time:
    """22:00 or 6:30 as a time of day. Raises UsageError."""
    try:
        hour, minute = text.strip().split(":")
        return time(int(hour), int(minute))
    except ValueError:
        raise UsageError("A time of day looks like 22:00.") from None


class Why(StrEnum):
    """Why the next pass is due."""

    CHANGE = "change"
    BACK = "back"
    SETTLE = "settle"
    LOOK = "look"


@dataclass(frozen=True)
class Due:
    """The next pass that happens by itself: which collection, when, and why."""

    collection: str
    at: datetime
    why: Why
