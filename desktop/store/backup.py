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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from desktop.model.errors import StoreDamaged, StoreError
from desktop.store import container, sealed, vault
from desktop.store.container import BLOCK, Head, Step
from desktop.store.store import DB_FILE, Store

KIND = container.Kind(b"HOLDFAST-BACKUP-", 2, "a Holdfast backup", "Nothing was restored.", oldest=1)
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


def write(target: Path, database: Path, store: Store, note: Mapping[str, Any], step: Step) -> None:
    """Everything into `target`, which is on the disk when this returns. Raises OSError, StoreError."""
    files = [(database, DB_FILE), *((path, f"{sealed.FOLDER}/{path.name}") for path in sealed.all_of(store))]
    parts = [(name, path.stat().st_size) for path, name in files]
    whole = sum(size for _, size in parts)
    noted = b64encode(store.seal(json.dumps(note).encode(), _PURPOSE)).decode()
    more = {"parts": parts, "note": noted}
    slot = vault.read_slot(store.folder)
    digest = hashlib.sha256()
    with target.open("wb") as out:
        out.write(container.head(KIND, slot, whole, _NO_SUM, more))
        for (path, _), (name, size) in zip(files, parts, strict=True):
            with path.open("rb") as source:
                if _copy(source, out, size, digest.update, step) != size:
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
    return folder == sealed.FOLDER and _SAFE.match(rest) is not None
