"""Numbered migrations: each is one transaction together with its own number (`PRAGMA user_version`).

A migration, once released, is never edited; the next one follows. Before a file that has content is migrated, it is
copied (see `Store.open`). A file with a higher number than ours is refused.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol


class Cursor(Protocol):
    """What a migration needs of a database connection."""

    def execute(self, sql: str) -> object: ...


_FIRST = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE records (
        key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, collection TEXT NOT NULL, portal_id TEXT, pending TEXT,
        version INTEGER NOT NULL, state TEXT NOT NULL, sync TEXT NOT NULL, errors INTEGER, missing INTEGER NOT NULL,
        label TEXT NOT NULL, sort TEXT NOT NULL, facets TEXT NOT NULL, refs TEXT NOT NULL, saved_at TEXT,
        saved_by TEXT NOT NULL, portal_version TEXT NOT NULL)""",
    "CREATE UNIQUE INDEX records_portal ON records (collection, portal_id) WHERE portal_id IS NOT NULL",
    "CREATE INDEX records_sort ON records (collection, sort, key)",
    "CREATE INDEX records_state ON records (collection, state, sort, key)",
    "CREATE INDEX records_open ON records (collection, sync) WHERE sync <> 'clean'",
    "CREATE TABLE snapshots (key INTEGER PRIMARY KEY REFERENCES records ON DELETE CASCADE, body TEXT NOT NULL)",
    """CREATE VIRTUAL TABLE words USING fts5(
        text, content='', contentless_delete=1, prefix='2',
        tokenize="unicode61 remove_diacritics 2 tokenchars '-@_'")""",
    "CREATE TRIGGER records_words AFTER DELETE ON records BEGIN DELETE FROM words WHERE rowid = old.key; END",
    """CREATE TABLE changes (
        id TEXT PRIMARY KEY, key INTEGER NOT NULL REFERENCES records ON DELETE CASCADE, record_id TEXT NOT NULL,
        collection TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, state TEXT NOT NULL,
        created_at TEXT NOT NULL, actor TEXT NOT NULL, format INTEGER NOT NULL, payload TEXT NOT NULL,
        attempts INTEGER NOT NULL, sent_at TEXT, not_before TEXT, reason TEXT NOT NULL, money INTEGER NOT NULL,
        rank INTEGER NOT NULL,        UNIQUE (key, kind, target))""",
    "CREATE INDEX changes_order ON changes (state, rank, created_at, id)",
    "CREATE INDEX changes_record ON changes (record_id)",
    """CREATE TABLE conflicts (
        id TEXT PRIMARY KEY, key INTEGER NOT NULL REFERENCES records ON DELETE CASCADE, record_id TEXT NOT NULL UNIQUE,
        collection TEXT NOT NULL, kind TEXT NOT NULL, fields TEXT NOT NULL, candidates TEXT NOT NULL,
        created_at TEXT NOT NULL, mine_by TEXT NOT NULL, theirs_at TEXT NOT NULL, reason TEXT NOT NULL)""",
    """CREATE TABLE journal (
        seq INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, record_id TEXT, event TEXT NOT NULL,
        detail TEXT NOT NULL, hash BLOB NOT NULL)""",
    "CREATE INDEX journal_record ON journal (record_id, seq)",
    "CREATE TRIGGER journal_fixed BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END",
    "CREATE TRIGGER journal_kept BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END",
    """CREATE TABLE watermarks (
        collection TEXT NOT NULL, scope TEXT NOT NULL, since TEXT NOT NULL, swept_at TEXT NOT NULL,
        PRIMARY KEY (collection, scope)) WITHOUT ROWID""",
    """CREATE TABLE portals (
        collection TEXT PRIMARY KEY, url TEXT NOT NULL, token_source TEXT NOT NULL, state TEXT NOT NULL, since TEXT,
        detail TEXT NOT NULL, last_success TEXT, not_before TEXT, asked_to_wait INTEGER NOT NULL,
        failures INTEGER NOT NULL, paused INTEGER NOT NULL, organisation TEXT NOT NULL)""",
    """CREATE TABLE tries (
        seq INTEGER PRIMARY KEY, collection TEXT NOT NULL, at TEXT NOT NULL, state TEXT NOT NULL, call TEXT NOT NULL,
        detail TEXT NOT NULL, waiting INTEGER NOT NULL)""",
    "CREATE INDEX tries_at ON tries (collection, at)",
    "CREATE TABLE aliases (local_id TEXT PRIMARY KEY, portal_id TEXT NOT NULL) WITHOUT ROWID",
)

_SECOND = (
    # Since when a portal that was put back to an older copy holds up sending (sync.md I11).
    "ALTER TABLE portals ADD COLUMN restored_at TEXT",
)

_THIRD = (
    # Saved filters, half-typed answers, explained findings, acts that can be undone (store/kept.py).
    """CREATE TABLE kept (
        kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL,
        PRIMARY KEY (kind, name)) WITHOUT ROWID""",
)

_FOURTH = (
    # The content of a row may be blanked when somebody's record is removed for good (store/journal.py); nothing else of it.
    "DROP TRIGGER journal_fixed",
    """CREATE TRIGGER journal_fixed BEFORE UPDATE ON journal WHEN new.seq IS NOT old.seq OR new.at IS NOT old.at
        OR new.actor IS NOT old.actor OR new.record_id IS NOT old.record_id OR new.event IS NOT old.event
        OR new.hash IS NOT old.hash OR new.detail IS NOT '{"blanked":true}'
        BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END""",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _SECOND, _THIRD, _FOURTH)
"""Statements of migration 1, 2, ... in order."""

NEWEST = len(MIGRATIONS)


def run(cursor: Cursor, number: int) -> None:
    """Carry out migration `number` (1..NEWEST) in one transaction with its number."""
    cursor.execute("BEGIN IMMEDIATE")
    try:
        for statement in MIGRATIONS[number - 1]:
            cursor.execute(statement)
        cursor.execute(f"PRAGMA user_version = {number}")
        cursor.execute("COMMIT")
    except BaseException:
        # After an error of the disk SQLite has taken it back by itself; that there is nothing left to take back is no news.
        with suppress(Exception):
            cursor.execute("ROLLBACK")
        raise
