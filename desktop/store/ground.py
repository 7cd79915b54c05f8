"""Where a live database may lie: on a disk of this computer, and nowhere that another program copies behind its back.

SQLite's log in shared memory works on one computer only, and its locks are not kept on most shares: two people would write
into one file without a word. A sync program takes a copy of the file while it is half written, and puts an older one back. So a
share, a folder that is redirected to one, a roaming profile and a synced folder are refused. Backups may lie there: they are
written whole and never opened in place.

Nothing here waits for a share that does not answer: tables of the system are read, and names of folders.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from desktop.model.errors import WrongGround
from desktop.policy import policy

ALLOW = "HOLDFAST_ALLOW_FOLDER"
"""Set to 1 by somebody who knows better, for instance where a local disk looks like a share."""

_SHARES = frozenset(
    {
        "9p", "afpfs", "afs", "ceph", "cifs", "coda", "davfs", "drvfs", "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4",
        "ocfs2", "prl_fs", "smb3", "smbfs", "vboxsf", "vmhgfs", "webdav",
    }
)  # fmt: skip
_FUSE_SHARES = re.compile(
    r"fuse\.(sshfs|davfs2?|webdavfs|gvfsd-fuse|rclone|s3fs|gcsfuse|glusterfs|cephfs?|curlftpfs|smbnetfs|vmhgfs-fuse|"
    r"google-drive-ocamlfuse|onedriver|dropbox|prl_fsd|portal)\Z"
)
_SYNCED_NAMES = re.compile(
    r"(OneDrive( - .+)?|Dropbox( \(.+\))?|Google ?Drive|GoogleDrive-.+|iCloud ?Drive|CloudStorage|Mobile Documents|Nextcloud|"
    r"pCloudDrive)\Z",
    re.IGNORECASE,
)
_SYNCED_MARKS = (
    (".dropbox", "Dropbox"),
    (".dropbox.cache", "Dropbox"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "ownCloud"),
    (".tmp.drivedownload", "Google Drive"),
    (".tmp.driveupload", "Google Drive"),
    (".849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive"),
    (".stfolder", "Syncthing"),
)
_SYNC_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_REMOTE_DRIVE = 4
_CLOUD_TAGS = range(0x9000001A, 0x9000F01B, 0x1000)
"""IO_REPARSE_TAG_CLOUD and its fifteen kin: files that a sync program fetches when they are opened."""


class Ground(StrEnum):
    """What is wrong with a place."""

    SHARE = "share"
    SYNCED = "synced"
    ROAMING = "roaming"


@dataclass(frozen=True)
class Finding:
    """`who` = the kind of share, or the program that syncs the folder, as far as it is known."""

    ground: Ground
    who: str = ""


def _no_drive(_root: str) -> int:
    return 0


def _no_tag(_path: str) -> int:
    return 0


@dataclass(frozen=True)
class Machine:
    """What there is to know of a computer. Made by `this_machine`, and by hand in tests.

    mounts      (where, type of file system), as the system lists them
    drive_type  Windows: GetDriveTypeW of a root, such as that of drive Z
    tag         Windows: reparse tag of a path; 0 = none
    """

    windows: bool
    mounts: tuple[tuple[str, str], ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    home: Path = Path()
    drive_type: Callable[[str], int] = _no_drive
    tag: Callable[[str], int] = _no_tag

    def path(self, text: str) -> PurePath:
        return PureWindowsPath(text) if self.windows else PurePosixPath(text)


def insist_on(folder: Path, machine: Machine | None = None) -> None:
    """Raises WrongGround, with what is wrong and a way out, for a folder where no live database may lie."""
    machine = machine or this_machine()
    if machine.environment.get(ALLOW) == "1":
        return
    found = look(folder, machine)
    if found is not None:
        raise WrongGround(words(found))
    root = policy().folder("WorkspaceRoot")
    if root is not None and root.resolve() not in (folder.resolve(), *folder.resolve().parents):
        raise WrongGround(
            f"Your organisation keeps workspaces in the folder {root} only. Nothing was changed. Use a folder in there."
        )


def words(found: Finding) -> str:
    """What is wrong with a place, and the way out."""
    who = f" ({found.who})" if found.who else ""
    what = {
        Ground.SHARE: f"This folder is on a network drive or a shared folder{who}. Records that several computers can "
        "reach at once would be damaged without a word.",
        Ground.SYNCED: f"This folder is kept in step by a sync program{who}. It copies the records while they are being "
        "written, and puts older ones back.",
        Ground.ROAMING: "This folder belongs to the part of your profile that Windows copies from computer to computer. "
        "The records would be damaged on the way.",
    }[found.ground]
    return (
        f"{what} Nothing was changed. Keep the workspace in a folder of this computer, such as the one that Holdfast "
        "offers, and save backups here instead: they may lie anywhere."
    )


def look(folder: Path, machine: Machine) -> Finding | None:
    """What is wrong with a folder as a home of a live database; None = nothing. It need not exist yet."""
    text = str(folder if machine.windows else folder.absolute())
    path = machine.path(text)
    return _share(path, text, machine) or _roaming(path, machine) or _synced(folder, path, machine)


def _share(path: PurePath, text: str, machine: Machine) -> Finding | None:
    if machine.windows:
        if text.startswith(("\\\\", "//")) and not text.startswith(("\\\\?\\C", "\\\\.\\")):
            return Finding(Ground.SHARE, "a folder of a server")
        root = path.anchor
        remote = bool(root) and machine.drive_type(root) == _REMOTE_DRIVE
        return Finding(Ground.SHARE, f"drive {root[:2]}") if remote else None
    kind = _file_system(path, machine.mounts)
    if kind in _SHARES or _FUSE_SHARES.match(kind):
        return Finding(Ground.SHARE, kind.removeprefix("fuse."))
    return None


def _file_system(path: PurePath, mounts: tuple[tuple[str, str], ...]) -> str:
    """Type of the file system that a path is on: the deepest mount above it, and of two at one place the later."""
    best, kind = -1, ""
    for where, what in mounts:
        mount = PurePosixPath(where)
        if (path == mount or mount in path.parents) and len(mount.parts) >= best:
            best, kind = len(mount.parts), what
    return kind


def _roaming(path: PurePath, machine: Machine) -> Finding | None:
    roaming = machine.environment.get("APPDATA", "") if machine.windows else ""
    return Finding(Ground.ROAMING) if roaming and _is_in(path, machine.path(roaming)) else None


def _synced(folder: Path, path: PurePath, machine: Machine) -> Finding | None:
    for name in _SYNC_VARIABLES:
        root = machine.environment.get(name, "")
        if root and _is_in(path, machine.path(root)):
            return Finding(Ground.SYNCED, "OneDrive")
    for root in _dropbox_folders(machine):
        if _is_in(path, machine.path(root)):
            return Finding(Ground.SYNCED, "Dropbox")
    for part in path.parts:
        if _SYNCED_NAMES.match(part):
            return Finding(Ground.SYNCED, part)
    for above in (path, *path.parents):
        if machine.tag(str(above)) in _CLOUD_TAGS:
            return Finding(Ground.SYNCED, above.name)
    return _marked(folder)


def _marked(folder: Path) -> Finding | None:
    """What sync programs leave in the folder that they keep in step."""
    for above in (folder, *folder.absolute().parents):
        for mark, who in _SYNCED_MARKS:
            if os.path.lexists(above / mark):
                return Finding(Ground.SYNCED, who)
    return None


def _is_in(path: PurePath, root: PurePath) -> bool:
    return path == root or root in path.parents


def _dropbox_folders(machine: Machine) -> Iterator[str]:
    """Where Dropbox says that its folders are."""
    places = [machine.home / ".dropbox" / "info.json"]
    places += [
        Path(machine.environment[name]) / "Dropbox" / "info.json"
        for name in ("APPDATA", "LOCALAPPDATA")
        if machine.environment.get(name)
    ]
    for place in places:
        try:
            accounts = json.loads(place.read_text(encoding="utf-8"))
            yield from [str(one["path"]) for one in accounts.values()]
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            continue


# --- this computer ---------------------------------------------------------------------------------------------


def this_machine() -> Machine:
    """The computer that the program runs on. A system that does not say counts as one without shares."""
    if sys.platform == "win32":
        return Machine(True, (), os.environ, Path.home(), _windows_drive_type, _windows_tag)
    mounts = _mac_mounts() if sys.platform == "darwin" else tuple(_linux_mounts(Path("/proc/self/mounts")))
    return Machine(False, mounts, os.environ, Path.home())


def _linux_mounts(table: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = table.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return
    for line in lines:
        parts = line.split(" ")
        if len(parts) > 2:
            yield re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), parts[1]), parts[2]


def _mac_mounts() -> tuple[tuple[str, str], ...]:
    """Lines such as "//ada@server/share on /Volumes/share (smbfs, nodev)". Written from its manual, and never run on a Mac."""
    import subprocess

    try:
        told = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    found = (re.match(r".* on (.+) \(([a-z0-9_]+)[,)]", line) for line in told.splitlines())
    return tuple((line[1], line[2]) for line in found if line)


def _windows_drive_type(root: str) -> int:
    """Never run on Windows yet."""
    try:
        import ctypes

        return int(ctypes.windll.kernel32.GetDriveTypeW(root))  # type: ignore[attr-defined,unused-ignore]
    except (AttributeError, OSError):
        return 0


def _windows_tag(path: str) -> int:
    """Never run on Windows yet."""
    try:
        return int(getattr(os.lstat(path), "st_reparse_tag", 0))
    except OSError:
        return 0
