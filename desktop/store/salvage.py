"""Reading what can be read of a damaged database, from a copy: table by table, row by row, round every damaged page.

SQLCipher proves each page by its own code before it is used, so a row is either what was written or not read at all. A table
with numbered rows is read in ranges that are halved wherever a page fails; one without is read from both its ends.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from desktop.model.errors import StoreDamaged, StoreError, StoreNewer
from desktop.store import engine as db
from desktop.store import migrations
from desktop.store.backup import DB_FILE
from desktop.store.store import Unit

NUMBERED = {
    "records": "key", "snapshots": "key", "changes": "rowid", "conflicts": "rowid", "journal": "seq",
    "portals": "rowid", "tries": "seq",
}  # fmt: skip
"""Tables whose rows have a number."""

SORTED = {"meta": "name", "watermarks": "collection, scope", "aliases": "local_id", "kept": "kind, name"}
"""Tables that are in order of these columns, without a number."""

_BLOCK = 1 << 16
_TOP = 1 << 62
_MOST_IN_VAIN = 48
"""So many ranges in a row that cannot be read, and the rest is given up: then the damage is not of single pages."""

Row = dict[str, Any]


@dataclass
class Found:
    """Rows by table, and how often something of a table could not be read."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    holes: dict[str, int] = field(default_factory=dict)

    def of(self, table: str) -> list[Row]:
        return self.rows.get(table, [])


def copy_readable(folder: Path, into: Path) -> None:
    """Database and log as far as the disk gives them; what it does not give is left as zeros. Raises OSError."""
    for name in (DB_FILE, f"{DB_FILE}-wal"):
        if (folder / name).is_file():
            with (folder / name).open("rb") as source, (into / name).open("wb") as out:
                _copy(source, out, (folder / name).stat().st_size)


def _copy(source: Any, out: Any, size: int) -> None:
    for start in range(0, size, _BLOCK):
        wanted = min(_BLOCK, size - start)
        block = b""
        with suppress(OSError):
            source.seek(start)
            block = source.read(wanted)
        out.write(block.ljust(wanted, b"\0"))


def read(folder: Path, data_key: bytes) -> Found:
    """All rows that can be read of the database in a folder, which is a copy. Raises StoreDamaged, StoreNewer.

    StoreDamaged: the page that says which tables there are is gone, so nothing can be read.
    """
    reader = _Reader(folder / DB_FILE, data_key)
    try:
        number = reader.number()
        if number > migrations.NEWEST:
            raise StoreNewer(
                "This workspace was used with a newer version of Holdfast. Use that version for this."
            )
        found = Found()
        for table in (*NUMBERED, *SORTED):
            if columns := reader.columns(table):
                rows, holes = reader.table(table, columns)
                found.rows[table] = [dict(zip(columns, row, strict=True)) for row in rows]
                found.holes[table] = holes
        return found
    finally:
        reader.close()


class _Reader:
    """Reads one file; after each failure with a fresh connection, because SQLCipher does not trust one that met damage."""

    def __init__(self, path: Path, data_key: bytes) -> None:
        self._path, self._key = path, data_key
        self._connection: Any = None

    def close(self) -> None:
        if self._connection is not None:
            with suppress(dbapi2.Error):
                self._connection.close()
            self._connection = None

    def _asked(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        if self._connection is None:
            self._connection = db.connect(self._path, self._key)
        yield from self._connection.execute(sql, values)

    def _tried(self, take: Callable[[tuple[Any, ...]], None], sql: str, *values: object) -> bool:
        """Whether all rows could be read; `take` gets them one by one."""
        try:
            for row in self._asked(sql, *values):
                take(row)
        except (dbapi2.Error, StoreError, UnicodeDecodeError):
            self.close()
            return False
        return True

    def number(self) -> int:
        found: list[tuple[Any, ...]] = []
        if not self._tried(found.append, "PRAGMA user_version") or not found[0][0]:
            raise StoreDamaged(
                "The first page of holdfast.db is damaged, and without it nothing else can be read. It was left as it is. "
                "Restore the last backup: Holdfast keeps them in the folder backups."
            )
        return int(found[0][0])

    def columns(self, table: str) -> list[str]:
        found: list[tuple[Any, ...]] = []
        self._tried(found.append, f"PRAGMA table_info({table})")
        return [row[1] for row in found]

    def table(self, table: str, columns: list[str]) -> tuple[list[tuple[Any, ...]], int]:
        """(rows, how many places could not be read)."""
        names = ", ".join(columns)
        if number := NUMBERED.get(table):
            return self._by_number(f"SELECT {number}, {names} FROM {table} NOT INDEXED", number)  # noqa: S608 - ours
        return self._from_both_ends(f"SELECT {names} FROM {table}", SORTED[table])  # noqa: S608 - names of ours

    def _by_number(self, select: str, number: str) -> tuple[list[tuple[Any, ...]], int]:
        found: dict[int, tuple[Any, ...]] = {}

        def take(row: tuple[Any, ...]) -> None:
            found[row[0]] = row[1:]

        asked = f"{select} WHERE {number} BETWEEN ? AND ? ORDER BY {number}"
        if self._tried(take, asked, -_TOP, _TOP):
            return list(found.values()), 0
        low = max(found, default=0)
        self._tried(take, f"{asked} DESC", low + 1, _TOP)
        above = [n for n in found if n > low]
        # Without a row from the far end nobody knows where the numbers end: a little further than those that are known.
        gaps = deque([(low + 1, min(above) - 1 if above else 2 * low + 4_096)])
        holes = in_vain = 0
        while gaps and in_vain < _MOST_IN_VAIN:
            first, last = gaps.popleft()
            if first > last:
                continue
            if self._tried(take, asked, first, last):
                in_vain = 0
                continue
            in_vain += 1
            if first == last:
                holes += 1
            else:
                middle = (first + last) // 2
                gaps += [(first, middle), (middle + 1, last)]
        return [found[n] for n in sorted(found)], max(holes, 1)

    def _from_both_ends(self, select: str, order: str) -> tuple[list[tuple[Any, ...]], int]:
        found: dict[tuple[Any, ...], None] = {}

        def take(row: tuple[Any, ...]) -> None:
            found[row] = None

        if self._tried(take, f"{select} ORDER BY {order}"):
            return list(found), 0
        backwards = ", ".join(f"{name} DESC" for name in order.split(", "))
        self._tried(take, f"{select} ORDER BY {backwards}")
        return list(found), 1


def put(unit: Unit, table: str, rows: list[Row]) -> None:
    """Write rows into a table of a new database, as far as it has their columns."""
    run = unit.connection.exec_driver_sql
    known = {row[1] for row in run(f"PRAGMA table_info({table})")}
    for row in rows:
        kept = {name: value for name, value in row.items() if name in known}
        marks = ", ".join("?" * len(kept))
        run(f"INSERT INTO {table} ({', '.join(kept)}) VALUES ({marks})", tuple(kept.values()))  # noqa: S608 - names of ours
