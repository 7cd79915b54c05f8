"""A school's September, typed into the portal's website: sheets in order, branches, and what stays afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.collections.ects import COLLECTION
from desktop.collections.ects.sheets import JOURNEYS
from desktop.model.document import ChildPatch, Patch
from desktop.model.ids import new_id
from desktop.model.standing import Sync
from desktop.services.keying import Keying, NotReady
from desktop.services.workspace import Workspace
from desktop.store import vault
from tests.unit.collections.ects.sample import ECT, MENTOR, MENTORSHIP, SCHOOL
from tests.unit.services.test_school_workspace import BORN, CHEAP, Clock, added, make, rules


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    made = make(tmp_path / "w", chosen=("ects",), clock=Clock())
    yield made
    made.close()


def pages(sheet: Keying) -> list[str]:
    return [page.key for page in sheet.sheet.way]


def typed(workspace: Workspace, item: str, *answers: str) -> Keying:
    """Type a sheet from its first page on; `answers` = what the portal shows after each page that asks for it."""
    said = iter(answers)
    now = workspace.keying.begin(item)
    while now.page and not now.stopped:
        page = now.open_page
        assert page is not None
        now = workspace.keying.page_done(item, page.key, next(said) if page.outcomes else "")
    return now


def register(workspace: Workspace, record_id: str, journey: str = "register_ect") -> None:
    answers = ("found", "on", "on") if journey == "register_ect" else ("found", "on")
    typed(workspace, f"{record_id}:{journey}", *answers)
    workspace.keying.finish(f"{record_id}:{journey}", "accepted")


def test_every_journey_names_its_section_and_every_outcome_leads_somewhere():
    assert len({journey.name for journey in JOURNEYS}) == len(JOURNEYS)
    for journey in JOURNEYS:
        keys = {page.key for page in journey.pages}
        assert journey.source.startswith("1.")
        for page in journey.pages:
            assert page.source.startswith("1.")
            for outcome in page.outcomes:
                assert not outcome.to or outcome.to in keys
                assert bool(outcome.told) == outcome.ends
                assert all(COLLECTION.field(name) for name in outcome.sets)
            for question in page.questions:
                names = [f"{page.each}.{n}" if page.each else n for n in question.fields]
                assert all(COLLECTION.field(name) or name == "leaving_on" for name in names)


def test_the_list_is_in_the_order_in_which_a_school_types(school: Workspace) -> None:
    """Section 9: induction tutor, ECTs, mentors."""
    added(school, MENTOR)
    added(school, ECT)
    added(school, SCHOOL, induction_tutor_confirmed=2025)
    assert [item.journey for item in school.keying.items()] == [
        "induction_tutor",
        "register_ect",
        "register_mentor",
    ]


@pytest.mark.parametrize(
    ("changes", "there", "away"),
    [
        ({}, {"body", "programme", "provider"}, {"previous", "ni_number"}),
        ({"training_programme": "school_led", "lead_provider": None}, {"programme"}, {"provider"}),
        ({"use_previous_choices": "yes"}, {"previous"}, {"body", "programme", "provider"}),
    ],
)
def test_pages_of_registering_an_ect(
    school: Workspace, changes: dict[str, str | None], there: set[str], away: set[str]
) -> None:
    """Section 1.1, steps 1 to 10."""
    sam = added(school, ECT, **changes)
    found = pages(school.keying.get(f"{sam}:register_ect"))
    assert found[:5] == ["find", "name", "email", "start", "pattern"]
    assert there <= set(found)
    assert not away & set(found)
    assert found[-1] == "check"


def test_answers_are_ready_to_copy(school: Workspace) -> None:
    sam = added(school, ECT, trn="RP30/12345")
    lines = {
        line.label: line.copies
        for page in school.keying.get(f"{sam}:register_ect").sheet.way
        for line in page.lines
    }
    assert lines["Teacher reference number (TRN)"] == ("3012345",)
    assert lines["Date of birth"] == ("17", "4", "1999")
    assert lines["Appropriate body"] == ("Alban Teaching School Hub",)
    assert lines["Lead provider"] == ("Teach First",)


def test_the_two_forms_ask_for_the_name_in_opposite_senses(school: Workspace) -> None:
    """Section 1.2, step 2."""
    sam, priya = added(school, ECT, name_is_right="yes"), added(school, MENTOR, name_is_right="yes")

    def answer(item: str) -> str:
        page = school.keying.get(item).sheet.page("name")
        assert page is not None
        return page.lines[0].words

    assert answer(f"{sam}:register_ect") == "No, the name is right"
    assert answer(f"{priya}:register_mentor") == "Yes"


def test_a_name_that_the_portal_has_not_shown_yet_is_told_to_be_compared(school: Workspace) -> None:
    """Section 1.1, step 2."""
    page = school.keying.get(f"{added(school, ECT)}:register_ect").sheet.page("name")
    assert page is not None
    assert page.lines[0].words == "No, if it says Sam Okafor"


def test_a_registered_ect_is_confirmed_and_what_found_it_is_gone(school: Workspace) -> None:
    """Section 0, fact 5; 1.1."""
    sam = added(school, ECT)
    item = f"{sam}:register_ect"
    school.keying.begin(item)
    school.keying.page_done(item, "find", "found")
    view = school.records.view(sam)
    assert (view.document.get("portal_answer"), view.document.get("date_of_birth")) == ("found", None)
    assert school.keying.get(item).moved == ()
    with school._store.read() as unit:
        assert BORN not in json.dumps([thing.body for thing in unit.kept.all("keying")])
    for page, said in (("name", ""), ("email", "on"), ("start", "on"), ("pattern", ""), ("body", "")):
        school.keying.page_done(item, page, said)
    for page in ("programme", "provider", "check"):
        school.keying.page_done(item, page)
    assert school.keying.finish(item, "accepted") is None
    view = school.records.view(sam)
    assert (view.sync, view.state, view.pending) == (Sync.CLEAN, "registered", Patch())
    assert view.document.get("portal_answer") == "registered"
    assert {f.rule for f in view.findings} == {"E-MENTOR-MISSING"}
    assert school.keying.items() == []


def test_another_date_of_birth_leads_to_the_ni_number(school: Workspace) -> None:
    """Section 1.1, step 1a."""
    sam = added(school, ECT)
    item = f"{sam}:register_ect"
    school.keying.begin(item)
    now = school.keying.page_done(item, "find", "date_of_birth_differs")
    assert now.page == "ni_number"
    assert rules(school, sam) == {"E-REQUIRED"}
    school.records.edit(sam, Patch({"ni_number": "AB123456C"}))
    now = school.keying.page_done(item, "ni_number", "found")
    assert now.page == "name"
    document = school.records.view(sam).document
    assert (document.get("ni_number"), document.get("date_of_birth")) == (None, None)


@pytest.mark.parametrize(
    "answer", ["not_found", "already_registered", "completed", "exempt", "failed", "prohibited"]
)
def test_a_block_stops_the_sheet_says_why_and_stays_with_the_record(school: Workspace, answer: str) -> None:
    """Section 1.1, outcomes of step 1."""
    sam = added(school, ECT)
    item = f"{sam}:register_ect"
    now = typed(school, item, answer)
    assert now.stopped
    assert "E-PORTAL-BLOCK" in rules(school, sam)
    school.keying.give_up(item, "The portal stopped")
    assert school.records.view(sam).sync is Sync.DRAFT
    assert school.records.view(sam).document.get("portal_answer") == answer


def test_changes_of_a_registered_ect_ask_only_what_changed(school: Workspace) -> None:
    """Sections 1.4 to 1.7."""
    sam = added(school, ECT)
    register(school, sam)
    school.records.edit(sam, Patch({"email": "new@example.com", "working_pattern": "part_time"}))
    assert pages(school.keying.get(f"{sam}:change")) == ["email", "pattern"]
    school.records.edit(sam, Patch({"training_programme": "school_led", "lead_provider": None}))
    assert pages(school.keying.get(f"{sam}:change")) == ["email", "pattern", "programme"]
    typed(school, f"{sam}:change")
    school.keying.finish(f"{sam}:change", "accepted")
    assert school.records.view(sam).sync is Sync.CLEAN


def test_a_provider_alone_has_a_page_of_its_own(school: Workspace) -> None:
    sam = added(school, ECT)
    register(school, sam)
    school.records.edit(sam, Patch({"lead_provider": "ambition_institute"}))
    assert pages(school.keying.get(f"{sam}:change")) == ["provider"]


def test_a_mentor_is_linked_on_a_sheet_of_its_own(school: Workspace) -> None:
    """Section 1.3."""
    sam, priya = added(school, ECT), added(school, MENTOR)
    register(school, sam)
    register(school, priya, "register_mentor")
    link = new_id()
    school.records.edit(
        sam, Patch(children={"mentorships": {link: ChildPatch(dict(MENTORSHIP), added=True)}})
    )
    assert pages(school.keying.get(f"{sam}:mentor")) == [f"mentor.{link}", "training"]
    typed(school, f"{sam}:mentor")
    school.keying.finish(f"{sam}:mentor", "accepted")
    view = school.records.view(sam)
    assert (view.sync, [f.rule for f in view.findings]) == (Sync.CLEAN, [])


def test_leaving_is_typed_before_anything_else_and_ends_in_leaving(school: Workspace) -> None:
    """Sections 1.8 and 9."""
    sam = added(school, ECT)
    register(school, sam)
    added(school, ECT, trn="3099999", email="other@example.com")
    school.records.act(sam, "leave", {"leaving_on": "2026-12-18"})
    assert [item.journey for item in school.keying.items()] == ["leave", "register_ect"]
    typed(school, f"{sam}:leave")
    school.keying.finish(f"{sam}:leave", "accepted")
    view = school.records.view(sam)
    assert (view.state, view.document.get("finished_on"), view.sync) == ("leaving", "2026-12-18", Sync.CLEAN)
    assert rules(school, sam) == set()


def test_the_induction_tutor_is_declared(school: Workspace) -> None:
    """Section 1.9."""
    record = added(school, SCHOOL, induction_tutor_confirmed=2025)
    typed(school, f"{record}:induction_tutor")
    school.keying.finish(f"{record}:induction_tutor", "accepted")
    view = school.records.view(record)
    assert (view.sync, view.document.get("induction_tutor_confirmed"), view.findings) == (
        Sync.CLEAN,
        2026,
        (),
    )
    school.records.edit(record, Patch({"induction_tutor_email": "new.tutor@example.com"}))
    assert pages(school.keying.get(f"{record}:induction_tutor")) == ["tutor", "check"]


def test_what_is_missing_is_said_before_the_session_runs(school: Workspace) -> None:
    sam = added(school, ECT, lead_provider=None)
    with pytest.raises(NotReady, match="Lead provider"):
        school.keying.begin(f"{sam}:register_ect")


def test_what_waits_knows_its_sheet(school: Workspace) -> None:
    added(school, MENTOR)
    added(school, ECT)
    items = school.queue.items()
    assert {(item.record_label, item.group, item.journey) for item in items} == {
        ("Okafor, Sam", "hand", "register_ect"),
        ("Lindqvist, Priya", "hand", "register_mentor"),
    }
