"""`queue --out` and `queue --from`: the way out, as people and scripts call it (contract.md section 2, sync.md D25)."""

import csv
import io
import json

import pytest

from tests.e2e.cli_world import Cli, new_cli, pulled

QUEUE = {"items", "paused", "held", "money_gbp"}
ITEM = {"id", "record", "kind", "state", "attempts", "next_try", "reason"}


@pytest.fixture
def cli(tmp_path):
    """A change, an action and a draft that are not at the portal."""
    with pulled(tmp_path / "ws") as (made, _portal):
        ref = made.one()["id"]
        made.ok("set", "trainees", ref, "email=kept@mail.example")
        made.ok("act", "trainees", ref, "defer", 'defer_date="5 oct 2026"')
        draft = json.dumps({"first_names": "Zelda", "last_name": "=Quarrington"}).encode()
        assert made("add", "trainees", "--from", "-", stdin=draft).code == 1
        yield made


def _rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_out_adds_to_the_normal_object_and_changes_nothing(cli, tmp_path):
    before = cli.ok("queue")
    assert before.keys() == QUEUE
    for name in ("out.csv", "out.holdfast-queue"):
        told = cli.ok("queue", "--out", str(tmp_path / name))
        assert {key: told[key] for key in QUEUE} == before
        assert (told["file"], told["records"], told["changes"]) == (str(tmp_path / name), 2, 3)
    assert cli.ok("queue") == before
    entries = cli.ok("journal", "--limit", "3")["entries"]
    assert [e["event"] for e in entries[:2]] == ["queue_saved", "queue_saved"]
    assert entries[0]["detail"]["file"] == "out.holdfast-queue"
    assert str(tmp_path) not in json.dumps(entries)


def test_the_spreadsheet_holds_what_a_person_must_type(cli, tmp_path):
    cli.ok("queue", "--out", str(tmp_path / "out.csv"))
    rows = _rows(tmp_path / "out.csv")
    assert [row["Kind of change"] for row in rows] == ["change", "action", "new", "new"]
    assert (rows[0]["Question"], rows[0]["Our answer"]) == ("Email address", "kept@mail.example")
    assert rows[1]["Our answer"] == "5 October 2026"
    assert "'=Quarrington" in {row["Our answer"] for row in rows}


def test_a_saved_queue_is_shown_where_there_is_no_workspace(cli, tmp_path):
    file = tmp_path / "out.holdfast-queue"
    cli.ok("queue", "--out", str(file))
    elsewhere = new_cli(tmp_path / "nothing-here")
    told = elsewhere.ok("queue", "--from", str(file))
    assert (told["records"], told["changes"], told["from"]) == (2, 3, str(file))
    assert told["organisation"] == "Northmoor University"
    assert {tuple(sorted(ITEM & item.keys())) for item in told["items"]} == {tuple(sorted(ITEM))}
    assert [item["kind"] for item in told["items"]] == ["update", "action", "create"]
    assert told["items"][0]["answers"][0]["ours"] == "kept@mail.example"
    assert told["items"][0]["id"] == cli.ok("queue")["items"][0]["id"]
    assert not (tmp_path / "nothing-here").exists()


def test_its_spreadsheet_can_be_made_elsewhere(cli, tmp_path):
    file, here, there = tmp_path / "out.holdfast-queue", tmp_path / "here.csv", tmp_path / "there.csv"
    cli.ok("queue", "--out", str(file))
    cli.ok("queue", "--out", str(here))
    elsewhere = new_cli(tmp_path / "nothing-here")
    told = elsewhere.ok("queue", "--from", str(file), "--out", str(there))
    assert (told["file"], told["from"]) == (str(there), str(file))
    assert there.read_bytes() == here.read_bytes()
    assert elsewhere("queue", "--from", str(file), "--out", str(there)).code == 2
    assert elsewhere("queue", "--from", str(file), "--out", str(tmp_path / "b.holdfast-queue")).code == 2
    assert not (tmp_path / "b.holdfast-queue").exists()


def test_people_read_it_as_lines(cli, tmp_path):
    file = tmp_path / "out.holdfast-queue"
    plain = cli("queue", as_json=False).out
    out = cli("queue", "--out", str(file), as_json=False).out
    assert out.startswith(plain)
    assert "3 changes of 2 records, drafts too, saved as out.holdfast-queue." in out
    sheet = cli("queue", "--out", str(tmp_path / "out.csv"), as_json=False).out
    assert "Anybody can read it" in sheet
    shown = cli("queue", "--from", str(file), as_json=False).out
    assert shown.startswith("Northmoor University: 3 changes of 2 records, saved ")
    assert "Defer on 5 October 2026" in shown


@pytest.mark.parametrize(
    "name", ["out", "out.xlsx", "nowhere/out.csv", "there.csv", "there.holdfast-queue", ""]
)
def test_a_target_that_cannot_be_is_a_usage_error(cli, tmp_path, name):
    for there in ("there.csv", "there.holdfast-queue"):
        (tmp_path / there).write_bytes(b"mine")
    result = cli("queue", "--out", str(tmp_path / name) if name else "")
    assert result.code == 2
    assert result.error
    assert (tmp_path / "there.csv").read_bytes() == b"mine"
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_is_not_a_saved_queue_or_not_whole_exits_4(cli, tmp_path):
    file = tmp_path / "out.holdfast-queue"
    cli.ok("queue", "--out", str(file))
    raw = file.read_bytes()
    backup = tmp_path / "b.holdfast"
    cli.ok("backup", str(backup))
    broken = {
        "cut": (raw[:-20], "is damaged"),
        "bent": (raw[:-9] + b"x" + raw[-8:], "is damaged"),
        "empty": (b"", "is not a saved queue"),
        "backup": (backup.read_bytes(), "is not a saved queue"),
    }
    for name, (content, said) in broken.items():
        path = tmp_path / name
        path.write_bytes(content)
        result = cli("queue", "--from", str(path))
        assert (result.code, said in result.error) == (4, True), name
    newer = tmp_path / "newer"
    newer.write_bytes(raw.replace(b"QUEUE-1\n", b"QUEUE-9\n", 1))
    result = cli("queue", "--from", str(newer))
    assert (result.code, "newer version" in result.error) == (4, True)


def test_passphrase_of_a_saved_queue(cli, tmp_path):
    file = tmp_path / "out.holdfast-queue"
    cli.ok("queue", "--out", str(file))
    wrong = cli("queue", "--from", str(file), env={"HOLDFAST_PASSPHRASE": "other"})
    assert (wrong.code, "does not open out.holdfast-queue" in wrong.error) == (4, True)
    none = cli("queue", "--from", str(file), env={"HOLDFAST_PASSPHRASE": None})
    assert (none.code, "HOLDFAST_PASSPHRASE" in none.error) == (4, True)
    missing = cli("queue", "--from", str(tmp_path / "nothing"))
    assert missing.code == 2
    assert "There is no file" in missing.error


def test_a_process_of_its_own_writes_and_reads_it(cli: Cli, tmp_path):
    file = tmp_path / "out.holdfast-queue"
    written = cli.process("--json", "queue", "--out", str(file))
    assert (written.code, json.loads(written.out)["changes"]) == (0, 3)
    read = cli.process("--json", "queue", "--from", str(file))
    assert (read.code, json.loads(read.out)["changes"]) == (0, 3)
    assert written.err + read.err == ""
