"""Small parts of the practice portal: clock, limiter, faults, ids."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

import pytest

from desktop.practice.clock import Clock, iso_ms, iso_s, london_date, parse_time, to_us
from desktop.practice.faults import MODES, Fault, Faults, UnknownFault, matched_path, parse_fault
from desktop.practice.limits import Limiter
from desktop.practice.record import new_slug
from desktop.practice.state import State


def us(text: str) -> int:
    return parse_time(text)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-07-31T23:30:00Z", date(2026, 8, 1)),
        ("2026-12-31T23:30:00Z", date(2026, 12, 31)),
        ("2026-03-29T00:59:59Z", date(2026, 3, 29)),
        ("2026-10-25T23:30:00Z", date(2026, 10, 25)),
    ],
)
def test_london_date(moment, day):
    assert london_date(us(moment)) == day


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-10-05", "2026-10-05T00:00:00.000Z"),
        ("2026-10-05T10:00:00", "2026-10-05T10:00:00.000Z"),
        ("2026-10-05T10:00:00.999999Z", "2026-10-05T10:00:00.999Z"),
        ("2026-10-05T10:00:00+02:00", "2026-10-05T08:00:00.000Z"),
    ],
)
def test_times_are_cut_off_and_not_rounded(text, shown):
    assert iso_ms(us(text)) == shown
    assert iso_s(us(text)) == f"{shown[:19]}Z"


def test_clock_follows_its_source_until_it_is_held():
    clock = Clock(lambda: datetime(2026, 1, 2, tzinfo=UTC))
    assert clock.now_us() == to_us(datetime(2026, 1, 2, tzinfo=UTC))
    clock.stand(us("2026-05-05T00:00:00Z"))
    assert (clock.standing, clock.today()) == (True, date(2026, 5, 5))
    clock.run()
    assert clock.today() == date(2026, 1, 2)


def test_limiter_counts_each_address_by_itself():
    limiter = Limiter(Clock())
    limiter.set(2, 60)
    assert [limiter.wait_s("a") for _ in range(2)] == [0, 0]
    assert 0 < limiter.wait_s("a") <= 60
    assert limiter.wait_s("b") == 0


def test_flaky_draws_every_mode():
    faults = Faults()
    faults.set(Fault(mode="flaky", p=1.0, seed=1))
    assert {faults.next_for("GET", "/api/v2026.1/info").mode for _ in range(300)} == set(MODES)


def test_flaky_with_count_counts_what_it_lets_pass_too():
    faults = Faults()
    faults.set(Fault(mode="flaky", p=0.0, count=2))
    faults.next_for("GET", "/x")
    faults.next_for("GET", "/x")
    assert faults.fault.mode == "up"


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/api/v2026.1/trainees?page=1", "/trainees?page=1"),
        ("/api/v2026.1", "/"),
        ("/ping", "/ping"),
        ("/api/v2025.0/info", "/api/v2025.0/info"),
    ],
)
def test_matched_path(target, path):
    assert matched_path(target) == path


@pytest.mark.parametrize(
    "raw", [{"mode": "UP"}, {"mode": None}, {"mode": "busy", "count": "2"}, {"mode": "slow", "seconds": []}]
)
def test_unknown_faults(raw):
    with pytest.raises(UnknownFault):
        parse_fault(raw)


def test_a_fault_as_set_is_shown_again():
    raw = {
        "mode": "busy",
        "match": "GET /",
        "count": 3,
        "retry_after": "5",
        "seconds": 1.5,
        "p": 0.5,
        "seed": 9,
    }
    assert parse_fault(raw).to_json() == raw


def test_slugs_avoid_letters_that_look_alike():
    slug = new_slug(random.Random(1))
    assert len(slug) == 24
    assert not set(slug) & set("0OIl")


def test_tokens_follow_the_seed():
    assert State(Clock(), 1).token == State(Clock(), 1).token != State(Clock(), 2).token
