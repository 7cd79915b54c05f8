"""Backup and restore: a backup that cannot be restored is never called whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.model.document import Document
from desktop.model.errors import (
    StoreDamaged,
    StoreError,
    StoreExists,
    StoreNewer,
    UsageError,
    WrongPassphrase,
)
from desktop.services.acts import Stopped
from desktop.services.restoring import look, restore
from desktop.services.views import Organisation, Progress
from desktop.services.workspace import Workspace
from desktop.store import backup, container, vault
from desktop.store.store import DB_FILE

NAME = "Quillfeather"


@pytest.fixture
def workspace(tmp_path: Path):
    made = Workspace.create(tmp_path / "w", Organisation("Uni", "hei"), "pass")
    made.records.add("trainees", Document({"first_names": "Ada", "last_name": NAME}))
    yield made
    made.close()


def test_a_backup_opens_on_another_computer_with_the_passphrase(workspace: Workspace, tmp_path: Path) -> None:
    backup = workspace.care.backup(tmp_path / "b.holdfast")
    restore(backup, tmp_path / "elsewhere", "pass")
    again = Workspace.open(tmp_path / "elsewhere", "pass")
    found = again.records.resolve("trainees", again.records.rows(again.records.find(_all()))[0].id)
    assert again.records.view(found).document.get("last_name") == NAME
    assert again.care.doctor() == []
    again.close()


def _all():
    from desktop.services.views import RecordQuery

    return RecordQuery("trainees")


def test_a_backup_holds_nothing_readable_and_leaves_nothing_behind(
    workspace: Workspace, tmp_path: Path
) -> None:
    before = {p.name for p in workspace.folder.iterdir()}
    backup = workspace.care.backup(tmp_path / "b.holdfast")
    assert NAME.encode() not in backup.read_bytes()
    assert {p.name for p in workspace.folder.iterdir()} == before


# -- kept files -------------------------------------------------------------------------------------------------

CSV = b"First names,Last name,Date of birth\nWren,Ashdown,1999-04-12\n"


@pytest.fixture
def with_files(workspace: Workspace, tmp_path: Path) -> Workspace:
    """The workspace after an import: the file is kept sealed beside the database."""
    source = tmp_path / "new.csv"
    source.write_bytes(CSV)
    workspace.importing.save(workspace.importing.read(source, "trainees"))
    return workspace


def test_kept_files_travel_with_a_backup(with_files: Workspace, tmp_path: Path) -> None:
    target = with_files.care.backup(tmp_path / "b")
    assert b"Ashdown" not in target.read_bytes()
    restore(target, tmp_path / "elsewhere", "pass")
    again = Workspace.open(tmp_path / "elsewhere", "pass")
    (one,) = again.importing.all()
    assert again.importing.original(one.id) == ("new.csv", CSV)
    assert again.care.doctor() == []
    again.close()


@pytest.mark.parametrize("how", ["changed", "missing"])
def test_the_doctor_looks_at_kept_files(with_files: Workspace, how: str) -> None:
    (path,) = (with_files.folder / "files").iterdir()
    if how == "changed":
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    else:
        path.unlink()
    (told,) = with_files.care.doctor()
    assert path.stem in told
    folder = with_files.folder
    with_files.close()
    assert Workspace.examine(folder, "pass") == [told]


def test_a_backup_says_what_it_is_before_anything_is_written(with_files: Workspace, tmp_path: Path) -> None:
    target = with_files.care.backup(tmp_path / "b")
    told = look(target, "pass")
    assert told.organisation == Organisation("Uni", "hei")
    assert told.made_at is not None
    assert (told.records, told.unsent, told.files) == ((("Trainees", 2),), 2, 1)
    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == ["w"]
    with pytest.raises(WrongPassphrase):
        look(target, "other")


def test_a_backup_of_the_earlier_format_still_comes_back(workspace: Workspace, tmp_path: Path) -> None:
    """Format 1: the database alone, and no note."""
    whole = backup.read(workspace.care.backup(tmp_path / "b"), verify=True)
    raw = whole.path.read_bytes()
    body = raw[whole.head.start : whole.head.start + whole.parts[0][1]]
    kind = container.Kind(b"HOLDFAST-BACKUP-", 1, "", "")
    old = tmp_path / "old"
    old.write_bytes(container.head_of(kind, whole.head.slot, body) + body)
    assert look(old, "pass").organisation is None
    restore(old, tmp_path / "elsewhere", "pass")
    again = Workspace.open(tmp_path / "elsewhere", "pass")
    assert again.care.doctor() == []
    again.close()


@pytest.mark.parametrize("name", ["../escaped.sealed", "files/../../escaped.sealed", "files/a.txt", "/etc/x"])
def test_a_backup_cannot_write_outside_the_folder(with_files: Workspace, tmp_path: Path, name: str) -> None:
    """The list of parts is not encrypted: whoever can write the file can write other names there."""
    target = with_files.care.backup(tmp_path / "b")
    (kept,) = (with_files.folder / "files").iterdir()
    target.write_bytes(target.read_bytes().replace(f"files/{kept.name}".encode(), name.encode(), 1))
    with pytest.raises(StoreDamaged):
        restore(target, tmp_path / "elsewhere", "pass")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_restore_that_is_stopped_leaves_nothing(with_files: Workspace, tmp_path: Path, steps: int) -> None:
    target = with_files.care.backup(tmp_path / "b")
    told: list[Progress] = []
    with pytest.raises(Stopped):
        restore(target, tmp_path / "elsewhere", "pass", told.append, lambda: len(told) >= steps)
    assert len(told) == steps
    assert not (tmp_path / "elsewhere").exists()


# -- what can be wrong ------------------------------------------------------------------------------------------


def test_a_backup_never_writes_over_a_file(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"mine")
    with pytest.raises(UsageError):
        workspace.care.backup(tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"mine"


def test_a_copy_that_is_not_sound_is_not_called_a_backup(
    workspace: Workspace, tmp_path: Path, monkeypatch
) -> None:
    from desktop.store import engine

    monkeypatch.setattr(engine, "problems", lambda cursor: ["page 7 is torn"])
    with pytest.raises(StoreDamaged):
        workspace.care.backup(tmp_path / "b")
    assert not (tmp_path / "b").exists()


def _damage(raw: bytes, how: str) -> bytes:
    middle = len(raw) // 2
    return {
        "empty": b"",
        "cut": raw[:middle],
        "longer": raw + b"x",
        "one byte": raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :],
        "no head": raw[5:],
        "text": b"hello",
    }[how]


@pytest.mark.parametrize("how", ["empty", "cut", "longer", "one byte", "no head", "text"])
def test_a_damaged_backup_restores_nothing(workspace: Workspace, tmp_path: Path, how: str) -> None:
    backup = workspace.care.backup(tmp_path / "b")
    backup.write_bytes(_damage(backup.read_bytes(), how))
    with pytest.raises(StoreDamaged):
        restore(backup, tmp_path / "elsewhere", "pass")
    assert not (tmp_path / "elsewhere" / DB_FILE).exists()


def test_a_backup_of_a_newer_version_says_so(workspace: Workspace, tmp_path: Path) -> None:
    backup = workspace.care.backup(tmp_path / "b")
    backup.write_bytes(backup.read_bytes().replace(b"HOLDFAST-BACKUP-2\n", b"HOLDFAST-BACKUP-3\n", 1))
    with pytest.raises(StoreNewer):
        restore(backup, tmp_path / "elsewhere", "pass")
    assert not (tmp_path / "elsewhere").exists()


def test_the_wrong_passphrase_restores_nothing(workspace: Workspace, tmp_path: Path) -> None:
    backup = workspace.care.backup(tmp_path / "b")
    with pytest.raises(WrongPassphrase):
        restore(backup, tmp_path / "elsewhere", "other")
    assert not (tmp_path / "elsewhere" / DB_FILE).exists()


def test_a_backup_is_never_restored_over_a_workspace(workspace: Workspace, tmp_path: Path) -> None:
    backup = workspace.care.backup(tmp_path / "b")
    before = (workspace.folder / vault.KEY_FILE).read_bytes()
    with pytest.raises(StoreExists):
        restore(backup, workspace.folder, "pass")
    assert (workspace.folder / vault.KEY_FILE).read_bytes() == before


def test_a_missing_backup_is_a_plain_mistake(tmp_path: Path) -> None:
    with pytest.raises((UsageError, StoreError)):
        restore(tmp_path / "nothing", tmp_path / "w", "pass")


def test_the_doctor_sees_a_torn_page(workspace: Workspace, tmp_path: Path) -> None:
    folder = workspace.folder
    workspace.close()
    raw = bytearray((folder / DB_FILE).read_bytes())
    raw[-4000] ^= 1
    (folder / DB_FILE).write_bytes(bytes(raw))
    assert _found_out(folder)
    assert (folder / DB_FILE).read_bytes() == bytes(raw)


def _found_out(folder: Path) -> bool:
    """Whether opening or examining the file says that it is damaged."""
    try:
        opened = Workspace.open(folder, "pass")
    except StoreDamaged:
        return True
    try:
        return bool(opened.care.doctor())
    except StoreDamaged:
        return True
    finally:
        opened.close()
