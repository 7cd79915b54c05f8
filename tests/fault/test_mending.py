"""The doctor mends what follows from something sound, after a backup, and says so; what people typed is never touched."""

from __future__ import annotations

import os
import time

import pytest

from desktop.model.errors import StoreDamaged
from desktop.store import engine, sealed
from tests.fault.conftest import Desk


@pytest.fixture
def worked(desk: Desk) -> Desk:
    """A desk with a change that waits, and one that is at the portal."""
    desk.edit(desk.at(desk.in_training()), email="typed@example.com")
    return desk


def _content(desk: Desk) -> dict[str, tuple[object, object]]:
    return {view.id: (view.document, view.pending) for view in desk.all()}


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("UPDATE records SET label = 'Nobody', sort = 'nobody' WHERE key = 3", "put right in the lists"),
        ("UPDATE records SET facets = '{}' WHERE key < 5", "put right in the lists"),
        ("INSERT INTO words (words) VALUES ('delete-all')", "index of the search"),
        ("INSERT OR REPLACE INTO words (rowid, text) VALUES (1, 'nobody at all')", "index of the search"),
        ("DELETE FROM changes", "in step"),
        ("UPDATE records SET sync = 'conflict' WHERE key = 2", "in step"),
        ("UPDATE changes SET target = 'elsewhere'", "in step"),
    ],
)
def test_what_follows_from_the_records_is_made_anew(worked: Desk, harm: str, said: str) -> None:
    desk = worked
    before, changes = _content(desk), [(c.kind, c.state) for c in desk.changes()]
    with desk.write() as unit:
        unit.connection.exec_driver_sql(harm)
    assert desk.workspace.care.doctor() != []
    mended = desk.workspace.care.mend()
    assert any(said in one for one in mended.done), mended
    assert mended.left == ()
    assert desk.workspace.care.doctor() == []
    assert _content(desk) == before
    assert [(c.kind, c.state) for c in desk.changes()] == changes
    assert "mended" in desk.events()
    (made,) = desk.workspace.backups.all()
    assert (made.path.name, made.why) == (mended.backup, "before-mending")
    desk.sync()
    desk.assert_settled()


def test_a_sound_workspace_is_left_alone(worked: Desk) -> None:
    rows = len(worked.events())
    assert worked.workspace.care.mend().done == ()
    assert worked.workspace.backups.all() == []
    assert len(worked.events()) == rows


def test_files_that_belong_to_nothing_go(worked: Desk) -> None:
    desk = worked
    (desk.folder / "files").mkdir()
    stray = desk.folder / "files" / "0199.sealed"
    left = desk.folder / "backups" / ".holdfast-x.holdfast-backup.new"
    left.parent.mkdir()
    left.write_bytes(b"half")
    sealed.keep(desk.workspace._store, "0199", b"nobody knows me")
    sealed.keep(desk.workspace._store, "0200", b"I was written just now")
    long_ago = time.time() - 7200
    os.utime(stray, (long_ago, long_ago))
    assert any("belonged to nothing" in one for one in desk.workspace.care.mend().done)
    assert not stray.exists()
    assert (desk.folder / "files" / "0200.sealed").exists(), "somebody may be about to speak of it"
    assert not left.exists()


def test_a_broken_chain_is_said_and_not_mended(worked: Desk) -> None:
    desk = worked
    with desk.write() as unit:
        unit.connection.exec_driver_sql("DROP TRIGGER journal_fixed")
        unit.connection.exec_driver_sql("UPDATE journal SET actor = 'x' WHERE seq = 2")
    mended = desk.workspace.care.mend()
    assert mended.left == ("Journal row 2 was changed after it was written.",)


def test_a_damaged_file_is_not_mended(worked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "problems", lambda cursor: ["page 7 is torn"])
    with pytest.raises(StoreDamaged, match="nothing was mended"):
        worked.workspace.care.mend()
