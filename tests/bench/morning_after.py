"""The morning after an outage: thousands of offices come back to one portal (docs/simulation.md). `make simulate`.

A discrete-event simulation on one heap, without real time and without chance that is not seeded. The offices run the
program's own policy: `watch.after_failure` and its like, `timetable.next_pass`, `Budget`, `trouble.LIMIT`. What is
rebuilt here is the order of requests in a pass, as `engine.SyncEngine.run` and `trouble.Trouble.met` have it.
"""

from __future__ import annotations

import heapq
import itertools
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from functools import cache, partial
from pathlib import Path
from random import Random

from desktop.model.timetable import Timetable
from desktop.model.verdict import SLOW_S, PortalState, Probe, Unavailable
from desktop.store.portals import PortalRow
from desktop.sync import watch
from desktop.sync.engine import SETTLE_S
from desktop.sync.portals.budget import Budget
from desktop.sync.portals.http import Timeouts
from desktop.sync.timetable import Moment, next_pass
from desktop.sync.trouble import LIMIT, PATIENCE, seen

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
"""When the portal is back: second 0 of every run."""
HOUR = 3600.0
ORGANISATIONS = 8_763
"""Key stage 2 results, 11 July 2023: 25,303 downloads by 8,763 organisations from 7:30 to 9:00."""
DOWNLOADS = 25_303
MORNING_S = 5_400.0
SCHOOLS = 24_000
MOST_WORK = 10
LINE_S = 0.2
"""There and back on the line, and what the program does between two requests."""
USUAL = Timetable()
LOST_S = Timeouts().read_s
PATIENT = 4.0


# --- the portal -----------------------------------------------------------------------------------------------------


class Says(Enum):
    """How a portal turns away what is too much."""

    NOTHING = auto()
    """503 without a time."""
    SOON = auto()
    """503 with Retry-After: 30, to everybody, whatever its load."""
    WINDOW = auto()
    """429 with the seconds to the end of the minute, once the minute's share is used up."""
    SLOT = auto()
    """503 with a Retry-After that it has reckoned: the place at the end of those whom it has sent away already."""
    SLOWLY = auto()
    """It turns nobody away and answers late: after 30 s an office hangs up, and the portal does the work all the same."""


@dataclass
class Answer:
    """What came, and when; `trouble` None = it was served."""

    at: float
    trouble: Unavailable | None = None


def _shed(state: PortalState, retry_after_s: float | None = None) -> Unavailable:
    return Unavailable(state, "503", retry_after_s is None, retry_after_s, own_fault=retry_after_s is None)


@dataclass
class Portal:
    """One line of work: `capacity` requests a second, first come first served, `queue_s` seconds of queue at most."""

    capacity: float
    says: Says = Says.NOTHING
    queue_s: float = 5.0
    free_at: float = 0.0
    slot_at: float = 0.0
    window: tuple[float, float] = (0.0, 0.0)

    def ask(self, now: float, weight: float) -> Answer:
        """A request of `weight` (1 = one request of work)."""
        wait = max(0.0, self.free_at - now)
        if self.says is Says.WINDOW and not self._in_window(now, weight):
            left = 60.0 * (self.window[0] + 1) - now
            return Answer(now + LINE_S, Unavailable(PortalState.BUSY, "429", retry_after_s=max(1.0, left)))
        if wait > self.queue_s and self.says is not Says.SLOWLY:
            return Answer(now + LINE_S, self._no(now))
        self.free_at = now + wait + weight / self.capacity
        if wait > LOST_S:
            return Answer(now + LOST_S, Unavailable(PortalState.DOWN, "no reply", effect_possible=True))
        return Answer(self.free_at + LINE_S)

    def _no(self, now: float) -> Unavailable:
        if self.says is Says.SOON:
            return _shed(PortalState.BUSY, 30.0)
        if self.says is Says.SLOT:
            self.slot_at = max(self.slot_at, self.free_at) + DOWNLOADS / ORGANISATIONS / self.capacity
            return _shed(PortalState.BUSY, min(max(self.slot_at - now, 1.0), HOUR))
        return _shed(PortalState.DOWN)

    def _in_window(self, now: float, weight: float) -> bool:
        minute = math.floor(now / 60)
        used = self.window[1] if self.window[0] == minute else 0.0
        if used + weight > self.capacity * 60:
            return False
        self.window = (minute, used + weight)
        return True


