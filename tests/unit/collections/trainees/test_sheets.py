"""Register's website page by page: which pages come for whom, in which order, and what is answered in its own words.

Order and words are those of the service's pages at the commit of the domain pack; each page names the section it rests on.
"""

from __future__ import annotations

from typing import Any

import pytest

from desktop.collections.trainees import COLLECTION, tables
from desktop.collections.trainees.sheets import JOURNEYS, REASONS, ROUTES
from desktop.handover.sheets import Sheet, fill
from desktop.model.change import ChangeKind
from desktop.model.document import ChildPatch, Document, Patch, apply, diff
from desktop.model.journey import Matter
from tests.unit.collections.trainees.sample import EARLY_YEARS, OTHER_DEGREE, TODAY, UK_DEGREE, document

WITHDRAWAL = {
    "withdrawal_date": "2026-09-18",
    "trigger": "trainee",
    "reasons": "trainee_workload_issues",
    "future_interest": "unknown",
}


def sheet(name: str, of: Document | None = None, base: Document | None = None, **more: Any) -> Sheet:
    journey = COLLECTION.journey(name)
    assert journey is not None
    mine = of if of is not None else document()
    changed = frozenset(diff(base, mine).touched()) if base is not None else frozenset[str]()
    matter = Matter(mine, more.pop("today", TODAY), COLLECTION.code_lists, base=base, changed=changed, **more)
    return fill(journey, COLLECTION, matter)


def keys(found: Sheet) -> list[str]:
    return [page.key.partition(".")[0] for page in found.way]


def said(found: Sheet, page: str) -> dict[str, str]:
    shown = next(p for p in found.pages if p.key.partition(".")[0] == page)
    return {line.label: line.words for line in shown.lines}


# --- register (pack 0, 1.5, 2, 2.2) ----------------------------------------------------------------------------------


def test_a_new_trainee_goes_through_the_task_list_from_top_to_bottom():
    found = sheet("register", document(placements=[{"urn": "115795"}]))
    assert keys(found) == [
        "route",
        "personal",
        "contact",
        "diversity",
        "ethnic-group",
        "ethnic-background",
        "disability",
        "degree-type",
        "degree-uk",
        "phase",
        "course",
        "placements",
        "placement",
        "trainee-id",
        "is-partner",
        "initiative",
        "funding",
        "check",
        "on-time",
    ]
    assert found.missing == ()


@pytest.mark.parametrize(
    ("changes", "without", "with_"),
    [
        (EARLY_YEARS, {"phase", "is-partner"}, {"funding", "degree-type"}),
        ({"training_route": "11", "degrees": []}, {"degree-type", "no-degree"}, {"is-partner"}),
        ({"training_route": "16"}, {"placements", "is-partner"}, {"phase"}),
        ({"training_route": "15", "iqts_country": "FR"}, {"funding", "initiative"}, {"country"}),
        ({"training_route": "10"}, set(), {"is-partner", "is-employer"}),
        ({"training_route": "10", "training_partner_urn": "115795"}, set(), {"partner"}),
        ({"degrees": []}, {"degree-type"}, {"no-degree"}),
        ({"disability1": "51"}, set(), {"disabilities"}),
        ({"ethnicity": None, "disability1": None}, {"ethnic-group", "disability"}, {"diversity"}),
        ({"itt_start_date": "2026-09-21", "trainee_start_date": None}, {"on-time"}, {"check"}),
        ({"funding_method": "6", "course_subject_1": "100302"}, {"funding"}, {"initiative"}),
    ],
)
def test_pages_follow_route_and_answers(changes, without, with_):
    found = set(keys(sheet("register", document(**changes))))
    assert not found & without
    assert with_ <= found


