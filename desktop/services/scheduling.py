"""When the next pass happens by itself: keeps what the policy must know, and a person's timetable.

The window asks `due` and runs what is due; nothing here has a timer or a thread. All of it may be called on any thread.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from desktop.model.change import ChangeState
from desktop.model.person import Role
from desktop.model.timetable import Due, Timetable
from desktop.services.core import LONDON, Core
from desktop.services.people import demand, sitting
from desktop.store.store import Touched, Unit
from desktop.sync.timetable import Moment, next_pass
from desktop.sync.trip import Chance, chance

_META = "timetable"


def timetable_of(unit: Unit) -> Timetable:
    """The timetable as the person chose it; what was never chosen is as usual."""
    return Timetable.from_json(json.loads(unit.meta(_META) or "{}"))


class Scheduling:
    """The timetable, and what happened since the last pass. Made once for a workspace."""

    def __init__(self, core: Core, draw: Chance = chance) -> None:
        self._core = core
        self._chance = draw
        self._begun = core.now()
        self._lock = threading.Lock()
        self._passing: dict[str, int] = {}
        self._last: dict[str, datetime] = {}
        self._unsent: dict[str, datetime] = {}
        self._draws: dict[str, float] = {}
        self._stuck: set[str] = set()
        core.store.listen(self._on_commit)

    def timetable(self) -> Timetable:
        """As it counts now."""
        with self._core.store.read() as unit:
            return timetable_of(unit)

    def change(self, timetable: Timetable) -> None:
        """Keep a new timetable; it counts from the next request on."""
        with self._core.store.write() as unit:
            demand(unit, Role.ADMINISTER)
            unit.set_meta(_META, json.dumps(timetable.to_json()))
            unit.journal.write("timetable", None, timetable.to_json())
            unit.touched.portals = True

    @contextmanager
    def passing(self, collection: str) -> Iterator[None]:
        """Round a pass, on its thread: it takes along whatever waits.

        One that a person must do something about first (a token is missing) is not tried again for every edit.
        """
        with self._lock:
            self._passing[collection] = threading.get_ident()
            self._unsent.pop(collection, None)
            self._stuck.add(collection)
        try:
            yield
            self._stuck.discard(collection)
        finally:
            with self._lock:
                self._passing.pop(collection, None)
                self._last[collection] = self._core.now()
                self._draws[collection] = self._chance()

    def due(self, settle: timedelta) -> Due | None:
        """The next pass of all connected collections; None = nothing by itself. `settle` = how long the unknown rests."""
        with self._core.store.read() as unit:
            timetable = timetable_of(unit)
            sends = Role.SEND in sitting(unit).person.roles
            found = [self._due(unit, name, timetable, settle, sends=sends) for name in self._connected(unit)]
        return min((d for d in found if d is not None), key=lambda d: d.at, default=None)

    def _connected(self, unit: Unit) -> Iterable[str]:
        return [name for name in self._core.collections if unit.portals.get(name).url]

    def _due(
        self, unit: Unit, name: str, timetable: Timetable, settle: timedelta, *, sends: bool
    ) -> Due | None:
        """`sends` = who sits here may send; else what waits is no reason for a pass."""
        portal = unit.portals.get(name)
        unknown = unit.outbox.counts(name).get(ChangeState.UNKNOWN, 0)
        with self._lock:
            last = self._last.get(name)
            moment = Moment(
                now=self._core.now(),
                begun=self._begun,
                not_before=portal.not_before,
                asked_to_wait=portal.asked_to_wait,
                failures=portal.failures,
                paused=portal.paused,
                last_pass=last,
                unsent_since=None if name in self._stuck or not sends else self._unsent.get(name),
                settle_at=last + settle if unknown and last else None,
                draw=self._draws.setdefault(name, self._chance()),
            )
        return next_pass(name, timetable, moment, LONDON)

    def _on_commit(self, touched: Touched) -> None:
        """Somebody saved: from now on something waits, unless it was the pass itself."""
        if not touched.queue:
            return
        here, now = threading.get_ident(), self._core.now()
        with self._lock:
            for name in self._core.collections:
                if self._passing.get(name) != here:
                    self._unsent.setdefault(name, now)
