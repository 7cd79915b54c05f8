"""The simulator's seeds: those that once found something, and as many others as the time of `make test` allows.

A release runs more: `make soak SECONDS=...` goes on with seeds that nobody has run yet.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.sim import soak

SEEDS = 400
"""Measured: 85 s on two shared cores, 4.7 seeds a second (0.4 CPU seconds a seed). A seed has about 7 edits here and 2 on the
web, 5 syncs with 27 requests besides those at its end, 2 to 3 faults of the network and one accident or restart.
"""


def _told(summary: soak.Summary) -> str:
    failed = sorted(summary.failed.items())[:5]
    return "\n".join(f"seed {seed}: {wrong}\n    {soak.command(seed)}" for seed, wrong in failed)


@pytest.mark.timeout(900)
def test_nothing_is_lost_doubled_or_stuck_in_any_seed() -> None:
    """G3.1: I1 to I17 under N1 to N16, P1, P2, P6, T1 to T3 and T7, T8; two clients and a portal."""
    seeds = [*soak.known_seeds(), *range(SEEDS)]
    summary = soak.run_seeds(seeds)
    assert summary.seeds == len(seeds)
    assert not summary.failed, _told(summary)


def test_a_seed_replays_to_the_byte() -> None:
    """The same story twice in this process, and in another one whose hashes fall differently."""
    seed = 7
    told: list[str] = []
    digest, _, wrong = soak.run_one(seed, told.append)
    assert not wrong
    assert (digest, "") == soak.run_one(seed)[::2]
    assert len(told) > 50
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    command = [sys.executable, "-m", "tests.sim.soak", "--replay", str(seed)]
    other = subprocess.run(
        command, cwd=soak.ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert other.stdout.splitlines() == [*told, f"seed {seed}: as promised; trace {digest}"]
