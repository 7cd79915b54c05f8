"""The practice website of Register ECTs: changes, leaving, the induction tutor (domain pack register-ects 1.4 to 1.9)."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.practice.ects.furnish import ACADEMY, PRIMARY, SPECIAL
from tests.contract.practice.schools import HUB, SchoolVisitor


@pytest.fixture
def ect(school: SchoolVisitor) -> dict[str, Any]:
    """Amina Okafor, a provider-led ECT with Teach First, at the school since 1 September."""
    return there(school)


def there(school: SchoolVisitor, /, **more: Any) -> dict[str, Any]:
    fields = {
        "role": "ect", "trn": "2100001", "school": ACADEMY, "began": "2026-09-01", "working_pattern": "full_time",
        "body": "alban", "provider": "teach_first",
    }  # fmt: skip
    return school.control.add("periods", **(fields | more))


def mentor_there(school: SchoolVisitor, /, **more: Any) -> dict[str, Any]:
    fields = {"role": "mentor", "trn": "2100110", "school": ACADEMY, "began": "2025-09-01"}
    return school.control.add("periods", **(fields | more))


def now(school: SchoolVisitor, period: dict[str, Any]) -> dict[str, Any]:
    return next(p for p in school.held("periods") if p["id"] == period["id"])


# --- name (1.4)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("", "Enter the correct full name"),
        ("x" * 71, "70 characters"),
        ("AMINA okafor", "different from the current"),
    ],
)
def test_a_name_that_is_refused(school: SchoolVisitor, ect: dict[str, Any], typed: str, wrong: str) -> None:
    """1.4."""
    school.get(f"/ects/{ect['id']}/change-name").send(name=typed, status=422)
    assert wrong in school.page.words


@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        ("Amina Okafor-Hill", False),
        ("Ámína Hill", False),
        ("Ann Okafor", False),
        ("Grace Hill", True),
        ("OKAFOR Amina", True),
    ],
)
def test_both_words_changed_asks_for_the_same_person(
    school: SchoolVisitor, ect: dict[str, Any], typed: str, asks: bool
) -> None:
    """1.4: first and last word, ignoring case, accents and punctuation; it does not block."""
    school.get(f"/ects/{ect['id']}/change-name").send(name=typed)
    assert (school.heading == "Check this name change is for the same person") == asks
    if asks:
        school.send()
    assert school.heading == "Check and confirm change"
    school.send()
    assert school.heading == f"You’ve changed the ECT’s name to {typed}"
    (person,) = school.held("people")
    assert (person["corrected_name"], person["first_name"]) == (typed, "Amina")
    assert school.get(f"/ects/{ect['id']}").heading == typed


def test_a_mentors_name_is_changed_the_same_way(school: SchoolVisitor) -> None:
    """1.4."""
    mentor = mentor_there(school)
    school.get(f"/mentors/{mentor['id']}/change-name").send(name="Grace Hill").send().send()
    assert school.heading == "You’ve changed the mentor’s name to Grace Hill"


# --- email and working pattern (1.5, 1.6)


def test_an_email_address_is_changed_without_asking_who_else_uses_it(
    school: SchoolVisitor, ect: dict[str, Any]
) -> None:
    """1.5: 254 characters; different from the current one; no check whether somebody else has it."""
    mentor = mentor_there(school, email="taken@example.com")
    edit = f"/ects/{ect['id']}/change-email-address"
    school.get(edit).send(email=ect["email"].upper(), status=422)
    school.send(email="x" * 245 + "@example.com", status=422)
    school.send(email="taken@example.com").send()
    assert now(school, ect)["email"] == now(school, mentor)["email"]


def test_the_working_pattern_becomes_the_other_one(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.6."""
    school.get(f"/ects/{ect['id']}/change-working-pattern")
    assert school.heading == "Change Amina Okafor’s working pattern to part time"
    school.send().send()
    assert now(school, ect)["working_pattern"] == "part_time"


# --- programme and provider (1.7)


def test_to_school_led_an_interest_goes(school: SchoolVisitor) -> None:
    """1.7: no confirmed partnership, so the present training is deleted; the new one begins today."""
    ect = there(school, provider="ambition_institute")
    school.get(f"/ects/{ect['id']}/change-training-programme")
    assert school.heading == "Change Amina Okafor’s training programme to school-led"
    school.send().send()
    assert [(t["programme"], t["began"]) for t in school.training(ect)] == [("school_led", "2026-09-20")]


