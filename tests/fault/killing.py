"""The side that dies: a process that forks children, each of which works at a desk until its numbered point is reached.

Run as `python -m tests.fault.killing`. It has imported everything and has one thread, so that a child costs a fork and
no start of Python. Each line on stdin is a `Task`; what the child says comes out on stdout, line by line, and last
"ended" with how it ended. A child kills itself with SIGKILL, or has the kernel end it in the middle of a write to the
disk (SIGXFSZ, at a byte that was chosen): nothing of the program runs after that, as when the power goes.

The points are hooks put on from here; the program knows nothing of them. Each kind is counted for itself, because pages
are read ahead on a second thread: within a kind the order is the same in every run.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

import sqlalchemy as sa

from desktop.model.document import ChildPatch, Document, Patch
from desktop.model.ids import new_id
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from desktop.store import migrations, vault
from desktop.store.engine import PAGE_BYTES
from desktop.store.store import DB_FILE, Store, Unit
from desktop.sync.portals.http import Failure, HttpClient, Reply
from tests.fault.conftest import CHEAP, PASSPHRASE, TOKEN_VARIABLE, TRAINEES, Ticking

FRAME_BYTES = 24 + PAGE_BYTES
"""A page in the write-ahead log with its head."""

CHECKPOINTS = 8
"""So many places of the file, spread over its length, at which a checkpoint is cut off."""

KINDS = (
    "before flush",
    "before commit",
    "in commit",
    "after commit",
    "before request",
    "after request",
    "in checkpoint",
    "in upgrade",
)


@dataclass(frozen=True)
class Task:
    """What a child does (`job`, with `matter` to do it to) and where it dies: at the `number`th point of a kind."""

    job: str
    matter: Mapping[str, Any]
    kind: str
    number: int
    folder: str
    token: str
    now: str

    def line(self) -> str:
        return json.dumps(asdict(self)) + "\n"


def say(word: str, **what: Any) -> None:
    """One whole line to whoever listens; it is out when this returns."""
    os.write(1, f"{word} {json.dumps(what)}\n".encode())


# --- points -------------------------------------------------------------------------------------------------------


class Points:
    """Counts the points of each kind and ends the process at the one that was asked for."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._passed = dict.fromkeys(KINDS, 0)

    def reach(self, kind: str) -> bool:
        """Count one; True when it is the one at which this process must die."""
        self._passed[kind] += 1
        return (kind, self._passed[kind]) == (self._task.kind, self._task.number)

    def die_at(self, kind: str) -> None:
        if self.reach(kind):
            die()

    def tell(self) -> None:
        say("points", **self._passed)


def die() -> NoReturn:
    """kill -9."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def die_beyond(offset: int) -> None:
    """Have the kernel end this process at the first byte that it writes beyond `offset` of any file."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (offset, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def put_hooks_on(points: Points) -> None:
    """Round every unit of work and every request."""
    write, send, migrate = Store.write, HttpClient.send, migrations.run

    @contextmanager
    def hooked_write(self: Store, durable: bool = True) -> Iterator[Unit]:
        torn = False
        with write(self, durable) as unit:
            flush = unit.journal.flush

            def hooked_flush() -> None:
                nonlocal torn
                points.die_at("before flush")
                flush()
                points.die_at("before commit")
                torn = points.reach("in commit")
                if torn:
                    tear(self.folder, points)

            yield unit
            unit.journal.flush = hooked_flush  # type: ignore[method-assign]
        if torn:  # the transaction had less to write than was waited for
            die()
        points.die_at("after commit")

    def hooked_send(self: HttpClient, *args: Any, **options: Any) -> Reply | Failure:
        points.die_at("before request")
        answer = send(self, *args, **options)
        points.die_at("after request")
        return answer

    def hooked_run(cursor: migrations.Cursor, number: int) -> None:
        migrate(Dying(cursor, points), number)

    migrations.run = hooked_run
    Store.write = hooked_write  # type: ignore[method-assign]
    HttpClient.send = hooked_send  # type: ignore[method-assign]


class Dying:
    """A cursor before and after each statement of which the process may end."""

    def __init__(self, inner: migrations.Cursor, points: Points) -> None:
        self._inner = inner
        self._points = points

    def execute(self, sql: str) -> object:
        self._points.die_at("in upgrade")
        done = self._inner.execute(sql)
        self._points.die_at("in upgrade")
        return done


def tear(folder: Path, points: Points) -> None:
    """Die in the middle of the commit that comes: by turns in its first frame, or between two frames."""
    log = folder / f"{DB_FILE}-wal"
    written = log.stat().st_size if log.exists() else 0
    die_beyond(max(32, written) + (FRAME_BYTES if points._task.number % 2 else 0) + 24 + 1000)


# --- jobs ---------------------------------------------------------------------------------------------------------


