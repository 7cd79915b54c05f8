"""POST /trainees: order of checks, error shapes, duplicates, what comes back. Source: domain pack 1.4, 1.5, 2."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest

from tests.contract.practice.conftest import API, KNOWN_SCHOOL, Site, client_of, person, uk_degree

BLANK = "can't be blank"


def post(site: Site, *, enhanced: bool = False, **fields) -> httpx.Response:
    headers = {"Enhanced-Errors": "true"} if enhanced else {}
    return site.send("POST", "/trainees", person(**fields), **headers)


def early_years(route: str, **other):
    fields = {
        "training_route": route,
        "course_age_range": "13920",
        "course_subject_1": "100510",
        "fund_code": "2",
        "funding_method": "6",
    }
    return fields | other


UNFUNDED = {"fund_code": "2", "funding_method": "6"}

TAKEN = [
    ("1.5", {}),
    ("1.5 with placements", {"placements_attributes": [{"urn": KNOWN_SCHOOL}, {"urn": "900020"}]}),
    ("2.1 rule 4 undergraduate without degree", {"training_route": "11", "funding_method": "6", "degrees_attributes": None}),
    ("2.1 rule 3 early years", early_years("19")),
    ("2 study_mode not for 17", early_years("17", study_mode=None)),
    ("2 iQTS", {"training_route": "15", "iqts_country": "FR", **UNFUNDED}),
    ("2.1 rule 2 primary", {"course_age_range": "13914", "course_subject_1": "100511", "funding_method": "6"}),
    ("2 hesa_id 17", {"hesa_id": "12345678901234567"}),
    ("2 course_year unbounded", {"course_year": "2012"}),
    ("2 itt_aim 201 without qualification", {"itt_aim": "201", "itt_qualification_aim": None}),
    ("2 unknown disability gives no error", {"disability1": "77"}),
    ("5 rule 1 no funding", {"funding_method": "6"}),
    ("5 rule 2 waived for physics", {"course_subject_1": "100425", "fund_code": "2"}),
    ("5 scholarship", {"course_subject_1": "100425", "funding_method": "4"}),
    ("5 rule 4 D on an undergraduate route", {"training_route": "11", "funding_method": "D"}),
    ("1.6 null means not sent", {"middle_names": None, "application_id": None}),
    ("2 start ahead equal to the course start", {"itt_start_date": "2026-11-02", "trainee_start_date": "2026-11-02"}),
    ("2 application_id", {"application_id": 1234567}),
    ("2 special partner URN", {"training_partner_urn": "900010"}),
    ("2 partner by URN", {"training_partner_urn": "555002"}),
    ("2 partner by UKPRN", {"training_partner_ukprn": "10990002"}),
    ("2 employing school", {"employing_school_urn": KNOWN_SCHOOL}),
]  # fmt: skip


@pytest.mark.parametrize(("section", "fields"), TAKEN)
def test_taken(site: Site, section, fields):
    reply = post(site, **fields)
    assert reply.status_code == 201, reply.text


REFUSED = [
    ("2 R", {"first_names": None}, "first_names", BLANK),
    ("2 R", {"last_name": ""}, "last_name", BLANK),
    ("2 R", {"date_of_birth": None}, "date_of_birth", BLANK),
    ("2 R", {"sex": ""}, "sex", BLANK),
    ("2 R", {"training_route": None, "funding_method": "6"}, "training_route", BLANK),
    ("2 R", {"itt_start_date": None, "funding_method": "6"}, "itt_start_date", BLANK),
    ("2 R", {"itt_end_date": None}, "itt_end_date", BLANK),
    ("2 R", {"course_subject_1": None, "funding_method": "6"}, "course_subject_1", BLANK),
    ("2 R", {"course_age_range": ""}, "course_age_range", BLANK),
    ("2 R", {"study_mode": None}, "study_mode", BLANK),
    ("2 R", {"hesa_id": None}, "hesa_id", BLANK),
    ("2 R", {"course_year": None}, "course_year", BLANK),
    ("2 R", {"fund_code": None, "funding_method": "6"}, "fund_code", BLANK),
    ("2 R", {"funding_method": None}, "funding_method", BLANK),
    ("2 R", {"itt_qualification_aim": None}, "itt_qualification_aim", "must be entered if 202 selected for itt_aim"),
    ("2 length", {"first_names": "A" * 61}, "first_names", "is too long (maximum is 60 characters)"),
    ("2 length", {"provider_trainee_id": "A" * 51}, "provider_trainee_id", "is too long (maximum is 50 characters)"),
    ("2 length", {"application_id": 12345678}, "application_id", "is too long (maximum is 7 characters)"),
    ("2 dob", {"date_of_birth": "2030-01-01"}, "date_of_birth", "must be in the past"),
    ("2 dob", {"date_of_birth": "2015-01-01"}, "date_of_birth", "cannot be less than 16 years ago"),
    ("2 dob", {"date_of_birth": "2026-02-30"}, "date_of_birth", "is invalid"),
    ("2 dates", {"itt_end_date": "2026-09-07"}, "itt_end_date", "must be after itt_start_date"),
    ("2 dates", {"itt_end_date": "2032-01-01"}, "itt_end_date", "must be within the next 5 years"),
    ("2 dates", {"trainee_start_date": "2026-10-20"}, "trainee_start_date", "must be in the past"),
    ("2 hesa_id", {"hesa_id": "123"}, "hesa_id", "must be 13 or 17 characters"),
    ("2.1 rule 1", {"email": "not an email"}, "email", "Enter an email address in the correct format, like name@example.com"),
    ("2.1 rule 2", {"course_age_range": "13914", "funding_method": "6"}, "course_subject_1",
     "is invalid. It should be `100511` for the course_age_range provided"),
    ("2.1 rule 3", early_years("19", course_age_range="13918"), "course_age_range",
     "is invalid. It should be `13920` for the training_route provided"),
    ("2.1 rule 3", {"course_age_range": "13920"}, "course_age_range",
     "is invalid. It can only be used for early years training routes"),
    ("2.1 rule 3", early_years("19", course_subject_1="100403"), "course_subject_1",
     "is invalid. It should be `100510` for the training_route provided"),
    ("2.1 rule 4", {"degrees_attributes": None}, "degrees_attributes",
     "must be entered if specifying a postgraduate training_route"),
    ("2.1 rule 5", {"training_route": "21", "funding_method": "6"}, "fund_code", "is not valid for this trainee"),
    ("2.1 codes", {"sex": "3"}, "sex", "has invalid reference data value of '3'. Valid values are '10', '11', '12', '96', '99'."),
    ("2.1 codes", {"course_age_range": "1234"}, "course_age_range",
     ("has invalid reference data value of '1234'. Example values include '13909', '13911', '13912', '13913', '13914', '13915',"
     " '13916', '13917', '13918', '13919'...")),
    ("2.1 route by name", {"training_route": "02", "funding_method": "6", "fund_code": "2"}, "training_route",
     ("has invalid reference data value of 'school_direct_tuition_fee'. Example values include '03', '09', '10', '11', '12',"
     " '14', '15', '16', '17', '18'...")),
    ("2 subjects", {"course_subject_2": "100403"}, "course_subject_2", "might contain duplicate values"),
    ("2 subjects", {"course_subject_2": "100320", "course_subject_3": "100320"}, "course_subject_3",
     "might contain duplicate values"),
    ("2 iqts", {"training_route": "15", **UNFUNDED}, "iqts_country", BLANK),
    ("2 iqts", {"iqts_country": "FR"}, "iqts_country", "must be blank"),
    ("1.6 disabilities", {"disability1": "58", "disability2": "58"}, "disabilities", "contain duplicate values"),
    ("5 rule 2", {"fund_code": "2"}, "funding_method",
     "'bursary' is not allowed when fund_code is '2' and course_subject_1 is 'mathematics'"),
    ("5 rule 3", {"funding_method": "4"}, "funding_method",
     ("'scholarship' is not allowed when training_route is 'provider_led_postgrad' and course_subject_1 is 'mathematics'"
     " in academic cycle '2026 to 2027'")),
    ("2 initiative", {"training_initiative": "036"}, "training_initiative",
     "'international_relocation_payment' is not available in academic cycle '2026 to 2027'"),
    ("2 partner", {"training_partner_urn": "123456"}, "training_partner_urn",
     "is invalid. The URN '123456' does not match any known training partners"),
    ("2 partner", {"training_partner_ukprn": "10000009"}, "training_partner_ukprn",
     "is invalid. The UKPRN '10000009' does not match any known training partners"),
    ("2 employer", {"employing_school_urn": "123456"}, "employing_school_id",
     "is invalid. The URN '123456' does not match any known schools"),
    ("2 course_year", {"course_year": "first"}, "course_year", "is not a valid course year"),
]  # fmt: skip


@pytest.mark.parametrize(("section", "fields", "field", "text"), REFUSED)
def test_refused_in_both_shapes(site: Site, section, fields, field, text):
    plain = post(site, **fields)
    assert plain.status_code == 422, plain.text
    body = plain.json()
    assert body["errors"] == [f"{field} {text}"]
    assert body["message"] == "Validation failed: 1 error prohibited this trainee from being saved"
    assert post(site, enhanced=True, **fields).json()["errors"] == {field: [text]}
    assert site.control.trainees() == []


CHILD_REFUSED = [
    ("1.7", "degrees_attributes", uk_degree(grade=None), "grade",
     "must be entered if specifying a previous UK degree or non-UK degree"),
    ("1.7", "degrees_attributes", uk_degree(uk_degree=None), "uk_degree", "must be entered if specifying a previous UK degree"),
    ("1.7", "degrees_attributes", uk_degree(institution=None), "institution", BLANK),
    ("1.7 unknown subject counts as blank", "degrees_attributes", uk_degree(subject="999000"), "subject",
     "must be entered if specifying a previous UK degree or non-UK degree"),
    ("1.7", "degrees_attributes", uk_degree(graduation_year="1950"), "graduation_year", "is invalid"),
    ("1.7", "degrees_attributes", uk_degree(graduation_year="abc"), "graduation_year", "is invalid"),
    ("1.7", "degrees_attributes", {"country": "MX", "subject": "100403", "graduation_year": 2020}, "non_uk_degree",
     "must be entered if specifying a previous non-UK degree"),
    ("1.7", "placements_attributes", {"urn": "123456"}, "name", BLANK),
    ("1.7", "placements_attributes", {"urn": "12345", "name": "A"}, "urn", "is invalid"),
    ("1.7", "placements_attributes", {"name": "A", "postcode": "ZZZ"}, "postcode",
     "Enter a valid postcode (for example, BN1 1AA)"),
]  # fmt: skip


@pytest.mark.parametrize(("section", "kind", "child", "field", "text"), CHILD_REFUSED)
def test_a_childs_errors_stand_one_level_down_when_enhanced(site: Site, section, kind, child, field, text):
    fields: dict[str, Any] = {kind: [child]}
    listed = f"{field} {text}" if kind == "degrees_attributes" else f"{kind} {field} {text}"
    assert post(site, **fields).json()["errors"] == [listed]
    assert post(site, enhanced=True, **fields).json()["errors"] == {kind: {field: [text]}}


def test_1_7_a_year_too_late_gives_two_errors_at_once(site: Site):
    reply = post(site, enhanced=True, degrees_attributes=[uk_degree(graduation_year="2040")])
    texts = reply.json()["errors"]["degrees_attributes"]["graduation_year"]
    assert sorted(texts) == ["is invalid", "must be in the past, for example 2014"]


def test_1_1_several_children_cannot_be_told_apart(site: Site):
    twice = [uk_degree(graduation_year="abc"), uk_degree(graduation_year="def", subject="100320")]
    errors = post(site, enhanced=True, degrees_attributes=twice).json()["errors"]
    assert errors == {"degrees_attributes": {"graduation_year": ["is invalid", "is invalid"]}}


def test_1_7_two_alike_degrees_in_one_post(site: Site):
    reply = post(site, degrees_attributes=[uk_degree(), uk_degree()])
    assert reply.json()["errors"] == ["degrees_attributes contains duplicate degrees"]


def test_1_4_several_errors_are_counted(site: Site):
    reply = post(site, first_names="", hesa_id="1", email="x")
    body = reply.json()
    assert len(body["errors"]) == 3
    assert body["message"] == "Validation failed: 3 errors prohibited this trainee from being saved"


SAME_PERSON = [
    ("1.5 a repeat", {}, True),
    ("1.5 other first name, same email", {"first_names": "Zoe"}, True),
    ("1.5 other email, same first name", {"email": "other@example.com"}, True),
    ("1.5 first word counts", {"first_names": "{first} Maria", "email": "other@example.com"}, True),
    ("1.5 case and punctuation do not", {"first_names": "{first}'", "email": "other@example.com"}, True),
    ("1.5 last name in any case", {"last_name": "ASHCOMBE"}, True),
    ("1.5 email in any case", {"first_names": "Zoe", "email": "{EMAIL}"}, True),
    ("1.5 another hesa_id does not avoid it", {"hesa_id": "9999999999999", "provider_trainee_id": "X"}, True),
    ("1.5 other first name and email", {"first_names": "Zoe", "email": "other@example.com"}, False),
    ("1.5 other birthday", {"date_of_birth": "1999-04-13"}, False),
    ("1.5 other last name", {"last_name": "Ashdown"}, False),
    ("1.5 other route", {"training_route": "03", "funding_method": "6"}, False),
    (
        "1.5 other cycle",
        {"itt_start_date": "2025-09-08", "itt_end_date": "2026-07-03", "funding_method": "6"},
        False,
    ),
]


@pytest.mark.parametrize(("section", "change", "duplicate"), SAME_PERSON)
def test_duplicate_rule(site: Site, section, change, duplicate):
    first = person()
    known = site.send("POST", "/trainees", first).json()["data"]
    words = {"first": first["first_names"], "EMAIL": first["email"].upper()}
    second = first | {k: v.format(**words) for k, v in change.items()}
    reply = site.send("POST", "/trainees", second, **{"Enhanced-Errors": "true"})
    if not duplicate:
        assert reply.status_code == 201, reply.text
        return
    assert reply.status_code == 409
    assert reply.json() == {
        "errors": [{"error": "Conflict", "message": "This trainee is already in Register"}],
        "data": [known],
    }


@pytest.mark.parametrize("state", ["withdrawn", "awarded", "deferred", "draft"])
def test_1_5_any_state_counts_as_a_duplicate(site: Site, state):
    fields = person()
    site.control.add(**fields, state=state)
    assert site.send("POST", "/trainees", fields).status_code == 409


def test_1_5_a_deleted_record_does_not_count(site: Site):
    fields = person()
    site.control.discard(site.send("POST", "/trainees", fields).json()["data"]["trainee_id"])
    assert site.send("POST", "/trainees", fields).status_code == 201


def test_1_5_another_providers_record_does_not_count(site: Site):
    fields = person()
    site.control.add(**fields, ukprn="10000001")
    assert site.send("POST", "/trainees", fields).status_code == 201


def test_1_5_fields_are_checked_before_duplicates(site: Site):
    fields = person()
    site.send("POST", "/trainees", fields)
    assert site.send("POST", "/trainees", fields | {"hesa_id": "1"}).status_code == 422


def test_1_5_sections_are_checked_last_with_a_map_of_their_own(site: Site):
    fields = person(email="late.check@example.com")
    for headers in ({}, {"Enhanced-Errors": "true"}):
        reply = site.send("POST", "/trainees", fields, **headers)
        assert reply.status_code == 422
        assert reply.json()["errors"] == {
            "contact_details": {
                "email": ["Enter an email address in the correct format, like name@example.com"]
            }
        }


def test_1_5_what_a_new_record_looks_like(site: Site):
    made = site.new(ethnicity=None, disability1=None, training_initiative=None)
    assert (made["state"], made["record_source"], made["trn"]) == ("submitted_for_trn", "api", None)
    assert (
        made["created_at"] == made["updated_at"] == made["submitted_for_trn_at"] == "2026-10-05T09:00:00.000Z"
    )
    assert made["trainee_start_date"] == made["course_itt_start_date"] == "2026-09-07"
    assert (made["ethnicity"], made["ethnic_background"]) == ("997", "Not provided")
    assert made["ethnic_group"] == "not_provided_ethnic_group"
    assert made["disability_disclosure"] == "disability_not_provided"
    assert made["diversity_disclosure"] == "diversity_not_disclosed"
    assert (made["course_min_age"], made["course_max_age"]) == (11, 16)
    assert (made["course_education_phase"], made["course_level"]) == ("secondary", "postgrad")
    assert (made["course_qualification"], made["training_initiative"]) == ("QTS", None)
    assert made["course_year"] == 1


MAPPED = [
    ("2 ethnicity", {"ethnicity": "142"}, {"ethnicity": "142", "ethnic_group": "mixed_ethnic_group"}),
    ("codes: canonical", {"ethnicity": "998"}, {"ethnicity": "997"}),
    ("7 study mode as sent", {"study_mode": "63"}, {"study_mode": "63"}),
    ("2 disability echoed", {"disability1": "99"}, {"disability1": "99", "disability_disclosure": "disability_not_provided"}),
    ("2 disability none", {"disability1": "95"}, {"disability_disclosure": "no_disability"}),
    ("2 disability", {"disability1": "57"}, {"disability1": "57", "disability_disclosure": "disabled"}),
    ("2 unknown disability echoed", {"disability1": "77"},
     {"disability1": "77", "disability_disclosure": "disability_not_provided"}),
    ("7 disabilities mapped back", {"disability1": None}, {"disability1": "98"}),
    ("2 names squeezed", {"first_names": "  Ada   Maria "}, {"first_names": "Ada Maria"}),
    ("5 rule 5 veterans", {"training_route": "11", "course_subject_1": "100403", "funding_method": "C"},
     {"funding_method": "C", "training_initiative": None}),
    ("2 level", {"training_route": "11", "funding_method": "6"}, {"course_level": "undergrad"}),
    ("2 phase", {"course_age_range": "13914", "course_subject_1": "100511", "funding_method": "6"},
     {"course_education_phase": "primary", "course_min_age": 5, "course_max_age": 11}),
    ("2 EYTS", early_years("20"), {"course_qualification": "EYTS", "course_education_phase": "early_years"}),
    ("2 partner", {"training_partner_urn": "555002"},
     {"training_partner_urn": "555002", "training_partner_ukprn": "10990001"}),
    ("1.6 partner without URN", {"training_partner_ukprn": "10990002"},
     {"training_partner_urn": None, "training_partner_ukprn": "10990002"}),
    ("1.6 urn wins", {"training_partner_urn": "555002", "training_partner_ukprn": "10990002"},
     {"training_partner_ukprn": "10990001"}),
    ("1.6 read-only keys", {"trn": "1234567", "state": "awarded", "ukprn": "1", "trainee_id": "x", "record_source": "csv"},
     {"trn": None, "state": "submitted_for_trn", "ukprn": "10999417", "record_source": "api"}),
    ("2 numbers for codes", {"fund_code": 7, "sex": 10}, {"fund_code": "7", "sex": "10"}),
]  # fmt: skip


@pytest.mark.parametrize(("section", "fields", "shown"), MAPPED)
def test_what_comes_back(site: Site, section, fields, shown):
    made = site.new(**fields)
    assert {key: made[key] for key in shown} == shown
    assert site.seen(made) == made


def test_5_rule_5_the_veterans_initiative_stands_by_name_on_the_control_side(site: Site):
    made = site.new(training_route="11", funding_method="C")
    held = site.control.trainee(made["trainee_id"])
    assert held["training_initiative"] == "veterans_teaching_undergraduate_bursary"


def test_1_5_two_posts_at_once_never_break_the_portal(site: Site):
    fields = person()
    token = site.portal.token
    answers: list[int] = []

    def send() -> None:
        with client_of(site.portal.register_url) as client:
            reply = client.post(f"{API}/trainees", json={"data": fields}, headers={"Authorization": token})
            answers.append(reply.status_code)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201] + [409] * 7
    assert len(site.control.trainees()) == 1
