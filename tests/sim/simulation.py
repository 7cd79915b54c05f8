"""One seed: two clients, a portal, people and clocks in one thread, and what must hold after each step and in the end.

Everything that happens is drawn from one `random.Random(seed)`. The trace of a run (deeds, requests, answers, and what was
left on both sides) goes into a digest; the same seed gives the same digest on every machine.
"""

from __future__ import annotations

import hashlib
import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from desktop.model.errors import HoldfastError, StoreError
from desktop.practice.record import Record
from desktop.practice.wire import Reply, Request
from desktop.services.views import SyncReport
from tests.fault.conftest import TRAINEES
from tests.sim import people, web
from tests.sim.folding import Time, Watch, folded
from tests.sim.line import LOSING, TROUBLES, Line, Weather
from tests.sim.machine import ENDS, Accident, Fuse, Machine, copied, on_disks
from tests.sim.oracle import Oracle
from tests.sim.template import NAMES, Template

STEPS = (6, 24)
"""How many steps a seed has, from and to."""

_IDS = re.compile(rb'"trainee_id":"(\w+)"')


@dataclass
class Counts:
    """What happened in one seed, or in many."""

    met: Counter[str] = field(default_factory=Counter)

    def add(self, what: str, number: int = 1) -> None:
        self.met[what] += number