class Worker:
    """One child at one workspace; after each save that the program has confirmed to it, it says so."""

    def __init__(self, task: Task, points: Points) -> None:
        self.matter = task.matter
        self._points = points
        self._workspace = Workspace.open(Path(task.folder), PASSPHRASE, clock=clock_at(task.now), actor="Sam")

    def edit(self, record: str, **fields: Any) -> None:
        with saving(what="edit", record=record, fields=fields):
            self._workspace.records.edit(record, Patch(fields))

    def edit_child(self, record: str, kind: str, child_id: str, patch: ChildPatch) -> None:
        with saving(what="child", record=record, kind=kind, child=child_id, fields=patch.fields):
            self._workspace.records.edit(record, Patch({}, {kind: {child_id: patch}}))

    def add(self, document: Mapping[str, Any]) -> None:
        with saving(what="add", fields=document["fields"]):
            self._workspace.records.add(TRAINEES, Document.from_json(document))

    def act(self, record: str, action: str, fields: dict[str, Any]) -> None:
        with saving(what="act", record=record, action=action):
            self._workspace.records.act(record, action, fields)

    def resolve(self, side: str) -> None:
        for conflict in self._workspace.conflicts.open():
            mine = {f.field: f.mine for f in conflict.fields}
            with saving(what="settle", record=conflict.record_id, fields=mine):
                self._workspace.conflicts.resolve_all(conflict.id, side)

    def sync(self, **wishes: Any) -> None:
        self._workspace.sync.run(TRAINEES, **wishes)

    def backup(self, target: str) -> None:
        with saving(what="backup", target=target):
            self._workspace.care.backup(Path(target))

    def close(self) -> None:
        """What the log holds goes into the file: a page at a time, and at the one asked for the process ends."""
        raw = self._workspace._store._engine.raw_connection()
        try:
            pages = raw.cursor().execute("PRAGMA page_count").fetchone()[0]
            for page in range(0, pages, -(-pages // CHECKPOINTS)):
                if self._points.reach("in checkpoint"):
                    die_beyond(page * PAGE_BYTES + 1000)
                    break
            raw.cursor().execute("PRAGMA wal_checkpoint(FULL)")
        finally:
            raw.close()
        self._workspace.close()


@contextmanager
def saving(**what: Any) -> Iterator[None]:
    """Say that a save is tried, and, once the program has taken it, that it is saved: from then on it must not be lost."""
    say("trying", **what)
    yield
    say("saved", **what)


def clock_at(now: str) -> Ticking:
    clock = Ticking()
    clock.now = datetime.fromisoformat(now)
    return clock


def type_all(worker: Worker) -> None:
    """Saves of every kind, a copy of it all, then the end of the program."""
    matter = worker.matter
    worker.edit(matter["one"], email="first@example.com")
    worker.edit(matter["one"], email="second@example.com", middle_names="Bea")
    worker.add(matter["new"])
    worker.edit_child(matter["two"], "placements", new_id(), ChildPatch({"name": "Hill Nursery"}, added=True))
    worker.edit_child(matter["two"], "degrees", matter["degree"], ChildPatch({"graduation_year": 2019}))
    worker.act(matter["three"], "defer", {"defer_date": "2026-10-01"})
    worker.resolve("mine")
    worker.backup(matter["backup"])
    worker.close()


def sync_all(worker: Worker) -> None:
    """One whole pass: reading, merging, sending of every kind of change; then the end of the program."""
    worker.sync(full=True)
    worker.close()


def settle_all(worker: Worker) -> None:
    """A pass that begins with outcomes that nobody knows; then the end of the program."""
    worker.sync(pull=False)
    worker.close()


def open_it(worker: Worker) -> None:
    """Nothing but the start of the program, which brings an older file up to date; then its end."""
    worker.close()


JOBS: dict[str, Callable[[Worker], None]] = {
    "type": type_all,
    "sync": sync_all,
    "settle": settle_all,
    "open": open_it,
}


# --- processes ----------------------------------------------------------------------------------------------------


def work(task: Task) -> NoReturn:
    """The child: never returns."""
    code = 1
    gc.disable()
    try:
        os.environ[TOKEN_VARIABLE] = task.token
        points = Points(task)
        put_hooks_on(points)
        JOBS[task.job](Worker(task, points))
        points.tell()
        code = 0
    except BaseException:  # noqa: BLE001 - nothing may come back from a child
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def compiling_once() -> Callable[..., sa.Engine]:
    """`sa.create_engine`, but that all engines use what one has compiled: each workspace opened costs less so."""
    make, first = sa.create_engine, []

    def made(*where: Any, **how: Any) -> sa.Engine:
        engine = make(*where, **how)
        first.append(engine)
        engine.dialect = first[0].dialect
        engine._compiled_cache = first[0]._compiled_cache
        return engine

    return made


def warm_up() -> None:
    """Do a bit of everything once, so that what is imported and computed at first use is there for every child."""
    with TemporaryDirectory() as folder:
        vault._KDF = CHEAP
        os.environ[TOKEN_VARIABLE] = "made-up"
        workspace = Workspace.create(
            Path(folder) / "workspace", Organisation("N", "hei", ""), PASSPHRASE, remember=False
        )
        workspace.portals.connect(TRAINEES, "http://127.0.0.1:9", token_env=TOKEN_VARIABLE)
        workspace.records.add(TRAINEES, Document({"first_names": "Ada"}))
        workspace.sync.run(TRAINEES)
        workspace.close()
        Workspace.open(Path(folder) / "workspace", PASSPHRASE).close()
    gc.collect()
    gc.freeze()


def main() -> None:
    """Fork a child for each line, and say how each ended: "done", or by which signal."""
    os.environ["HOLDFAST_SETTLE_S"] = "0"
    sa.create_engine = compiling_once()
    warm_up()
    say("ready")
    for line in sys.stdin:
        task = Task(**json.loads(line))
        child = os.fork()
        if child == 0:
            work(task)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        say("ended", how=signal.Signals(-code).name if code < 0 else "done" if code == 0 else "failed")


if __name__ == "__main__":
    main()
