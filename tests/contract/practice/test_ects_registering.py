"""The practice website of Register ECTs: registering an ECT (domain pack register-ects 1.1, 3.1 to 3.4), step by step."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.practice.ects.furnish import ACADEMY, PRIMARY, SPECIAL
from tests.contract.practice.schools import HUB, SchoolVisitor

# --- step 1: finding the teacher


@pytest.mark.parametrize(
    ("trn", "wrong"),
    [
        ("", "Enter the teacher reference number (TRN)"),
        ("RP99", "must have at least 5 digits"),
        ("12AB34", "must have at least 5 digits"),
        ("RP99/123457", "must have no more than 7 digits"),
        ("12345678", "must have no more than 7 digits"),
    ],
)
def test_a_trn_that_is_none_is_refused(school: SchoolVisitor, trn: str, wrong: str) -> None:
    """1.1 step 1, 3.1."""
    school.get("/register-ect").send().send(trn=trn, date_of_birth_day="1999-03-14", status=422)
    assert wrong in school.page.words
    assert school.page.title.startswith("Error: Find an ECT")


@pytest.mark.parametrize(
    ("typed", "case"), [("21/00001", "found"), ("RP 2100001", "found"), ("54321", "short_number")]
)
def test_a_trn_is_read_by_its_digits(school: SchoolVisitor, typed: str, case: str) -> None:
    """3.1: only digits count, and zeros go in front."""
    born = school.teacher(case).date_of_birth.isoformat()
    school.get("/register-ect").send().send(trn=typed, date_of_birth_day=born)
    assert school.heading == "Check ECT details"
    assert school.teacher(case).trn in school.page.words


@pytest.mark.parametrize(
    ("born", "wrong"),
    [
        ("", "Enter a date of birth"),
        ("1999-02-31", "right format"),
        ("0-03-14", "right format"),
        ("2008-09-21", "less than 18"),
        ("1926-09-19", "more than 100"),
    ],
)
def test_a_date_of_birth_outside_its_window_is_refused(school: SchoolVisitor, born: str, wrong: str) -> None:
    """1.1 step 1, 3.4: 18 to 100 years, both days taken."""
    school.get("/register-ect").send().send(trn="2100001", date_of_birth_day=born, status=422)
    assert wrong in school.page.words


@pytest.mark.parametrize("born", ["2008-09-20", "1926-09-20"])
def test_both_ends_of_the_window_of_births_are_taken(school: SchoolVisitor, born: str) -> None:
    """3.4."""
    school.get("/register-ect").send().send(trn="9999999", date_of_birth_day=born)
    assert school.at.endswith("/trn-not-found")


@pytest.mark.parametrize(
    ("case", "heading", "words"),
    [
        ("found", "Check ECT details", "Amina Okafor"),
        ("deactivated", "We’re unable to match the ECT with the TRN you provided", ""),
        ("merged", "We’re unable to match the ECT with the TRN you provided", ""),
        ("passed", "You cannot register Helena Thackeray", "has already completed their induction"),
        ("exempt", "You cannot register Gilbert Ashdown", "is exempt"),
        ("failed", "You cannot register Ivan Brackenbury", "has failed their induction"),
        (
            "prohibited",
            "You cannot register Silas Grimshaw",
            "cannot be registered for training or mentoring",
        ),
        ("prohibited_later_end", "You cannot register Mabel Hawksmoor", "cannot be registered"),
        ("prohibited_odd_end", "You cannot register Petra Ullathorne", "cannot be registered"),
        ("prohibited_ended", "Check ECT details", "Otis Fordyce"),
        ("other_alert", "Check ECT details", "Eoin Galbraith"),
        ("failed_in_wales", "Check ECT details", "Carys Llewellyn-Rees"),
        ("no_qts", "Check ECT details", "Freya Sandiford"),
        ("no_induction", "Check ECT details", "Olive Quarmby"),
        ("one_name", "Check ECT details", "Suharto"),
        ("no_name", "Check ECT details", "Unknown"),
    ],
)
def test_what_the_lookup_leads_to(school: SchoolVisitor, case: str, heading: str, words: str) -> None:
    """1.1 outcomes of step 1, section 4."""
    school.find_ect(school.teacher(case))
    assert school.heading == heading
    assert words in school.page.words


def test_outcomes_are_tested_in_the_order_of_the_pack(school: SchoolVisitor) -> None:
    """1.1: not found, date of birth, already here, induction, prohibition."""
    passed = school.teacher("passed")
    school.find_ect(passed, date(1990, 5, 29))
    assert school.heading == "We cannot find the ECT’s details"
    school.control.add(
        "periods", role="ect", trn=passed.trn, school=ACADEMY, began="2026-06-20", working_pattern="full_time"
    )
    school.find_ect(passed)
    assert school.heading == "Helena Thackeray is already registered at your school"


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        ("", "Enter a National Insurance number"),
        ("KL29481B", "right format"),
        ("DL294817B", "right format"),
        ("KO294817B", "right format"),
        ("GB294817B", "right format"),
        ("KL294817F", "right format"),
        ("00A12345", "right format"),
    ],
)
def test_a_national_insurance_number_that_the_form_refuses(
    school: SchoolVisitor, number: str, wrong: str
) -> None:
    """1.1 step 1a, 3.2."""
    school.find_ect(school.teacher("born_differs"), school.teacher("born_differs").said_born)
    school.send(ni_number=number, status=422)
    assert wrong in school.page.words


@pytest.mark.parametrize(
    ("case", "number", "heading"),
    [
        ("born_differs", "kl 29 48 17 b", "Check ECT details"),
        ("employer_number", "LR105545B", "Check ECT details"),
        ("born_differs", "JG103759A", "We’re unable to match the ECT with the details you provided"),
        ("no_number", "JG103759A", "We’re unable to match the ECT with the details you provided"),
    ],
)
def test_the_national_insurance_number_is_the_other_way_in(
    school: SchoolVisitor, case: str, number: str, heading: str
) -> None:
    """1.1 step 1a and the outcomes after it."""
    teacher = school.teacher(case)
    school.find_ect(teacher, teacher.said_born)
    assert school.heading == "We cannot find the ECT’s details"
    assert school.send(ni_number=number).heading == heading


def test_blocks_hold_after_the_national_insurance_number_too(school: SchoolVisitor) -> None:
    """1.1: the wizard's own list of steps still blocks."""
    teacher = school.teacher("prohibited")
    school.find_ect(teacher, date(1985, 4, 2)).send(ni_number="TW998877A")
    assert school.heading == "You cannot register Silas Grimshaw"