# --- the offices ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Office:
    """One organisation. `work` = requests that wait; `todo` = how many of them this pass has yet to try."""

    work: int
    row: PortalRow
    clock: Callable[[], float]
    presses: bool = False
    todo: int = 0
    answered: int = 0
    looks: int = 0
    looked_s: float = 0.0
    crowded: int = 0
    met: int = 0
    failed: bool = False
    under_way: bool = False
    unknown: bool = False
    ticket: int = 0
    budget: Budget | None = None

    def ready_in(self) -> float:
        """Seconds until its own budget lets a request go; takes the place when that is now."""
        if self.budget is None:
            self.budget = Budget(USUAL.share, clock=self.clock)
        left = self.budget.wait_s()
        if not left:
            self.budget.take()
        return left


@dataclass(frozen=True)
class Scene:
    """What happens.

    offices   how many; each has 1..10 requests waiting, on average as on the morning of 2023
    outage_s  how long the portal was away before second 0; None = it was not: all programs are started within `start_s`
    looks     requests of the look that a pass by itself begins with, each of `look_weight`: /ping and /info
              touch no records, so they are far cheaper than a request of work
    pressing  the share of offices in which somebody presses "try now" every minute or so
    """

    offices: int = ORGANISATIONS
    outage_s: float | None = 3 * HOUR
    start_s: float = 600.0
    looks: int = 2
    look_weight: float = 0.02
    pressing: float = 0.0
    seed: int = 1


@dataclass
class Result:
    """What came of it; seconds count from the portal's return, `offered` is weight by ten seconds."""

    bound_s: float
    capacity: float
    finished: list[float] = field(default_factory=list)
    met: list[float] = field(default_factory=list)
    offered: dict[int, float] = field(default_factory=dict)
    shed: int = 0
    asked: int = 0
    unfinished: int = 0

    def quantile(self, q: float) -> float:
        """Seconds until this share of the offices had everything in; inf when they never had."""
        done = sorted(self.finished) + [math.inf] * self.unfinished
        return done[min(len(done) - 1, int(len(done) * q))]

    @property
    def stretch(self) -> float:
        """Time until all work was in, against the capacity bound."""
        return self.quantile(1.0) / self.bound_s

    def load(self, minute: int) -> float:
        """Offered load of a minute against capacity."""
        return sum(self.offered.get(n, 0.0) for n in range(6 * minute, 6 * minute + 6)) / 60 / self.capacity

    @property
    def minutes(self) -> int:
        return max(self.offered, default=0) // 6 + 1

    def peak(self, after_min: int = 1) -> float:
        """Highest load of a whole minute from then on."""
        return max((self.load(m) for m in range(after_min, self.minutes)), default=0.0)

    @property
    def calm_after_min(self) -> int:
        """The first minute after which offered load stays within 1.2 of capacity."""
        return max((m + 1 for m in range(self.minutes) if self.load(m) > 1.2), default=0)


def amounts(scene: Scene) -> list[int]:
    """Work of each office: 1..10, geometric, in sum what it was in 2023 for so many (8,763 -> 25,303)."""
    rng = Random(f"work {scene.seed} {scene.offices}")
    target = round(scene.offices * DOWNLOADS / ORGANISATIONS)
    found = [1] * scene.offices
    stay = 1 - ORGANISATIONS / DOWNLOADS
    for n in range(scene.offices):
        while found[n] < MOST_WORK and rng.random() < stay:
            found[n] += 1
    left = target - sum(found)
    while left:
        n = rng.randrange(scene.offices)
        step = 1 if left > 0 else -1
        if 1 <= found[n] + step <= MOST_WORK:
            found[n] += step
            left -= step
    return found


REFUSED = Unavailable(PortalState.DOWN, "does not take connections")


def _at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def _seconds(moment: datetime) -> float:
    return (moment - NOON).total_seconds()


