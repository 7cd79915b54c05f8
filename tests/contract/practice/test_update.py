"""PUT /trainees/{id}: what merges, what is ignored, what is reset, what a refusal leaves behind. Source: domain pack 1.6,
and 1.3 consequence 4 for updated_at."""

from __future__ import annotations

import pytest

from tests.contract.practice.conftest import KNOWN_SCHOOL, Site, uk_degree

LATER = "2026-10-05T09:00:30Z"
WRONG_STATE = "It’s not possible to perform this action while the trainee is in its current state"

MERGED = [
    ("1.6 partial", {}, {"first_names": "Bea"}, {"first_names": "Bea", "last_name": "Ashcombe"}),
    ("1.6 null is not sent", {"middle_names": "Mai"}, {"middle_names": None, "email": "x@example.com"}, {"middle_names": "Mai"}),
    ("1.6 null route kept", {}, {"training_route": None}, {"training_route": "12"}),
    ("1.6 null subject 1 kept", {}, {"course_subject_1": None}, {"course_subject_1": "100403"}),
    ("1.6 clear text", {"middle_names": "Mai"}, {"middle_names": ""}, {"middle_names": ""}),
    ("1.6 clear own id", {}, {"provider_trainee_id": ""}, {"provider_trainee_id": ""}),
    ("1.6 clear previous name", {"previous_last_name": "Moss"}, {"previous_last_name": ""}, {"previous_last_name": ""}),
    ("1.6 clear subject 2 by null", {"course_subject_2": "100320"}, {"course_subject_2": None}, {"course_subject_2": None}),
    ("1.6 clear subject 3 by blank", {"course_subject_2": "100320", "course_subject_3": "100302"},
     {"course_subject_3": ""}, {"course_subject_2": "100320", "course_subject_3": None}),
    ("1.6 ethnicity by null", {}, {"ethnicity": None}, {"ethnicity": "997", "ethnic_group": "not_provided_ethnic_group"}),
    ("1.6 ethnicity by blank", {}, {"ethnicity": ""}, {"ethnicity": "997"}),
    ("1.6 ethnicity left out", {}, {"first_names": "Bea"}, {"ethnicity": "160", "ethnic_group": "white_ethnic_group"}),
    ("1.6 disabilities by slot", {"disability1": "58"}, {"disability2": "57"},
     {"disability1": "58", "disability2": "57", "disability_disclosure": "disabled"}),
    ("1.6 one slot anew", {"disability1": "58"}, {"disability1": "57"}, {"disability1": "57"}),
    ("1.6 disabilities left out", {"disability1": "58"}, {"first_names": "Bea"},
     {"disability1": "58", "disability_disclosure": "disabled"}),
    ("1.6 nationality replaces", {}, {"nationality": "FR"}, {"nationality": "FR"}),
    ("1.6 nationality null", {}, {"nationality": None, "first_names": "Bea"}, {"nationality": "GB"}),
    ("1.6 leaving iQTS clears its country", {"training_route": "15", "iqts_country": "FR", "fund_code": "2", "funding_method": "6"},
     {"training_route": "12"}, {"training_route": "12", "iqts_country": None}),
    ("1.6 read-only keys", {}, {"trn": "1234567", "state": "awarded", "ethnic_group": "mixed_ethnic_group",
     "course_level": "undergrad", "record_source": "csv", "withdrawal_date": "2026-10-01", "updated_at": "2020-01-01"},
     {"trn": None, "state": "submitted_for_trn", "ethnic_group": "white_ethnic_group", "course_level": "postgrad",
      "record_source": "api", "withdrawal_date": None}),
    ("1.6 unknown keys", {}, {"favourite_colour": "blue", "first_names": "Bea"}, {"first_names": "Bea"}),
    ("1.6 degrees ignored", {}, {"degrees_attributes": [], "first_names": "Bea"}, {"first_names": "Bea"}),
    ("1.6 reset: initiative absent", {"training_initiative": "026"}, {"first_names": "Bea"}, {"training_initiative": None}),
    ("1.6 initiative sent again", {"training_initiative": "026"}, {"training_initiative": "026"}, {"training_initiative": "026"}),
    ("1.6 reset: phase", {"course_age_range": "13914", "course_subject_1": "100511", "funding_method": "6"},
     {"first_names": "Bea"}, {"course_education_phase": "secondary", "course_age_range": "13914"}),
    ("1.6 phase with its keys", {"course_age_range": "13914", "course_subject_1": "100511", "funding_method": "6"},
     {"training_route": "12", "course_age_range": "13914"}, {"course_education_phase": "primary"}),
    ("1.6 reset: disclosure", {"disability1": "58"}, {"first_names": "Bea"},
     {"diversity_disclosure": "diversity_not_disclosed", "ethnicity": "160"}),
    ("1.6 disclosure with ethnicity", {}, {"ethnicity": "160"}, {"diversity_disclosure": "diversity_disclosed"}),
    ("1.6 disclosure with disabilities", {}, {"disability1": "58"}, {"diversity_disclosure": "diversity_disclosed"}),
    ("1.6 fund_code echoed", {}, {"fund_code": "2", "funding_method": "6"}, {"fund_code": "2", "funding_method": "6"}),
    ("1.6 partner by URN", {}, {"training_partner_urn": "555002"},
     {"training_partner_urn": "555002", "training_partner_ukprn": "10990001"}),
    ("1.6 partner by UKPRN", {}, {"training_partner_ukprn": "10990002"},
     {"training_partner_urn": None, "training_partner_ukprn": "10990002"}),
    ("1.6 partner trap: urn null wins and clears", {"training_partner_ukprn": "10990002"},
     {"training_partner_urn": None, "training_partner_ukprn": "10990002"},
     {"training_partner_urn": None, "training_partner_ukprn": None}),
    ("1.6 partner trap: urn beats ukprn", {}, {"training_partner_urn": "555002", "training_partner_ukprn": "10990002"},
     {"training_partner_ukprn": "10990001"}),
    ("1.6 partner kept when left out", {"training_partner_ukprn": "10990002"}, {"first_names": "Bea"},
     {"training_partner_ukprn": "10990002"}),
    ("1.6 partner cleared by blank", {"training_partner_ukprn": "10990002"}, {"training_partner_ukprn": ""},
     {"training_partner_ukprn": None}),
    ("1.6 partner cleared by a special URN", {"training_partner_urn": "555002"}, {"training_partner_urn": "900020"},
     {"training_partner_urn": None, "training_partner_ukprn": None}),
    ("1.6 employer cleared by null", {"employing_school_urn": KNOWN_SCHOOL}, {"employing_school_urn": None},
     {"employing_school_urn": None}),
    ("1.6 employer cleared by a special URN", {"employing_school_urn": KNOWN_SCHOOL}, {"employing_school_urn": "900010"},
     {"employing_school_urn": None}),
    ("1.6 employer kept when left out", {"employing_school_urn": KNOWN_SCHOOL}, {"first_names": "Bea"},
     {"employing_school_urn": KNOWN_SCHOOL}),
    ("2 blank start = course start", {}, {"trainee_start_date": ""}, {"trainee_start_date": "2026-09-07"}),
    ("5 rule 5", {"training_route": "11"}, {"funding_method": "C"}, {"funding_method": "C", "training_initiative": None}),
]  # fmt: skip


