"""The journal: append-only, hash-chained; one row per change of state, and the losers of conflicts (I15, I16).

Each hash covers the row and the hash before it, so that a row changed, removed or put in between shows. The database
refuses UPDATE and DELETE by triggers; the chain shows what went round them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa

from desktop.model.evidence import Seal, fingerprint
from desktop.model.ids import RecordId
from desktop.store import schema, times

_J = schema.journal
_TAIL = sa.select(_J.c.seq, _J.c.hash).order_by(_J.c.seq.desc()).limit(1)
_INSERT = "INSERT INTO journal (seq, at, actor, record_id, event, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?)"
_GENESIS = b"\0" * 32
_MOST_WAITING = 5_000
"""So many rows wait in memory; a long act writes them down as it goes."""


@dataclass(frozen=True)
class Entry:
    """One row: `seq` counts from 1 without gaps; `seal` is the fingerprint of its hash."""

    seq: int
    at: datetime
    actor: str
    record_id: RecordId | None
    event: str
    detail: dict[str, Any]
    seal: str = ""


def _digest(before: bytes, seq: int, *parts: str | None) -> bytes:
    row = "\x1f".join((str(seq), *(part or "" for part in parts)))
    return hashlib.sha256(before + row.encode("utf-8", "surrogatepass")).digest()


class Journal:
    """The journal within one transaction."""

    def __init__(self, connection: sa.Connection, now: str, actor: str) -> None:
        self._connection = connection
        self._now = now
        self._actor = actor
        self._tail: tuple[int, bytes] | None = None
        self._rows: list[tuple[Any, ...]] = []

    def write(
        self,
        event: str,
        record_id: str | None = None,
        detail: Mapping[str, Any] | None = None,
        actor: str | None = None,
    ) -> None:
        """Append one row; it reaches the database with `flush`, which the transaction calls before it commits."""
        seq, before = self._tail or self._read_tail()
        seq += 1
        text = orjson.dumps(detail or {}, option=orjson.OPT_SORT_KEYS).decode()
        who = self._actor if actor is None else actor
        digest = _digest(before, seq, self._now, who, record_id, event, text)
        self._rows.append((seq, self._now, who, record_id, event, text, digest))
        self._tail = (seq, digest)
        if len(self._rows) >= _MOST_WAITING:
            self.flush()

    def flush(self) -> None:
        if self._rows:
            self._connection.exec_driver_sql(_INSERT, self._rows)
            self._rows = []

    def entries(
        self,
        record_id: str | None = None,
        limit: int = 200,
        before: int | None = None,
        events: tuple[str, ...] = (),
    ) -> list[Entry]:
        """Newest first, at most `limit`, older than `before`; of one record, or of all."""
        self.flush()
        query = sa.select(_J).order_by(_J.c.seq.desc()).limit(limit)
        if record_id is not None:
            query = query.where(_J.c.record_id == record_id)
        if before is not None:
            query = query.where(_J.c.seq < before)
        if events:
            query = query.where(_J.c.event.in_(events))
        return [
            Entry(
                r.seq,
                times.must(r.at),
                r.actor,
                r.record_id,
                r.event,
                orjson.loads(r.detail),
                fingerprint(r.hash),
            )
            for r in self._connection.execute(query)
        ]

    def story(self, events: tuple[str, ...]) -> Iterator[Entry]:
        """All rows of these kinds, oldest first, also of a journal that somebody tampered with: what cannot be read is {}."""
        self.flush()
        query = sa.select(_J).where(_J.c.event.in_(events)).order_by(_J.c.seq)
        for r in self._connection.execute(query).yield_per(2_000):
            at = _time(r.at)
            if at is not None:
                yield Entry(r.seq, at, r.actor, r.record_id, r.event, _detail(r.detail), fingerprint(r.hash))

    def first_times(self, events: tuple[str, ...], since: datetime) -> dict[RecordId, datetime]:
        """Record id -> when its first row of these kinds was written, of those where that was not before `since`."""
        self.flush()
        query = (
            sa.select(_J.c.record_id, sa.func.min(_J.c.at))
            .where(_J.c.event.in_(events), _J.c.record_id.is_not(None))
            .group_by(_J.c.record_id)
            .having(sa.func.min(_J.c.at) >= times.to_text(since))
        )
        return {record_id: times.must(at) for record_id, at in self._connection.execute(query)}

    def seal(self) -> Seal:
        """How many rows there are, the fingerprints of the first and the last, and every break of the chain."""
        self.flush()
        ends = sa.select(_J.c.hash).order_by(_J.c.seq)
        first = self._connection.scalar(ends.limit(1))
        last = self._connection.scalar(_TAIL.with_only_columns(_J.c.hash))
        rows = self._connection.scalar(sa.select(sa.func.count()).select_from(_J))
        return Seal(rows or 0, fingerprint(first or b""), fingerprint(last or b""), tuple(self.problems()))

    def problems(self) -> Iterator[str]:
        """Every break of the chain, in plain words; nothing when it is whole. Reads the whole journal once."""
        before, expected = _GENESIS, 1
        for r in self._connection.execute(sa.select(_J).order_by(_J.c.seq)).yield_per(2_000):
            if r.seq != expected:
                yield f"Journal rows {expected} to {r.seq - 1} are missing."
            elif r.hash != _digest(before, r.seq, r.at, r.actor, r.record_id, r.event, r.detail):
                yield f"Journal row {r.seq} was changed after it was written."
            before, expected = r.hash, r.seq + 1

    def tail(self) -> tuple[int, bytes]:
        """(number of rows, hash of the last one): it stands for the whole journal up to here, without reading it."""
        return self._tail or self._read_tail()

    def _read_tail(self) -> tuple[int, bytes]:
        row = self._connection.execute(_TAIL).first()
        return (row.seq, row.hash) if row else (0, _GENESIS)


def _time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _detail(text: str) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
