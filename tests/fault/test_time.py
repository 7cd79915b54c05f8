"""Clocks that are wrong or jump (T1), and a computer that sleeps in the middle of a request (P6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from desktop.model.change import ChangeState
from desktop.sync.portals.http import Timeouts
from tests.fault.conftest import TRAINEES, Desk
from tests.fault.line import Send, altered, put_on, take_off

JUMPS = {"hours forth": 7, "hours back": -7, "days forth": 24 * 9, "days back": -24 * 9}


def _work(desk: Desk) -> None:
    """An edit, a new trainee, an action; and somebody else's edits at the portal."""
    one, two = desk.in_training(0), desk.in_training(1)
    desk.edit(desk.at(one), email="a@example.com")
    desk.control.edit(one, middle_names="Theirs")
    desk.workspace.records.act(desk.at(two).id, "defer", {"defer_date": "2026-10-01"})
    desk.add()
    desk.control.edit(desk.in_training(2), email="theirs@example.com")


def _jump(desk: Desk, hours: int) -> None:
    """Our clock jumps; the portal's stays right."""
    now = desk.clock.now
    desk.clock.forward(hours=hours)
    desk.control.clock(now + timedelta(seconds=5))


@pytest.mark.parametrize(
    ("call", "hours"),
    [
        ("pages", 7),
        ("pages", -24 * 9),
        ("fetch", 24 * 9),
        ("update", -7),
        ("update", 24 * 9),
        ("create", 7),
        ("create", -24 * 9),
        ("act", -24 * 365 * 3),
    ],
)
def test_our_clock_jumps_in_the_middle_of_a_sync(desk: Desk, call: str, hours: int) -> None:
    """T1, P6: between a request and its reply, as after a sleep or a correction; nothing is lost, sent twice, or stuck."""
    _work(desk)
    desk.taps.after(call, lambda *_: _jump(desk, hours))
    desk.sync()
    for _ in range(2):
        desk.control.clock(None)
        desk.sync()
    assert len([w for w in desk.writes() if w == ("POST", "/trainees")]) == 1
    assert len([w for w in desk.writes() if w[0] == "PUT"]) == 1
    desk.assert_settled()


@pytest.mark.parametrize("hours", JUMPS.values(), ids=list(JUMPS))
def test_our_clock_jumps_between_two_syncs(desk: Desk, hours: int) -> None:
    """T1: what others change after it is still found, and so it is when the clock is put right again."""
    desk.edit(desk.at(desk.in_training(0)), email="a@example.com")
    _jump(desk, hours)
    desk.control.edit(desk.in_training(1), email="first@example.com")
    desk.sync()
    assert desk.at(desk.in_training(1)).document.get("email") == "first@example.com"
    desk.clock.forward(hours=-hours)
    desk.control.edit(desk.in_training(2), email="second@example.com")
    desk.sync()
    assert desk.at(desk.in_training(2)).document.get("email") == "second@example.com"
    desk.assert_settled()


def test_the_journal_keeps_its_order_over_a_jump_back(desk: Desk) -> None:
    """T1, I16: rows are numbered, not timed; the chain holds."""
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.clock.forward(hours=-30)
    desk.edit(record, email="b@example.com")
    assert [e.event for e in desk.history(record)][-2:] == ["edited", "edited"]
    numbers = [e.seq for e in desk.history()]
    assert numbers == sorted(numbers)
    desk.sync()
    assert desk.trainee(record)["email"] == "b@example.com"
    desk.assert_settled()


def test_the_portals_clock_jumps_back(desk: Desk) -> None:
    """T1, I8: their edits carry earlier times than the mark for a while; the weekly comparison finds them at the latest."""
    trainee_id = desk.in_training()
    desk.sync()
    desk.control.clock(desk.clock.now - timedelta(hours=3))
    desk.control.edit(trainee_id, email="earlier@example.com")
    desk.sync()
    desk.sync(full=True)
    assert desk.at(trainee_id).document.get("email") == "earlier@example.com"
    assert not any(v.missing for v in desk.all())
    assert desk.conflicts() == []


