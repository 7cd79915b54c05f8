"""The outbox and the open decisions, within one transaction. Illegal moves are bugs and raise ValueError."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import orjson
import sqlalchemy as sa

from desktop.model.change import Change, ChangeKind, ChangeState, may_move
from desktop.model.conflict import Conflict, ConflictKind, FieldConflict
from desktop.model.errors import StaleWrite
from desktop.model.ids import ChangeId, ConflictId, RecordId
from desktop.store import schema, times
from desktop.store.behind import Behind, among

_C = schema.changes
_X = schema.conflicts
PAYLOAD_FORMAT = 1

# Built once, as in `records`.
_OF_RECORD = sa.select(_C).where(_C.c.record_id == sa.bindparam("id")).order_by(_C.c.created_at, _C.c.id)
_OF_RECORDS = sa.select(_C).where(among(_C.c.record_id)).order_by(_C.c.created_at, _C.c.id)
_BY_ID = sa.select(_C).where(_C.c.id == sa.bindparam("id"))
_CONFLICTS_OF = sa.select(_X).where(among(_X.c.record_id))
_REMOVE = sa.delete(_X).where(_X.c.record_id == sa.bindparam("id"))
_CONFLICT_OF = sa.select(_X).where(_X.c.record_id == sa.bindparam("id"))
_MOVE = sa.update(_C).where(_C.c.id == sa.bindparam("at_id"), _C.c.state == sa.bindparam("from_state"))
_END = sa.delete(_C).where(_C.c.id == sa.bindparam("at_id"), _C.c.state == sa.bindparam("from_state"))
_PLACE = sa.select(sa.func.count()).where(
    _C.c.state == ChangeState.QUEUED,
    sa.tuple_(_C.c.rank, _C.c.created_at, _C.c.id)
    < sa.tuple_(sa.bindparam("rank"), sa.bindparam("at"), sa.bindparam("id")),
)

Typed = Iterable[tuple[str, str]]
"""What a person types into the portal's website, so that it has no turn in sending: a collection and one of its actions,
or "" for all of its changes."""

_ADD = (
    "INSERT INTO changes (id, key, record_id, collection, kind, target, created_at, actor, format, state, payload, "
    "attempts, sent_at, not_before, reason, money, rank) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_END_ANY = "DELETE FROM changes WHERE id = ?"
_WRITE_DOWN = (
    "UPDATE changes SET state = ?, payload = ?, attempts = ?, sent_at = ?, not_before = ?, reason = ?, money = ?, "
    "rank = ? WHERE id = ?"
)
_REPLACE = (
    "INSERT OR REPLACE INTO conflicts (id, key, record_id, collection, kind, fields, candidates, created_at, mine_by, "
    "theirs_at, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_STALE = "This change moved on while it was being handled. Read it again and repeat."

_GONE = (ChangeState.CONFIRMED, ChangeState.DISCARDED)


def _change(row: Any) -> Change:
    """Of a row in the order of the table: by place is twice as fast as by name."""
    (ident, _, record_id, collection, kind, target, state, created_at, actor, _, payload, *rest) = row
    attempts, sent_at, not_before, reason, money, _ = rest
    return Change(
        ChangeId(ident),
        RecordId(record_id),
        collection,
        ChangeKind(kind),
        target,
        ChangeState(state),
        times.must(created_at),
        actor,
        orjson.loads(payload),
        attempts,
        times.from_text(sent_at),
        times.from_text(not_before),
        reason,
        bool(money),
    )


class Outbox:
    """Rows of the outbox. Rows that reach an end are removed; the journal keeps their story."""

    def __init__(self, behind: Behind) -> None:
        self._behind = behind
        self._held: dict[str, dict[str, Change]] = {}
        self._added: dict[str, int] = {}
        self._moved: dict[str, str] = {}
        self._ended: list[str] = []
        behind.join(self._write_down)

    @property
    def _connection(self) -> sa.Connection:
        return self._behind.connection

    def hold(self, record_ids: Sequence[str]) -> None:
        """Take the changes of these records in hand in place of those before (see `behind`)."""
        self._held = {i: {} for i in record_ids}
        for row in self._behind.rows(_OF_RECORDS, record_ids):
            self._held[row.record_id][row.id] = _change(row)

    def _write_down(self, connection: sa.Connection) -> None:
        ended, self._ended = self._ended, []
        if ended:
            connection.exec_driver_sql(_END_ANY, [(i,) for i in ended])
        moved = {i: self._held[record_id][i] for i, record_id in self._moved.items()}
        self._moved = {}
        added, self._added = self._added, {}
        if added:
            rows = [self._row(key, moved.pop(i)) for i, key in added.items()]
            connection.exec_driver_sql(_ADD, rows)
        if moved:
            rows = [(*self._moving(c).values(), c.id) for c in moved.values()]
            connection.exec_driver_sql(_WRITE_DOWN, rows)

    def add(self, key: int, change: Change) -> None:
        if change.record_id not in self._held:
            self._connection.exec_driver_sql(_ADD, self._row(key, change))
            return
        self._held[change.record_id][change.id] = change
        self._added[change.id] = key
        self._moved[change.id] = change.record_id
        self._behind.wait()

    def _row(self, key: int, change: Change) -> tuple[Any, ...]:
        """In the order of `_ADD`."""
        return (
            change.id,
            key,
            change.record_id,
            change.collection,
            change.kind,
            change.target,
            times.to_text(change.created_at),
            change.actor,
            PAYLOAD_FORMAT,
            *self._moving(change).values(),
        )

    def update(self, old: Change, **changed: Any) -> Change:
        """Write the new state and whatever else `changed` names; removes the row when the new state is an end.

        Raises StaleWrite when the row is not (or not any more) in the state in which `old` was read.
        """
        new = replace(old, **changed)
        if not may_move(old.state, new.state):
            raise ValueError(f"a change may not go from {old.state} to {new.state}")
        held = self._held.get(old.record_id, {})
        if old.id in held:
            self._update_later(held, old, new)
            return new
        where = {"at_id": old.id, "from_state": old.state}
        if new.state in _GONE:
            moved = self._connection.execute(_END, where)
        else:
            moved = self._connection.execute(_MOVE, {**where, **self._moving(new)})
        if moved.rowcount != 1:
            raise StaleWrite(_STALE)
        return new

    def _update_later(self, held: dict[str, Change], old: Change, new: Change) -> None:
        """A row in hand: what becomes of it waits."""
        if held[old.id].state is not old.state:
            raise StaleWrite(_STALE)
        self._behind.wait()
        if new.state not in _GONE:
            held[new.id] = new
            self._moved[new.id] = new.record_id
            return
        del held[old.id]
        self._moved.pop(old.id, None)
        if self._added.pop(old.id, None) is None:
            self._ended.append(old.id)

    @staticmethod
    def _moving(change: Change) -> dict[str, Any]:
        """The columns that move, in the order of `_WRITE_DOWN`."""
        return {
            "state": change.state.value,
            "payload": orjson.dumps(change.payload).decode(),
            "attempts": change.attempts,
            "sent_at": times.to_text(change.sent_at),
            "not_before": times.to_text(change.not_before),
            "reason": change.reason,
            "money": int(change.money),
            "rank": change.rank,
        }

    def get(self, change_id: str) -> Change | None:
        held = next((rows[change_id] for rows in self._held.values() if change_id in rows), None)
        if held is not None:
            return held
        row = self._connection.execute(_BY_ID, {"id": change_id}).first()
        return _change(row) if row else None

    def of_record(self, record_id: str) -> list[Change]:
        """All changes of one record, oldest first."""
        if record_id in self._held:
            return list(self._held[record_id].values())
        return [_change(r) for r in self._connection.execute(_OF_RECORD, {"id": record_id})]

    def of_records(self, record_ids: Sequence[str]) -> dict[str, list[Change]]:
        """Record id -> its changes, oldest first; records without any are left out."""
        self._behind.settle()
        found: dict[str, list[Change]] = {}
        for row in self._behind.rows(_OF_RECORDS, record_ids):
            found.setdefault(row.record_id, []).append(_change(row))
        return found

    def all(
        self,
        collection: str | None = None,
        states: Iterable[ChangeState] = (),
        kinds: Iterable[ChangeKind] = (),
    ) -> list[Change]:
        """Changes of a collection (None = all), in the given states and of the given kinds (none = all), oldest first."""
        query = sa.select(_C).order_by(_C.c.created_at, _C.c.id)
        if collection is not None:
            query = query.where(_C.c.collection == collection)
        if wanted := tuple(states):
            query = query.where(_C.c.state.in_(wanted))
        if of_kind := tuple(kinds):
            query = query.where(_C.c.kind.in_(of_kind))
        return [_change(r) for r in self._connection.execute(query)]

    def record_ids(self, collection: str) -> set[RecordId]:
        """Records that have changes."""
        return set(self._connection.scalars(sa.select(_C.c.record_id).where(_C.c.collection == collection)))

    def places(self, record_ids: Iterable[str], typed: Typed = ()) -> dict[str, tuple[int, bool]]:
        """Record id -> 1-based place of its first queued change in the order of sending, and whether it is money."""
        wanted = list(record_ids)
        place = sa.func.row_number().over(order_by=(_C.c.rank, _C.c.created_at, _C.c.id)).label("place")
        queued = sa.select(_C.c.record_id, _C.c.rank, place).where(_C.c.state == ChangeState.QUEUED)
        line = queued.where(*_sent(typed)).subquery()
        query = sa.select(line).where(line.c.record_id.in_(wanted)).order_by(line.c.place.desc())
        return {r.record_id: (r.place, r.rank == 0) for r in self._connection.execute(query)}

    def place(self, change: Change, typed: Typed = ()) -> int:
        """1-based place of one queued change among those that are sent."""
        here = {"rank": change.rank, "at": times.to_text(change.created_at), "id": change.id}
        return 1 + int(self._connection.scalar(_PLACE.where(*_sent(typed)), here) or 0)

    def counts(self, collection: str | None = None) -> dict[ChangeState, int]:
        query = sa.select(_C.c.state, sa.func.count()).group_by(_C.c.state)
        if collection is not None:
            query = query.where(_C.c.collection == collection)
        return {ChangeState(state): n for state, n in self._connection.execute(query)}


def _sent(typed: Typed) -> list[sa.ColumnElement[bool]]:
    """The conditions that leave out what is typed."""
    pairs = list(typed)
    whole = [name for name, action in pairs if not action]
    actions = [pair for pair in pairs if pair[1]]
    other = sa.or_(_C.c.kind != ChangeKind.ACTION, sa.tuple_(_C.c.collection, _C.c.target).not_in(actions))
    return [_C.c.collection.not_in(whole)] * bool(whole) + [other] * bool(actions)


def _conflict(row: Any) -> Conflict:
    return Conflict(
        ConflictId(row.id),
        RecordId(row.record_id),
        row.collection,
        ConflictKind(row.kind),
        tuple(FieldConflict(**f) for f in orjson.loads(row.fields)),
        times.must(row.created_at),
        row.mine_by,
        row.theirs_at,
        row.reason,
        tuple(orjson.loads(row.candidates)),
    )


def _conflict_row(key: int, conflict: Conflict) -> tuple[Any, ...]:
    """In the order of `_REPLACE`."""
    return (
        conflict.id,
        key,
        conflict.record_id,
        conflict.collection,
        conflict.kind.value,
        orjson.dumps(conflict.fields).decode(),
        orjson.dumps(conflict.candidates).decode(),
        times.to_text(conflict.created_at),
        conflict.mine_by,
        conflict.theirs_at,
        conflict.reason,
    )


class Decisions:
    """Open conflicts: at most one a record, replaced as the two sides move on, removed when settled."""

    def __init__(self, behind: Behind) -> None:
        self._behind = behind
        self._held: dict[str, Conflict | None] = {}
        self._put: dict[str, int] = {}
        behind.join(self._write_down)

    @property
    def _connection(self) -> sa.Connection:
        return self._behind.connection

    def hold(self, record_ids: Sequence[str]) -> None:
        """Take the conflicts of these records in hand in place of those before (see `behind`)."""
        self._held = dict.fromkeys(record_ids)
        for row in self._behind.rows(_CONFLICTS_OF, record_ids):
            self._held[row.record_id] = _conflict(row)

    def _write_down(self, connection: sa.Connection) -> None:
        rows = [_conflict_row(key, c) for i, key in self._put.items() if (c := self._held[i]) is not None]
        self._put = {}
        if rows:
            connection.exec_driver_sql(_REPLACE, rows)

    def put(self, key: int, conflict: Conflict) -> None:
        """Store, in place of the record's conflict if it has one."""
        if conflict.record_id in self._held:
            self._held[conflict.record_id] = conflict
            self._put[conflict.record_id] = key
            self._behind.wait()
            return
        self._connection.exec_driver_sql(_REPLACE, _conflict_row(key, conflict))

    def remove(self, record_id: str) -> None:
        if record_id in self._held:
            self._held[record_id] = None
        self._connection.execute(_REMOVE, {"id": record_id})

    def of_record(self, record_id: str) -> Conflict | None:
        if record_id in self._held:
            return self._held[record_id]
        row = self._connection.execute(_CONFLICT_OF, {"id": record_id}).first()
        return _conflict(row) if row else None

    def get(self, conflict_id: str) -> Conflict | None:
        row = self._connection.execute(sa.select(_X).where(_X.c.id == conflict_id)).first()
        return _conflict(row) if row else None

    def record_ids(self, collection: str) -> set[RecordId]:
        """Records in conflict."""
        return set(self._connection.scalars(sa.select(_X.c.record_id).where(_X.c.collection == collection)))

    def count(self, collection: str) -> int:
        """How many are open."""
        query = sa.select(sa.func.count()).where(_X.c.collection == collection)
        return int(self._connection.scalar(query) or 0)

    def all(self, collection: str | None = None) -> list[Conflict]:
        """Open conflicts, oldest first."""
        query = sa.select(_X).order_by(_X.c.created_at, _X.c.id)
        if collection is not None:
            query = query.where(_X.c.collection == collection)
        return [_conflict(r) for r in self._connection.execute(query)]
