"""The practice website of Register ECTs as a whole: gates, sessions, faults, control side (domain pack register-ects 1, 7, 8)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import httpx
import pytest

from desktop.practice.client import ControlError
from desktop.practice.ects import invariants
from desktop.practice.ects.furnish import ACADEMY, COLLEGE, PRIMARY, QUARRY, SPECIAL
from desktop.practice.ects.visit import DFE
from tests.contract.practice.browsing import Page
from tests.contract.practice.schools import SchoolVisitor

ECT: dict[str, Any] = {
    "role": "ect", "trn": "2100001", "school": ACADEMY, "began": "2026-09-01", "working_pattern": "full_time",
    "body": "alban", "provider": "teach_first",
}  # fmt: skip


# --- gates (section 1)


def test_nothing_is_shown_without_a_sign_in(school: SchoolVisitor) -> None:
    """Section 1, gates; 7."""
    school.send("/sign-out")
    for path in ("/", "/ects", "/register-ect/find-ect", "/induction-tutor"):
        assert school.get(path).heading == "Sign in to Register early career teachers"
    reply = school.http.post("/sign-in", data={"person": "Sam Okafor"})
    assert "Choose your school" in Page(reply.text).words
    assert school.get("/no-such-page").reply.status_code == 404


@pytest.mark.parametrize("urn", [COLLEGE, QUARRY])
def test_a_school_that_is_not_eligible_gets_no_further(school: SchoolVisitor, urn: str) -> None:
    """Section 1, gates; 3.5: closed, or independent without Section 41."""
    school.sign_in(urn)
    for path in ("/ects", "/register-ect", "/induction-tutor", "/mentors"):
        assert school.get(path).heading.startswith(
            "You cannot access the Register early career teachers service"
        )


def test_an_independent_school_with_unfinished_training_signs_in_but_registers_nobody(
    school: SchoolVisitor,
) -> None:
    """Section 1, gates."""
    school.control.add("periods", **(ECT | {"school": COLLEGE, "programme": "school_led", "provider": ""}))
    school.sign_in(COLLEGE)
    assert "Amina Okafor" in school.page.words
    assert "no funding any more" in school.page.words
    assert school.get("/register-ect").at == "/ects"


def test_the_tutor_is_confirmed_first(school: SchoolVisitor) -> None:
    """Section 1, gates; 1.9: lists, records and journeys lead there; leaving and tutor pages do not, nor for DfE."""
    ect = school.control.add("periods", **(ECT | {"school": SPECIAL}))
    at = f"/ects/{ect['id']}"
    school.sign_in(SPECIAL)
    for path in ("/ects", at, "/mentors", "/register-ect", f"{at}/change-name", f"{at}/register-mentor"):
        assert school.get(path).at == "/induction-tutor/confirm/edit", path
    assert school.get(f"{at}/leaving").at == f"{at}/leaving/edit"
    assert school.get("/induction-tutor").heading == "Induction tutor"
    assert school.sign_in(SPECIAL, DFE).at == "/ects"


def test_the_tutor_is_due_again_in_june(school: SchoolVisitor) -> None:
    """1.9: never confirmed for the current contract year."""
    assert school.at == "/ects"
    school.control.put("years", year=2027, began="2027-06-01", until="2028-05-31")
    assert school.on("2027-05-31").at == "/ects"
    assert school.on("2027-06-01").at.startswith("/induction-tutor")


@pytest.mark.parametrize(
    ("today", "closed"),
    [("2026-05-31", False), ("2026-06-01", True), ("2026-06-14", True), ("2026-06-15", False)],
)
def test_the_registration_window(school: SchoolVisitor, today: str, closed: bool) -> None:
    """Section 1, gates: 1 to 14 June 2026, both included; what stays open."""
    ect = school.control.add("periods", **(ECT | {"began": "2026-05-01"}))
    mentor = school.control.add("periods", role="mentor", trn="2100110", school=ACADEMY, began="2025-09-01")
    at = f"/ects/{ect['id']}"
    school.control.put("schools", urn=ACADEMY, tutor_year=2026 if today >= "2026-06-01" else 2025)
    school.on(today)
    for path in ("/register-ect", f"{at}/register-mentor", f"{at}/mentor", f"{at}/change-training-programme"):
        assert (school.get(path).at == "/registration-closed") == closed, path
    if closed:
        assert school.heading.endswith("until 15 June 2026")
    school.control.add("mentorships", ect=ect["id"], mentor=mentor["id"])
    assert (school.get(f"{at}/change-mentor").at == "/registration-closed") == closed
    for slug in ("change-name", "change-email-address", "change-working-pattern", "change-appropriate-body",
                 "change-lead-provider", "leaving"):  # fmt: skip
        assert school.get(f"{at}/{slug}").at == f"{at}/{slug}/edit"


def test_the_window_is_data(school: SchoolVisitor) -> None:
    """Section 1, gates: the dates may be others in another year."""
    school.control.close(("2026-09-18", "2026-09-25"))
    assert school.get("/register-ect").heading.endswith("until 26 September 2026")


# --- sessions (section 7)


def test_answers_are_lost_with_the_session(school: SchoolVisitor) -> None:
    """7: over after 7200 idle seconds by the portal's clock; the wizard's answers go with it."""
    school.up_to_check(school.teacher())
    form = school.page.forms[-1]
    school.portal.control.clock("2026-09-20T11:00:00Z")
    assert school.get("/register-ect/check-answers").heading == "Check your answers before submitting"
    school.portal.control.clock("2026-09-20T13:00:01Z")
    reply = school.http.post(form.action, data=form.fields)
    assert reply.status_code == 401
    assert "You have been signed out" in reply.text
    assert school.sign_in().get("/register-ect/check-answers").at == "/register-ect/start"
    assert school.held("periods") == []


def test_confirming_with_an_emptied_store_starts_again(school: SchoolVisitor) -> None:
    """1.1 step 10, 7."""
    school.up_to_check(school.teacher())
    form = school.page.forms[-1]
    school.get("/register-ect")
    reply = school.http.post(form.action, data=form.fields)
    assert (reply.status_code, Page(reply.text).headings) == (422, ["Start again"])
    assert school.held("periods") == []


def test_two_tabs_share_the_answers(school: SchoolVisitor) -> None:
    """7: the second tab's answer is the one that is stored."""
    school.up_to_check(school.teacher())
    first = school.page.forms[-1]
    school.get("/register-ect/working-pattern").send(pattern="part_time")
    school.http.post(first.action, data=first.fields)
    assert school.period(school.teacher().trn)["working_pattern"] == "part_time"


