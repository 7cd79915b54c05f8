"""Every journey of pack 1.1 to 1.9 as a table: pages in their order, what each is asked with, and where each answer leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from desktop.collections.ects import COLLECTION
from desktop.collections.ects.sheets import JOURNEYS
from desktop.handover.sheets import Sheet, fill
from desktop.model.document import Document, diff
from desktop.model.journey import Journey, Matter, Other
from tests.unit.collections.ects.sample import TODAY, ect, mentor, mentorship, school

BY_NAME = {journey.name: journey for journey in JOURNEYS}
LAST = {
    "last_appropriate_body": "alban",
    "last_training_programme": "provider_led",
    "last_lead_provider": "teach_first",
}
INDEPENDENT = {"school_type": "other_independent_school", "section_41": "yes"}
NO_CHOICES = {"appropriate_body": None, "training_programme": None, "lead_provider": None}


def sheet(
    journey: str,
    of: Document,
    base: Document | None = None,
    among: Sequence[Document] = (),
    today: date = TODAY,
    **asked: Any,
) -> Sheet:
    """A journey filled from a document; `among` = other records, all of which the portal has."""
    changed = frozenset(diff(base or Document(), of).touched()) if not asked else frozenset[str]()
    others = tuple(Other(str(n), one, there=True) for n, one in enumerate(among))
    state = "registered" if base is not None else ""
    matter = Matter(
        of, today, COLLECTION.code_lists, base=base, state=state, asked=asked, changed=changed, others=others
    )
    return fill(BY_NAME[journey], COLLECTION, matter)


@dataclass(frozen=True)
class Way:
    """A journey with a record, and the pages that come in any case."""

    section: str
    journey: str
    of: Document
    way: str
    base: Document | None = None
    among: tuple[Document, ...] = ()
    asked: dict[str, Any] = field(default_factory=dict)


PERSON = "find name email start pattern"
MENTORED = ect({"mentorships": [mentorship()]})

WAYS = [
    Way("1.1", "register_ect", ect(), f"{PERSON} body programme provider check"),
    Way("1.1 step 8", "register_ect", ect(training_programme="school_led", lead_provider=None), f"{PERSON} body programme check"),
    Way("1.1 step 6", "register_ect", ect(use_previous_choices="yes", **NO_CHOICES), f"{PERSON} body programme provider check", among=(school(**LAST),)),
    Way("1.1 step 6", "register_ect", ect(use_previous_choices="yes", **NO_CHOICES), f"{PERSON} body programme check", among=(school(**{**LAST, "last_training_programme": "school_led", "last_lead_provider": None}),)),
    Way("1.2", "register_mentor", mentor(), "ect find name email check"),
    Way("1.3", "mentor", MENTORED, "mentor.m1", base=ect()),
    Way("1.6", "mentor", ect({"mentorships": [mentorship(finished_on="2026-10-01"), mentorship(mentor_trn="2054322", started_on="2026-10-02")]}), "mentor.m2 check", base=MENTORED),
    Way("1.4", "change", ect(corrected_name="Sam Okafor-Reid"), "name check_name", base=ect()),
    Way("1.4", "change", ect(corrected_name="Robin Reid"), "name same_person check_name", base=ect()),
    Way("1.5", "change", ect(email="new@example.com"), "email check_email", base=ect()),
    Way("1.5", "change", mentor(email="new@example.com"), "email check_email", base=mentor()),
    Way("1.6", "change", ect(working_pattern="part_time"), "pattern check_pattern", base=ect()),
    Way("1.7", "body", ect(appropriate_body="istip"), "body check", base=ect()),
    Way("1.7", "programme", ect(training_programme="school_led", lead_provider=None), "programme check", base=ect()),
    Way("1.7", "programme", ect(), "programme new_provider check", base=ect(training_programme="school_led", lead_provider=None)),
    Way("1.7", "provider", ect(lead_provider="ambition_institute"), "provider check", base=ect()),
    Way("1.7", "provider", mentor(lead_provider="ambition_institute"), "provider check", base=mentor()),
    Way("1.8", "leave", ect(), "date check", base=ect(), asked={"leaving_on": "2026-12-18"}),
    Way("1.8", "leave", mentor(), "date check", base=mentor(), asked={"leaving_on": "2026-12-18"}),
    Way("1.9", "induction_tutor", school(), "tutor check"),
    Way("1.9", "induction_tutor", school(), "tutor", base=school(induction_tutor_confirmed=2025)),
    Way("1.9", "induction_tutor", school(induction_tutor_name="Noor Khan"), "tutor check", base=school()),
]  # fmt: skip


@pytest.mark.parametrize("case", WAYS, ids=[f"{n}-{w.journey}-[{w.section}]" for n, w in enumerate(WAYS)])
def test_pages_in_their_order(case: Way) -> None:
    found = sheet(case.journey, case.of, case.base, case.among, **case.asked)
    assert [page.key for page in found.way] == case.way.split()
    assert not found.missing


def test_each_journey_is_in_the_table() -> None:
    assert {way.journey for way in WAYS} == set(BY_NAME)


# --- what each answer of the portal leads to ------------------------------------------------------------------------

ON = "goes on"
STEP_1 = {
    "found": "name",
    "date_of_birth_differs": "ni_number",
    "not_found": "",
    "already_registered": "",
    "completed": "",
    "exempt": "",
    "failed": "",
    "prohibited": "",
}
NI = {"found": "name", "ni_number_differs": "", "already_registered": ""} | dict.fromkeys(
    ("completed", "exempt", "failed", "prohibited"), ""
)
OUTCOMES: list[tuple[str, str, str, dict[str, str]]] = [
    ("1.1 step 1", "register_ect", "find", STEP_1),
    ("1.1 step 1a", "register_ect", "ni_number", NI),
    ("1.1 steps 2, 2b", "register_ect", "name", {"email": "email", "before": "before"}),
    ("1.1 step 3a", "register_ect", "email", {"on": "start", "email_in_use": ""}),
    ("1.1 step 4a", "register_ect", "start", {"on": "pattern", "cannot_register_yet": ""}),
    ("1.1 step 6", "register_ect", "pattern", {"body": "body", "previous": "previous"}),
    (
        "1.2 step 1",
        "register_mentor",
        "find",
        {
            "found": "name",
            "date_of_birth_differs": "ni_number",
            "not_found": "",
            "same_person": "",
            "already_registered": "",
            "prohibited": "",
        },
    ),
    (
        "1.2 step 1a",
        "register_mentor",
        "ni_number",
        {"found": "name", "ni_number_differs": "", "already_registered": "", "prohibited": ""},
    ),
    (
        "1.2 steps 3 to 7",
        "register_mentor",
        "email",
        {n: n for n in ("check", "eligible", "only_here", "start", "provider")} | {"email_in_use": ""},
    ),
    ("1.2 step 6", "register_mentor", "only_here", {"start": "start", "check": "check"}),
    (
        "1.2 step 7",
        "register_mentor",
        "start",
        {"before": "before", "choices": "choices", "check": "check", "cannot_register_yet": ""},
    ),
    ("1.2 step 8", "register_mentor", "before", {"choices": "choices", "check": "check"}),
    ("1.2 step 8", "register_mentor", "choices", {"check": "check", "provider": "provider"}),
    ("1.2 step 4, 5", "register_mentor", "eligible", {"check": "check", "provider": "provider"}),
    ("1.3, 5", "mentor", "training", {"check": "check", "provider": "provider"}),
    ("1.7", "body", "body", {"check": "check", "locked": ""}),
]  # fmt: skip
SUBJECTS = {
    "register_ect": (ect(), None),
    "register_mentor": (mentor(), None),
    "mentor": (MENTORED, ect()),
    "body": (ect(appropriate_body="istip"), ect()),
}


@pytest.mark.parametrize(
    ("section", "journey", "page", "leads"), OUTCOMES, ids=[f"{j}-{p}-[{s}]" for s, j, p, _ in OUTCOMES]
)
def test_where_each_answer_of_the_portal_leads(
    section: str, journey: str, page: str, leads: dict[str, str]
) -> None:
    found = sheet(journey, *SUBJECTS[journey])
    here = found.page(page)
    assert here is not None
    assert {outcome.key: found.after(page, outcome.key) for outcome in here.outcomes} == leads, section


CODES = set(COLLECTION.code_lists.codes("portal_answer"))


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda one: one.name)
def test_every_stop_has_a_reason_code_and_says_what_next(journey: Journey) -> None:
    """Section 9: blocked, with a reason code of section 1 or 4."""
    for page in journey.pages:
        assert page.source.startswith("1.")
        for outcome in page.outcomes:
            assert bool(outcome.told) == outcome.ends
            assert all(COLLECTION.field(name) for name in outcome.sets)
            if outcome.ends and journey.name.startswith("register"):
                assert outcome.sets == {"portal_answer": outcome.key}
                assert outcome.key in CODES
        for question in page.questions:
            names = [f"{page.each}.{n}" if page.each else n for n in question.fields]
            assert all(COLLECTION.field(name) or name == "leaving_on" for name in names)


# --- words ----------------------------------------------------------------------------------------------------------

WORDS: list[tuple[str, Sheet, str, str, str]] = [
    ("3.1", sheet("register_ect", ect(trn="RP99/12345")), "find", "Teacher reference number (TRN)", "9912345"),
    ("1.1 step 2", sheet("register_ect", ect()), "name", "Are these details correct for the ECT?", "Yes, if it says Sam Okafor"),
    ("1.1 step 2", sheet("register_ect", ect(name_is_right="yes")), "name", "Are these details correct for the ECT?", "Yes"),
    ("1.1 step 2a", sheet("register_ect", ect(name_is_right="no", corrected_name="Samira Okafor")), "name", "Enter the correct full name", "Samira Okafor"),
    ("1.2 step 2", sheet("register_mentor", mentor(name_is_right="no", corrected_name="P L")), "name", "Are these details correct for the mentor?", "No, they changed their name or it’s spelt wrong"),
    ("1.1 step 5", sheet("register_ect", ect()), "pattern", "Working pattern", "Full time"),
    ("1.1 step 6", sheet("register_ect", ect(), None, (school(**LAST),)), "previous", "Do you want to use the same choices for this ECT?", "Yes"),
    ("1.1 step 6", sheet("register_ect", ect(appropriate_body="istip"), None, (school(**LAST),)), "previous", "Do you want to use the same choices for this ECT?", "No"),
    ("1.1.1", sheet("register_ect", ect(appropriate_body="istip"), None, (school(**INDEPENDENT),)), "body", "Type of appropriate body", "Independent Schools Teacher Induction Panel (ISTIP)"),
    ("1.1.1", sheet("register_ect", ect(), None, (school(**INDEPENDENT),)), "body", "Enter appropriate body name", "Alban Teaching School Hub"),
    ("1.2 step 6", sheet("register_mentor", mentor(only_here="yes")), "only_here", "Mentoring at your school only", "Yes, they will be mentoring at our school only"),
    ("1.2 step 7", sheet("register_mentor", mentor(started_on="2026-10-01")), "start", "Mentor start date", "1 October 2026"),
    ("1.3, 5", sheet("mentor", MENTORED, ect(), (mentor(lead_provider="ambition_institute"),)), "provider", "Select lead provider", "Ambition Institute"),
    ("1.3, 5", sheet("mentor", MENTORED, ect(), (mentor(),)), "provider", "Select lead provider", "Teach First"),
    ("1.9", sheet("induction_tutor", school(), school(induction_tutor_confirmed=2025)), "tutor", "Are these details correct?", "Yes"),
    ("1.9", sheet("induction_tutor", school(induction_tutor_name="Noor"), school(induction_tutor_confirmed=2025)), "tutor", "Are these details correct?", "No"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("section", "of", "page", "label", "words"),
    WORDS,
    ids=[f"{n}-[{w[0]}]-{w[2]}" for n, w in enumerate(WORDS)],
)
def test_answers_in_the_words_of_the_website(
    section: str, of: Sheet, page: str, label: str, words: str
) -> None:
    found = of.page(page)
    assert found is not None
    assert {line.label: line.words for line in found.lines}[label] == words, section


def test_an_independent_school_with_istip_names_no_hub() -> None:
    """Section 1.1.1: the body of that kind is chosen by its kind."""
    found = sheet("register_ect", ect(appropriate_body="istip"), None, (school(**INDEPENDENT),)).page("body")
    assert found is not None
    assert [line.label for line in found.lines] == ["Type of appropriate body"]


def test_previous_choices_lead_on_by_their_answer() -> None:
    """Section 1.1, step 6: yes jumps to 10."""
    again = sheet("register_ect", ect(), None, (school(**LAST),))
    anew = sheet("register_ect", ect(appropriate_body="istip"), None, (school(**LAST),))
    assert (again.after("previous"), anew.after("previous")) == ("check", "body")


@pytest.mark.parametrize(
    ("day", "said"), [("2026-12-18", "is leaving"), ("2026-09-20", "is leaving"), ("2026-09-19", "has left")]
)
def test_leaving_is_said_as_to_come_or_as_past(day: str, said: str) -> None:
    """Section 1.8."""
    found = sheet("leave", ect(), ect(), leaving_on=day)
    assert said in found.way[1].heading


def test_what_a_page_says_by_itself_is_not_named_as_left_out() -> None:
    """Sections 1.6 and 1.7: the page offers only the other one."""
    found = sheet("change", ect(working_pattern="part_time"), ect())
    assert found.not_asked == ()
    assert found.way[0].heading == "Change Sam Okafor’s working pattern to part time"
    assert sheet("programme", ect(training_programme="school_led", lead_provider=None), ect()).not_asked == ()


@pytest.mark.parametrize(
    ("changed", "typed"),
    [
        ({"email"}, {"change": {"email"}}),
        ({"training_programme", "lead_provider"}, {"programme": {"training_programme", "lead_provider"}}),
        ({"lead_provider", "email"}, {"provider": {"lead_provider"}}),
        ({"appropriate_body"}, {"body": {"appropriate_body"}}),
    ],
)
def test_what_ends_periods_is_never_typed_along_with_something_else(
    changed: set[str], typed: dict[str, set[str]]
) -> None:
    """Section 9: programme, provider and mentor changes have a sheet each."""
    parts = {j.name: j.types(frozenset(changed)) for j in JOURNEYS if j.types is not None}
    told = {name: set(part) for name, part in parts.items() if part}
    assert told == {name: part for name, part in typed.items() if name != "change"}


def test_headings_have_the_name_that_the_portal_shows_by_then() -> None:
    """Section 1.4: the new name counts from its own page on."""
    renamed = ect(corrected_name="Robin Reid", email="new@example.com")
    heads = {page.key: page.heading for page in sheet("change", renamed, ect()).way}
    assert heads["name"] == "Change name for Sam Okafor"
    assert heads["email"] == "Change email address for Robin Reid"
    found = sheet("leave", renamed, ect(), leaving_on="2026-12-18")
    assert found.way[0].heading == "Tell us if Sam Okafor has left or is leaving your school permanently"
