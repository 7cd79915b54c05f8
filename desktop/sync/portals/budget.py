"""The office's share of a portal's request limit (sync.md D18): so many requests in any window, no more.

Register takes 100 requests a minute from one address, and one address serves a whole office; 80 leaves room for the
people on its pages. A practice portal on this computer has no office round it and needs no budget.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

REQUESTS = 80
PERIOD_S = 60.0
_SLICE_S = 0.1


class Budget:
    """At most `requests` in any `period_s` seconds. One budget serves all connections to one portal; one thread at a time.

    `clock` is monotonic seconds and `sleep` waits; both are arguments so that tests need not wait.
    """

    def __init__(
        self,
        requests: int = REQUESTS,
        period_s: float = PERIOD_S,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._requests = requests
        self._period_s = period_s
        self._clock = clock
        self._sleep = sleep
        self._taken: deque[float] = deque()

    def wait_s(self) -> float:
        """Seconds until the next request may go; 0 when it may go now."""
        now = self._clock()
        while self._taken and self._taken[0] + self._period_s <= now:
            self._taken.popleft()
        return 0.0 if len(self._taken) < self._requests else self._taken[0] + self._period_s - now

    def take(self) -> None:
        """Wait for a place in the window and take it."""
        while (left := self.wait_s()) > 0:
            self._sleep(min(left, _SLICE_S))
        self._taken.append(self._clock())
