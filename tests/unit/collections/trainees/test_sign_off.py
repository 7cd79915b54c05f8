"""Whose names belong in the two files that are signed off: whatever a record holds, there is a rule for it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.collections.trainees.sign_off import CENSUS, KINDS, PROFILE, Standing, days_of, points, ruling
from desktop.collections.trainees.states import STATES
from desktop.model.document import Document

TODAY = date(2026, 10, 20)
SAID = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(),
    st.dates(date(2014, 1, 1), date(2032, 1, 1)).map(date.isoformat),
)
NAMES = ("training_route", "itt_start_date", "trainee_start_date", "itt_end_date")
STANDINGS = st.builds(
    Standing,
    st.dictionaries(st.sampled_from(NAMES), SAID).map(Document),
    st.sampled_from(("", "something new", *(state.key for state in STATES))),
    st.dictionaries(st.sampled_from(("awarded_at", "outcome_date", "defer_date", "withdrawal_date")), SAID),
    st.one_of(st.none(), st.dates(date(2014, 1, 1), date(2032, 1, 1))),
)


@given(STANDINGS, st.sampled_from(KINDS), st.integers(2015, 2030))
def test_there_is_always_a_rule_with_its_source_and_nothing_raises(
    who: Standing, kind: str, cycle: int
) -> None:
    found = ruling(kind, cycle, who, TODAY)
    assert found.words
    assert found.source
    assert all(point.words and point.source for point in points(kind, cycle, who, TODAY))


@given(STANDINGS)
def test_nobody_is_a_new_starter_of_two_years(who: Standing) -> None:
    assert sum(ruling(CENSUS, cycle, who, TODAY).belongs for cycle in range(2014, 2033)) <= 1


@pytest.mark.parametrize(
    ("begun", "course", "belongs"),
    [
        ("2026-10-14", "2026-10-14", True),
        ("2026-10-15", "2026-10-15", False),
        ("2026-10-15", "2026-09-07", True),
        ("2026-09-07", "2026-11-07", True),
        (None, "2026-11-07", True),
    ],
)
def test_one_date_by_the_census_day_is_enough_and_a_blank_one_is_listed(
    begun: str | None, course: str, belongs: bool
) -> None:
    who = Standing(Document({"trainee_start_date": begun, "itt_start_date": course}), "trn_received")
    assert ruling(CENSUS, 2026, who, TODAY).belongs is belongs


def test_in_a_year_whose_october_begins_on_a_sunday_the_services_own_day_counts() -> None:
    who = Standing(
        Document({"trainee_start_date": "2028-10-10", "itt_start_date": "2028-10-10"}), "trn_received"
    )
    assert not ruling(CENSUS, 2028, who, date(2028, 10, 20)).belongs


@pytest.mark.parametrize(
    ("end", "extras", "withdrawn", "belongs"),
    [
        ("2026-07-31", {}, None, True),
        ("2025-07-31", {}, None, False),
        ("2027-07-31", {"awarded_at": "2025-07-30T09:00:00Z"}, None, False),
        ("2027-07-31", {}, date(2025, 3, 1), False),
        (None, {}, None, False),
    ],
)
def test_the_profile_goes_by_the_day_that_ended_the_training(
    end: str | None, extras: dict[str, str], withdrawn: date | None, belongs: bool
) -> None:
    who = Standing(
        Document({"trainee_start_date": "2024-09-02", "itt_end_date": end}), "awarded", extras, withdrawn
    )
    assert ruling(PROFILE, 2025, who, TODAY).belongs is belongs


def test_the_days_on_which_each_is_signed() -> None:
    assert days_of(CENSUS, 2026) == (date(2026, 9, 1), date(2026, 10, 31))
    assert days_of(PROFILE, 2025) == (date(2027, 1, 11), date(2027, 2, 28))
