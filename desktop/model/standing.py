"""Where a record stands between here and the portal, derived from its changes (sync.md I18)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from desktop.model.change import ChangeState


class Sync(StrEnum):
    """Where a record stands; the first that applies, from top to bottom."""

    CONFLICT = "conflict"
    UNKNOWN = "unknown"
    SENDING = "sending"
    REJECTED = "rejected"
    DRAFT = "draft"
    QUEUED = "queued"
    CLEAN = "clean"


_BY_STATE = {
    ChangeState.CONFLICT: Sync.CONFLICT,
    ChangeState.UNKNOWN: Sync.UNKNOWN,
    ChangeState.SENDING: Sync.SENDING,
    ChangeState.REJECTED: Sync.REJECTED,
    ChangeState.HELD: Sync.DRAFT,
    ChangeState.QUEUED: Sync.QUEUED,
}


def standing(states: Iterable[ChangeState], in_conflict: bool, at_portal: bool) -> Sync:
    """The standing of a record with these open changes. A record with none is clean once the portal has it."""
    found = {_BY_STATE[state] for state in states if state in _BY_STATE}
    if in_conflict:
        found.add(Sync.CONFLICT)
    if not found:
        return Sync.CLEAN if at_portal else Sync.DRAFT
    return next(s for s in Sync if s in found)
