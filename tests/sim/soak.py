"""Runs seeds of the simulator on all cores: for a time (`make soak`), or so many (the test suite).

    python -m tests.sim.soak --seconds 600        go on where the last run ended; state in build/soak
    python -m tests.sim.soak --seed 5000 ...      begin with this seed instead
    python -m tests.sim.soak --replay 4711        tell the story of one seed, request by request

A seed that fails goes into tests/sim/seeds.txt, which `make test` replays from then on. Ends with 1 when any failed.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import multiprocessing
import os
import shutil
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from multiprocessing.util import Finalize
from pathlib import Path

from tests.sim.simulation import Simulation
from tests.sim.template import Template, make_template

ROOT = Path(__file__).parents[2]
STATE = ROOT / "build" / "soak" / "next.json"
SEEDS = Path(__file__).with_name("seeds.txt")
CHUNK = 20
"""Seeds handed to a process at a time."""

_template: list[Template] = []


@dataclass
class Summary:
    """What came of a number of seeds. `failed` = seed -> what was wrong."""

    seeds: int = 0
    failed: dict[int, str] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)

    def add(self, other: Summary) -> None:
        self.seeds += other.seeds
        self.failed |= other.failed
        self.met += other.met

    def total(self, beginning: str) -> int:
        """Everything counted under a word."""
        return sum(n for what, n in self.met.items() if what.startswith(beginning))


def template() -> Template:
    """The one of this process."""
    if not _template:
        _template.append(make_template())
        Finalize(None, shutil.rmtree, (_template[0].folder, True), exitpriority=1)
    return _template[0]


def run_one(seed: int, tell: Callable[[str], None] | None = None) -> tuple[str, Counter[str], str]:
    """(digest, what happened, what was wrong or "")."""
    sim = Simulation(seed, template(), tell)
    try:
        return sim.run(), sim.counts.met, ""
    except Exception as problem:  # noqa: BLE001 - whatever a seed ends with is its result
        if tell is not None:
            traceback.print_exc()
        return "", sim.counts.met, f"{type(problem).__name__}: {problem}"


def run_chunk(seeds: Sequence[int]) -> Summary:
    """Some seeds, one after the other, in this process."""
    template()
    gc.freeze()
    gc.disable()  # looking for garbage costs a tenth; each chunk ends with a look
    summary = Summary()
    for seed in seeds:
        _, met, wrong = run_one(seed)
        summary.add(Summary(1, {seed: wrong} if wrong else {}, met))
    gc.enable()
    gc.collect()
    return summary


def run_seeds(
    seeds: Iterable[int],
    go_on: Callable[[], bool] = lambda: True,
    tell: Callable[[Summary, int | None], None] = lambda *_: None,
) -> Summary:
    """Seeds on all cores, chunk by chunk, as long as `go_on` says so.

    `tell` hears how far it is, and the first seed that is still running.
    """
    total, chunks = Summary(), _chunks(seeds)
    workers = os.cpu_count() or 2
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        running: dict[Future[Summary], int] = {}
        while True:
            more = itertools.islice(chunks, workers - len(running)) if go_on() else ()
            running |= {pool.submit(run_chunk, chunk): chunk[0] for chunk in more}
            if not running:
                return total
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                del running[future]
                total.add(future.result())
            tell(total, min(running.values(), default=None))


def _chunks(seeds: Iterable[int]) -> Iterator[list[int]]:
    left = iter(seeds)
    while chunk := list(itertools.islice(left, CHUNK)):
        yield chunk


def command(seed: int) -> str:
    """How to see the story of a seed."""
    return f".venv/bin/python -m tests.sim.soak --replay {seed}"


def known_seeds() -> list[int]:
    """The corpus: one seed a line, and what it once found."""
    lines = SEEDS.read_text().splitlines() if SEEDS.is_file() else []
    return [int(line.split()[0]) for line in lines if line.strip() and not line.startswith("#")]


def keep(failed: dict[int, str]) -> None:
    """Put failing seeds into the corpus."""
    known = set(known_seeds())
    with SEEDS.open("a") as out:
        for seed, wrong in sorted(failed.items()):
            if seed not in known:
                out.write(f"{seed}  {wrong.splitlines()[0][:100]}\n")


# --- the command ----------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """See the module's words."""
    parser = argparse.ArgumentParser(prog="soak")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--replay", type=int, default=None)
    asked = parser.parse_args(arguments)
    if asked.replay is not None:
        return _replay(asked.replay)
    first = asked.seed if asked.seed is not None else _next_seed()
    return _soak(first, asked.seconds)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _replay(seed: int) -> int:
    digest, _, wrong = run_one(seed, _say)
    _say(wrong or f"seed {seed}: as promised; trace {digest}")
    return 1 if wrong else 0


def _next_seed() -> int:
    """Beyond what `make test` runs, or where the last soak ended."""
    return int(json.loads(STATE.read_text())["next"]) if STATE.is_file() else 1_000_000


def _soak(first: int, seconds: float) -> int:
    begin = time.monotonic()
    told = [begin]

    def tell(so_far: Summary, running: int | None) -> None:
        STATE.parent.mkdir(parents=True, exist_ok=True)
        STATE.write_text(json.dumps({"next": first + so_far.seeds if running is None else running}))
        keep(so_far.failed)
        if time.monotonic() - told[0] > 30:
            told[0] = time.monotonic()
            _say(f"{so_far.seeds:,} seeds, {len(so_far.failed)} failed")

    _say(f"soak: seed {first} and on, {seconds:g} s")
    summary = run_seeds(itertools.count(first), lambda: time.monotonic() - begin < seconds, tell)
    _say(report(summary, first, time.monotonic() - begin))
    return 1 if summary.failed else 0


def report(summary: Summary, first: int, seconds: float) -> str:
    """The summary in words."""
    met, last = summary.met, first + summary.seeds - 1
    told = (
        ("people", ("edits", "edits on the web", "meanwhile")),
        ("network", ("syncs", "requests")),
        ("machines", ("restarts", "clock jumps", "restores of the portal")),
        ("excused", ("races that no client can see",)),
    )
    lines = [
        f"seeds {first:,} to {last:,}: {summary.seeds:,} in {seconds:.0f} s, {summary.seeds / seconds:.1f} a second"
    ]
    for name, counted in told:
        lines.append(f"{name}: " + ", ".join(f"{met[what]:,} {what}" for what in counted))
    for name in ("decisions:", "fault:", "accident:"):
        kinds = sorted(what for what in met if what.startswith(name))
        each = ", ".join(f"{what.partition(': ')[2]} {met[what]:,}" for what in kinds)
        lines.append(f"{name} {summary.total(name):,} ({each})")
    if not summary.failed:
        return "\n".join([*lines, "0 lost, 0 doubled, 0 stuck"])
    lines += [f"FAILED {seed}: {wrong}\n  {command(seed)}" for seed, wrong in sorted(summary.failed.items())]
    return "\n".join([*lines, f"{len(summary.failed)} seeds failed; they are in {SEEDS.relative_to(ROOT)}"])


if __name__ == "__main__":
    sys.exit(main())
