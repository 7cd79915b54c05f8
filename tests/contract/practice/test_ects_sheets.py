"""Every journey of the collection, typed from its sheet into the practice website of Register ECTs, without a window.

What a sheet says in its headings, labels, buttons and outcomes is what the website shows, and at the end it holds what the
record says. Source: domain pack register-ects 1.1 to 1.9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from desktop.model.document import ChildPatch, Fields, Patch, Value
from desktop.model.ids import new_id
from desktop.practice.ects.furnish import ACADEMY, PRIMARY, SPECIAL
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from desktop.store import vault
from tests.contract.practice.keyed import NOW, Office, Screenless
from tests.contract.practice.schools import SchoolVisitor
from tests.fault.conftest import CHEAP


class Days:
    """The workspace's clock, which the test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture
def days() -> Days:
    return Days()


@pytest.fixture
def at(
    school: SchoolVisitor, days: Days, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Office]]:
    """Makes Jo's workspace at a school, who is signed in there."""
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    made: list[Workspace] = []

    def office(urn: str) -> Office:
        organisation = Organisation("A school", "school", "", urn, ("ects",))
        made.append(
            Workspace.create(tmp_path / urn, organisation, "made up", clock=days, actor="Jo", remember=False)
        )
        return Office(made[-1], Screenless(school.sign_in(urn)), school.portal, urn)

    yield office
    for workspace in made:
        workspace.close()


@pytest.fixture
def office(at: Callable[[str], Office]) -> Office:
    return at(ACADEMY)


def finish(office: Office, record: str, journey: str) -> None:
    office.key(record, journey)
    assert office.workspace.keying.finish(f"{record}:{journey}", "accepted") is None


def registered(office: Office, case: str, **more: Value) -> str:
    """An ECT who was registered from the sheet."""
    record = office.add(case, **more)
    office.to_register()
    finish(office, record, "register_ect")
    assert office.agrees(record, case)
    return record


def change(office: Office, record: str, case: str, slug: str, **fields: Value) -> None:
    """Change answers of a registered teacher, and open the page that takes them."""
    office.workspace.records.edit(record, Patch(dict(fields)))
    office.web.open(f"/ects/{office.period(case)['id']}/{slug}")


# --- registering (1.1)


def test_a_name_is_corrected_while_registering(office: Office) -> None:
    """1.1 steps 2 and 2a."""
    reason = {"name_change_reason": "spelling", "same_person": "yes"}
    amina = registered(office, "found", name_is_right="no", corrected_name="Amina Okafour", **reason)
    assert office.name("2100001") == office.view(amina).document.get("corrected_name")


def test_registered_before_and_previous_choices(office: Office) -> None:
    """1.1 steps 2b and 6: the second ECT is offered the first one's choices."""
    registered(office, "found")
    office.portal.control.ects.add(
        "periods", role="ect", trn=office.portal.teachers.case("in_progress").trn, school=PRIMARY,
        began="2025-09-01", until="2026-07-17", working_pattern="full_time",
    )  # fmt: skip
    registered(office, "in_progress", started_on="2026-09-02", use_previous_choices="yes")
    assert office.training(office.period("in_progress"))["partnership"]


def test_an_independent_school_chooses_the_national_body(at: Callable[[str], Office]) -> None:
    """1.1.1, 1.1 step 7."""
    office = at(SPECIAL)
    office.portal.control.ects.put("schools", urn=SPECIAL, tutor_name="", tutor_email="", tutor_year=None)
    tutor = office.record(
        role="school", school_name="Wrenfield School", school_urn=SPECIAL, section_41="yes",
        school_type="other_independent_special_school", induction_tutor_name="Ruth Amadi",
        induction_tutor_email="ruth.amadi@example.com",
    )  # fmt: skip
    office.web.open("/ects")
    finish(office, tutor, "induction_tutor")
    registered(office, "found", appropriate_body="istip", training_programme="school_led", lead_provider=None)


@pytest.mark.parametrize(
    ("case", "answer"),
    [
        ("deactivated", "not_found"),
        ("exempt", "exempt"),
        ("failed", "failed"),
        ("prohibited", "prohibited"),
        ("no_number", "ni_number_differs"),
    ],
)
def test_where_the_website_stops_an_ect(office: Office, case: str, answer: str) -> None:
    """1.1, outcomes of steps 1 and 1a."""
    number = "JG103759A" if answer == "ni_number_differs" else None
    record = office.add(case, ni_number=number)
    office.to_register()
    assert office.key(record, "register_ect").stopped
    assert office.view(record).document.get("portal_answer") == answer


