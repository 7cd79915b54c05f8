"""The disk is full (P2): it is said in plain words, nothing that was saved is lost, and with room again the work goes on.

Three ways to have no room: the database may not grow by a page (SQLite says "full"), no file may grow beyond a size (the
system says "too large", as a quota does in its own words), and, where the system lets us make one, a disk that is full.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from shutil import which

import pytest
import sqlalchemy as sa

from desktop.model.errors import DiskFull, StoreError
from desktop.services import workspace as module
from desktop.services.restoring import restore
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from desktop.store import backup, vault
from desktop.store.files import LOCK_FILE
from desktop.store.store import DB_FILE, Store
from tests.e2e.cli_world import Cli
from tests.fault.conftest import CHEAP, PASSPHRASE, Desk

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no limit of file size")
ROOT = Path(__file__).parents[2]
LONG = "Ada " * 5000
Shortage = Callable[[Desk], AbstractContextManager[None]]


@contextmanager
def no_page(desk: Desk) -> Iterator[None]:
    """The database file may not grow by one page."""
    engine = desk.workspace._store._engine

    def narrow(raw: sa.engine.interfaces.DBAPIConnection, *_: object) -> None:
        cursor = raw.cursor()
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone() or (0,)
        cursor.execute(f"PRAGMA max_page_count = {pages}")

    sa.event.listen(engine, "checkout", narrow)
    try:
        yield
    finally:
        sa.event.remove(engine, "checkout", narrow)
        engine.dispose()


@contextmanager
def no_byte(desk: Desk) -> Iterator[None]:
    """No file may become larger than the log of the database is now."""
    log = desk.folder / f"{DB_FILE}-wal"
    with file_limit(log.stat().st_size if log.exists() else 0):
        yield


@contextmanager
def file_limit(size: int) -> Iterator[None]:
    """No file of this process may become larger; what goes beyond is refused with EFBIG."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


SHORTAGES = pytest.mark.parametrize("shortage", [no_page, no_byte])


def check_words(error: StoreError, shortage: Callable[[Desk], object]) -> None:
    """What a person is told: the disk, and never that the file is damaged."""
    assert isinstance(error, DiskFull) is (shortage is no_page)
    assert "disk" in str(error)
    assert "damaged" not in str(error)


@SHORTAGES
def test_an_edit_is_refused_whole(desk: Desk, shortage: Shortage) -> None:
    """P2, I1: neither the answer nor its queue row nor its line in the journal is there; what was saved before is."""
    record = desk.edit(desk.at(desk.in_training()), email="kept@example.com")
    told = desk.history()
    with shortage(desk):
        with pytest.raises(StoreError) as caught:
            desk.edit(record, middle_names=LONG)
        check_words(caught.value, shortage)
        assert desk.view(record).document.get("email") == "kept@example.com"
    now = desk.view(record)
    assert (now.document.get("middle_names"), now.version) == (
        record.document.get("middle_names"),
        record.version,
    )
    assert desk.history() == told
    desk.edit(record, middle_names="Bea")
    desk.sync()
    assert desk.trainee(record)["middle_names"] == "Bea"
    desk.assert_settled()


@SHORTAGES
def test_a_new_record_is_refused_whole(desk: Desk, shortage: Shortage) -> None:
    """P2, I1: no half of it stays."""
    count = len(desk.all())
    with shortage(desk), pytest.raises(StoreError) as caught:
        desk.add(middle_names=LONG)
    check_words(caught.value, shortage)
    assert len(desk.all()) == count
    desk.add()
    desk.sync()
    desk.assert_settled()


@SHORTAGES
def test_a_page_that_cannot_be_taken_in_is_read_again(desk: Desk, shortage: Shortage) -> None:
    """P2, I8: the watermark does not move over rows that were not stored."""
    person = {k: v for k, v in desk.person().fields.items() if v is not None}
    for n in range(8):
        desk.control.add(**(person | {"first_names": f"Bea{chr(97 + n)}", "email": f"{n}@example.com"}))
    desk.edit(desk.at(desk.in_training()), email="waits@example.com")
    count = len(desk.all())
    with desk.read() as unit:
        mark = unit.portals.watermark("trainees", "2026")
    with shortage(desk), pytest.raises(StoreError) as caught:
        desk.sync()
    check_words(caught.value, shortage)
    assert len(desk.all()) == count
    with desk.read() as unit:
        assert unit.portals.watermark("trainees", "2026") == mark
    desk.sync()
    assert len(desk.all()) == count + 8
    desk.assert_settled()


def test_an_answer_that_cannot_be_stored_is_asked_for_again(desk: Desk) -> None:
    """P2, I5, I12: the portal did it, and the disk was full when its yes came: settled by reading, sent once."""
    record = desk.edit(desk.at(desk.in_training()), email="sent@example.com")
    new = desk.add()
    full = no_byte(desk)
    desk.taps.after("create", lambda *_: full.__enter__())
    with pytest.raises(StoreError):
        desk.sync()
    full.__exit__(None, None, None)
    desk.sync()
    assert len([w for w in desk.writes() if w == ("POST", "/trainees")]) == 1
    assert desk.trainee(record)["email"] == "sent@example.com"
    assert desk.view(new).portal_id is not None
    desk.assert_settled()