class Simulation:
    """The world of one seed."""

    def __init__(self, seed: int, template: Template, tell: Callable[[str], None] | None = None) -> None:
        self.seed = seed
        self.rng = random.Random(seed)
        self.product = random.Random(self.rng.getrandbits(64))
        self.network = random.Random(self.rng.getrandbits(64))
        self.template = template
        self.tell = tell
        self.time = Time()
        self.portal = template.portal
        self.control = template.portal.control
        self.counts = Counts()
        self.machines: dict[str, Machine] = {}
        self.lines: dict[str, Weather] = {}
        self.held: list[Line] = []
        self.oracle = Oracle(self)
        self.author = "web"
        self.how = ""
        self.backup: dict[str, Record] | None = None
        self.interrupt: list[int] = []
        self.depth = 0
        self.focus = ""
        self.number = 0
        self.busy: set[str] = set()
        self._digest = hashlib.sha256()

    # -- the trace ----------------------------------------------------------------------------------

    def note(self, text: str) -> None:
        """One line of the trace."""
        self._digest.update(text.encode("utf-8", "surrogatepass") + b"\n")
        if self.tell is not None:
            self.tell(text)

    def next(self) -> int:
        """A number that was not used yet in this world."""
        self.number += 1
        return self.number

    # -- a run --------------------------------------------------------------------------------------

    def run(self) -> str:
        """All of it. Returns the digest of the trace; raises `oracle.Broken`."""
        with self.opened():
            self._live()
            return self._digest.hexdigest()

    @contextmanager
    def opened(self, names: Sequence[str] = NAMES) -> Iterator[None]:
        """The world as it is before the first step; gone at the end."""
        folder = Path(tempfile.mkdtemp(prefix="seed-", dir=self.template.folder))
        self.template.put_back(self.time)
        self.template.told.append(self._stored)
        settle = self.rng.choice((0, 0, 10))
        try:
            with (
                folded(self.time, self.product, settle_s=settle, token=self.portal.token),
                on_disks(self._plug_in(folder, names)),
            ):
                yield
        finally:
            self.template.told.clear()
            for machine in self.machines.values():
                machine.close()
            shutil.rmtree(folder, ignore_errors=True)

    def _plug_in(self, folder: Path, names: Sequence[str]) -> dict[Path, Machine]:
        adapter: dict[str, Any] = {"per_page": self.rng.choice((200, 200, 3))}
        if self.rng.random() < 0.95:
            adapter["cycles"] = self.rng.choice(((2026,), (2026,), (2026, 2025)))
        for name in names:
            place = copied(self.template.folder / name, folder / name)
            machine = Machine(name, place, self.template.keys[name], Watch(self.time))
            machine.adapter = adapter
            machine.transport = self._line_of(machine)
            self.machines[name] = machine
            self.lines[name] = Weather()
        return {m.folder: m for m in self.machines.values()}

    def _line_of(self, machine: Machine) -> Callable[[], httpx.BaseTransport]:
        def made() -> httpx.BaseTransport:
            line = Line(
                self.portal.portal,
                self.time,
                self.network,
                self.lines[machine.name],
                _Post(self, machine),
            )
            self.held.append(line)
            return line

        return made

    def _live(self) -> None:
        steps = self.rng.randint(*STEPS)
        self.change_weather()
        if self.rng.random() < 0.3:
            self.backup = dict(self.portal.state.records)
        for _ in range(steps):
            self.step()
        self.oracle.settle()
        self.oracle.tell_all()

    def step(self) -> None:
        """One thing happens; then everything promised is looked at."""
        (deed,) = self.rng.choices([d for d, _ in DEEDS], [w for _, w in DEEDS])
        deed(self)
        self.let_go()
        self.counts.add("steps")
        for name in sorted(self.busy):
            self.oracle.look(self.machines[name])
        self.busy.clear()

    def let_go(self) -> None:
        """What the network held back arrives before anything else happens."""
        for line in self.held:
            line.let_go()
            for how, times in line.met.items():
                self.counts.add(f"fault: {how}", times)
        self.held.clear()

    # -- what people do -----------------------------------------------------------------------------

    def anybody(self) -> Machine:
        return self.machines[self.rng.choice(NAMES)]

    def act(self, machine: Machine, deed: Callable[[], object]) -> None:
        """A person does something; what the program refuses with plain words is no deed."""
        self.busy.add(machine.name)
        try:
            whole = machine.run(deed)
        except StoreError:
            raise
        except HoldfastError as refused:
            self.note(f"{machine.name} was told: {refused}")
            whole = True
        if not whole:
            self.note(f"{machine.name} met an accident: {machine.fuse and machine.fuse.accident}")
            self.counts.add(f"accident: {machine.fuse.accident}" if machine.fuse else "accident")
            self.oracle.shaken(machine)
        machine.fuse = None

    def type_something(self) -> None:
        machine = self.anybody()
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            if self.rng.random() < 0.04:
                machine.fuse = Fuse(self.rng.choice(tuple(Accident)), 0)
            self.act(machine, lambda: people.something(self, machine))
        self.oracle.in_step(machine)

    def sync_somebody(self) -> None:
        if (
            self.rng.random() < 0.5
        ):  # else a portal that said "wait" would be left alone for most of the story
            self.time.pass_by(minutes=self.rng.choice((2, 15, 70)))
        self.sync(self.anybody())

    def sync(self, machine: Machine) -> None:
        """One pass, whole or in part, perhaps with an accident in it, perhaps with something else going on meanwhile."""
        if self.rng.random() < 0.2:
            machine.fuse = Fuse(self.rng.choice(tuple(Accident)), self.rng.randrange(14))
        if self.depth == 0 and self.rng.random() < 0.4:
            self.interrupt = sorted(self.rng.randrange(6) for _ in range(self.rng.choice((1, 1, 2))))
        wishes: dict[str, Any] = {
            "full": self.rng.random() < 0.2,
            "pull": self.rng.random() < 0.8,
            "push": self.rng.random() < 0.85,
            "by_person": self.rng.random() < 0.9,
        }
        if self.rng.random() < 0.05:
            looks = iter([False] * self.rng.randrange(4))
            wishes["cancelled"] = lambda: next(looks, True)
        self.note(f"{machine.name} syncs {sorted(n for n, v in wishes.items() if v)}")
        self.counts.add("syncs")
        self.act(machine, lambda: self.report(machine, machine.workspace.sync.run(TRAINEES, **wishes)))
        self.interrupt = []

    def report(self, machine: Machine, report: SyncReport) -> None:
        self.note(f"{machine.name} {report}")

    def change_weather(self) -> None:
        """The network of one machine, or the way to the portal for both."""
        kind = self.rng.random()
        if kind < 0.12:
            weather = Weather()
        elif kind < 0.5:
            weather = Weather(LOSING, self.rng.choice((0.5, 0.8, 1.0)), writes_only=True)
        elif kind < 0.85:
            weather = Weather(TROUBLES, self.rng.choice((0.2, 0.4, 0.7)))
        else:
            weather = Weather((self.rng.choice(TROUBLES),), self.rng.choice((0.5, 1.0)))
        names = NAMES if self.rng.random() < 0.4 else (self.rng.choice(NAMES),)
        for name in names:
            self.lines[name] = weather
        self.note(
            f"weather of {'+'.join(names)}: {weather.faults if len(weather.faults) == 1 else len(weather.faults)} {weather.p}"
        )

    def time_passes(self) -> None:
        """Minutes, nights; and clocks that are put wrong, or right."""
        kind = self.rng.random()
        if kind < 0.5:
            self.time.pass_by(minutes=self.rng.choice((1, 2, 10, 70)))
        elif kind < 0.65:
            self.time.pass_by(hours=self.rng.choice((9, 14, 24 * 8)))
        else:
            error = timedelta(minutes=self.rng.choice((0, 0, 3, -3, 65, -65, 120, -120, 26 * 60, -26 * 60)))
            watch = self.template.watch if kind > 0.9 else self.anybody().watch
            watch.error = error
            self.counts.add("clock jumps")
        self.note(f"time {self.time.now.isoformat()}")

    def start_again(self) -> None:
        """The person ends the program and starts it, or it is killed while it does nothing."""
        machine = self.anybody()
        machine.ended = self.rng.random() < 0.5
        if self.rng.random() < 0.2:
            machine.fuse = Fuse(self.rng.choice((*ENDS, Accident.DISK_FULL)), self.rng.randrange(2))
        self.note(f"{machine.name} starts again, {machine.ended}, {machine.fuse}")
        machine.restart()
        self.oracle.in_step(machine)
        self.busy.add(machine.name)
        machine.fuse = None
        self.counts.add("restarts")

    # -- what goes on elsewhere ---------------------------------------------------------------------

    def on_the_web(self) -> None:
        web.something(self)

    def portal_restored(self) -> None:
        """The portal's people keep a backup, or put it back (T3)."""
        if self.backup is None:
            self.backup = dict(self.portal.state.records)
            self.note("backup")
            return
        web.put_back(self, self.backup)
        self.backup = None
        self.counts.add("restores of the portal")

    def meanwhile(self, machine: Machine, asked: Request) -> None:
        """Somebody does something while a request of `machine` is on its way; often to the record that it is about."""
        if self.depth or not self.interrupt:
            return
        self.interrupt = [n - 1 for n in self.interrupt]
        if self.interrupt[0] >= 0:
            return
        self.interrupt.pop(0)
        self.depth += 1
        before = self.author, self.how
        self.focus = asked.parts()[3] if len(asked.parts()) > 3 and self.rng.random() < 0.7 else ""
        try:
            self.counts.add("meanwhile")
            self._something_else(machine)
        finally:
            self.author, self.how = before
            self.depth -= 1
            self.focus = ""

    def _something_else(self, machine: Machine) -> None:
        other = self.machines[next(n for n in NAMES if n != machine.name)]
        kind = self.rng.random()
        self.author = "web"
        if kind < 0.45:
            fuse, machine.fuse = machine.fuse, None
            try:
                people.something(self, machine)
            except HoldfastError as refused:
                self.note(f"{machine.name} was told: {refused}")
            finally:
                machine.fuse = fuse
        elif kind < 0.7:
            web.something(self)
        else:
            left, self.interrupt = self.interrupt, []
            self.sync(other)
            self.interrupt = left

    def _stored(self, before: Record | None, after: Record) -> None:
        self.oracle.stored(self.author, self.how, before, after)


