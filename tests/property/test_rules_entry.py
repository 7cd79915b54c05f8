"""Laws of entry: what is shown can be typed again, and nothing typed is lost or stops the program."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from desktop.collections.reading import MONTHS
from desktop.collections.trainees import COLLECTION
from desktop.model.collection import Field, Kind
from desktop.model.document import same
from desktop.validation.entry import parse_day, parse_value, show_value

LISTS = COLLECTION.code_lists
ALL_FIELDS = (
    *COLLECTION.fields,
    *(f for kind in COLLECTION.children for f in kind.fields),
    *(f for action in COLLECTION.actions for f in action.fields),
)
CODED = [f for f in ALL_FIELDS if f.kind is Kind.CODE]
ANY_FIELD = st.sampled_from(ALL_FIELDS)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(CODED), st.data())
def test_a_shown_code_is_read_back(field: Field, data: st.DataObject):
    code = data.draw(st.sampled_from(list(LISTS.codes(field.codes))))
    assert parse_value(field, code, LISTS) == code
    shown = show_value(field, code, LISTS)
    assert parse_value(field, shown, LISTS) == code
    assert parse_value(field, shown.upper(), LISTS) == code
    assert parse_value(field, f"{shown} ({code})", LISTS) == code


def test_every_label_of_every_list_is_read_back():
    for field in {f.codes: f for f in CODED}.values():
        for code in LISTS.codes(field.codes):
            assert parse_value(field, show_value(field, code, LISTS), LISTS) == code


@given(st.dates(date(1000, 1, 1)))
def test_a_shown_day_is_read_back_however_it_is_written(day: date):
    iso = day.isoformat()
    month = MONTHS[day.month - 1]
    for typed in (
        iso,
        f"{day.day} {month} {day.year}",
        f"{day.day} {month[:3].lower()} {day.year}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day:02}.{day.month:02}.{day.year}",
        f"{day.day}-{month[:3]}-{day.year}",
    ):
        assert parse_day(typed) == iso


@given(st.dates(date(1977, 1, 1), date(2076, 12, 31)))
def test_two_digit_years_lie_within_fifty_years(day: date):
    assert parse_day(f"{day.day}/{day.month}/{day.year % 100:02}", date(2026, 9, 20)) == day.isoformat()


@given(ANY_FIELD, JSON)
def test_reading_never_raises_and_gives_a_value(field: Field, typed: object):
    value = parse_value(field, typed, LISTS)
    assert value is None or type(value) in (str, int)
    assert isinstance(show_value(field, value, LISTS), str)


@given(ANY_FIELD, JSON)
def test_reading_again_changes_nothing(field: Field, typed: object):
    once = parse_value(field, typed, LISTS)
    assert parse_value(field, once, LISTS) == once


@given(ANY_TEXT)
def test_plain_text_keeps_its_meaning(typed: str):
    field = COLLECTION.field("last_name")
    assert field is not None
    assert same(parse_value(field, typed, LISTS), typed)
