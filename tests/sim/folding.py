"""Time, chance, ids and threads folded into one thread and one generator, so that a seed replays to the byte.

Nothing of the product is replaced but where it asks the machine it runs on: for the time, for random bits, for a thread.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from desktop.model import ids
from desktop.store import journal, vault
from desktop.sync import pull, trip
from tests.fault.conftest import BEGIN, TOKEN_VARIABLE

LOOK = timedelta(milliseconds=1)
"""How far time moves at each look at any clock."""


class Time:
    """The one true time. Each side reads it through a `Watch` of its own."""

    def __init__(self) -> None:
        self.now = BEGIN

    def pass_by(self, **how_much: float) -> None:
        self.now += timedelta(**how_much)


class Watch:
    """A clock that may be wrong: the true time and an error."""

    def __init__(self, time: Time) -> None:
        self._time = time
        self.error = timedelta(0)

    def __call__(self) -> datetime:
        self._time.now += LOOK
        return self._time.now + self.error


class _InLine:
    """In the place of a pool of one thread: the work is done when it is handed in."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __enter__(self) -> _InLine:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, work: Callable[..., Any], *args: Any) -> Future[Any]:
        """A crash or a fault in the work is met where the result is asked for, as with a thread."""
        future: Future[Any] = Future()
        try:
            future.set_result(work(*args))
        except BaseException as problem:  # noqa: BLE001 - whatever it was, the future carries it
            future.set_exception(problem)
        return future


class _Ids:
    """In the place of the modules `time` and `secrets` for `new_id`, and of `secrets` for the journal.

    What the journal draws comes from a generator of its own: it has no part in the story.
    """

    def __init__(self, time: Time, chance: random.Random) -> None:
        self._time = time
        self.randbits = chance.getrandbits
        self._salts = random.Random(0)

    def time_ns(self) -> int:
        return int(self._time.now.timestamp() * 1000) * 1_000_000

    def token_urlsafe(self, size: int) -> str:
        return self._salts.randbytes(size).hex()


@contextmanager
def folded(time: Time, chance: random.Random, *, settle_s: int = 0, token: str = "") -> Iterator[None]:
    """Everything that the product asks of the machine comes from `time` and `chance`."""
    with pytest.MonkeyPatch.context() as patch:
        folded_ids = _Ids(time, chance)
        patch.setattr(ids, "time", folded_ids)
        patch.setattr(ids, "secrets", folded_ids)
        patch.setattr(journal, "secrets", folded_ids)
        patch.setattr(trip, "random", chance)
        patch.setattr(pull, "ThreadPoolExecutor", _InLine)
        # The passphrase costs a tenth of a second on purpose; not here.
        patch.setattr(vault, "_KDF", {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1})
        patch.setenv("HOLDFAST_SETTLE_S", str(settle_s))
        patch.setenv(TOKEN_VARIABLE, token)
        yield