def test_many_rows_of_one_time_over_pages(desk: Desk) -> None:
    """T1: a migration at the portal gave all rows one time: pages cut right through it, nothing is skipped."""
    ids = [desk.in_training(n) for n in range(9)]
    desk.control.clock("2026-10-05T09:30:00Z")
    for n, trainee_id in enumerate(ids):
        desk.control.edit(trainee_id, email=f"{n}@example.com")
    put_on(desk, lambda request, send: send(request), per_page=2)
    desk.sync()
    assert [desk.at(i).document.get("email") for i in ids] == [f"{n}@example.com" for n in range(9)]
    desk.assert_settled()


@pytest.mark.parametrize("digits", [0, 3, 6])
def test_times_rounded_otherwise(desk: Desk, digits: int) -> None:
    """T1: whole seconds, thousandths or millionths: another form of a time is no other time, and hides no edit."""

    def rounded(request: httpx.Request, send: Send) -> httpx.Response:
        def change(trainee: dict[str, str]) -> None:
            moment = datetime.fromisoformat(trainee["updated_at"]).astimezone(UTC)
            text = moment.strftime("%Y-%m-%dT%H:%M:%S") + (
                f".{moment.microsecond:06}"[: digits + 1] if digits else ""
            )
            trainee["updated_at"] = f"{text}Z"

        return altered(send(request), change)

    put_on(desk, rounded)
    record = desk.edit(desk.at(desk.in_training(0)), email="a@example.com")
    desk.control.edit(desk.in_training(1), email="theirs@example.com")
    desk.sync()
    desk.sync()
    assert desk.trainee(record)["email"] == "a@example.com"
    assert desk.at(desk.in_training(1)).document.get("email") == "theirs@example.com"
    assert desk.conflicts() == []
    take_off(desk)
    desk.sync(full=True)
    desk.assert_settled()


@pytest.mark.parametrize("day", ["2026-10-25", "2027-03-28"])
def test_the_night_in_which_the_clocks_change(desk: Desk, day: str) -> None:
    """T1: edits and syncs at each quarter of the hour that comes twice, or not at all."""
    record = desk.at(desk.in_training())
    for minute in range(0, 180, 45):
        desk.clock.now = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(minutes=minute)
        desk.edit(record, email=f"at-{minute}@example.com")
        desk.sync()
        assert desk.trainee(record)["email"] == f"at-{minute}@example.com"
    desk.assert_settled()


def test_a_computer_that_sleeps_while_the_reply_is_on_its_way(desk: Desk) -> None:
    """P6, I12: it wakes nine hours later, the connection is gone and the time is over: unknown, then settled by one read."""
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    elapsed = [0.0]

    def asleep(request: httpx.Request, send: Send) -> httpx.Response:
        reply = send(request)
        if request.method == "PUT":
            elapsed[0] += 9 * 3600
            desk.clock.forward(hours=9)
            raise httpx.ReadError("the connection is gone", request=request)
        return reply

    put_on(desk, asleep, timeouts=Timeouts())
    make = desk.make

    def watched(*about):
        portal: Any = make(*about)
        portal._http._deadline._clock = lambda: elapsed[0]
        return portal

    desk.make = watched
    desk.sync()
    assert desk.states(record) in ([], [ChangeState.UNKNOWN])
    desk.sync()
    assert len(desk.writes()) == 1
    desk.assert_settled()


def test_a_wait_that_was_slept_through_is_over(desk: Desk) -> None:
    """P6, D17: waits are told by the wall clock: a computer that slept does not wait the rest of them."""
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.control.fault("unavailable", retry_after=3000)
    desk.sync()
    desk.control.fault("up")
    desk.clock.forward(hours=10)
    assert desk.sync(by_person=False).pushed == 1
    with desk.read() as unit:
        assert unit.portals.get(TRAINEES).not_before is None
    desk.assert_settled()


def test_a_clock_that_is_put_back_does_not_hold_up_the_second_look(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T1, D13: the wait between two looks for a new trainee was begun in what is now the future: it begins anew."""
    monkeypatch.setenv("HOLDFAST_SETTLE_S", "60")
    new = desk.add()
    desk.control.fault("refuse", match="POST /trainees", count=1)
    desk.clock.forward(hours=24)
    desk.sync()
    desk.sync()
    assert desk.states(new) == [ChangeState.UNKNOWN]
    desk.clock.forward(hours=-24)
    desk.sync()
    assert desk.states(new) == [ChangeState.UNKNOWN], (
        "the second look must come a settle time after the first"
    )
    desk.clock.forward(seconds=61)
    desk.sync()
    desk.assert_settled()
