"""What the form says of answers and sections: marks, notes, counts, and when it keeps quiet."""

from typing import Any

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.change import ChangeKind, ChangeState
from desktop.model.conflict import Conflict, ConflictKind, FieldConflict
from desktop.model.document import Child, Document, Patch, apply
from desktop.model.finding import Finding, Severity
from desktop.model.ids import ChangeId, ConflictId, RecordId
from desktop.services.views import QueueItem
from desktop.ui.fields.notes import Mark
from desktop.ui.record.money_words import place_words, said_of, short_day
from desktop.ui.record.outlook import TAKE, UNDO, Outlooker, title_of
from desktop.ui.record.session import FormSession
from tests.ui.conftest import EVE_OF_CENSUS as NOW
from tests.ui.test_form_session import BASE, view_of

ERROR, WARNING, UNKNOWN = Severity.ERROR, Severity.WARNING, Severity.UNKNOWN


@pytest.fixture
def looker():
    return Outlooker(COLLECTION)


def finding(field, message="Put it right. Then go on.", severity=ERROR):
    return Finding("T-X", severity, field, message)


def change(**more):
    facts: dict[str, Any] = {
        "id": ChangeId("c1"),
        "record_id": RecordId("r1"),
        "record_label": "Farrukh, Zain",
        "collection": "trainees",
        "kind": ChangeKind.UPDATE,
        "target": "",
        "state": ChangeState.QUEUED,
        "attempts": 0,
        "next_try": None,
        "reason": "",
        "saved_at": NOW,
        "actor": "",
        "place": 2,
        "what": "Email address: z",
        "group": "other",
        "money_gbp": None,
        "eta_s": None,
    }
    return QueueItem(**(facts | more))


def look(looker, session, findings=(), *, insist=True):
    return looker.look(session, findings, NOW, insist=insist)


def test_an_error_marks_its_row_and_its_section_and_is_listed(looker):
    session = FormSession(COLLECTION, view_of(BASE.copy()))
    outlook = look(looker, session, [finding("email", "Enter the email address. Like this.")])
    assert outlook.fields["email"].mark == Mark.ERROR
    assert outlook.sections["contact"].aside == "1 to fix"
    assert [(p.path, p.title) for p in outlook.problems] == [("email", "Enter the email address")]


def test_a_finding_of_one_of_several_answers_stands_at_their_one_row(looker):
    session = FormSession(COLLECTION, view_of(BASE.copy()))
    outlook = look(looker, session, [finding("disability4")])
    assert outlook.fields["disability1"].mark == Mark.ERROR


def test_a_finding_of_a_child_stands_in_the_child_and_one_of_the_list_at_the_list(looker):
    session = FormSession(COLLECTION, view_of(BASE.copy()))
    outlook = look(looker, session, [finding("degrees.d1.grade"), finding("degrees"), finding("degrees.d1")])
    assert {"degrees.d1.grade", "degrees", "degrees.d1"} <= outlook.fields.keys()
    assert outlook.sections["degrees"].aside == "3 to fix"


def test_what_only_the_portal_knows_is_dashed_and_never_a_tick(looker):
    session = FormSession(COLLECTION, view_of(BASE.copy()))
    outlook = look(looker, session, [finding("employing_school_urn", severity=UNKNOWN)])
    assert outlook.sections["schools"].icon == "circle-dashed"
    assert outlook.fields["employing_school_urn"].mark == Mark.NONE
    assert outlook.problems == ()


def refused(target="", kind=ChangeKind.UPDATE, path=""):
    return change(
        kind=kind, target=target, state=ChangeState.REJECTED, refusals=((path, "School is not known"),)
    )


@pytest.mark.parametrize("path", ["", "urn"])
def test_a_refused_placement_is_said_at_the_placement_and_at_its_section(looker, path):
    document = BASE.copy()
    document.children["placements"] = [Child("p1", {"urn": "100006"})]
    view = view_of(document, changes=(refused("placements.p1", ChangeKind.NESTED, path),))
    rule = finding("placements.p1.urn", "Register will check the URN.", UNKNOWN)
    outlook = look(looker, FormSession(COLLECTION, view), [rule])
    said = outlook.sections["placements"]
    assert (said.icon, said.ink, said.aside) == ("octagon-x", "refused", "Refused")
    assert outlook.problems[0].path == ("placements.p1.urn" if path else "placements.p1")
    assert outlook.fields[outlook.problems[0].path].mark == Mark.ERROR


def test_a_refusal_about_a_placement_that_is_gone_here_stands_at_the_list(looker):
    view = view_of(BASE.copy(), changes=(refused("placements.p9", ChangeKind.NESTED),))
    outlook = look(looker, FormSession(COLLECTION, view))
    assert [problem.path for problem in outlook.problems] == ["placements"]


def test_a_section_in_which_nothing_was_answered_has_no_tick(looker):
    outlook = look(looker, FormSession(COLLECTION), [finding("first_names")])
    assert [key for key, said in outlook.sections.items() if said.icon == "check"] == []
    assert outlook.sections["placements"].icon == "minus"


