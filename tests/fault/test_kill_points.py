"""kill -9 at every commit point, with a real process (sync.md P1, P5): nothing acknowledged is lost, nothing is doubled.

The child of `killing` works and dies; here the workspace is opened again, synced, and held against the portal's own books.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from desktop.store import backup
from tests.fault.conftest import UK_DEGREE, Desk, Shared, first_synced
from tests.fault.killing import KINDS, Task, compiling_once

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no kill -9")
ROOT = Path(__file__).parents[2]
OWN_NUMBER = "NM-KILLED"
UNKNOWN_SCHOOL = "999123"


@dataclass
class Told:
    """What a child said before it ended, and how that was."""

    how: str = ""
    tried: list[dict[str, Any]] = field(default_factory=list)
    saved: list[int] = field(default_factory=list)
    points: dict[str, int] = field(default_factory=dict)

    def acknowledged(self) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """Each save that the program confirmed, with those that were tried after it."""
        for place in self.saved:
            yield self.tried[place], self.tried[place + 1 :]


class Forge:
    """The process that forks the children."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.fault.killing"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        assert self._out.readline() == "ready {}\n"

    def run(self, task: Task) -> Told:
        self._in.write(task.line())
        self._in.flush()
        told = Told()
        while not told.how:
            word, _, rest = self._out.readline().partition(" ")
            said = json.loads(rest)
            if word == "trying":
                told.tried.append(said)
            elif word == "saved":
                assert said == told.tried[-1]
                told.saved.append(len(told.tried) - 1)
            elif word == "points":
                told.points = said
            else:
                told.how = said["how"]
        return told

    def close(self) -> None:
        self._in.close()
        self._process.wait()
        self._out.close()


@pytest.fixture(scope="module")
def forge() -> Iterator[Forge]:
    made = Forge()
    yield made
    made.close()


