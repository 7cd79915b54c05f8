"""Trouble in the middle of a pass: is the portal out, or is it this one record (sync.md D16, D20)?

A portal that is plainly out ends the pass at once. After a lost connection, or an answer that says "I have a fault of my
own", it is asked how it does: when it is up, the pass goes on with the next record.
"""

from __future__ import annotations

from desktop.model.change import Change
from desktop.model.verdict import SLOW_S, PortalState, Probe, Unavailable
from desktop.store.store import Unit
from desktop.sync import watch
from desktop.sync.trip import Trip

LIMIT = 3
"""So many troubles in one pass end it, whatever the portal says of itself; and so often is one change tried that the
portal meets with a fault of its own while it answers everything else."""

PATIENCE = 12
"""So many slow looks in a row, an hour or so, and it goes on all the same: then it is this computer's line."""
_CROWDED = "It answers, but slowly: too many are at it just now."

_PASSING = (PortalState.DOWN, PortalState.UNKNOWN)


class Trouble:
    """What went wrong in one pass."""

    def __init__(self, trip: Trip) -> None:
        self._trip = trip
        self._met = 0

    def met(self, call: str, failure: Unavailable) -> Unavailable | None:
        """Note a failure; what ends the pass, or None when only this one record is in trouble."""
        note(self._trip, call, failure)
        self._met += 1
        lost = failure.state in _PASSING and failure.effect_possible
        if not (lost or failure.own_fault) or self._met >= LIMIT:
            return failure
        return look(self._trip)


def note(trip: Trip, call: str, failure: Unavailable) -> Unavailable:
    """Note a failure, which ends the pass."""
    with trip.store.write() as unit:
        watch.note_failure(unit, trip.collection.name, call, failure, trip.chance)
    return failure


def look(trip: Trip) -> Unavailable | None:
    """A cheap look at the portal, noted like every other answer. None = it is up; else what speaks against going on."""
    probe, collection = trip.portal.probe(), trip.collection.name
    with trip.store.write() as unit:
        last = unit.portals.tries(collection, limit=PATIENCE) if probe.took_s > SLOW_S else []
        failure = seen(probe, sum(t.detail == _CROWDED for t in last))
        if failure is None:
            watch.note_answer(unit, collection, "look")
        else:
            watch.note_failure(unit, collection, "look", failure, trip.chance)
    return failure


def seen(probe: Probe, slow_before: int = 0) -> Unavailable | None:
    """What a look says. None = up, and not crowded; `slow_before` = how many of the last tries found it so."""
    if probe.state is not PortalState.UP:
        return Unavailable(probe.state, probe.detail, False, probe.retry_after_s)
    if probe.took_s > SLOW_S and slow_before < PATIENCE:
        return Unavailable(PortalState.BUSY, _CROWDED)
    return None


def count_fault(unit: Unit, change_id: str) -> None:
    """The portal met this change with a fault of its own, and is up otherwise: remember how often (D20)."""
    change = unit.outbox.get(change_id)
    if change is not None:
        unit.outbox.update(change, payload={**change.payload, "faults": faults(change) + 1})


def faults(change: Change) -> int:
    """How often that happened since the change was last edited."""
    return int(change.payload.get("faults", 0))


def why_parked(portal: str) -> str:
    """What is said of a change that is tried no more."""
    return f"{portal} answers, but fails each time it gets this. It was tried {LIMIT} times. Change it, or ask {portal}'s support."
