"""What people wait for in the window: bulk acts, paste, undo. `make bench`. Nothing is asserted about time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.document import Value
from desktop.model.ids import new_id
from desktop.practice.server import PROVIDER_NAME, PROVIDER_UKPRN
from desktop.services import wording
from desktop.services.pasted_rows import RowStatus
from desktop.services.views import Organisation, RecordQuery
from desktop.services.workspace import Workspace
from tests.bench.conftest import note
from tests.bench.shelf import people_of

ALL = RecordQuery("trainees")
MANY = 10_000
KEY = "provider_trainee_id"
T = TypeVar("T")


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with 10,000 trainees, as a pull leaves them."""
    made = Workspace.create(tmp_path / "w", Organisation(PROVIDER_NAME, "hei", PROVIDER_UKPRN), "bench")
    with made._store.write() as unit:
        unit.records.add_pulled(COLLECTION, [(new_id(), s) for s in people_of(MANY)])
    yield made
    made.close()


def _timed(case: str, goal: str, work: Callable[[], T]) -> T:
    begin, cpu = time.perf_counter(), time.process_time()
    made = work()
    taken, used = time.perf_counter() - begin, time.process_time() - cpu
    note(case, f"{taken:.2f} s", f"{used:.2f} s of one core", goal)
    return made


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("name", "value"),
    [("nationality", "FR"), ("trainee_start_date", "2026-09-02"), ("last_name", "Ashcombe")],
)
def test_bulk(filled: Workspace, name: str, value: Value) -> None:
    keys = list(filled.records.find(ALL))
    fields = {name: value}
    shown = _timed(f"preview of {name} in 10,000", "", lambda: filled.acts.preview(keys, fields))
    act = _timed(f"bulk change of {name} in 10,000", "< 3 s", lambda: filled.acts.change(keys, fields))
    assert act.records == shown.to_change
    assert _timed("undo of it", "< 3 s", filled.acts.undo).records == act.records
    assert _timed("redo of it", "< 3 s", filled.acts.redo).records == act.records


@pytest.mark.timeout(600)
def test_paste(filled: Workspace) -> None:
    documents = filled.records.documents(list(filled.records.find(ALL))[:1000])
    names = [KEY, *(f.name for f in COLLECTION.fields if f.name not in (KEY, "application_id"))][:20]
    lines = [[wording.label_of(COLLECTION, n) for n in names]]
    for document in documents.values():
        told = {n: wording.value_of(COLLECTION, n, document.get(n)) for n in names}
        told |= {n: "" for n in names if document.get(n) is None} | {"middle_names": "Marie"}
        lines.append([told[n] for n in names])
    text = "\r\n".join("\t".join(line) for line in lines)
    pasted = _timed(
        "paste 1,000 x 20, read and matched", "< 2 s", lambda: filled.paste.read(text, "trainees")
    )
    chosen = [row.number for row in pasted.rows if row.status is RowStatus.MATCH]
    act = _timed("saving it", "", lambda: filled.paste.save(pasted, chosen))
    assert act.records == len(chosen) > 900
    _timed("undo of it", "", filled.acts.undo)
