"""A school's September, typed into the portal's website: sheets in order, branches, and what stays afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from desktop.model.document import ChildPatch, Patch
from desktop.model.errors import UsageError
from desktop.model.ids import new_id
from desktop.model.standing import Sync
from desktop.services.keying import Keying, NotReady
from desktop.services.keying_beside import Beside
from desktop.services.keying_job import Stand
from desktop.services.keying_list import KeyList
from desktop.services.workspace import Workspace
from desktop.store import vault
from desktop.sync import outbox
from tests.unit.collections.ects.sample import ECT, MENTOR, MENTORSHIP, SCHOOL
from tests.unit.services.test_school_workspace import BORN, CHEAP, Clock, added, make, rules

USUAL = {"find": "found", "name": "email", "email": "on", "start": "on", "pattern": "body", "mentor": "on"}
"""What the portal shows when nothing is in the way."""
OF_MENTOR = {**USUAL, "email": "check"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Workspace]:
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    made = make(tmp_path / "w", chosen=("ects",), clock=clock)
    yield made
    made.close()


def pages(sheet: Keying) -> list[str]:
    return [page.key for page in sheet.sheet.way]


def typed(workspace: Workspace, item: str, **shown: str) -> Keying:
    """Type a sheet from its first page on; `shown` = what the portal shows after a page, where it is not the usual."""
    usual = OF_MENTOR if item.endswith("register_mentor") else USUAL
    now = workspace.keying.begin(item)
    while now.page and not now.stopped:
        page = now.open_page
        assert page is not None
        name = page.key.partition(".")[0]
        now = workspace.keying.page_done(
            item, page.key, {**usual, **shown}.get(name, "") if page.outcomes else ""
        )
    return now


def through(workspace: Workspace, record_id: str, journey: str) -> None:
    """Type a sheet to its end; the portal takes it."""
    typed(workspace, f"{record_id}:{journey}")
    workspace.keying.finish(f"{record_id}:{journey}", "accepted")


def stopped(workspace: Workspace, record_id: str, journey: str, **shown: str) -> None:
    """Type a sheet until the portal stops it."""
    now = typed(workspace, f"{record_id}:{journey}", **shown)
    workspace.keying.finish(f"{record_id}:{journey}", "refused", why=now.stopped)


def linked(workspace: Workspace, sam: str, **changes: str) -> str:
    """Ask for a mentor of an ECT; the id of the link."""
    link = new_id()
    answers = MENTORSHIP | changes
    workspace.records.edit(sam, Patch(children={"mentorships": {link: ChildPatch(answers, added=True)}}))
    return link


def order(workspace: Workspace) -> list[str]:
    return [item.journey for item in workspace.keying.items()]


def why_not(workspace: Workspace, record_id: str, journey: str) -> str:
    return workspace.keying.get(f"{record_id}:{journey}").item.why_not


# --- sheets ---------------------------------------------------------------------------------------------------------


def test_answers_are_ready_to_copy(school: Workspace) -> None:
    """Section 3.1: seven digits, whatever was typed."""
    sam = added(school, ECT, trn="RP30/12345")
    sheet = school.keying.get(f"{sam}:register_ect").sheet
    lines = {line.label: line.copies for page in sheet.way for line in page.lines}
    assert lines["Teacher reference number (TRN)"] == ("3012345",)
    assert lines["Date of birth"] == ("17", "4", "1999")
    assert lines["Enter appropriate body name"] == ("Alban Teaching School Hub",)
    assert lines["Select lead provider"] == ("Teach First",)


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
    for page in ("name", "email", "start", "pattern", "body", "programme", "provider", "check"):
        school.keying.page_done(item, page, USUAL.get(page, ""))
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


def test_what_is_missing_is_said_before_the_session_runs(school: Workspace) -> None:
    """Section 9: required answers are known offline."""
    sam = added(school, ECT, lead_provider=None)
    with pytest.raises(NotReady, match="Select lead provider"):
        school.keying.begin(f"{sam}:register_ect")


def test_what_waits_knows_its_sheet(school: Workspace) -> None:
    """Section 0, fact 1: all of it is typed."""
    added(school, MENTOR)
    added(school, ECT)
    items = school.queue.items()
    assert {(item.record_label, item.group, item.journey) for item in items} == {
        ("Okafor, Sam", "hand", "register_ect"),
        ("Lindqvist, Priya", "hand", "register_mentor"),
    }


# --- the portal stops ----------------------------------------------------------------------------------------------

BLOCKS = ["not_found", "already_registered", "completed", "exempt", "failed", "prohibited"]


@pytest.mark.parametrize("answer", BLOCKS)
def test_a_block_stops_the_sheet_and_its_code_stays_with_record_and_change(
    school: Workspace, answer: str
) -> None:
    """Section 1.1, outcomes of step 1; section 9: blocked, with a reason code."""
    sam = added(school, ECT)
    stopped(school, sam, "register_ect", find=answer)
    assert "E-PORTAL-BLOCK" in rules(school, sam)
    view = school.records.view(sam)
    assert (view.sync, view.document.get("portal_answer")) == (Sync.REJECTED, answer)
    (item,) = school.keying.items()
    assert (item.stand, item.code) == (Stand.REFUSED, answer)
    (need,) = school.conflicts.needs()
    assert need.kind == "refused"
    assert "did not take it" in need.what


@pytest.mark.parametrize(("page", "answer"), [("email", "email_in_use"), ("start", "cannot_register_yet")])
def test_stop_pages_further_on(school: Workspace, page: str, answer: str) -> None:
    """Section 1.1, steps 3a and 4a."""
    sam = added(school, ECT)
    stopped(school, sam, "register_ect", **{page: answer})
    (item,) = school.keying.items()
    assert (item.code, item.instead) == (answer, "")


def test_what_was_put_right_is_typed_anew(school: Workspace) -> None:
    """Section 0, fact 5: the date of birth went with the portal's answer, so it is asked for again."""
    sam = added(school, ECT)
    stopped(school, sam, "register_ect", find="not_found")
    school.keying.try_again(f"{sam}:register_ect")
    assert school.records.view(sam).document.get("portal_answer") is None
    assert rules(school, sam) == {"E-REQUIRED"}
    school.records.edit(sam, Patch({"trn": "3012346", "date_of_birth": "1999-04-18"}))
    (item,) = school.keying.items()
    assert (item.stand, item.code, item.why_not) == (Stand.WAITING, "", "")
    with pytest.raises(UsageError, match="has not stopped"):
        school.keying.try_again(item.id)


