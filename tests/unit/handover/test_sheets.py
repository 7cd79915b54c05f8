"""Laying a record's answers into a journey, whatever the collection."""

from datetime import date

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.handover.sheets import as_rows, fill, moved
from desktop.model.change import ChangeKind
from desktop.model.document import Child, Document
from desktop.model.journey import Entry, Journey, Matter, Outcome, Question, WebPage, never

NUMBER = WebPage(
    "number",
    "Find the teacher",
    (
        Question("TRN", Entry.TYPE, lambda m: str(m.get("first_names") or ""), ("first_names",)),
        Question("Date of birth", Entry.DATE, lambda m: str(m.get("date_of_birth") or ""), ("date_of_birth",)),
    ),
    outcomes=(
        Outcome("found", "The name is shown"),
        Outcome("other", "It asks for a National Insurance number", to="insurance"),
        Outcome("blocked", "It says that they cannot be registered", ends=True, told="Ask the school."),
    ),
)  # fmt: skip
INSURANCE = WebPage(
    "insurance",
    "National Insurance number",
    (Question("National Insurance number", Entry.TYPE, lambda m: str(m.get("ni_number") or ""), ("ni_number",)),),
    aside=True,
)  # fmt: skip
EMAIL = WebPage(
    "email", "Email", (Question("Email", Entry.TYPE, lambda m: str(m.get("email") or ""), ("email",)),)
)
SCHOOLS = WebPage(
    "school",
    lambda m: f"School {m.number}",
    (Question("Name", Entry.SEARCH, lambda m: str(m.get("urn") or ""), ("urn",), needed=never),),
    each="placements",
)
PAGES = (NUMBER, INSURANCE, EMAIL, SCHOOLS)
JOURNEY = Journey("one", "Register a teacher", frozenset({ChangeKind.CREATE}), PAGES, "Begin.", "Done.")


def sheet(children=(), **fields):
    mine = Document(fields, {"placements": [Child(f"p{n}", c) for n, c in enumerate(children)]})
    return fill(JOURNEY, COLLECTION, Matter(mine, date(2026, 9, 1), COLLECTION.code_lists))


def test_a_date_is_read_in_words_and_copied_in_three_parts():
    line = sheet(date_of_birth="1999-04-07").pages[0].lines[1]
    assert (line.words, line.copies) == ("7 April 1999", ("7", "4", "1999"))


@pytest.mark.parametrize("typed", ["", "April", "1999-13-01"])
def test_what_is_no_date_is_missing(typed):
    line = sheet(date_of_birth=typed).pages[0].lines[1]
    assert (line.words, line.copies, line.missing) == ("", (), True)


@pytest.mark.parametrize(
    ("page", "outcome", "then"),
    [
        ("number", "found", "email"),
        ("number", "other", "insurance"),
        ("number", "blocked", ""),
        ("insurance", "", "email"),
        ("email", "", "school.p0"),
        ("school.p0", "", "school.p1"),
        ("school.p1", "", ""),
    ],
)
def test_the_way_follows_what_the_portal_answers(page, outcome, then):
    assert sheet([{"urn": "1"}, {"urn": "2"}]).after(page, outcome) == then


def test_a_page_aside_is_no_step_of_the_way():
    found = sheet([{"urn": "1"}])
    assert [page.key for page in found.way] == ["number", "email", "school.p0"]
    assert [found.place(page.key) for page in found.pages] == [1, 1, 2, 3]


def test_paths_of_children_name_the_child():
    found = sheet([{"urn": "115795"}])
    page = found.pages[-1]
    assert (page.heading, page.lines[0].paths) == ("School 1", ("placements.p0.urn",))


def test_what_no_page_asks_for_is_named_once():
    found = sheet([{"urn": "1", "postcode": "BN1"}, {"postcode": "BN2"}], hesa_id="1", email="a@b.example")
    assert found.not_asked == ("Placement: Postcode", "HESA ID")


def test_paper_says_what_is_missing_and_what_stays_empty():
    rows = as_rows(sheet([{}], email="a@b.example"))
    assert ("1. Find the teacher", "TRN", "Type or paste", "Missing: find it out first") in rows
    assert rows[-1] == (
        "3. School 1 (Placement, nothing answered)",
        "Name",
        "Type, then choose",
        "Leave it empty",
    )


def test_moved_names_what_changed_and_what_is_asked_only_now():
    before = sheet(email="old@example.com").answers()
    later = sheet([{"urn": "7"}], email="new@example.com")
    assert [(line.label, was) for line, was in moved(before, later)] == [
        ("Email", "old@example.com"),
        ("Name", ""),
    ]
