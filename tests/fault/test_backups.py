"""Backups that are made by themselves: proven before an older one goes, and whatever is in their way leaves those that are there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from desktop.model.errors import StoreDamaged, StoreError, UsageError
from desktop.services.acts import Stopped
from desktop.services.backups import DAILY, Policy
from desktop.services.restoring import restore
from desktop.services.workspace import Workspace
from desktop.store import backup, container
from tests.e2e.cli_world import Cli
from tests.fault.conftest import PASSPHRASE, Desk
from tests.fault.test_disk_full import file_limit

ROOT = Path(__file__).parents[2]
Trouble = Callable[[Desk], AbstractContextManager[None]]


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _days(desk: Desk) -> list[date]:
    return [one.made_at.date() for one in desk.workspace.backups.all()]


# -- when, and which are kept -----------------------------------------------------------------------------------


def test_one_a_day_is_due_by_londons_days(desk: Desk) -> None:
    backups = desk.workspace.backups
    assert backups.due()
    backups.make(DAILY)
    assert not backups.due()
    desk.clock.forward(hours=13)
    assert not backups.due(), "it is 22:10 in London"
    desk.clock.forward(hours=2)
    assert backups.due(), "it is ten past midnight there, and still yesterday in UTC"
    backups.change(Policy(automatic=False))
    assert not backups.due()


def test_a_year_of_days_keeps_days_weeks_and_months(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """7 days, the last of 4 weeks, the last of 12 months, each by name alone; and what is foreign is never touched."""
    from desktop.services import backups as module

    monkeypatch.setattr(module, "write", lambda core, target, *_: target.write_bytes(b"made"))
    backups = desk.workspace.backups
    backups.folder.mkdir()
    (backups.folder / "mine.txt").write_bytes(b"mine")
    (backups.folder / "holdfast-other000-20200101T000000Z-daily.holdfast-backup").write_bytes(b"another's")
    for _ in range(400):
        backups.make(DAILY)
        desk.clock.forward(days=1)
    today = desk.workspace.today() - timedelta(days=1)
    kept = _days(desk)
    assert [today - timedelta(days=n) for n in range(7)] == kept[:7]
    assert len({day.isocalendar()[:2] for day in kept if today - day <= timedelta(days=28)}) == 5
    assert len({(day.year, day.month) for day in kept}) == 13
    assert len(kept) <= 7 + 4 + 13
    assert {"mine.txt", "holdfast-other000-20200101T000000Z-daily.holdfast-backup"} <= _names(backups.folder)
    until = [one.kept_until for one in backups.all()]
    assert until[0] is None
    assert all(day is not None and day >= today for day in until[1:])


def test_after_a_year_away_the_last_good_one_is_there_until_a_newer_is_proven(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups = desk.workspace.backups
    old = backups.make(DAILY)
    desk.clock.forward(days=800)
    real = container.read_head

    def torn(*words: object, **more: object) -> object:
        raise StoreDamaged("It is damaged.")

    with monkeypatch.context() as patch:
        patch.setattr(container, "read_head", torn)
        with pytest.raises(StoreDamaged):
            backups.make(DAILY)
    assert container.read_head is real
    assert [one.path for one in backups.all()] == [old.path]
    new = backups.make(DAILY)
    assert [one.path for one in backups.all()] == [new.path]


def test_two_in_one_second_are_two(desk: Desk) -> None:
    made = [desk.workspace.backups.make() for _ in range(3)]
    assert len({one.path for one in made}) == 3
    assert len(desk.workspace.backups.all()) == 3


# -- what a backup is -----------------------------------------------------------------------------------------------


def test_it_is_restored_on_another_computer_with_the_passphrase(desk: Desk, tmp_path: Path) -> None:
    """And says what its own database holds: records, changes that wait, the tip of the history."""
    record = desk.edit(desk.at(desk.in_training()), email="kept@example.com")
    made = desk.workspace.backups.make(DAILY)
    store = desk.workspace._store
    with desk.read() as unit:
        rows, tip = unit.journal.tail()
    note = backup.read(made.path, verify=True).note(store._data_key)
    assert note is not None
    assert note["records"] == {"trainees": len(desk.all())}
    assert note["unsent"] == 1
    assert note["journal"][0] == rows - 1, "the row about the backup itself came after"
    assert len(note["journal"][1]) == 2 * len(tip)
    restore(made.path, tmp_path / "again", PASSPHRASE)
    again = Workspace.open(tmp_path / "again", PASSPHRASE, clock=desk.clock)
    assert again.records.view(record.id).document.get("email") == "kept@example.com"
    assert again.care.doctor() == []
    again.close()


def test_one_that_does_not_say_what_was_noted_is_not_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup.Backup, "note", lambda self, key: {"records": {}})
    with pytest.raises(StoreError, match="did not come out"):
        desk.workspace.backups.make()
    assert _names(desk.workspace.backups.folder) == set()


# -- what is in its way -------------------------------------------------------------------------------------------


@contextmanager
def no_room(desk: Desk):
    with file_limit(200_000):
        yield


@contextmanager
def no_folder(desk: Desk):
    """Where the folder should be there is something else: it cannot be read, nor written into."""
    there = desk.workspace.backups.folder
    away = there.rename(there.with_name("away"))
    there.write_bytes(b"")
    try:
        yield
    finally:
        there.unlink()
        away.rename(there)


@pytest.mark.skipif(os.name == "nt", reason="no limit of file size")
@pytest.mark.parametrize("trouble", [no_room, no_folder])
def test_what_goes_wrong_is_said_and_nothing_is_lost(desk: Desk, trouble: Trouble) -> None:
    """No crash, nothing half-made, the ones before untouched; said until one is made again, also after a new start."""
    backups = desk.workspace.backups
    good = backups.make(DAILY)
    content = good.path.read_bytes()
    desk.clock.forward(days=1)
    with trouble(desk):
        with pytest.raises(StoreError):
            backups.make(DAILY)
        assert backups.standing().trouble != ""
        assert not backups.due(), "not each minute again"
        desk.clock.forward(hours=2)
        assert backups.due()
    assert _names(backups.folder) == {good.path.name}
    assert good.path.read_bytes() == content
    assert [p for p in desk.folder.iterdir() if p.name.startswith(".backup")] == []
    if trouble is no_folder:
        desk.reopen()
        assert desk.workspace.backups.standing().trouble != ""
    desk.workspace.backups.make(DAILY)
    assert desk.workspace.backups.standing().trouble == ""
    desk.assert_healthy()


def test_one_that_is_stopped_is_no_trouble(desk: Desk) -> None:
    with pytest.raises(Stopped):
        desk.workspace.backups.make(cancelled=lambda: True)
    assert desk.workspace.backups.standing().trouble == ""
    assert _names(desk.workspace.backups.folder) == set()


# -- the second folder --------------------------------------------------------------------------------------------


@pytest.fixture
def with_share(desk: Desk, tmp_path: Path) -> tuple[Desk, Path]:
    """A desk with a second folder for backups."""
    share = tmp_path / "share"
    share.mkdir()
    desk.workspace.backups.change(Policy(second=str(share)))
    return desk, share


def test_each_one_goes_into_the_second_folder(with_share: tuple[Desk, Path], tmp_path: Path) -> None:
    desk, share = with_share
    made = desk.workspace.backups.make()
    assert _names(share) == {made.path.name}
    restore(share / made.path.name, tmp_path / "again", PASSPHRASE)
    standing = desk.workspace.backups.standing()
    assert (standing.trouble, standing.second_trouble) == ("", "")
    assert standing.second is not None


@pytest.mark.parametrize("how", ["gone", "full"])
def test_a_share_that_fails_never_costs_the_backup(with_share: tuple[Desk, Path], how: str) -> None:
    desk, share = with_share
    first = desk.workspace.backups.make()
    desk.clock.forward(days=1)
    if how == "gone":
        share.rename(share.with_name("away"))
    with file_limit_on_copy(first.size_bytes // 2) if how == "full" else nullcontext():
        second = desk.workspace.backups.make()
    standing = desk.workspace.backups.standing()
    assert standing.trouble == ""
    assert standing.second_trouble != ""
    assert second.path.is_file()
    if how == "full":
        assert _names(share) == {first.path.name}, "the copy before is kept, and nothing half"
    else:
        share.with_name("away").rename(share)
    desk.workspace.backups.make()
    assert desk.workspace.backups.standing().second_trouble == ""


@contextmanager
def file_limit_on_copy(size: int):
    """The disk of the second folder has less room than the first: only the copy there is refused."""
    real = shutil.copyfileobj

    def narrow(*words: Any) -> None:
        with file_limit(size):
            real(*words)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shutil, "copyfileobj", narrow)
        yield


def test_no_folder_of_the_workspace_is_a_second_one(desk: Desk) -> None:
    for folder in (desk.folder, desk.folder / "files"):
        folder.mkdir(exist_ok=True)
        with pytest.raises(UsageError, match="outside this workspace"):
            desk.workspace.backups.change(Policy(second=str(folder)))
    with pytest.raises(UsageError, match="There is no folder"):
        desk.workspace.backups.change(Policy(second=str(desk.folder.parent / "nowhere")))


def test_a_folder_that_the_organisation_has_set_counts_and_is_locked(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop.policy import Policy as Managed
    from desktop.services import backups as module

    share = tmp_path / "share"
    share.mkdir()
    monkeypatch.setattr(module, "managed", lambda: Managed({"BackupFolder": str(share)}, "here"))
    backups = desk.workspace.backups
    assert backups.policy().second == str(share)
    with pytest.raises(UsageError, match="Set by your organisation"):
        backups.change(Policy(second=""))
    backups.change(Policy(automatic=False, second=str(share)))
    made = backups.make()
    assert _names(share) == {made.path.name}


# -- the command line, and a disk that is full for real ---------------------------------------------------------------


def test_the_command_line_lists_makes_and_says(desk: Desk, tmp_path: Path) -> None:
    desk.close()
    cli = Cli(desk.folder, {"HOLDFAST_PASSPHRASE": PASSPHRASE})
    assert cli.ok("backups") == {"automatic": True, "second": None, "troubles": [], "backups": []}
    (tmp_path / "share").mkdir()
    told = cli.ok("backups", "--make", "--second", str(tmp_path / "share"), "--automatic", "off")
    assert (told["automatic"], len(told["backups"])) == (False, 2)
    (tmp_path / "share").rename(tmp_path / "away")
    late = cli("backups")
    assert late.code == 1
    assert "not there now" in late.json["troubles"][0]
    assert cli.ok("backups", "--second", "none")["second"] is None


def test_on_a_read_only_folder(desk: Desk) -> None:
    """The folder of backups is read-only for real, in a name space of its own: code 4, plain words, the old one untouched."""
    made = desk.workspace.backups.make()
    content = made.path.read_bytes()
    desk.close()
    unshare = which("unshare")
    if (
        unshare is None
        or subprocess.run([unshare, "-Urm", "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("this system lets nobody make a read-only disk")
    place = made.path.parent
    run = f"{sys.executable} -m desktop --data-dir {desk.folder} --json backups --make"
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
    assert "ermission" in done.stdout
    assert made.path.read_bytes() == content
    desk.reopen()
    assert "ermission" in desk.workspace.backups.standing().trouble
