"""The office's share of a portal's request limit (sync.md D18): so many requests in any window, no more.

Register takes 100 requests a minute from one address, and one address serves a whole office; 80 leaves room for the
people on its pages. A practice portal on this computer has no office round it and needs no budget.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from desktop.model.timetable import SHARE

PERIOD_S = 60.0
_SLICE_S = 0.1


class Budget:
    """At most `share` requests in any `period_s` seconds. One budget serves all connections to one portal; one thread at
    a time. `share` may be changed at any time.

    `clock` is monotonic seconds and `sleep` waits; both are arguments so that tests need not wait.
    """

    def __init__(
        self,
        share: int = SHARE,
        period_s: float = PERIOD_S,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.share = share
        self._period_s = period_s
        self._clock = clock
        self._sleep = sleep
        self._taken: deque[float] = deque()

    def wait_s(self, requests: int = 1) -> float:
        """Seconds until so many requests (or a whole share, if that is less) may go one after another; 0 = now."""
        now = self._clock()
        while self._taken and self._taken[0] + self._period_s <= now:
            self._taken.popleft()
        over = len(self._taken) + min(requests, self.share) - self.share
        return 0.0 if over <= 0 else self._taken[over - 1] + self._period_s - now

    def take(self) -> None:
        """Wait for a place in the window and take it."""
        self.wait()
        self._taken.append(self._clock())

    def wait(self, requests: int = 1, given_up: Callable[[], bool] = lambda: False) -> None:
        """Wait until so many may go, or until nobody wants it any more."""
        while (left := self.wait_s(requests)) > 0 and not given_up():
            self._sleep(min(left, _SLICE_S))
