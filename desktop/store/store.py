"""The store of one workspace: opening, transactions, migrations.

One writer at a time (a lock in the process, BEGIN IMMEDIATE in the file, and an operating-system lock on the folder
against a second program). Readers never wait for the writer (WAL). A unit of work is one transaction: leaving it
without an error commits, an error rolls everything back.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from desktop.model.collection import Collection
from desktop.model.document import Document
from desktop.model.errors import StoreDamaged, StoreMissing, StoreNewer
from desktop.model.ids import RecordId
from desktop.store import backup, migrations, schema, times, vault
from desktop.store import engine as db
from desktop.store.behind import CHUNK, Behind
from desktop.store.changes import Decisions, Outbox
from desktop.store.files import FolderLock, as_known, clear_leftovers, identity
from desktop.store.ground import insist_on
from desktop.store.held import held
from desktop.store.journal import Journal
from desktop.store.kept import Kept
from desktop.store.lists import Lists
from desktop.store.portals import Portals
from desktop.store.records import Known, Records

DB_FILE = backup.DB_FILE
_META = sa.select(schema.meta.c.value).where(schema.meta.c.name == sa.bindparam("name"))
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time as the computer has it."""
    return datetime.now(UTC)


@dataclass
class Touched:
    """What a unit of work changed, for those who show it: record ids ("*" = many), and which lists moved."""

    records: set[str] = field(default_factory=set)
    queue: bool = False
    portals: bool = False

    def __bool__(self) -> bool:
        return bool(self.records) or self.queue or self.portals


class Unit:
    """One transaction and the repositories that work in it. Not to be kept after the `with` block, nor shared."""

    def __init__(self, connection: sa.Connection, now: datetime, actor: str) -> None:
        self._behind = Behind(connection)
        self._in_hand: tuple[str, ...] = ()
        self.now = now
        self.actor = actor
        self.records = Records(self._behind)
        self.lists = Lists(self._behind)
        self.outbox = Outbox(self._behind)
        self.decisions = Decisions(self._behind)
        self.portals = Portals(connection)
        self.kept = Kept(self._behind, now, actor)
        self.journal = Journal(connection, times.to_text(now) or "", actor)
        self.touched = Touched()

    @property
    def connection(self) -> sa.Connection:
        """For statements of one's own; what was held back is written down first."""
        return self._behind.connection

    def hold(self, record_ids: Sequence[str]) -> None:
        """Take these records with their changes and conflicts in hand, in place of those before (see `behind`)."""
        if tuple(record_ids) == self._in_hand:
            return
        self._in_hand = tuple(record_ids)
        self._behind.settle()
        self.records.hold(record_ids)
        self.outbox.hold(record_ids)
        self.decisions.hold(record_ids)

    def add(self, collection: Collection, documents: Mapping[RecordId, Document]) -> None:
        """New records by local id, in a few statements; they are in hand from now on, in place of those before."""
        self._behind.settle()
        self.records.add_new(collection, documents, self.now, self.actor)
        self._in_hand = tuple(documents)
        self.outbox.hold(self._in_hand)
        self.decisions.hold(self._in_hand)

    def meet(self, collection: str, portal_ids: Sequence[str]) -> dict[str, Known]:
        """What is here of these portal ids; those with local work are in hand from now on, in place of those before."""
        self._behind.settle()
        known = self.records.meet(collection, portal_ids)
        self._in_hand = tuple(k.id for k in known.values() if k.local_work)
        self.outbox.hold(self._in_hand)
        self.decisions.hold(self._in_hand)
        return known

    def one_by_one(self, record_ids: Sequence[str]) -> Iterator[str]:
        """The same ids, each while its record is in hand; so many at a time that memory stays bounded (D30)."""
        for start in range(0, len(record_ids), CHUNK):
            some = record_ids[start : start + CHUNK]
            self.hold(some)
            yield from some

    def flush(self) -> None:
        """Write down everything that waits; the transaction does it before it commits."""
        self._behind.settle()
        self.journal.flush()

    def meta(self, name: str) -> str | None:
        return self.connection.scalar(_META, {"name": name})

    def set_meta(self, name: str, value: str) -> None:
        self.connection.exec_driver_sql(
            "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value)
        )


