"""The SQLCipher engine: how a connection is opened, how a transaction begins, and what database errors mean to people.

The driver is left in autocommit (`isolation_level=None`) and SQLAlchemy's begin event says BEGIN itself, because the
driver's own mode opens no transaction for DDL, SELECT or SAVEPOINT (SQLAlchemy, sqlite dialect, module docstring).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from desktop.model.errors import DiskFull, StoreDamaged, StoreError, StoreLocked

BUSY_TIMEOUT_MS = 5_000
CACHE_KIB = 64 * 1024
PAGE_BYTES = 8192
"""A base snapshot is about 3.5 KB: two fit a page of 8 KiB, where one of 4 KiB wastes a fifth (make bench)."""


def connect(path: Path, data_key: bytes) -> Any:
    """One raw connection with every switch set and checked. Raises StoreDamaged when key and file do not fit."""
    connection = dbapi2.connect(
        str(path), isolation_level=None, check_same_thread=False, cached_statements=256
    )
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA cipher_log_level = NONE")  # its own lines on stderr say nothing to a person
        cursor.execute(f"PRAGMA key = \"x'{data_key.hex()}'\"")
        cursor.execute(f"PRAGMA cipher_page_size = {PAGE_BYTES}")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("SELECT count(*) FROM sqlite_master").fetchone()
        mode = cursor.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        cursor.execute("PRAGMA synchronous = FULL")
        on = cursor.execute("PRAGMA foreign_keys").fetchone()[0]
    except dbapi2.Error as error:
        connection.close()
        raise as_known(error) from error
    if mode != "wal" or on != 1:
        connection.close()
        raise StoreError(
            "The database refused its safety settings (WAL, foreign keys). Is it on a network drive?"
        )
    return connection


def as_known(error: BaseException) -> StoreError:
    """A driver's error in our words. The text of the statement and its values never get through."""
    text = str(error).lower()
    if any(word in text for word in ("not a database", "malformed", "hmac", "vtable constructor")):
        return StoreDamaged(
            "holdfast.db is damaged, or is not a Holdfast database. It was left as it is. "
            "Run: holdfast doctor. If it stays so, restore a backup into an empty folder."
        )
    if "full" in text:
        return DiskFull(
            "The disk is full. The last change was not saved; everything before it was. Free some room."
        )
    # A quota, a limit of file size, a disk that went away: the file itself is as it was.
    if "disk i/o" in text:
        return StoreError(
            "The disk does not let Holdfast read or write holdfast.db. The last change was not saved; everything before "
            "it was. Check that the disk is there and has room for you (a quota counts too), then try again."
        )
    if "locked" in text or "busy" in text:
        return StoreLocked(
            "The database stayed busy. The last change was not saved. Close other programs using it."
        )
    if "readonly" in text or "unable to open" in text:
        return StoreError(
            "holdfast.db cannot be written. Check the permissions of the workspace folder and try again."
        )
    return StoreError(
        f"The database refused the work ({type(error).__name__}). The last change was not saved."
    )


def problems(cursor: Any) -> list[str]:
    """What SQLCipher and SQLite themselves find wrong with a file; empty when sound. Reads all of it."""
    found = [str(r[0]) for r in cursor.execute("PRAGMA cipher_integrity_check").fetchall()]
    found += [str(r[0]) for r in cursor.execute("PRAGMA integrity_check").fetchall() if r[0] != "ok"]
    found += ["a row points to nothing" for _ in cursor.execute("PRAGMA foreign_key_check").fetchall()]
    return found


@contextmanager
def known_errors() -> Iterator[None]:
    """Turn what the driver raises inside into StoreError and its kinds."""
    try:
        yield
    except DBAPIError as error:
        if error.orig is None:
            raise
        raise as_known(error.orig) from None
    except dbapi2.Error as error:
        raise as_known(error) from None


def make_engine(creator: Callable[[], Any]) -> sa.Engine:
    """An engine whose transactions are IMMEDIATE when opened with the option `write=True`, else deferred."""
    engine = sa.create_engine(
        "sqlite://",
        module=dbapi2,
        creator=creator,
        poolclass=sa.QueuePool,
        pool_size=4,
        max_overflow=4,
    )

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        cursor = connection.connection.cursor()
        if connection.get_execution_options().get("write"):
            durable = connection.get_execution_options().get("durable", True)
            cursor.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            cursor.execute("BEGIN IMMEDIATE")
        else:
            cursor.execute("BEGIN")

    return engine