# --- steps 2 and 3: name and email


def test_the_name_must_be_answered_and_may_be_corrected(school: SchoolVisitor) -> None:
    """1.1 steps 2 and 2a: `no` keeps the name, `yes` needs another one."""
    school.find_ect(school.teacher()).send(status=422)
    assert "Select Yes if the details are correct" in school.page.words
    school.send(change_name="yes", corrected_name="  ", status=422)
    school.send(change_name="yes", corrected_name="x" * 71, status=422)
    school.send(change_name="yes", corrected_name="Amina O’Kafor")
    assert school.heading == "What is Amina O’Kafor’s email address?"


@pytest.mark.parametrize(
    "email",
    [
        "",
        "no-at.example.com",
        "a@b",
        "a..b@example.com",
        "a@exämple.com",
        "a b@example.com",
        "a@[1.2.3.4]",
        "a@example.c",
        "a@-b.example.com",
        "x" * 309 + "@example.com",
    ],
)
def test_an_email_address_that_notify_cannot_write_to(school: SchoolVisitor, email: str) -> None:
    """1.1 step 3, 3.3."""
    school.find_ect(school.teacher()).send(change_name="no").send(email=email, status=422)
    assert "email address" in school.page.words


def test_an_email_address_of_somebody_else_stops(school: SchoolVisitor) -> None:
    """1.1 step 3a: another person's unfinished period anywhere, whatever the case."""
    taken = {
        "trn": "2100105",
        "school": PRIMARY,
        "email": "Taken@Example.com",
        "working_pattern": "full_time",
    }
    made = school.control.add("periods", role="ect", began="2026-06-20", **taken)
    school.up_to_start(school.teacher(), "taken@example.com")
    assert school.heading == "This email is already in use for a different ECT or mentor"
    school.follow("Try another email").send(email="free@example.com")
    assert school.at.endswith("/start-date")
    school.control.edit(made["id"], leaving_on="2026-09-19")
    assert school.up_to_start(school.teacher(), "taken@example.com").at.endswith("/start-date")