@pytest.mark.parametrize(("section", "made", "sent", "shown"), MERGED)
def test_merge(site: Site, section, made, sent, shown):
    trainee = site.new(**made)
    reply = site.put(trainee, **sent)
    assert reply.status_code == 200, reply.text
    body = reply.json()["data"]
    assert {key: body[key] for key in shown} == shown
    assert site.seen(trainee) == body


@pytest.mark.parametrize("key", ["degrees", "placements"])
def test_1_6_children_in_a_put_change_nothing(site: Site, key):
    trainee = site.new(placements_attributes=[{"urn": KNOWN_SCHOOL}])
    child = uk_degree(subject="100320") if key == "degrees" else {"urn": "900020"}
    reply = site.put(trainee, **{f"{key}_attributes": [child], "first_names": "Bea"})
    assert reply.json()["data"][key] == trainee[key]


REFUSED = [
    ("1.6 required", {}, {"sex": ""}, "sex", "can't be blank"),
    ("1.6 required", {}, {"last_name": ""}, "last_name", "can't be blank"),
    ("1.6 required", {}, {"course_age_range": ""}, "course_age_range", "can't be blank"),
    ("1.6 merged whole: age range against subject", {}, {"course_age_range": "13914", "funding_method": "6"}, "course_subject_1",
     "is invalid. It should be `100511` for the course_age_range provided"),
    ("1.6 merged whole: subject against money", {}, {"course_subject_1": "100485"}, "funding_method",
     ("'bursary' is not allowed when training_route is 'provider_led_postgrad' and course_subject_1 is"
     " 'law' in academic cycle '2026 to 2027'")),
    ("1.6 merged whole: dates", {}, {"itt_start_date": "2027-08-01"}, "itt_end_date", "must be after itt_start_date"),
    ("1.6 slots", {"disability1": "58"}, {"disability2": "58"}, "disabilities", "contain duplicate values"),
    ("2.1 codes", {}, {"ethnicity": "Irish"}, "ethnicity", None),
    ("2.1 codes", {}, {"nationality": "XX"}, "nationality", None),
    ("2 length", {}, {"first_names": "A" * 61}, "first_names", "is too long (maximum is 60 characters)"),
]  # fmt: skip


