"""The practice website of Register ECTs: mentors (domain pack register-ects 1.2, 1.3, 1.6 and 5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from desktop.practice.ects.furnish import ACADEMY, PRIMARY
from tests.contract.practice.schools import SchoolVisitor


@pytest.fixture
def ect(school: SchoolVisitor) -> dict[str, Any]:
    """Amina Okafor, a provider-led ECT with Teach First."""
    return school.register(school.teacher())


def mentor_there(school: SchoolVisitor, place: int, urn: str = ACADEMY, **more: Any) -> dict[str, Any]:
    """An ordinary teacher who is a mentor at a school."""
    trn = school.another(place).trn
    return school.control.add(
        "periods", **({"role": "mentor", "trn": trn, "school": urn, "began": "2025-09-01"} | more)
    )


# --- registering (1.2)


@pytest.mark.parametrize(
    ("case", "heading"),
    [
        ("deactivated", "We’re unable to match the mentor with the details you provided"),
        ("found", "You cannot assign an ECT as their own mentor"),
        ("prohibited", "You cannot register Silas Grimshaw"),
        ("passed", "Check mentor details"),
        ("exempt", "Check mentor details"),
        ("failed", "Check mentor details"),
        ("no_qts", "Check mentor details"),
    ],
)
def test_what_the_lookup_leads_to(
    school: SchoolVisitor, ect: dict[str, Any], case: str, heading: str
) -> None:
    """1.2 step 1: neither QTS nor induction status is tested."""
    assert school.find_mentor(ect, school.teacher(case)).heading == heading


def test_the_same_person_is_told_before_the_date_of_birth(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.2 step 1, order of outcomes."""
    school.find_mentor(ect, school.teacher(), date(1980, 1, 1))
    assert school.heading == "You cannot assign an ECT as their own mentor"


@pytest.mark.parametrize(
    ("number", "heading"),
    [
        ("KL294817B", "Check mentor details"),
        ("JG103759A", "We’re unable to match the mentor with the details you provided"),
    ],
)
def test_the_national_insurance_number(
    school: SchoolVisitor, ect: dict[str, Any], number: str, heading: str
) -> None:
    """1.2 step 1a."""
    teacher = school.teacher("born_differs")
    assert (
        school.find_mentor(ect, teacher, teacher.said_born).heading == "We cannot find the mentor’s details"
    )
    assert school.send(ni_number=number).heading == heading


