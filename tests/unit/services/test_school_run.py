"""Twenty ECTs in September: one after another, resumed the next day, one refused, and a summary at the end (pack 9)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.model.document import Patch
from desktop.model.errors import UnknownName, UsageError
from desktop.services.keying_run import HEADS
from desktop.services.workspace import Workspace
from desktop.store import vault
from tests.unit.collections.ects.sample import ECT, MENTOR, SCHOOL
from tests.unit.services.test_school_keying import stopped, through
from tests.unit.services.test_school_workspace import CHEAP, SECRET, Clock, added, make

MANY = 20


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Workspace]:
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    made = make(tmp_path / "w", chosen=("ects",), clock=clock)
    yield made
    made.close()


def ects(workspace: Workspace, many: int) -> list[str]:
    return [
        added(workspace, ECT, trn=f"30{n:05}", first_names=f"Sam {chr(65 + n)}", email=f"ect{n}@example.com")
        for n in range(many)
    ]


def test_what_is_the_same_for_all_is_said_once(school: Workspace) -> None:
    ects(school, 3)
    run = school.keying_runs.begin()
    assert dict(run.same) == {
        "Start date": "1 September 2026",
        "Working pattern": "Full time",
        "Enter appropriate body name": "Alban Teaching School Hub",
        "Training programme": "Provider-led",
        "Select lead provider": "Teach First",
    }
    assert (run.place, run.total) == (1, 3)


def test_a_run_is_of_those_who_were_chosen(school: Workspace) -> None:
    first, second, _ = ects(school, 3)
    run = school.keying_runs.begin([first, second])
    assert [item.record_id for item in run.ready] == [first, second]
    with pytest.raises(UsageError, match="a run already"):
        school.keying_runs.begin()


def test_twenty_are_typed_over_two_days_and_one_refusal_stops_none(
    tmp_path: Path, school: Workspace, clock: Clock
) -> None:
    """Section 9: progress, a reason code, and what is still to do."""
    ids = ects(school, MANY)
    added(school, ECT, trn="3088888", email="late@example.com", lead_provider=None)
    run = school.keying_runs.begin()
    assert (run.total, len(run.blocked), run.blocked[0].missing) == (21, 1, ("Select lead provider",))
    for number in range(7):
        assert run.next is not None
        assert run.place == number + 1
        if number == 4:
            stopped(school, run.next.record_id, "register_ect", find="exempt")
        else:
            through(school, run.next.record_id, "register_ect")
        found = school.keying_runs.get()
        assert found is not None
        run = found
    folder = school.folder
    school.close()
    clock.now += timedelta(days=1)
    again = Workspace.open(folder, SECRET, clock=clock, actor="Sam")
    try:
        found = again.keying_runs.get()
        assert found is not None
        assert (found.place, found.done, [one.code for one in found.stopped]) == (8, 6, ["exempt"])
        for item in found.ready:
            through(again, item.record_id, "register_ect")
        rows = again.keying_runs.rows()
        assert [row[2] for row in rows] == ["Done"] * 19 + ["Stopped by the portal", "Still to do"]
        assert "exempt from induction" in rows[19][3]
        assert rows[20][3] == "Not answered: Select lead provider."
        assert {row[4] for row in rows[:20]} == {"Jo", "Sam"}
        path = tmp_path / "summary.csv"
        again.keying_runs.save_summary(path)
        with path.open(encoding="utf-8-sig") as told:
            assert next(csv.reader(told)) == list(HEADS)
        for ending in (".xlsx", ".pdf"):
            again.keying_runs.save_summary(path.with_suffix(ending))
            assert path.with_suffix(ending).stat().st_size > 1000
        again.keying_runs.end()
        assert again.keying_runs.get() is None
        assert len(again.keying.items()) == 2, "what was not typed stays to be typed"
        assert len({item.record_id for item in again.keying.items()} & set(ids)) == 1
    finally:
        again.close()


def test_what_one_sheet_makes_possible_comes_in_its_turn(school: Workspace) -> None:
    """Section 9: a mentor after the ECT whom they are registered for."""
    added(school, SCHOOL)
    sam, priya = added(school, ECT), added(school, MENTOR)
    run = school.keying_runs.begin()
    assert [item.journey for item in run.ready] == ["induction_tutor", "register_ect"]
    assert [item.record_id for item in run.blocked] == [priya]
    through(school, run.ready[0].record_id, "induction_tutor")
    through(school, sam, "register_ect")
    found = school.keying_runs.get()
    assert found is not None
    assert [item.record_id for item in found.ready] == [priya]
    through(school, priya, "register_mentor")
    found = school.keying_runs.get()
    assert found is not None
    assert (found.next, found.blocked, found.done) == (None, (), 3)


def test_one_set_aside_stays_to_be_typed(school: Workspace) -> None:
    first, second = ects(school, 2)
    run = school.keying_runs.begin()
    assert run.next is not None
    run = school.keying_runs.set_aside(run.next.id)
    assert run.next is not None
    assert run.next.record_id == second
    assert [(one.record_id, one.words) for one in run.stopped] == [(first, "Set aside")]
    assert len(school.keying.items()) == 2


def test_what_was_put_right_comes_again(school: Workspace) -> None:
    """Section 1.1 step 1: not found, checked, typed anew."""
    (sam,) = ects(school, 1)
    school.keying_runs.begin()
    stopped(school, sam, "register_ect", find="not_found")
    found = school.keying_runs.get()
    assert found is not None
    assert found.next is None
    school.keying.try_again(f"{sam}:register_ect")
    school.records.edit(sam, Patch({"trn": "3012346", "date_of_birth": "1999-04-18"}))
    found = school.keying_runs.get()
    assert found is not None
    assert found.next is not None
    assert (found.next.record_id, found.stopped) == (sam, ())


def test_without_anything_to_type_there_is_no_run(school: Workspace) -> None:
    with pytest.raises(UsageError, match="Nothing of these"):
        school.keying_runs.begin()
    with pytest.raises(UnknownName):
        school.keying_runs.end()
    assert school.keying_runs.get() is None
