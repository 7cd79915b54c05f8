"""A backup as a file: the database and every kept file behind one another, in the container that opens with the passphrase.

The header says how long each part is, and holds a note of what is in it, sealed under the data key. Everything in the
body is encrypted as it lies in the workspace. Format 1 had the database alone and no note; it is still read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from desktop.model.errors import StoreDamaged, StoreError
from desktop.store import container, vault
from desktop.store.container import BLOCK, Head, Step
from desktop.store.files import sync_folder

KIND = container.Kind(b"HOLDFAST-BACKUP-", 2, "a Holdfast backup", "Nothing was restored.", oldest=1)
DB_FILE = "holdfast.db"
FILES = "files"
"""The folder of kept files (see `sealed`)."""

FOLDER = "backups"
"""Where those lie that Holdfast makes by itself."""

ENDING = ".holdfast-backup"
BEFORE_UPGRADE = "before-upgrade"
_PURPOSE = b"HOLDFAST-BACKUP-NOTE"
_NO_SUM = "0" * 64
_SAFE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*\.sealed\Z")
"""A kept file of ours: nothing that could lead out of the folder."""


@dataclass(frozen=True)
class Backup:
    """A backup that is whole. `parts` = (where it goes in the workspace folder, bytes), in the order of the body."""

    path: Path
    head: Head
    parts: tuple[tuple[str, int], ...]

    @property
    def size_bytes(self) -> int:
        """Of the body."""
        return sum(size for _, size in self.parts)

    def note(self, data_key: bytes) -> dict[str, Any] | None:
        """What was noted of its content; None in one of format 1. Raises StoreDamaged."""
        if self.head.number == 1:
            return None
        try:
            content = json.loads(vault.unseal(data_key, b64decode(self.head.header["note"]), _PURPOSE))
        except (KeyError, TypeError, ValueError, StoreDamaged) as error:
            raise KIND.damaged(self.path) from error
        found: dict[str, Any] = content
        return found


@dataclass(frozen=True)
class Source:
    """What a backup is made of: the folder of a workspace, a proven copy of its database, its key."""

    folder: Path
    database: Path
    data_key: bytes = field(repr=False)

    def files(self) -> list[tuple[Path, str]]:
        """(file, where it goes), in the order of the body."""
        kept = sorted((self.folder / FILES).glob("*.sealed"))
        return [(self.database, DB_FILE), *((path, f"{FILES}/{path.name}") for path in kept)]

    def size_bytes(self) -> int:
        """Of the body."""
        return sum(path.stat().st_size for path, _ in self.files())


def save(target: Path, source: Source, note: Mapping[str, Any], step: Step) -> None:
    """Write a backup beside `target`, prove it, and only then let it take the name; else nothing of it is left.

    It is proven when it was read back to its end, has the workspace's own key slot, and its note opens and says what was
    noted. Raises OSError, StoreError.
    """
    beside = target.with_name(f".{target.name}.new")
    try:
        _write(beside, source, note, step)
        found = read(beside, verify=True, step=step)
        if found.note(source.data_key) != note or found.head.slot != vault.read_slot(source.folder):
            raise StoreError(f"{target.name} did not come out as it was made. Nothing was kept; try again.")
        beside.replace(target)
        sync_folder(target.parent)
    finally:
        beside.unlink(missing_ok=True)


def _write(target: Path, source: Source, note: Mapping[str, Any], step: Step) -> None:
    """Everything into `target`, which is on the disk when this returns."""
    files = source.files()
    parts = [(name, path.stat().st_size) for path, name in files]
    whole = sum(size for _, size in parts)
    noted = b64encode(vault.seal(source.data_key, json.dumps(note).encode(), _PURPOSE)).decode()
    more = {"parts": parts, "note": noted}
    slot = vault.read_slot(source.folder)
    digest = hashlib.sha256()
    with target.open("wb") as out:
        out.write(container.head(KIND, slot, whole, _NO_SUM, more))
        for (path, _), (name, size) in zip(files, parts, strict=True):
            with path.open("rb") as one:
                if _copy(one, out, size, digest.update, step) != size:
                    raise StoreError(
                        f"{name} changed while the backup was made. Nothing was written; try again."
                    )
        out.seek(0)
        out.write(container.head(KIND, slot, whole, digest.hexdigest(), more))
        out.flush()
        os.fsync(out.fileno())


def read(path: Path, *, verify: bool, step: Step = lambda _: None) -> Backup:
    """What a file says of itself. `verify` = read it to its end, `step` by step.

    Raises UsageError when there is no such file, StoreNewer, and StoreDamaged for anything that is not a whole one.
    """
    head = container.read_head(path, KIND, verify=verify, step=step)
    return Backup(path, head, tuple(_parts(head, path)))


def unpack(backup: Backup, folder: Path, step: Step) -> None:
    """Every part into an empty folder. Raises OSError, StoreDamaged when the file is not what it was any more."""
    with backup.path.open("rb") as source:
        source.seek(backup.head.start)
        for name, size in backup.parts:
            target = folder / name
            target.parent.mkdir(exist_ok=True)
            with target.open("xb") as out:
                if _copy(source, out, size, lambda _: None, step) != size:
                    raise KIND.damaged(backup.path)
                out.flush()
                os.fsync(out.fileno())


def _copy(source: BinaryIO, out: BinaryIO, size: int, look: Any, step: Step) -> int:
    """How many bytes came, at most `size`."""
    left = size
    while left and (block := source.read(min(BLOCK, left))):
        out.write(block)
        look(block)
        left -= len(block)
        step(len(block))
    return size - left


def _parts(head: Head, path: Path) -> Iterator[tuple[str, int]]:
    """Raises StoreDamaged for parts that do not make up the body, or that would not be ours."""
    whole = head.header["size"]
    if head.number == 1:
        yield DB_FILE, whole
        return
    try:
        parts = [(str(name), size) for name, size in head.header["parts"]]
    except (KeyError, TypeError, ValueError) as error:
        raise KIND.damaged(path) from error
    sound = all(type(size) is int and size >= 0 for _, size in parts)
    names = [name for name, _ in parts]
    ours = names[:1] == [DB_FILE] and len(set(names)) == len(names) and all(map(_is_kept_file, names[1:]))
    if not (sound and ours and sum(size for _, size in parts) == whole):
        raise KIND.damaged(path)
    yield from parts


def _is_kept_file(name: str) -> bool:
    folder, _, rest = name.partition("/")
    return folder == FILES and _SAFE.match(rest) is not None


# -- those that are made by themselves ----------------------------------------------------------------------------

_BY_ITSELF = re.compile(r"holdfast-([0-9a-z]{1,8})-(\d{8}T\d{6}Z)-([a-z-]+)\.holdfast-backup\Z")


@dataclass(frozen=True)
class ByItself:
    """A backup that Holdfast made by itself: its name says whose it is, when and why. Nothing of its content is read.

    why  "daily", "asked", "before-upgrade", "before-purge", "after-purge", "before-mending"
    """

    path: Path
    made_at: datetime
    why: str


def name_by_itself(workspace: str, at: datetime, why: str) -> str:
    """The name of a backup; `workspace` = the id in the key slot."""
    return f"holdfast-{_short(workspace)}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{why}{ENDING}"


def made_by_itself(folder: Path, workspace: str) -> list[ByItself]:
    """Those of a workspace in a folder, oldest first; other files there are none of ours. Raises OSError."""
    found = []
    for path in folder.iterdir():
        match = _BY_ITSELF.match(path.name)
        if match and match[1] == _short(workspace):
            at = datetime.strptime(match[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            found.append(ByItself(path, at, match[3]))
    return sorted(found, key=lambda one: (one.made_at, one.path.name))


def _short(workspace: str) -> str:
    """Enough of an id to tell the workspaces apart that keep their backups in one folder."""
    return "".join(c for c in workspace.lower() if c.isascii() and c.isalnum())[-8:] or "0"
