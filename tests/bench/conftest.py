"""What the benchmarks share: a practice portal in a process of its own, a workspace, and a table of numbers."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.__main__ import spare_the_collector
from desktop.practice.client import Control
from desktop.practice.server import PROVIDER_NAME, PROVIDER_UKPRN
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace

_LINES: list[str] = []


def note(case: str, measured: str, compared: str, goal: str) -> None:
    """One line of the table at the end."""
    _LINES.append(f"{case:<52} {measured:<26} {compared:<34} {goal}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("numbers")
    terminalreporter.write_line(f"{'case':<52} {'measured':<26} {'against':<34} goal")
    for line in _LINES:
        terminalreporter.write_line(line)


def timed(work: Callable[[int], object], times: int) -> tuple[float, float]:
    """(median, p95) in milliseconds of `times` runs; the first three do not count."""
    taken = []
    for number in range(times + 3):
        begin = time.perf_counter()
        work(number)
        taken.append((time.perf_counter() - begin) * 1000)
    rest = sorted(taken[3:])
    return statistics.median(rest), rest[int(len(rest) * 0.95)]


@pytest.fixture(scope="session", autouse=True)
def _as_the_program_runs() -> None:
    spare_the_collector()


@pytest.fixture
def practice(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """A practice portal of `request.param` trainees, in its own process, without a rate limit."""
    code = f"from desktop.practice.server import run; run(0, {request.param}, 1)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        info = json.loads(process.stdout.readline())
        Control(info["control"]).limits(None)
        yield info
        process.terminate()


@pytest.fixture
def workspace(practice: dict[str, str], tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace connected to the practice portal."""
    os.environ["HOLDFAST_BENCH_TOKEN"] = practice["token"]
    made = Workspace.create(tmp_path / "w", Organisation(PROVIDER_NAME, "hei", PROVIDER_UKPRN), "bench")
    made.portals.connect("trainees", practice["register"], token_env="HOLDFAST_BENCH_TOKEN")
    yield made
    made.close()