class Holdfast:
    """Offices that do as the program does."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._rng = Random(f"chance {scene.seed}")
        self._outage: Iterator[tuple[PortalRow, float]] | None = None

    def begin(self, office: Office) -> float:
        """When the office's first pass since second 0 begins; the passes of the outage are behind it, all refused."""
        if self._scene.outage_s is None:
            return self._rng.random() * self._scene.start_s
        waiting = self._outage
        if waiting is None:
            waiting = self._outage = iter(outage(self._scene.offices, self._scene.outage_s, self._scene.seed))
        office.row, at = next(waiting)
        return at

    def opens(self, office: Office, now: float, *, by_person: bool) -> bool:
        """Begin a pass, if it may begin."""
        if watch.must_wait(office.row, _at(now), by_person):
            return False
        office.todo, office.met, office.answered, office.failed = office.work, 0, 0, False
        careful = not by_person and watch.looks_first(office.row, _at(now))
        self._look(office, self._scene.looks if careful else 0)
        return True

    @staticmethod
    def _look(office: Office, requests: int) -> None:
        office.looks, office.looked_s = requests, 0.0

    def looked(self, office: Office, answer: Answer, took_s: float) -> bool:
        """After a request of a look: whether the pass goes on. As `trouble.look`."""
        office.looks -= 1
        office.looked_s = max(office.looked_s, took_s)
        if answer.trouble is None and office.looks and took_s <= SLOW_S:
            return True
        office.looks = 0
        trouble = answer.trouble or seen(Probe(PortalState.UP, "", took_s=office.looked_s), office.crowded)
        if trouble is None:
            office.row, office.crowded = watch.after_answer(office.row), 0
            return office.todo > 0
        office.crowded = 0 if answer.trouble else min(PATIENCE, office.crowded + 1)
        self._failed(office, trouble, answer.at)
        return False

    def worked(self, office: Office, answer: Answer) -> bool:
        """After a request of work: whether the pass goes on. As `engine.run` and `trouble.met`."""
        trouble = answer.trouble
        if trouble is None:
            office.row = watch.after_answer(office.row)
            office.answered += 1
            return office.todo > 0
        self._failed(office, trouble, answer.at)
        office.crowded = 0
        office.met += 1
        lost = trouble.own_fault or (trouble.effect_possible and trouble.state is PortalState.DOWN)
        # The first request of the work is a read: its failure ends the pass; after a later one the portal is looked at.
        if not office.answered or not lost or office.met >= LIMIT:
            return False
        self._look(office, self._scene.looks)
        return bool(office.looks)

    def _failed(self, office: Office, trouble: Unavailable, now: float) -> None:
        office.row = watch.after_failure(office.row, trouble, _at(now), self._rng.random)
        office.failed = True

    def ended(self, office: Office, now: float) -> float:
        """When the next pass begins."""
        if not office.failed:
            office.row = watch.after_success(office.row, _at(now))
        return self.next(office, now)

    def next(self, office: Office, now: float) -> float:
        return _due(office.row, now, self._rng, unknown=office.unknown)


def _due(row: PortalRow, ended: float, rng: Random, *, unknown: bool = False) -> float:
    """When the next pass begins after one that has just ended. As `services.scheduling`."""
    now = _at(ended)
    moment = Moment(
        now=now,
        begun=now,
        not_before=row.not_before,
        asked_to_wait=row.asked_to_wait,
        failures=row.failures,
        last_pass=now,
        settle_at=_at(ended + SETTLE_S) if unknown else None,
        draw=rng.random(),
    )
    due = next_pass("", USUAL, moment, UTC)
    assert due is not None
    return _seconds(due.at)


@cache
def outage(offices: int, outage_s: float, seed: int) -> list[tuple[PortalRow, float]]:
    """What each office knows when the portal is back, and when it asks next: the passes of the outage were all refused."""
    rng = Random(f"outage {seed}")
    found = []
    for _ in range(offices):
        # The first pass that met the outage was a look at news or a change: some time in its first quarter of an hour.
        row, now = PortalRow(""), -outage_s + rng.random() * min(outage_s, USUAL.every_min * 60.0)
        while now < 0:
            row = watch.after_failure(row, REFUSED, _at(now), rng.random)
            now = _due(row, now, rng)
        found.append((row, now))
    return found


