"""The outbox and the open decisions, within one transaction. Illegal moves are bugs and raise ValueError."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson
import sqlalchemy as sa

from desktop.model.change import Change, ChangeKind, ChangeState, may_move
from desktop.model.conflict import Conflict, ConflictKind, FieldConflict
from desktop.model.errors import StaleWrite
from desktop.model.ids import ChangeId, ConflictId, RecordId
from desktop.store import schema, times

_C = schema.changes
_X = schema.conflicts
PAYLOAD_FORMAT = 1

# Built once, as in `records`.
_OF_RECORD = sa.select(_C).where(_C.c.record_id == sa.bindparam("id")).order_by(_C.c.created_at, _C.c.id)
_CONFLICT_OF = sa.select(_X).where(_X.c.record_id == sa.bindparam("id"))
_MOVE = sa.update(_C).where(_C.c.id == sa.bindparam("at_id"), _C.c.state == sa.bindparam("from_state"))
_END = sa.delete(_C).where(_C.c.id == sa.bindparam("at_id"), _C.c.state == sa.bindparam("from_state"))
_PLACE = sa.select(sa.func.count()).where(
    _C.c.state == ChangeState.QUEUED,
    sa.tuple_(_C.c.rank, _C.c.created_at, _C.c.id)
    < sa.tuple_(sa.bindparam("rank"), sa.bindparam("at"), sa.bindparam("id")),
)

_GONE = (ChangeState.CONFIRMED, ChangeState.DISCARDED)


def _change(row: Any) -> Change:
    return Change(
        ChangeId(row.id),
        RecordId(row.record_id),
        row.collection,
        ChangeKind(row.kind),
        row.target,
        ChangeState(row.state),
        times.must(row.created_at),
        row.actor,
        orjson.loads(row.payload),
        row.attempts,
        times.from_text(row.sent_at),
        times.from_text(row.not_before),
        row.reason,
        bool(row.money),
    )


class Outbox:
    """Rows of the outbox. Rows that reach an end are removed; the journal keeps their story."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, key: int, change: Change) -> None:
        self._connection.execute(
            sa.insert(_C),
            {
                "id": change.id,
                "key": key,
                "record_id": change.record_id,
                "collection": change.collection,
                "kind": change.kind,
                "target": change.target,
                "created_at": times.to_text(change.created_at),
                "actor": change.actor,
                "format": PAYLOAD_FORMAT,
                **self._moving(change),
            },
        )

    def update(self, old: Change, **changed: Any) -> Change:
        """Write the new state and whatever else `changed` names; removes the row when the new state is an end.

        Raises StaleWrite when the row is not (or not any more) in the state in which `old` was read.
        """
        new = replace(old, **changed)
        if not may_move(old.state, new.state):
            raise ValueError(f"a change may not go from {old.state} to {new.state}")
        where = {"at_id": old.id, "from_state": old.state}
        if new.state in _GONE:
            moved = self._connection.execute(_END, where)
        else:
            moved = self._connection.execute(_MOVE, {**where, **self._moving(new)})
        if moved.rowcount != 1:
            raise StaleWrite("This change moved on while it was being handled. Read it again and repeat.")
        return new

    @staticmethod
    def _moving(change: Change) -> dict[str, Any]:
        return {
            "state": change.state,
            "payload": orjson.dumps(change.payload).decode(),
            "attempts": change.attempts,
            "sent_at": times.to_text(change.sent_at),
            "not_before": times.to_text(change.not_before),
            "reason": change.reason,
            "money": int(change.money),
            "rank": change.rank,
        }

    def get(self, change_id: str) -> Change | None:
        row = self._connection.execute(sa.select(_C).where(_C.c.id == change_id)).first()
        return _change(row) if row else None

    def of_record(self, record_id: str) -> list[Change]:
        """All changes of one record, oldest first."""
        return [_change(r) for r in self._connection.execute(_OF_RECORD, {"id": record_id})]

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

    def places(self, record_ids: Iterable[str]) -> dict[str, tuple[int, bool]]:
        """Record id -> 1-based place of its first queued change in the order of sending, and whether it is money."""
        wanted = list(record_ids)
        place = sa.func.row_number().over(order_by=(_C.c.rank, _C.c.created_at, _C.c.id)).label("place")
        line = sa.select(_C.c.record_id, _C.c.rank, place).where(_C.c.state == ChangeState.QUEUED).subquery()
        query = sa.select(line).where(line.c.record_id.in_(wanted)).order_by(line.c.place.desc())
        return {r.record_id: (r.place, r.rank == 0) for r in self._connection.execute(query)}

    def place(self, change: Change) -> int:
        """1-based place of one queued change."""
        here = {"rank": change.rank, "at": times.to_text(change.created_at), "id": change.id}
        return 1 + int(self._connection.scalar(_PLACE, here) or 0)

    def counts(self, collection: str | None = None) -> dict[ChangeState, int]:
        query = sa.select(_C.c.state, sa.func.count()).group_by(_C.c.state)
        if collection is not None:
            query = query.where(_C.c.collection == collection)
        return {ChangeState(state): n for state, n in self._connection.execute(query)}


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


class Decisions:
    """Open conflicts: at most one a record, replaced as the two sides move on, removed when settled."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, key: int, conflict: Conflict) -> None:
        """Store, in place of the record's conflict if it has one."""
        self.remove(conflict.record_id)
        self._connection.execute(
            sa.insert(_X),
            {
                "id": conflict.id,
                "key": key,
                "record_id": conflict.record_id,
                "collection": conflict.collection,
                "kind": conflict.kind,
                "fields": orjson.dumps(
                    [
                        {"field": f.field, "unit": f.unit, "base": f.base, "mine": f.mine, "theirs": f.theirs}
                        for f in conflict.fields
                    ]
                ).decode(),
                "candidates": orjson.dumps(conflict.candidates).decode(),
                "created_at": times.to_text(conflict.created_at),
                "mine_by": conflict.mine_by,
                "theirs_at": conflict.theirs_at,
                "reason": conflict.reason,
            },
        )

    def remove(self, record_id: str) -> None:
        self._connection.execute(sa.delete(_X).where(_X.c.record_id == record_id))

    def of_record(self, record_id: str) -> Conflict | None:
        row = self._connection.execute(_CONFLICT_OF, {"id": record_id}).first()
        return _conflict(row) if row else None

    def get(self, conflict_id: str) -> Conflict | None:
        row = self._connection.execute(sa.select(_X).where(_X.c.id == conflict_id)).first()
        return _conflict(row) if row else None

    def all(self, collection: str | None = None) -> list[Conflict]:
        """Open conflicts, oldest first."""
        query = sa.select(_X).order_by(_X.c.created_at, _X.c.id)
        if collection is not None:
            query = query.where(_X.c.collection == collection)
        return [_conflict(r) for r in self._connection.execute(query)]