def test_two_people_write_and_the_last_one_wins(school: SchoolVisitor) -> None:
    """Section 0, fact 3: no version, no lock; 7: every user can do everything."""
    ect = school.control.add("periods", **ECT)
    edit = f"/ects/{ect['id']}/change-email-address"
    school.get(edit).send(email="of.sam@example.com")
    with httpx.Client(base_url=school.portal.ects_url, trust_env=False, verify=False, timeout=10) as http:
        priya = SchoolVisitor(http, portal=school.portal).sign_in(person="Priya Shah")
        priya.get(edit).send(email="of.priya@example.com").send()
    assert school.period("2100001")["email"] == "of.priya@example.com"
    school.send()
    assert school.period("2100001")["email"] == "of.sam@example.com"
    assert [event["by"] for event in school.held("events")] == ["Priya Shah", "Sam Okafor"]


def test_a_form_of_another_sign_in_stores_nothing(school: SchoolVisitor) -> None:
    """7."""
    school.up_to_check(school.teacher())
    form = school.page.forms[-1]
    reply = school.http.post(form.action, data=form.fields | {"csrf": ["another"]})
    assert reply.status_code == 422
    assert school.held("periods") == []


def test_both_practice_websites_can_be_open_in_one_browser(school: SchoolVisitor) -> None:
    """One computer's ports share their cookies, so each website has a cookie of its own."""
    school.http.post(f"{school.portal.web_url}sign-in", data={"as": "university"})
    assert school.get("/ects").heading.startswith("Early career teachers")
    assert "Your trainee teachers" in school.http.get(school.portal.web_url).text


def test_a_school_never_sees_another_schools_people(school: SchoolVisitor) -> None:
    """7: one organisation per sign-in."""
    ect = school.control.add("periods", **(ECT | {"school": SPECIAL}))
    for path in ("", "/change-name", "/leaving", "/mentor", "/register-mentor"):
        assert school.get(f"/ects/{ect['id']}{path}").reply.status_code == 404, path


# --- the pages


def test_every_page_that_can_be_reached_is_sound(school: SchoolVisitor) -> None:
    """Tags closed, every field labelled, one heading, no script: `Page` looks at each."""
    ect = school.control.add("periods", **ECT)
    mentor = school.control.add("periods", role="mentor", trn="2100110", school=ACADEMY, began="2025-09-01", provider="teach_first")  # fmt: skip
    school.control.add("mentorships", ect=ect["id"], mentor=mentor["id"])
    school.control.add("periods", **(ECT | {"trn": "2100111", "provider": "", "programme": "school_led"}))
    todo, seen = ["/"], set()
    while todo:
        path = todo.pop().partition("#")[0]
        if path in seen:
            continue
        seen.add(path)
        school.get(path)
        assert school.reply.status_code == 200, path
        assert school.page.title.startswith(school.page.headings[0])
        todo += school.page.links
    assert len(seen) > 20
    assert school.control.requests() == [], "looking stores nothing"


