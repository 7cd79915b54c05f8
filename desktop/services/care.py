"""Looking after the workspace: encrypted backups, restoring, and the doctor."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from desktop.model.errors import StoreDamaged, StoreExists, StoreMissing, UsageError
from desktop.services.core import Core
from desktop.store import container, vault
from desktop.store.files import as_known, sync_folder
from desktop.store.store import DB_FILE, Store
from desktop.sync.engine import self_check

_BACKUP = container.Kind(b"HOLDFAST-BACKUP-", 1, "a Holdfast backup", "Nothing was restored.")


class Care:
    """Backup and doctor of an open workspace."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def backup(self, target: Path) -> Path:
        """One file with the whole database, encrypted as it is, and the wrapped key: it opens with the passphrase.

        The file is verified before it counts. Raises UsageError when the target exists already.
        """
        if target.exists():
            raise UsageError(f"{target.name} is there already. Choose another name; nothing was written.")
        folder = self._core.store.folder
        copy = folder / f".backup.{os.getpid()}.db"
        beside = target.with_name(f".{target.name}.new")
        try:
            self._core.store.copy_to(copy)
            _pack(copy, vault.read_slot(folder), beside)
            read_header(beside, verify=True)
            beside.replace(target)
            sync_folder(target.parent)
        except OSError as error:
            raise as_known(error, target.name) from error
        finally:
            copy.unlink(missing_ok=True)
            beside.unlink(missing_ok=True)
        # A backup is the way out when the live file was taken away; its line in the journal is not worth failing for.
        with suppress(StoreMissing), self._core.store.write() as unit:
            unit.journal.write("workspace", None, {"backup": target.name})
        return target

    def doctor(self) -> list[str]:
        """Everything that is wrong, in plain words; empty when all is sound. Changes nothing."""
        problems = [f"The database file: {p}" for p in self._core.store.integrity_problems()]
        if problems:
            return problems
        with self._core.store.read() as unit:
            problems += list(unit.journal.problems())
        for collection in self._core.collections.values():
            problems += self_check(self._core.store, collection, thorough=True)
        return problems


def _pack(database: Path, slot: vault.KeySlot, target: Path) -> None:
    with database.open("rb") as source:
        sha256 = container.checksum(source)
    with database.open("rb") as source, target.open("wb") as out:
        out.write(container.head(_BACKUP, slot, database.stat().st_size, sha256))
        while block := source.read(container.BLOCK):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())


def read_header(path: Path, *, verify: bool) -> tuple[vault.KeySlot, int]:
    """(key slot, where the database begins) of a backup. Raises StoreDamaged for anything that is not a whole one."""
    return container.read_head(path, _BACKUP, verify=verify)


def has_workspace(folder: Path) -> bool:
    """Whether a folder holds a workspace, or what is left of one."""
    return (folder / DB_FILE).exists() or (folder / vault.KEY_FILE).exists()


def restore(backup: Path, folder: Path, passphrase: str) -> None:
    """Put a backup into an empty folder. On any failure no database is left there.

    Raises StoreExists, StoreDamaged, WrongPassphrase, DiskFull.
    """
    if has_workspace(folder):
        raise StoreExists(
            "There already is a workspace in this folder. Restore into an empty folder. Nothing was changed."
        )
    slot, start = read_header(backup, verify=True)
    data_key = vault.unwrap(slot, passphrase)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / DB_FILE
    try:
        with backup.open("rb") as source, target.open("xb") as out:
            source.seek(start)
            while block := source.read(container.BLOCK):
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        _verify(folder, data_key)
        vault.write_slot(folder, slot)
    except BaseException as error:
        for name in (DB_FILE, f"{DB_FILE}-wal", f"{DB_FILE}-shm", vault.KEY_FILE):
            (folder / name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise as_known(error, DB_FILE) from error
        raise


def _verify(folder: Path, data_key: bytes) -> None:
    store = Store.open(folder, data_key)
    try:
        if problems := store.integrity_problems():
            raise StoreDamaged(f"The backup's database is damaged ({problems[0]}). Nothing was restored.")
    finally:
        store.close()