def test_a_new_form_is_not_scolded_about_questions_nobody_came_to(looker):
    session = FormSession(COLLECTION)
    session.type("first_names", "Ada")
    found = [finding("first_names"), finding("email"), finding("last_name")]
    outlook = look(looker, session, found, insist=False)
    assert set(outlook.fields) == {"first_names"}
    assert outlook.open_answers == 2
    assert outlook.sections["contact"].aside == "1 left"
    session.visited.add("email")
    assert "email" in look(looker, session, found, insist=False).fields


def test_a_change_made_here_says_what_the_portal_still_has(looker):
    local = apply(BASE, Patch({"email": "new@example.org"}))
    session = FormSession(COLLECTION, view_of(local, BASE))
    session.saved_times["email"] = NOW
    said = look(looker, session).fields["email"]
    assert said.mark == Mark.CHANGED
    assert said.notes[-1].text == "Changed here at 14:02. The portal still has z@example.org."
    assert said.notes[-1].link == UNDO


def test_a_conflict_offers_the_portals_value(looker):
    row = FieldConflict("itt_end_date", "itt_end_date", "2027-06-30", "2027-07-02", "2027-07-16")
    conflict = Conflict(ConflictId("k"), RecordId("r1"), "trainees", ConflictKind.FIELDS, (row,), NOW)
    session = FormSession(COLLECTION, view_of(BASE.copy(), conflict=conflict))
    said = look(looker, session).fields["itt_end_date"]
    assert said.mark == Mark.PORTAL
    assert said.notes[-1].text == "The portal changed this to 16 July 2027."
    assert said.notes[-1].link == TAKE


def test_an_error_outranks_a_change_and_both_are_said(looker):
    local = apply(BASE, Patch({"email": "new"}))
    session = FormSession(COLLECTION, view_of(local, BASE))
    said = look(looker, session, [finding("email")]).fields["email"]
    assert said.mark == Mark.ERROR
    assert [note.icon for note in said.notes] == ["circle-x", "pencil-line"]


def test_the_portals_refusal_stands_at_the_field_in_its_own_words(looker):
    refused = change(state=ChangeState.REJECTED, refusals=(("email", "is not taken"),), place=None)
    session = FormSession(COLLECTION, view_of(BASE.copy(), changes=(refused,)))
    outlook = look(looker, session)
    assert outlook.fields["email"].notes[0].text == "Register refused this: “is not taken”"
    assert outlook.problems[0].path == "email"
    session.type("email", "other@example.org")
    assert "email" not in {p.path for p in look(looker, session).problems}


def test_a_refusal_of_a_child_stands_in_the_child(looker):
    refused = change(
        kind=ChangeKind.NESTED,
        target="degrees.d1",
        state=ChangeState.REJECTED,
        refusals=(("degrees.grade", "is not on the list"),),
    )
    session = FormSession(COLLECTION, view_of(BASE.copy(), changes=(refused,)))
    assert "degrees.d1.grade" in look(looker, session).fields


def test_a_child_added_here_says_so(looker):
    local = BASE.copy()
    local.children["degrees"].append(Child("d2", {"subject": "100425"}))
    session = FormSession(COLLECTION, view_of(local, BASE))
    note = look(looker, session).fields["degrees.d2.subject"].notes[-1]
    assert note.text.startswith("Added here")


def test_titles_are_the_first_sentence_and_not_too_long():
    assert title_of("Choose one. Or another.") == "Choose one"
    assert len(title_of("word " * 60)) <= 90


# --- money


def test_the_money_panel_says_where_the_change_stands():
    view = view_of(BASE.copy(), changes=(change(),))
    assert place_words(view, 0) == "2nd"
    assert place_words(view, 3) == "Not yet, 3 to fix"
    assert place_words(view_of(BASE.copy()), 0) == "Nothing waits"
    assert place_words(None, 0) == "Not yet, not saved"
    assert place_words(view_of(BASE.copy(), changes=(change(place=None),)), 0) == "Held, needs you"


def test_the_money_panel_reads_the_form_and_not_the_disk():
    document = Document(
        {
            "training_route": "12",
            "course_subject_1": "100403",
            "itt_start_date": "2026-09-07",
            "fund_code": "7",
            "funding_method": "D",
        }
    )
    said = said_of(COLLECTION, document, view_of(BASE.copy()), 0, NOW.date())
    assert said.amounts == (29_000,)
    assert said.aside == "2026 to 2027 table"
    assert said.lines == (
        ("Portal holds now", "No funding"),
        ("Needed by", "Wed 14 October"),
        ("Place in queue", "Nothing waits"),
        ("Depends on", "Course, dates, funding"),
    )


def test_money_of_a_blank_record_is_not_known_yet_and_not_nothing():
    said = said_of(COLLECTION, Document(), None, 0, NOW.date())
    assert (said.amounts, said.known) == ((), False)
    assert said.what == "It depends on course, dates, funding"


def test_a_day_of_another_year_names_it():
    assert short_day(NOW.date().replace(year=2027), NOW.date()) == "Wed 13 October 2027"