@pytest.mark.parametrize(
    ("page", "label", "changes", "words"),
    [
        ("route", "Type of training", {}, "Primary and secondary, under Postgraduate (fee funded)"),
        ("personal", "Date of birth", {}, "17 April 1999"),
        ("personal", "Sex", {"sex": "96"}, "Prefer not to say"),
        ("personal", "Nationality", {}, "British"),
        ("ethnic-group", "Ethnic group", {}, "White"),
        ("ethnic-group", "Ethnic group", {"ethnicity": "180"}, "Another ethnic group"),
        ("ethnic-background", "Background", {"ethnicity": "103"}, "Indian"),
        ("disability", "Shared that they are disabled", {}, "They shared that they’re not disabled"),
        ("disability", "Shared that they are disabled", {"disability1": "98"}, "They did not say"),
        ("disabilities", "Disabilities", {"disability1": "57", "disability2": "58"}, "Deaf, Blind"),
        ("degree-type", "Is this a UK degree?", {}, "UK degree"),
        ("degree-type", "Is this a UK degree?", {"degrees": [OTHER_DEGREE]}, "Non-UK degree"),
        ("degree-uk", "Degree subject", {}, "Mathematics"),
        (
            "degree-abroad",
            "In which country or territory is the degree institution based?",
            {"degrees": [OTHER_DEGREE]},
            "France",
        ),
        ("phase", "Phase", {"course_age_range": "13914"}, "Primary"),
        ("phase", "Phase", {}, "Secondary"),
        ("course", "Subject", {}, "Mathematics"),
        (
            "course",
            "Subject",
            {"course_age_range": "13914", "course_subject_1": "100511", "course_subject_2": "100403"},
            "Primary with another subject",
        ),
        ("course", "Age range", {}, "11 to 16"),
        ("course", "Full time or part time?", {"study_mode": "31"}, "Part time"),
        ("placement", "School or setting name", {"placements": [{"name": "The Hive"}]}, "The Hive"),
        (
            "placement",
            "School or setting name",
            {"placements": [{"urn": "900020"}]},
            "Establishment does not have a URN",
        ),
        ("initiative", "Is the trainee on any of these training initiatives?", {"training_initiative": "026"}, "Now Teach"),
        ("funding", "Choose funding type", {}, "Bursary"),
        ("funding", "Choose funding type", {"funding_method": "6"}, "None"),
        ("funding", "Do you want to apply for a bursary for this trainee?", EARLY_YEARS | {"funding_method": "7"}, "Yes - Tier 1 (£5,000)"),
        ("on-time", "Did the trainee start their ITT on time?", {"trainee_start_date": "2026-09-14"}, "No, they started later"),
    ],
)  # fmt: skip
def test_answers_in_the_websites_own_words(page, label, changes, words):
    assert said(sheet("register", document(**changes)), page)[label] == words


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"provider_trainee_id": None}, ["Trainee ID"]),
        ({"email": None, "nationality": None}, ["Nationality", "Email address"]),
        ({"date_of_birth": "last spring"}, ["Date of birth"]),
        ({"degrees": []}, ["Is this a UK degree?"]),
        ({"training_route": "02"}, ["Type of training"]),
        ({"course_subject_1": "999999"}, ["Subject"]),
    ],
)
def test_what_the_website_demands_and_nobody_answered_is_missing(changes, missing):
    assert [line.label for line in sheet("register", document(**changes)).missing] == missing


def test_what_the_website_never_asks_is_said_at_the_end():
    found = sheet("register", document(ni_number="QQ123456C"))
    assert set(found.not_asked) == {
        "National Insurance number",
        "Award aimed at",
        "Aim of the training",
        "Year of course",
        "Student finance",
        "HESA ID",
    }


def test_two_degrees_and_two_placements_come_one_after_the_other():
    mine = document(degrees=[UK_DEGREE, OTHER_DEGREE], placements=[{"urn": "115795"}, {"urn": "115796"}])
    found = sheet("register", mine)
    named = [(page.heading, page.which[:12]) for page in found.way if page.which]
    assert [heading for heading, _ in named] == [
        "Add undergraduate degree",
        "Add another degree",
        "UK degree details",
        "Non-UK degree details",
        "First placement",
        "Second placement",
    ]


# --- change (pack 1.6) -------------------------------------------------------------------------------------------------


def test_only_what_differs_is_typed():
    base = document()
    found = sheet("change", document(email="new@example.com", itt_end_date="2027-08-01"), base)
    assert keys(found) == ["contact", "course", "confirm"]
    assert said(found, "course") == {"Expected end date": "1 August 2027"}
    assert found.missing == ()


def test_degrees_that_come_change_and_go():
    base = document(degrees=[UK_DEGREE, OTHER_DEGREE])
    first, second = (child.id for child in base.children["degrees"])
    patch = {
        first: ChildPatch({"grade": "01"}),
        second: ChildPatch(removed=True),
        "new": ChildPatch(dict(UK_DEGREE), added=True),
    }
    found = sheet("change", apply(base, Patch({}, {"degrees": patch})), base)
    assert keys(found) == ["degree-type", "degree-uk", "degree-uk", "degree-goes", "confirm"]
    grade = next(page for page in found.pages if page.key == f"degree-uk.{first}")
    assert [line.label for line in grade.lines] == ["Degree grade"]
    added = next(page for page in found.pages if page.key == "degree-uk.new")
    assert len(added.lines) == 5


def test_a_later_start_is_typed_as_one():
    base = document()
    found = sheet("change", document(trainee_start_date="2026-09-14"), base)
    assert said(found, "on-time") == {"Trainee start date": "14 September 2026"}


def test_an_edit_that_no_page_takes_gives_no_page():
    base = document()
    found = sheet("change", document(course_year=3, hesa_id="1234567890123"), base)
    assert found.pages == ()
    assert set(found.not_asked) == {"Year of course", "HESA ID"}


# --- actions (pack 1.8, 3.1, 3.2) ---------------------------------------------------------------------------------------