class _Post:
    """Sees the requests of one machine go by."""

    def __init__(self, sim: Simulation, machine: Machine) -> None:
        self._sim = sim
        self._machine = machine

    def leaving(self, asked: Request) -> None:
        self._machine.at_request(before=True)
        self._sim.meanwhile(self._machine, asked)

    def handing_over(self, asked: Request, how: str) -> None:
        self._sim.author, self._sim.how = self._machine.name, how

    def arrived(self, asked: Request, reply: Reply, how: str) -> None:
        sim = self._sim
        sim.author, sim.how = "web", ""
        sim.counts.add("requests")
        sim.oracle.arrived(self._machine, asked, reply, how)
        sim.note(f"  portal: {asked.method} {asked.target} {asked.body!r} {reply.status} {how}")

    def answered(self, asked: Request, response: httpx.Response) -> None:
        if asked.method == "GET" and response.status_code == 200:
            found = _IDS.findall(response.content)
            self._sim.oracle.has_read(self._machine, {slug.decode() for slug in found})

    def over(self, asked: Request, how: str, status: int) -> None:
        self._sim.note(f"  {self._machine.name}: {asked.method} {asked.target} {how} {status}")
        if not self._machine.ended:
            self._machine.at_request(before=False)


DEEDS: tuple[tuple[Callable[[Simulation], None], int], ...] = (
    (Simulation.type_something, 36),
    (Simulation.on_the_web, 13),
    (Simulation.sync_somebody, 36),
    (Simulation.change_weather, 7),
    (Simulation.time_passes, 6),
    (Simulation.start_again, 2),
    (Simulation.portal_restored, 4),
)
"""What may happen in a step, with its weight."""
