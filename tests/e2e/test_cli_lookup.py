"""`lookup`: teachers in the Teaching Record System, as people and scripts ask. Source: pack register-ects, section 4."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from desktop.practice.server import PracticePortal
from tests.e2e.cli_world import Cli, cheap_keys, new_cli
from tests.unit.collections.ects.sample import ECT


@pytest.fixture(scope="module")
def running() -> Iterator[PracticePortal]:
    with PracticePortal() as portal:
        yield portal


@pytest.fixture
def practice(running: PracticePortal) -> PracticePortal:
    running.control.trs_reset()
    return running


@pytest.fixture(scope="module")
def cli(tmp_path_factory, running: PracticePortal) -> Iterator[Cli]:
    """A school's workspace with a found teacher, a prohibited one, and one whose date of birth is another one there."""
    with cheap_keys():
        made = new_cli(tmp_path_factory.mktemp("lookup") / "ws")
        made.env["TRS_KEY"] = running.trs.token
        made.ok("init", "--organisation", "Northmoor Academy", "--kind", "school", "--urn", "123456")
        for case in ("found", "prohibited", "born_differs"):
            add(made, running, case)
        yield made


def add(cli: Cli, practice: PracticePortal, case: str) -> None:
    teacher = practice.teachers.case(case)
    born = (teacher.said_born or teacher.date_of_birth).isoformat()
    record = ECT | {"trn": teacher.trn, "date_of_birth": born, "email": f"{case}@example.com"}
    assert cli("add", "ects", "--from", "-", stdin=json.dumps(record).encode()).code in (0, 1)


def switch_on(cli: Cli, practice: PracticePortal) -> Any:
    return cli.ok("lookup", "--set-up", practice.trs_url, "--key-env", "TRS_KEY")


def lookups(cli: Cli) -> int:
    """How many the journal knows of."""
    return sum(entry["event"] == "looked_up" for entry in cli.ok("journal")["entries"])


def test_from_off_to_answers_to_off_again(cli: Cli, practice: PracticePortal):
    found, prohibited, differs = (
        practice.teachers.case(c).trn for c in ("found", "prohibited", "born_differs")
    )
    cli.ok("lookup", "--off")
    assert cli.ok("lookup") == {"on": False, "url": None, "wait_until": None}
    refused = cli("lookup", found)
    assert refused.code == 2
    assert "off" in refused.error
    key = practice.trs.token.encode()
    kept = cli.ok("lookup", "--set-up", practice.trs_url, "--key-stdin", stdin=key)
    assert kept["state"] == "up"
    before = lookups(cli)

    (one,) = cli.ok("lookup", found)["looked"]
    assert (one["said"], one["name"], one["induction_status"]) == (
        "found",
        "Amina Okafor",
        "RequiredToComplete",
    )
    assert (one["stops"], one["prohibited"], one["advice"]) == (False, False, True)

    stopped = cli("lookup", prohibited)
    assert (stopped.code, stopped.json["looked"][0]["prohibited"]) == (1, True)
    shown = cli.ok("show", "ects", prohibited)
    rules = {f["rule"]: f["severity"] for f in shown["findings"]}
    assert (rules["E-TRS-ADVICE"], rules["E-LOOKUP"]) == ("warning", "unknown")
    assert "portal_answer" not in {k for k, v in shown["fields"].items() if v}

    assert cli("lookup", differs).json["looked"][0]["said"] == "date_of_birth_differs"
    number = practice.teachers.case("born_differs").ni_numbers[0].encode()
    (right,) = cli.ok("lookup", differs, "--ni-number-stdin", stdin=number)["looked"]
    assert (right["said"], right["by_ni_number"]) == ("found", True)
    assert number.decode() not in json.dumps(cli.ok("journal"))
    assert lookups(cli) - before == 4

    assert cli.ok("lookup", "--off") == {"on": False}
    left = {f["rule"] for f in cli.ok("show", "ects", prohibited)["findings"]}
    assert "E-TRS-ADVICE" not in left


@pytest.mark.parametrize(
    ("mode", "code", "state"),
    [("unavailable", 3, "maintenance"), ("busy", 3, "busy"), ("refuse", 3, "down"), ("unauthorised", 5, "sign-in")],
)  # fmt: skip
def test_without_an_answer(cli: Cli, practice: PracticePortal, mode: str, code: int, state: str):
    switch_on(cli, practice)
    practice.control.trs_fault(mode)
    result = cli("lookup", "--all")
    assert result.code == code
    assert result.json["trouble"]["state"] == state
    assert (result.json["looked"], result.json["left"]) == ([], 3)


def test_all_in_words_for_a_person(cli: Cli, practice: PracticePortal):
    switch_on(cli, practice)
    practice.control.trs_reset(requests=2)
    first = cli("lookup", "--all", as_json=False)
    assert first.code == 3
    assert "1 not looked up. Run it again to go on." in first.out
    practice.control.trs_reset()
    again = cli("lookup", "--all", as_json=False)
    assert again.code == 3
    assert "asked us to wait" in again.out
    assert practice.control.trs_requests() == []


@pytest.mark.parametrize(
    "words",
    [
        ("lookup", "--set-up", "https://trs.example.org"),
        ("lookup", "--set-up", "http://trs.example.org", "--key-env", "TRS_KEY"),
        ("lookup", "--set-up", "https://trs.example.org", "--key-env", "a key"),
        ("lookup", "--all", "2100001"),
        ("lookup", "2100001", "2100009", "--ni-number-stdin"),
        ("lookup", "9999999"),
    ],
)
def test_wrong_use_is_told_and_nothing_is_asked(cli: Cli, practice: PracticePortal, words: tuple[str, ...]):
    switch_on(cli, practice)
    practice.control.trs_reset()
    assert cli(*words).error
    assert cli(*words).code == 2
    assert practice.control.trs_requests() == []
