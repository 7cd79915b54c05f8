"""Endpoints, sign-in and envelopes. Sources: domain pack register-trainees 1.1 and 1.2."""

from __future__ import annotations

import pytest

from tests.contract.practice.conftest import API, Site, person, uk_degree

SLUG = "abcdefghijkmnopqrstuvwxy"
NOT_FOUND = {"errors": [{"error": "NotFound", "message": "Not found"}]}
UNAUTHORISED = {"error": "Unauthorized"}

HEALTH = [
    ("1.2", "/ping", 200, "PONG"),
    ("1.2", "/healthcheck", 200, {"checks": {"database": True, "redis": True, "sidekiq_processes": True}}),
    ("1.2", "/sha", 200, {"sha": "practice"}),
]


@pytest.mark.parametrize(("section", "path", "status", "body"), HEALTH)
def test_health_pages_need_no_token(site: Site, section, path, status, body):
    reply = site.http.get(path, headers={"Authorization": ""})
    assert reply.status_code == status
    assert (reply.text if isinstance(body, str) else reply.json()) == body


UNKNOWN_PATHS = [
    ("1.1 version", "GET", "/api/v2025.0/info"),
    ("1.1 version", "GET", "/api/v2026.0/trainees"),
    ("1.1 version", "POST", "/api/v2027.0/trainees"),
    ("1.1 version", "GET", "/api/v2025.0/reference-data"),
    ("1.2 unknown path", "GET", f"{API}/nothing"),
    ("1.2 unknown path", "GET", "/api"),
    ("1.2 unknown path", "GET", f"{API}/trainees/{SLUG}/nothing"),
    ("1.2 no DELETE trainee", "DELETE", f"{API}/trainees/{SLUG}"),
    ("1.2 no reinstate", "POST", f"{API}/trainees/{SLUG}/reinstate"),
    ("1.2 no undo", "DELETE", f"{API}/trainees/{SLUG}/withdraw"),
    ("1.2 no PUT of a list", "PUT", f"{API}/trainees"),
]


@pytest.mark.parametrize(("section", "method", "path"), UNKNOWN_PATHS)
def test_unknown_paths_are_404_json_after_sign_in(site: Site, section, method, path):
    reply = site.http.request(method, path)
    assert (reply.status_code, reply.json()) == (404, NOT_FOUND)
    anonymous = site.http.request(method, path, headers={"Authorization": ""})
    assert (anonymous.status_code, anonymous.json()) == (401, UNAUTHORISED)


TRAINEE_PATHS = [
    ("GET", ""),
    ("PUT", ""),
    ("PATCH", ""),
    ("POST", "/withdraw"),
    ("POST", "/defer"),
    ("POST", "/update-qts-or-eyts-status"),
    ("POST", "/recommend-for-qts"),
    ("GET", "/degrees"),
    ("POST", "/degrees"),
    ("GET", f"/degrees/{SLUG}"),
    ("PUT", f"/degrees/{SLUG}"),
    ("PATCH", f"/degrees/{SLUG}"),
    ("DELETE", f"/degrees/{SLUG}"),
    ("GET", "/placements"),
    ("POST", "/placements"),
    ("GET", f"/placements/{SLUG}"),
    ("PUT", f"/placements/{SLUG}"),
    ("PATCH", f"/placements/{SLUG}"),
    ("DELETE", f"/placements/{SLUG}"),
]


@pytest.mark.parametrize(("method", "tail"), TRAINEE_PATHS)
def test_1_2_unknown_trainee_is_404_on_every_endpoint(site: Site, method, tail):
    reply = site.call(method, f"/trainees/{SLUG}{tail}", json={"data": {"first_names": "Ada"}})
    assert reply.status_code == 404
    assert reply.json() == {"errors": [{"error": "NotFound", "message": "Trainee(s) not found"}]}


@pytest.mark.parametrize(("method", "tail"), TRAINEE_PATHS)
def test_1_3_another_providers_trainee_is_404_on_every_endpoint(site: Site, method, tail):
    theirs = site.control.add(**person(), ukprn="10000001")
    reply = site.call(
        method, f"/trainees/{theirs['trainee_id']}{tail}", json={"data": {"first_names": "Ada"}}
    )
    assert reply.status_code == 404
    assert site.control.trainee(theirs["trainee_id"])["first_names"] == theirs["first_names"]