@pytest.mark.parametrize(("section", "made", "sent", "field", "text"), REFUSED)
def test_refused(site: Site, section, made, sent, field, text):
    trainee = site.new(**made)
    plain = site.put(site.new(**made), **sent)
    assert plain.status_code == 422
    slug = trainee["trainee_id"]
    errors = site.send("PUT", f"/trainees/{slug}", sent, **{"Enhanced-Errors": "true"}).json()["errors"]
    if text is None:
        assert errors.keys() == {field}
        assert errors[field][0].startswith(
            f"has invalid reference data value of '{sent[field]}'. Example values include"
        )
    else:
        assert errors == {field: [text]}
        assert plain.json()["errors"] == [f"{field} {text}"]
    assert site.seen(trainee)["first_names"] == trainee["first_names"]


def test_1_6_old_invalid_data_blocks_an_unrelated_edit(site: Site):
    trainee = site.new()
    site.control.edit(trainee["trainee_id"], hesa_id=None)
    assert site.put(trainee, first_names="Bea").json()["errors"] == ["hesa_id can't be blank"]


def test_1_6_a_web_record_without_hesa_id_cannot_be_edited(site: Site):
    held = site.control.add(first_names="Wendy", last_name="Webster", itt_start_date="2026-09-01")
    assert "hesa_id can't be blank" in site.put(held, first_names="Bea").json()["errors"]


def test_1_6_put_makes_the_hesa_detail_even_when_it_fails(site: Site):
    held = site.control.add(first_names="Wendy", last_name="Webster", itt_start_date="2026-09-01")
    assert "itt_aim" not in site.seen(held)
    assert site.put(held, first_names="Bea").status_code == 422
    assert site.seen(held)["itt_aim"] is None


LOST = [
    ("1.6 nationality rows", {"nationality": "FR", "hesa_id": "1"}, {"nationality": None}),
    ("1.6 nationality rows by a bad code", {"nationality": "XX"}, {"nationality": None}),
    ("1.6 disability rows", {"disability2": "57", "hesa_id": "1"}, {"disability1": None}),
    ("1.6 neither in the payload", {"hesa_id": "1"}, {"nationality": "GB", "disability1": "58"}),
]


@pytest.mark.parametrize(("section", "sent", "left"), LOST)
def test_a_422_may_still_have_changed_data(site: Site, section, sent, left):
    trainee = site.new(disability1="58")
    site.control.clock(LATER)
    assert site.put(trainee, **sent).status_code == 422
    seen = site.seen(trainee)
    assert {key: seen.get(key) for key in left} == left
    assert seen["hesa_id"] == trainee["hesa_id"]
    moved = None in left.values()
    assert (seen["updated_at"] != trainee["updated_at"]) is moved
    assert site.control.requests()[-2]["effect"] is moved


def test_1_6_the_second_nationality_is_lost(site: Site):
    trainee = site.new()
    site.control.edit(trainee["trainee_id"], nationalities=["IE", "GB"])
    assert site.seen(trainee)["nationality"] == "IE"
    site.put(trainee, nationality="IE")
    assert site.control.trainee(trainee["trainee_id"])["nationalities"] == ["IE"]


@pytest.mark.parametrize("state", ["recommended_for_award", "withdrawn", "awarded"])
def test_1_6_closed_states_refuse(site: Site, state):
    trainee = site.new()
    site.control.edit(trainee["trainee_id"], state=state)
    reply = site.put(trainee, first_names="Bea")
    assert reply.status_code == 422
    assert reply.json() == {"errors": [{"error": "StateTransitionError", "message": WRONG_STATE}]}
    assert site.seen(trainee)["first_names"] == trainee["first_names"]


@pytest.mark.parametrize("state", ["draft", "submitted_for_trn", "trn_received", "deferred"])
def test_1_6_open_states_take_edits(site: Site, state):
    trainee = site.new()
    site.control.edit(trainee["trainee_id"], state=state)
    assert site.put(trainee, first_names="Bea").status_code == 200


