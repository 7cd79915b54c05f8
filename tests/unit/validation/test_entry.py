"""What people type, and what the screen shows for it."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.collection import Field
from desktop.validation.entry import parse_day, parse_value, show_value

LISTS = COLLECTION.code_lists


def field(name: str) -> Field:
    found = COLLECTION.field(name)
    if found is None:
        found = next(f for a in COLLECTION.actions for f in a.fields if f.name == name)
    return found


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("1/9/26", "2026-09-01"),
        ("01/09/2026", "2026-09-01"),
        ("1 sep 2026", "2026-09-01"),
        ("1 Sept. 2026", "2026-09-01"),
        ("1st September 2026", "2026-09-01"),
        ("Tuesday, 1 September 2026", "2026-09-01"),
        ("Tue 1 Sep 26", "2026-09-01"),
        ("1-Sep-26", "2026-09-01"),
        ("1sep2026", "2026-09-01"),
        ("1st of May 2026", "2026-05-01"),
        ("2026-09-01", "2026-09-01"),
        ("2026/9/1", "2026-09-01"),
        ("2026-09-01T00:00:00", "2026-09-01"),
        ("2026-09-01 00:00:00.000Z", "2026-09-01"),
        ("01.09.2026", "2026-09-01"),
        ("1 9 2026", "2026-09-01"),
        ("  12/3/2026 ", "2026-03-12"),
        ("29/2/2028", "2028-02-29"),
    ],
)
def test_dates_as_people_type_them(typed, iso):
    assert parse_day(typed) == iso
    assert parse_value(field("itt_start_date"), typed, LISTS) == iso


@pytest.mark.parametrize(
    "typed",
    ["31/2/2026", "13/13/2026", "12/31/2026", "29/2/2026", "soon", "2026", "September 2026", "1/9", "1 ma 2026",
     "1 foo 2026", "2026-09-01T10:30", "1" * 1000, "0/1/2026", "1/0/2026", "１/9/2026"],
)  # fmt: skip
def test_what_is_no_date_stays_as_typed(typed):
    assert parse_day(typed) is None
    assert parse_value(field("itt_start_date"), typed, LISTS) == typed


@pytest.mark.parametrize(
    ("name", "typed", "iso"),
    [
        ("date_of_birth", "17/4/99", "1999-04-17"),
        ("date_of_birth", "17/4/05", "2005-04-17"),
        ("date_of_birth", "17/4/11", "2011-04-17"),
        ("date_of_birth", "17/4/12", "1912-04-17"),
        ("date_of_birth", "17/4/26", "1926-04-17"),
        ("itt_start_date", "1/9/26", "2026-09-01"),
        ("itt_end_date", "1/9/76", "2076-09-01"),
        ("itt_end_date", "1/9/77", "1977-09-01"),
    ],
)
def test_two_digit_years(name, typed, iso):
    assert parse_value(field(name), typed, LISTS, date(2026, 9, 20)) == iso
    assert parse_value(field(name), typed, LISTS) == iso


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("course_subject_1", "100403", "100403"),
        ("course_subject_1", 100403, "100403"),
        ("course_subject_1", "mathematics", "100403"),
        ("course_subject_1", "Mathematics (100403)", "100403"),
        ("course_subject_1", "Mathematics (100417)", "Mathematics (100417)"),
        ("course_subject_1", "Maths", "Maths"),
        ("training_route", 12, "12"),
        ("training_route", 12.0, "12"),
        ("training_route", "02", "02"),
        ("nationality", "gb", "GB"),
        ("nationality", " british ", "GB"),
        ("funding_method", "d", "D"),
        ("funding_method", "no funding", "6"),
        ("sex", True, "true"),
        ("sex", "", None),
        ("sex", None, None),
        ("sex", "   ", None),
        ("course_year", "2", 2),
        ("course_year", 2, 2),
        ("course_year", 2.0, 2),
        ("course_year", 2.5, "2.5"),
        ("course_year", "two", "two"),
        ("course_year", True, "true"),
        ("course_year", " 0 ", 0),
        ("application_id", "0012", 12),
        ("degrees.graduation_year", "2024", 2024),
        ("degrees.graduation_year", "31/7/2024", 2024),
        ("degrees.graduation_year", "2024-07-31", 2024),
        ("degrees.graduation_year", "last year", "last year"),
        ("hesa_id", 1234567890123, "1234567890123"),
        ("first_names", "  Leonie   May ", "Leonie May"),
        ("first_names", "Le\u0301onie", "Léonie"),
        ("first_names", "Leonie\x00", "Leonie\x00"),
        ("first_names", "Leonie\n", "Leonie\n"),
        ("first_names", ["a"], '["a"]'),
        ("first_names", {"a": 1}, '{"a": 1}'),
        ("first_names", float("nan"), "NaN"),
        ("reasons", ["safeguarding_concerns", "Workload"], "safeguarding_concerns,trainee_workload_issues"),
        ("reasons", "Workload; safeguarding_concerns", "trainee_workload_issues,safeguarding_concerns"),
        ("reasons", "nonsense", "nonsense"),
        ("trigger", "The trainee", "trainee"),
        ("future_interest", "Not known", "unknown"),
        ("defer_date", "14/9/26", "2026-09-14"),
    ],
)
def test_typed_values(name, typed, value):
    found = parse_value(field(name), typed, LISTS)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("itt_start_date", "2026-09-07", "7 September 2026"),
        ("itt_start_date", "soon", "soon"),
        ("course_subject_1", "100403", "Mathematics"),
        ("course_subject_1", "999", "999"),
        ("training_route", 12, "Primary and secondary postgraduate, fee funded"),
        ("course_year", 0, "0"),
        ("first_names", "Leonie", "Leonie"),
        ("first_names", None, ""),
        ("reasons", "safeguarding_concerns,trainee_workload_issues", "Safeguarding concerns, Workload"),
    ],
)
def test_shown_values(name, value, shown):
    assert show_value(field(name), value, LISTS) == shown


def test_very_long_text_is_read_at_once():
    very_long = "a" * 10_000_000
    for name in ("first_names", "itt_start_date", "sex", "course_year"):
        assert parse_value(field(name), very_long, LISTS) == very_long


def test_lists_that_refer_to_themselves_do_no_harm():
    loop: list[object] = []
    loop.append(loop)
    assert isinstance(parse_value(field("first_names"), loop, LISTS), str)
