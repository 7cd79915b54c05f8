"""Looking after a workspace from the command line: backup, wreck, restore, doctor; salvage; keeping and deleting; subject access."""

from __future__ import annotations

import json
import os
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.store.engine import PAGE_BYTES
from desktop.store.store import DB_FILE
from tests.e2e.cli_world import Cli, cheap_keys, new_cli, pulled


@pytest.fixture
def cli(tmp_path: Path) -> Iterator[Cli]:
    """A workspace that has read everything, with a change that waits."""
    with pulled(tmp_path / "w", size=12) as (made, _):
        record = made.one()
        made.ok("set", "trainees", record["id"], "middle_names=Quillfeather")
        yield made


def _wreck(cli: Cli) -> bytes:
    """A page in the middle and one near the end are torn; the file as it is then."""
    content = bytearray((cli.folder / DB_FILE).read_bytes())
    for share in (0.5, 0.9):
        content[int(len(content) // PAGE_BYTES * share) * PAGE_BYTES + 2000] ^= 0xFF
    (cli.folder / DB_FILE).write_bytes(content)
    return bytes(content)


def test_backup_wreck_restore_doctor(cli: Cli, tmp_path: Path) -> None:
    """On another computer: another folder, no key ring, only the passphrase; nothing of the wreck is touched."""
    before, queue = cli.ok("list", "trainees", "--fields"), cli.ok("queue")
    (made,) = cli.ok("backups", "--make")["backups"]
    wreck = _wreck(cli)
    doctor = cli("doctor")
    assert doctor.code == 4
    assert doctor.json["ok"] is False if "ok" in doctor.json else doctor.error
    assert cli("doctor", "--mend").code == 4
    assert (cli.folder / DB_FILE).read_bytes() == wreck, "neither looking nor mending wrote into it"
    assert cli("restore", made["file"]).code in (2, 4), "never over what is there"
    again = new_cli(tmp_path / "another computer")
    again.env |= cli.env
    again.ok("restore", made["file"])
    assert again.ok("doctor") == {"ok": True, "problems": []}
    assert again.ok("list", "trainees", "--fields") == before
    assert [item["id"] for item in again.ok("queue")["items"]] == [item["id"] for item in queue["items"]]
    synced = again("sync")
    assert synced.code == 0
    assert synced.json["pushed"] == 1


def test_a_damaged_file_is_salvaged_and_put_back(cli: Cli, tmp_path: Path) -> None:
    before = {one["id"]: one for one in cli.ok("list", "trainees", "--fields")["records"]}
    wreck = _wreck(cli)
    saved = cli("salvage", "--out", str(tmp_path / "saved.holdfast-backup"))
    assert saved.code in (0, 1)
    assert (cli.folder / DB_FILE).read_bytes() == wreck
    again = new_cli(tmp_path / "again")
    again.ok("restore", saved.json["file"])
    assert again.ok("doctor")["ok"]
    found = again.ok("list", "trainees", "--fields")["records"]
    assert len(found) == saved.json["records"]
    assert all(before[one["id"]] == one for one in found)
    assert cli("salvage", "--out", saved.json["file"]).code == 2, "never over a file"


def test_a_foreign_file_is_left_as_it_is(cli: Cli, tmp_path: Path) -> None:
    (cli.folder / DB_FILE).write_bytes(b"SQLite format 3\0" + bytes(9000))
    before = (cli.folder / DB_FILE).read_bytes()
    for words in (("doctor",), ("doctor", "--mend"), ("salvage", "--out", str(tmp_path / "saved"))):
        assert cli(*words).code == 4
    assert (cli.folder / DB_FILE).read_bytes() == before
    assert not (tmp_path / "saved").exists()


def test_the_doctor_mends_on_request_and_says_so(cli: Cli) -> None:
    assert cli.ok("doctor", "--mend") == {"ok": True, "problems": [], "mended": [], "backup": None}
    (cli.folder / "files").mkdir(exist_ok=True)
    stray = cli.folder / "files" / "0199.sealed"
    stray.write_bytes(b"nobody knows me")
    long_ago = time.time() - 7200
    os.utime(stray, (long_ago, long_ago))
    assert cli("doctor").code == 4
    mended = cli.ok("doctor", "--mend")
    assert len(mended["mended"]) == 1
    assert mended["backup"].endswith("-before-mending.holdfast-backup")
    assert cli.ok("doctor")["ok"]


def test_retention_says_who_is_due_and_removes_only_when_told(tmp_path: Path) -> None:
    """Somebody who withdrew in 2019: seen before, removed only on the word, and not brought back by the next sync."""
    certificate = tmp_path / "certificate.csv"
    with pulled(tmp_path / "w", size=12) as (cli, portal):
        someone = cli.ok("show", "trainees", cli.one()["id"])
        portal.control.edit(someone["portal_id"], state="withdrawn", withdrawal_date="2019-03-01")
        assert cli.ok("retention")["due"] == []
        cli.ok("sync")
        listed = cli("retention")
        assert listed.code == 1
        (due,) = listed.json["due"]
        assert (due["id"], due["ended"], due["due"]) == (someone["id"], "2019-03-01", "2025-03-01")
        assert cli("retention", "--set", "trainees.outcome=3").code == 2
        assert cli("retention", "--set", "nothing=72").code == 2
        assert cli("retention", "--purge", "--only", "nobody").code == 2
        assert cli.ok("show", "trainees", someone["id"])["id"] == someone["id"], "nothing was removed so far"
        done = cli("retention", "--purge", "--only", someone["id"], "--certificate", str(certificate))
        assert (done.code, done.json["removed"], done.json["proven"]) == (0, 1, True)
        assert someone["fields"]["last_name"] not in certificate.read_text(encoding="utf-8-sig")
        assert cli("show", "trainees", someone["id"]).code == 2
        cli.ok("sync", "--full")
        assert cli("show", "trainees", someone["portal_id"]).code == 2
        assert cli.ok("doctor")["ok"]


def test_subject_access_is_handed_over_plain_or_locked(cli: Cli, tmp_path: Path) -> None:
    record = cli.one()
    plain, locked = tmp_path / "plain.zip", tmp_path / "locked.zip"
    told = cli.ok("subject-access", "trainees", record["id"], "--out", str(plain))
    assert told["locked"] is False
    with zipfile.ZipFile(plain) as book:
        data = json.loads(book.read("everything-held.json"))
    assert data["here"]["middle_names"] == "Quillfeather"
    assert cli("subject-access", "trainees", record["id"], "--out", str(plain)).code == 2, "never over a file"
    words = (
        "subject-access",
        "trainees",
        record["id"],
        "--out",
        str(locked),
        "--password-env",
        "PASSWORD_HERE",
    )
    assert cli(*words).code == 2
    cli.env["PASSWORD_HERE"] = "four words on paper"
    assert cli.ok(*words)["locked"] is True
    assert b"Quillfeather" not in locked.read_bytes()


def test_a_workspace_of_a_newer_program_is_neither_backed_up_nor_salvaged(tmp_path: Path) -> None:
    """No downgrade, by no way: code 4, the same bytes."""
    from desktop.store import engine, vault

    with cheap_keys():
        cli = new_cli(tmp_path / "w")
        cli.init()
    key = vault.unwrap(vault.read_slot(cli.folder), cli.env["HOLDFAST_PASSPHRASE"])
    connection = engine.connect(cli.folder / DB_FILE, key)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    content = (cli.folder / DB_FILE).read_bytes()
    for words in (("backups", "--make"), ("doctor", "--mend"), ("salvage", "--out", str(tmp_path / "saved"))):
        refused = cli(*words)
        assert refused.code == 4
        assert "newer" in refused.error
    assert (cli.folder / DB_FILE).read_bytes() == content
