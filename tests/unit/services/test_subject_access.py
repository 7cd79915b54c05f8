"""Subject access: all that is held of one person, and of others only what concerns this one."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop.model.document import Patch
from desktop.model.errors import UsageError
from desktop.services.records import document_from
from desktop.services.subject_access import LEFT_OUT
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from desktop.store import vault
from tests.unit.collections.ects.sample import ECT, MENTOR, MENTORSHIP

CHEAP = {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1}


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    made = Workspace.create(
        tmp_path / "w",
        Organisation("Northmoor Academy", "school", "", "123456", ("ects",)),
        "made up for tests",
        clock=lambda: datetime(2026, 9, 20, 9, tzinfo=UTC),
        actor="Jo Achebe",
        remember=False,
    )
    yield made
    made.close()


def _added(workspace: Workspace, answers: dict[str, Any]) -> str:
    return workspace.records.add("ects", document_from(workspace.collection("ects"), answers)).id


@pytest.fixture
def sam(school: Workspace) -> str:
    """An ECT with a mentor who is in the workspace, too; one answer was changed since."""
    _added(school, MENTOR)
    record_id = _added(school, {**ECT, "mentorships": [MENTORSHIP]})
    school.records.edit(record_id, Patch({"email": "sam.new@example.com"}))
    return record_id


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def test_everything_of_the_person_is_in_it(school: Workspace, sam: str, tmp_path: Path) -> None:
    made = school.subject_access.make(sam, tmp_path / "sam.zip")
    files = _members(made.path)
    assert set(files) == {"everything-held.pdf", "answers.csv", "history.csv", "everything-held.json"}
    data = json.loads(files["everything-held.json"])
    document = school.records.view(sam).document
    assert {n: v for n, v in data["here"].items() if not isinstance(v, list)} == {
        n: v for n, v in document.fields.items() if v is not None
    }
    rows = list(csv.reader(io.StringIO(files["answers.csv"].decode("utf-8-sig"))))
    assert ["Name and email", "Email address", "sam.new@example.com", ""] in rows
    history = files["history.csv"].decode("utf-8-sig")
    assert "sam.okafor@example.com" in history, "what stood there before is held, too"
    assert len(data["history"]) == len(school.activity.entries(sam, 100)) - 1, (
        "but for the row about this itself"
    )


def test_nobody_else_is_named(school: Workspace, sam: str, tmp_path: Path) -> None:
    """Section 1.6: that there is a mentor concerns the ECT; who it is, is the mentor's. Staff are not named either."""
    school.subject_access.make(sam, tmp_path / "sam.zip")
    files = _members(tmp_path / "sam.zip")
    told = files["answers.csv"] + files["history.csv"] + files["everything-held.json"]
    for other in ("Priya", "Lindqvist", "2054321", "Jo Achebe"):
        assert other.encode() not in told
    assert LEFT_OUT.encode() in files["answers.csv"]
    held = school.subject_access.held(sam)
    assert not any(
        "Lindqvist" in cell for row in (*held.answers, *held.history, *held.waiting) for cell in row
    )


def test_a_mentor_hears_of_records_that_name_them(school: Workspace, sam: str) -> None:
    """Section 1.2: the records of ECTs name the mentor; whose they are is not said."""
    mentor = school.records.resolve("ects", "2054321")
    held = school.subject_access.held(mentor)
    assert ("Records of other people", "Named in 1 record of other people") in held.elsewhere
    assert not any("Okafor" in cell for row in held.elsewhere for cell in row)


def test_with_a_password_nothing_can_be_read(school: Workspace, sam: str, tmp_path: Path) -> None:
    made = school.subject_access.make(sam, tmp_path / "sam.zip", "four words on paper")
    assert made.locked
    assert b"Okafor" not in made.path.read_bytes()
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["sam.zip"]


@pytest.mark.parametrize(("name", "password"), [("sam.pdf", ""), ("sam.zip", "short")])
def test_what_cannot_be_done_writes_nothing(
    school: Workspace, sam: str, tmp_path: Path, name: str, password: str
) -> None:
    with pytest.raises(UsageError):
        school.subject_access.make(sam, tmp_path / name, password)
    assert not (tmp_path / name).exists()


def test_it_says_how_long_the_record_is_kept(school: Workspace, sam: str) -> None:
    assert school.subject_access.held(sam).keeping.startswith("Kept as long as")
    school.records.edit(sam, Patch({"finished_on": "2026-08-31"}))
    assert school.subject_access.held(sam).keeping.startswith("Kept until 31 August 2032")
