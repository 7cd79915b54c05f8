"""One client of the simulation: a real workspace on a real (encrypted) disk, and the ways in which its program ends.

A `Fuse` is the one accident that is due: at the n-th commit or request the program is gone, the disk is full or broken,
or the power fails. After that nothing more of the program runs; the files are as the accident left them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from collections.abc import Collection as Collected
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2

from desktop.model.collection import Collection
from desktop.model.errors import StoreError
from desktop.services.unlocking import Unlocking
from desktop.services.workspace import Workspace
from desktop.store import engine as db
from desktop.store import vault
from desktop.store.records import StoredRecord
from desktop.store.store import DB_FILE, Store, Unit
from desktop.sync.portals.register import RegisterPortal
from tests.fault.conftest import PASSPHRASE, TRAINEES
from tests.sim.folding import Watch
from tests.sim.world import Crash

FILES = (DB_FILE, f"{DB_FILE}-wal")


class Accident(StrEnum):
    """What ends, or fails, at the n-th step of its kind."""

    BEFORE_COMMIT = "before commit"
    AFTER_COMMIT = "after commit"
    BEFORE_REQUEST = "before request"
    AFTER_REQUEST = "after request"
    POWER = "power"
    DISK_FULL = "disk full"
    DISK_BROKEN = "disk broken"


ENDS = (
    Accident.BEFORE_COMMIT,
    Accident.AFTER_COMMIT,
    Accident.BEFORE_REQUEST,
    Accident.AFTER_REQUEST,
    Accident.POWER,
)
_DISK = {
    Accident.DISK_FULL: "database or disk is full",
    Accident.DISK_BROKEN: "disk I/O error",
}


@dataclass
class Fuse:
    """The accident that is due after `left` more steps of its kind; `burnt` once it happened."""

    accident: Accident
    left: int
    burnt: bool = False

    def at(self, *accidents: Accident) -> Accident | None:
        """One step of these kinds: the accident if it is due now."""
        if self.burnt or self.accident not in accidents:
            return None
        self.left -= 1
        if self.left >= 0:
            return None
        self.burnt = True
        return self.accident


class _Key(Unlocking):
    """The key of a workspace, found once: unwrapping it at each start costs time and a thread."""

    def __init__(self, slot: vault.KeySlot, data_key: bytes) -> None:
        self._kept = slot, data_key

    def key(self) -> tuple[vault.KeySlot, bytes]:
        return self._kept


def key_of(folder: Path) -> Unlocking:
    """The key of a workspace folder that was made with the passphrase of all tests."""
    slot = vault.read_slot(folder)
    return _Key(slot, vault.unwrap(slot, PASSPHRASE))


class Machine:
    """A computer with Holdfast on it."""

    def __init__(self, name: str, folder: Path, key: Unlocking, watch: Watch) -> None:
        self.name = name
        self.folder = folder
        self.key = key
        self.watch = watch
        self.fuse: Fuse | None = None
        self.ended = False
        self.adapter: dict[str, Any] = {}
        self.transport: Callable[[], httpx.BaseTransport] = httpx.HTTPTransport
        self._opened: Workspace | None = None
        self._before_power: dict[str, bytes] | None = None
        self.crashes = 0

    # -- the program --------------------------------------------------------------------------------

    @property
    def workspace(self) -> Workspace:
        """Raises Crash in a program that is gone; starts it when it is not running."""
        if self._opened is None:
            self._opened = Workspace.open(
                self.folder, self.key, clock=self.watch, actor=self.name, make=self._make
            )
        return self._opened

    @property
    def collection(self) -> Collection:
        return self.workspace.collections[TRAINEES]

    def _make(self, collection: Collection, url: str, token: str, organisation: str) -> RegisterPortal:
        return RegisterPortal(
            collection,
            url,
            token,
            ukprn=organisation,
            transport=self.transport(),
            clock=self.watch,
            **self.adapter,
        )

    def close(self) -> None:
        """The person ends the program."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def die(self) -> None:
        """The program is gone: the files stay as they are at this moment, without the good-bye of a clean end."""
        kept = self._before_power or self.files()
        self._before_power = None
        self.close()
        for name in (*FILES, f"{DB_FILE}-shm"):
            (self.folder / name).unlink(missing_ok=True)
        for name, content in kept.items():
            (self.folder / name).write_bytes(content)
        self.crashes += 1
        self.ended = False

    def files(self) -> dict[str, bytes]:
        """The database as it is on disk."""
        return {n: (self.folder / n).read_bytes() for n in FILES if (self.folder / n).is_file()}

    def restart(self) -> None:
        """Start after an end of any kind; the accident that is due may strike in the start as well."""
        while True:
            try:
                self.die() if self.ended else self.close()
                _ = self.workspace
            except Crash:
                continue
            except StoreError:
                self.fuse = None
                continue
            return

    def run(self, deed: Callable[[], object]) -> bool:
        """Do something that an accident may end. False = it did, and the program was started again.

        A full or broken disk is told to the person, who goes on.
        """
        try:
            deed()
        except Crash:
            self.restart()
            return False
        except StoreError:
            if self.fuse is None or not self.fuse.burnt:
                raise
            return False
        if self._before_power is not None:
            self.ended = True
            self.restart()
            return False
        return True

    # -- accidents ----------------------------------------------------------------------------------

    def at_request(self, *, before: bool) -> None:
        """A request is about to leave, or its answer is there."""
        self._end(Accident.BEFORE_REQUEST if before else Accident.AFTER_REQUEST)

    def _end(self, *accidents: Accident) -> None:
        if self.ended:
            raise Crash
        if self.fuse is not None and self.fuse.at(*accidents):
            self.ended = True
            raise Crash

    def writing(self, real: AbstractContextManager[Unit], *, durable: bool) -> AbstractContextManager[Unit]:
        """One unit of work on this machine's disk."""
        return self._writing(real, durable)

    @contextmanager
    def _writing(self, real: AbstractContextManager[Unit], durable: bool) -> Iterator[Unit]:
        if self.ended:
            raise Crash
        self._power(durable)
        with real as unit:
            yield unit
            self._end(Accident.BEFORE_COMMIT)
            self._disk()
        self._end(Accident.AFTER_COMMIT)

    def _power(self, durable: bool) -> None:
        """The power fails: commits that were not waited for are lost, those before them are not."""
        if self._before_power is not None:
            if durable:
                self.ended = True
                raise Crash
            return
        if self.fuse is not None and self.fuse.at(Accident.POWER):
            self._before_power = self.files()
            if durable:
                self.ended = True
                raise Crash

    def _disk(self) -> None:
        happened = self.fuse.at(*_DISK) if self.fuse is not None else None
        if happened is not None:
            raise dbapi2.OperationalError(_DISK[happened])

    # -- what is here -------------------------------------------------------------------------------

    def records(self, only: Collected[str] | None = None) -> dict[str, StoredRecord]:
        """Records by local id: those in `only`, or every one in the order of arrival."""
        with self.workspace._store.read() as unit:
            if only is not None:
                found = (unit.records.get(record_id) for record_id in sorted(only))
                return {r.id: r for r in found if r is not None}
            keys = list(unit.connection.exec_driver_sql("SELECT key FROM records ORDER BY key").scalars())
            return {r.id: r for r in unit.records.contents(keys)}

    def record_slug(self, record_id: str) -> str | None:
        """The portal's id of a record here."""
        found = self.records({record_id}).get(record_id)
        return found.portal_id if found is not None else None

    def record_at(self, portal_id: str) -> StoredRecord | None:
        with self.workspace._store.read() as unit:
            return unit.records.by_portal_id(TRAINEES, portal_id)

    def read(self) -> AbstractContextManager[Unit]:
        return self.workspace._store.read()


