"""Looking after the workspace: encrypted backups, and the doctor. `restoring` puts a backup back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from desktop.model.errors import StoreDamaged, UsageError
from desktop.model.person import Role
from desktop.services import backups, mending
from desktop.services.backups import Backups
from desktop.services.bulk import Cancelled, Tell
from desktop.services.core import Core
from desktop.services.export_shelf import Shelf
from desktop.services.mending import Mended
from desktop.services.people import demand
from desktop.store import sealed
from desktop.sync.engine import self_check

DAMAGE = "The database file:"
"""So begins what is said of a file that is itself damaged."""

_DAMAGED = "Keep a copy of the folder, and put the last backup into an empty one, or save what can be read: holdfast salvage"


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
        with self._core.store.read() as unit:
            demand(unit, Role.ADMINISTER)
        backups.write(self._core, target, progress, cancelled)
        return target

    def doctor(self, folder: Path | None = None) -> list[str]:
        """Everything that is wrong, in plain words; empty when all is sound. Changes nothing.

        `folder` = where the kept files are, when the database that is looked at is a copy elsewhere.
        """
        store = self._core.store
        problems = [f"{DAMAGE} {p}" for p in store.integrity_problems()]
        if problems:
            return problems
        with store.read() as unit:
            problems += list(unit.journal.problems())
        for collection in self._core.collections.values():
            problems += self_check(store, collection, thorough=True)
        with store.read() as unit:
            problems += mending.list_problems(self._core, unit)
        return [*problems, *self._problems_of_files(folder or store.folder)]

    def mend(self, progress: Tell | None = None, cancelled: Cancelled | None = None) -> Mended:
        """Mend what is safe to mend (see `mending`), after a backup; without anything to mend nothing is done at all.

        Raises StoreDamaged for a damaged file, which is left as it is; NotAllowed, and as a backup does.
        """
        store = self._core.store
        with store.read() as unit:
            demand(unit, Role.ADMINISTER)
        if damage := store.integrity_problems():
            raise StoreDamaged(
                f"The database file is damaged ({damage[0]}), so nothing was mended. {_DAMAGED}"
            )
        with store.read() as unit:
            stray = mending.strays(self._core, unit)
        if not (stray or mending.leftovers(store.folder) or self.doctor()):
            return Mended((), ())
        before = Backups(self._core).make(backups.BEFORE_MENDING, progress, cancelled)
        with store.write() as unit:
            done = list(mending.mend_records(self._core, unit))
        done += mending.mend_files(self._core, stray)
        if done:
            with store.write() as unit:
                unit.journal.write("mended", None, {"done": done})
                unit.touched.records.add("*")
        return Mended(tuple(done), tuple(self.doctor()), before.path.name)

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