# --- step 4: the start date


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("", "Enter the date they started or will start"),
        ("2026-02-30", "right format"),
        ("2024-05-31", "not before 1 June 2024"),
    ],
)
def test_a_start_that_is_refused(school: SchoolVisitor, day: str, words: str) -> None:
    """1.1 step 4, 3.4: the floor is the first day of the period two before the current one."""
    school.up_to_start(school.teacher()).send(start_day=day, status=422)
    assert words in school.page.words


@pytest.mark.parametrize(
    ("day", "enabled", "page"),
    [
        ("2024-06-01", True, "working-pattern"),
        ("2027-05-31", True, "working-pattern"),
        ("2027-06-01", True, "cannot-register-ect-yet"),
        ("2026-09-19", False, "working-pattern"),
        ("2026-09-20", False, "cannot-register-ect-yet"),
        ("2026-09-21", False, "cannot-register-ect-yet"),
    ],
)
def test_a_start_needs_a_contract_period_that_is_open(
    school: SchoolVisitor, day: str, enabled: bool, page: str
) -> None:
    """1.1 step 4a, 3.4: today in a period that is not enabled is refused, a past day in it is taken."""
    school.control.put("years", year=2026, enabled=enabled)
    assert school.up_to_start(school.teacher()).send(start_day=day).at.endswith(f"/{page}")


@pytest.mark.parametrize(
    ("began", "trained_from", "day", "taken"),
    [
        ("2026-06-20", None, "2026-06-21", False),
        ("2026-06-20", None, "2026-06-22", True),
        ("2026-06-20", "2026-09-01", "2026-09-02", False),
        ("2026-06-20", "2026-09-01", "2026-09-03", True),
        ("2026-06-20", "2026-10-01", "2026-06-22", True),
    ],
)
def test_a_start_comes_after_what_began_before(
    school: SchoolVisitor, began: str, trained_from: str | None, day: str, taken: bool
) -> None:
    """3.4, boundary rule: start + 2 of the earlier school period, and of its training that has begun."""
    teacher = school.teacher()
    school.control.add(
        "periods",
        role="ect",
        trn=teacher.trn,
        school=PRIMARY,
        began=began,
        working_pattern="full_time",
        provider="teach_first",
        trained_from=trained_from,
    )
    assert (
        school.find_ect(teacher).send(change_name="no").heading == "Amina Okafor has been registered before"
    )
    school.send().send(email="amina@example.org").send(start_day=day, status=200 if taken else 422)
    assert school.at.endswith("/working-pattern") == taken


@pytest.mark.parametrize(
    ("until", "day", "taken"),
    [
        (None, "2027-01-20", True),
        (None, "2027-01-21", False),
        ("2026-09-10", "2027-01-21", True),
    ],
)
def test_an_ect_of_another_school_cannot_be_registered_far_ahead(
    school: SchoolVisitor, until: str | None, day: str, taken: bool
) -> None:
    """3.4: four calendar months, that day allowed, while the period before has no end."""
    teacher = school.teacher()
    school.control.add(
        "periods",
        role="ect",
        trn=teacher.trn,
        school=PRIMARY,
        began="2026-06-20",
        until=until,
        working_pattern="full_time",
    )
    school.up_to_start(teacher).send(start_day=day, status=200 if taken else 422)
    assert school.at.endswith("/working-pattern") == taken


