"""Values as typed: JSON where it is JSON, text elsewhere, digits as they were; nothing is lost."""

import json

import pytest

from desktop.cli import typed
from desktop.collections import all_collections
from desktop.model.errors import UnknownName, UsageError

TRAINEES = all_collections()["trainees"]


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("last_name", "Quarrington", "Quarrington"),
        ("last_name", "  Quar   rington ", "Quar rington"),
        ("last_name", '"Quarrington"', "Quarrington"),
        ("last_name", '"Quarrington', '"Quarrington'),
        ("last_name", "12", "12"),
        ("last_name", "1e3", "1e3"),
        ("last_name", "-0.0", "-0.0"),
        ("last_name", "Infinity", "Infinity"),
        ("last_name", "-Infinity", "-Infinity"),
        ("last_name", "NaN", "NaN"),
        ("last_name", "null", None),
        ("last_name", "", None),
        ("last_name", '""', None),
        ("last_name", "[" * 5_000, "[" * 5_000),
        ("last_name", "9" * 5_000, "9" * 5_000),
        ("fund_code", "7", "7"),
        ("study_mode", "01", "01"),
        ("study_mode", '"01"', "01"),
        ("course_subject_1", "100403", "100403"),
        ("course_year", "1", 1),
        ("course_year", '"1"', 1),
        ("course_year", "1.0", 1),
        ("course_year", "1.5", "1.5"),
        ("course_year", "one", "one"),
        ("course_year", str(1 << 63), str(1 << 63)),
        ("itt_start_date", "1/9/26", "2026-09-01"),
        ("itt_start_date", "1 sep 2026", "2026-09-01"),
        ("itt_start_date", "2026-02-30", "2026-02-30"),
        ("itt_start_date", "20260901", "20260901"),
    ],
)
def test_a_value_is_json_if_it_is_json_else_text(field, text, value):
    known = TRAINEES.field(field)
    assert known is not None
    assert typed.value(known, text, TRAINEES) == value


@pytest.mark.parametrize("text", ["true", "false", "{}", '{"a": 1}', "[1]", "[[]]"])
def test_what_no_field_can_hold_is_refused(text):
    known = TRAINEES.field("last_name")
    assert known is not None
    with pytest.raises(UsageError):
        typed.value(known, text, TRAINEES)


def test_reasons_are_given_as_a_json_list_or_with_commas():
    for text in ('["record_added_in_error", "never_intended"]', "record_added_in_error,never_intended"):
        fields = typed.fields_of_action(TRAINEES, "withdraw", [f"reasons={text}"])
        assert fields == {"reasons": "record_added_in_error,never_intended"}


def test_pairs_split_at_the_first_equals_sign_and_come_once():
    assert typed.pairs(["a=b=c", "d="]) == {"a": "b=c", "d": ""}
    for wrong in (["a"], ["=b"], ["a=1", "a=2"]):
        with pytest.raises(UsageError):
            typed.pairs(wrong)


def test_numbers_in_json_keep_what_they_mean():
    raw = b'{"course_year": 2.0, "fund_code": 7, "hesa_id": 12345678901234567, "application_id": 99999999999999999999}'
    document = typed.document(TRAINEES, typed.parse_json(raw, "in"))
    assert document.fields == {
        "course_year": 2,
        "fund_code": "7",
        "hesa_id": "12345678901234567",
        "application_id": "99999999999999999999",
    }


def test_a_byte_order_mark_is_no_part_of_the_json():
    assert typed.parse_json(b"\xef\xbb\xbf{}", "in") == {}


def test_children_are_read_as_typed_too():
    data = {"degrees": [{"subject": 100403, "graduation_year": "2020"}]}
    document = typed.document(TRAINEES, json.loads(json.dumps(data)))
    assert document.children["degrees"][0].fields == {"subject": "100403", "graduation_year": 2020}
    with pytest.raises(UnknownName):
        typed.child_fields(TRAINEES, "degrees", {"mark": "1"})
