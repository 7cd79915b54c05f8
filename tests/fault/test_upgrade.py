"""An older file with work in it is brought up to date (T4, D27): nothing of queue, conflicts and journal changes by it.

The corpus is a queue in every state as a file of rows, frozen when its format came out; it is never made anew. The tests
hold for any number of migrations: an older file is built by running the first few.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.model.change import Change
from desktop.model.errors import DiskFull, StoreError, StoreNewer
from desktop.services.restoring import restore
from desktop.services.workspace import Workspace
from desktop.store import backup, migrations, vault
from desktop.store import engine as db
from desktop.store.store import DB_FILE, Store
from tests.e2e.cli_world import Cli
from tests.fault import older
from tests.fault.conftest import CHEAP, PASSPHRASE, Desk, Ticking
from tests.fault.killing import Task
from tests.fault.test_kill_points import Forge

CORPUS = sorted((Path(__file__).parent / "corpus").glob("queue-*.json"))
STATES = {"queued", "sending", "unknown", "held", "conflict", "rejected"}


@pytest.fixture(params=CORPUS, ids=lambda path: path.stem)
def rows(request: pytest.FixtureRequest) -> older.Rows:
    return older.load(request.param)


@pytest.fixture
def old(rows: older.Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of the first version with that queue."""
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    folder = older.new_folder(tmp_path / "old")
    older.build(folder, rows, 1)
    return folder


@pytest.fixture(scope="module")
def forge() -> Iterator[Forge]:
    made = Forge()
    yield made
    made.close()


def _changes(workspace: Workspace) -> list[Change]:
    with workspace._store.read() as unit:
        return unit.outbox.all()


def test_the_corpus_has_a_change_in_every_state(rows: older.Rows) -> None:
    """T4: and of every kind; all of one format of payloads."""
    assert {c["state"] for c in rows["changes"]} == STATES
    assert {c["kind"] for c in rows["changes"]} == {"create", "update", "nested", "action"}
    assert len({c["format"] for c in rows["changes"]}) == 1


def test_nothing_of_the_rows_changes(rows: older.Rows, old: Path) -> None:
    """T4, I3, I16: every row of every table is as it was, in all that the older program knew of it."""
    store = Store.open(old, older.key_of(old))
    with store.read() as unit:
        assert unit.connection.exec_driver_sql("PRAGMA user_version").scalar() == migrations.NEWEST
        assert list(unit.journal.problems()) == []
    assert store.integrity_problems() == []
    store.close()
    now = older.rows_of(old, rows)
    for table, before in rows.items():
        known = sorted(before, key=lambda row: [str(v) for v in row.values()])
        assert sorted(now[table], key=lambda row: [str(v) for v in row.values()]) == known, table


def test_the_program_goes_on_with_an_old_queue(rows: older.Rows, old: Path) -> None:
    """T4, D27, I12: what was being sent is unknown, everything else waits as it did; the doctor is content."""
    counts = Counter(c["state"] for c in rows["changes"])
    counts["unknown"] += counts.pop("sending")
    workspace = Workspace.open(old, PASSPHRASE, clock=Ticking())
    assert Counter(c.state.value for c in _changes(workspace)) == counts
    assert [c.fields[0].mine for c in workspace.conflicts.open()] == ["mine@example.com"]
    assert workspace.care.doctor() == []
    labels = {c.record_label for c in workspace.queue.items()}
    assert "" not in labels
    workspace.close()


def test_the_old_file_is_kept_and_still_opens(rows: older.Rows, old: Path, tmp_path: Path) -> None:
    """T4: the backup made before the upgrade has every row of the old format, and can be restored with the passphrase."""
    Store.open(old, older.key_of(old)).close()
    (made,) = (old / "backups").iterdir()
    restore(made, tmp_path / "again", PASSPHRASE)
    assert len(older.rows_of(tmp_path / "again", rows)["changes"]) == len(rows["changes"])
    (tmp_path / "parts").mkdir()
    backup.unpack(backup.read(made, verify=True), tmp_path / "parts", lambda _: None)
    connection = db.connect(tmp_path / "parts" / DB_FILE, older.key_of(old))
    assert connection.execute("PRAGMA user_version").fetchone()[0] == 1
    assert connection.execute("SELECT count(*) FROM changes").fetchone()[0] == len(rows["changes"])
    connection.close()