def asked(name: str, fields: dict[str, Any], base: Document | None = None, **more: Any) -> Sheet:
    there = base if base is not None else document()
    return sheet(name, there, there, asked=fields, **more)


@pytest.mark.parametrize(
    ("name", "fields", "pages"),
    [
        ("defer", {"defer_date": "2026-09-18"}, ["date", "reason", "check"]),
        ("withdraw", WITHDRAWAL, ["start", "date", "trigger", "reasons", "future", "check"]),
        ("recommend", {"qts_standards_met_date": "2026-09-18"}, ["date", "check"]),
        ("reinstate", {"return_date": "2026-09-18", "new_end_date": "2027-09-01"}, ["date", "end", "check"]),
        ("undo-withdrawal", {"undo_reason": "By mistake"}, ["write", "look"]),
        ("delete", {}, ["press", "confirm"]),
    ],
)
def test_the_pages_of_each_action(name, fields, pages):
    found = asked(name, fields)
    assert keys(found) == pages
    assert found.missing == ()
    assert found.not_asked == ()


@pytest.mark.parametrize("name", ["defer", "withdraw"])
def test_where_register_does_not_know_the_start_it_asks_first(name):
    fields = WITHDRAWAL if name == "withdraw" else {"defer_date": "2026-09-18"}
    found = asked(name, fields, document(trainee_start_date=None))
    assert keys(found)[:3] == ["did-start", "on-time", "date"]


def test_before_the_course_a_deferral_has_no_day():
    later = document(itt_start_date="2026-09-28", trainee_start_date=None)
    assert keys(asked("defer", {"defer_date": "2026-09-18"}, later)) == ["reason", "check"]


def test_a_withdrawal_says_who_and_why_in_the_websites_words():
    fields = WITHDRAWAL | {
        "trigger": "provider",
        "reasons": "did_not_make_progress, had_to_withdraw_trainee_another_reason",
        "another_reason": "Moved abroad",
    }
    found = asked("withdraw", fields)
    page = next(p for p in found.pages if p.key == "reasons")
    assert page.heading == "Why did you withdraw the trainee?"
    assert page.lines[0].copies == ("Lack of academic progress", "Another reason")
    assert said(found, "reasons")["Enter the reason"] == "Moved abroad"
    assert said(found, "trigger") == {
        "Who chose to withdraw the trainee?": "We chose to withdraw the trainee"
    }
    assert said(found, "future") == {"Interested in the future": "I don’t know"}


def test_a_reason_that_needs_words_misses_them():
    found = asked("withdraw", WITHDRAWAL | {"reasons": "trainee_chose_to_withdraw_another_reason"})
    assert [line.label for line in found.missing] == ["Enter the reason"]


def test_early_years_speak_of_eyts():
    found = asked("recommend", {"qts_standards_met_date": "2026-09-18"}, document(**EARLY_YEARS))
    assert found.pages[0].heading == "When did the trainee’s EYTS status change?"


def test_the_support_team_is_told_who_and_why():
    found = asked("undo-withdrawal", {"undo_reason": "By mistake"}, extras={"trn": "1234567"})
    assert said(found, "write")["Message"] == (
        "Please undo the withdrawal of Leonie Ashcombe (TRN 1234567, trainee ID NM26-00001). By mistake"
    )


def test_a_deletion_follows_what_register_asks():
    found = asked("delete", {})
    assert found.after("press", "sure") == "confirm"
    assert found.after("press", "started") == "did-start"
    assert found.after("did-start", "sure") == "confirm"
    assert (found.after("press", "gone"), found.after("did-start", "forbidden")) == ("", "")
    assert found.after("confirm") == ""


# --- all of them ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda j: j.name)
def test_each_page_has_a_source_and_says_how_to_go_on(journey):
    assert journey.source
    assert journey.begin.endswith(".")
    assert journey.ending.endswith(".")
    names = [page.key for page in journey.pages]
    assert len(set(names)) == len(names)
    for page in journey.pages:
        assert page.source
        assert page.button
        assert page.questions or page.note or page.outcomes or page.key == "start"
        for outcome in page.outcomes:
            assert outcome.to in ("", *names)
            assert not outcome.ends or outcome.told.endswith(".")
        asides = [o.to for p in journey.pages for o in p.outcomes]
        assert not page.aside or page.key in asides


def test_every_change_and_every_action_has_one_journey():
    for kind in (ChangeKind.CREATE, ChangeKind.UPDATE, ChangeKind.NESTED):
        assert sum(journey.carries(kind, "") for journey in JOURNEYS) == 1
    for action in COLLECTION.actions:
        (journey,) = (j for j in JOURNEYS if j.carries(ChangeKind.ACTION, action.name))
        assert journey.label == action.label


def test_routes_and_reasons_of_the_pack_are_known_to_the_website():
    assert set(ROUTES) == {code for code, route in tables.routes().items() if not route.refused}
    assert set(REASONS) == set(tables.PACK.codes("withdrawal_reason"))