def test_a_log_that_cannot_be_emptied_loses_nothing(desk: Desk) -> None:
    """P2: closing would bring the log into the file, which may not grow: the log stays, and is read at the next start."""
    records = [desk.edit(desk.at(desk.in_training(n)), middle_names=LONG) for n in range(6)]
    size = (desk.folder / DB_FILE).stat().st_size
    with file_limit(size):
        desk.close()
    assert (desk.folder / f"{DB_FILE}-wal").stat().st_size > 0
    desk.reopen()
    held = [desk.view(r).document.get("middle_names") for r in records]
    assert held == [r.document.get("middle_names") for r in records]
    assert all(len(str(text)) > 10_000 for text in held)
    desk.assert_healthy()


@pytest.mark.parametrize("missing", [300_000, -100])
def test_a_backup_without_room_leaves_no_half_of_one(desk: Desk, tmp_path: Path, missing: int) -> None:
    """P2: the room ends in the copy of the database, or in the last step, when the copy gets its head."""
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.reopen()
    target = tmp_path / "copy.holdfast"
    before = {p.name for p in desk.folder.iterdir()}
    room = (desk.folder / DB_FILE).stat().st_size - missing
    with file_limit(room), pytest.raises(StoreError) as caught:
        desk.workspace.care.backup(target)
    assert "damaged" not in str(caught.value)
    assert not target.exists()
    assert {p.name for p in desk.folder.iterdir()} == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    desk.workspace.care.backup(target)
    backup.read(target, verify=True)


@pytest.mark.parametrize("room", [600, 9_000, 60_000, 220_000])
def test_no_workspace_is_made_without_room_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    """P2: it is the disk that is named; nothing of it stays, no log either, so that it can be made there later."""
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    folder = tmp_path / "new"
    with file_limit(room), pytest.raises(StoreError) as caught:
        Workspace.create(folder, Organisation("N", "hei", ""), PASSPHRASE, remember=False)
    assert "disk" in str(caught.value)
    assert [p.name for p in folder.iterdir() if p.name != LOCK_FILE] == []
    made = Workspace.create(folder, Organisation("N", "hei", ""), PASSPHRASE, remember=False)
    assert made.care.doctor() == []
    made.close()


def test_a_workspace_whose_first_lines_find_no_room_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P2: the tables fit and what comes after them does not: the folder is free again, also of our own lock."""
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    limit = file_limit(0)

    def no_room(store: Store) -> None:
        limit.__enter__()
        with store.write() as unit:
            unit.set_meta("more", LONG)

    monkeypatch.setattr(module, "_index", no_room)
    with pytest.raises(StoreError):
        Workspace.create(tmp_path / "new", Organisation("N", "hei", ""), PASSPHRASE, remember=False)
    limit.__exit__(None, None, None)
    monkeypatch.undo()
    Workspace.create(tmp_path / "new", Organisation("N", "hei", ""), PASSPHRASE, remember=False).close()


def test_a_backup_is_not_restored_without_room_for_it(desk: Desk, tmp_path: Path) -> None:
    """P2: no database is left where it could not be put whole."""
    copy = desk.workspace.care.backup(tmp_path / "copy.holdfast")
    target = tmp_path / "elsewhere"
    with file_limit(copy.stat().st_size // 2), pytest.raises(StoreError):
        restore(copy, target, PASSPHRASE)
    restore(copy, target, PASSPHRASE)
    Workspace.open(target, PASSPHRASE).close()


def test_the_command_line_says_so_with_code_4(desk: Desk) -> None:
    """P2: plain words and the exit code of a store that cannot be used; with room again the same command works."""
    record = desk.at(desk.in_training())
    desk.close()
    cli = Cli(desk.folder, {"HOLDFAST_PASSPHRASE": PASSPHRASE})
    words = ("set", "trainees", record.id, "middle_names=Bea")
    with file_limit(0):
        refused = cli(*words)
    assert refused.code == 4
    assert "disk" in refused.error
    assert cli(*words).code == 0


def test_on_a_disk_that_is_full(desk: Desk) -> None:
    """P2: the whole round on a real file system of three megabytes: edit, pull, log, backup, migration."""
    desk.close()
    unshare = which("unshare")
    if (
        unshare is None
        or subprocess.run([unshare, "-Urm", "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("this system lets nobody make a small disk")
    script = f"{sys.executable} -m tests.fault.small_disk /mnt {desk.folder}"
    environment = {**os.environ, "TEST_PORTAL_TOKEN": desk.portal.token}
    done = subprocess.run(
        [unshare, "-Urm", "sh", "-c", f"mount -t tmpfs -o size=3m none /mnt && exec {script}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [t["deed"] for t in told] == [
        "edit",
        "pull",
        "backup",
        "backup by itself",
        "migration",
        "key",
        "command",
    ]
    assert {t["kind"] for t in told[:-1]} == {"DiskFull"}, told
    assert all("disk" in t["words"] and "damaged" not in t["words"] for t in told), told
