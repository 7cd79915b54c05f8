"""When a portal is asked again: backoff, Retry-After, and clocks that were wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop.model.verdict import PortalState, Unavailable
from desktop.store.portals import PortalRow
from desktop.sync.watch import (
    after_answer,
    after_failure,
    after_success,
    backoff_s,
    looks_first,
    must_wait,
)

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


DOWN = Unavailable(PortalState.DOWN, "does not take connections")
ASKED = Unavailable(PortalState.BUSY, "503", retry_after_s=45.0)


def test_a_failure_sets_the_timer_by_chance_or_as_the_portal_asked() -> None:
    row = after_failure(PortalRow("trainees", failures=3), DOWN, NOW, lambda: 0.5)
    assert (row.failures, row.not_before, row.asked_to_wait) == (4, NOW + timedelta(seconds=8), False)
    row = after_failure(row, ASKED, NOW, lambda: 0.5)
    assert (row.failures, row.not_before, row.asked_to_wait) == (5, NOW + timedelta(seconds=45), True)


def test_one_answer_ends_the_wait_but_does_not_make_us_forget_the_crowd() -> None:
    """The next refusal goes on from where the outage had come to; a whole pass ends it."""
    row = after_answer(after_failure(PortalRow("trainees", failures=8), DOWN, NOW, lambda: 0.5))
    assert (row.failures, row.not_before, row.asked_to_wait) == (9, None, False)
    assert after_failure(row, DOWN, NOW, lambda: 0.5).not_before == NOW + timedelta(seconds=300)
    row = after_success(row, NOW)
    assert (row.failures, row.last_success) == (0, NOW)


@pytest.mark.parametrize(
    ("failures", "minutes", "careful"),
    [(0, 1, False), (0, 4.9, False), (0, 5, True), (0, -1, True), (1, 1, True), (0, None, True)],
)
def test_a_pass_by_itself_looks_first_unless_the_portal_was_just_heard(failures, minutes, careful) -> None:
    """Everybody starts at eight: a look costs the portal a fiftieth of the work."""
    heard = None if minutes is None else NOW - timedelta(minutes=minutes)
    assert looks_first(PortalRow("trainees", failures=failures, last_success=heard), NOW) is careful