def test_1_6_last_write_wins(site: Site):
    trainee = site.new()
    site.control.edit(trainee["trainee_id"], email="theirs@example.com")
    assert site.put(trainee, email="mine@example.com").json()["data"]["email"] == "mine@example.com"


BODIES = [
    ("1.4 missing data", b'{"foo": {"first_names": "A"}}', 422),
    ("1.4 empty data", b'{"data": {}}', 422),
    ("1.4 data of another kind", b'{"data": [1, 2]}', 422),
    ("1.4 data null", b'{"data": null}', 422),
    ("1.4 no body", b"", 422),
    ("1.4 a list", b"[]", 422),
    ("1.4 bad JSON", b'{"data": {"first_names": "A"', 400),
    ("1.4 bad JSON", b"not json", 400),
    ("1.4 not UTF-8", b'{"data": {"first_names": "\xff\xfe"}}', 400),
    ("infer: NUL", b'{"data": {"first_names": "A\\u0000B"}}', 400),
]


@pytest.mark.parametrize(("section", "raw", "status"), BODIES)
@pytest.mark.parametrize("enhanced", [False, True])
def test_bodies_that_cannot_be_read(site: Site, section, raw, status, enhanced):
    trainee = site.new()
    headers = {"Content-Type": "application/json"} | ({"Enhanced-Errors": "true"} if enhanced else {})
    reply = site.call("PUT", f"/trainees/{trainee['trainee_id']}", content=raw, headers=headers)
    assert reply.status_code == status
    errors = reply.json()["errors"]
    assert isinstance(errors, list)
    assert all(isinstance(e, str) for e in errors)
    if status == 422:
        assert errors == ["Param is missing or the value is empty or invalid: data"]
    assert site.seen(trainee) == trainee


TOUCHES = [
    ("1.3 text", {"first_names": "Bea"}, True),
    ("1.3 subject", {"course_subject_2": "100320"}, True),
    ("1.3 nationality", {"nationality": "FR"}, True),
    ("1.3 disability", {"disability1": "57"}, True),
    ("1.3 fund_code", {"fund_code": "2", "funding_method": "6"}, True),
    ("1.3 silent itt_aim", {"itt_aim": "201"}, False),
    ("1.3 silent itt_qualification_aim", {"itt_qualification_aim": "021"}, False),
    ("1.3 silent course_year", {"course_year": "2"}, False),
    ("1.3 silent ni_number", {"ni_number": "QQ123456C"}, False),
    ("1.3 silent previous_last_name", {"previous_last_name": "Moss"}, False),
    ("1.3 silent pg_apprenticeship_start_date", {"pg_apprenticeship_start_date": "2026-09-01"}, False),
    ("1.3 silent additional_training_initiative", {"additional_training_initiative": "026"}, False),
    ("1.3 same kind of method", {"funding_method": "B"}, False),
    ("1.3 another kind of method", {"funding_method": "6"}, True),
    ("1.3 same kind of mode", {"study_mode": "63"}, False),
    ("1.3 another kind of mode", {"study_mode": "31"}, True),
    ("1.3 nothing new", {"last_name": "Ashcombe"}, False),
]
KEPT = {"ethnicity": "160", "training_route": "12", "course_age_range": "13918"}
"""Sent along, so that the resets of 1.6 do not touch the record for us."""


@pytest.mark.parametrize(("section", "fields", "moves"), TOUCHES)
def test_updated_at_of_an_edit_by_the_api(site: Site, section, fields, moves):
    trainee = site.new()
    site.control.clock(LATER)
    after = site.put(trainee, **(KEPT | fields)).json()["data"]
    assert (after["updated_at"] == "2026-10-05T09:00:30.000Z") is moves
    assert site.ids(since=LATER) == ([trainee["trainee_id"]] if moves else [])
    for key, value in fields.items():
        assert str(after[key]) == value
    assert after["created_at"] == trainee["created_at"]


@pytest.mark.parametrize(("section", "fields", "moves"), TOUCHES)
def test_updated_at_of_somebody_elses_edit(site: Site, section, fields, moves):
    trainee = site.new()
    site.control.clock(LATER)
    site.control.edit(trainee["trainee_id"], **fields)
    after = site.seen(trainee)
    assert (after["updated_at"] == "2026-10-05T09:00:30.000Z") is moves
    for key, value in fields.items():
        assert str(after[key]) == value
