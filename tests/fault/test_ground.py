"""Where a live database may lie: never on a share, in a synced folder or a roaming profile, whatever its name; and a way out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop.model.document import Document
from desktop.model.errors import StoreLocked, WrongGround
from desktop.services.moving import bring_here
from desktop.services.restoring import restore
from desktop.services.views import Organisation, RecordQuery
from desktop.services.workspace import Workspace
from desktop.store import ground
from desktop.store.files import FolderLock
from desktop.store.ground import ALLOW, Finding, Ground, Machine, insist_on, this_machine, words

HOME = Path("/home/ada")
LOCAL = (("/", "ext4"), ("/home", "btrfs"), ("/tmp", "tmpfs"), ("/proc", "proc"))
PASSPHRASE = "made up for tests"


def look(folder: Path, machine: Machine) -> Any:
    """As the program does, without a word on None: a test that finds nothing breaks at the next dot."""
    found: Finding | None = ground.look(folder, machine)
    return found


def linux(*mounts: tuple[str, str], **environment: str) -> Machine:
    return Machine(False, (*LOCAL, *mounts), environment, HOME)


def windows(remote: str = "", tagged: str = "", tag: int = 0, **environment: str) -> Machine:
    return Machine(
        True,
        (),
        environment,
        HOME,
        drive_type=lambda root: 4 if remote and root.startswith(remote) else 3,
        tag=lambda path: tag if tagged and path.endswith(tagged) else 0,
    )


@pytest.mark.parametrize(
    "kind",
    ["nfs", "nfs4", "cifs", "smb3", "9p", "vboxsf", "davfs", "fuse.sshfs", "fuse.davfs2", "fuse.rclone", "fuse.gvfsd-fuse"],
)  # fmt: skip
def test_a_share_of_any_kind_is_refused(kind):
    found = look(Path("/mnt/office/holdfast"), linux(("/mnt/office", kind)))
    assert found.ground is Ground.SHARE
    assert found.who == kind.removeprefix("fuse.")


@pytest.mark.parametrize(
    ("folder", "mounts"),
    [
        ("/home/ada/.local/share/Holdfast/workspace", []),
        ("/home/ada/work", [("/mnt/office", "cifs")]),
        ("/mnt/office2/work", [("/mnt/office", "cifs")]),
        ("/mnt/office/local/work", [("/mnt/office", "cifs"), ("/mnt/office/local", "ext4")]),
        ("/mnt/usb/work", [("/mnt/usb", "fuseblk")]),
        ("/mnt/crypt/work", [("/mnt/crypt", "fuse.gocryptfs")]),
        ("/home/ada/boxing/work", []),
    ],
)
def test_a_disk_of_this_computer_is_taken(folder, mounts):
    assert look(Path(folder), linux(*mounts)) is None


def test_of_two_mounts_at_one_place_the_later_counts():
    assert look(Path("/mnt/a/w"), linux(("/mnt/a", "ext4"), ("/mnt/a", "nfs4"))) is not None


@pytest.mark.parametrize(
    ("folder", "who"),
    [
        (r"\\server\share\holdfast", "a folder of a server"),
        ("//server/share/holdfast", "a folder of a server"),
        (r"\\?\UNC\server\share\holdfast", "a folder of a server"),
        (r"Z:\holdfast", "drive Z:"),
    ],
)
def test_shares_of_windows_are_refused(folder, who):
    found = look(Path(folder), windows(remote="Z:"))
    assert (found.ground, found.who) == (Ground.SHARE, who)


def test_a_local_drive_of_windows_is_taken():
    machine = windows(remote="Z:", APPDATA=r"C:\Users\ada\AppData\Roaming", OneDrive=r"C:\Users\ada\OneDrive")
    assert look(Path(r"C:\Users\ada\AppData\Local\Holdfast\workspace"), machine) is None
    assert look(Path(r"\\?\C:\Users\ada\AppData\Local\Holdfast\workspace"), machine) is None


def test_a_roaming_profile_is_refused():
    machine = windows(APPDATA=r"C:\Users\ada\AppData\Roaming")
    assert look(Path(r"C:\Users\ada\AppData\Roaming\Holdfast"), machine).ground is Ground.ROAMING


@pytest.mark.parametrize(
    "folder",
    [
        r"C:\Users\ada\OneDrive\Holdfast",
        r"C:\Users\ada\OneDrive - Weybury SCITT\Documents\Holdfast",
        r"D:\Dropbox (Weybury)\Holdfast",
        r"C:\Users\ada\Google Drive\Holdfast",
        r"C:\Users\ada\iCloudDrive\Holdfast",
        r"C:\Users\ada\Nextcloud\Holdfast",
    ],
)
def test_synced_folders_are_known_by_their_names(folder):
    assert look(Path(folder), windows()).ground is Ground.SYNCED


def test_synced_folders_are_known_by_what_the_computer_says():
    renamed = windows(OneDriveCommercial=r"D:\Work files")
    assert look(Path(r"D:\Work files\Holdfast"), renamed).who == "OneDrive"
    assert look(Path(r"D:\Work files 2\Holdfast"), renamed) is None
    filled = windows(tagged="Documents", tag=0x9000601A)
    assert look(Path(r"C:\Users\ada\Documents\Holdfast"), filled).who == "Documents"


def test_mac_folders_of_icloud_and_others_are_refused():
    for folder in ("Library/Mobile Documents/com~apple~CloudDocs", "Library/CloudStorage/OneDrive-Weybury"):
        assert look(HOME / folder / "Holdfast", linux()).ground is Ground.SYNCED


@pytest.mark.parametrize("mark", [".dropbox", ".nextcloudsync.log", ".tmp.driveupload", ".stfolder"])
def test_synced_folders_are_known_by_what_lies_in_them(tmp_path, mark):
    """Really on disk: the mark lies in the folder that is kept in step, the workspace far below it."""
    (tmp_path / "shared files").mkdir()
    (tmp_path / "shared files" / mark).write_text("")
    below = tmp_path / "shared files" / "a" / "b"
    assert look(below, linux()).ground is Ground.SYNCED
    assert look(tmp_path / "other", linux()) is None


def test_dropbox_says_itself_where_it_is(tmp_path):
    (tmp_path / ".dropbox").mkdir()
    (tmp_path / ".dropbox" / "info.json").write_text(json.dumps({"business": {"path": "/srv/team files"}}))
    machine = Machine(False, LOCAL, {}, tmp_path)
    assert look(Path("/srv/team files/holdfast"), machine).who == "Dropbox"
    (tmp_path / ".dropbox" / "info.json").write_text("[broken")
    assert look(Path("/srv/team files/holdfast"), machine) is None


def test_the_words_say_what_to_do_and_hold_no_jargon():
    for kind in Ground:
        told = words(ground.Finding(kind, "x"))
        assert "Nothing was changed." in told
        assert "save backups here instead" in told
        assert not any(word in told for word in ("SQLite", "WAL", "UNC", "mount"))


def test_somebody_who_knows_better_can_say_so():
    machine = linux(("/mnt/office", "cifs"), **{ALLOW: "1"})
    insist_on(Path("/mnt/office/w"), machine)


def test_this_computer_is_read_and_its_temporary_folder_is_local(tmp_path):
    machine = this_machine()
    assert look(tmp_path, machine) is None
    if sys.platform == "linux":
        assert ("/proc", "proc") in machine.mounts


def test_names_with_blanks_are_read_from_the_table_of_mounts(tmp_path):
    table = tmp_path / "mounts"
    table.write_text("//server/share /mnt/our\\040office cifs rw 0 0\nbroken\n/dev/sda / ext4 rw 0 0\n")
    machine = Machine(False, tuple(ground._linux_mounts(table)), {}, HOME)
    assert look(Path("/mnt/our office/w"), machine).ground is Ground.SHARE


# -- at every door ----------------------------------------------------------------------------------------------


@pytest.fixture
def share(tmp_path, monkeypatch):
    """A folder that counts as one of a server; a workspace was made there by an earlier program."""
    folder = tmp_path / "share"
    workspace = Workspace.create(folder / "w", Organisation("Uni", "hei"), PASSPHRASE)
    workspace.records.add("trainees", Document({"last_name": "Quillfeather"}))
    workspace.close()
    machine = Machine(False, (("/", "ext4"), (str(folder), "cifs")), {}, HOME)
    monkeypatch.setattr(ground, "this_machine", lambda: machine)
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_workspace_on_a_share_is_neither_made_nor_opened_nor_restored(share, tmp_path, monkeypatch):
    before = everything(share)
    with pytest.raises(WrongGround):
        Workspace.create(share / "new", Organisation("Uni", "hei"), PASSPHRASE)
    with pytest.raises(WrongGround):
        Workspace.open(share / "w", PASSPHRASE)
    with monkeypatch.context() as patch:
        patch.setattr(ground, "this_machine", lambda: Machine(False))
        workspace = Workspace.open(share / "w", PASSPHRASE)
        backup = workspace.care.backup(tmp_path / "b.holdfast-backup")
        workspace.close()
        before = everything(share)
    with pytest.raises(WrongGround):
        restore(backup, share / "restored", PASSPHRASE)
    assert everything(share) == before
    assert not (share / "restored").exists()
    assert not (share / "new").exists()


def test_a_backup_may_be_written_to_a_share(share, tmp_path):
    workspace = Workspace.create(tmp_path / "local", Organisation("Uni", "hei"), PASSPHRASE)
    target = workspace.care.backup(share / "b.holdfast-backup")
    workspace.close()
    restore(target, tmp_path / "again", PASSPHRASE)


def test_the_way_out_brings_the_workspace_onto_this_computer(share, tmp_path):
    before = everything(share)
    folder = bring_here(share / "w", tmp_path / "here")
    workspace = Workspace.open(folder, PASSPHRASE)
    assert len(workspace.records.find(RecordQuery("trainees"))) == 1
    assert workspace.care.doctor() == []
    workspace.close()
    assert everything(share) == before


def test_the_way_out_waits_for_whoever_has_it_open(share, tmp_path):
    with FolderLock(share / "w"), pytest.raises(StoreLocked):
        bring_here(share / "w", tmp_path / "here")
    assert not (tmp_path / "here").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="makes a file system of its own")
def test_a_real_mount_is_seen_as_what_it_is(tmp_path):
    """A namespace of our own: an overlay is local; the same folder is read from the system's own table."""
    script = (
        f"mount -t tmpfs made-up {tmp_path} && exec {sys.executable} -c "
        "'from desktop.store import ground; from pathlib import Path; "
        f'print(ground._file_system(Path("{tmp_path}/w"), ground.this_machine().mounts))\''
    )
    made = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", script],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, env={**os.environ}, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip(f"no file system can be made here: {made.stderr[-200:]}")
    assert made.stdout.strip() == "tmpfs"
