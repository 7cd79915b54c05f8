"""Every path through store and network fails at its n-th step, for n = 0, 1, ... until no fault fires any more (G3.2).

After each: the program starts again, syncs, people decide what they are asked, and nothing is lost and nothing doubled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest

from desktop.model.document import ChildPatch, Patch
from desktop.store.records import StoredRecord
from tests.fault.conftest import TRAINEES
from tests.sim import facts, people, soak
from tests.sim.line import Once
from tests.sim.machine import Accident, Fuse, Machine
from tests.sim.simulation import Simulation

Act = Callable[[Simulation, Machine], object]

MOST = 60
"""No path has so many steps."""


def record(machine: Machine) -> StoredRecord:
    """The record that the paths are about: the first that the portal takes changes of."""
    return next(r for r in machine.records().values() if machine.collection.takes_edits(r.state))


def sync(sim: Simulation, machine: Machine) -> None:
    machine.workspace.sync.run(TRAINEES)


def whole_sync(sim: Simulation, machine: Machine) -> None:
    machine.workspace.sync.run(TRAINEES, full=True)


def type_email(sim: Simulation, machine: Machine) -> None:
    people.type_in(sim, machine, record(machine), {"email": f"typed{sim.next()}@example.com"})


def type_refused(sim: Simulation, machine: Machine) -> None:
    fields = {"employing_school_urn": people.NOWHERE, "nationality": "FR"}
    people.type_in(sim, machine, record(machine), dict(fields))


def add_placement(sim: Simulation, machine: Machine) -> None:
    held, name = record(machine), f"Hill {people.letters(sim.next())} Nursery"
    people._add(sim, machine, held, "placements", {"name": name, "postcode": "BN1 1AA"})
    sim.oracle.promise(facts.placement_added(machine.name, held.id, "name", name, sim.oracle.now))


def edit_degree(sim: Simulation, machine: Machine) -> None:
    held = record(machine)
    child = held.document.children["degrees"][0]
    patch = Patch({}, {"degrees": {child.id: ChildPatch({"graduation_year": 2003})}})
    machine.workspace.records.edit(held.id, patch)
    path = ("degrees", child.id, "graduation_year")
    sim.oracle.promise(facts.child_edited(machine.name, held.id, *path, 2003, sim.oracle.now))


def remove_placement(sim: Simulation, machine: Machine) -> None:
    held = record(machine)
    child = held.document.children["placements"][0]
    patch = Patch({}, {"placements": {child.id: ChildPatch(removed=True)}})
    machine.workspace.records.edit(held.id, patch)
    sim.oracle.promise(facts.child_removed(machine.name, held.id, "placements", child.id, sim.oracle.now))


def defer(sim: Simulation, machine: Machine) -> None:
    held, (state, fields) = record(machine), people.ACTIONS["defer"]
    machine.workspace.records.act(held.id, "defer", dict(fields))
    sim.oracle.promise(facts.action_confirmed(machine.name, held.id, "defer", state, sim.oracle.now))


def decide_all(sim: Simulation, machine: Machine) -> None:
    for conflict in machine.workspace.conflicts.open():
        people.decide(sim, machine, conflict)


def edited_there(sim: Simulation, machine: Machine) -> None:
    slug = record(machine).portal_id
    assert slug is not None
    sim.control.edit(slug, email=f"web{sim.next()}@example.com", middle_names="Web")


def placed_there(sim: Simulation, machine: Machine) -> None:
    slug = record(machine).portal_id
    assert slug is not None
    held = sim.control.trainee(slug)["placements"]
    sim.control.edit(slug, placements=[*held, {"name": "Dale Nursery"}])


def deleted_there(sim: Simulation, machine: Machine) -> None:
    slug = record(machine).portal_id
    assert slug is not None
    sim.control.edit(slug, deleted=True)


def reply_lost(sim: Simulation, machine: Machine) -> None:
    """A sync whose first write lands and is not answered; then nothing is answered any more."""
    weather = sim.lines[machine.name]
    weather.faults, weather.p, weather.writes_only = ("silent after",), 1.0, True
    sync(sim, machine)
    weather.faults = ()


@dataclass(frozen=True)
class Path:
    """What is there before, and what is done while the fault is due."""

    before: tuple[Act, ...]
    acts: tuple[Act, ...]


PATHS = {
    "pull": Path((edited_there, placed_there), (whole_sync,)),
    "pull of a deletion": Path((type_email, deleted_there), (whole_sync,)),
    "edit": Path((), (type_email, sync)),
    "refused edit": Path((), (type_refused, sync)),
    "merge": Path((placed_there,), (type_email, sync)),
    "create": Path((), (people.add, sync)),
    "add a child": Path((), (add_placement, sync)),
    "edit a child": Path((), (edit_degree, sync)),
    "remove a child": Path((), (remove_placement, sync)),
    "action": Path((), (defer, sync)),
    "settle an edit": Path((type_email, reply_lost), (sync,)),
    "settle a child": Path((add_placement, reply_lost), (sync,)),
    "settle an action": Path((defer, reply_lost), (sync,)),
    "adopt": Path((people.add, reply_lost), (sync,)),
    "resolve": Path((type_email, edited_there, sync), (decide_all, sync)),
}
CRASHES = (Accident.BEFORE_COMMIT, Accident.AFTER_COMMIT, Accident.DISK_FULL)
"""Just before a commit = after the request before it; just after one = before the request behind it."""
LOST = ("silent after", "reset before")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", PATHS)
def test_a_fault_at_any_step_loses_and_doubles_nothing(name: str) -> None:
    path = PATHS[name]
    steps = [_points(path, partial(_Crash, accident)) for accident in CRASHES]
    requests = [_points(path, partial(_Loss, how)) for how in LOST]
    assert min(steps) > 3, "there was hardly a step"
    assert min(requests) > 0


def _points(path: Path, fault: Callable[[int], _Fault]) -> int:
    """How many faults fired before none did."""
    for number in range(MOST):
        due = fault(number)
        sim = Simulation(number, soak.template())
        with sim.opened(("A",)):
            _one_point(sim, sim.machines["A"], path, due)
        if not due.fired:
            return number
    raise AssertionError("the path never came to its end")


def _one_point(sim: Simulation, machine: Machine, path: Path, due: _Fault) -> None:
    for act in path.before:
        act(sim, machine)
        sim.time.pass_by(minutes=2)
    due.set(sim, machine)
    for act in path.acts:
        if not machine.run(lambda act=act: act(sim, machine)):  # type: ignore[misc]
            sim.oracle.shaken(machine)
        sim.oracle.look(machine)
    machine.fuse = None
    try:
        sim.oracle.settle()
    except AssertionError as problem:
        raise AssertionError(f"{problem}, after {due}") from problem


class _Fault:
    """Something that is due at a step of a path."""

    @property
    def fired(self) -> bool:
        raise NotImplementedError

    def set(self, sim: Simulation, machine: Machine) -> None:
        raise NotImplementedError


class _Crash(_Fault):
    """The program ends, or the disk is full."""

    def __init__(self, accident: Accident, number: int) -> None:
        self.fuse = Fuse(accident, number)

    def __str__(self) -> str:
        return str(self.fuse)

    @property
    def fired(self) -> bool:
        return self.fuse.burnt

    def set(self, sim: Simulation, machine: Machine) -> None:
        machine.fuse = self.fuse


class _Loss(_Fault):
    """A request, or its answer, is lost."""

    def __init__(self, how: str, number: int) -> None:
        self.weather = Once((how,), left=number)

    def __str__(self) -> str:
        return str(self.weather)

    @property
    def fired(self) -> bool:
        return self.weather.struck

    def set(self, sim: Simulation, machine: Machine) -> None:
        sim.lines[machine.name] = self.weather
