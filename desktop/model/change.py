"""A change on its way to the portal: one row of the outbox, and the table of its legal moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from desktop.model.ids import ChangeId, RecordId


class ChangeKind(StrEnum):
    """What the portal will be asked to do. Sent in this order for one record."""

    CREATE = "create"
    UPDATE = "update"
    NESTED = "nested"
    ACTION = "action"


class ChangeState(StrEnum):
    """Where a change stands. `HELD` = the record has errors, so it is a draft and nothing is sent.

    `UNKNOWN` is neither success nor failure: it may have arrived, and is settled by reading (I12).
    """

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    REJECTED = "rejected"
    CONFLICT = "conflict"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


_S = ChangeState
TRANSITIONS: dict[ChangeState, frozenset[ChangeState]] = {
    _S.HELD: frozenset({_S.QUEUED, _S.CONFLICT, _S.CONFIRMED, _S.DISCARDED}),
    _S.QUEUED: frozenset({_S.HELD, _S.SENDING, _S.CONFLICT, _S.REJECTED, _S.CONFIRMED, _S.DISCARDED}),
    _S.SENDING: frozenset({_S.QUEUED, _S.UNKNOWN, _S.REJECTED, _S.CONFLICT, _S.CONFIRMED}),
    _S.UNKNOWN: frozenset({_S.QUEUED, _S.REJECTED, _S.CONFLICT, _S.CONFIRMED, _S.DISCARDED}),
    _S.REJECTED: frozenset({_S.HELD, _S.QUEUED, _S.CONFLICT, _S.CONFIRMED, _S.DISCARDED}),
    _S.CONFLICT: frozenset({_S.HELD, _S.QUEUED, _S.REJECTED, _S.CONFIRMED, _S.DISCARDED}),
    _S.CONFIRMED: frozenset(),
    _S.DISCARDED: frozenset(),
}
"""Every legal move. SENDING becomes UNKNOWN at start, never QUEUED, unless the request provably never left."""

_RANKS = {ChangeKind.CREATE: 1, ChangeKind.UPDATE: 2, ChangeKind.NESTED: 3, ChangeKind.ACTION: 4}

OPEN_STATES = frozenset(s for s in ChangeState if TRANSITIONS[s])


def may_move(old: ChangeState, new: ChangeState) -> bool:
    """Whether a change in `old` may become `new` (staying put is always fine)."""
    return old == new or new in TRANSITIONS[old]


@dataclass(frozen=True)
class Change:
    """One row of the outbox.

    target      "" for the record itself, `degrees.<child id>` for NESTED, the action's name for ACTION
    payload     ACTION: its fields as typed. Others: {} while queued (derived from pending at send time, D10);
                the frozen content once sent: {"fields": {...}} / {"document": {...}} in model terms
    sent_at     when the last request left (aware UTC), None before the first
    not_before  no try before this time (aware UTC), None = at once
    reason      why it stands where it stands, in plain English; "" when there is nothing to say
    money       True when bursary or funding hangs on it: sent first
    """

    id: ChangeId
    record_id: RecordId
    collection: str
    kind: ChangeKind
    target: str
    state: ChangeState
    created_at: datetime
    actor: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    attempts: int = 0
    sent_at: datetime | None = None
    not_before: datetime | None = None
    reason: str = ""
    money: bool = False

    @property
    def stage(self) -> int:
        """Its turn among the changes of one record: 1 create, 2 update, 3 child, 4 action."""
        return _RANKS[self.kind]

    @property
    def rank(self) -> int:
        """Its turn in the whole queue (design section 6): 0 money first, then creates, parents, children, actions."""
        return 0 if self.money and self.kind is not ChangeKind.ACTION else self.stage
