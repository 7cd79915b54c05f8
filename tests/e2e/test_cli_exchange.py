"""`exchange`: change files between colleagues, as people and scripts call it."""

import json

import pytest

from desktop.store import vault
from tests.e2e.cli_world import CHEAP, Cli

TEAM = {"HOLDFAST_EXCHANGE_PASSPHRASE": "a secret of the team"}
COUNTS = {"new", "changed", "same", "asked", "held", "removed", "linked", "later"}


def office(folder, name):
    """A school's workspace of one person."""
    cli = Cli(folder / name, {"HOLDFAST_PASSPHRASE": "correct horse"})
    cli.ok("init", "--organisation", "Northmoor Academy", "--kind", "school", "--urn", "123456")
    return cli


@pytest.fixture
def two(tmp_path, monkeypatch):
    """Two workspaces of one school and a shared folder."""
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    (tmp_path / "share").mkdir()
    return office(tmp_path, "jo"), office(tmp_path, "sam"), tmp_path / "share"


def add(cli, **answers):
    told = cli("add", "ects", "--from", "-", stdin=json.dumps(answers).encode())
    return told.json["id"]


def test_a_file_goes_from_one_to_the_other_by_the_shared_folder(two):
    jo, sam, share = two
    ref = add(sam, trn="1234567", last_name="Ashcombe")
    made = sam("exchange", "make", "--folder", str(share), env=TEAM)
    assert made.code == 0
    assert made.json.keys() == {"file", "records", "size_bytes"}
    assert made.json["records"] == 1
    looked = jo("exchange", "take", "--folder", str(share), "--dry-run", env=TEAM).json
    assert (looked["new"], looked["dry_run"]) == (1, True)
    assert jo.ok("list", "ects")["total"] == 0
    taken = jo.ok("exchange", "take", "--folder", str(share))
    assert taken.keys() >= COUNTS
    assert taken["lines"] == [{"record": ref, "label": "Ashcombe", "what": "New here"}]
    assert jo.ok("show", "ects", ref)["id"] == ref
    assert jo.ok("exchange", "take", "--folder", str(share))["same"] == 1


def test_the_folder_is_kept_and_how_it_stands_is_told(two):
    jo, _, share = two
    assert jo("exchange", "make", env=TEAM).code == 2
    told = jo.ok("exchange", "--folder", str(share))
    assert told == {"folder": str(share), "agreed": False, "made_at": None, "taken_at": None, "typing": []}
    assert jo("exchange", "make", env=TEAM).code == 0
    assert jo.ok("exchange", "take")["files"] == []
    assert jo.ok("exchange")["agreed"]
    told = jo("exchange", as_json=False)
    assert f"Shared folder: {share}" in told.out


def test_a_question_ends_with_exit_1_and_names_the_colleague(two):
    jo, sam, share = two
    ref = add(sam, trn="1234567", last_name="Ashcombe")
    path = str(share / "sam.hfx")
    sam("exchange", "make", path, env=TEAM)
    jo("exchange", "take", path, env=TEAM)
    for cli, name in ((jo, "jo"), (sam, "sam")):
        cli("set", "ects", ref, f"email={name}@school.example")
    sam.ok("exchange", "make", path)
    told = jo("exchange", "take", path)
    assert (told.code, told.json["asked"]) == (1, 1)
    (question,) = jo("conflicts").json["conflicts"]
    assert question["kind"] == "colleague"
    assert question["theirs_by"]
    assert question["candidates"] == []
    assert jo("resolve", question["id"], "--all", "theirs").code == 0
    assert jo.ok("show", "ects", ref)["fields"]["email"] == "sam@school.example"
    shown = jo("journal", as_json=False).out
    assert "Taken in from" in shown


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("make", "changes.txt"), 2, ".hfx"),
        (("take", "gone.hfx"), 2, "is not there"),
        (("take", "broken.hfx"), 4, "is not a change file"),
        (("take",), 2, "--folder"),
        (("take", "a.hfx", "--folder", "b"), 2, "not both"),
        (("make", "--folder", "nowhere"), 2, "There is no folder"),
    ],
)
def test_what_cannot_be_done_is_said(two, monkeypatch, words, code, said):
    jo, _, share = two
    monkeypatch.chdir(share)
    (share / "broken.hfx").write_text("nothing")
    told = jo("exchange", *words, env=TEAM)
    assert told.code == code
    assert said in told.error


def test_without_the_passphrase_nothing_is_taken_and_it_is_said_where_it_goes(two):
    jo, sam, share = two
    path = str(share / "sam.hfx")
    sam("exchange", "make", path, env=TEAM)
    told = jo("exchange", "take", path)
    assert told.code == 4
    assert "HOLDFAST_EXCHANGE_PASSPHRASE" in told.error
    wrong = jo("exchange", "take", path, env={"HOLDFAST_EXCHANGE_PASSPHRASE": "not that one"})
    assert wrong.code == 4
    assert "does not open" in wrong.error
