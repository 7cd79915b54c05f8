"""The collection as a whole: fields, units, labels, identity, columns."""

from __future__ import annotations

import pytest

from desktop.collections import all_collections
from desktop.collections.trainees import COLLECTION
from desktop.collections.trainees.children import degree_label, placement_label
from desktop.collections.trainees.tables import PACK, portal_field
from desktop.model.collection import Kind, Required
from desktop.model.document import Document
from tests.unit.collections.trainees.sample import EARLY_YEARS, OTHER_DEGREE, UK_DEGREE, document

FUNDING = {
    "training_route",
    "course_subject_1",
    "itt_start_date",
    "trainee_start_date",
    "fund_code",
    "funding_method",
}


def test_trainees_are_listed():
    assert all_collections()["trainees"] is COLLECTION


def test_fields_are_those_of_the_domain_pack():
    names = {field.name for field in COLLECTION.fields}
    assert names == {
        "first_names", "middle_names", "last_name", "previous_last_name", "date_of_birth", "sex", "email",
        "nationality", "ethnicity", *(f"disability{n}" for n in range(1, 10)), "ni_number", "hesa_id",
        "provider_trainee_id", "application_id", "training_route", "itt_aim", "itt_qualification_aim",
        "course_subject_1", "course_subject_2", "course_subject_3", "course_age_range", "course_year", "study_mode",
        "itt_start_date", "itt_end_date", "trainee_start_date", "pg_apprenticeship_start_date",
        "training_partner_urn", "training_partner_ukprn", "employing_school_urn", "fund_code", "funding_method",
        "training_initiative", "additional_training_initiative", "iqts_country",
    }  # fmt: skip


def test_every_field_has_a_section_and_every_code_field_a_list():
    sections = {section.key for section in COLLECTION.sections}
    for field in (*COLLECTION.fields, *(f for kind in COLLECTION.children for f in kind.fields)):
        assert field.section in sections or field not in COLLECTION.fields
        assert (field.kind is Kind.CODE) == bool(field.codes)
        if field.codes:
            assert COLLECTION.code_lists.codes(field.codes)
        assert (field.required is Required.SOMETIMES) or field.needed is None


def test_merge_units():
    assert {f.name for f in COLLECTION.fields if f.unit == "funding"} == FUNDING
    assert COLLECTION.unit_of("itt_end_date") == "itt_end_date"
    assert {f.name for f in COLLECTION.fields if f.unit == "disability"} == {
        f"disability{n}" for n in range(1, 10)
    }
    assert (
        COLLECTION.unit_of("training_partner_ukprn")
        == COLLECTION.unit_of("training_partner_urn")
        == "partner"
    )
    assert COLLECTION.unit_of("nationality") == "nationality"
    assert {f.name for f in COLLECTION.fields if f.money} == FUNDING | {
        "training_initiative",
        "course_age_range",
    }


def test_whole_number_fields():
    numbers = {f.name for f in COLLECTION.fields if f.kind is Kind.INTEGER}
    assert numbers == {"course_year", "application_id"}
    assert COLLECTION.field("degrees.x.graduation_year").kind is Kind.INTEGER  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "name", "needed"),
    [
        ({}, "study_mode", True),
        ({"training_route": "16"}, "study_mode", False),
        ({"itt_aim": "201"}, "itt_qualification_aim", False),
        ({"itt_aim": None}, "itt_qualification_aim", True),
        ({"training_route": "15"}, "iqts_country", True),
    ],
)
def test_what_is_needed_depends_on_other_answers(changes, name, needed):
    field = COLLECTION.field(name)
    assert field is not None
    assert field.needed is not None
    assert field.needed(document(**changes)) is needed


@pytest.mark.parametrize(
    ("changes", "name", "shown"),
    [
        ({}, "iqts_country", False),
        ({"iqts_country": "JP"}, "iqts_country", True),
        ({}, "employing_school_urn", False),
        ({"training_route": "03"}, "employing_school_urn", True),
        ({"employing_school_urn": "115795"}, "employing_school_urn", True),
        ({"training_route": "16"}, "training_partner_urn", False),
        ({"training_route": None}, "training_partner_urn", True),
    ],
)
def test_fields_show_when_they_apply(changes, name, shown):
    field = COLLECTION.field(name)
    assert field is not None
    assert field.shown is not None
    assert field.shown(document(**changes)) is shown
    assert field.shown_because