class Store:
    """An open workspace database. Made by `create` or `open`; `close` when done."""

    def __init__(self, folder: Path, data_key: bytes, lock: FolderLock, clock: Clock, actor: str) -> None:
        self.folder = folder
        self.clock = clock
        self.actor = actor
        self._data_key = data_key
        self._connect = partial(db.connect, data_key=data_key)
        self._engine = db.make_engine(partial(self._connect, folder / DB_FILE))
        self._lock = lock
        self._file = identity(folder / DB_FILE)
        self.was_cut_off = False
        """Whether the program that had it last did not close it: worth a thorough look (D26)."""
        self._writing = threading.RLock()
        self._listeners: list[Callable[[Touched], None]] = []

    @classmethod
    def create(cls, folder: Path, data_key: bytes, clock: Clock = utc_now, actor: str = "") -> Store:
        """A new, empty database in `folder`, which exists and has none."""
        lock = FolderLock(folder)
        try:
            with db.known_errors():
                _migrate(folder, data_key, None)
            return cls(folder, data_key, lock, clock, actor)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(
        cls, folder: Path, data_key: bytes, clock: Clock = utc_now, actor: str = "", *, spare: bool = False
    ) -> Store:
        """Open the database, bringing an older one up to date (a backup is made in `backups/` first).

        `spare` = it is a copy of something that is kept anyway, so no backup is made.

        Raises StoreMissing, StoreLocked, StoreDamaged, StoreNewer. A damaged or foreign file is not touched.
        """
        if not (folder / DB_FILE).is_file():
            raise StoreMissing(
                f"{DB_FILE} is missing from the workspace folder. Put it back, or restore a backup into an empty folder."
            )
        insist_on(folder)
        lock = FolderLock(folder)
        try:
            clear_leftovers(folder)
            _refuse_foreign(folder / DB_FILE)
            cut_off = _was_cut_off(folder)
            with db.known_errors():
                _migrate(folder, data_key, None if spare else clock)
            store = cls(folder, data_key, lock, clock, actor)
            store.was_cut_off = cut_off
            return store
        except BaseException:
            lock.release()
            raise

    @contextmanager
    def write(self, durable: bool = True) -> Iterator[Unit]:
        """One unit of work that may write. `durable` = on disk before this returns (every edit by a person)."""
        with self._writing, db.known_errors():
            connection = self._engine.connect().execution_options(write=True, durable=durable)
            with connection, connection.begin():
                self._insist_on_file()
                unit = Unit(connection, self.clock(), self.actor)
                yield unit
                unit.flush()
        if unit.touched:
            for listener in tuple(self._listeners):
                listener(unit.touched)

    def _insist_on_file(self) -> None:
        """What is written into a file that was removed under us would be gone with the program (P4; not on Windows)."""
        if identity(self.folder / DB_FILE) == self._file and (self.folder / f"{DB_FILE}-wal").exists():
            return
        raise StoreMissing(
            f"{DB_FILE} was moved or removed while Holdfast had it open. The last change was not saved. "
            "Keep Holdfast open and make a backup: it still has everything that was saved. Then restore that "
            "into an empty folder."
        )

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """A consistent view for reading; does not wait for the writer."""
        with db.known_errors(), self._engine.connect() as connection, connection.begin():
            yield Unit(connection, self.clock(), self.actor)

    def listen(self, listener: Callable[[Touched], None]) -> Callable[[], None]:
        """Call `listener` after each commit that changed something, on the thread that wrote. Returns the way out."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def index_facets(self, names: Iterable[str]) -> None:
        """Indexes for the facets by which lists are filtered and sorted. Harmless when they are there."""
        with self.write(durable=False) as unit:
            for name in names:
                if not name.isidentifier():
                    raise ValueError("not a facet name")
                unit.connection.exec_driver_sql(
                    f"CREATE INDEX IF NOT EXISTS facet_{name} ON records "
                    f"(collection, json_extract(facets, '$.{name}'), sort)"
                )

    def drop_facet_indexes(self) -> None:
        """Before many new records come in: making the indexes afterwards is far cheaper. `index_facets` makes them."""
        with self.write(durable=False) as unit:
            for name in indexed_facets(unit):
                unit.connection.exec_driver_sql(f"DROP INDEX facet_{name}")

    def copy_to(self, target: Path) -> dict[str, Any]:
        """A consistent copy of the live database, encrypted with the same key (online backup), and proven sound.

        What it holds, in numbers (see `held`).
        """
        with db.known_errors():
            copy = self._connect(target)
            try:
                with (
                    self._writing
                ):  # only while it is copied: proving it takes longer, and nobody has to wait for that
                    raw = self._engine.raw_connection()
                    try:
                        raw.driver_connection.backup(copy)  # type: ignore[union-attr]
                    finally:
                        raw.close()
                cursor = copy.cursor()
                cursor.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
                if problems := db.problems(cursor):
                    raise StoreDamaged(f"The copy is not sound ({problems[0]}). Nothing was written.")
                return held(cursor)
            finally:
                copy.close()

    def as_source(self, copy: Path) -> backup.Source:
        """What a backup of this workspace is made of; `copy` as `copy_to` left it."""
        return backup.Source(self.folder, copy, self._data_key)

    def wipe(self) -> None:
        """Rewrite the whole file, so that nothing of what was removed is left in free space, in the index or in the log.

        Raises StoreLocked when somebody reads just now, DiskFull.
        """
        with self._writing, db.known_errors():
            connection = self._connect(self.folder / DB_FILE)
            try:
                connection.execute("INSERT INTO words (words) VALUES ('optimize')")
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()

    def pages(self) -> Iterator[bytes]:
        """Every page of the file and of the log as it reads with the key, whatever SQLite makes of it."""
        from desktop.store import pages  # most runs never search

        with self._writing:
            yield from pages.readable(self.folder / DB_FILE, self._data_key)

    def seal(self, content: bytes, purpose: bytes) -> bytes:
        """`content` encrypted under this workspace's data key, for a file that leaves it (`vault.unseal` opens it)."""
        return vault.seal(self._data_key, content, purpose)

    def unseal(self, sealed: bytes, purpose: bytes) -> bytes:
        """What `seal` was given. Raises StoreDamaged when one bit of it, or of the purpose, is another."""
        return vault.unseal(self._data_key, sealed, purpose)

    def integrity_problems(self) -> list[str]:
        """What SQLCipher and SQLite themselves find wrong with the file; empty when sound."""
        with self._writing, db.known_errors():
            raw = self._engine.raw_connection()
            try:
                return db.problems(raw.cursor())
            finally:
                raw.close()

    def close(self) -> None:
        """Close all connections and let go of the folder. Harmless when called twice."""
        with self._writing:
            self._engine.dispose()
            if self._lock is not None:
                lock, self._lock = self._lock, None  # type: ignore[assignment]
                lock.release()


