"""The portal's clock: real time, or standing still where the control side put it (contract.md section 3, `/clock`).

Times are kept as whole microseconds since 1970 (UTC), as the real service's database does, and shown as its JSON
shows them: milliseconds, cut off and not rounded.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from desktop.collections.trainees.cycles import london_day

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US


def to_us(moment: datetime) -> int:
    """Microseconds since 1970 of an aware time; a naive one is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - EPOCH) // MICRO


def from_us(us: int) -> datetime:
    """The aware UTC time of `us` microseconds since 1970."""
    return EPOCH + timedelta(microseconds=us)


@lru_cache(maxsize=2048)
def iso_ms(us: int) -> str:
    """As the API writes times: 2026-09-15T12:34:56.789Z."""
    return from_us(us).isoformat(timespec="milliseconds")[:-6] + "Z"


def iso_s(us: int) -> str:
    """As the API writes `recommended_for_award_at`: whole seconds."""
    return from_us(us).isoformat(timespec="seconds")[:-6] + "Z"


def parse_time(text: str) -> int:
    """Microseconds of an ISO 8601 time or day (midnight UTC). Raises ValueError when it is neither."""
    return to_us(datetime.fromisoformat(text.strip()))


def london_date(us: int) -> date:
    """The day in London at `us`."""
    return london_day(from_us(us))


class Clock:
    """The portal's time. `source` gives real time (aware); `stand` stops the clock, `run` lets it follow `source`."""

    def __init__(self, source: Callable[[], datetime] | None = None) -> None:
        self._source = source
        self._standing: int | None = None

    def now_us(self) -> int:
        if self._standing is not None:
            return self._standing
        return to_us(self._source()) if self._source else time.time_ns() // 1000

    def stand(self, us: int) -> None:
        self._standing = us

    def run(self) -> None:
        self._standing = None

    @property
    def standing(self) -> bool:
        return self._standing is not None

    def today(self) -> date:
        return london_date(self.now_us())
