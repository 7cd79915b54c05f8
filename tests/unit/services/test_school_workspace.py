"""A school's workspace: a collection whose portal takes nothing from programs, in a real encrypted store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop.model.document import Document, Patch
from desktop.model.errors import UnknownName, UsageError
from desktop.model.standing import Sync
from desktop.services.acts import Act
from desktop.services.records import document_from
from desktop.services.views import Organisation, RecordQuery
from desktop.services.workspace import Workspace
from desktop.store import vault
from tests.unit.collections.ects.sample import ECT, MENTOR, SCHOOL

CHEAP = {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1}
SECRET = "made up for tests"
BORN = "1999-04-17"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 9, 20, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def make(
    folder: Path, kind: str = "school", chosen: tuple[str, ...] = (), clock: Clock | None = None
) -> Workspace:
    organisation = Organisation("Northmoor Academy", kind, "", "123456", chosen)
    return Workspace.create(folder, organisation, SECRET, clock=clock or Clock(), actor="Jo", remember=False)


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "_KDF", CHEAP)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def school(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    made = make(tmp_path / "w", clock=clock, chosen=("ects",))
    yield made
    made.close()


def added(workspace: Workspace, of: dict[str, Any], **changes: Any) -> str:
    answers = {k: v for k, v in {**of, **changes}.items() if v is not None}
    return workspace.records.add("ects", document_from(workspace.collection("ects"), answers)).id


def rules(workspace: Workspace, record_id: str) -> set[str]:
    return {f.rule for f in workspace.records.view(record_id).findings if f.severity == "error"}


# --- which collections ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "chosen", "there"),
    [
        ("school", (), ["ects", "trainees"]),
        ("school", ("ects",), ["ects"]),
        ("hei", (), ["trainees"]),
        ("hei", ("trainees", "ects"), ["trainees", "ects"]),
    ],
)
def test_a_workspace_looks_after_what_was_chosen_or_what_is_usual(
    tmp_path: Path, kind: str, chosen: tuple[str, ...], there: list[str]
) -> None:
    make(tmp_path / "w", kind, chosen).close()
    again = Workspace.open(tmp_path / "w", SECRET)
    assert list(again.collections) == there
    again.close()


def test_a_collection_that_is_used_is_one_of_them_from_then_on(tmp_path: Path) -> None:
    made = make(tmp_path / "w", "hei")
    made.records.add("ects", Document(dict(ECT)))
    made.close()
    again = Workspace.open(tmp_path / "w", SECRET)
    assert list(again.collections) == ["trainees", "ects"]
    again.close()


def test_a_collection_that_does_not_exist_is_refused(tmp_path: Path, school: Workspace) -> None:
    with pytest.raises(UsageError, match="no collection"):
        make(tmp_path / "x", chosen=("pupils",))
    with pytest.raises(UnknownName, match="trainees, ects"):
        school.collection("pupils")


# --- a portal without an API ----------------------------------------------------------------------------------------


def test_nothing_can_be_connected_and_nothing_says_that_it_should_be(school: Workspace) -> None:
    with pytest.raises(UsageError, match="typed into its website"):
        school.portals.connect("ects", "https://example.org", token="t")
    assert school.portals.all() == []
    assert school.home().portals == ()
    assert school.sync.due() is None


def test_records_are_added_listed_found_edited_and_checked(school: Workspace) -> None:
    sam = added(school, ECT)
    added(school, MENTOR)
    rows = school.records.rows(school.records.find(RecordQuery("ects", filters={"kind": "ect"})))
    assert [(row.label, row.sync, row.facets["trn"]) for row in rows] == [
        ("Okafor, Sam", Sync.QUEUED, "3012345")
    ]
    assert school.records.count(RecordQuery("ects", search="lindq")) == 1
    school.records.edit(sam, Patch({"working_pattern": "half"}))
    assert school.records.view(sam).sync is Sync.DRAFT
    assert rules(school, sam) == {"E-CODE-UNKNOWN"}
    assert [f.rule for _, _, f in school.checks.all("ects") if f.severity == "error"] == ["E-CODE-UNKNOWN"]


# --- several records together ---------------------------------------------------------------------------------------


def test_what_one_record_says_of_another_is_judged_at_once_on_both(school: Workspace) -> None:
    """Section 1.1 step 3a: an address that somebody else uses."""
    sam = added(school, ECT)
    priya = added(school, MENTOR, email=ECT["email"])
    assert rules(school, sam) == rules(school, priya) == {"E-EMAIL-SHARED"}
    assert school.records.view(sam).sync is Sync.DRAFT
    school.records.edit(priya, Patch({"email": "priya@example.com"}))
    assert rules(school, sam) == rules(school, priya) == set()
    assert {school.records.view(one).sync for one in (sam, priya)} == {Sync.QUEUED}


def test_a_twin_that_is_discarded_frees_the_other(school: Workspace) -> None:
    """Section 1.1 step 1: already registered here."""
    first, second = added(school, ECT), added(school, ECT, email="sam@example.com")
    assert rules(school, first) == rules(school, second) == {"E-ALREADY-HERE"}
    school.records.discard(second)
    assert rules(school, first) == set()
    assert school.records.view(first).sync is Sync.QUEUED


def test_the_school_s_own_record_decides_about_its_people(school: Workspace) -> None:
    """Section 1.1.1: a state-funded school has no ISTIP; the live form knows it, too."""
    added(school, SCHOOL)
    sam = added(school, ECT, appropriate_body="istip")
    assert rules(school, sam) == {"E-BODY-KIND"}
    form = school.records.view(sam).document
    form.fields["appropriate_body"] = "alban"
    assert "E-BODY-KIND" not in {f.rule for f in school.checks.live("ects", form, sam)}
    new = Document({**ECT, "trn": "3099999", "email": "x@example.com", "appropriate_body": "istip"})
    assert "E-BODY-KIND" in {f.rule for f in school.checks.live("ects", new)}


def test_windows_count_from_the_day_on_which_they_are_asked(school: Workspace, clock: Clock) -> None:
    """Section 9: a start that was fine when queued can pass the window of the day."""
    sam = added(school, ECT, started_on="2024-06-03")
    assert rules(school, sam) == set()
    clock.now = datetime(2027, 1, 20, 9, tzinfo=UTC)
    assert rules(school, sam) == set()
    found = school.checks.one(sam, datetime(2026, 6, 5, tzinfo=UTC).date())
    assert "E-WINDOW-CLOSED" in {f.rule for f in found}


# --- what is asked only to find a person (section 0, fact 5) --------------------------------------------------------


def everything(workspace: Workspace) -> str:
    """All that the workspace keeps of its records, as text."""
    with workspace._store.read() as unit:
        kept = [
            thing.body for kind in ("act", "act_body", "import", "typing") for thing in unit.kept.all(kind)
        ]
    entries = [entry.detail for entry in workspace.activity.entries(limit=1000)]
    records = [workspace.records.view(r.id).document.to_json() for r in _rows(workspace)]
    return json.dumps([kept, entries, records], default=str)


def _rows(workspace: Workspace) -> list[Any]:
    return workspace.records.rows(workspace.records.find(RecordQuery("ects")))


def test_it_is_erased_when_the_portal_has_answered_and_was_never_in_the_journal(school: Workspace) -> None:
    sam = added(school, ECT, ni_number="AB123456C")
    edited = school.records.edit(sam, Patch({"date_of_birth": "1998-03-16"}))
    school.acts.note(edited, "Date of birth")
    assert school.records.view(sam).document.get("date_of_birth") == "1998-03-16"
    told = school.records.edit(sam, Patch({"portal_answer": "found"}))
    school.acts.note(told, "What the portal answered")
    document = school.records.view(sam).document
    assert (document.get("date_of_birth"), document.get("ni_number")) == (None, None)
    kept = everything(school)
    assert not any(secret in kept for secret in (BORN, "1998-03-16", "AB123456C"))
    assert "not kept" in kept
    assert rules(school, sam) == set()


def test_it_stays_while_the_portal_still_asks(school: Workspace) -> None:
    """Section 1.1 step 1a."""
    sam = added(school, ECT)
    school.records.edit(sam, Patch({"portal_answer": "date_of_birth_differs", "ni_number": "AB123456C"}))
    document = school.records.view(sam).document
    assert (document.get("date_of_birth"), document.get("ni_number")) == (BORN, "AB123456C")


def test_an_undo_does_not_bring_it_back(school: Workspace) -> None:
    sam = added(school, ECT)
    school.acts.note(school.records.edit(sam, Patch({"portal_answer": "found"})), "Answer")
    school.acts.undo()
    document = school.records.view(sam).document
    assert (document.get("portal_answer"), document.get("date_of_birth")) == (None, None)


def test_a_record_that_comes_with_an_answer_never_holds_it(school: Workspace) -> None:
    sam = added(school, ECT, portal_answer="found")
    assert school.records.view(sam).document.get("date_of_birth") is None


def imported(workspace: Workspace, folder: Path) -> Act:
    """Sam, from a spreadsheet."""
    path = folder / "ects.csv"
    names = [name for name in ECT if name != "portal_answer"]
    path.write_text("\n".join((",".join(names), ",".join(str(ECT[name]) for name in names))), "utf-8")
    plan = workspace.importing.read(path, "ects", mapping=dict(enumerate(names)))
    assert any("not kept here" in note for note in plan.notes)
    return workspace.importing.save(plan)


def test_nothing_that_undoes_an_import_holds_it_and_the_file_is_not_kept(
    school: Workspace, tmp_path: Path
) -> None:
    act = imported(school, tmp_path)
    (sam,) = _rows(school)
    assert school.records.view(sam.id).document.get("date_of_birth") == BORN, "the portal will ask for it"
    school.records.edit(sam.id, Patch({"portal_answer": "found"}))
    assert BORN not in everything(school)
    assert not list((school.folder / "files").glob("*"))
    (told,) = school.importing.all()
    assert not told.is_kept
    with pytest.raises(UsageError, match="was not kept"):
        school.importing.original(act.id)
    words = next(entry.text for entry in school.activity.entries() if entry.event == "imported")
    assert words == "File read into Holdfast; the file itself is not kept"
    assert not school.care.doctor()


def test_an_import_is_undone_whole_and_done_again_without_it(school: Workspace, tmp_path: Path) -> None:
    act = imported(school, tmp_path)
    assert school.importing.undo(act.id).records == 1
    assert _rows(school) == []
    assert BORN not in everything(school)
    school.acts.redo()
    (sam,) = _rows(school)
    document = school.records.view(sam.id).document
    assert (document.get("trn"), document.get("date_of_birth")) == (ECT["trn"], None)


def test_what_is_half_typed_is_kept_without_it(school: Workspace) -> None:
    sam = added(school, ECT)
    school.drafts.keep(sam, "ects", {"date_of_birth": "1998-03-16", "email": "sam@"})
    half = school.drafts.of(sam, "ects")
    assert half is not None
    assert dict(half.values) == {"email": "sam@"}
    school.drafts.keep(sam, "ects", {"date_of_birth": "1998-03-16"})
    assert school.drafts.of(sam, "ects") is None
    assert "1998-03-16" not in everything(school)


# --- rules that compare records, before anything is saved ------------------------------------------------------------


def test_a_bulk_change_says_beforehand_what_it_breaks_between_records(school: Workspace) -> None:
    added(school, MENTOR)
    sam = added(school, ECT)
    key = next(row.key for row in _rows(school) if row.id == sam)
    assert school.acts.preview([key], {"email": MENTOR["email"]}).new_errors == 1


def test_an_import_says_beforehand_what_a_new_row_breaks_between_records(
    school: Workspace, tmp_path: Path
) -> None:
    added(school, MENTOR)
    path = tmp_path / "ects.csv"
    names = list(ECT)
    answers = ECT | {"email": MENTOR["email"]}
    path.write_text("\n".join((",".join(names), ",".join(str(answers[name]) for name in names))), "utf-8")
    plan = school.importing.read(path, "ects", mapping=dict(enumerate(names)))
    (row,) = plan.rows
    found = [f for f in school.importing.findings(plan, row) if f.severity == "error"]
    assert [f.field for f in found] == ["email"]