def test_where_the_website_stops_on_the_way(office: Office) -> None:
    """1.1: a colleague was first, 3a email in use, 4a cannot register yet; each said by its own page."""
    office.portal.control.ects.add(
        "periods", role="ect", trn="2100001", school=ACADEMY, began="2026-09-01", working_pattern="full_time",
        email="found@example.org",
    )  # fmt: skip
    again = office.add("found")
    office.to_register()
    assert office.key(again, "register_ect").stopped
    assert office.view(again).document.get("portal_answer") == "already_registered"
    office.portal.control.ects.put("years", year=2026, enabled=False)
    for case, more, answer in (
        ("in_progress", {"email": "FOUND@example.org"}, "email_in_use"),
        ("no_qts", {"started_on": "2026-09-20"}, "cannot_register_yet"),
    ):
        record = office.add(case, **more)
        office.to_register()
        office.workspace.keying.begin(f"{record}:register_ect", anyway=True)
        assert office.key(record, "register_ect").stopped
        assert office.view(record).document.get("portal_answer") == answer


# --- mentors (1.2, 1.3, 1.6)


def test_a_mentor_who_moves_here(office: Office) -> None:
    """1.2 steps 6 to 9; 1.3, the first link of a mentor who moves here alone begins with the mentor."""
    amina = registered(office, "found")
    trn = office.portal.teachers.case("passed").trn
    office.portal.control.ects.add(
        "periods", role="mentor", trn=trn, school=PRIMARY, began="2025-09-01", provider="teach_first"
    )
    more = {"only_here": "yes", "started_on": "2026-09-14", "same_choices": "yes"}
    mentor = office.mentor("passed", "found", **more)
    finish(office, mentor, "register_mentor")
    there, here = (p for p in office.held("periods") if p["trn"] == trn)
    assert (there["until"], here["began"]) == ("2026-09-13", office.view(mentor).document.get("started_on"))
    assert office.links(amina) == [(trn, "2026-09-14", None)]


def test_a_mentor_with_another_provider(office: Office) -> None:
    """1.2 step 5: the ECT's provider is not active in the mentor's contract period."""
    registered(office, "found")
    office.portal.control.ects.put("providers", id="teach_first", years=[2025])
    mentor = office.mentor("passed", "found", lead_provider="ambition_institute")
    finish(office, mentor, "register_mentor")
    assert office.training(office.period("passed", "mentor"))["provider"] == "ambition_institute"


def test_a_mentor_who_is_here_already_is_linked_instead(office: Office) -> None:
    """1.2 step 1: already registered, offer to just assign."""
    registered(office, "found")
    trn = office.portal.teachers.case("passed").trn
    office.portal.control.ects.add("periods", role="mentor", trn=trn, school=ACADEMY, began="2025-09-01")
    mentor = office.mentor("passed", "found")
    now = office.key(mentor, "register_mentor")
    assert now.stopped
    assert now.instead
    assert office.view(mentor).document.get("portal_answer") == "already_registered"


def test_a_mentor_is_changed_and_the_new_one_trained(
    office: Office, school: SchoolVisitor, days: Days
) -> None:
    """1.6, 5: eligibility page, check, and the link before ends; 1.3: with the day of typing, whatever was planned."""
    amina = registered(office, "found")
    first = office.mentor("passed", "found")
    finish(office, first, "register_mentor")
    trn = office.portal.teachers.case("exempt").trn
    second = office.portal.control.ects.add(
        "periods", role="mentor", trn=trn, school=ACADEMY, began="2025-09-01"
    )
    days.now = NOW.replace(month=10)
    school.on("2026-10-20")
    before = office.portal.teachers.case("passed").trn
    (old,) = office.view(amina).document.children["mentorships"]
    new: Fields = {"mentor_trn": trn, "mentor_name": "Gilbert Ashdown", "started_on": "2026-11-02"}
    links = {old.id: ChildPatch({"finished_on": "2026-11-01"}), new_id(): ChildPatch(new, added=True)}
    office.workspace.records.edit(amina, Patch({}, {"mentorships": links}))
    office.web.open(f"/ects/{office.period('found')['id']}/change-mentor")
    finish(office, amina, "mentor")
    assert office.links(amina) == [(before, "2026-09-20", "2026-10-19"), (trn, "2026-10-20", None)]
    assert office.training(second)["provider"] == "teach_first"


# --- changes (1.7)


def test_programme_provider_and_body_are_changed(office: Office) -> None:
    """1.7: each by its own sheet."""
    amina = registered(office, "found")
    change(office, amina, "found", "change-lead-provider", lead_provider="ambition_institute")
    finish(office, amina, "provider")
    assert office.agrees(amina, "found")
    change(office, amina, "found", "change-appropriate-body", appropriate_body="balcarras")
    finish(office, amina, "body")
    assert office.agrees(amina, "found")
    change(
        office, amina, "found", "change-training-programme", training_programme="school_led", lead_provider=None
    )  # fmt: skip
    finish(office, amina, "programme")
    assert office.agrees(amina, "found")
    change(
        office, amina, "found", "change-training-programme", training_programme="provider_led",
        lead_provider="best_practice_network",
    )  # fmt: skip
    finish(office, amina, "programme")
    assert office.agrees(amina, "found")


