"""Workspaces as an older Holdfast left them: built from rows, with the first few migrations only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from desktop.store import engine as db
from desktop.store import migrations, vault
from desktop.store.store import DB_FILE
from tests.fault.conftest import PASSPHRASE

Rows = dict[str, list[dict[str, Any]]]
"""Table -> its rows. Bytes are written as {"hex": ...} in a file."""

_DERIVED = ("words", "sqlite_")
"""What is not copied: the search index, and tables of SQLite itself."""


def key_of(folder: Path) -> bytes:
    return vault.unwrap(vault.read_slot(folder), PASSPHRASE)


def tables(connection: Any) -> list[str]:
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid"
    ).fetchall()
    return [name for (name,) in found if not name.startswith(_DERIVED)]


def columns(connection: Any, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})").fetchall()]


def rows_of(folder: Path, like: Rows | None = None) -> Rows:
    """All rows of a closed workspace; `like` = only its tables, and of them only its columns."""
    connection = db.connect(folder / DB_FILE, key_of(folder))
    try:
        found: Rows = {}
        for table in like or tables(connection):
            names = columns(connection, table)
            if like is not None:
                wanted = like[table][0].keys() if like[table] else names
                names = [n for n in names if n in wanted]
            listed = connection.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY 1, 2").fetchall()
            found[table] = [dict(zip(names, row, strict=True)) for row in listed]
        return found
    finally:
        connection.close()


def build(folder: Path, rows: Rows, number: int) -> None:
    """A workspace in an empty folder (but for its key file) at migration `number`, with these rows as far as it knows them."""
    connection = db.connect(folder / DB_FILE, key_of(folder))
    try:
        cursor = connection.cursor()
        for step in range(1, number + 1):
            migrations.run(cursor, step)
        cursor.execute("BEGIN")
        for table in tables(connection):
            known = set(columns(connection, table))
            for row in rows.get(table, ()):
                kept = {n: v for n, v in row.items() if n in known}
                marks = ", ".join("?" * len(kept))
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(kept)}) VALUES ({marks})", tuple(kept.values())
                )
        for key, label, refs in cursor.execute("SELECT key, label, refs FROM records").fetchall():
            cursor.execute(
                "INSERT INTO words (rowid, text) VALUES (?, ?)", (key, " ".join([label, *json.loads(refs)]))
            )
        cursor.execute("COMMIT")
    finally:
        connection.close()


def age(folder: Path, number: int) -> None:
    """Turn a closed workspace into what it was at migration `number`."""
    rows = rows_of(folder)
    for path in folder.glob(f"{DB_FILE}*"):
        path.unlink()
    build(folder, rows, number)


def dump(rows: Rows) -> str:
    return json.dumps(rows, indent=1, default=lambda value: {"hex": value.hex()})


def load(path: Path) -> Rows:
    def back(found: dict[str, Any]) -> Any:
        return bytes.fromhex(found["hex"]) if found.keys() == {"hex"} else found

    rows: Rows = json.loads(path.read_text(encoding="utf-8"), object_hook=back)
    return rows


def new_folder(folder: Path) -> Path:
    """A folder with the key file of a workspace and nothing else."""
    folder.mkdir(parents=True)
    slot = vault.wrap(vault.new_data_key(), PASSPHRASE, "made-up-workspace")
    vault.write_slot(folder, slot)
    return folder