def indexed_facets(unit: Unit) -> list[str]:
    """Facets that have their index."""
    found = unit.connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'facet!_%' ESCAPE '!'"
    )
    return [str(name).removeprefix("facet_") for name in found.scalars()]


def _was_cut_off(folder: Path) -> bool:
    """SQLite takes the log away when the last connection closes; one that is left was left by a crash."""
    log = folder / f"{DB_FILE}-wal"
    return log.is_file() and log.stat().st_size > 0


def _refuse_foreign(path: Path) -> None:
    """A plain SQLite file or an empty one is somebody else's: say so before any key is tried on it."""
    try:
        with path.open("rb") as stream:
            head = stream.read(16)
    except OSError as error:
        raise StoreDamaged(f"{DB_FILE} cannot be read ({error.strerror}). Nothing was changed.") from error
    if head.startswith(b"SQLite format 3") or len(head) < 16:
        raise StoreDamaged(
            f"{DB_FILE} is not a Holdfast database (it is empty, or another program's). It was left as it is. "
            "Put the right file back, or restore a backup into an empty folder."
        )


def _migrate(folder: Path, data_key: bytes, clock: Clock | None) -> None:
    """Bring the file to the newest number; after a backup, with a clock. Raises StoreNewer for a file from a newer program."""
    connection = db.connect(folder / DB_FILE, data_key)
    try:
        cursor = connection.cursor()
        number = int(cursor.execute("PRAGMA user_version").fetchone()[0])
        if number > migrations.NEWEST:
            raise StoreNewer(
                "This workspace was used with a newer version of Holdfast. Install that version or a later one. "
                "Nothing was changed."
            )
        if 0 < number < migrations.NEWEST:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if clock is not None:
                _keep_backup(folder, data_key, cursor, clock())
        for step in range(number + 1, migrations.NEWEST + 1):
            migrations.run(cursor, step)
    except dbapi2.Error as error:
        raise db.as_known(error) from error
    finally:
        connection.close()


def _keep_backup(folder: Path, data_key: bytes, cursor: Any, at: datetime) -> None:
    """A backup of the file as it is, in `backups/`, proven, before anything of it moves. Raises StoreError."""
    copy = folder / f".backup.{os.getpid()}.db"
    try:
        if problems := db.problems(cursor):
            raise StoreDamaged(
                f"holdfast.db is damaged ({problems[0]}). It was left as it is, and not upgraded."
            )
        target = (
            folder
            / backup.FOLDER
            / backup.name_by_itself(vault.read_slot(folder).workspace, at, backup.BEFORE_UPGRADE)
        )
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(folder / DB_FILE, copy)
        note = {
            **held(cursor),
            "made_at": times.to_text(at),
            "made_by": "Holdfast",
            "program": "an earlier Holdfast",
        }
        backup.save(target, backup.Source(folder, copy, data_key), note, lambda _: None)
    except OSError as error:
        raise as_known(error, "the backup that is made before an upgrade") from error
    finally:
        with suppress(OSError):
            copy.unlink(missing_ok=True)