@contextmanager
def on_disks(machines: dict[Path, Machine]) -> Iterator[None]:
    """Every unit of work of these machines goes by their fuses. Folder -> machine; others are left alone."""
    write = Store.write

    def watched(store: Store, durable: bool = True) -> AbstractContextManager[Unit]:
        machine = machines.get(store.folder)
        real = write(store, durable)
        return real if machine is None else machine.writing(real, durable=durable)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "write", watched)
        patch.setattr(db, "make_engine", partial(_used_engine, machines, db.make_engine))
        yield


_engines: dict[str, tuple[sa.Engine, list[Callable[[], Any]]]] = {}


def _used_engine(
    machines: dict[Path, Machine],
    make: Callable[[Callable[[], Any]], sa.Engine],
    creator: Callable[[], Any],
) -> sa.Engine:
    """An engine knows the statements that it has compiled; a new one for each start would compile them all again.

    Each machine has one store open at a time, and closing a store empties its engine of connections.
    """
    folder = creator.args[0].parent if isinstance(creator, partial) else None
    machine = machines.get(folder) if folder is not None else None
    if machine is None:
        return make(creator)
    if machine.name not in _engines:
        now = [creator]

        def connect() -> Any:
            return now[0]()

        _engines[machine.name] = make(connect), now
    engine, current = _engines[machine.name]
    current[0] = creator
    return engine


def copied(template: Path, folder: Path) -> Path:
    """A folder of one's own with the files of a template."""
    shutil.copytree(template, folder)
    return folder
