"""One pasted cell, as the value of its field."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.collections.trainees import COLLECTION
from desktop.model.collection import Field
from desktop.services.pasted_cells import LEFT, Cells, Read

TODAY = date(2026, 11, 22)


def field(name: str) -> Field:
    found = COLLECTION.field(name)
    assert found is not None
    return found


def read(name: str, text: str) -> Read:
    return Cells(COLLECTION, TODAY).read(field(name), text)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("itt_start_date", "1/9/26", "2026-09-01"),
        ("itt_start_date", "1 sep 2026", "2026-09-01"),
        ("itt_start_date", "2026-09-01 00:00:00", "2026-09-01"),
        ("itt_start_date", "46266", "2026-09-01"),
        ("itt_start_date", "46266.0", "2026-09-01"),
        ("study_mode", "Full time", "01"),
        ("study_mode", "01", "01"),
        ("study_mode", "1", "01"),
        ("nationality", "french", "FR"),
        ("course_year", "1", 1),
        ("last_name", "  O'Brien ", "O'Brien"),
        ("last_name", "Two\nlines", "Two lines"),
        ("hesa_id", "'0310261553101'", "0310261553101"),
        ("hesa_id", '="0310261553101"', "0310261553101"),
        ("itt_start_date", "'2026-09-01", "2026-09-01"),
        ("nationality", "'FR", "FR"),
        ("last_name", "'t Hooft", "'t Hooft"),
        ("last_name", "'=1+1", "=1+1"),
        ("last_name", "(empty)", None),
        ("sex", "(Empty)", None),
        ("last_name", "TRUE", "TRUE"),
    ],
)
def test_what_people_type_is_understood(name: str, text: str, value: object) -> None:
    assert read(name, text) == Read(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "text"), [("sex", ""), ("sex", "  \t"), ("sex", "TRUE"), ("course_year", "FALSE")]
)
def test_blank_cells_and_ticked_boxes_say_nothing(name: str, text: str) -> None:
    assert read(name, text) == LEFT


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("itt_start_date", "31/2/2026", "is not a date"),
        ("itt_start_date", "99999", "is not a date"),
        ("study_mode", "Zebra", "not in the list of Register"),
        ("course_year", "one and a half", "not a whole number"),
        ("hesa_id", "2.61099E+16", "shortened this number"),
        ("last_name", "=1+1", "It is a formula"),
        ("itt_start_date", "=TODAY()", "It is a formula"),
        ("last_name", "#N/A", "shows no value"),
        ("last_name", "######", "shows no value"),
        ("last_name", "a\0b", "cannot be stored"),
        ("last_name", "half \ud800", "cannot be stored"),
        ("last_name", "x" * 10_001, "longer than 10,000"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, text: str, why: str) -> None:
    assert why in read(name, text).why


@given(st.sampled_from(COLLECTION.fields), st.text(max_size=60))
def test_no_text_breaks_a_field(known: Field, text: str) -> None:
    found = Cells(COLLECTION, TODAY).read(known, text)
    assert found.left or found.why or found.value is None or isinstance(found.value, str | int)
