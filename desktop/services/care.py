"""Looking after the workspace: encrypted backups, and the doctor. `restoring` puts a backup back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from desktop.model.errors import StoreMissing, UsageError
from desktop.services import restoring
from desktop.services.bulk import Cancelled, Tell
from desktop.services.core import Core
from desktop.services.export_shelf import Shelf
from desktop.services.restoring import Copying
from desktop.store import backup, sealed
from desktop.store.files import as_known, sync_folder
from desktop.sync.engine import self_check


class Care:
    """Backup and doctor of an open workspace."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def backup(self, target: Path, progress: Tell | None = None, cancelled: Cancelled | None = None) -> Path:
        """One file with everything, encrypted as it is, and the wrapped key: it opens with the passphrase.

        Everything is the database and the kept files. The file is verified before it counts. Raises UsageError when the
        target exists already, Stopped when `cancelled`.
        """
        if target.exists():
            raise UsageError(f"{target.name} is there already. Choose another name; nothing was written.")
        store = self._core.store
        copy = store.folder / f".backup.{os.getpid()}.db"
        beside = target.with_name(f".{target.name}.new")
        try:
            store.copy_to(copy)
            size = sum(path.stat().st_size for path in (copy, *sealed.all_of(store)))
            copying = Copying(progress, cancelled, 2 * size, "written and read again")
            backup.write(beside, copy, store, restoring.note(self._core), copying)
            backup.read(beside, verify=True, step=copying)
            beside.replace(target)
            sync_folder(target.parent)
        except OSError as error:
            raise as_known(error, target.name) from error
        finally:
            copy.unlink(missing_ok=True)
            beside.unlink(missing_ok=True)
        # A backup is the way out when the live file was taken away; its line in the journal is not worth failing for.
        with suppress(StoreMissing), store.write() as unit:
            unit.journal.write("workspace", None, {"backup": target.name})
        return target

    def doctor(self, folder: Path | None = None) -> list[str]:
        """Everything that is wrong, in plain words; empty when all is sound. Changes nothing.

        `folder` = where the kept files are, when the database that is looked at is a copy elsewhere.
        """
        store = self._core.store
        problems = [f"The database file: {p}" for p in store.integrity_problems()]
        if problems:
            return problems
        with store.read() as unit:
            problems += list(unit.journal.problems())
        for collection in self._core.collections.values():
            problems += self_check(store, collection, thorough=True)
        return [*problems, *self._problems_of_files(folder or store.folder)]

    def _problems_of_files(self, folder: Path) -> Iterator[str]:
        yield from sealed.problems(self._core.store, folder)
        with self._core.store.read() as unit:
            named = {*unit.kept.sealed_names(), *Shelf.copies(unit)}
        if missing := [name for name in sorted(named) if not sealed.is_there(folder, name)]:
            yield (
                f"{len(missing):,} kept {'file is' if len(missing) == 1 else 'files are'} missing from the folder "
                f"{sealed.FOLDER}, for instance {missing[0]}. They are originals of what was read in or handed over; "
                "no record depends on them."
            )
