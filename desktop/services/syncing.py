"""Sync passes on request: makes the adapter, runs the engine, reports what came of it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

from desktop.model.change import ChangeState
from desktop.model.collection import Collection
from desktop.model.errors import UsageError
from desktop.model.person import Role
from desktop.model.timetable import Due
from desktop.model.verdict import PortalState
from desktop.services.core import Core
from desktop.services.people import demand, sitting
from desktop.services.portals import Portals, is_this_computer
from desktop.services.scheduling import Scheduling
from desktop.services.views import Organisation, Progress, SyncReport
from desktop.store.portals import PortalRow
from desktop.sync.engine import SETTLE_S, Pass, SyncEngine, recover
from desktop.sync.portal import Portal
from desktop.sync.portals.budget import Budget
from desktop.sync.trip import Terms, Trip


class PortalMaker(Protocol):
    """Makes the adapter of a collection's portal; the composition root hands one in."""

    def __call__(self, collection: Collection, url: str, token: str, organisation: str) -> Portal: ...


_NO_LIMIT = 1_000_000
_REQUESTS_A_STEP = 3
"""A change takes as many at most (read, write, read back), so that a step is not held up in its middle."""


def settle_seconds() -> float:
    """HOLDFAST_SETTLE_S, else 10 (contract, notes to section 2)."""
    try:
        return max(0.0, float(os.environ.get("HOLDFAST_SETTLE_S", SETTLE_S)))
    except ValueError:
        return SETTLE_S


@dataclass(frozen=True)
class _Wishes:
    pull: bool
    push: bool
    full: bool
    by_person: bool
    progress: Callable[[Progress], None]
    cancelled: Callable[[], bool]


class Syncing:
    """One pass at a time; a second caller waits for its turn, and a pass by itself makes way for a person's."""

    def __init__(
        self,
        core: Core,
        portals: Portals,
        organisation: Organisation,
        make: PortalMaker,
        schedule: Scheduling,
    ) -> None:
        self._core = core
        self._schedule = schedule
        self._budgets: dict[str, Budget] = {}
        self._persons = 0
        self._portals = portals
        self._organisation = organisation
        self._make = make
        self._turn = threading.Lock()
        self._counting = threading.Lock()

    def run(
        self,
        collection: str | None = None,
        *,
        full: bool = False,
        pull: bool = True,
        push: bool = True,
        progress: Callable[[Progress], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
        by_person: bool = True,
    ) -> SyncReport:
        """Sync one collection (None = the first that is connected). Raises UsageError when nothing is connected.

        Where who sits here may not send, a person's wish to is refused (NotAllowed); a pass by itself only reads.
        """
        known, portal = self._connected(collection)
        wishes = _Wishes(
            pull, push and self._may_push(by_person=by_person), full, by_person, progress, cancelled
        )
        with self._in_turn(by_person=by_person), self._schedule.passing(known.name):
            done = self._pass(known, portal, wishes)
        return self._report(known, done)

    def _may_push(self, *, by_person: bool) -> bool:
        with self._core.store.read() as unit:
            if by_person:
                demand(unit, Role.SEND)
            return Role.SEND in sitting(unit).person.roles

    @contextmanager
    def _in_turn(self, *, by_person: bool) -> Iterator[None]:
        """One pass after another. While a person waits here, a pass that nobody asked for ends at its next step (D18)."""
        with self._counting:
            self._persons += by_person
        try:
            with self._turn:
                yield
        finally:
            with self._counting:
                self._persons -= by_person

    def due(self) -> Due | None:
        """The next pass that happens by itself; None = there is none."""
        return self._schedule.due(timedelta(seconds=settle_seconds()))

    def _connected(self, collection: str | None) -> tuple[Collection, PortalRow]:
        names = [self._core.collection(collection).name] if collection else list(self._core.collections)
        with self._core.store.read() as unit:
            for name in names:
                portal = unit.portals.get(name)
                if portal.url:
                    return self._core.collections[name], portal
        if not any(self._core.collection(name).sends for name in names):
            raise UsageError(
                "Nothing is sent from here: people type it into the portal’s website. See: holdfast key list"
            )
        raise UsageError(
            "No portal is connected. Use: holdfast connect trainees --portal https://... --token-stdin"
        )

    def _pass(self, collection: Collection, row: PortalRow, wishes: _Wishes) -> Pass:
        recover(self._core.store)
        # A practice portal has made-up organisations of its own, whatever number this workspace was given.
        own_number = "" if is_this_computer(row.url) else self._organisation.ukprn
        expected = row.organisation or own_number
        portal = self._make(collection, row.url, self._portals.token(row), expected)
        budget = self._budget(row.url)
        portal.keep_pace(budget.take)
        try:
            trip = Trip(
                self._core.store,
                portal,
                Terms(collection, self._core.today(), portal.echo, portal.alike),
                settle_s=settle_seconds(),
                tell=lambda done, total, words: wishes.progress(Progress(done, total, words)),
                cancelled=partial(self._stops, wishes, budget),
            )
            engine = SyncEngine(trip)
            return engine.run(
                pull=wishes.pull, push=wishes.push, full=wishes.full, by_person=wishes.by_person
            )
        finally:
            portal.close()

    def _budget(self, url: str) -> Budget:
        """This computer's share of the office's line to a portal; a practice portal here has no office round it."""
        budget = self._budgets.setdefault(url, Budget())
        budget.share = _NO_LIMIT if is_this_computer(url) else self._schedule.timetable().share
        return budget

    def _stops(self, wishes: _Wishes, budget: Budget) -> bool:
        """Asked between two steps of a pass: waits for room in the budget, and says whether to stop there."""

        def wanted_no_more() -> bool:
            return wishes.cancelled() or (self._persons > 0 and not wishes.by_person)

        budget.wait(_REQUESTS_A_STEP, wanted_no_more)
        return wanted_no_more()

    def _report(self, collection: Collection, done: Pass) -> SyncReport:
        with self._core.store.read() as unit:
            counts = unit.outbox.counts(collection.name)
            conflicts = unit.decisions.count(collection.name)
        return SyncReport(
            collection.name,
            done.state or PortalState.UNKNOWN,
            done.detail,
            done.pulled,
            done.merged,
            done.pushed,
            conflicts,
            counts.get(ChangeState.REJECTED, 0),
            counts.get(ChangeState.UNKNOWN, 0),
            counts.get(ChangeState.QUEUED, 0),
            done.requests,
            done.cancelled,
            done.held,
            tuple(done.problems),
        )
