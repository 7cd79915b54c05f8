"""What the sync engine itself costs (design section 9): against a portal without network, server or JSON. `make bench`.

Nothing is asserted about time: a benchmark prints, a person reads.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.document import Patch
from desktop.services.views import Organisation, RecordQuery
from desktop.services.workspace import Workspace
from desktop.sync.portal import Portal
from desktop.sync.portals.jsontext import read_json
from desktop.sync.portals.register_mapping import RegisterMapping
from tests.bench.conftest import note
from tests.bench.shelf import Shelf, bodies, people_of

EDITS = 1_000


@contextmanager
def _workspace(folder: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("HOLDFAST_BENCH_TOKEN", "none")
    made = Workspace.create(
        folder, Organisation("Uni", "hei"), "bench", make=lambda *_: cast("Portal", shelf)
    )
    made.portals.connect("trainees", "http://127.0.0.1:9", token_env="HOLDFAST_BENCH_TOKEN")
    made.sync.run("trainees")
    yield made
    made.close()


def _edit(workspace: Workspace, number: int, value: str) -> list[str]:
    """Edit the first `number` records; their ids."""
    keys = workspace.records.find(RecordQuery("trainees"))[:number]
    ids = [row.id for row in workspace.records.rows(keys)]
    for place, record_id in enumerate(ids):
        workspace.records.edit(record_id, Patch({"email": f"{value}{place}@example.org"}))
    return [str(i) for i in ids]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("size", [1_000, 10_000, 100_000])
def test_a_push_costs_what_is_edited_not_what_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    shelf = Shelf(people_of(size))
    with _workspace(tmp_path / "w", shelf, monkeypatch) as workspace:
        _edit(workspace, EDITS, "pushed")
        before = shelf.requests_made
        begin = time.perf_counter()
        report = workspace.sync.run("trainees")
        taken = time.perf_counter() - begin
    assert report.pushed == EDITS
    note(
        f"push {EDITS:,} edits, {size:,} records held",
        f"{taken * 1000 / EDITS:.2f} ms each beside the request",
        f"{shelf.requests_made - before:,} requests",
        "< 1 ms; <= 1,100 requests after a fresh pull",
    )


@pytest.mark.timeout(900)
def test_conflicts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size, contested = 100_000, 10_000
    shelf = Shelf(people_of(size))
    with _workspace(tmp_path / "w", shelf, monkeypatch) as workspace:
        ids = _edit(workspace, contested, "mine")
        for place, record_id in enumerate(ids):
            portal_id = workspace.records.view(record_id).portal_id
            assert portal_id is not None
            shelf.change(portal_id, {"email": f"theirs{place}@example.org"}, minute=60)
        gc.collect()
        gc.freeze()  # what the shelf holds is the portal's: our collector has no business in it
        begin, computed = time.perf_counter(), time.process_time()
        report = workspace.sync.run("trainees", push=False)
        taken, computed = time.perf_counter() - begin, time.process_time() - computed
        begin = time.perf_counter()
        workspace.sync.run("trainees", push=False, full=True)
        again = time.perf_counter() - begin
        gc.unfreeze()
    assert report.conflicts == contested
    note(
        f"detect and store {contested:,} conflicts in {size:,}",
        f"{taken:.2f} s ({computed:.2f} s computing)",
        f"{taken * 1e6 / contested:.0f} us each",
        "< 1 s, then < 0.5 s",
    )
    note("  beside it: parse and map their listing", f"{_listing(contested):.2f} s", "", "")
    note(f"read all {size:,} again, nothing new", f"{size / again:,.0f} rec/s", "", "")


def _listing(number: int) -> float:
    """Seconds to parse and map so many records of a listing, which the shelf leaves out."""
    mapping, listed = RegisterMapping(COLLECTION), bodies()
    begin = time.process_time()
    for place in range(number):
        mapping.snapshot(read_json(listed[place % len(listed)]))
    return time.process_time() - begin