class Forgetful(Holdfast):
    """As the program was before it was simulated: one answer ends all failures, and a slow look is a good look."""

    def looked(self, office: Office, answer: Answer, took_s: float) -> bool:
        goes_on = super().looked(office, answer, 0.0)
        if answer.trouble is None:
            office.row = replace(office.row, failures=0)
        return goes_on

    def worked(self, office: Office, answer: Answer) -> bool:
        goes_on = super().worked(office, answer)
        if answer.trouble is None:
            office.row = replace(office.row, failures=0)
        return goes_on


class Every(Holdfast):
    """Offices that try again at a fixed interval with all their work and without a look, or after it more or less."""

    def __init__(self, scene: Scene, interval_s: float, spread: float = 0.0) -> None:
        super().__init__(replace(scene, looks=0))
        self._interval_s = interval_s
        self._spread = spread

    def begin(self, office: Office) -> float:
        return self._rng.random() * (self._interval_s if self._scene.outage_s else self._scene.start_s)

    def opens(self, office: Office, now: float, *, by_person: bool) -> bool:
        office.todo, office.looks = office.work, 0
        return True

    def worked(self, office: Office, answer: Answer) -> bool:
        return answer.trouble is None and office.todo > 0

    def ended(self, office: Office, now: float) -> float:
        return now + self._interval_s * (1 + self._spread * (2 * self._rng.random() - 1))


def run(scene: Scene, portal: Portal, make: Callable[[Scene], Holdfast] = Holdfast) -> Result:
    """One morning, until all work is in, or until four times as long has passed as it had to take."""
    return Morning(scene, portal, make(scene)).run()


