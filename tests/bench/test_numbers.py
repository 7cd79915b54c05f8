"""The numbers of design section 9, measured here against a plain SQLite floor of the same run. `make bench`.

Nothing is asserted about time: a benchmark prints, a person reads.
"""

from __future__ import annotations

import itertools
import sqlite3
import time
from functools import partial
from pathlib import Path

import orjson
import pytest

from desktop.model.document import Patch
from desktop.services.views import RecordQuery
from desktop.services.workspace import Workspace
from desktop.sync.portals.jsontext import read_json
from desktop.sync.portals.register_mapping import RegisterMapping
from tests.bench.conftest import note, timed

ALL = RecordQuery("trainees")


def _rate(done: int, seconds: float) -> str:
    return f"{done / seconds:,.0f} rec/s"


def _first_page(workspace: Workspace, question: RecordQuery, _: int) -> None:
    workspace.records.page(question, 100)


def _floor(folder: Path, bodies: list[str]) -> float:
    """Seconds that plain SQLite (no key, same durability) needs to store the same bodies in pages of 200."""
    plain = sqlite3.connect(folder / "floor.db", isolation_level=None)
    plain.execute("PRAGMA journal_mode = WAL")
    plain.execute("CREATE TABLE t (key INTEGER PRIMARY KEY, body TEXT)")
    begin = time.perf_counter()
    for start in range(0, len(bodies), 200):
        plain.execute("BEGIN")
        plain.executemany("INSERT INTO t VALUES (?, ?)", enumerate(bodies[start : start + 200], start))
        plain.execute("COMMIT")
    taken = time.perf_counter() - begin
    plain.close()
    return taken


@pytest.mark.timeout(600)
@pytest.mark.parametrize("practice", [10_000], indirect=True)
def test_pull_and_store(workspace: Workspace, tmp_path: Path) -> None:
    begin = time.perf_counter()
    report = workspace.sync.run("trainees")
    taken = time.perf_counter() - begin
    with workspace._store.read() as unit:
        bodies = list(unit.connection.exec_driver_sql("SELECT body FROM snapshots").scalars())
    assert len(bodies) == report.pulled
    floor = _floor(tmp_path, bodies)
    note(
        "pull and store 10,000 over loopback",
        _rate(report.pulled, taken),
        f"{taken / floor:.1f} x plain SQLite ({_rate(len(bodies), floor)})",
        ">= 3,000 now, 10,000 later",
    )
    ids = [
        r.id for r in workspace.records.rows(workspace.records.find(ALL)[:400]) if r.state == "trn_received"
    ]
    counter = itertools.count()

    def edit(_: int) -> None:
        number = next(counter)
        workspace.records.edit(
            ids[number % len(ids)], Patch({"middle_names": f"M{'abcdefghij'[number % 10]}"})
        )

    median, p95 = timed(edit, 200)
    floor_db = sqlite3.connect(tmp_path / "edit.db", isolation_level=None)
    floor_db.execute("PRAGMA journal_mode = WAL")
    floor_db.execute("PRAGMA synchronous = FULL")
    floor_db.execute("CREATE TABLE t (a)")
    plain, _ = timed(lambda n: floor_db.execute("INSERT INTO t VALUES (?)", (n,)), 200)
    floor_db.close()
    note(
        "one durable edit with its queue row, p95",
        f"{p95:.2f} ms (median {median:.2f})",
        f"{median / plain:.1f} x one plain insert ({plain:.2f} ms)",
        "< 5 ms",
    )
    view = workspace.records.view(ids[0])
    mapping = RegisterMapping(workspace.collections["trainees"])
    body = {
        **view.extras,
        **view.document.fields,
        "trainee_id": view.portal_id,
        "degrees": [],
        "placements": [],
    }
    page = orjson.dumps([body] * 400)
    begin = time.process_time()
    rows = [mapping.snapshot(row) for row in read_json(page)]
    taken = time.process_time() - begin
    note("parse and map one page of a listing", _rate(len(rows), taken), "", ">= 15,000")
    median, p95 = timed(lambda _: workspace.checks.live("trainees", view.document), 500)
    note("all rules on one record, p95", f"{p95:.3f} ms", "", "< 10 ms")
    begin = time.perf_counter()
    workspace.checks.all("trainees")
    note(
        "all rules on 10,000 records, read from the store",
        _rate(report.pulled, time.perf_counter() - begin),
        "",
        ">= 10,000 later",
    )


@pytest.mark.timeout(900)
@pytest.mark.parametrize("practice", [100_000], indirect=True)
def test_lists(workspace: Workspace, tmp_path: Path) -> None:
    begin = time.perf_counter()
    report = workspace.sync.run("trainees")
    note(
        "pull and store 100,000 over loopback",
        _rate(report.pulled, time.perf_counter() - begin),
        "",
        "memory flat",
    )
    plain = sqlite3.connect(tmp_path / "floor.db")
    plain.execute("CREATE TABLE t (key INTEGER PRIMARY KEY, route TEXT, sort TEXT)")
    plain.execute("CREATE INDEX i ON t (route, sort)")
    rows = workspace.records.rows(workspace.records.find(ALL))
    plain.executemany("INSERT INTO t VALUES (?, ?, ?)", [(r.key, r.facets["route"], r.label) for r in rows])
    floor, _ = timed(
        lambda _: plain.execute("SELECT * FROM t WHERE route = '12' ORDER BY sort LIMIT 200").fetchall(), 50
    )
    plain.close()
    questions = {
        "by route": RecordQuery("trainees", filters={"route": "12"}),
        "by subject and year": RecordQuery("trainees", filters={"subject": "100403", "cycle": "2026"}),
        "by name": RecordQuery("trainees", search="ash"),
        "by state": RecordQuery("trainees", filters={"state": "deferred"}),
        "by start date, newest first": RecordQuery("trainees", sort="start_date", descending=True),
    }
    for name, question in questions.items():
        median, p95 = timed(partial(_first_page, workspace, question), 50)
        note(
            f"filter + first page of 100, {name}, p95",
            f"{p95:.2f} ms (median {median:.2f})",
            f"{median / floor:.1f} x plain SQLite ({floor:.2f} ms)",
            "< 20 ms now, 5 later",
        )
    median, p95 = timed(lambda _: workspace.records.find(ALL), 10)
    note("keys of all 100,000 in order, p95", f"{p95:.1f} ms", "", "< 50 ms")