# --- steps 5 to 9: pattern, previous choices, body, programme, provider


def test_every_choice_must_be_made(school: SchoolVisitor) -> None:
    """1.1 steps 5, 7, 8 and 9."""
    school.up_to_start(school.teacher()).send(start_day="2026-09-01").send(status=422)
    school.send(pattern="full_time").send(status=422)
    school.send(body_name="Northmoor Council", status=422)
    school.send(body_name="A local authority", status=422)
    school.send(body_name=HUB.lower()).send(status=422)
    school.send(programme="provider_led").send(provider="capita", status=422)
    school.send(provider="teach_first")
    assert school.heading == "Check your answers before submitting"


def test_school_led_asks_for_no_provider(school: SchoolVisitor) -> None:
    """1.1 step 8."""
    school.up_to_body(school.teacher()).send(body_name=HUB).send(programme="school_led")
    assert school.at.endswith("/check-answers")
    school.send()
    (training,) = school.training(school.period(school.teacher().trn))
    assert (training["programme"], training["provider"], training["schedule"]) == ("school_led", "", "")


def test_the_appropriate_body_goes_by_the_kind_of_school(school: SchoolVisitor) -> None:
    """1.1.1: an independent school may choose ISTIP, a state-funded one is not even asked."""
    assert "ISTIP" not in school.up_to_body(school.teacher()).reply.text
    school.control.put("schools", urn=SPECIAL, tutor_year=2026)
    school.sign_in(SPECIAL).up_to_body(school.teacher())
    school.send(body_name=HUB, status=422)
    school.send(body_type="istip").send(programme="school_led").send()
    assert school.period(school.teacher().trn)["body"] == "istip"


def test_a_body_that_is_not_active_any_more_fails_on_save(school: SchoolVisitor) -> None:
    """1.1.1: a stale list fails there, and nothing is stored."""
    school.up_to_check(school.teacher())
    school.control.put("bodies", id="alban", active=False)
    school.send(status=500)
    assert "Nothing was stored" in school.page.words
    assert school.held("periods") == []


def test_previous_choices_are_offered_and_used(school: SchoolVisitor) -> None:
    """1.1 step 6, 1.1.2: after the first ECT, with the partnership of the year."""
    school.register(school.another(0))
    school.up_to_body(school.teacher())
    assert school.heading == "Programme choices used by your school previously"
    assert "Northmoor Learning Alliance" in school.page.words
    school.send(status=422)
    school.send(use_previous="yes")
    assert school.at.endswith("/check-answers")
    school.send()
    made = school.period(school.teacher().trn)
    (training,) = school.training(made)
    assert (made["body"], training["provider"]) == ("alban", "teach_first")
    assert training["partnership"]


@pytest.mark.parametrize(
    ("last", "partnerships", "offered"),
    [
        ({}, (), False),
        ({"last_body": "alban", "last_programme": "school_led"}, (), True),
        ({"last_body": "esp", "last_programme": "school_led"}, (), True),
        (
            {"last_body": "alban", "last_programme": "provider_led", "last_provider": "best_practice_network"},
            (),
            False,
        ),
        ({"last_body": "alban", "last_programme": "provider_led", "last_provider": "capita"}, ((2025, "Dale Trust"),), False),
        (
            {"last_body": "alban", "last_programme": "provider_led", "last_provider": "best_practice_network"},
            ((2025, "Dale Trust"),),
            False,
        ),
    ],
)  # fmt: skip
def test_when_previous_choices_are_offered(
    school: SchoolVisitor,
    last: dict[str, str],
    partnerships: tuple[tuple[int, str], ...],
    offered: bool,
) -> None:
    """1.1.2: an earlier year's partner must still work with that provider, which must be active."""
    school.control.put("schools", urn=ACADEMY, **last)
    for year, partner in partnerships:
        school.control.add(
            "partnerships", school=ACADEMY, provider=last["last_provider"], partner=partner, year=year
        )
    school.up_to_body(school.teacher())
    assert school.at.endswith("/use-previous-ect-choices") == offered