def test_a_mentor_who_is_there_already_is_linked_instead(school: Workspace) -> None:
    """Section 1.2, step 1: offer to just assign."""
    sam, priya = added(school, ECT), added(school, MENTOR)
    through(school, sam, "register_ect")
    now = typed(school, f"{priya}:register_mentor", find="already_registered")
    assert now.instead == "Link this mentor to the ECT instead"
    school.keying.instead(now.item.id)
    view = school.records.view(priya)
    assert (view.state, view.sync) == ("registered", Sync.QUEUED), (
        "the email is proposed, not taken for known"
    )
    assert [(i.record_id, i.journey, i.why_not) for i in school.keying.items()] == [
        (sam, "mentor", ""),
        (priya, "change", ""),
    ]


def test_an_ect_who_is_there_already_is_taken_over_with_our_answers_as_changes(school: Workspace) -> None:
    """Section 9: keep the portal's, attach our other answers as proposed edits."""
    sam = added(school, ECT)
    stopped(school, sam, "register_ect", find="already_registered")
    (item,) = school.keying.items()
    assert item.instead
    school.keying.instead(item.id)
    view = school.records.view(sam)
    assert view.state == "registered"
    assert set(view.pending.fields) == {
        *("email", "working_pattern", "appropriate_body", "training_programme", "lead_provider"),
    }
    assert order(school) == ["change", "body", "programme"]


def test_where_there_is_no_other_way_none_is_taken(school: Workspace) -> None:
    sam = added(school, ECT)
    stopped(school, sam, "register_ect", find="exempt")
    with pytest.raises(UsageError, match="no other way"):
        school.keying.instead(f"{sam}:register_ect")


def test_what_nobody_saw_is_settled_by_looking(school: Workspace) -> None:
    """Section 0, fact 1: nothing can be read back."""
    sam = added(school, ECT)
    typed(school, f"{sam}:register_ect")
    school.keying.finish(f"{sam}:register_ect", "unsure")
    (item,) = school.keying.items()
    assert (item.stand, item.settles) == (Stand.TYPED, True)
    assert "say what it shows" in item.why_not
    school.keying.is_there(item.id)
    view = school.records.view(sam)
    assert (view.state, view.sync) == ("registered", Sync.CLEAN)


# --- replay order (section 9) ---------------------------------------------------------------------------------------


