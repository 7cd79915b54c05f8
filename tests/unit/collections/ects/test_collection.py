"""The collection as a whole: fields, lists, labels, columns, the days that matter, leaving, formats."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.collections import all_collections, names, usual
from desktop.collections.ects import COLLECTION, formats, tables, who
from desktop.collections.ects.actions import DEMANDS, LEAVE
from desktop.collections.ects.children import mentorship_label, period_label, training_label
from desktop.collections.ects.tables import PACK
from desktop.model.collection import Kind, Required
from desktop.model.document import Document
from desktop.validation.engine import check_action
from tests.unit.collections.ects.sample import (
    MENTORSHIP,
    TRAINING,
    URN,
    context,
    ect,
    held,
    mentor,
    mentorship,
    school,
    training,
)


def test_schools_look_after_ects_first_and_others_do_not():
    assert all_collections()["ects"] is COLLECTION
    assert usual("school") == ("ects", "trainees")
    assert usual("hei") == usual("scitt") == usual("training-provider") == ("trainees",)
    assert set(usual("school")) <= set(names())


def test_every_field_has_a_section_and_every_code_field_a_list():
    sections = {section.key for section in COLLECTION.sections}
    for field in (*COLLECTION.fields, *(f for kind in COLLECTION.children for f in kind.fields)):
        assert field.section in sections or field not in COLLECTION.fields
        assert (field.kind is Kind.CODE) == bool(field.codes)
        if field.codes:
            assert COLLECTION.code_lists.codes(field.codes)
        assert (field.required is Required.SOMETIMES) or field.needed is None
    assert {kind.section for kind in COLLECTION.children} <= sections


def test_every_facet_that_is_listed_is_worked_out_and_filters_have_lists():
    worked_out = COLLECTION.facets(ect())
    for facet in COLLECTION.listed:
        assert facet.key in worked_out
        field = COLLECTION.field(facet.field) if facet.field else None
        assert not facet.filter or (field is not None and field.codes)


@pytest.mark.parametrize(
    "name",
    [
        "role", "yes_no", "working_pattern", "training_programme", "appropriate_body", "lead_provider", "school_type",
        "withdrawal_reason", "deferral_reason", "schedule", "agreed_by", "induction_status", "portal_answer",
        "name_change_reason",
    ],
)  # fmt: skip
def test_labels_of_lists_stand_for_one_code_each(name: str):
    codes = PACK.codes(name)
    labels = [entry.label.casefold() for entry in codes.values()]
    assert len(set(labels)) == len(labels)
    assert all(PACK.find(name, entry.label) == code for code, entry in codes.items())


def test_what_is_asked_only_to_find_the_teacher_is_marked():
    """Section 0, fact 5."""
    assert {f.name for f in COLLECTION.fields if f.lookup} == {"date_of_birth", "ni_number"}


@pytest.mark.parametrize(
    ("answer", "answered"),
    [(None, False), ("", False), ("date_of_birth_differs", False), ("found", True), ("not_found", True)],
)
def test_when_the_portal_has_answered_who_it_is(answer: str | None, answered: bool):
    """Section 1.1, steps 1 and 1a."""
    assert who.looked_up(ect(portal_answer=answer)) is answered


@pytest.mark.parametrize(
    ("document", "shown", "hidden"),
    [
        (ect(), {"working_pattern", "date_of_birth", "lead_provider"}, {"ect_trn", "ni_number", "school_type"}),
        (ect(portal_answer="date_of_birth_differs"), {"ni_number"}, set()),
        (ect(portal_answer="found"), set(), {"date_of_birth", "ni_number"}),
        (ect(training_programme="school_led"), {"training_programme"}, {"lead_provider"}),
        (ect(name_is_right="no", corrected_name="Robin Baker"), {"corrected_name", "name_change_reason", "same_person"}, set()),
        (mentor(), {"ect_trn", "lead_provider"}, {"working_pattern", "appropriate_body"}),
        (school(), {"induction_tutor_name", "school_type"}, {"trn", "started_on", "portal_answer"}),
    ],
)  # fmt: skip
def test_fields_show_when_they_apply(document: Document, shown: set[str], hidden: set[str]):
    there = {f.name for f in COLLECTION.fields if f.shown is None or f.shown(document)}
    assert shown <= there
    assert not hidden & there


def test_a_school_has_no_lists_of_periods():
    assert [k.key for k in COLLECTION.children if k.shown is None or k.shown(school())] == []
    assert {k.key for k in COLLECTION.children if k.shown is None or k.shown(mentor())} == {
        "training",
        "periods",
    }


def test_labels():
    assert COLLECTION.label(ect()) == "Okafor, Sam"
    assert COLLECTION.label(ect(first_names=None, last_name=None)) == "TRN 3012345"
    assert COLLECTION.label(Document()) == "Unnamed teacher"
    assert COLLECTION.label(school()) == "Northmoor Academy"
    assert COLLECTION.label(school(school_name=None)) == f"School {URN}"
    assert len(COLLECTION.label(ect(last_name="a" * 1_000_000))) < 300
    assert mentorship_label(MENTORSHIP, PACK) == "Priya Lindqvist, since 1 September 2026"
    assert training_label(TRAINING, PACK) == "Provider-led, Teach First, since 1 September 2026"
    assert period_label(
        {"school_urn": URN, "started_on": "2025-09-01", "finished_on": "2026-05-31"}, PACK
    ) == (f"URN {URN}, 1 September 2025 to 31 May 2026")
    assert [label({}, PACK) for label in (mentorship_label, training_label, period_label)] == [
        "Mentor, nothing answered",
        "Training, nothing answered",
        "Period, nothing answered",
    ]


def test_identity_is_the_trn_in_one_role_at_one_school():
    mine = COLLECTION.identity(ect())
    assert mine == COLLECTION.identity(ect(trn="30/12345", email=None))
    assert mine != COLLECTION.identity(mentor(trn="3012345"))
    assert COLLECTION.identity(ect(trn="12")) is None
    assert COLLECTION.identity(school()) == ("school", URN)


def test_facets():
    told = COLLECTION.facets(ect({"mentorships": [mentorship()], "training": [training()]}))
    assert told == {
        "cycle": 2026,
        "kind": "ect",
        "trn": "3012345",
        "start_date": "2026-09-01",
        "working_pattern": "full_time",
        "training_programme": "provider_led",
        "lead_provider": "teach_first",
        "appropriate_body": "alban",
        "email": "sam.okafor@example.com",
        "mentor": "2054321",
        "school": None,
    }
    assert COLLECTION.facets(ect(started_on="2026-05-31"))["cycle"] == 2025
    assert COLLECTION.facets(school())["school"] == URN
    assert {v for k, v in COLLECTION.facets(Document()).items() if k != "kind"} == {None}


def test_which_other_records_are_compared():
    assert who.related(ect({"mentorships": [mentorship()]})) == {
        "trn": ("2054321", "3012345"),
        "email": ("sam.okafor@example.com",),
        "school": (URN,),
    }
    assert who.related(mentor(school_urn=None, email=None)) == {
        "trn": ("2054321", "3012345"),
        "mentor": ("2054321",),
        "kind": ("school",),
    }
    assert who.related(school()) == {"school": (URN,)}


# --- contract periods (2, 3.4) --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "today", "year"),
    [
        ("2026-09-01", "2026-09-20", 2026),
        ("2026-05-31", "2026-09-20", 2026),
        ("2026-06-01", "2026-05-31", 2026),
        ("2030-09-01", "2026-09-20", 2026),
    ],
)
def test_registration_period(start: str, today: str, year: int):
    """Section 3.4: the current one unless the start lies in a later one."""
    known = tables.periods(PACK)
    assert known is not None
    found = known.registration(date.fromisoformat(start), date.fromisoformat(today))
    assert found is not None
    assert found.year == year


def test_contract_periods_touch_and_do_not_meet():
    known = tables.periods(PACK)
    assert known is not None
    for one, following in zip(known.known, known.known[1:], strict=False):
        assert (following.first - one.last).days == 1
        assert one.first == date(one.year, 6, 1)
    assert [p.year for p in known.known if p.frozen] == [2021, 2022]
    assert known.moves_to == 2024


def test_days_that_matter():
    told = COLLECTION.deadlines(date(2026, 5, 20))
    assert (
        date(2026, 6, 1),
        "Contract period 2026 to 2027 begins: DfE's lists and windows of dates change",
    ) in told
    assert (date(2026, 6, 15), "Registration of ECTs and mentors is open again") in told
    closes = "Last day to register: ECTs and mentors cannot be registered again before 15 June 2026"
    assert (date(2026, 5, 31), closes) in told
    tutor = "Confirming the induction tutor of 2026 to 2027 begins: the portal shows nothing else before"
    assert (date(2026, 6, 1), tutor) in told
    assert [day for day, _ in told] == sorted(day for day, _ in told)


# --- formats (3.1, 3.2) ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [("RP99/12345", "9912345"), ("12345", "0012345"), ("3012345", "3012345"), ("1234", ""), ("RP99/123457", ""), (None, "")],
)  # fmt: skip
def test_trn(typed: str | None, read: str):
    assert formats.trn(typed) == read


def test_ni_number_is_read_in_capitals_without_blanks():
    assert formats.ni_number("ab 12 34 56 c") == "AB123456C"


# --- leaving (1.8) --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "rules"),
    [
        ("2027-01-20", []),
        ("2027-01-21", ["E-LEAVE-DATE"]),
        ("2026-09-03", []),
        ("2026-09-02", ["E-LEAVE-DATE"]),
        ("soon", ["E-LEAVE-DATE"]),
        ("", ["E-LEAVE-DATE"]),
    ],
)
def test_leaving(typed: str, rules: list[str]):
    found = check_action(LEAVE, ect(), {"leaving_on": typed}, held(ect()))
    assert [f.rule for f in found] == rules


def test_only_someone_registered_can_leave():
    found = check_action(LEAVE, ect(), {"leaving_on": "2026-12-01"}, context())
    assert [f.rule for f in found] == ["E-ACT-STATE"]
    gone = held(school())
    assert [f.rule for f in check_action(LEAVE, school(), {"leaving_on": "2026-12-01"}, gone)] == [
        "E-ACT-STATE"
    ]


def test_a_leaving_that_the_portal_shows_is_known_again():
    assert LEAVE.done("leaving", {"finished_on": "2026-12-01"}, {"leaving_on": "2026-12-01"})
    assert not LEAVE.done("leaving", {"finished_on": "2026-12-02"}, {"leaving_on": "2026-12-01"})
    assert not LEAVE.done("registered", {"finished_on": "2026-12-01"}, {"leaving_on": "2026-12-01"})
    assert {demand.id for demand in DEMANDS} == {"E-ACT-STATE", "E-LEAVE-DATE"}