def test_a_partnership_of_an_earlier_year_is_made_anew(school: SchoolVisitor) -> None:
    """1.1.2: the partner still works with the provider, at another school."""
    choice = {"provider": "best_practice_network", "partner": "Dale Trust"}
    school.control.add("partnerships", school=ACADEMY, year=2025, **choice)
    school.control.add("partnerships", school=PRIMARY, year=2026, **choice)
    school.control.put(
        "schools",
        urn=ACADEMY,
        last_body="alban",
        last_programme="provider_led",
        last_provider="best_practice_network",
    )
    school.up_to_body(school.teacher()).send(use_previous="yes").send()
    (training,) = school.training(school.period(school.teacher().trn))
    made = next(p for p in school.held("partnerships") if p["id"] == training["partnership"])
    assert (made["school"], made["year"], made["partner"]) == (ACADEMY, 2026, "Dale Trust")


# --- step 10: check and confirm


def test_what_is_stored_is_what_was_answered(school: SchoolVisitor) -> None:
    """1.1, on confirm; the school's last choices; 3.4, schedule."""
    teacher = school.teacher()
    made = school.register(teacher, provider="best_practice_network")
    (training,) = school.training(made)
    assert (made["email"], made["began"], made["working_pattern"], made["body"]) == (
        teacher.email, "2026-09-01", "full_time", "alban",
    )  # fmt: skip
    assert (training["began"], training["year"], training["schedule"]) == (
        "2026-09-20", 2026, "ecf-standard-september",
    )  # fmt: skip
    assert (training["provider"], training["partnership"]) == ("best_practice_network", "")
    mine = next(s for s in school.held("schools") if s["urn"] == ACADEMY)
    assert (mine["last_body"], mine["last_provider"]) == ("alban", "best_practice_network")
    assert [(r["path"], r["effect"]) for r in school.control.requests()] == [
        ("/register-ect/check-answers", True)
    ]
    school.get("/ects")
    assert "Action required" in school.page.words
    assert "A mentor needs to be assigned to Amina Okafor." in school.page.words
    school.get(f"/ects/{made['id']}")
    assert "Awaiting confirmation by Best Practice Network" in school.page.words


@pytest.mark.parametrize(
    ("today", "start", "schedule"),
    [
        ("2026-09-20", "2026-11-02", "ecf-standard-january"),
        ("2026-12-01", "2026-09-01", "ecf-standard-january"),
        ("2027-03-01", "2026-09-01", "ecf-standard-april"),
        ("2026-09-20", "2027-05-31", "ecf-standard-april"),
    ],
)
def test_the_schedule_goes_by_the_month(school: SchoolVisitor, today: str, start: str, schedule: str) -> None:
    """3.4: of the later of start and today."""
    school.on(today)
    (training,) = school.training(school.register(school.teacher(), start=start))
    assert training["schedule"] == schedule


def test_answers_can_be_changed_from_the_check(school: SchoolVisitor) -> None:
    """1.1, check-answers edits; the TRN has no link."""
    school.up_to_check(school.teacher())
    assert "/register-ect/find-ect?change=1" not in school.page.links
    for page, answers in (
        ("working-pattern", {"pattern": "part_time"}),
        ("email-address", {"email": "later@example.com"}),
        ("start-date", {"start_day": "2026-10-05"}),
        ("training-programme", {"programme": "school_led"}),
    ):
        school.get(f"/register-ect/{page}?change=1").send(**answers)
        assert school.at.endswith("/check-answers"), page
    school.get("/register-ect/training-programme?change=1").send(programme="provider_led")
    assert school.at.endswith("/lead-provider"), "school-led to provider-led asks for a lead provider"
    school.send(provider="ambition_institute").send()
    made = school.period(school.teacher().trn)
    assert (made["working_pattern"], made["email"], made["began"]) == (
        "part_time", "later@example.com", "2026-10-05",
    )  # fmt: skip
    assert school.training(made)[0]["provider"] == "ambition_institute"


