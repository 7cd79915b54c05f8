"""The journal: append-only, hash-chained; one row per change of state, and the losers of conflicts (I15, I16).

Each hash covers the row and the hash before it, so that a row changed, removed or put in between shows. The database
refuses UPDATE and DELETE by triggers; the chain shows what went round them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from desktop.model.ids import RecordId
from desktop.store import schema, times

_J = schema.journal
_TAIL = sa.select(_J.c.seq, _J.c.hash).order_by(_J.c.seq.desc()).limit(1)
_GENESIS = b"\0" * 32


@dataclass(frozen=True)
class Entry:
    """One row: `seq` counts from 1 without gaps."""

    seq: int
    at: datetime
    actor: str
    record_id: RecordId | None
    event: str
    detail: dict[str, Any]


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
        self._rows: list[dict[str, Any]] = []

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
        self._rows.append(
            {
                "seq": seq,
                "at": self._now,
                "actor": who,
                "record_id": record_id,
                "event": event,
                "detail": text,
                "hash": digest,
            }
        )
        self._tail = (seq, digest)

    def flush(self) -> None:
        if self._rows:
            self._connection.execute(sa.insert(_J), self._rows)
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
            Entry(r.seq, times.must(r.at), r.actor, r.record_id, r.event, orjson.loads(r.detail))
            for r in self._connection.execute(query)
        ]

    def problems(self) -> Iterator[str]:
        """Every break of the chain, in plain words; nothing when it is whole. Reads the whole journal once."""
        before, expected = _GENESIS, 1
        for r in self._connection.execute(sa.select(_J).order_by(_J.c.seq)).yield_per(2_000):
            if r.seq != expected:
                yield f"Journal rows {expected} to {r.seq - 1} are missing."
            elif r.hash != _digest(before, r.seq, r.at, r.actor, r.record_id, r.event, r.detail):
                yield f"Journal row {r.seq} was changed after it was written."
            before, expected = r.hash, r.seq + 1

    def _read_tail(self) -> tuple[int, bytes]:
        row = self._connection.execute(_TAIL).first()
        return (row.seq, row.hash) if row else (0, _GENESIS)
