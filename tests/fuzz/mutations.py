"""Random damage to everything that a workspace is made of, and to its backup: refused in words, or shown exactly as it was.

    python -m tests.fuzz.mutations --count 10000 [--seed N]
    python -m tests.fuzz.mutations --replay 4711

One number makes one mutation. Anything but the truth and a known error is a fault: its number is told, and it ends with 1. A
crash of the interpreter ends the process, which is a fault as well. What the log of a killed program loses by damage is its
last transaction as a whole: then the state before it is the truth, too.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from desktop.model.document import Document, Patch
from desktop.model.errors import HoldfastError
from desktop.services.restoring import look, restore
from desktop.services.views import Organisation, RecordQuery
from desktop.services.workspace import Workspace
from desktop.store import vault
from desktop.store.store import DB_FILE

PASSPHRASE = "made up for tests"
PEOPLE = 60
CSV = b"First names,Last name,Date of birth\nWren,Ashdown,1999-04-12\n"
LOG = f"{DB_FILE}-wal"
PAGE = 8192
Shown = dict[str, Any]
TARGETS = (DB_FILE, DB_FILE, DB_FILE, LOG, vault.KEY_FILE, "sealed", "backup", "backup")


@dataclass
class Template:
    """A workspace as files, its backup, and what it truly holds. `before` = without the last change, which is in the log."""

    files: dict[str, bytes]
    backup: bytes
    truth: Shown
    before: Shown
    log: dict[str, bytes]
    stranger: bytes


@dataclass
class Outcome:
    """How often it was refused and how often shown as it was; what went wrong, by number."""

    refused: int = 0
    right: int = 0
    faults: dict[int, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return self.refused + self.right + len(self.faults)


def shown(workspace: Workspace) -> Shown:
    """Everything that a person sees of the records, and the file that was read in."""
    found = workspace.records.rows(workspace.records.find(RecordQuery("trainees")))
    people = {
        row.id: (row.label, row.sync, workspace.records.view(row.id).document.to_json()) for row in found
    }
    (kept,) = workspace.importing.all()
    return {
        "people": people,
        "file": workspace.importing.original(kept.id),
        "queue": workspace.queue.summary().count,
    }


def content_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def make(folder: Path) -> Template:
    """Once for a run."""
    workspace = Workspace.create(folder / "w", Organisation("Uni", "hei"), PASSPHRASE, remember=False)
    source = folder / "new.csv"
    source.write_bytes(CSV)
    workspace.importing.save(workspace.importing.read(source, "trainees"))
    for number in range(PEOPLE):
        workspace.records.add(
            "trainees",
            Document({"first_names": f"Ada {number}", "last_name": "Quillfeather", "email": "a@b.example"}),
        )
    backup = workspace.care.backup(folder / "backup").read_bytes()
    workspace.close()
    files = content_of(folder / "w")

    workspace = Workspace.open(folder / "w", PASSPHRASE)
    before = shown(workspace)
    (first, *_) = before["people"]
    workspace.records.edit(first, Patch({"middle_names": "Kept"}))
    after, log = shown(workspace), content_of(folder / "w")
    workspace.close()
    other = Workspace.create(folder / "other", Organisation("Uni", "hei"), PASSPHRASE, remember=False)
    other.close()
    return Template(files, backup, before, after, log, (folder / "other" / DB_FILE).read_bytes())


# --- damage ----------------------------------------------------------------------------------------------------


def _flip(random: Random, content: bytearray) -> bytearray:
    for _ in range(random.choice((1, 1, 2, 30))):
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    return content


def _cut(random: Random, content: bytearray) -> bytearray:
    return content[: random.randrange(len(content))]


def _block(random: Random, content: bytearray) -> bytearray:
    """Some sectors that were never written, or written by somebody else."""
    at, size = random.randrange(len(content)), random.choice((16, 512, 4096, PAGE))
    filled = bytes(size) if random.random() < 0.5 else random.randbytes(size)
    content[at : at + size] = filled[: len(content) - at]
    return content


def _exchange(random: Random, content: bytearray) -> bytearray:
    """Two pages in each other's place."""
    pages = max(1, len(content) // PAGE)
    one, other = random.randrange(pages) * PAGE, random.randrange(pages) * PAGE
    a, b = bytes(content[one : one + PAGE]), bytes(content[other : other + PAGE])
    content[one : one + len(b)], content[other : other + len(a)] = b, a
    return content


def _lose(random: Random, content: bytearray) -> bytearray:
    at = random.randrange(len(content))
    del content[at : at + random.choice((1, 16, 4096))]
    return content


def _more(random: Random, content: bytearray) -> bytearray:
    return content + random.randbytes(random.choice((1, 100, PAGE)))


DAMAGES: tuple[Callable[[Random, bytearray], bytearray], ...] = (
    _flip,
    _flip,
    _cut,
    _block,
    _exchange,
    _lose,
    _more,
)


def damaged(random: Random, content: bytes) -> bytes:
    """After one to three mishaps."""
    found = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 3))):
        if found:
            found = random.choice(DAMAGES)(random, found)
    return bytes(found)