def test_the_list_is_in_the_order_in_which_a_school_types(school: Workspace) -> None:
    """Section 9: induction tutor; leavers; ECTs; mentors; links; then edits."""
    sam, ada = added(school, ECT), added(school, ECT, trn="3077777", email="ada@example.com")
    for one in (sam, ada):
        through(school, one, "register_ect")
    school.records.edit(sam, Patch({"email": "sam@example.com", "lead_provider": "ambition_institute"}))
    linked(school, sam)
    added(school, MENTOR)
    added(school, ECT, trn="3099999", email="other@example.com")
    school.records.act(ada, "leave", {"leaving_on": "2026-12-18"})
    added(school, SCHOOL, induction_tutor_confirmed=2025)
    assert order(school) == [
        *("induction_tutor", "leave", "register_ect", "register_mentor", "mentor", "change", "provider"),
    ]


def test_a_mentor_and_a_link_wait_for_those_whom_they_name(school: Workspace) -> None:
    """Section 9: each mentor names its ECT; section 1.3: only registered mentors are in the list."""
    sam, priya = added(school, ECT), added(school, MENTOR)
    assert "until Sam Okafor is registered" in why_not(school, priya, "register_mentor")
    with pytest.raises(UsageError, match="Sam Okafor"):
        school.keying.begin(f"{priya}:register_mentor")
    through(school, sam, "register_ect")
    assert why_not(school, priya, "register_mentor") == ""
    linked(school, sam)
    assert "until Priya Lindqvist is registered as a mentor" in why_not(school, sam, "mentor")


def test_registering_a_mentor_links_the_ect(school: Workspace) -> None:
    """Section 1.2, confirm: a link that was asked for already is the one that is made."""
    sam, priya = added(school, ECT), added(school, MENTOR)
    through(school, sam, "register_ect")
    link = linked(school, sam)
    through(school, priya, "register_mentor")
    view = school.records.view(sam)
    (child,) = view.document.children["mentorships"]
    assert (child.id, view.sync, view.findings) == (link, Sync.CLEAN, ())
    assert school.keying.items() == []


def test_another_mentor_is_linked_on_a_sheet_of_its_own(school: Workspace, clock: Clock) -> None:
    """Sections 1.3 and 1.6: the mentor before is ended the day before."""
    sam = added(school, ECT)
    through(school, sam, "register_ect")
    for trn, name in (("2054321", "Priya"), ("2054322", "Noor")):
        mentor = added(school, MENTOR, trn=trn, first_names=name, email=f"{name}@example.com")
        through(school, mentor, "register_mentor")
        clock.now = datetime(2026, 10, 5, 9, tzinfo=UTC)
    first, second = school.records.view(sam).document.children["mentorships"]
    assert (first.fields.get("finished_on"), second.fields.get("started_on")) == ("2026-10-04", "2026-10-05")
    third = linked(school, sam, mentor_trn="2054321", started_on="2026-11-02")
    patch = {second.id: ChildPatch({"finished_on": "2026-11-01"})}
    school.records.edit(sam, Patch(children={"mentorships": patch}))
    assert pages(school.keying.get(f"{sam}:mentor")) == [f"mentor.{third}", "check"]
    through(school, sam, "mentor")
    assert school.records.view(sam).sync is Sync.CLEAN


def spells(
    workspace: Workspace, record_id: str, kind: str = "mentorships"
) -> list[tuple[object, object, object]]:
    """(who, first day, last day) of the links or training periods of a record, in the order of their first days."""
    children = workspace.records.view(record_id).document.children.get(kind, [])
    told = [
        (c.fields.get("mentor_trn"), c.fields.get("started_on"), c.fields.get("finished_on"))
        for c in children
    ]
    return sorted(told, key=lambda one: str(one[1]))


def with_mentor(workspace: Workspace, **mentor: str) -> tuple[str, str]:
    """A registered ECT and the registered mentor, who are linked since the day of typing."""
    sam, priya = added(workspace, ECT), added(workspace, MENTOR, **mentor)
    through(workspace, sam, "register_ect")
    through(workspace, priya, "register_mentor")
    return sam, priya


def another(workspace: Workspace, trn: str, name: str, **more: str) -> str:
    """A mentor whom the portal has, and who is linked to nobody who matters here."""
    mentor = added(workspace, MENTOR, trn=trn, first_names=name, email=f"{name}@example.com", **more)
    through(workspace, mentor, "register_mentor")
    return mentor