def test_choices_that_were_used_again_are_changed_through_their_question(school: SchoolVisitor) -> None:
    """1.1, check-answers edits."""
    school.register(school.another(0))
    school.up_to_body(school.teacher()).send(use_previous="yes")
    links = [link for link in school.page.links if "change=1" in link]
    assert not any("body" in link or "programme" in link or "provider" in link for link in links)
    school.get("/register-ect/use-previous-ect-choices?change=1").send(use_previous="no")
    assert school.at.endswith("/appropriate-body")


def test_steps_come_in_their_order(school: SchoolVisitor) -> None:
    """1.1: each step can be visited only after the earlier ones are answered."""
    for page in ("email-address", "lead-provider", "check-answers", "confirmation"):
        assert school.get(f"/register-ect/{page}").at.endswith("/start")
    school.find_ect(school.teacher())
    assert school.get("/register-ect/working-pattern").at.endswith("/review-ect-details")


def test_a_second_confirmation_stores_nothing_twice(school: SchoolVisitor) -> None:
    """1.1, on confirm; 7: a page that was sent twice, and its back button."""
    school.up_to_check(school.teacher())
    form = school.page.forms[-1]
    for _ in range(2):
        reply = school.http.post(form.action, data=form.fields, follow_redirects=True)
        assert "You have saved" in reply.text
    assert len(school.held("periods")) == 1


# --- the same person elsewhere


def test_the_period_at_the_other_school_ends_the_day_before(school: SchoolVisitor) -> None:
    """1.1, on confirm: an unfinished ECT period that began on or before the new start."""
    teacher = school.teacher()
    old = school.control.add(
        "periods", role="ect", trn=teacher.trn, school=PRIMARY, began="2026-06-20", working_pattern="full_time",
        provider="teach_first",
    )  # fmt: skip
    school.register(teacher, start="2026-09-07")
    ended = next(p for p in school.held("periods") if p["id"] == old["id"])
    assert ended["until"] == "2026-09-06"
    assert school.training(ended)[0]["until"] == "2026-09-06"


def test_a_later_period_elsewhere_makes_the_save_fail(school: SchoolVisitor) -> None:
    """1.1, last sentence; invariant 1. Another school registers them between the questions and the confirmation."""
    elsewhere = {
        "role": "ect",
        "trn": school.teacher().trn,
        "school": PRIMARY,
        "working_pattern": "full_time",
    }
    school.control.add("periods", began="2025-09-01", until="2026-05-01", **elsewhere)
    school.up_to_check(school.teacher(), start="2026-09-01")
    school.control.add("periods", began="2026-10-01", **elsewhere)
    school.send(status=500)
    assert "Nothing was stored" in school.page.words
    assert len(school.held("periods")) == 2


@pytest.mark.parametrize(
    ("year", "assigned", "schedule"),
    [(2025, 2025, "ecf-standard-september"), (2022, 2024, "ecf-extended-september")],
)
def test_an_ect_who_goes_on_keeps_the_period_or_moves(
    school: SchoolVisitor, year: int, assigned: int, schedule: str
) -> None:
    """3.4: provider-led training keeps its contract period; a frozen one moves to 2024."""
    teacher = school.teacher()
    school.control.add(
        "periods", role="ect", trn=teacher.trn, school=PRIMARY, began=f"{year}-09-01", until=f"{year + 1}-05-01",
        working_pattern="full_time", provider="teach_first", year=year,
    )  # fmt: skip
    (training,) = school.training(school.register(teacher, start="2026-09-07"))
    assert (training["year"], training["schedule"]) == (assigned, schedule)
