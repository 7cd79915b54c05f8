"""Packs: read when asked for, once; their lists are sound."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from desktop.collections.packs import Pack
from desktop.collections.trainees.tables import PACK, methods, routes, withdrawal_reasons
from desktop.model.collection import Code

LISTS = {
    "sex": 5, "nationality": 223, "ethnicity": 22, "disability": 12, "training_route": 14, "itt_aim": 2,
    "itt_qualification_aim": 11, "course_subject": 72, "course_age_range": 11, "study_mode": 5, "fund_code": 2,
    "funding_method": 9, "training_initiative": 5, "country": 263, "degree_type": 90, "degree_subject": 1094,
    "degree_grade": 16, "institution": 586, "withdrawal_reason": 15, "withdrawal_trigger": 2, "future_interest": 3,
    "special_urn": 4,
}  # fmt: skip


@pytest.mark.parametrize(("name", "size"), LISTS.items())
def test_lists_are_whole_and_labels_stand_for_one_code_each(name, size):
    codes = PACK.codes(name)
    assert len(codes) == size
    labels = [entry.label.casefold() for entry in codes.values()]
    assert len(set(labels)) == size
    for code, entry in codes.items():
        assert entry.code == code == code.strip()
        assert entry.label == " ".join(entry.label.split())
        assert len(entry.label) <= 120
        assert not entry.canonical or entry.canonical in codes
        assert PACK.find(name, entry.label) == code


@pytest.mark.parametrize(
    ("name", "code", "given_back"),
    [
        ("study_mode", "63", "01"),
        ("study_mode", "64", "31"),
        ("nationality", "JE", "GB"),
        ("disability", "99", "98"),
        ("ethnicity", "999", "997"),
        ("degree_grade", "09", "14"),
        ("institution", "0133", "0149"),
        ("sex", "10", "10"),
        ("sex", "?", "?"),
    ],
)
def test_codes_that_mean_the_same_to_the_portal(name, code, given_back):
    assert PACK.canonical(name, code) == given_back


@pytest.mark.parametrize(
    ("name", "words", "code"),
    [
        ("course_subject", "MATHEMATICS", "100403"),
        ("course_subject", "art and design", "101361"),
        ("training_route", "provider led postgrad", "12"),
        ("training_route", "Early years graduate entry", "19"),
        ("course_age_range", "11 to 16", "13918"),
        ("nationality", "british", "GB"),
        ("nationality", "Scottish", "GB"),
        ("institution", "The University of Bath", "0109"),
        ("country", "Vietnam [Viet Nam]", "VN"),
        ("funding_method", "scholarship", "4"),
        ("study_mode", "full-time", "01"),
        ("sex", "no such words", None),
    ],
)
def test_codes_are_found_by_the_words_of_people_and_of_the_portal(name, words, code):
    assert PACK.find(name, words) == code


def test_stored_names_are_kept_where_the_portal_shows_them():
    assert PACK.codes("training_route")["12"].name == "provider_led_postgrad"
    assert PACK.codes("training_initiative")["026"].name == "now_teach"
    assert PACK.codes("course_subject")["100497"].name == "psychology"
    assert "no_initiative" in PACK.uncoded("training_initiative")
    assert PACK.uncoded("sex") == {}
    assert PACK.uuid("institution", "0149") == "a27af34a-2887-e711-80d8-005056ac45bb"
    assert PACK.uuid("institution", "?") == PACK.uuid("sex", "10") == ""


def test_retired_route_is_marked():
    assert [c for c, e in PACK.codes("training_route").items() if e.retired] == ["02"]


def test_tables_speak_of_known_codes_only():
    assert routes().keys() == PACK.codes("training_route").keys()
    assert methods().keys() == PACK.codes("funding_method").keys()
    reasons = withdrawal_reasons()
    assert set().union(*reasons.values()) == PACK.codes("withdrawal_reason").keys()
    assert reasons.keys() == PACK.codes("withdrawal_trigger").keys()
    assert {route.placements for route in routes().values()} == {0, 1, 2}


def test_unknown_list_or_table():
    with pytest.raises(KeyError):
        PACK.codes("no_such_list")
    with pytest.raises(KeyError):
        PACK.table("no_such_table")


def test_a_pack_is_data_that_can_be_replaced(tmp_path):
    folder = tmp_path / "things" / "2030" / "codes"
    folder.mkdir(parents=True)
    (folder / "size.json").write_text(
        json.dumps({"1": "Small", "2": ["Large", "large", "1", "2029"]}), encoding="utf-8"
    )
    (folder.parent / "other_names.json").write_text(json.dumps({"size": {"wee": "1"}}), encoding="utf-8")
    pack = Pack("things", 2030, tmp_path)
    assert pack.codes("size") == {"1": Code("1", "Small"), "2": Code("2", "Large", "large", "1", "2029")}
    assert pack.find("size", " WEE ") == "1"
    assert pack.codes("size") is pack.codes("size")


def test_import_reads_no_pack_and_no_heavy_library():
    script = (
        "import sys; from desktop.collections.trainees import COLLECTION as c;"
        "print(c.code_lists._lists, c.code_lists._tables, 'platformdirs' in sys.modules, 'PySide6' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "{} {} False False"