@pytest.mark.parametrize(
    ("asked", "mentor", "start"),
    [
        ("2026-09-04", {}, "2026-09-20"),
        ("2026-11-02", {}, "2026-09-20"),
        ("2026-11-02", {"started_on": "2026-10-12"}, "2026-10-12"),
    ],
)
def test_a_link_begins_when_the_portal_begins_it(
    school: Workspace, asked: str, mentor: dict[str, str], start: str
) -> None:
    """Section 1.3: the latest of the ECT's start, the mentor's, and the day of typing."""
    ada = added(school, ECT, trn="3077777", email="ada@example.com")
    through(school, ada, "register_ect")
    another(school, "2054321", "Priya", ect_trn="3077777", **mentor)
    sam = added(school, ECT)
    through(school, sam, "register_ect")
    linked(school, sam, started_on=asked)
    typed(school, f"{sam}:mentor")
    school.keying.finish(f"{sam}:mentor", "accepted")
    assert spells(school, sam) == [("2054321", start, None)]
    assert school.records.view(sam).sync is Sync.CLEAN


def test_the_day_of_typing_counts_for_a_link_and_not_the_day_of_saying_so(
    school: Workspace, clock: Clock
) -> None:
    """Section 1.3."""
    sam, _ = with_mentor(school)
    noor = another(school, "2054322", "Noor", ect_trn="3099999")
    assert school.records.view(noor).sync is Sync.CLEAN
    clock.now = datetime(2026, 10, 9, 9, tzinfo=UTC)
    (old,) = school.records.view(sam).document.children["mentorships"]
    end = {old.id: ChildPatch({"finished_on": "2026-10-31"})}
    school.records.edit(sam, Patch(children={"mentorships": end}))
    linked(school, sam, mentor_trn="2054322", mentor_name="Noor", started_on="2026-11-01")
    typed(school, f"{sam}:mentor")
    school.keying.finish(f"{sam}:mentor", "accepted", on=date(2026, 10, 5))
    assert spells(school, sam) == [
        ("2054321", "2026-09-20", "2026-10-04"),
        ("2054322", "2026-10-05", None),
    ]
    assert school.records.view(sam).sync is Sync.CLEAN


def test_a_link_that_began_on_the_same_day_goes(school: Workspace) -> None:
    """Section 1.3: begun on or after the new start, it is deleted."""
    sam, _ = with_mentor(school)
    another(school, "2054322", "Noor", ect_trn="3099999")
    (old,) = school.records.view(sam).document.children["mentorships"]
    end = {old.id: ChildPatch({"finished_on": "2026-09-20"})}
    school.records.edit(sam, Patch(children={"mentorships": end}))
    linked(school, sam, mentor_trn="2054322", mentor_name="Noor", started_on="2026-09-21")
    through(school, sam, "mentor")
    assert spells(school, sam) == [("2054322", "2026-09-20", None)]


def test_a_link_that_was_found_there_keeps_its_days(school: Workspace) -> None:
    """Section 1.3: nobody here knows when it was typed."""
    sam, _ = with_mentor(school)
    (old,) = school.records.view(sam).document.children["mentorships"]
    end = {old.id: ChildPatch({"finished_on": "2026-10-01"})}
    school.records.edit(sam, Patch(children={"mentorships": end}))
    linked(school, sam, mentor_trn="2054322", mentor_name="Noor", started_on="2026-10-02")
    school.keying.is_there(f"{sam}:mentor")
    assert spells(school, sam) == [
        ("2054321", "2026-09-20", "2026-10-01"),
        ("2054322", "2026-10-02", None),
    ]


@pytest.mark.parametrize(("only_here", "start"), [("yes", "2026-09-10"), ("no", "2026-09-20")])
def test_only_the_first_link_of_a_mentor_who_moves_here_is_backdated(
    school: Workspace, only_here: str, start: str
) -> None:
    """Section 1.3: today is dropped only when the mentor moves to this school alone and the ECT never had one."""
    sam, _ = with_mentor(school, only_here=only_here, started_on="2026-09-10")
    assert spells(school, sam) == [("2054321", start, None)]