def test_what_others_did_is_shown(school: SchoolVisitor) -> None:
    """1.7, 5: provider confirmed, paused, withdrawn; another user's edit."""
    ect = school.control.add("periods", **(ECT | {"provider": "ambition_institute"}))
    page = f"/ects/{ect['id']}"
    assert "Awaiting confirmation by Ambition Institute" in school.get(page).page.words
    assert "Yet to be reported by the lead provider" in school.page.words
    school.control.add(
        "partnerships", school=ACADEMY, provider="ambition_institute", partner="Dale Trust", year=2026
    )
    assert "Confirmed by Ambition Institute" in school.get(page).page.words
    assert "Dale Trust" in school.page.words
    school.control.edit(ect["id"], email="of.priya@example.com", corrected_name="Amina Hill")
    assert "of.priya@example.com" in school.get(page).page.words
    assert school.heading == "Amina Hill"
    (training,) = school.training(ect)
    school.control.train(training["id"], "deferred", why="parental_leave")
    assert "Training paused" in school.get("/ects").page.words
    school.control.train(training["id"], "withdrawn", why="other")
    assert "is no longer training with them" in school.get("/ects").page.words


@pytest.mark.parametrize(
    ("case", "listed"),
    [("passed", False), ("failed", False), ("failed_in_wales", False), ("exempt", True), ("found", True)],
)
def test_who_has_finished_induction_leaves_the_list(school: SchoolVisitor, case: str, listed: bool) -> None:
    """1.4: the ECT list leaves out Passed, Failed and FailedInWales."""
    teacher = school.teacher(case)
    school.control.add("periods", **(ECT | {"trn": teacher.trn}))
    assert (teacher.shown_name in school.get("/ects").page.words) == listed


# --- faults (section 8)


def test_maintenance_is_200_at_the_root_and_500_elsewhere(school: SchoolVisitor) -> None:
    """8: a 200 at / is no proof that the service is up."""
    school.control.fault("maintenance")
    for path, status in (("/", 200), ("/ects", 500), ("/register-ect/find-ect", 500)):
        reply = school.http.get(path)
        assert (reply.status_code, "currently unavailable" in reply.text) == (status, True)
        assert "Register early career teachers" in reply.text
    school.control.fault("up")
    assert school.get("/ects").at == "/ects", "the sign-in outlives it"


@pytest.mark.parametrize(
    ("mode", "status"), [("unavailable", 503), ("busy", 429), ("captive", 200), ("error", 500)]
)
def test_other_answers_in_front(school: SchoolVisitor, mode: str, status: int) -> None:
    """8: over the limit is 429."""
    school.control.fault(mode, retry_after=7)
    reply = school.http.get("/ects")
    assert reply.status_code == status
    assert reply.headers.get("retry-after") == ("7" if mode in ("busy", "unavailable") else None)


def test_a_refused_connection(school: SchoolVisitor) -> None:
    """8."""
    school.control.fault("refuse", count=1)
    with pytest.raises(httpx.TransportError):
        school.http.get("/ects")
    assert school.http.get("/ects").status_code == 200


def test_a_lost_reply_has_its_effect_once(school: SchoolVisitor) -> None:
    """8, 7: the page is sent again, and shows that it is done."""
    school.up_to_check(school.teacher())
    form = school.page.forms[-1]
    school.control.fault("lost_reply", match="POST /register-ect/check-answers", count=1)
    with pytest.raises(httpx.TransportError):
        school.http.post(form.action, data=form.fields)
    assert len(school.held("periods")) == 1
    reply = school.http.post(form.action, data=form.fields, follow_redirects=True)
    assert "You have saved" in reply.text
    assert len(school.held("periods")) == 1


def test_slow_and_flaky(school: SchoolVisitor) -> None:
    """8."""
    school.control.fault("slow", seconds=0.01, count=1)
    assert school.http.get("/ects").status_code == 200
    school.control.fault("flaky", p=1.0, seed=3, seconds=0.01)
    answers = set()
    for _ in range(12):
        try:
            answers.add(school.http.get("/ects").status_code)
        except httpx.TransportError:
            answers.add(0)
    assert len(answers) > 2
    assert school.portal.control.fault_mode() == "up", "the trainees' portal has faults of its own"