@dataclass
class Bench:
    """A desk whose workspace and portal are put back before each child."""

    desk: Desk
    forge: Forge
    job: str
    matter: dict[str, Any]
    refused: tuple[str, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.desk.control.snapshot()
        self.desk.close()
        self.files = {p.name: p.read_bytes() for p in self.desk.folder.iterdir() if p.is_file()}
        self.begin = self.desk.clock.now

    def child(self, kind: str, number: int) -> Told:
        """Everything as it was at first, and one child that works on it."""
        desk = self.desk
        desk.close()
        for path in desk.folder.iterdir():
            path.unlink()
        for name, data in self.files.items():
            (desk.folder / name).write_bytes(data)
        Path(self.matter["backup"]).unlink(missing_ok=True)
        desk.control.rollback()
        desk.control.clear_requests()
        desk.clock.now = self.begin
        now = self.begin.isoformat()
        task = Task(self.job, self.matter, kind, number, str(desk.folder), desk.portal.token, now)
        return self.forge.run(task)

    def start_again(self) -> None:
        """The program is started and syncs until nothing more can be sent."""
        self.desk.clock.forward(minutes=3)
        self.desk.reopen()
        for _ in range(3):
            self.desk.sync()
            if {c.record_id for c in self.desk.changes()} <= {*self.refused, self.matter["contested"]}:
                return

    def check(self, told: Told) -> None:
        desk = self.desk
        still_open = tuple(c.record_id for c in desk.conflicts())
        assert set(still_open) <= {self.matter["contested"]}
        for save, later in told.acknowledged():
            self.check_save(save, later)
        posts = Counter(r["path"] for r in desk.control.requests() if r["method"] == "POST" and r["effect"])
        assert all(n == 1 for n in posts.values()), posts
        desk.assert_settled(but=(*self.refused, *still_open))

    def check_save(self, save: dict[str, Any], later: list[dict[str, Any]]) -> None:
        """An acknowledged save is at the portal, or one that the person made after it."""
        desk, what = self.desk, save["what"]
        if what == "backup":
            backup.read(Path(save["target"]), verify=True)
        elif what == "add":
            assert len(desk.named(provider_trainee_id=save["fields"]["provider_trainee_id"])) == 1
        elif what == "act":
            assert desk.trainee(save["record"])["state"] == "deferred"
        else:
            held = desk.trainee(save["record"])
            if what == "child":
                held = next(
                    c
                    for c in held[save["kind"]]
                    if save["child"] in c.values() or c.get("name") == save["fields"].get("name")
                )
            for name, value in save["fields"].items():
                since = [s["fields"][name] for s in later if self._of_same(s, save) and name in s["fields"]]
                assert held[name] in (value, *since), name

    @staticmethod
    def _of_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
        return all(one.get(n) == other.get(n) for n in ("record", "child"))


@pytest.fixture(scope="module")
def shared() -> Iterator[Shared]:
    """A small portal: everything is read and compared after each kill."""
    with first_synced(12) as made:
        yield made


@pytest.fixture
def bench(desk: Desk, forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, job: str) -> Bench:
    monkeypatch.setattr(sa, "create_engine", compiling_once())
    state = desk.portal.state
    monkeypatch.setattr(state, "_snapshot", state._snapshot)  # the one of the other tests is put back
    one, two, three, four, five = (desk.in_training(n) for n in range(5))
    matter: dict[str, Any] = {
        "one": desk.at(one).id,
        "two": desk.at(two).id,
        "three": desk.at(three).id,
        "contested": desk.at(four).id,
        "degree": desk.at(two).document.children["degrees"][0].id,
        "new": desk.person(provider_trainee_id=OWN_NUMBER).to_json(),
        "backup": str(tmp_path / "copy.holdfast"),
    }
    refused: tuple[str, ...] = ()
    if job == "type":
        desk.edit(desk.at(four), email="mine@example.com")
        desk.control.edit(four, email="theirs@example.com")
        desk.sync()
        assert desk.conflict().record_id == matter["contested"]
    elif job == "sync":
        desk.edit(desk.at(four), email="mine@example.com")
        desk.control.edit(four, email="theirs@example.com")
        refused = queue_all(desk, one, two, three, five)
    else:
        lose_replies(desk, one, two)
    return Bench(desk, forge, job, matter, refused)


def queue_all(desk: Desk, one: str, two: str, three: str, five: str) -> tuple[str, ...]:
    """A queue with every kind of change, some of it with somebody else's edits at the portal; who will be refused."""
    desk.edit(desk.at(one), email="a@example.com")
    desk.control.edit(one, middle_names="Theirs")
    record = desk.at(two)
    desk.add_child(record, "placements", name="Hill Nursery", postcode="BN1 1AA")
    desk.add_child(record, "degrees", **(UK_DEGREE | {"graduation_year": 2007}))
    degree = record.document.children["degrees"][0]
    desk.edit_child(record, "degrees", degree.id, graduation_year=2019)
    desk.workspace.records.act(desk.at(three).id, "defer", {"defer_date": "2026-10-01"})
    desk.edit(desk.at(five), employing_school_urn=UNKNOWN_SCHOOL)
    desk.add(provider_trainee_id=OWN_NUMBER)
    return (desk.at(five).id,)


def lose_replies(desk: Desk, one: str, two: str) -> None:
    """A queue whose every change was sent and had no answer: two landed, two did not."""
    fates = {"update": "lost_reply", "create": "refuse", "add_child": "lost_reply"}
    desk.edit(desk.at(one), email="a@example.com")
    desk.add(provider_trainee_id=OWN_NUMBER)
    desk.add_child(desk.at(two), "placements", name="Hill Nursery", postcode="BN1 1AA")
    for call, fault in fates.items():
        desk.taps.before(call, partial(lambda fault, *_: desk.control.fault(fault), fault))
        desk.taps.after(call, lambda *_: desk.control.fault("up"))
    desk.sync(pull=False)


EVERYWHERE = {"before commit", "in commit", "after commit", "in checkpoint"}
SENDING = {"before request", "after request"}
LEAST = {"type": 40, "sync": 100, "settle": 30}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("job", ["type", "sync", "settle"])
def test_killed_at_every_point(bench: Bench, record_property: Any) -> None:
    """P1, P5, I1, I3, I5, I12, I13, I17: after each the program starts, and what it said was saved reaches the portal once."""
    whole = bench.child("", 0)
    assert whole.how == "done"
    bench.start_again()
    bench.check(whole)
    killed: Counter[str] = Counter()
    for kind in KINDS:
        if kind == "before flush" and bench.job == "sync":  # nothing is on disk at either side of it
            continue
        for number in range(1, whole.points[kind] + 1):
            told = bench.child(kind, number)
            assert told.how in ("SIGKILL", "SIGXFSZ") or kind == "in checkpoint", (kind, number)
            killed[kind] += told.how != "done"  # a checkpoint may have nothing to write beyond the place
            try:
                bench.start_again()
                bench.check(told)
            except AssertionError as error:
                error.add_note(f"killed {kind} {number} of {whole.points[kind]}")
                raise
    record_property("killed", dict(killed))
    sys.stdout.write(f"{bench.job}: killed {killed.total()} times: {dict(killed)}\n")
    assert killed.total() >= LEAST[bench.job]
    assert set(killed) >= EVERYWHERE | (SENDING if bench.job != "type" else set())