def test_a_link_ends_with_the_earlier_of_the_two(school: Workspace) -> None:
    """Section 1.3: end = the earlier of the two end dates."""
    sam, _ = with_mentor(school)
    noor = another(school, "2054322", "Noor", ect_trn="3099999")
    for one, day in ((sam, "2026-12-18"), (noor, "2026-11-30")):
        school.records.act(one, "leave", {"leaving_on": day})
        through(school, one, "leave")
    (old,) = school.records.view(sam).document.children["mentorships"]
    end = {old.id: ChildPatch({"finished_on": "2026-09-20"})}
    school.records.edit(sam, Patch(children={"mentorships": end}))
    linked(
        school,
        sam,
        mentor_trn="2054322",
        mentor_name="Noor",
        started_on="2026-09-21",
        finished_on="2026-11-01",
    )
    through(school, sam, "mentor")
    assert spells(school, sam) == [("2054322", "2026-09-20", "2026-11-30")]


# --- leaving (1.8) --------------------------------------------------------------------------------------------------


def training(workspace: Workspace, record_id: str, *periods: tuple[str, str | None]) -> None:
    """Training periods that the portal shows."""
    kind = "training"
    more = {
        new_id(): ChildPatch(
            {"training_programme": "school_led", "started_on": first, "finished_on": last}, added=True
        )
        for first, last in periods
    }
    workspace.records.edit(record_id, Patch(children={kind: more}))
    for item in workspace.keying.of_record(record_id):
        workspace.keying.is_there(item.id)


def test_what_an_ect_had_ends_with_the_last_day(school: Workspace) -> None:
    """Section 1.8: what begins on or after it goes, what spans it ends on it, the period too."""
    sam, _ = with_mentor(school)
    training(school, sam, ("2026-09-01", "2026-10-15"), ("2026-10-16", None))
    school.records.act(sam, "leave", {"leaving_on": "2026-10-16"})
    through(school, sam, "leave")
    view = school.records.view(sam)
    assert (view.document.get("finished_on"), view.sync, view.pending) == ("2026-10-16", Sync.CLEAN, Patch())
    assert spells(school, sam) == [("2054321", "2026-09-20", "2026-10-16")]
    assert spells(school, sam, "training") == [(None, "2026-09-01", "2026-10-15")]


def test_training_that_spans_the_last_day_ends_on_it(school: Workspace) -> None:
    """Section 1.8."""
    sam = added(school, ECT)
    through(school, sam, "register_ect")
    training(school, sam, ("2026-09-01", None))
    school.records.act(sam, "leave", {"leaving_on": "2026-12-18"})
    through(school, sam, "leave")
    assert spells(school, sam, "training") == [(None, "2026-09-01", "2026-12-18")]


def test_an_earlier_last_day_stays(school: Workspace) -> None:
    """Section 1.8: if an earlier end was already there, only the reporter is stored."""
    sam, _ = with_mentor(school)
    for day in ("2026-10-16", "2026-12-18"):
        school.records.act(sam, "leave", {"leaving_on": day})
        through(school, sam, "leave")
    assert school.records.view(sam).document.get("finished_on") == "2026-10-16"
    assert spells(school, sam) == [("2054321", "2026-09-20", "2026-10-16")]


def test_the_links_of_a_mentor_end_in_the_records_of_their_ects(school: Workspace) -> None:
    """Section 1.8: at the earlier of the mentor's and the ECT's end, for this school's period only."""
    sam, priya = with_mentor(school)
    ada = added(school, ECT, trn="3077777", email="ada@example.com")
    through(school, ada, "register_ect")
    linked(school, ada)
    through(school, ada, "mentor")
    school.records.act(ada, "leave", {"leaving_on": "2026-10-09"})
    through(school, ada, "leave")
    school.records.act(priya, "leave", {"leaving_on": "2026-10-30"})
    through(school, priya, "leave")
    assert spells(school, sam) == [("2054321", "2026-09-20", "2026-10-30")]
    assert spells(school, ada) == [("2054321", "2026-09-20", "2026-10-09")]
    for one in (sam, ada, priya):
        assert school.records.view(one).sync is Sync.CLEAN
    assert school.records.view(priya).document.get("finished_on") == "2026-10-30"


def test_a_link_that_was_only_planned_stays_to_be_decided_when_the_mentor_leaves(school: Workspace) -> None:
    """Section 9: leaving wins, and what was edited is held; it is never dropped without a word."""
    sam = added(school, ECT)
    through(school, sam, "register_ect")
    priya = another(school, "2054321", "Priya", ect_trn="3099999")
    linked(school, sam, started_on="2026-11-02")
    school.records.act(priya, "leave", {"leaving_on": "2026-10-30"})
    through(school, priya, "leave")
    assert spells(school, sam) == [("2054321", "2026-11-02", None)]
    assert school.records.view(sam).sync is not Sync.CLEAN


