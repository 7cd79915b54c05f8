"""Sync passes on request: makes the adapter, runs the engine, reports what came of it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from desktop.model.change import ChangeState
from desktop.model.collection import Collection
from desktop.model.errors import UsageError
from desktop.model.verdict import PortalState
from desktop.services.core import Core
from desktop.services.portals import Portals, is_this_computer
from desktop.services.views import Organisation, Progress, SyncReport
from desktop.store.portals import PortalRow
from desktop.sync.engine import SETTLE_S, Pass, SyncEngine, recover
from desktop.sync.portal import Portal
from desktop.sync.trip import Terms, Trip


class PortalMaker(Protocol):
    """Makes the adapter of a collection's portal; the composition root hands one in."""

    def __call__(self, collection: Collection, url: str, token: str, organisation: str) -> Portal: ...


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
    """One pass at a time; a second caller waits for its turn."""

    def __init__(self, core: Core, portals: Portals, organisation: Organisation, make: PortalMaker) -> None:
        self._core = core
        self._portals = portals
        self._organisation = organisation
        self._make = make
        self._turn = threading.Lock()

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
        """Sync one collection (None = the first that is connected). Raises UsageError when nothing is connected."""
        known, portal = self._connected(collection)
        with self._turn:
            done = self._pass(known, portal, _Wishes(pull, push, full, by_person, progress, cancelled))
        return self._report(known, done)

    def connected(self) -> list[str]:
        """Names of the collections that have a portal."""
        with self._core.store.read() as unit:
            return [name for name in self._core.collections if unit.portals.get(name).url]

    def _connected(self, collection: str | None) -> tuple[Collection, PortalRow]:
        names = [self._core.collection(collection).name] if collection else list(self._core.collections)
        with self._core.store.read() as unit:
            for name in names:
                portal = unit.portals.get(name)
                if portal.url:
                    return self._core.collections[name], portal
        raise UsageError(
            "No portal is connected. Use: holdfast connect trainees --portal https://... --token-stdin"
        )

    def _pass(self, collection: Collection, row: PortalRow, wishes: _Wishes) -> Pass:
        recover(self._core.store)
        # A practice portal has made-up organisations of its own, whatever number this workspace was given.
        own_number = "" if is_this_computer(row.url) else self._organisation.ukprn
        expected = row.organisation or own_number
        portal = self._make(collection, row.url, self._portals.token(row), expected)
        try:
            trip = Trip(
                self._core.store,
                portal,
                Terms(collection, self._core.today(), portal.echo, portal.alike),
                settle_s=settle_seconds(),
                tell=lambda done, total, words: wishes.progress(Progress(done, total, words)),
                cancelled=wishes.cancelled,
            )
            engine = SyncEngine(trip)
            return engine.run(
                pull=wishes.pull, push=wishes.push, full=wishes.full, by_person=wishes.by_person
            )
        finally:
            portal.close()

    def _report(self, collection: Collection, done: Pass) -> SyncReport:
        with self._core.store.read() as unit:
            counts = unit.outbox.counts(collection.name)
            conflicts = len(unit.decisions.all(collection.name))
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
        )
