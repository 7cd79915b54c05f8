"""Twenty ECTs from a list of the office, pasted or read from a file (pack 1.10: checked by the same rules, row by row)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.model.standing import Sync
from desktop.services.pasted_rows import Pasted
from desktop.services.views import RecordQuery
from desktop.services.workspace import Workspace
from desktop.store import vault
from tests.unit.services.test_school_workspace import CHEAP, make, rules

MANY = 20
COLUMNS = ("TRN", "Date of birth", "First name", "Last name", "Email address", "Start date at this school")
HEADS = "\t".join((*COLUMNS, "Working pattern", "Appropriate body", "Training programme", "Lead provider"))


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    made = make(tmp_path / "w", chosen=("ects",))
    yield made
    made.close()


def row(number: int, **changes: str) -> str:
    cells = {
        "trn": f"RP30/{number:05}" if number % 2 else f"30{number:05}",
        "born": f"{number + 1}/4/1999",
        "first": "Sam",
        "last": f"Okafor {chr(65 + number)}",
        "email": f"ect{number}@example.com",
        "start": "1 sep 2026",
        "pattern": "Full-time",
        "body": "Alban Teaching School Hub",
        "programme": "Provider-led",
        "provider": "Teach First",
    }
    return "\t".join((cells | changes).values())


def saved(workspace: Workspace, text: str) -> Pasted:
    pasted = workspace.paste.read(text, "ects")
    workspace.paste.save(pasted, [one.number for one in pasted.rows if one.can_be_saved])
    return pasted


def ids(workspace: Workspace) -> list[str]:
    keys = workspace.records.find(RecordQuery("ects"))
    return [found.id for found in workspace.records.rows(keys)]


def test_a_pasted_list_is_ready_to_be_typed_in_a_row(school: Workspace) -> None:
    """Sections 1.1 and 3.1: TRN, date of birth and start date as an office writes them."""
    pasted = saved(school, "\n".join((HEADS, *(row(n) for n in range(MANY)))))
    assert all(column.field for column in pasted.columns)
    found = [school.records.view(one) for one in ids(school)]
    assert len(found) == MANY
    assert {view.sync for view in found} == {Sync.QUEUED}
    assert {view.document.get("started_on") for view in found} == {"2026-09-01"}
    assert {str(view.document.get("date_of_birth")) for view in found} == {
        f"1999-04-{n + 1:02}" for n in range(MANY)
    }
    run = school.keying_runs.begin()
    assert (len(run.ready), run.blocked) == (MANY, ())
    find = school.keying.get(run.ready[1].id).sheet.way[0]
    assert find.lines[0].copies == ("3000001",)


def test_rows_with_something_wrong_come_in_as_drafts(school: Workspace) -> None:
    """Sections 3.1 and 3.4."""
    wrong = (
        row(0, trn="RP99/123457"),
        row(1, born="17/4/2015"),
        row(2, email="sam@"),
        row(3, start="31/2/2026"),
    )
    pasted = saved(school, "\n".join((HEADS, *wrong)))
    said = [rules(school, one) for one in ids(school)]
    assert said == [{"E-TRN-FORMAT"}, {"E-BIRTH-YOUNG"}, {"E-EMAIL-FORMAT"}]
    assert not pasted.rows[3].can_be_saved, "a day that is none is said before anything is saved"
    assert all(school.records.view(one).sync is Sync.DRAFT for one in ids(school))


def test_a_list_of_bare_details_is_completed_together(school: Workspace) -> None:
    """Section 1.1: what is the same for all is answered once."""
    heads = "\t".join(COLUMNS[:5])
    bare = ["\t".join(row(n).split("\t")[:5]) for n in range(3)]
    saved(school, "\n".join((heads, *bare)))
    keys = school.records.find(RecordQuery("ects"))
    same = {"started_on": "2026-09-01", "working_pattern": "full_time", "training_programme": "school_led"}
    school.acts.change(keys, same | {"appropriate_body": "alban"})
    assert len(school.keying_runs.begin().ready) == 3