# --- sheets that share a change -------------------------------------------------------------------------------------


def test_a_refusal_stays_with_its_own_sheet(school: Workspace) -> None:
    """Section 1.7: the body is locked; the email and the provider are still to be typed (1.5)."""
    sam = added(school, ECT)
    through(school, sam, "register_ect")
    edits = {
        "email": "new@example.com",
        "appropriate_body": "balcarras",
        "lead_provider": "ambition_institute",
    }
    school.records.edit(sam, Patch(dict(edits)))
    stopped(school, sam, "body", body="locked")

    def stands() -> dict[str, tuple[Stand, str, bool]]:
        return {i.journey: (i.stand, i.code, bool(i.reason)) for i in school.keying.items()}

    waiting, refused = (Stand.WAITING, "", False), (Stand.REFUSED, "locked", True)
    assert stands() == {"change": waiting, "body": refused, "provider": waiting}
    typed(school, f"{sam}:change")
    school.keying.finish(f"{sam}:change", "refused", why="The address is not taken.")
    items = {item.journey: item for item in school.keying.items()}
    assert stands() == {"change": (Stand.REFUSED, "", True), "body": refused, "provider": waiting}
    assert "The address is not taken." in items["change"].reason
    assert "The address is not taken." not in items["body"].reason
    through(school, sam, "provider")
    assert stands() == {"change": (Stand.REFUSED, "", True), "body": refused}
    through(school, sam, "change")
    assert stands() == {"body": refused}
    view = school.records.view(sam)
    assert (view.sync, set(view.pending.fields)) == (Sync.REJECTED, {"appropriate_body"})
    school.records.edit(sam, Patch({"appropriate_body": "alban"}))
    assert (stands(), school.records.view(sam).sync) == ({}, Sync.CLEAN)


# --- many at once ---------------------------------------------------------------------------------------------------


def test_a_list_finds_the_same_records_beside_each_sheet_as_the_sheet_alone(school: Workspace) -> None:
    """Section 9, offline checks: same person, same address, mentors, ECTs, the school."""
    added(school, SCHOOL)
    sam, priya = added(school, ECT), added(school, MENTOR)
    linked(school, sam)
    added(school, ECT, trn="3077777", email=MENTOR["email"], school_urn=None)
    added(school, ECT, trn="3012345", email="twin@example.com", school_urn="654321")
    added(school, MENTOR, trn="2054322", email="noor@example.com", ect_trn="3077777")
    with school._store.read() as unit:
        jobs = [job for job, _ in KeyList(school._core, school.organisation).jobs(unit)]
        beside = Beside(unit, jobs)
        for job in jobs:
            alone = outbox.related_records(unit, job.collection, job.record.document, job.record.id)
            assert [one.id for one in beside.related(job)] == [one.id for one in alone]
            assert [one.id for one in beside.changes(job)] == [
                c.id for c in unit.outbox.of_record(job.record.id)
            ]
        found = {str(job.record.id): [str(one.id) for one in beside.related(job)] for job in jobs}
    assert priya in found[sam]
    assert sam in found[priya]


def test_a_longer_list_asks_the_store_little_more(school: Workspace) -> None:
    """200 ECTs and 100 mentors are listed at once."""
    added(school, SCHOOL)

    def asked() -> int:
        times: list[str] = []
        with school._store.read() as unit:
            listing = KeyList(school._core, school.organisation)
            sa.event.listen(
                unit.connection, "before_cursor_execute", lambda _c, _k, text, *_: times.append(text)
            )
            for look, why in listing.looks(unit, listing.jobs(unit)):
                look.item(why)
        return len(times)

    def grown(start: int, count: int) -> int:
        for n in range(start, start + count):
            added(school, ECT, trn=f"30{n:05}", email=f"e{n}@example.com")
        return asked()

    before, after = grown(0, 3), grown(3, 20)
    assert after - before <= 20, "one question for each sheet more, at most"


def test_the_induction_tutor_comes_before_everything_but_leaving(school: Workspace) -> None:
    """Section 1, gates."""
    sam = added(school, ECT)
    through(school, sam, "register_ect")
    added(school, SCHOOL, induction_tutor_confirmed=2025)
    school.records.edit(sam, Patch({"working_pattern": "part_time"}))
    new = added(school, ECT, trn="3099999", email="other@example.com")
    for record, journey in ((sam, "change"), (new, "register_ect")):
        assert "The induction tutor of 2026 to 2027 comes first" in why_not(school, record, journey)
    school.records.act(sam, "leave", {"leaving_on": "2026-12-18"})
    assert why_not(school, sam, "leave") == ""


