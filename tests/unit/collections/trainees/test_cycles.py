"""Academic cycles and the days that hang on them, in London time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from desktop.collections.trainees.cycles import (
    census_day,
    census_day_shown,
    cycle_label,
    cycle_of,
    cycle_of_document,
    deadlines,
    known_cycles,
    london_day,
    performance_days,
    sign_off_days,
)
from tests.unit.collections.trainees.sample import document


@pytest.mark.parametrize(
    ("day", "cycle"), [(date(2026, 7, 31), 2025), (date(2026, 8, 1), 2026), (date(2027, 1, 1), 2026)]
)
def test_a_cycle_runs_from_august_to_july(day, cycle):
    assert cycle_of(day) == cycle


def test_the_trainee_start_sets_the_cycle_before_the_course_start():
    both = document(trainee_start_date="2026-07-31", itt_start_date="2026-09-07")
    assert cycle_of_document(both) == 2025
    assert cycle_of_document(document(trainee_start_date=None)) == 2026


def test_without_a_start_the_cycle_is_that_of_a_month_from_today():
    bare = document(trainee_start_date=None, itt_start_date=None)
    assert cycle_of_document(bare, date(2026, 7, 1)) == 2026
    assert cycle_of_document(bare, date(2026, 6, 30)) == 2025
    assert cycle_of_document(bare, date(2026, 1, 31)) == 2025
    assert cycle_of_document(bare) is None


def test_a_start_that_cannot_be_read_sets_no_cycle():
    assert cycle_of_document(document(trainee_start_date="soon"), date(2026, 9, 20)) is None


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 7, 31, 22, 59, tzinfo=UTC), date(2026, 7, 31)),
        (datetime(2026, 7, 31, 23, 0, tzinfo=UTC), date(2026, 8, 1)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 8, 1, 8, 0, tzinfo=timezone(timedelta(hours=10))), date(2026, 7, 31)),
    ],
)
def test_the_day_is_london_s(moment, day):
    assert london_day(moment) == day


@pytest.mark.parametrize(
    ("cycle", "day"), [(2026, date(2026, 10, 14)), (2024, date(2024, 10, 9)), (2025, date(2025, 10, 8))]
)
def test_census_is_the_second_wednesday_of_october(cycle, day):
    assert census_day(cycle) == day == census_day_shown(cycle)


def test_in_a_year_whose_first_october_is_a_sunday_register_shows_the_first_wednesday():
    assert census_day(2028) == date(2028, 10, 11)
    assert census_day_shown(2028) == date(2028, 10, 4)
    shown = [what for day, what in deadlines(date(2028, 9, 15)) if day == date(2028, 10, 4)]
    assert shown == ["ITT census 2028 to 2029: Register may show this day, not 11 October 2028"]


def test_performance_profile_lies_in_the_cycle_after():
    assert performance_days(2025) == (date(2027, 1, 11), date(2027, 2, 28))
    assert performance_days(2026)[1] == date(2028, 2, 29)
    assert sign_off_days(2026) == (date(2026, 9, 1), date(2026, 10, 31))


def test_deadlines_are_in_order_and_near():
    found = deadlines(date(2026, 9, 20))
    assert [day for day, _ in found] == sorted(day for day, _ in found)
    assert (date(2026, 10, 14), "ITT census 2026 to 2027: trainees who started by this day count") in found
    assert (date(2027, 1, 11), "Performance profile 2025 to 2026 opens") in found
    assert all(date(2026, 9, 13) <= day <= date(2027, 9, 21) for day, _ in found)


def test_known_cycles_and_their_names():
    assert list(known_cycles()) == list(range(2015, 2031))
    assert cycle_label(2026) == "2026 to 2027"
