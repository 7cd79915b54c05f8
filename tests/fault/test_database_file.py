"""The database file in trouble: locked by others (P3), read-only, removed, damaged, without its log (P4), two programs (P5)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shutil import which

import pytest
from sqlcipher3 import dbapi2

from desktop.model.errors import DiskFull, StoreDamaged, StoreError, StoreLocked, StoreMissing
from desktop.services.restoring import restore
from desktop.services.workspace import Workspace
from desktop.store import engine as db
from desktop.store import store, vault
from desktop.store.engine import PAGE_BYTES
from desktop.store.files import FolderLock
from desktop.store.store import DB_FILE
from tests.e2e.cli_world import Cli
from tests.fault.conftest import PASSPHRASE, Desk

ROOT = Path(__file__).parents[2]


def _cli(desk: Desk, folder: Path | None = None) -> Cli:
    return Cli(folder or desk.folder, {"HOLDFAST_PASSPHRASE": PASSPHRASE})


# --- P3 -----------------------------------------------------------------------------------------------------------


@contextmanager
def locked_by_others(desk: Desk) -> Iterator[None]:
    """Another program, which knows the key but not our lock, is in the middle of writing."""
    key = vault.unwrap(vault.read_slot(desk.folder), PASSPHRASE)
    other = db.connect(desk.folder / DB_FILE, key)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.fixture
def impatient(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The busy timeout is short; everything else is as it is."""
    monkeypatch.setattr(db, "BUSY_TIMEOUT_MS", 20)
    desk.reopen()
    return desk


def test_an_edit_while_others_lock_the_file_is_refused_whole(impatient: Desk) -> None:
    """P3: longer than we wait; the person is told, and the same edit works afterwards."""
    desk = impatient
    record = desk.edit(desk.at(desk.in_training()), email="kept@example.com")
    with locked_by_others(desk):
        with pytest.raises(StoreLocked) as caught:
            desk.edit(record, email="other@example.com")
        assert "busy" in str(caught.value)
        assert desk.view(record).document.get("email") == "kept@example.com", "reading goes on"
    desk.edit(record, email="other@example.com")
    desk.sync()
    assert desk.trainee(record)["email"] == "other@example.com"
    desk.assert_settled()


@pytest.mark.parametrize("call", ["pages", "update", "create"])
def test_a_sync_while_others_lock_the_file_loses_nothing(impatient: Desk, call: str) -> None:
    """P3, I5, I12: the lock falls between request and answer; the next sync settles it, and nothing is sent twice."""
    desk = impatient
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.add()
    lock = locked_by_others(desk)
    desk.taps.after(call, lambda *_: lock.__enter__())
    with pytest.raises(StoreLocked):
        desk.sync()
    lock.__exit__(None, None, None)
    desk.sync()
    assert desk.trainee(record)["email"] == "a@example.com"
    assert len([w for w in desk.writes() if w[0] == "POST"]) == 1
    assert len([w for w in desk.writes() if w[0] == "PUT"]) == 1
    desk.assert_settled()


def test_the_command_line_says_busy_with_code_4(impatient: Desk) -> None:
    """P3."""
    desk = impatient
    record = desk.at(desk.in_training())
    desk.close()
    with locked_by_others(desk):
        refused = _cli(desk)("set", "trainees", record.id, "middle_names=Bea")
    assert refused.code == 4
    assert "busy" in refused.error
    assert _cli(desk)("set", "trainees", record.id, "middle_names=Bea").code == 0


