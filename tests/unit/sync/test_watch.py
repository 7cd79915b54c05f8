"""When a portal is asked again: backoff, Retry-After, and clocks that were wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop.store.portals import PortalRow
from desktop.sync.watch import backoff_s, must_wait

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(("failures", "ceiling"), [(1, 2), (2, 4), (3, 8), (9, 512), (10, 600), (1000, 600)])
def test_the_wait_doubles_up_to_ten_minutes(failures: int, ceiling: float) -> None:
    assert backoff_s(failures, lambda: 1.0) == ceiling


@pytest.mark.parametrize("chance", [0.0, 0.3, 0.999])
def test_the_wait_is_drawn_from_all_of_it_and_never_nothing(chance: float) -> None:
    assert backoff_s(8, lambda: chance) == max(1.0, chance * 256)


@pytest.mark.parametrize(
    ("seconds", "asked", "by_person", "waits"),
    [
        (None, False, False, False),
        (30, False, False, True),
        (30, False, True, False),
        (30, True, True, True),
        (30, True, False, True),
        (-1, True, False, False),
        (0, True, False, False),
        (3600, True, False, True),
        (
            7200,
            True,
            False,
            False,
        ),  # no portal is ever waited for so long: the clock was wrong when it was set
    ],
)
def test_who_waits(seconds: int | None, asked: bool, by_person: bool, waits: bool) -> None:
    until = None if seconds is None else NOW + timedelta(seconds=seconds)
    portal = PortalRow("trainees", not_before=until, asked_to_wait=asked)
    assert must_wait(portal, NOW, by_person) is waits