def test_label():
    assert COLLECTION.label(document()) == "Ashcombe, Leonie"
    assert COLLECTION.label(document(last_name=None)) == "Leonie"
    assert COLLECTION.label(document(last_name=None, first_names=" ")) == "NM26-00001"
    assert COLLECTION.label(Document()) == "Unnamed trainee"
    assert len(COLLECTION.label(document(last_name="a" * 1_000_000))) < 300


def test_identity_is_that_of_register():
    mine = COLLECTION.identity(document())
    assert mine == ("1999-04-17", "ashcombe", "12", "2026", "leonie")
    alike = {"last_name": "ASHCOMBE", "first_names": "  léonie-may Anne", "itt_start_date": "2027-07-01"}
    assert COLLECTION.identity(document(**{**alike, "first_names": "Leonie, May"})) == mine
    assert COLLECTION.identity(document(**alike)) != mine
    assert COLLECTION.identity(document(email="other@example.com", hesa_id="1234567890123")) == mine
    assert COLLECTION.identity(document(itt_start_date="2027-08-01")) != mine


@pytest.mark.parametrize(
    "name", ["date_of_birth", "last_name", "first_names", "training_route", "itt_start_date"]
)
def test_an_incomplete_identity_is_none(name):
    assert COLLECTION.identity(document(**{name: None})) is None


def test_names_in_other_scripts_have_an_identity():
    identity = COLLECTION.identity(document(first_names="Ольга"))
    assert identity is not None
    assert identity[-1] == "ольга"


def test_facets():
    assert COLLECTION.facets(document()) == {
        "cycle": 2026,
        "route": "12",
        "subject": "100403",
        "start_date": "2026-09-07",
        "funding_method": "D",
        "money": 29_000,
        "phase": "secondary",
        "provider_trainee_id": "NM26-00001",
        "hesa_id": "12100071451234560",
    }
    assert set(COLLECTION.facets(Document()).values()) == {None}
    assert COLLECTION.facets(document(**EARLY_YEARS))["phase"] == "early years"
    assert COLLECTION.facets(document(course_age_range="13914"))["phase"] == "primary"
    assert len(str(COLLECTION.facets(document(training_route="x" * 1_000_000))["route"])) == 100


def test_labels_of_children():
    assert degree_label(UK_DEGREE, PACK) == "Mathematics, University College London, 2020"
    assert degree_label(OTHER_DEGREE, PACK) == "Mathematics, France, 2020"
    assert degree_label({}, PACK) == "Degree, nothing answered"
    assert placement_label({"urn": "115795"}, PACK) == "URN 115795"
    assert (
        placement_label({"urn": "115795", "name": "Northmoor Academy"}, PACK)
        == "Northmoor Academy (URN 115795)"
    )
    assert placement_label({"urn": "900000"}, PACK) == "Outside England and Wales (URN 900000)"
    assert placement_label({}, PACK) == "Placement, nothing answered"


def test_states_take_edits_as_register_does():
    open_states = {state.key for state in COLLECTION.states if state.open}
    assert open_states == {"draft", "submitted_for_trn", "trn_received", "deferred"}


def test_form_order():
    paths = ["hesa_id", "degrees.d1.grade", "email", "", "degrees", "no_such_field", "first_names"]
    ordered = sorted(paths, key=COLLECTION.place)
    assert ordered == ["", "first_names", "email", "degrees", "degrees.d1.grade", "hesa_id", "no_such_field"]


def test_register_s_own_names_of_fields_in_its_refusals():
    assert portal_field("T-EMPLOYER-KNOWN", "employing_school_urn") == "employing_school_id"
    assert portal_field("T-DEGREE-NEEDED", "degrees") == "degrees_attributes"
    assert portal_field("T-DISABILITY-REPEAT", "disability2") == "disabilities"
    assert portal_field("T-DEGREE-CODE", "degrees.x.grade") == "grade"
    assert portal_field("T-EMAIL-FORMAT", "email") == "email"
