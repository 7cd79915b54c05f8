"""A date in three parts: what is understood, and that nothing typed is lost."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.fields.date_parts import DateParts, as_date, join, read_whole, split


@pytest.mark.parametrize("month", ["9", "09", "sep", "Sept", "September", " sep. "])
def test_month_is_read_as_number_or_word(month):
    assert as_date(DateParts("7", month, "2026")) == date(2026, 9, 7)


@pytest.mark.parametrize("month", ["", "0", "13", "se", "Foo", "³"])
def test_month_that_is_none_or_could_be_several_is_not_guessed(month):
    assert as_date(DateParts("7", month, "2026")) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-07",
        "7/9/2026",
        "07.09.2026",
        "7 September 2026",
        "Monday 7 September 2026",
        "7th Sep 2026",
        "2026-09-07T00:00:00Z",
        " 7-9-2026 ",
    ],
)
def test_whole_date_is_read_in_every_usual_form(text):
    assert read_whole(text) == date(2026, 9, 7)


@pytest.mark.parametrize("text", ["", "7", "7/9", "31/2/2026", "next week", "20260907"])
def test_what_is_no_whole_date_is_not_guessed(text):
    assert read_whole(text) is None


def test_two_digit_year_of_a_birth_is_of_the_last_century():
    parts = DateParts("4", "3", "99")
    assert as_date(parts, date(2026, 10, 1), past=True) == date(1999, 3, 4)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_date_survives_the_parts(day):
    parts = split(day.isoformat())
    assert as_date(parts) == day
    assert join(parts) == day.isoformat()


@given(st.builds(DateParts, *[st.text("0123456789 aefmpsty.-", max_size=6)] * 3))
def test_half_a_date_survives_saving_and_showing(parts):
    kept = join(parts)
    assert join(split(kept)) == kept


def test_empty_parts_are_no_answer():
    assert join(DateParts(" ", "", "")) is None
    assert split(None) == DateParts()