@pytest.mark.parametrize("number", range(1, migrations.NEWEST))
def test_a_queue_is_sent_after_the_upgrade(desk: Desk, number: int) -> None:
    """T4, I17: queued, unknown and being sent when the older program ended; all of it arrives, once."""
    ids = [desk.in_training(n) for n in range(4)]
    desk.edit(desk.at(ids[0]), email="unknown@example.com")
    desk.control.fault("lost_reply", match="PUT")
    desk.taps.after("update", lambda *_: desk.control.fault("unavailable"))
    desk.sync()
    desk.control.fault("up")
    desk.clock.forward(hours=2)
    desk.edit(desk.at(ids[1]), email="queued@example.com")
    desk.add_child(desk.at(ids[2]), "placements", name="Hill Nursery", postcode="BN1 1AA")
    desk.workspace.records.act(desk.at(ids[3]).id, "defer", {"defer_date": "2026-10-01"})
    desk.add()
    waiting = {c.id: c.state for c in desk.changes()}
    desk.close()
    older.age(desk.folder, number)
    desk.reopen()
    assert {c.id: c.state for c in desk.changes()} == waiting
    desk.sync()
    assert len([w for w in desk.writes() if w[0] == "PUT"]) == 2
    desk.assert_settled()


@pytest.mark.skipif(os.name == "nt", reason="no kill -9")
def test_killed_at_every_statement_of_an_upgrade(
    rows: older.Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forge: Forge
) -> None:
    """T4, P1: kill -9 before and after each statement: the file is the old one or the new one, with every row."""
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    template = older.new_folder(tmp_path / "template")
    older.build(template, rows, 1)
    files = {p.name: p.read_bytes() for p in template.iterdir() if p.is_file()}
    wanted = Counter(c["id"] for c in rows["changes"])
    points, number = 1, 0
    while number <= points:
        folder = tmp_path / f"killed-{number}"
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        told = forge.run(Task("open", {}, "in upgrade", number, str(folder), "", "2026-10-05T09:00:00+00:00"))
        if number == 0:
            assert told.how == "done"
            points = told.points["in upgrade"]
        else:
            assert told.how == "SIGKILL"
        workspace = Workspace.open(folder, PASSPHRASE, clock=Ticking())
        assert Counter(c.id for c in _changes(workspace)) == wanted
        assert workspace.care.doctor() == []
        workspace.close()
        number += 1
    sys.stdout.write(f"upgrade: killed {points} times\n")
    assert points >= 8 * (migrations.NEWEST - 1)


def test_an_upgrade_without_room_leaves_the_old_file(
    rows: older.Rows, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T4, P2: the disk is full in the middle of it: it is said so, in those words, and tried again at the next start."""
    grow = ("PRAGMA max_page_count = 1", "CREATE TABLE big AS SELECT randomblob(500000) AS a")
    more = (*migrations.MIGRATIONS, grow)
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", more)
        patch.setattr(migrations, "NEWEST", len(more))
        with pytest.raises(DiskFull):
            Store.open(old, older.key_of(old))
    Store.open(old, older.key_of(old)).close()
    assert len(older.rows_of(old, rows)["changes"]) == len(rows["changes"])


def test_no_copy_no_upgrade(old: Path) -> None:
    """T4, P2: where the copy cannot be kept, the file stays as it is."""
    (old / "backups").write_bytes(b"a file where the folder should be")
    with pytest.raises(StoreError) as caught:
        Store.open(old, older.key_of(old))
    assert "upgrade" in str(caught.value)
    connection = db.connect(old / DB_FILE, older.key_of(old))
    assert connection.execute("PRAGMA user_version").fetchone()[0] == 1
    connection.close()


def test_a_file_of_a_newer_program_is_refused_untouched(old: Path) -> None:
    """T4: no downgrade: code 4, plain words, the same bytes."""
    connection = db.connect(old / DB_FILE, older.key_of(old))
    connection.execute(f"PRAGMA user_version = {migrations.NEWEST + 1}")
    connection.close()
    content = (old / DB_FILE).read_bytes()
    with pytest.raises(StoreNewer):
        Store.open(old, older.key_of(old))
    refused = Cli(old, {"HOLDFAST_PASSPHRASE": PASSPHRASE})("list", "trainees")
    assert refused.code == 4
    assert "newer" in refused.error
    assert (old / DB_FILE).read_bytes() == content