# --- leaving (1.8), the induction tutor (1.9)


def test_a_mentor_leaves(office: Office) -> None:
    """1.8."""
    amina = registered(office, "found")
    mentor = office.mentor("passed", "found")
    finish(office, mentor, "register_mentor")
    office.workspace.records.act(mentor, "leave", {"leaving_on": "2026-10-30"})
    office.web.open(f"/mentors/{office.period('passed', 'mentor')['id']}/leaving")
    finish(office, mentor, "leave")
    assert office.period("passed", "mentor")["until"] == "2026-10-30"
    trn = office.portal.teachers.case("passed").trn
    assert office.links(amina) == [(trn, "2026-09-20", "2026-10-30")]


def test_an_ect_leaves(office: Office) -> None:
    """1.8: the links end there and here."""
    amina = registered(office, "found")
    mentor = office.mentor("passed", "found")
    finish(office, mentor, "register_mentor")
    office.workspace.records.act(amina, "leave", {"leaving_on": "2026-10-30"})
    office.web.open(f"/ects/{office.period('found')['id']}/leaving")
    finish(office, amina, "leave")
    trn = office.portal.teachers.case("passed").trn
    assert office.links(amina) == [(trn, "2026-09-20", "2026-10-30")]
    assert office.period("found")["until"] == office.view(amina).document.get("finished_on") == "2026-10-30"


def test_the_lead_provider_of_a_mentor_who_is_linked(office: Office) -> None:
    """1.3, 5: the pages name the mentor."""
    amina = registered(office, "found")
    trn = office.portal.teachers.case("passed").trn
    mentor = office.portal.control.ects.add(
        "periods", role="mentor", trn=trn, school=ACADEMY, began="2025-09-01"
    )
    name = office.name(trn)
    link: Fields = {"mentor_trn": trn, "mentor_name": name, "started_on": "2026-09-20"}
    office.workspace.records.edit(amina, Patch({}, {"mentorships": {new_id(): ChildPatch(link, added=True)}}))
    office.to_ect("2100001")
    office.web.follow("Assign a mentor")
    item = f"{amina}:mentor"
    now = office.workspace.keying.begin(item)
    training, provider = now.sheet.page("training"), now.sheet.page("provider")
    assert training is not None
    assert provider is not None
    office.web.choose(name)
    office.web.press("Continue")
    assert office.web.heading == training.heading == f"{name} can receive mentor training"
    office.web.follow(f"Teach First will not be providing mentor training to {name}")
    assert office.web.heading == provider.heading
    assert name in provider.heading
    assert mentor["trn"] == trn


def test_the_tutor_is_told_confirmed_in_june_and_changed(
    at: Callable[[str], Office], school: SchoolVisitor, days: Days
) -> None:
    """1.9: the three ways, by one journey."""
    days.now = NOW.replace(month=5)
    school.portal.control.clock(days.now)
    office = at(PRIMARY)
    assert office.web.heading == "Tell us your induction tutor"
    record = office.record(
        role="school", school_name="Saltersgate Primary School", school_urn=PRIMARY, school_type="community_school",
        induction_tutor_name="Jo Hill", induction_tutor_email="jo.hill@example.com",
    )  # fmt: skip
    finish(office, record, "induction_tutor")

    def told() -> tuple[Value, ...]:
        mine = next(s for s in office.held("schools") if s["urn"] == PRIMARY)
        return mine["tutor_name"], mine["tutor_email"], mine["tutor_year"]

    def says() -> tuple[Value, ...]:
        names = ("induction_tutor_name", "induction_tutor_email", "induction_tutor_confirmed")
        return tuple(office.view(record).document.get(name) for name in names)

    assert told() == says() == ("Jo Hill", "jo.hill@example.com", 2025)

    days.now = NOW
    school.portal.control.clock(days.now)
    school.sign_in(PRIMARY)
    office.workspace.records.edit(record, Patch({"induction_tutor_confirmed": 2026}))
    assert office.web.heading == "Confirm induction tutor details"
    finish(office, record, "induction_tutor")
    assert told() == says() == ("Jo Hill", "jo.hill@example.com", 2026)

    office.workspace.records.edit(record, Patch({"induction_tutor_email": "jo.new@example.com"}))
    office.web.open("/induction-tutor/change")
    finish(office, record, "induction_tutor")
    assert told() == says() == ("Jo Hill", "jo.new@example.com", 2026)
