"""The request budget: never more than its share in any window (D18)."""

from __future__ import annotations

import httpx
from hypothesis import given
from hypothesis import strategies as st

from desktop.collections.trainees import COLLECTION
from desktop.sync.portals.budget import Budget
from desktop.sync.portals.register import RegisterPortal


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_the_first_minutes_worth_goes_at_once() -> None:
    time = Time()
    budget = Budget(80, 60.0, lambda: time.now, time.sleep)
    for _ in range(80):
        budget.take()
    assert time.now == 0.0
    assert budget.wait_s() == 60.0


@given(st.integers(1, 5), st.lists(st.floats(0, 20), max_size=40))
def test_no_window_ever_holds_more_than_the_share(share: int, pauses: list[float]) -> None:
    time = Time()
    budget = Budget(share, 10.0, lambda: time.now, time.sleep)
    taken: list[float] = []
    for pause in pauses:
        time.now += pause
        budget.take()
        taken.append(time.now)
    for begin in taken:
        assert sum(begin <= t < begin + 10.0 for t in taken) <= share


def test_the_adapter_asks_the_budget_before_each_request() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, text="PONG", headers={"Content-Type": "text/plain"})

    portal = RegisterPortal(
        COLLECTION,
        "https://register.example",
        "practice_" + "0" * 64,
        transport=httpx.MockTransport(answer),
    )
    portal.keep_pace(lambda: asked.append("budget"))
    portal.probe()
    portal.close()
    assert asked[:2] == ["budget", "/ping"]
    assert asked.count("budget") == portal.requests_made


def test_room_for_a_whole_step_is_waited_for_before_it_begins() -> None:
    time = Time()
    budget = Budget(10, 60.0, lambda: time.now, time.sleep)
    for _ in range(8):
        budget.take()
        time.now += 1.0
    assert budget.wait_s(2) == 0.0
    assert budget.wait_s(3) == 60.0 - 8.0
    budget.wait(3)
    assert time.now >= 60.0
    assert budget.wait_s(3) == 0.0


def test_waiting_ends_when_nobody_wants_it_any_more() -> None:
    time = Time()
    budget = Budget(1, 60.0, lambda: time.now, time.sleep)
    budget.take()
    budget.wait(given_up=lambda: time.now > 2.0)
    assert time.now < 3.0


def test_a_step_larger_than_the_share_waits_for_the_whole_share_only() -> None:
    time = Time()
    budget = Budget(2, 60.0, lambda: time.now, time.sleep)
    assert budget.wait_s(3) == 0.0


def test_a_smaller_share_counts_at_once() -> None:
    time = Time()
    budget = Budget(80, 60.0, lambda: time.now, time.sleep)
    for _ in range(40):
        budget.take()
    budget.share = 20
    assert budget.wait_s() == 60.0