def test_to_school_led_a_confirmed_one_ended_yesterday(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.7."""
    school.get(f"/ects/{ect['id']}/change-training-programme").send().send()
    assert [(t["programme"], t["began"], t["until"]) for t in school.training(ect)] == [
        ("provider_led", "2026-09-01", "2026-09-19"),
        ("school_led", "2026-09-20", None),
    ]


@pytest.mark.parametrize("began", ["2026-09-20", "2026-10-05"])
def test_to_school_led_what_began_today_or_lies_ahead_goes(school: SchoolVisitor, began: str) -> None:
    """1.7: the transition date is the later of the ECT's start and today."""
    ect = there(school, began=began)
    school.get(f"/ects/{ect['id']}/change-training-programme").send().send()
    assert [(t["programme"], t["began"]) for t in school.training(ect)] == [("school_led", began)]


def test_to_provider_led_needs_a_provider_and_trains_the_mentor(school: SchoolVisitor) -> None:
    """1.7: an expression of interest where there is no partnership; an eligible mentor is trained, too."""
    ect = there(school, provider="", programme="school_led")
    mentor = mentor_there(school)
    school.control.add("mentorships", ect=ect["id"], mentor=mentor["id"])
    school.get(f"/ects/{ect['id']}/change-training-programme").send()
    assert school.heading == "Which lead provider will be training Amina Okafor?"
    school.send(status=422)
    school.send(provider="capita", status=422)
    school.send(provider="ambition_institute").send()
    assert [(t["programme"], t["until"], t["partnership"]) for t in school.training(ect)] == [
        ("school_led", "2026-09-19", ""),
        ("provider_led", None, ""),
    ]
    assert [t["provider"] for t in school.training(mentor)] == ["ambition_institute"]


def test_another_provider_begins_anew(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.7: started earlier and confirmed, so it ended yesterday; the list leaves the current one out."""
    school.get(f"/ects/{ect['id']}/change-lead-provider")
    assert 'value="teach_first"' not in school.reply.text
    school.send(provider="ambition_institute").send()
    assert [(t["provider"], t["began"], t["until"]) for t in school.training(ect)] == [
        ("teach_first", "2026-09-01", "2026-09-19"),
        ("ambition_institute", "2026-09-20", None),
    ]


def test_another_provider_takes_the_place_of_an_interest(school: SchoolVisitor) -> None:
    """1.7: an expression-of-interest-only one is deleted."""
    ect = there(school, provider="ambition_institute")
    school.get(f"/ects/{ect['id']}/change-lead-provider").send(provider="teach_first").send()
    (training,) = school.training(ect)
    assert (training["provider"], training["began"]) == ("teach_first", "2026-09-20")
    assert training["partnership"], "a matching partnership is used"


def test_another_provider_before_the_start_changes_in_place(school: SchoolVisitor) -> None:
    """1.7: a period starting today or later."""
    ect = there(school, began="2026-10-05")
    (before,) = school.training(ect)
    school.get(f"/ects/{ect['id']}/change-lead-provider").send(provider="ambition_institute").send()
    (after,) = school.training(ect)
    assert (after["id"], after["provider"], after["partnership"]) == (before["id"], "ambition_institute", "")


def test_a_frozen_contract_period_offers_that_of_2024(school: SchoolVisitor) -> None:
    """1.7: 2024 if the assigned one is payments-frozen."""
    ect = there(school, year=2022)
    school.control.put("providers", id="ambition_institute", years=[2022])
    school.get(f"/ects/{ect['id']}/change-lead-provider")
    assert 'value="ambition_institute"' not in school.reply.text
    school.send(provider="best_practice_network").send()
    assert school.training(ect)[-1]["year"] == 2024


def test_a_school_led_ect_and_an_untrained_mentor_have_no_provider_to_change(school: SchoolVisitor) -> None:
    """1.7."""
    ect, mentor = there(school, provider="", programme="school_led"), mentor_there(school)
    assert school.get(f"/ects/{ect['id']}/change-lead-provider").at == f"/ects/{ect['id']}"
    assert school.get(f"/mentors/{mentor['id']}/change-lead-provider").at == f"/mentors/{mentor['id']}"


def test_a_mentors_provider_is_changed(school: SchoolVisitor) -> None:
    """1.7: the mentor needs a training record."""
    mentor = mentor_there(school, provider="teach_first")
    school.get(f"/mentors/{mentor['id']}/change-lead-provider").send(provider="ambition_institute").send()
    assert school.training(mentor)[-1]["provider"] == "ambition_institute"


# --- appropriate body (1.7)


def test_the_appropriate_body_is_changed_until_an_induction_is_open(
    school: SchoolVisitor, ect: dict[str, Any]
) -> None:
    """1.7: hubs without the current one; then the link goes, and the address says why."""
    edit = f"/ects/{ect['id']}/change-appropriate-body"
    school.get(edit).send(body_name=HUB, status=422)
    school.send(body_name="Balcarras").send()
    assert now(school, ect)["body"] == "balcarras"
    assert edit in school.get(f"/ects/{ect['id']}").page.links
    school.control.add("inductions", trn=ect["trn"], body="balcarras", began="2026-09-02")
    assert edit not in school.get(f"/ects/{ect['id']}").page.links
    assert "2 September 2026" in school.page.words
    assert school.get(edit).heading == "The appropriate body cannot be changed here"


def test_an_independent_school_may_change_to_the_national_body(school: SchoolVisitor) -> None:
    """1.7: ISTIP for independent schools."""
    ect = there(school, school=SPECIAL, provider="", programme="school_led")
    school.control.put("schools", urn=SPECIAL, tutor_year=2026)
    school.sign_in(SPECIAL).get(f"/ects/{ect['id']}/change-appropriate-body").send(body_type="istip").send()
    assert now(school, ect)["body"] == "istip"


# --- leaving (1.8)


@pytest.mark.parametrize(
    ("day", "wrong"),
    [
        ("", "Enter the date"),
        ("2026-02-30", "right format"),
        ("2027-01-21", "20 January 2027 or earlier"),
        ("2026-09-02", "from 3 September 2026 on"),
    ],
)
def test_a_leaving_date_that_is_refused(
    school: SchoolVisitor, ect: dict[str, Any], day: str, wrong: str
) -> None:
    """1.8, in its order; 3.4."""
    school.get(f"/ects/{ect['id']}/leaving").send(leaving_day=day, status=422)
    assert wrong in school.page.words


@pytest.mark.parametrize(
    ("today", "latest"),
    [("2026-09-20", "2027-01-20"), ("2026-10-31", "2027-02-28"), ("2026-12-31", "2027-04-30")],
)
def test_four_calendar_months_are_allowed_to_the_day(school: SchoolVisitor, today: str, latest: str) -> None:
    """1.8, 3.4."""
    ect = there(school)
    school.on(today).get(f"/ects/{ect['id']}/leaving").send(leaving_day=latest)
    assert school.heading == "Confirm that Amina Okafor is leaving your school permanently"


@pytest.mark.parametrize(
    ("trained_from", "day", "taken"),
    [
        ("2026-09-10", "2026-09-11", False),
        ("2026-09-10", "2026-09-12", True),
        ("2026-10-01", "2026-09-11", True),
    ],
)
def test_leaving_comes_after_training_that_has_begun(
    school: SchoolVisitor, trained_from: str, day: str, taken: bool
) -> None:
    """1.8, 3.4: start + 2; training in the future does not count."""
    ect = there(school, trained_from=trained_from)
    school.get(f"/ects/{ect['id']}/leaving").send(leaving_day=day, status=200 if taken else 422)


def test_leaving_cuts_what_spans_the_day_and_deletes_what_begins_later(school: SchoolVisitor) -> None:
    """1.8, effect; until the day the ECT shows leaving, afterwards the school sees nothing."""
    ect = there(school)
    mentor = mentor_there(school)
    school.control.add("mentorships", ect=ect["id"], mentor=mentor["id"])
    school.get(f"/ects/{ect['id']}/leaving").send(leaving_day="2026-12-18").send()
    assert school.heading == "Amina Okafor will be removed from your school’s ECT list after 18 December 2026"
    assert (now(school, ect)["until"], now(school, ect)["reported_by"]) == ("2026-12-18", ACADEMY)
    assert [t["until"] for t in school.training(ect)] == ["2026-12-18"]
    assert [m["until"] for m in school.links(ect)] == ["2026-12-18"]
    assert "Leaving school" in school.get("/ects").page.words
    assert "is leaving your school" in school.get(f"/ects/{ect['id']}").page.words
    school.on("2026-12-18")
    assert "Amina Okafor" in school.get("/ects").page.words
    school.on("2026-12-19")
    assert "Amina Okafor" not in school.get("/ects").page.words
    assert school.get(f"/ects/{ect['id']}").reply.status_code == 404
    assert school.get(f"/ects/{ect['id']}/change-name").reply.status_code == 404


def test_leaving_before_the_training_begins_deletes_it(school: SchoolVisitor) -> None:
    """1.8: what begins on the day or later is deleted."""
    ect = there(school, trained_from="2026-10-01")
    school.get(f"/ects/{ect['id']}/leaving").send(leaving_day="2026-10-01").send()
    assert school.training(ect) == []


def test_an_earlier_end_stays_and_only_the_reporter_is_noted(school: SchoolVisitor) -> None:
    """1.8."""
    ect = there(school, until="2026-10-10")
    school.get(f"/ects/{ect['id']}/leaving").send(leaving_day="2026-11-01").send()
    assert (now(school, ect)["until"], now(school, ect)["reported_by"]) == ("2026-10-10", ACADEMY)


def test_a_past_day_is_told_as_past(school: SchoolVisitor, ect: dict[str, Any]) -> None:
    """1.8."""
    school.get(f"/ects/{ect['id']}/leaving").send(leaving_day="2026-09-15")
    assert school.heading == "Confirm that Amina Okafor has left your school permanently"
    assert school.send().heading == "Amina Okafor has been removed from your school’s ECT list"


def test_a_mentor_leaves_this_school_only(school: SchoolVisitor) -> None:
    """1.8: this school's period; a link ends at the earlier of the two ends."""
    ect, mentor = there(school), mentor_there(school)
    other = mentor_there(school, school=PRIMARY)
    school.control.add("mentorships", ect=ect["id"], mentor=mentor["id"])
    school.get(f"/mentors/{mentor['id']}/leaving").send(leaving_day="2026-10-30").send()
    assert [m["until"] for m in school.links(ect)] == ["2026-10-30"]
    assert now(school, other)["until"] is None
    school.on("2026-10-31")
    assert "A mentor needs to be assigned to Amina Okafor." in school.get("/ects").page.words


# --- the induction tutor (1.9)


def test_a_school_without_a_tutor_tells_one(school: SchoolVisitor) -> None:
    """1.9: full name at most 70, email at most 254; check; confirmed for the contract year."""
    school.sign_in(PRIMARY)
    assert school.heading == "Tell us your induction tutor"
    school.send(tutor_name="", tutor_email="no", status=422)
    school.send(tutor_name="x" * 71, tutor_email="jo@example.com", status=422)
    school.send(tutor_name="Jo Hill", tutor_email="jo@example.com").send()
    assert school.heading == "Jo Hill is your school’s induction tutor"
    mine = next(s for s in school.held("schools") if s["urn"] == PRIMARY)
    assert (mine["tutor_name"], mine["tutor_year"]) == ("Jo Hill", 2026)
    assert school.follow("Continue").heading.startswith("Early career teachers")


def test_yes_confirms_the_tutor_for_the_year_at_once(school: SchoolVisitor) -> None:
    """1.9."""
    school.sign_in(SPECIAL)
    assert school.heading == "Confirm induction tutor details"
    school.send(status=422)
    school.send(right="yes")
    assert school.heading == "You’ve confirmed Ruth Amadi will continue as your school’s induction tutor"
    assert next(s for s in school.held("schools") if s["urn"] == SPECIAL)["tutor_year"] == 2026


def test_no_needs_at_least_one_change(school: SchoolVisitor) -> None:
    """1.9."""
    school.sign_in(SPECIAL).send(right="no", status=422)
    school.send(right="no", tutor_name="Ruth Amadi-Hill", tutor_email="ruth.amadi@example.com").send()
    assert school.heading == "You’ve changed your school’s induction tutor to Ruth Amadi-Hill"


def test_the_tutor_is_changed_at_any_time(school: SchoolVisitor) -> None:
    """1.9: at least one of the two must change."""
    school.get("/induction-tutor").follow("Change induction tutor details").send(status=422)
    school.send(tutor_email="jo.new@example.com").send()
    assert "jo.new@example.com" in school.get("/induction-tutor").page.words
