"""When the next pass is due: no wait depends on the next edit, none is shared by everybody, all end by the wall clock (D17, D18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.model.errors import UsageError
from desktop.model.timetable import Timetable, Why, clock_time
from desktop.sync.timetable import AFTER_CHANGE, APART, SPREAD_ASKED, Moment, next_pass

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
USUAL = Timetable()
CALM = Moment(NOW, NOW - timedelta(hours=1), last_pass=NOW - timedelta(minutes=1), draw=0.5)
NIGHT = Timetable(quiet_from=time(22), quiet_until=time(6, 30))


def due(moment: Moment, timetable: Timetable = USUAL):
    found = next_pass("trainees", timetable, moment, LONDON)
    assert found is not None
    return found


def test_nothing_happens_by_itself_when_it_is_switched_off_or_paused() -> None:
    changed = replace(CALM, unsent_since=NOW)
    assert next_pass("trainees", Timetable(automatic=False), changed, LONDON) is None
    assert next_pass("trainees", USUAL, replace(changed, paused=True), LONDON) is None


def test_a_change_goes_soon_after_it_was_saved() -> None:
    found = due(replace(CALM, unsent_since=NOW))
    assert (found.at, found.why) == (NOW + AFTER_CHANGE, Why.CHANGE)


def test_typing_on_does_not_put_it_off() -> None:
    """D17: no timer depends on the next edit."""
    first = due(replace(CALM, unsent_since=NOW))
    later = due(replace(CALM, unsent_since=NOW, now=NOW + timedelta(seconds=1)))
    assert later == first


def test_passes_keep_their_distance() -> None:
    found = due(replace(CALM, last_pass=NOW, unsent_since=NOW - timedelta(minutes=1)))
    assert found.at == NOW + APART


def test_without_a_change_it_looks_now_and_then() -> None:
    looks = {due(replace(CALM, last_pass=NOW, draw=draw)).at - NOW for draw in (0.0, 0.5, 0.99)}
    assert min(looks) == timedelta(minutes=12)
    assert max(looks) < timedelta(minutes=18)
    assert due(CALM).why is Why.LOOK


def test_what_is_unknown_is_looked_at_after_its_rest() -> None:
    found = due(replace(CALM, settle_at=NOW + timedelta(seconds=10)))
    assert (found.at, found.why) == (NOW + timedelta(seconds=10), Why.SETTLE)


def test_after_a_failure_only_the_wait_counts() -> None:
    back = NOW + timedelta(minutes=4)
    found = due(replace(CALM, not_before=back, unsent_since=NOW))
    assert (found.at, found.why) == (back, Why.BACK)


def test_what_the_portal_asked_for_is_never_cut_short_and_not_ended_by_all_at_once() -> None:
    """D17: Retry-After wins; a thousand offices that were told the same second come one after another."""
    back = NOW + timedelta(seconds=30)
    ends = [due(replace(CALM, not_before=back, asked_to_wait=True, draw=n / 10)).at for n in range(10)]
    assert min(ends) == back
    assert max(ends) > back + SPREAD_ASKED / 2
    assert len(set(ends)) == 10


@pytest.mark.parametrize(
    ("asked_s", "failures", "last_s"),
    [(30, 1, 90), (30, 7, 128), (30, 12, 600), (300, 12, 600), (590, 12, 650), (3000, 12, 3060)],
)
def test_a_crowd_that_is_told_thirty_seconds_again_and_again_spreads_further(
    asked_s: int, failures: int, last_s: int
) -> None:
    """Never earlier than asked; our own backoff counts where it is the longer, and a minute at least is added."""
    told = Moment(
        NOW, NOW, NOW + timedelta(seconds=asked_s), asked_to_wait=True, failures=failures, last_pass=NOW
    )
    assert due(told).at == NOW + timedelta(seconds=asked_s)
    assert due(replace(told, draw=1.0)).at == NOW + timedelta(seconds=last_s)


def test_the_first_pass_of_a_run_comes_at_once_but_not_for_all_together() -> None:
    starts = {due(Moment(NOW, NOW, draw=draw)).at for draw in (0.0, 0.9)}
    assert min(starts) == NOW
    assert len(starts) == 2
    assert due(Moment(NOW + timedelta(hours=1), NOW, draw=0.9)).at < NOW + timedelta(minutes=1)


def test_a_computer_that_slept_is_due_at_once() -> None:
    """P6: waits are told by the wall clock."""
    woken = replace(CALM, now=NOW + timedelta(hours=9))
    assert due(woken).at < woken.now


def test_a_clock_that_was_put_back_does_not_stop_it() -> None:
    """T1: what lies hours ahead was noted by a wrong clock."""
    ahead = NOW + timedelta(hours=5)
    found = due(replace(CALM, last_pass=ahead, unsent_since=ahead, not_before=ahead))
    assert found.at <= NOW + APART


@pytest.mark.parametrize(
    ("at", "begins"),
    [
        (datetime(2026, 10, 5, 21, 30, tzinfo=UTC), "06:30"),  # 22:30 in London: summer time
        (datetime(2026, 10, 5, 3, 0, tzinfo=UTC), "06:30"),
        (datetime(2026, 10, 5, 20, 59, tzinfo=UTC), ""),
        (datetime(2026, 10, 6, 5, 30, tzinfo=UTC), ""),
    ],
)
def test_quiet_hours_count_in_local_time(at: datetime, begins: str) -> None:
    moment = replace(CALM, now=at, begun=at, last_pass=at - timedelta(minutes=5), unsent_since=at, draw=0.0)
    found = due(moment, NIGHT)
    if begins:
        local = found.at.astimezone(LONDON)
        assert f"{local:%H:%M}" == begins
        assert timedelta(0) < found.at - at < timedelta(hours=9)
    else:
        assert found.at == at + AFTER_CHANGE


def test_quiet_hours_within_one_day() -> None:
    lunch = Timetable(quiet_from=time(9, 30), quiet_until=time(11))
    at = datetime(2026, 12, 7, 10, tzinfo=UTC)
    moment = replace(CALM, now=at, begun=at, last_pass=at, unsent_since=at, draw=0.0)
    assert due(moment, lunch).at == datetime(2026, 12, 7, 11, tzinfo=UTC)
    assert due(replace(moment, draw=0.5), lunch).at == datetime(2026, 12, 7, 11, 5, tzinfo=UTC)


moments = st.builds(
    Moment,
    now=st.just(NOW),
    begun=st.just(NOW),
    not_before=st.none() | st.timedeltas(timedelta(hours=-2), timedelta(hours=2)).map(lambda d: NOW + d),
    asked_to_wait=st.booleans(),
    last_pass=st.none() | st.timedeltas(timedelta(days=-2), timedelta(days=2)).map(lambda d: NOW + d),
    unsent_since=st.none() | st.timedeltas(timedelta(days=-2), timedelta(days=2)).map(lambda d: NOW + d),
    draw=st.floats(0, 0.999),
)


@given(moments)
def test_there_is_always_a_next_time_and_it_is_near(moment: Moment) -> None:
    """I17: whatever the clocks did, it never waits for ever, and never without end for an edit."""
    found = due(moment)
    assert found.at <= NOW + timedelta(hours=1, minutes=1)
    if moment.not_before is None and moment.unsent_since is not None:
        assert found.at <= NOW + timedelta(seconds=5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"every_min": 0},
        {"every_min": 1441},
        {"share": 0},
        {"share": 101},
        {"quiet_from": time(22)},
        {"quiet_until": time(6)},
        {"quiet_from": time(6), "quiet_until": time(6)},
    ],
)
def test_a_timetable_that_cannot_be_kept_is_refused(wrong) -> None:
    with pytest.raises(UsageError):
        Timetable(**wrong)


@pytest.mark.parametrize("table", [USUAL, NIGHT, Timetable(automatic=False, every_min=60, share=20)])
def test_a_timetable_is_kept_as_it_is(table: Timetable) -> None:
    assert Timetable.from_json(table.to_json()) == table


@pytest.mark.parametrize("text", ["", "22", "25:00", "22:60", "a:b", "22:00:00"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        clock_time(text)


def test_times_of_day_are_read_as_people_write_them() -> None:
    assert clock_time(" 6:30 ") == time(6, 30)
