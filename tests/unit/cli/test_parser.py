"""The words of the command line: globals anywhere, large numbers, and mistakes as one exception."""

import pytest

from desktop.cli import parser


@pytest.mark.parametrize(
    ("argv", "rest", "as_json", "folder"),
    [
        (["list", "trainees"], ["list", "trainees"], False, None),
        (["--json", "list", "trainees"], ["list", "trainees"], True, None),
        (["list", "--data-dir", "d", "trainees", "--json"], ["list", "trainees"], True, "d"),
        (["--data-dir=d e", "list"], ["list"], False, "d e"),
        (["set", "x", "--", "--json"], ["set", "x", "--", "--json"], False, None),
    ],
)
def test_globals_are_taken_out_wherever_they_stand(argv, rest, as_json, folder):
    assert parser.take_globals(argv) == (rest, as_json, folder)


@pytest.mark.parametrize("argv", [["--data-dir"], ["--data-dir="], ["--data-dir", ""]])
def test_a_folder_must_be_named(argv):
    with pytest.raises(parser.WrongUse):
        parser.take_globals(argv)


@pytest.mark.parametrize(
    ("argv", "rest", "person"),
    [
        (["status"], ["status"], None),
        (["--person", "Sam Ode", "status", "--json"], ["status", "--json"], "Sam Ode"),
        (["set", "x", "--person=Sam", "a=1"], ["set", "x", "a=1"], "Sam"),
        (["set", "--", "--person", "x"], ["set", "--", "--person", "x"], None),
    ],
)
def test_who_does_it_is_taken_out_wherever_it_stands(argv, rest, person):
    assert parser.take_person(argv) == (rest, person)


@pytest.mark.parametrize("argv", [["--person"], ["--person="], ["status", "--person", ""]])
def test_who_does_it_must_have_a_name(argv):
    with pytest.raises(parser.WrongUse):
        parser.take_person(argv)


def test_choices_may_follow_options():
    args = parser.build().parse_args(["resolve", "id", "email=mine", "sex=theirs"])
    assert (args.id, args.choices) == ("id", ["email=mine", "sex=theirs"])
    assert parser.build().parse_args(["resolve", "--all", "mine", "id"]).id == "id"


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1), ("9" * 5_000, parser.LARGEST)]
)
def test_whole_numbers_may_be_as_large_as_wanted(text, number):
    assert parser.whole_number(text) == number


@pytest.mark.parametrize(
    "argv",
    [["nosuch"], ["list"], ["list", "trainees", "--limit", "-1"], ["practice", "--port", "65536"], ["--j"]],
)
def test_mistakes_raise_and_print_nothing(argv, capsys):
    with pytest.raises(parser.WrongUse):
        parser.build().parse_args(argv)
    assert capsys.readouterr() == ("", "")


def test_help_is_raised_as_text():
    with pytest.raises(parser.Told) as told:
        parser.build().parse_args(["set", "--help"])
    assert told.value.key == "help"
    assert "degrees.ID.grade=01" in told.value.text
