"""The rate limit: a fixed window of requests per client address over all /api paths (1.1)."""

from __future__ import annotations

import math
import time

from desktop.practice.clock import SECOND_US, Clock

REAL_REQUESTS, REAL_PERIOD_S = 100, 60.0


class Limiter:
    """Counts requests by address. `requests` None = no limit.

    A window begins with its first request and ends when its period has gone by in real time, or when the portal's clock
    has been put outside it: so a portal whose clock stands still does not stay closed for ever.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.set(REAL_REQUESTS, REAL_PERIOD_S)

    def set(self, requests: int | None, period_s: float) -> None:
        """Change the limit; all counters begin anew."""
        self.requests = requests
        self.period_s = period_s
        self._windows: dict[str, tuple[float, int, int]] = {}

    def wait_s(self, address: str) -> int:
        """Count one request of `address`: 0 when it may pass, else the whole seconds until the window ends."""
        if self.requests is None:
            return 0
        now, portal_now = time.monotonic(), self._clock.now_us()
        started, portal_started, used = self._windows.get(address, (now, portal_now, 0))
        portal_gone = abs(portal_now - portal_started) / SECOND_US
        if now - started >= self.period_s or portal_gone >= self.period_s:
            started, portal_started, used = now, portal_now, 0
        self._windows[address] = (started, portal_started, used + 1)
        if used < self.requests:
            return 0
        left = self.period_s - max(now - started, 0 if portal_gone > self.period_s else portal_gone)
        return max(1, math.ceil(left))
