"""Deadlines of a school: the days of its people beside those of the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services.workspace import Workspace
from desktop.store import vault
from tests.unit.collections.ects.sample import ECT, SCHOOL
from tests.unit.services.test_school_keying import through
from tests.unit.services.test_school_workspace import CHEAP, added, make


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    made = make(tmp_path / "w", chosen=("ects",))
    yield made
    made.close()


def days(workspace: Workspace) -> list[tuple[str, str, str]]:
    """Of records only."""
    return [(v.day.isoformat(), v.name, v.note) for v in workspace.deadlines.all() if v.scope.records]


def test_a_leaving_that_is_not_typed_is_a_deadline_until_it_is(school: Workspace) -> None:
    """Section 1.8: the record of a leaving is typed by its day."""
    sam = added(school, ECT)
    through(school, sam, "register_ect")
    school.records.act(sam, "leave", {"leaving_on": "2026-09-25"})
    assert days(school) == [("2026-09-25", "Leaving of Sam Okafor", "not typed yet")]
    told = school.deadlines.reminder()
    assert told is not None
    assert told.title == "Leaving of Sam Okafor: in 5 days"
    through(school, sam, "leave")
    assert days(school) == []


def test_many_who_start_on_one_day_are_one_line(school: Workspace) -> None:
    """Section 1.1: each of them is to be registered."""
    for n in range(12):
        added(school, ECT, trn=f"30{n:05}", email=f"e{n}@example.com", started_on="2026-10-01")
    (view,) = (v for v in school.deadlines.all() if v.scope.records)
    assert (view.name, view.counts.total, view.counts.confirmed) == ("Start of 12 teachers", 12, 0)
    assert [h.page for h in view.hindrances] == ["record"] * 8 + ["records"]
    assert view.hindrances[8].words == "4 more in Records"


def test_a_tutor_who_is_not_confirmed_is_due_today(school: Workspace) -> None:
    """Section 1.9, also of a school's record with which nothing waits."""
    record = added(school, SCHOOL, induction_tutor_confirmed=2025)
    (found,) = days(school)
    assert found[1:] == (
        "Confirmation of the induction tutor at Northmoor Academy",
        "not given yet for 2026 to 2027",
    )
    through(school, record, "induction_tutor")
    assert days(school) == []
