"""`sign-off`: the checklist of the census and the performance profile, as people and scripts call it."""

import csv
from datetime import datetime

import pytest

from desktop.collections.trainees.cycles import census_day, cycle_of, sign_off_days
from desktop.services.core import LONDON
from tests import website_export
from tests.e2e.cli_world import cheap_keys, new_cli, pulled

TODAY = datetime.now(LONDON).date()
CYCLE = cycle_of(TODAY)
NAME = f"{TODAY}_01-02-03_New-trainees-{CYCLE}-{CYCLE + 1}-sign-off-Register-trainee-teachers_exported_records.csv"
LISTS = {"missing", "not-here", "not-expected", "differs", "mend", "unsent", "look", "changed"}
can_be_signed = pytest.mark.skipif(
    sign_off_days(CYCLE)[0] > TODAY, reason="Register takes no census before 1 September"
)


@pytest.fixture
def world(tmp_path):
    with pulled(tmp_path / "ws") as made:
        yield made


@pytest.fixture
def cli(world):
    return world[0]


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A workspace without records."""
    with cheap_keys():
        made = new_cli(tmp_path_factory.mktemp("empty") / "ws")
        made.init()
    return made


@pytest.fixture
def file(world, tmp_path):
    """The census file of everybody whom the portal would list, but for the first `but`."""

    def write(but=0, name=NAME, **changed):
        last = census_day(CYCLE).isoformat()
        found = [
            one
            for one in world[1].control.trainees()
            if one["state"] in ("trn_received", "submitted_for_trn")
            and f"{CYCLE}-08-01" <= (one["trainee_start_date"] or one["itt_start_date"]) <= last
        ]
        rows = [
            website_export.row_of({**one, **changed}, provider_name="Northmoor University")
            for one in found[but:]
        ]
        (tmp_path / name).write_bytes(website_export.written(rows))
        return tmp_path / name

    return write


def test_without_anything_it_lists_the_sign_offs_and_says_that_they_are_open(cli):
    done = cli("sign-off")
    assert done.code == 1
    assert {(one["kind"], one["year"]) for one in done.json["sign_offs"]} == {
        ("census", CYCLE), ("performance-profile", CYCLE - 1),
    }  # fmt: skip
    words = cli("sign-off", as_json=False)
    assert words.out.splitlines()[0].split() == ["Kind", "Year", "Closes", "Done", "State"]


def test_a_file_is_loaded_and_who_is_missing_is_told(cli, file):
    path = file(but=1)
    told = cli("sign-off", "--load", str(path)).json
    assert told["lists"].keys() == LISTS
    assert told["file"]["name"] == NAME
    assert len(told["lists"]["missing"]) >= 1
    entry = told["lists"]["missing"][0]
    assert entry["source"].startswith("Rule book, section ")
    assert not told["lists"]["differs"]
    again = cli("sign-off", "census").json
    assert again["lists"] == told["lists"]
    words = cli("sign-off", "census", as_json=False).out
    assert "Who is missing from the file" in words
    assert entry["label"] in words


@can_be_signed
def test_a_person_signs_and_takes_it_back(cli):
    signed = cli("sign-off", "census", "--signed-by", "Sam Okafor", "--reference", "C 1").json
    assert signed["signed"] == {"name": "Sam Okafor", "on": str(TODAY), "reference": "C 1", "holds": True}
    assert cli("sign-off", "census").code == 0
    cli("set", "trainees", cli.one()["id"], "middle_names=Maud")
    assert cli("sign-off", "census", "--take-back").json["signed"] is None


def test_lists_are_saved_and_nothing_is_written_over(cli, file, tmp_path):
    cli("sign-off", "--load", str(file(but=2)))
    out = tmp_path / "missing.csv"
    told = cli("sign-off", "census", "--list", "missing", "--out", str(out)).json
    with out.open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.reader(stream))) == told["written"] + 1 == len(told["lists"]["missing"]) + 1
    assert cli("sign-off", "census", "--list", "missing", "--out", str(out)).code == 2
    whole = cli("sign-off", "census", "--out", str(tmp_path / "all.pdf")).json
    assert whole["written"] == sum(map(len, whole["lists"].values())) >= told["written"]
    assert (tmp_path / "all.pdf").read_bytes().startswith(b"%PDF")


def test_a_renamed_file_needs_its_kind_and_can_be_taken_off(cli, file):
    path = file(name="census.csv")
    assert "does not say which sign-off" in cli("sign-off", "--load", str(path)).error
    assert cli("sign-off", "census", "--load", str(path)).json["remarks"][0]["row"] == 0
    assert cli("sign-off", "census", "--unload").json["file"] is None
    assert "No file is loaded" in cli("sign-off", "census", "--unload").error


@pytest.mark.parametrize(
    "words",
    [
        ("consensus",),
        ("census", "--year", "1066"),
        ("census", "--take-back"),
        ("census", "--unload"),
        ("census", "--load", "nosuch.csv"),
        ("census", "--signed-by", ""),
        ("census", "--signed-by", "Sam", "--on", "someday"),
        ("census", "--signed-by", "Sam", "--on", "2100-01-01"),
        ("census", "--on", "2026-10-20"),
        ("census", "--list", "nosuch"),
        ("census", "--take-back", "--unload"),
        ("--signed-by", "Sam"),
        ("--list", "missing"),
        ("--out", "x.pdf"),
    ],
)
def test_wrong_use_is_exit_2_and_keeps_nothing(empty, words):
    before = empty("sign-off").json, empty.ok("journal", "--limit", "1")
    assert empty("sign-off", *words).code == 2
    assert (empty("sign-off").json, empty.ok("journal", "--limit", "1")) == before


def test_an_empty_workspace_has_its_checklist_too(empty):
    told = empty("sign-off", "performance-profile").json
    assert (told["expected"], told["matched"], told["file"]) == (0, 0, None)
