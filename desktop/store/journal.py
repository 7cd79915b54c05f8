"""The journal: append-only, hash-chained; one row per change of state, and the losers of conflicts (I15, I16).

Each hash covers the row and the hash before it, so that a row changed, removed or put in between shows. The database
refuses UPDATE and DELETE by triggers; the chain shows what went round them.

When somebody's record is removed for good, the content of its rows is *blanked*: time, event, actor and hash stay, so the
chain runs on. A later row ("purged") names the blanked rows and holds a digest of what is left of them; a row that is
blank without one is a break. Each content carries some random text, so that nobody can guess it from the hash that stays
(rows of programs before migration 4 carry none).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
PURGED = "purged"
"""The event of the rows that name blanked ones."""

BLANK = '{"blanked":true}'
"""All that is left of the content of a blanked row; the trigger of migration 4 lets nothing else be written."""

_CHAINED = ("at", "actor", "record_id", "event", "detail")
_SALT = "~"
_SALT_BYTES = 12
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
        salted = {**(detail or {}), _SALT: secrets.token_urlsafe(_SALT_BYTES)}
        text = orjson.dumps(salted, option=orjson.OPT_SORT_KEYS).decode()
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
        actors: tuple[str, ...] = (),
    ) -> list[Entry]:
        """Newest first, at most `limit`, older than `before`; of one record, or of all. () = of any kind, by anybody."""
        self.flush()
        query = sa.select(_J).order_by(_J.c.seq.desc()).limit(limit)
        if record_id is not None:
            query = query.where(_J.c.record_id == record_id)
        if before is not None:
            query = query.where(_J.c.seq < before)
        if events:
            query = query.where(_J.c.event.in_(events))
        if actors:
            query = query.where(_J.c.actor.in_(actors))
        return [
            Entry(
                r.seq,
                times.must(r.at),
                r.actor,
                r.record_id,
                r.event,
                _unsalted(orjson.loads(r.detail)),
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
        blank, told = dict[int, bytes](), list[dict[str, Any]]()
        for r in self._connection.execute(sa.select(_J).order_by(_J.c.seq)).yield_per(2_000):
            if r.seq != expected:
                yield f"Journal rows {expected} to {r.seq - 1} are missing."
            elif r.hash == _digest(before, r.seq, r.at, r.actor, r.record_id, r.event, r.detail):
                told += [_detail(r.detail)] if r.event == PURGED else []
            elif r.detail == BLANK:
                blank[r.seq] = _stub(r)
            else:
                yield f"Journal row {r.seq} was changed after it was written."
            before, expected = r.hash, r.seq + 1
        yield from _unaccounted(blank, told)

    def blank(self, seqs: Iterable[int]) -> dict[str, Any]:
        """Blank the content of these rows. What a row "purged" of the same transaction must say of them."""
        self.flush()
        wanted = sorted(set(seqs))
        stubs = dict[int, bytes]()
        for seq in wanted:
            self._connection.exec_driver_sql("UPDATE journal SET detail = ? WHERE seq = ?", (BLANK, seq))
            (row,) = self._connection.execute(sa.select(_J).where(_J.c.seq == seq))
            stubs[seq] = _stub(row)
        return {"rows": wanted, "digest": _together(stubs, wanted)}

    def naming(self, record_ids: Iterable[str], words: Iterable[str]) -> list[int]:
        """Numbers of the rows with content that belong to these records, or that say one of these words."""
        self.flush()
        ids, said = set(record_ids), tuple(words)
        return [
            r.seq
            for r in self._connection.execute(sa.select(_J).where(_J.c.detail != BLANK)).yield_per(2_000)
            if r.record_id in ids or (r.event != PURGED and any(word in r.detail for word in said))
        ]

    def tail(self) -> tuple[int, bytes]:
        """(number of rows, hash of the last one): it stands for the whole journal up to here, without reading it."""
        return self._tail or self._read_tail()

    def _read_tail(self) -> tuple[int, bytes]:
        row = self._connection.execute(_TAIL).first()
        return (row.seq, row.hash) if row else (0, _GENESIS)


def is_whole(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether rows as the table has them, in order, are a journal without a break."""
    before = _GENESIS
    for seq, row in enumerate(rows, 1):
        blank = row["detail"] == BLANK
        if row["seq"] != seq or not (
            blank or row["hash"] == _digest(before, seq, *(row[n] for n in _CHAINED))
        ):
            return False
        before = row["hash"]
    return True


def chained_anew(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is left of a broken journal as the beginning of a new one: numbers and hashes are new, everything else is not.

    What a removal said of blanked rows named their old numbers, so it goes.
    """
    made, before = list[dict[str, Any]](), _GENESIS
    for seq, row in enumerate(rows, 1):
        detail = row["detail"]
        if row["event"] == PURGED:
            detail = orjson.dumps({k: v for k, v in orjson.loads(detail).items() if k != "blanked"}).decode()
        kept = {**row, "seq": seq, "detail": detail}
        kept["hash"] = before = _digest(before, seq, *(kept[n] for n in _CHAINED))
        made.append(kept)
    return made


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
    return _unsalted(found) if isinstance(found, dict) else {}


def _unsalted(detail: dict[str, Any]) -> dict[str, Any]:
    detail.pop(_SALT, None)
    return detail


def _stub(row: Any) -> bytes:
    """What stays of a blanked row, as one digest."""
    return _digest(row.hash, row.seq, row.at, row.actor, row.record_id, row.event)


def _together(stubs: Mapping[int, bytes], seqs: Iterable[int]) -> str:
    return hashlib.sha256(b"".join(stubs.get(seq, b"") for seq in seqs)).hexdigest()


def _unaccounted(blank: Mapping[int, bytes], told: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Blanked rows that no row "purged" answers for, or that are not what it left of them."""
    open_rows = set(blank)
    for detail in told:
        blanked = detail.get("blanked")
        if not isinstance(blanked, Mapping):
            continue
        rows = blanked.get("rows", ())
        if _together(blank, rows) != blanked.get("digest"):
            yield f"What was left of {len(rows):,} blanked journal rows was changed afterwards."
        open_rows.difference_update(rows)
    for seq in sorted(open_rows):
        yield f"Journal row {seq} was blanked, and no removal of a record says so."