def test_leaving_wins_over_edits_made_since(school: Workspace) -> None:
    """Section 9: leaving against any edit; 1.8."""
    sam = added(school, ECT)
    through(school, sam, "register_ect")
    school.records.act(sam, "leave", {"leaving_on": "2026-12-18"})
    school.records.edit(sam, Patch({"working_pattern": "part_time"}))
    assert order(school) == ["leave", "change"]
    assert "is typed first, and wins" in why_not(school, sam, "change")
    through(school, sam, "leave")
    view = school.records.view(sam)
    assert (view.state, view.document.get("finished_on")) == ("leaving", "2026-12-18")
    assert dict(view.pending.fields) == {"working_pattern": "part_time"}, "an edit is never taken for typed"
    assert why_not(school, sam, "change") == ""


def test_who_has_left_is_edited_no_more(school: Workspace, clock: Clock) -> None:
    """Section 1.8: afterwards the school can neither see nor edit them."""
    sam = added(school, ECT)
    through(school, sam, "register_ect")
    school.records.act(sam, "leave", {"leaving_on": "2026-10-16"})
    through(school, sam, "leave")
    school.records.edit(sam, Patch({"email": "new@example.com"}))
    clock.now = datetime(2026, 10, 17, 9, tzinfo=UTC)
    assert "Sam Okafor left on 16 October 2026" in why_not(school, sam, "change")


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-05-31", ""), ("2026-06-01", "15 June 2026"), ("2026-06-14", "15 June 2026"), ("2026-06-15", "")],
)
def test_registering_waits_while_the_window_is_closed(
    school: Workspace, clock: Clock, day: str, said: str
) -> None:
    """Section 1, gates: 1 to 14 June 2026, both included."""
    sam = added(school, ECT, started_on="2026-01-05")
    clock.now = datetime.fromisoformat(f"{day}T09:00:00+00:00")
    told = why_not(school, sam, "register_ect")
    assert (said in told) if said else told == ""


def test_a_window_that_closed_since_is_said_and_held_when_the_sheet_opens(
    school: Workspace, clock: Clock
) -> None:
    """Section 9: every date window is worked out anew on the day of entry (3.4: the floor moved on 1 June)."""
    clock.now = datetime(2026, 5, 20, 9, tzinfo=UTC)
    sam = added(school, ECT, started_on="2023-09-01", lead_provider="ambition_institute")
    assert school.keying.get(f"{sam}:register_ect").item.wrong == ()
    clock.now = datetime(2026, 6, 20, 9, tzinfo=UTC)
    assert school.records.view(sam).sync is Sync.QUEUED
    (item,) = school.keying.items()
    assert "1 June 2024" in item.wrong[0]
    with pytest.raises(NotReady, match="too long ago"):
        school.keying.begin(item.id)
    assert school.records.view(sam).sync is Sync.DRAFT


def test_a_leaving_whose_window_moved_is_said_when_the_sheet_opens(school: Workspace) -> None:
    """Section 9, 1.8: training that began since moves the first day that is accepted."""
    sam = added(school, ECT)
    through(school, sam, "register_ect")
    school.records.act(sam, "leave", {"leaving_on": "2026-09-08"})
    training = ChildPatch({"training_programme": "school_led", "started_on": "2026-09-07"}, added=True)
    school.records.edit(sam, Patch(children={"training": {new_id(): training}}))
    with pytest.raises(NotReady, match="9 September 2026"):
        school.keying.begin(f"{sam}:leave")


# --- what one sheet means for others --------------------------------------------------------------------------------


def test_the_school_remembers_its_choices_and_offers_them_for_the_next(school: Workspace) -> None:
    """Section 1.1, on confirm; 1.1.2."""
    added(school, SCHOOL)
    (record,) = (item.record_id for item in school.keying.items())
    through(school, record, "induction_tutor")
    sam = added(school, ECT)
    sheet = school.keying.get(f"{sam}:register_ect").sheet
    previous = sheet.page("previous")
    assert previous is not None
    assert [line.words for line in previous.lines] == ["No"]
    through(school, sam, "register_ect")
    view = school.records.view(record)
    told = [
        view.document.get(f"last_{n}") for n in ("appropriate_body", "training_programme", "lead_provider")
    ]
    assert (told, view.sync) == (["alban", "provider_led", "teach_first"], Sync.CLEAN)
    ada = added(school, ECT, trn="3077777", email="ada@example.com")
    sheet = school.keying.get(f"{ada}:register_ect").sheet
    previous = sheet.page("previous")
    assert previous is not None
    assert [line.words for line in previous.lines] == ["Yes"]
    assert sheet.after("previous") == "check"
    assert sheet.after("pattern", "body") == "body"