@pytest.mark.parametrize("mode", ["unavailable", "busy", "unauthorised"])
def test_a_lookup_that_fails_is_an_error_page(school: SchoolVisitor, mode: str) -> None:
    """Section 4: 401, 429 and 5xx of the Teaching Record System are not handled in the school's journeys."""
    day = school.teacher().date_of_birth.isoformat()
    school.get("/register-ect").send()
    school.portal.control.trs_fault(mode, count=1)
    school.send(trn="2100001", date_of_birth_day=day, status=500)
    assert school.heading == "Sorry, there is a problem with the service"
    school.get("/register-ect/find-ect").send(trn="2100001", date_of_birth_day=day)
    assert school.heading == "Check ECT details"


# --- the control side


def test_snapshot_and_rollback(school: SchoolVisitor) -> None:
    school.control.add("periods", **ECT)
    before = school.control.held()
    school.control.snapshot()
    school.register(school.another(0))
    school.control.rollback()
    assert school.control.held() == before
    school.control.put("schools", urn="740300", name="Newly Made School", tutor_year=2026)
    school.sign_in("740300")
    assert "Newly Made School" in school.page.words
    school.control.rollback()
    assert school.get("/ects").heading == "Sign in to Register early career teachers"


@pytest.mark.parametrize(
    ("kind", "fields", "why"),
    [
        ("schools", {"name": "x"}, "urn is missing"),
        ("schools", {"urn": ACADEMY, "colour": "red"}, "there is no colour"),
        (
            "periods",
            {"role": "king", "trn": "2100001", "school": ACADEMY, "began": "2026-09-01"},
            "role must be",
        ),
        ("periods", {"role": "ect"}, "missing"),
        ("periods", ECT | {"began": "soon"}, "no ISO date"),
        ("periods", ECT | {"until": "2026-08-01"}, "ends before it starts"),
        ("inductions", {"trn": "2100001"}, "missing"),
    ],
)
def test_impossible_calls_are_refused(
    school: SchoolVisitor, kind: str, fields: dict[str, Any], why: str
) -> None:
    with pytest.raises(ControlError, match=why):
        school.control.put(kind, **fields)
    assert list(invariants.broken(school.portal.ects.world.held)) == []


def test_the_invariants_refuse_what_overlaps(school: SchoolVisitor) -> None:
    """Section 2, invariants 1, 2, 4 and 11: both days count."""
    school.control.add("periods", **(ECT | {"until": "2026-09-30"}))
    with pytest.raises(ControlError, match="ECT twice"):
        school.control.add("periods", **(ECT | {"school": PRIMARY, "began": "2026-09-30"}))
    school.control.add("periods", **(ECT | {"school": PRIMARY, "began": "2026-10-01"}))
    mentor = {"role": "mentor", "trn": "2100110", "school": ACADEMY, "began": "2025-09-01"}
    made = school.control.add("periods", **mentor)
    with pytest.raises(ControlError, match="mentor twice"):
        school.control.add("periods", **mentor)
    other = school.control.add("periods", **(mentor | {"school": PRIMARY}))
    ect = school.period("2100001")
    with pytest.raises(ControlError, match="two schools"):
        school.control.add("mentorships", ect=ect["id"], mentor=made["id"])
    school.control.add("mentorships", ect=ect["id"], mentor=other["id"])


@pytest.mark.parametrize("today", ["2026-06-15", "2029-11-05"])
def test_it_can_be_practised_in_any_year(school: SchoolVisitor, today: str) -> None:
    """Contract periods that the lists do not have yet are as the last one."""
    school.portal.control.clock(f"{today}T09:00:00Z")
    school.control.clear()
    made = school.sign_in().register(school.teacher(), start=today)
    assert school.training(made)[0]["year"] == int(today[:4])
    assert school.training(made)[0]["partnership"]


def test_what_happens_is_written_down(school: SchoolVisitor) -> None:
    """Section 2, event: time, author, school, what, about whom."""
    school.register(school.teacher())
    (event,) = school.held("events")
    assert event == {
        "at": "2026-09-20T09:00:00.000Z", "by": "Sam Okafor", "school": ACADEMY, "what": "registered an ECT",
        "about": "2100001",
    }  # fmt: skip


def test_the_website_takes_no_rule_from_the_collection() -> None:
    """An oracle of its own: nothing of `desktop.collections.ects` is loaded by it."""
    code = (
        "import sys, desktop.practice.ects.portal; print([m for m in sys.modules if 'collections.ects' in m])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(found.stdout.replace("'", '"')) == []


def test_no_page_names_a_day_that_is_not_there(school: SchoolVisitor) -> None:
    """Days are written out, never as ISO text."""
    school.register(school.teacher())
    assert not re.search(r"\d{4}-\d{2}-\d{2}", school.get("/ects").page.words)
