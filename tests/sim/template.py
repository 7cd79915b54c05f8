"""What every seed begins with: a portal with eight trainees, and two workspaces of its provider after their first sync.

Made once a process, from a generator of its own; each seed gets copies of the files and the portal's records put back.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.model.document import Document
from desktop.practice import people
from desktop.practice.record import Record
from desktop.practice.state import State
from desktop.services.unlocking import Unlocking
from tests.fault.conftest import NEW_SCHOOL, Desk
from tests.sim.folding import Time, Watch, folded
from tests.sim.machine import key_of
from tests.sim.world import DirectPortal

NAMES = ("A", "B")
SCHOOLS = (NEW_SCHOOL, "555002", "555003")
_WANTED = (
    ("trn_received", 2026, 5),
    ("submitted_for_trn", 2026, 1),
    ("awarded", 2025, 1),
    ("withdrawn", 2026, 1),
)
_FROM = 120


@dataclass
class Template:
    """The beginning of every seed. `told` is called with each record that the portal stores, and what was there before."""

    folder: Path
    portal: DirectPortal
    watch: Watch
    keys: dict[str, Unlocking]
    sheet: Document
    time: Time
    told: list[Callable[[Record | None, Record], None]] = field(default_factory=list)
    _state: tuple[Any, ...] = ()

    def keep(self) -> None:
        """Remember the portal as it is."""
        state = self.portal.state
        state.snapshot()
        self._state = state.rng.getstate(), state._seq, state._trn, self.time.now

    def put_back(self, time: Time) -> None:
        """The portal as it was kept; its clock shows `time` from now on."""
        state = self.portal.state
        state.rollback()
        rng, state._seq, state._trn, time.now = self._state
        state.rng.setstate(rng)
        self.watch._time, self.watch.error = time, type(self.watch.error)(0)
        self.portal.portal.clear_ledger()
        self.told.clear()


def make_template() -> Template:
    """In memory where the system has a folder for that, else among the temporary files."""
    shared = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="holdfast-sim-", dir=shared if shared.is_dir() else None))
    time, chance = Time(), random.Random(0)
    watch = Watch(time)
    portal = DirectPortal(watch, size=0)
    _furnish(portal)
    made = Template(folder, portal, watch, {}, Document(), time)
    with folded(time, chance, token=portal.token):
        for name in NAMES:
            desk = Desk(portal, time_of(watch), folder / name, make=portal.adapter)  # type: ignore[arg-type]
            desk.sync()
            made.sheet = desk.sheet()
            desk.close()
            made.keys[name] = key_of(folder / name)
    time.pass_by(minutes=10)
    made.keep()
    _listen(made, portal.state)
    return made


def time_of(watch: Watch) -> Any:
    """A watch as a desk's clock."""
    return watch


def _furnish(portal: DirectPortal) -> None:
    """A few trainees of each kind out of many."""
    state = portal.state
    many = people.make_trainees(_FROM, 1, state.clock.today(), state.clock.now_us())
    for standing, cycle, wanted in _WANTED:
        found = [r for r in many if r.state == standing and r.cycle == cycle and r.degrees and not r.deleted]
        if standing == "trn_received":
            found = [r for r in found if r.get("training_route") == "12"]
        elif standing == "withdrawn":
            found = [r for r in many if r.state == standing and r.cycle == cycle]
        state.load(found[:wanted])
    for number, urn in enumerate(SCHOOLS, 1):
        portal.control.add_school(urn, f"Saltersgate School {number}", "BN1 1AA", f"{number} Hill Road")


def _listen(template: Template, state: State) -> None:
    commit = state.commit

    def told(record: Record) -> None:
        before = state.records.get(record.slug)
        commit(record)
        for listener in template.told:
            listener(before, record)

    state.commit = told  # type: ignore[method-assign]