@pytest.mark.parametrize("kind", ["degrees", "placements"])
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_1_4_unknown_child_is_404_by_its_name(site: Site, kind, method):
    trainee = site.new()
    reply = site.call(
        method, f"/trainees/{trainee['trainee_id']}/{kind}/{SLUG}", json={"data": {"name": "A"}}
    )
    message = f"{kind.capitalize()[:-1]}(s) not found"
    assert (reply.status_code, reply.json()) == (404, {"errors": [{"error": "NotFound", "message": message}]})


TOKENS = [
    ("1.1 bearer", "Bearer {token}", 200),
    ("1.1 bare token", "{token}", 200),
    ("1.1 blanks around", "Bearer   {token}", 200),
    ("1.1 unknown", "Bearer practice_0000", 401),
    ("1.1 none", "", 401),
    ("1.1 another scheme", "Basic {token}", 401),
    ("1.1 longer", "Bearer {token}0", 401),
]


@pytest.mark.parametrize(("section", "header", "status"), TOKENS)
def test_sign_in(site: Site, section, header, status):
    text = header.format(token=site.portal.token)
    reply = site.call("GET", "/info", headers={"Authorization": text})
    assert reply.status_code == status
    if status == 401:
        assert reply.json() == UNAUTHORISED


LIVES = [
    ("1.1 dead from the expiry date itself", {"expires_on": "2026-10-05"}, 401),
    ("1.1 alive the day before", {"expires_on": "2026-10-06"}, 200),
    ("1.1 expired", {"expires_on": "2026-09-01"}, 401),
    ("1.1 revoked", {"revoked": True}, 401),
    ("1.1 further token", {}, 200),
]


@pytest.mark.parametrize(("section", "token", "status"), LIVES)
def test_token_states(site: Site, section, token, status):
    text = site.control.add_token(**token)
    assert site.call("GET", "/info", headers={"Authorization": text}).status_code == status


def test_1_1_token_expires_while_the_clock_moves(site: Site):
    headers = {"Authorization": site.control.add_token(expires_on="2026-10-06")}
    assert site.call("GET", "/info", headers=headers).status_code == 200
    site.control.clock("2026-10-05T23:00:00Z")  # midnight in London, summer time
    assert site.call("GET", "/info", headers=headers).status_code == 401


def test_1_1_token_looks_like_the_real_ones(site: Site):
    name, _, secret = site.portal.token.partition("_")
    assert name
    assert len(secret) == 64
    int(secret, 16)


def test_1_1_a_token_sees_its_own_provider_only(site: Site):
    theirs = site.control.add(**person(), ukprn="10000001")
    token = site.control.add_token(ukprn="10000001")
    reply = site.call("GET", f"/trainees/{theirs['trainee_id']}", headers={"Authorization": token})
    assert reply.status_code == 200
    assert reply.json()["ukprn"] == "10000001"


def test_1_2_info(site: Site):
    body = {"status": "ok", "version": {"requested": "v2026.1", "latest": "v2026.1"}}
    assert site.get("/info").json() == body


def test_1_2_reference_data_needs_no_token(site: Site):
    reply = site.call("GET", "/reference-data?field=sex", headers={"Authorization": ""})
    assert reply.status_code == 200
    assert reply.json()["metadata"]["name"] == "sex"
    assert reply.json()["entries"][0] == {
        "code": "10",
        "display_name": "Female",
        "start_year": None,
        "end_year": None,
    }


def test_1_2_reference_data_holds_every_list(site: Site):
    body = site.get("/reference-data").json()
    assert len(body) == 19
    assert {"course_subject", "degree_type", "withdrawal_reasons", "training_route"} <= body.keys()
    assert body["withdrawal_reasons"]["triggers"] == ["provider", "trainee"]
    assert len(body["nationality"]["entries"]) > 200


def test_1_2_reference_data_unknown_field(site: Site):
    reply = site.get("/reference-data", field="bogus")
    assert reply.status_code == 404
    message = "Reference data field 'bogus' not found"
    assert reply.json() == {"errors": [{"error": "NotFound", "message": message}]}


def test_1_2_envelopes(site: Site):
    trainee = site.new(placements_attributes=[{"urn": "555001"}])
    path = f"/trainees/{trainee['trainee_id']}"
    bare = site.get(path).json()
    assert "data" not in bare
    assert bare["trainee_id"] == trainee["trainee_id"]
    assert site.put(trainee, first_names="Bea").json()["data"]["first_names"] == "Bea"
    listed = site.get("/trainees").json()
    assert listed.keys() == {"data", "meta"}
    assert listed["meta"] == {"current_page": 1, "total_pages": 1, "total_count": 1, "per_page": 50}
    degree, placement = trainee["degrees"][0], trainee["placements"][0]
    assert site.get(f"{path}/degrees").json() == {"data": [degree]}
    assert site.get(f"{path}/degrees/{degree['degree_id']}").json() == {"data": degree}
    assert site.get(f"{path}/placements").json() == {"data": [placement]}
    assert site.get(f"{path}/placements/{placement['placement_id']}").json() == {"data": placement}
    whole = site.call("DELETE", f"{path}/placements/{placement['placement_id']}").json()["data"]
    assert whole["trainee_id"] == trainee["trainee_id"]
    assert whole["placements"] == []
    whole = site.call("DELETE", f"{path}/degrees/{degree['degree_id']}").json()["data"]
    assert whole["degrees"] == []


