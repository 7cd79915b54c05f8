"""What is printed: one object, aligned tables, nothing that steers a terminal."""

import json

import pytest

from desktop.cli import output
from desktop.cli.answer import Answer, Exit, failed


def test_json_is_one_ascii_object_on_stdout(capsys):
    answer = Answer({"name": "Zoë \ud800\x1b"}, lambda: ())
    assert output.give(answer, as_json=True) == 0
    out, err = capsys.readouterr()
    assert out.isascii()
    assert err == ""
    assert json.loads(out) == {"name": "Zoë \ud800\x1b"}


def test_an_error_goes_to_stderr_for_people_and_to_stdout_for_programs(capsys):
    answer = failed("It is not there.", Exit.USAGE)
    assert output.give(answer, as_json=False) == 2
    assert capsys.readouterr() == ("", "It is not there.\n")
    assert output.give(answer, as_json=True) == 2
    assert capsys.readouterr() == ('{"error": "It is not there."}\n', "")


def test_unseen_characters_are_shown_as_a_mark(capsys):
    output.give(Answer({}, lambda: ["a\x1b[31mb\u202ec\ud800d"]), as_json=False)
    assert capsys.readouterr().out == "a\ufffd[31mb\ufffdc\ufffdd\n"


def test_a_table_is_aligned_and_leaves_empty_columns_out():
    rows = [("Ö", None, 5, ""), ("文字", "", 1234, None)]
    assert output.table(("Name", "Why", "Sum", ""), rows) == [
        "Name    Sum",
        "----  -----",
        "Ö         5",
        "文字  1,234",
    ]
    assert output.table(("Name",), []) == []


def test_a_cell_stays_on_its_line_and_within_bounds():
    [line] = output.table(("A",), [("x\ny" + "z" * 100,)])[2:]
    assert line.startswith("x yzzz")
    assert line.endswith("…")
    assert len(line) == 60


@pytest.mark.parametrize("rows", [[], [("Name", "Zoë")]])
def test_pairs_stand_in_two_columns(rows):
    assert output.pairs(rows) == [f"  {name}  {value}" for name, value in rows]
