"""Damaged files for every reader: for a time (`make fuzz`), or so many (the test suite).

    python -m tests.fuzz.run --seconds 600 [--seed N] [--reader csv]
    python -m tests.fuzz.run --replay csv 4711          writes the file to build/fuzz and reads it

One number makes one file. A file that ends in anything but rows or a sentence is written to build/fuzz. Ends with 1 then.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from desktop.model.errors import UsageError
from tests.fuzz.damage import damaged, damaged_archive
from tests.fuzz.readers import READERS

KEPT = Path(__file__).parents[2] / "build" / "fuzz"
LONGEST_S = 10
"""Of processor time; a reader that takes more of a small file hangs."""


class Hangs(BaseException):
    """Nothing that a reader catches."""


@dataclass
class Outcome:
    """How many files were read and how many refused; what went wrong, by number."""

    read: int = 0
    refused: int = 0
    faults: dict[int, str] = field(default_factory=dict)

    @property
    def files(self) -> int:
        return self.read + self.refused + len(self.faults)


def made(reader: str, seed: int) -> bytes:
    """The damaged file of this number."""
    random = Random(f"{reader} {seed}")
    of = READERS[reader]
    return (damaged_archive if of.packed else damaged)(random, random.choice(of.samples))


def run(reader: str, seeds: Iterable[int], folder: Path) -> Outcome:
    """Give the reader the files of these numbers, one after another, each written to `folder`. Main thread only."""
    outcome, path = Outcome(), folder / "weybury-scitt-trainee-summary-2026-to-2027.csv"
    before = signal.signal(signal.SIGPROF, _hangs)
    try:
        for seed in seeds:
            path.write_bytes(made(reader, seed))
            signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
            try:
                READERS[reader].read(path)
                outcome.read += 1
            except UsageError as refusal:
                if str(refusal).strip():
                    outcome.refused += 1
                else:
                    outcome.faults[seed] = "refused without a word"
            except (Exception, Hangs) as fault:  # noqa: BLE001 - anything else is what is looked for
                outcome.faults[seed] = f"{type(fault).__name__}: {fault}"[:200]
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
    finally:
        signal.signal(signal.SIGPROF, before)
    return outcome


def _hangs(*_: object) -> None:
    raise Hangs(f"more than {LONGEST_S} s of processor time")


def _tell(*what: object) -> None:
    print(*what, flush=True)  # noqa: T201 - a command, for a person


def main() -> int:
    ask = argparse.ArgumentParser(prog="python -m tests.fuzz.run")
    ask.add_argument("--seconds", type=float, default=600)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--reader", choices=[*READERS], action="append")
    ask.add_argument("--replay", nargs=2, metavar=("READER", "SEED"))
    asked = ask.parse_args()
    warnings.simplefilter("ignore")  # a library's opinion of a damaged workbook is not what is looked for
    KEPT.mkdir(parents=True, exist_ok=True)
    if asked.replay:
        reader, seed = asked.replay
        path = KEPT / f"{reader}-{seed}"
        path.write_bytes(made(reader, int(seed)))
        _tell(path, READERS[reader].read(path))
        return 0
    return _for_a_time(asked.reader or [*READERS], asked.seconds, asked.seed)


def _for_a_time(readers: list[str], seconds: float, seed: int) -> int:
    """Each reader gets the same share of the time."""
    totals: Counter[str] = Counter()
    for reader in readers:
        until, at, whole = time.monotonic() + seconds / len(readers), seed, Outcome()
        with tempfile.TemporaryDirectory(prefix="holdfast-fuzz-") as folder:
            while time.monotonic() < until:
                some = run(reader, range(at, at + 200), Path(folder))
                at += 200
                whole = Outcome(
                    whole.read + some.read, whole.refused + some.refused, whole.faults | some.faults
                )
        for number, fault in whole.faults.items():
            (KEPT / f"{reader}-{number}").write_bytes(made(reader, number))
            _tell(f"{reader} {number}: {fault}")
        _tell(
            f"{reader}: {whole.files:,} files from {seed}, {whole.read:,} read, {whole.refused:,} refused, {len(whole.faults)} faults",
        )
        totals.update(files=whole.files, faults=len(whole.faults))
    _tell(f"{totals['files']:,} files, {totals['faults']} faults")
    return 1 if totals["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