def test_1_2_empty_children_are_200(site: Site):
    trainee = site.new(training_route="11", funding_method="6", degrees_attributes=None)
    assert site.get(f"/trainees/{trainee['trainee_id']}/degrees").json() == {"data": []}
    assert site.get(f"/trainees/{trainee['trainee_id']}/placements").json() == {"data": []}


def test_1_2_ids_are_24_character_slugs(site: Site):
    trainee = site.new(placements_attributes=[{"urn": "555001"}])
    ids = [
        trainee["trainee_id"],
        trainee["degrees"][0]["degree_id"],
        trainee["placements"][0]["placement_id"],
    ]
    assert [len(i) for i in ids] == [24, 24, 24]
    assert len(set(ids)) == 3


def test_1_1_patch_is_put(site: Site):
    trainee = site.new()
    reply = site.send("PATCH", f"/trainees/{trainee['trainee_id']}", {"first_names": "Cora"})
    assert (reply.status_code, reply.json()["data"]["first_names"]) == (200, "Cora")


def test_1_1_weak_etag_saves_the_body(site: Site):
    trainee = site.new()
    path = f"/trainees/{trainee['trainee_id']}"
    tag = site.get(path).headers["etag"]
    assert tag.startswith('W/"')
    again = site.call("GET", path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    site.put(trainee, first_names="Dora")
    assert site.call("GET", path, headers={"If-None-Match": tag}).status_code == 200


def test_head_and_slashes_are_as_in_the_real_service(site: Site):
    trainee = site.new()
    assert site.call("HEAD", "/info").content == b""
    assert site.http.get(f"{API}//trainees/{trainee['trainee_id']}/").status_code == 200


KEYS = """first_names last_name date_of_birth created_at updated_at email middle_names training_route sex
    diversity_disclosure ethnic_group ethnic_background additional_ethnic_background disability_disclosure itt_start_date
    outcome_date itt_end_date trn submitted_for_trn_at defer_date recommended_for_award_at trainee_start_date reinstate_date
    course_min_age course_max_age awarded_at training_initiative study_mode course_education_phase hesa_id record_source
    iqts_country provider_trainee_id defer_reason ukprn ethnicity course_qualification course_title course_level
    course_itt_start_date course_age_range employing_school_urn training_partner_ukprn training_partner_urn previous_last_name
    itt_aim course_year pg_apprenticeship_start_date funding_method ni_number additional_training_initiative
    itt_qualification_aim fund_code course_subject_1 course_subject_2 course_subject_3 nationality withdrawal_date
    withdrawal_reasons withdrawal_trigger withdrawal_future_interest withdrawal_another_reason
    withdrawal_safeguarding_concern_reasons placements degrees state trainee_id application_id"""


def test_2_reply_has_exactly_the_keys_of_the_published_description(site: Site):
    trainee = site.new(disability1="58", disability2="57", placements_attributes=[{"urn": "555001"}])
    assert trainee.keys() == {*KEYS.split(), "disability1", "disability2"}
    assert trainee["degrees"][0].keys() == {
        *uk_degree(),
        *("non_uk_degree", "country", "other_grade", "created_at", "updated_at", "degree_id"),
        *("institution_uuid", "uk_degree_uuid", "subject_uuid", "grade_uuid"),
    }
    assert trainee["placements"][0].keys() == {
        *("urn", "name", "address", "postcode", "created_at", "updated_at", "placement_id")
    }


def test_2_a_web_record_without_hesa_detail_lacks_its_keys(site: Site):
    held = site.control.add(first_names="Wendy", last_name="Webster", itt_start_date="2026-09-01")
    seen = site.seen(held)
    absent = {
        "itt_aim",
        "course_year",
        "fund_code",
        "ni_number",
        "previous_last_name",
        "itt_qualification_aim",
    }
    assert not absent & seen.keys()
    assert seen["record_source"] == "manual"
