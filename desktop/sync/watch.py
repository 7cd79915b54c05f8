"""The portal watch: what every reply says of a portal, kept as history; and when to try again (D16, D17).

A change of state is journaled once; every failed try is a row of its own with what was waiting (the evidence).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from desktop.model.change import ChangeState
from desktop.model.verdict import PortalState, Unavailable
from desktop.store.portals import PortalRow, Try
from desktop.store.store import Unit
from desktop.sync.trip import Chance
from desktop.sync.trip import chance as real_chance

FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 600.0
LONGEST_ASKED = timedelta(hours=1)
LATELY = timedelta(minutes=5)


def ceiling_s(failures: int) -> float:
    """The longest wait after `failures` systemic failures: 2 s doubling to 10 min."""
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failures - 1, 20))


def backoff_s(failures: int, chance: Chance = real_chance) -> float:
    """Seconds to wait after `failures` (1..) systemic failures: full jitter."""
    return max(1.0, chance() * ceiling_s(failures))


def after_failure(
    portal: PortalRow, failure: Unavailable, now: datetime, chance: Chance = real_chance
) -> PortalRow:
    """The timer after a systemic failure: what the portal asked for, else our own backoff (D17)."""
    failures = portal.failures + 1
    asked = failure.retry_after_s is not None
    wait = failure.retry_after_s if failure.retry_after_s is not None else backoff_s(failures, chance)
    until = now + timedelta(seconds=wait)
    return replace(portal, failures=failures, not_before=until, asked_to_wait=asked)


def after_answer(portal: PortalRow) -> PortalRow:
    """The timer after an answer: no wait any more, but failures count until a whole pass went through.

    A portal that is back serves one request of a crowd and turns the next away. Whoever forgot the outage with the first
    answer would begin again at 2 s, and the crowd would grow with every answer (docs/simulation.md).
    """
    return replace(portal, not_before=None, asked_to_wait=False)


def after_success(portal: PortalRow, now: datetime) -> PortalRow:
    """The timer after a whole pass: as if nothing had ever been wrong."""
    return replace(after_answer(portal), failures=0, last_success=now)


def looks_first(portal: PortalRow, now: datetime) -> bool:
    """Whether a pass that nobody asked for begins with a cheap look: after a failure, and when the last good pass is a
    while ago. In the morning everybody's program starts at once, and nobody knows yet how the portal does.
    """
    heard = portal.last_success
    return bool(portal.failures) or heard is None or not timedelta(0) <= now - heard < LATELY


def _move(unit: Unit, portal: PortalRow, state: PortalState, detail: str) -> PortalRow:
    if portal.state is state and portal.since is not None:
        return unit.portals.put(portal, detail=detail)
    unit.journal.write(
        "portal_state",
        None,
        {"collection": portal.collection, "state": state, "was": portal.state, "detail": detail},
        actor="",
    )
    return unit.portals.put(portal, state=state, since=unit.now, detail=detail)


def _waiting(unit: Unit, collection: str) -> int:
    counts = unit.outbox.counts(collection)
    return sum(counts.get(s, 0) for s in (ChangeState.QUEUED, ChangeState.SENDING, ChangeState.UNKNOWN))


def note_answer(unit: Unit, collection: str, call: str, detail: str = "It answers.") -> None:
    """The portal answered as it should: it is up, and any wait is over."""
    portal = unit.portals.get(collection)
    if portal.state is not PortalState.UP or portal.not_before:
        portal = _move(unit, portal, PortalState.UP, detail)
        unit.portals.add_try(
            collection, Try(unit.now, PortalState.UP, call, detail, _waiting(unit, collection))
        )
        unit.portals.put(after_answer(portal))
        unit.touched.portals = True


def note_failure(
    unit: Unit, collection: str, call: str, failure: Unavailable, chance: Chance = real_chance
) -> PortalRow:
    """A systemic failure: history, state, and the one timer of the queue."""
    portal = _move(unit, unit.portals.get(collection), failure.state, failure.detail)
    waiting = _waiting(unit, collection)
    unit.portals.add_try(collection, Try(unit.now, failure.state, call, failure.detail, waiting))
    unit.journal.write(
        "try_failed",
        None,
        {
            "collection": collection,
            "call": call,
            "state": failure.state,
            "detail": failure.detail,
            "waiting": waiting,
        },
        actor="",
    )
    unit.touched.portals = True
    return unit.portals.put(after_failure(portal, failure, unit.now, chance))


def note_restored(unit: Unit, collection: str) -> None:
    """The portal has lost what it had confirmed: it was put back to an older copy. Nothing is sent until a person says."""
    portal = unit.portals.get(collection)
    if portal.restored_at is None:
        unit.portals.put(portal, restored_at=unit.now)
        unit.journal.write("portal_restored", None, {"collection": collection}, actor="")
        unit.touched.portals = True


def end_hold(unit: Unit, collection: str, why: str) -> None:
    """Sending may go on after a portal was put back."""
    portal = unit.portals.get(collection)
    if portal.restored_at is not None:
        unit.portals.put(portal, restored_at=None)
        unit.journal.write("restore_over", None, {"collection": collection, "why": why})
        unit.touched.portals = True


def note_success(unit: Unit, collection: str, call: str, detail: str) -> None:
    """A whole pass went through."""
    note_answer(unit, collection, call)
    portal = unit.portals.get(collection)
    unit.portals.put(after_success(portal, unit.now))
    unit.portals.add_try(
        collection,
        Try(unit.now, PortalState.UP, call, detail, _waiting(unit, collection)),
    )
    unit.touched.portals = True


def must_wait(portal: PortalRow, now: datetime, by_person: bool) -> bool:
    """Whether to leave the portal alone just now. A person may always ask, except inside the portal's own Retry-After.

    A wait longer than any that is ever set was set by a clock that has been put right since (T1).
    """
    if portal.not_before is None or not now < portal.not_before <= now + LONGEST_ASKED:
        return False
    return portal.asked_to_wait or not by_person