class Morning:
    """The heap: (second, number, office, ticket, by a person). A pass that was planned twice counts by its last ticket."""

    def __init__(self, scene: Scene, portal: Portal, policy: Holdfast) -> None:
        self._scene, self._portal, self._policy = scene, portal, policy
        self._now = 0.0
        self._rng = Random(f"people {scene.seed}")
        self._count = itertools.count()
        self._heap: list[tuple[float, int, Office, int, bool]] = []
        work = amounts(scene)
        self._left = sum(work)
        self._result = Result(self._left / portal.capacity, portal.capacity)
        clock = self._clock
        pressing = round(scene.offices * scene.pressing)
        self._offices = [Office(w, PortalRow(""), clock, n < pressing) for n, w in enumerate(work)]

    def _clock(self) -> float:
        return self._now

    def _plan(self, at: float, office: Office, *, by_person: bool = False) -> None:
        heapq.heappush(self._heap, (at, next(self._count), office, office.ticket, by_person))

    def run(self) -> Result:
        for office in self._offices:
            self._plan(self._policy.begin(office), office)
            if office.presses:
                self._plan(self._rng.expovariate(1 / 60), office, by_person=True)
        met: set[int] = set()
        while self._heap and self._left:
            self._now, _, office, ticket, by_person = heapq.heappop(self._heap)
            if self._now > PATIENT * self._result.bound_s:
                break
            if by_person:
                self._pressed(office)
                continue
            if ticket != office.ticket or not office.work:
                continue
            if not office.under_way and not self._opened(office, by_person=False):
                continue
            if id(office) not in met:
                met.add(id(office))
                self._result.met.append(self._now)
            self._request(office)
        self._result.unfinished = sum(1 for o in self._offices if o.work)
        return self._result

    def _pressed(self, office: Office) -> None:
        """Somebody presses "try now", and will press again in a minute or so."""
        if not office.work:
            return
        self._plan(self._now + self._rng.expovariate(1 / 60), office, by_person=True)
        if not office.under_way and self._opened(office, by_person=True):
            office.ticket += 1
            self._plan(self._now, office)

    def _opened(self, office: Office, *, by_person: bool) -> bool:
        office.under_way = self._policy.opens(office, self._now, by_person=by_person)
        return office.under_way

    def _request(self, office: Office) -> None:
        wait = office.ready_in()
        if wait:
            self._plan(self._now + wait, office)
            return
        looks = office.looks > 0
        weight = self._scene.look_weight if looks else 1.0
        result, bucket = self._result, int(self._now // 10)
        result.offered[bucket] = result.offered.get(bucket, 0.0) + weight
        result.asked += 1
        answer = self._portal.ask(self._now, weight)
        result.shed += answer.trouble is not None
        if looks:
            goes_on = self._policy.looked(office, answer, answer.at - self._now)
        else:
            self._done(office, answer)
            goes_on = self._policy.worked(office, answer)
        if not office.work:
            return
        if goes_on:
            self._plan(answer.at, office)
            return
        office.under_way = False
        self._plan(self._policy.ended(office, answer.at), office)

    def _done(self, office: Office, answer: Answer) -> None:
        """Work that a portal did but nobody heard of is read again: it still counts as one request to make."""
        office.todo -= 1
        office.unknown = answer.trouble is not None and answer.trouble.effect_possible
        if answer.trouble is not None:
            return
        office.work -= 1
        self._left -= 1
        if not office.work:
            self._result.finished.append(answer.at)


# --- the report -----------------------------------------------------------------------------------------------------

FIXED = partial(Every, interval_s=30.0)
IMPATIENT = partial(Every, interval_s=15.0, spread=0.5)
POLICIES: dict[str, Callable[[Scene], Holdfast]] = {
    "Holdfast": Holdfast,
    "every 30 s": FIXED,
    "people, refresh": IMPATIENT,
    "Holdfast before": Forgetful,
}
DRAWN = {"Holdfast": "#0b6e4f", "every 30 s": "#b8860b", "people, refresh": "#a4243b"}
MORNING = Scene()
SHORT, LONG = 30, 90
LEAST_DRAWN = 0.03


def capacity(scene: Scene, bound_min: float) -> float:
    """Requests a second with which all work takes so long."""
    return sum(amounts(scene)) / bound_min / 60


def _minutes(seconds: float) -> str:
    return "-" if math.isinf(seconds) else f"{seconds / 60:.0f}"


def _ratio(value: float) -> str:
    return "-" if math.isinf(value) else f"{value:.2f}" if value < 10 else f"{value:.0f}"


HEAD = (
    "| case | policy | capacity, 1/s | bound, min | all in, min | all in / bound | p50, min | p99, min "
    "| load, 1st min | peak load after it | within 1.2 after, min | turned away |\n" + "|---" * 12 + "|"
)


def line(case: str, policy: str, result: Result) -> str:
    """One line of the table."""
    cells = (
        case,
        policy,
        f"{result.capacity:.1f}",
        _minutes(result.bound_s),
        _minutes(result.quantile(1.0)),
        _ratio(result.stretch),
        _minutes(result.quantile(0.5)),
        _minutes(result.quantile(0.99)),
        _ratio(result.load(0)),
        _ratio(result.peak()),
        str(result.calm_after_min),
        f"{result.shed / max(1, result.asked):.0%}",
    )
    return "| " + " | ".join(cells) + " |"


Case = tuple[str, Scene, Portal, str]


def cases() -> Iterator[Case]:
    """What is simulated: name, scene, portal, policy. The first three are drawn."""
    schools = replace(MORNING, offices=SCHOOLS)

    def at(scene: Scene, bound_min: float, says: Says = Says.NOTHING, queue_s: float = 5.0) -> Portal:
        return Portal(capacity(scene, bound_min), says, queue_s)

    for policy in (*DRAWN, "Holdfast before"):
        yield "2023, 3 h out", MORNING, at(MORNING, LONG), policy
    for bound in (SHORT, 10, 5):
        yield "2023, 3 h out", MORNING, at(MORNING, bound), "Holdfast"
    for bound in (LONG, SHORT, 10):
        yield "24,000, 3 h out", schools, at(schools, bound), "Holdfast"
    for name, outage_s in (("10 min out", 600.0), ("1 min out", 60.0), ("started from 8:00 to 8:10", None)):
        scene = replace(MORNING, outage_s=outage_s)
        for bound in (LONG, SHORT):
            yield f"2023, {name}", scene, at(scene, bound), "Holdfast"
    for name, says in (
        ("503, Retry-After 30", Says.SOON),
        ("429 by the minute", Says.WINDOW),
        ("503, reckoned Retry-After", Says.SLOT),
        ("slow, turns nobody away", Says.SLOWLY),
    ):
        yield f"2023, 3 h out; {name}", MORNING, at(MORNING, SHORT, says), "Holdfast"
    for policy in ("Holdfast before", "every 30 s"):
        yield "2023, 3 h out; slow, turns nobody away", MORNING, at(MORNING, SHORT, Says.SLOWLY), policy
    yield "2023, 3 h out; 503 without a queue", MORNING, at(MORNING, SHORT, queue_s=0.5), "Holdfast"
    for name, scene in (
        ("a look costs 0.1", replace(MORNING, look_weight=0.1)),
        ("a look costs as much as work", replace(MORNING, look_weight=1.0)),
        ("no look", replace(MORNING, looks=0)),
        ("1 in 20 presses", replace(MORNING, pressing=0.05)),
    ):
        yield f"2023, 3 h out; {name}", scene, at(scene, SHORT), "Holdfast"


def first_contacts() -> Iterator[str]:
    """How long an office takes to notice that the portal is back, after outages of several lengths."""
    yield "| outage | p50, s | p90, s | last, s |\n|---|---|---|---|"
    for name, outage_s in (("1 min", 60.0), ("10 min", 600.0), ("1 h", HOUR), ("3 h", 3 * HOUR)):
        waits = sorted(at for _, at in outage(ORGANISATIONS, outage_s, MORNING.seed))
        p50, p90 = waits[len(waits) // 2], waits[len(waits) * 9 // 10]
        yield f"| {name} | {p50:.0f} | {p90:.0f} | {waits[-1]:.0f} |"


def draw(drawn: dict[str, Result], path: Path) -> None:
    """Offered load and finished offices over time. The same results give the same bytes."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    with plt.rc_context({"svg.hashsalt": "holdfast", "svg.fonttype": "none", "font.size": 9}):
        figure, (load, done) = plt.subplots(2, 1, figsize=(8, 6.4), sharex=True, layout="constrained")
        for name, result in drawn.items():
            last = 6 * result.minutes
            share = [max(LEAST_DRAWN, result.offered.get(n, 0.0) / 10 / result.capacity) for n in range(last)]
            load.plot([n / 6 for n in range(last)], share, color=DRAWN[name], lw=0.8, label=name)
            ends = sorted(result.finished)
            total = len(ends) + result.unfinished
            marks = range(0, len(ends), max(1, len(ends) // 300))
            done.plot(
                [ends[n] / 60 for n in marks],
                [100 * (n + 1) / total for n in marks],
                color=DRAWN[name],
                label=name,
            )
        bound = next(iter(drawn.values())).bound_s / 60
        load.set(yscale="log", ylabel="offered load / capacity, each 10 s", ylim=(LEAST_DRAWN, 300))
        load.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
        load.axhline(1.2, color="0.3", lw=0.8, ls="--")
        load.text(bound * 1.34, 1.3, "1.2", color="0.3", ha="right")
        done.axvline(bound, color="0.3", lw=0.8, ls="--")
        done.text(bound * 1.01, 4, "capacity bound", color="0.3")
        done.set(xlabel="minutes since the portal is back", ylabel="% of offices with everything in")
        done.set(xlim=(0, bound * 1.35), ylim=(0, 101))
        load.legend(loc="upper right", frameon=False, ncols=3)
        load.set_title(
            f"{ORGANISATIONS:,} organisations, {DOWNLOADS:,} requests, after 3 hours without the portal"
        )
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
        plt.close(figure)


def main(path: Path) -> None:
    """Simulate everything, print the tables, draw the first three."""
    print(HEAD)
    drawn: dict[str, Result] = {}
    for case, scene, portal, policy in cases():
        result = run(scene, portal, POLICIES[policy])
        if policy in DRAWN:
            drawn.setdefault(policy, result)
        print(line(case, policy, result), flush=True)
    print()
    print("\n".join(first_contacts()))
    draw(drawn, path)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/morning-after.svg"))
