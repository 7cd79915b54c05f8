"""Putting a backup back: what it is, said before anything is written, and restoring it into an empty folder."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop.collections import all_collections
from desktop.model.errors import StoreDamaged, StoreExists
from desktop.services.acts import Stopped
from desktop.services.bulk import Cancelled, Tell
from desktop.services.views import Organisation, Progress
from desktop.store import backup as files
from desktop.store import sealed, vault
from desktop.store.files import as_known, sync_folder
from desktop.store.ground import insist_on
from desktop.store.store import DB_FILE, Store

_KIB = 1024


@dataclass(frozen=True)
class BackupView:
    """What a backup says of itself. One of an earlier Holdfast only has a name and a size; the rest is None or empty.

    records  (what they are, how many) by collection;  unsent = changes that the portal had not had;  files = kept files
    """

    name: str
    size_bytes: int
    organisation: Organisation | None = None
    made_at: datetime | None = None
    made_by: str = ""
    program: str = ""
    records: tuple[tuple[str, int], ...] = ()
    unsent: int = 0
    files: int = 0


class Copying:
    """Tells how many bytes have gone by, and ends it when a person wants that. Raises Stopped."""

    def __init__(self, tell: Tell | None, cancelled: Cancelled | None, size_bytes: int, words: str) -> None:
        self._tell = tell or (lambda _: None)
        self._cancelled = cancelled or (lambda: False)
        self._size, self._done, self._words = size_bytes, 0, words

    def __call__(self, size_bytes: int) -> None:
        if self._cancelled():
            raise Stopped
        self._done += size_bytes
        share = 100 * self._done // self._size if self._size else 100
        self._tell(Progress(self._done // _KIB, self._size // _KIB, f"{share} % {self._words}"))


def has_workspace(folder: Path) -> bool:
    """Whether a folder holds a workspace, or what is left of one."""
    return (folder / DB_FILE).exists() or (folder / vault.KEY_FILE).exists()


def is_free(folder: Path) -> bool:
    """Whether a backup can be put there: nothing is in the folder, or there is no such folder yet."""
    try:
        return not any(folder.iterdir())
    except FileNotFoundError:
        return True
    except OSError:
        return False


def free_folder(wanted: Path) -> Path:
    """The folder itself, or one beside it that is free."""
    names = itertools.chain(
        (wanted.name, f"{wanted.name}-restored"), (f"{wanted.name}-restored-{n}" for n in itertools.count(2))
    )
    return next(folder for folder in map(wanted.with_name, names) if is_free(folder))


def glance(path: Path) -> None:
    """Refuse what cannot be a backup, before anybody is asked for a passphrase; its end is not read.

    Raises UsageError, StoreNewer, StoreDamaged.
    """
    files.read(path, verify=False)


def look(
    path: Path, passphrase: str, progress: Tell | None = None, cancelled: Cancelled | None = None
) -> BackupView:
    """What is in a backup; it is read to its end, and nothing is written.

    Raises UsageError when there is no such file, StoreNewer, StoreDamaged, WrongPassphrase, Stopped.
    """
    step = Copying(progress, cancelled, path.stat().st_size if path.is_file() else 0, "looked at")
    found = files.read(path, verify=True, step=step)
    told = found.note(vault.unwrap(found.head.slot, passphrase))
    return _view(found, told) if told is not None else BackupView(path.name, found.size_bytes)


def _view(found: files.Backup, told: Mapping[str, Any]) -> BackupView:
    titles = {collection.name: collection.title for collection in all_collections().values()}
    try:
        return BackupView(
            name=found.path.name,
            size_bytes=found.size_bytes,
            organisation=Organisation.from_json(told["organisation"]),
            made_at=datetime.fromisoformat(told["made_at"]),
            made_by=str(told["made_by"]),
            program=str(told["program"]),
            records=tuple((titles.get(name, name), int(n)) for name, n in told["records"].items()),
            unsent=int(told["unsent"]),
            files=len(found.parts) - 1,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise files.KIND.damaged(found.path) from error


def restore(
    path: Path,
    folder: Path,
    passphrase: str,
    progress: Tell | None = None,
    cancelled: Cancelled | None = None,
) -> None:
    """Put a backup into an empty folder. On any failure, and when it is stopped, nothing of it is left there.

    Raises StoreExists, WrongGround, UsageError, StoreNewer, StoreDamaged, WrongPassphrase, DiskFull, Stopped.
    """
    if has_workspace(folder):
        raise StoreExists(
            "There already is a workspace in this folder. Restore into an empty folder. Nothing was changed."
        )
    insist_on(folder)
    size = 2 * path.stat().st_size if path.is_file() else 0
    copying = Copying(progress, cancelled, size, "looked at and put back")
    found = files.read(path, verify=True, step=copying)
    data_key = vault.unwrap(found.head.slot, passphrase)
    was_there = folder.exists()
    half = folder / f".restore.{os.getpid()}"
    try:
        half.mkdir(parents=True)
        files.unpack(found, half, copying)
        _verify(half, data_key)
        vault.write_slot(half, found.head.slot)
        _move(half, folder)
    except BaseException as error:
        shutil.rmtree(half, ignore_errors=True)
        if not was_there:
            with suppress(OSError):
                folder.rmdir()
        if isinstance(error, OSError):
            raise as_known(error, DB_FILE) from error
        raise


def _verify(folder: Path, data_key: bytes) -> None:
    store = Store.open(folder, data_key, spare=True)
    try:
        problems = [*store.integrity_problems(), *sealed.problems(store, folder)]
        if problems:
            raise StoreDamaged(f"The backup is damaged ({problems[0]}). Nothing was restored.")
    finally:
        store.close()


def _move(half: Path, folder: Path) -> None:
    """Key and database last: before that, the folder still counts as one without a workspace."""
    last = (DB_FILE, vault.KEY_FILE)
    moved: list[Path] = []
    try:
        for one in sorted(half.iterdir(), key=lambda one: last.index(one.name) if one.name in last else -1):
            one.replace(folder / one.name)
            moved.append(folder / one.name)
    except OSError:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    half.rmdir()
    sync_folder(folder)