def test_previous_choices_alone_are_enough_and_become_the_ects_own(school: Workspace) -> None:
    """Section 1.1, step 6: yes jumps to the check."""
    last = {"last_appropriate_body": "alban", "last_training_programme": "school_led"}
    added(school, SCHOOL, **last)
    none = dict.fromkeys(("appropriate_body", "training_programme", "lead_provider"))
    sam = added(school, ECT, use_previous_choices="yes", **none)
    typed(school, f"{sam}:register_ect", pattern="previous")
    school.keying.finish(f"{sam}:register_ect", "accepted")
    document = school.records.view(sam).document
    assert (document.get("appropriate_body"), document.get("training_programme")) == ("alban", "school_led")


# --- changes (1.4 to 1.8) -------------------------------------------------------------------------------------------


def test_changes_of_a_registered_ect_ask_only_what_changed(school: Workspace) -> None:
    """Sections 1.4 to 1.7: training has sheets of its own, and one typed leaves the other."""
    sam = added(school, ECT)
    through(school, sam, "register_ect")
    school.records.edit(sam, Patch({"email": "new@example.com", "working_pattern": "part_time"}))
    details = ["email", "check_email", "pattern", "check_pattern"]
    assert pages(school.keying.get(f"{sam}:change")) == details
    school.records.edit(sam, Patch({"training_programme": "school_led", "lead_provider": None}))
    assert order(school) == ["change", "programme"]
    assert pages(school.keying.get(f"{sam}:change")) == details
    assert pages(school.keying.get(f"{sam}:programme")) == ["programme", "check"]
    through(school, sam, "change")
    assert set(school.records.view(sam).pending.fields) == {"training_programme", "lead_provider"}
    through(school, sam, "programme")
    assert school.records.view(sam).sync is Sync.CLEAN


def test_a_provider_alone_has_a_sheet_of_its_own(school: Workspace) -> None:
    """Section 1.7."""
    sam = added(school, ECT)
    through(school, sam, "register_ect")
    school.records.edit(sam, Patch({"lead_provider": "ambition_institute"}))
    assert order(school) == ["provider"]
    assert pages(school.keying.get(f"{sam}:provider")) == ["provider", "check"]


def test_what_no_page_asks_for_can_be_said_to_stand_there(school: Workspace) -> None:
    """Section 1.1: a start date is never changed at the portal by a school."""
    sam = added(school, ECT)
    through(school, sam, "register_ect")
    school.records.edit(sam, Patch({"started_on": "2026-09-02"}))
    (item,) = school.keying.items()
    assert "does not ask for it" in item.why_not
    school.keying.is_there(item.id)
    assert (school.keying.items(), school.records.view(sam).sync) == ([], Sync.CLEAN)


def test_the_induction_tutor_is_declared(school: Workspace) -> None:
    """Section 1.9."""
    record = added(school, SCHOOL, induction_tutor_confirmed=2025)
    through(school, record, "induction_tutor")
    view = school.records.view(record)
    told = (view.sync, view.document.get("induction_tutor_confirmed"), view.findings)
    assert told == (Sync.CLEAN, 2026, ())
    school.records.edit(record, Patch({"induction_tutor_email": "new.tutor@example.com"}))
    assert pages(school.keying.get(f"{record}:induction_tutor")) == ["tutor", "check"]


def test_a_tutor_is_confirmed_for_the_new_year_with_one_answer(school: Workspace, clock: Clock) -> None:
    """Section 1.9: yes confirms for the year at once."""
    record = added(school, SCHOOL)
    through(school, record, "induction_tutor")
    clock.now = datetime(2027, 6, 20, 9, tzinfo=UTC)
    school.records.edit(record, Patch({"induction_tutor_confirmed": 2027}))
    sheet = school.keying.get(f"{record}:induction_tutor").sheet
    assert [page.key for page in sheet.way] == ["tutor"]
    assert [(line.label, line.words) for line in sheet.way[0].lines] == [
        ("Are these details correct?", "Yes")
    ]
