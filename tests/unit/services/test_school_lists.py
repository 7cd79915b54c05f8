"""Lists for those who work with a school's ECTs: the appropriate body and the lead provider (pack 6: no file of the portal)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.model.errors import UnknownName, UsageError
from desktop.services.workspace import Workspace
from desktop.store import vault
from tests.unit.collections.ects.sample import ECT, MENTOR
from tests.unit.services.test_school_keying import through
from tests.unit.services.test_school_workspace import BORN, CHEAP, added, make


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    made = make(tmp_path / "w", chosen=("ects",))
    yield made
    made.close()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as told:
        return list(csv.DictReader(told))


def test_each_body_gets_the_list_of_its_own_ects(school: Workspace, tmp_path: Path) -> None:
    sam = added(school, ECT)
    through(school, sam, "register_ect")
    added(school, ECT, trn="3099999", email="x@example.com", appropriate_body="A hub of another name")
    given = school.outsiders.write("ects", "appropriate-body", tmp_path / "out")
    assert [(one.to, one.rows) for one in given] == [
        ("A hub of another name", 1),
        ("Alban Teaching School Hub", 1),
    ]
    (row,) = rows(given[1].path)
    assert given[1].path.name == "ECTs for Alban Teaching School Hub.csv"
    assert (row["Name"], row["TRN"], row["Start date as an ECT"], row["At the portal"]) == (
        *("Sam Okafor", "3012345", "01/09/2026", "Registered"),
    )
    assert rows(given[0].path)[0]["At the portal"] == "Not registered yet"
    assert BORN not in given[0].path.read_text("utf-8-sig"), "asked only to find the teacher"


def test_a_provider_hears_of_its_ects_and_their_mentors(school: Workspace, tmp_path: Path) -> None:
    """Section 5: the provider sees both."""
    sam, priya = added(school, ECT), added(school, MENTOR)
    through(school, sam, "register_ect")
    through(school, priya, "register_mentor")
    led = {"training_programme": "school_led", "lead_provider": None}
    added(school, ECT, trn="3099999", email="x@example.com", **led)
    (given,) = school.outsiders.write("ects", "lead-provider", tmp_path)
    assert given.path.name == "ECTs and mentors for Teach First.csv"
    (row,) = rows(given.path)
    assert (row["Mentor"], row["TRN of the mentor"]) == ("Priya Lindqvist", "2054321")
    assert row["Email address of the mentor"] == MENTOR["email"]


def test_nothing_is_written_over_and_a_wrong_name_is_told(school: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No record"):
        school.outsiders.write("ects", "lead-provider", tmp_path)
    added(school, ECT)
    school.outsiders.write("ects", "lead-provider", tmp_path)
    with pytest.raises(UsageError, match="is there already"):
        school.outsiders.write("ects", "lead-provider", tmp_path)
    with pytest.raises(UnknownName, match="appropriate-body, lead-provider"):
        school.outsiders.write("ects", "governors", tmp_path)