# --- P4 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["", f"/{DB_FILE}"], ids=["folder", "file"])
def test_read_only(desk: Desk, what: str) -> None:
    """P4: on a disk that cannot be written: plain words, code 4, not a byte changed. In a name space of its own."""
    desk.close()
    unshare = which("unshare")
    if (
        unshare is None
        or subprocess.run([unshare, "-Urm", "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("this system lets nobody make a read-only disk")
    before = {p.name: p.read_bytes() for p in desk.folder.iterdir()}
    place = f"{desk.folder}{what}"
    run = f"{sys.executable} -m desktop --data-dir {desk.folder} --json sync"
    script = f"mount --bind {place} {place} && mount -o remount,ro,bind {place} && {run}"
    done = subprocess.run(
        [unshare, "-Urm", "sh", "-c", script],
        cwd=ROOT,
        env={**os.environ, "HOLDFAST_PASSPHRASE": PASSPHRASE},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 4, done.stdout
    words = json.loads(done.stdout)["error"]
    assert "ermission" in words
    assert "damaged" not in words
    assert {name: (desk.folder / name).read_bytes() for name in before} == before


def test_a_file_that_is_removed_while_it_is_open(desk: Desk, tmp_path: Path) -> None:
    """P4, I1: no save is called a save that would be gone with the program; a backup still saves everything."""
    record = desk.edit(desk.at(desk.in_training()), email="kept@example.com")
    (desk.folder / DB_FILE).unlink()
    with pytest.raises(StoreMissing) as caught:
        desk.edit(record, email="lost@example.com")
    assert "backup" in str(caught.value)
    copy = desk.workspace.care.backup(tmp_path / "copy.holdfast")
    restore(copy, tmp_path / "again", PASSPHRASE)
    again = Workspace.open(tmp_path / "again", PASSPHRASE, clock=desk.clock)
    assert again.records.view(record.id).document.get("email") == "kept@example.com"
    assert again.care.doctor() == []
    again.close()


def test_a_file_that_another_took_the_place_of(desk: Desk) -> None:
    """P4: somebody copied an older file over it by hand, as a new file; put back, the work goes on."""
    record = desk.at(desk.in_training())
    ours = desk.folder / DB_FILE
    aside = ours.rename(desk.folder / "aside.db")
    ours.write_bytes(aside.read_bytes())
    with pytest.raises(StoreMissing):
        desk.edit(record, email="a@example.com")
    aside.replace(ours)
    desk.edit(record, email="a@example.com")
    desk.sync()
    desk.assert_settled()


def test_a_log_that_is_removed_while_it_is_open(desk: Desk) -> None:
    """P4: the newest saves are in it; nothing more is called saved."""
    record = desk.edit(desk.at(desk.in_training()), email="kept@example.com")
    (desk.folder / f"{DB_FILE}-wal").unlink()
    with pytest.raises(StoreMissing):
        desk.edit(record, email="lost@example.com")
    assert desk.view(record).document.get("email") == "kept@example.com"


def test_a_log_that_is_missing_at_the_start(desk: Desk) -> None:
    """P4, I13: only the file was copied, after a kill: it is sound and older, and nothing is made twice at the portal."""
    desk.reopen()
    content = (desk.folder / DB_FILE).read_bytes()
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    new = desk.add(provider_trainee_id="NM-LOG")
    desk.sync()
    assert (desk.folder / DB_FILE).read_bytes() == content, "all of it is in the log alone"
    desk.close()
    (desk.folder / DB_FILE).write_bytes(content)
    desk.reopen()
    assert desk.workspace.care.doctor() == []
    assert new.id not in [v.id for v in desk.all()]
    desk.sync()
    assert desk.at(desk.trainee(record)["trainee_id"]).document.get("email") == "a@example.com"
    assert len(desk.named(provider_trainee_id="NM-LOG")) == 1
    desk.assert_settled()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("file is not a database", StoreDamaged),
        ("database disk image is malformed", StoreDamaged),
        ("vtable constructor failed: words", StoreDamaged),
        ("database or disk is full", DiskFull),
        ("disk I/O error", StoreError),
        ("database is locked", StoreLocked),
        ("attempt to write a readonly database", StoreError),
    ],
)
def test_what_the_driver_says_in_our_words(said: str, kind: type[StoreError]) -> None:
    """P2 to P4: a disk that refuses is never called a damaged file, which a person would then replace."""
    told = db.as_known(dbapi2.OperationalError(said))
    assert type(told) is kind
    assert said not in str(told)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9])
def test_a_damaged_page_is_said_and_left_as_it_is(desk: Desk, share: float) -> None:
    """P4: one byte of one page; code 4 in plain words, the doctor names it, and not a byte is changed by us."""
    desk.close()
    path = desk.folder / DB_FILE
    content = bytearray(path.read_bytes())
    page = int(len(content) // PAGE_BYTES * share)
    content[page * PAGE_BYTES + 4000] ^= 0xFF
    path.write_bytes(content)
    doctor = _cli(desk)("doctor")
    assert doctor.code in (1, 4)
    assert "Traceback" not in doctor.out + doctor.err
    assert path.read_bytes() == content
    assert _found(desk), "nobody noticed"


def _found(desk: Desk) -> list[str]:
    """What opening and the doctor say of the file."""
    try:
        desk.reopen()
        return desk.workspace.care.doctor()
    except StoreDamaged as error:
        return [str(error)]


def test_half_a_file_is_said_to_be_damaged(desk: Desk) -> None:
    """P4: a copy that was cut short."""
    desk.close()
    path = desk.folder / DB_FILE
    half = path.read_bytes()[: path.stat().st_size // 2]
    path.write_bytes(half)
    assert _cli(desk)("list", "trainees").code == 4
    assert path.read_bytes() == half


# --- P5 -----------------------------------------------------------------------------------------------------------


def test_a_second_program_is_refused_until_the_first_is_killed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P5: code 4 while another process has it; after kill -9 of that one the lock is free by itself."""
    record = desk.edit(desk.at(desk.in_training()), email="kept@example.com")
    desk.close()
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(desk.folder), PASSPHRASE],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with first:
        assert first.stdout is not None
        assert first.stdout.readline() == "open\n"
        monkeypatch.setattr(store, "FolderLock", partial(FolderLock, wait_s=0.0))
        refused = _cli(desk)("list", "trainees")
        assert refused.code == 4
        assert "another Holdfast" in refused.error
        first.kill()
    desk.reopen()
    assert desk.view(record).document.get("email") == "kept@example.com"
    desk.assert_healthy()


HOLDER = """
import sys
from pathlib import Path
from desktop.services.workspace import Workspace

workspace = Workspace.open(Path(sys.argv[1]), sys.argv[2])
print("open", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    "name", [".backup.4711.db", ".backup.4711.db-wal", ".holdfast.key.4711.new", ".doctor.x1/holdfast.db"]
)
def test_what_a_killed_program_left_half_made_is_cleared_away(desk: Desk, name: str) -> None:
    """P1: copies of the whole workspace do not pile up after kills in the middle of a backup or a doctor's look."""
    desk.close()
    left = desk.folder / name
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"half")
    desk.reopen()
    assert not left.exists()
    assert left.parent == desk.folder or not left.parent.exists()
    desk.assert_healthy()