def test_a_mentor_needs_a_trn(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.2: an information page, and no way on."""
    school.get(f"/ects/{ect['id']}/register-mentor").send().follow("They do not have a TRN")
    assert school.heading == "You cannot register a mentor without a TRN"


def test_the_two_forms_keep_a_name_by_opposite_values(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.2 step 2: what a person sees is the same; `yes` keeps the name here, `no` kept it there."""
    school.find_mentor(ect, school.another(3)).send(change_name="no", status=422)
    assert "Enter the correct full name" in school.page.words
    assert school.send(change_name="yes").at.endswith("/email-address")


def test_a_new_mentor_is_stored_linked_and_trained(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.2 steps 3, 4 and 9; start is today when it is not asked; 1.3 start of the link; 5."""
    made = school.register_mentor(ect, school.another(3))
    assert (made["began"], made["until"], made["school"]) == ("2026-09-20", None, ACADEMY)
    (link,) = school.links(ect)
    assert (link["mentor"], link["began"]) == (made["id"], "2026-09-20")
    (training,) = school.training(made)
    assert (training["provider"], training["began"], training["programme"]) == (
        "teach_first", "2026-09-20", "provider_led",
    )  # fmt: skip
    name = school.another(3).shown_name
    assert name in school.get("/mentors").page.words
    assert "Registered" in school.get("/ects").page.words
    assert "Action required" not in school.page.words


def test_the_school_may_pick_another_provider(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.2 steps 4 and 5."""
    teacher = school.another(3)
    school.find_mentor(ect, teacher).send(change_name="yes").send(email=teacher.email)
    assert school.heading == f"{teacher.shown_name} can receive mentor training"
    school.follow(f"Teach First will not be providing mentor training to {teacher.shown_name}")
    school.send(provider="ambition_institute")
    assert "Ambition Institute" in school.page.words
    school.send()
    (training,) = school.training(school.period(teacher.trn, "mentor"))
    assert (training["provider"], training["partnership"]) == ("ambition_institute", "")


def test_a_provider_is_asked_when_the_ects_is_not_active(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.2 step 5: not active in the mentor's contract period."""
    school.control.put("providers", id="teach_first", years=[2025])
    teacher = school.another(3)
    school.find_mentor(ect, teacher).send(change_name="yes").send(email=teacher.email)
    assert school.at.endswith("/lead-provider")
    assert "teach_first" not in school.reply.text
    school.send(provider="ambition_institute").send()
    assert school.training(school.period(teacher.trn, "mentor"))[0]["provider"] == "ambition_institute"


@pytest.mark.parametrize("why", ["completed_declaration_received", "started_not_completed"])
def test_one_who_cannot_be_trained_is_asked_nothing_of_it(
    school: SchoolVisitor, ect: dict[str, Any], why: str
) -> None:
    """1.2, last sentence; 5: ineligible exactly when there is a reason."""
    teacher = school.another(3)
    school.control.put(
        "people", trn=teacher.trn, first_name=teacher.first_name, last_name=teacher.last_name, not_paid=why
    )
    school.find_mentor(ect, teacher).send(change_name="yes").send(email=teacher.email)
    assert school.at.endswith("/check-answers")
    school.send()
    assert school.training(school.period(teacher.trn, "mentor")) == []


def test_a_school_led_ect_brings_no_training(school: SchoolVisitor) -> None:
    """1.2, last sentence."""
    ect = school.register(school.teacher(), provider="")
    mentor = school.register_mentor(ect, school.another(3))
    assert school.training(mentor) == []


def test_one_who_is_registered_here_is_just_assigned(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.2 step 1: already registered, offer to just assign."""
    mentor = mentor_there(school, 3)
    teacher = school.another(3)
    school.find_mentor(ect, teacher)
    assert school.heading == "This mentor has already been registered"
    assert f"Assign {teacher.shown_name} to mentor Amina Okafor" in school.page.words
    school.send()
    assert school.heading == f"You’ve assigned {teacher.shown_name} as a mentor"
    assert [link["mentor"] for link in school.links(ect)] == [mentor["id"]]
    assert len([p for p in school.held("periods") if p["role"] == "mentor"]) == 1


def to_only_here(school: SchoolVisitor, ect: dict[str, Any], place: int) -> SchoolVisitor:
    teacher = school.another(place)
    return school.find_mentor(ect, teacher).send(change_name="yes").send(email=teacher.email)


def test_a_mentor_who_moves_ends_at_the_other_school(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.2 steps 6 to 9, on confirm: the day before the start."""
    old = mentor_there(school, 3, PRIMARY, provider="teach_first")
    assert to_only_here(school, ect, 3).at.endswith("/mentoring-at-new-school-only")
    school.send(status=422)
    school.send(only_here="yes").send(start_day="2026-09-10")
    assert "has been registered before" in school.heading
    school.send().send(same_choices="yes").send()
    ended = next(p for p in school.held("periods") if p["id"] == old["id"])
    made = school.period(school.another(3).trn, "mentor")
    assert (ended["until"], made["began"], made["school"]) == ("2026-09-09", "2026-09-10", ACADEMY)
    assert school.training(made)[0]["began"] == "2026-09-10"
    assert school.links(ect)[0]["began"] == "2026-09-10", "that link may be backdated (1.3)"


def test_a_mentor_at_several_schools_gets_no_new_training(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.2 step 6, on confirm: `no` keeps the others, goes to the check, and creates no training."""
    old = mentor_there(school, 3, PRIMARY, provider="teach_first")
    to_only_here(school, ect, 3).send(only_here="no")
    assert school.at.endswith("/check-answers")
    school.send()
    kept = next(p for p in school.held("periods") if p["id"] == old["id"])
    assert kept["until"] is None
    assert school.training(school.period(school.another(3).trn, "mentor")) == []


def test_one_who_returns_is_asked_when_they_start(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.2 steps 7 and 8; other choices than the ECT's."""
    mentor_there(school, 3, until="2026-06-30", provider="ambition_institute")
    assert to_only_here(school, ect, 3).at.endswith("/started-on")
    school.send(start_day="2026-09-14").send()
    assert school.at.endswith("/programme-choices")
    school.send(same_choices="no").send(provider="best_practice_network").send()
    made = school.period(school.another(3).trn, "mentor")
    assert school.training(made)[0]["provider"] == "best_practice_network"


@pytest.mark.parametrize(
    ("day", "page"),
    [
        ("2025-09-02", ""),
        ("2025-09-03", "previous-training-period-details"),
        ("2027-01-20", "previous-training-period-details"),
        ("2027-01-21", ""),
        ("2027-06-01", "cannot-register-mentor-yet"),
    ],
)
def test_the_window_of_a_mentors_start(
    school: SchoolVisitor, ect: dict[str, Any], day: str, page: str
) -> None:
    """1.2 step 7, 3.4: start + 2 of the period elsewhere, four months, no other floor; a closed period stops."""
    mentor_there(school, 3, PRIMARY, provider="teach_first")
    to_only_here(school, ect, 3).send(only_here="yes").send(start_day=day, status=200 if page else 422)
    assert school.at.endswith(f"/{page or 'started-on'}")


def test_two_tabs_share_one_journey(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """7: answers of a journey are kept once; the check page says whom it is for."""
    other = school.register(school.another(0))
    to_only_here(school, ect, 3).send()
    check = school.page.forms[-1]
    school.get(f"/ects/{other['id']}/register-mentor")
    reply = school.http.post(check.action, data=check.fields, follow_redirects=True)
    assert reply.status_code == 422
    assert "Your answers are not here any more" in reply.text
    assert [p for p in school.held("periods") if p["role"] == "mentor"] == []


# --- linking (1.3) and changing (1.6)


def test_an_existing_mentor_is_linked_with_training(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.3: the list, the eligibility page, training from the mentor's start, the link from today."""
    mentor = mentor_there(school, 3)
    mentor_there(school, 4, PRIMARY)
    mentor_there(school, 5, until="2026-10-30")
    school.get(f"/ects/{ect['id']}/mentor").send(status=422)
    name = school.another(3).shown_name
    assert name in school.page.words
    assert "Register a new mentor" in school.page.words
    assert school.another(4).shown_name not in school.page.words
    assert school.another(5).shown_name not in school.page.words
    school.send(mentor=mentor["id"])
    assert school.heading == f"{name} can receive mentor training"
    school.send()
    assert school.heading == f"You’ve assigned {name} as a mentor"
    assert school.training(mentor)[0]["began"] == "2025-09-01"
    assert school.links(ect)[0]["began"] == "2026-09-20"


def test_the_other_provider_is_asked_for_the_mentor(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.3, 5: the ECT's provider as default, or another choice."""
    mentor = mentor_there(school, 3)
    school.get(f"/ects/{ect['id']}/mentor").send(mentor=mentor["id"])
    name = school.another(3).shown_name
    school.follow(f"Teach First will not be providing mentor training to {name}")
    school.send(provider="teach_first", status=422)
    school.send(provider="ambition_institute")
    assert school.training(mentor)[0]["provider"] == "ambition_institute"
    assert len(school.links(ect)) == 1


@pytest.mark.parametrize("trained", [True, False])
def test_without_first_training_the_link_is_made_at_once(
    school: SchoolVisitor, ect: dict[str, Any], trained: bool
) -> None:
    """5: a mentor with any training period, or whose training is not paid for."""
    mentor = mentor_there(school, 3, provider="teach_first" if trained else "")
    if not trained:
        school.control.put("people", trn=school.another(3).trn, not_paid="completed_during_early_roll_out")
    school.get(f"/ects/{ect['id']}/mentor").send(mentor=mentor["id"])
    assert school.heading.startswith("You’ve assigned")
    assert len(school.training(mentor)) == int(trained)


def test_without_a_mentor_in_the_list_a_new_one_is_registered(
    school: SchoolVisitor, ect: dict[str, Any]
) -> None:
    """1.3: choose one, or register a new one."""
    assert school.get(f"/ects/{ect['id']}/mentor").at.endswith("/register-mentor/start")
    mentor_there(school, 3)
    school.get(f"/ects/{ect['id']}/mentor").send(mentor="new")
    assert school.at.endswith("/register-mentor/start")


def test_a_mentor_is_changed(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.6, 1.3: not the current one; the link before ends the day before; training from the later of today and start."""
    first = school.register_mentor(ect, school.another(3))
    second = mentor_there(school, 4)
    school.on("2026-10-01").get(f"/ects/{ect['id']}/change-mentor")
    assert school.another(3).shown_name not in school.page.words
    school.send(mentor=second["id"]).send()
    assert school.heading == "Check and confirm change"
    assert school.another(3).shown_name in school.page.words
    school.send()
    assert school.heading == f"You’ve changed Amina Okafor’s mentor to {school.another(4).shown_name}"
    assert [(m["mentor"], m["began"], m["until"]) for m in school.links(ect)] == [
        (first["id"], "2026-09-20", "2026-09-30"),
        (second["id"], "2026-10-01", None),
    ]
    assert school.training(second)[0]["began"] == "2026-10-01"


def test_a_link_that_had_not_begun_before_is_replaced(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.3: if it began on or after the new start it is deleted."""
    school.register_mentor(ect, school.another(3))
    second = mentor_there(school, 4, provider="teach_first")
    school.get(f"/ects/{ect['id']}/change-mentor").send(mentor=second["id"]).send()
    assert [link["mentor"] for link in school.links(ect)] == [second["id"]]


def test_a_mentor_is_changed_only_where_there_is_one(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.6; and assigning leads to changing where there is one."""
    mentor_there(school, 4)
    assert school.get(f"/ects/{ect['id']}/change-mentor").at.endswith(f"/ects/{ect['id']}/mentor/choose")
    school.register_mentor(ect, school.another(3))
    assert school.get(f"/ects/{ect['id']}/mentor").at.endswith("/change-mentor/choose")