# --- a run -----------------------------------------------------------------------------------------------------


def try_one(template: Template, seed: int, folder: Path) -> str:
    """ "right" or "refused"; "" and anything raised is a fault."""
    random = Random(f"mutation {seed}")
    target = random.choice(TARGETS)
    if target == "backup":
        return _try_backup(template, random, folder)
    files = dict(template.log if target == LOG else template.files)
    name = next(n for n in files if n.startswith("files/")) if target == "sealed" else target
    stranger = target == DB_FILE and random.random() < 0.02
    files[name] = template.stranger if stranger else damaged(random, files[name])
    if target == LOG and random.random() < 0.3:
        files.pop(f"{DB_FILE}-shm", None)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    truths = (template.truth, template.before)
    return _compare(folder, truths if target == LOG else (template.truth,))


def _try_backup(template: Template, random: Random, folder: Path) -> str:
    source = folder.with_name("mutated.holdfast-backup")
    source.write_bytes(damaged(random, template.backup))
    try:
        look(source, PASSPHRASE)
        restore(source, folder, PASSPHRASE)
    except HoldfastError as error:
        left = folder.exists() and any(folder.iterdir())
        return "refused" if str(error).strip() and not left else ""
    return _compare(folder, (template.truth,))


def _compare(folder: Path, truths: tuple[Shown, ...]) -> str:
    workspace = None
    try:
        workspace = Workspace.open(folder, PASSPHRASE)
        return "right" if shown(workspace) in truths else ""
    except HoldfastError as error:
        return "refused" if str(error).strip() else ""
    finally:
        if workspace is not None:
            workspace.close()


def run(template: Template, seeds: Iterable[int], room: Path) -> Outcome:
    """One mutation after another, each in a folder of its own that is gone afterwards."""
    outcome = Outcome()
    for seed in seeds:
        folder = room / "mutated"
        try:
            came = try_one(template, seed, folder)
        except Exception as fault:  # noqa: BLE001 - anything but a known error is what is looked for
            outcome.faults[seed] = f"{type(fault).__name__}: {fault}"[:200]
        else:
            if came == "refused":
                outcome.refused += 1
            elif came == "right":
                outcome.right += 1
            else:
                outcome.faults[seed] = "something else was shown, or it was refused without a word"
        shutil.rmtree(folder, ignore_errors=True)
    return outcome


def main() -> int:
    ask = argparse.ArgumentParser(prog="python -m tests.fuzz.mutations")
    ask.add_argument("--count", type=int, default=10_000)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--replay", type=int)
    asked = ask.parse_args()
    vault._KDF = {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1}
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="holdfast-mutations-") as place:
        template = make(Path(place))
        if asked.replay is not None:
            _tell(try_one(template, asked.replay, Path(place) / "mutated") or "fault")
            return 0
        totals: Counter[str] = Counter()
        for at in range(asked.seed, asked.seed + asked.count, 500):
            some = run(template, range(at, min(at + 500, asked.seed + asked.count)), Path(place))
            totals.update(refused=some.refused, right=some.right, faults=len(some.faults))
            for number, fault in some.faults.items():
                _tell(f"{number}: {fault}")
    _tell(f"{totals.total():,} mutations in {time.monotonic() - begun:.0f} s: {dict(totals)}")
    return 1 if totals["faults"] else 0


def _tell(*what: object) -> None:
    print(*what, flush=True)  # noqa: T201 - a command, for a person


if __name__ == "__main__":
    sys.exit(main())
