"""The control side: ledger, records put there, clock, limits, tokens, snapshot. Source: contract.md section 3 and notes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import httpx
import pytest

from desktop.practice.client import ControlError
from desktop.practice.server import PracticePortal
from tests.contract.practice.conftest import API, NOW, Site, client_of, person, uk_degree

# Ledger


def test_3_ledger(site: Site):
    site.get("/trainees", page=2, status="deferred")
    made = site.new()
    site.put(made, hesa_id="1")
    entries = site.control.requests()
    assert [e["n"] for e in entries] == [1, 2, 3]
    assert [(e["method"], e["status"], e["effect"]) for e in entries] == [
        ("GET", 404, False),
        ("POST", 201, True),
        ("PUT", 422, False),
    ]
    assert entries[0]["path"] == f"{API}/trainees?page=2&status=deferred"
    assert entries[0]["at"] == "2026-10-05T09:00:00.000Z"
    assert entries[0].keys() == {"n", "method", "path", "status", "effect", "at"}
    site.control.clear_requests()
    assert site.control.requests() == []


def test_3_ledger_holds_api_requests_only(site: Site):
    site.http.get("/ping")
    site.control.trainees()
    assert site.control.requests() == []


def test_3_ledger_holds_faulted_and_limited_requests(site: Site):
    site.control.limits(1)
    for _ in range(2):
        site.get("/info")
    site.control.fault("maintenance")
    site.get("/info")
    assert [e["status"] for e in site.control.requests()] == [200, 429, 500]


# Rate limit


def test_1_1_default_limit_is_the_real_one():
    with PracticePortal() as portal, client_of(portal.register_url) as client:
        answers = [client.get(f"{API}/info", headers={"Authorization": portal.token}) for _ in range(101)]
        assert {a.status_code for a in answers[:100]} == {200}
        over = answers[100]
        assert over.status_code == 429
        assert over.text.startswith("Retry later")
        assert over.headers["content-type"].startswith("text/plain")
        assert 1 <= int(over.headers["retry-after"]) <= 60
        assert client.get("/ping").status_code == 200
        assert client.get(f"{API}/reference-data?field=sex").status_code == 429
        assert len(portal.control.trainees()) == 0


def test_3_limits_and_their_reset(site: Site):
    site.control.limits(2, 60)
    assert [site.get("/info").status_code for _ in range(3)] == [200, 200, 429]
    site.control.limits(2, 60)
    assert site.get("/info").status_code == 200
    site.control.limits(None)
    assert {site.get("/info").status_code for _ in range(120)} == {200}


def test_1_1_the_window_is_fixed_and_ends(site: Site):
    site.control.limits(1, 60)
    assert [site.get("/info").status_code for _ in range(2)] == [200, 429]
    site.control.clock("2026-10-05T09:00:59Z")
    reply = site.get("/info")
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "1")
    site.control.clock("2026-10-05T09:01:00Z")
    assert site.get("/info").status_code == 200


def test_1_1_the_window_ends_in_real_time_too_while_the_clock_stands(site: Site):
    site.control.limits(1, 0.05)
    assert site.get("/info").status_code == 200
    answers = []
    for _ in range(5000):
        answers.append(site.get("/info").status_code)
        if answers[-1] == 200:
            break
    assert answers[-1] == 200


def test_1_1_a_limited_request_has_no_effect_and_401_counts(site: Site):
    site.control.limits(1, 60)
    assert site.call("GET", "/info", headers={"Authorization": ""}).status_code == 401
    assert site.send("POST", "/trainees", person()).status_code == 429
    assert site.control.trainees() == []


@pytest.mark.parametrize(
    "body", [{"requests": -1}, {"requests": "many"}, {"requests": 5, "period_s": 0}, [1]]
)
def test_3_limits_that_make_no_sense(site: Site, body):
    with pytest.raises(ControlError):
        site.control.call("PUT", "/limits", body)


# Clock


def test_3_clock_stands_still_and_runs_again(site: Site):
    assert site.new()["created_at"] == "2026-10-05T09:00:00.000Z"
    site.control.clock("2027-03-01T12:00:00+01:00")
    assert site.control.call("GET", "/clock") == {"now": "2027-03-01T11:00:00.000Z", "standing": True}
    site.control.clock(None)
    assert site.control.call("GET", "/clock")["standing"] is False
    made = site.new(itt_start_date="2026-09-07")
    assert not made["created_at"].startswith("2027-03-01")


@pytest.mark.parametrize("now", ["soon", "2026-13-01T00:00:00Z", 5])
def test_3_clock_refuses_what_is_no_time(site: Site, now):
    with pytest.raises(ControlError):
        site.control.call("PUT", "/clock", {"now": now})


# Records put there


def test_3_put_a_record_there_flat(site: Site):
    fields = {
        "first_names": "Wendy",
        "last_name": "Webster",
        "training_route": "12",
        "itt_start_date": "2026-09-01",
        "state": "deferred",
        "trn": "7654321",
        "trainee_id": "webrecord000000000000001",
        "created_at": "2026-08-01T10:00:00Z",
        "updated_at": "2026-08-02T10:00:00.5Z",
        "record_source": "apply",
        "degrees": [uk_degree()],
        "placements": [{"urn": "555001"}, {"name": "Nursery"}],
        "disability1": "58",
        "nationality": "IE",
    }
    made = site.control.add(**fields)
    assert made["trainee_id"] == "webrecord000000000000001"
    seen = site.seen(made)
    assert (seen["state"], seen["trn"], seen["record_source"]) == ("deferred", "7654321", "apply")
    assert (seen["created_at"], seen["updated_at"]) == (
        "2026-08-01T10:00:00.000Z",
        "2026-08-02T10:00:00.500Z",
    )
    assert seen["degrees"][0]["graduation_year"] == 2020
    assert [p["name"] for p in seen["placements"]] == ["Saltersgate School", "Nursery"]
    assert (seen["disability1"], seen["disability_disclosure"], seen["nationality"]) == (
        "58",
        "disabled",
        "IE",
    )
    assert seen["email"] is None


def test_3_put_a_record_there_under_fields(site: Site):
    made = site.control.call("POST", "/trainees", {"fields": {"last_name": "Webster"}, "state": "awarded"})
    assert (made["last_name"], made["state"]) == ("Webster", "awarded")


@pytest.mark.parametrize("state", ["draft", "submitted_for_trn", "trn_received", "recommended_for_award", "withdrawn",
                                   "deferred", "awarded"])  # fmt: skip
def test_3_any_state_and_no_checks(site: Site, state):
    made = site.control.add(first_names="", state=state, sex="nonsense", email="none", hesa_id="1")
    assert made["state"] == state
    assert site.seen(made)["sex"] is None
    assert made["sex"] == "nonsense"


BY_NAME = [
    ("training_initiative", "no_initiative"),
    ("training_initiative", "troops_to_teachers"),
    ("course_age_range", "eleven_to_eighteen"),
    ("nationality", "stateless"),
    ("ethnicity", "Something else"),
]


@pytest.mark.parametrize(("field", "name"), BY_NAME)
def test_3_values_without_a_code_appear_by_name_here_and_null_there(site: Site, field, name):
    made = (
        site.control.add(**person(), **{field: name})
        if field not in person()
        else site.control.add(**(person() | {field: name}))
    )
    assert site.control.trainee(made["trainee_id"])[field] == name
    assert site.seen(made)[field] is None


@pytest.mark.parametrize("name", ["Foundation degree", "foundation_of_arts"])
def test_7_a_degree_type_without_a_code_does_not_block_edits(site: Site, name):
    made = site.new()
    site.control.edit(made["trainee_id"], degrees=[uk_degree(uk_degree=name)])
    assert site.seen(made)["degrees"][0]["uk_degree"] is None
    assert site.control.trainee(made["trainee_id"])["degrees"][0]["uk_degree"] == name
    assert site.put(made, first_names="Bea").status_code == 200
    assert site.control.trainee(made["trainee_id"])["degrees"][0]["uk_degree"] == name


def test_3_everything_held_is_listed_here(site: Site):
    states = ["draft", "withdrawn", "trn_received"]
    made = [site.control.add(last_name=s, state=s)["trainee_id"] for s in states]
    theirs = site.control.add(last_name="Other", ukprn="10000001")["trainee_id"]
    site.control.discard(made[2])
    held = site.control.trainees()
    assert [t["trainee_id"] for t in held] == [*made, theirs]
    assert [t["deleted"] for t in held] == [False, False, True, False]
    assert {t["record_source"] for t in held} == {"manual"}


def test_3_discard_hides_and_get_still_finds(site: Site):
    made = site.new()
    site.control.clock("2026-10-05T09:00:30Z")
    site.control.discard(made["trainee_id"])
    assert site.ids() == []
    assert site.seen(made)["last_name"] == "Ashcombe"


def test_3_edit_may_set_everything(site: Site):
    made = site.new()
    site.control.edit(
        made["trainee_id"], state="trn_received", trn="1112223", updated_at="2026-01-01T00:00:00Z"
    )
    seen = site.seen(made)
    assert (seen["state"], seen["trn"], seen["updated_at"]) == (
        "trn_received",
        "1112223",
        "2026-01-01T00:00:00.000Z",
    )
    site.control.edit(made["trainee_id"], email=None)
    assert site.seen(made)["email"] is None


REFUSED = [
    ("POST", "/trainees", {"state": "nowhere"}, 422),
    ("POST", "/trainees", [1], 422),
    ("POST", "/trainees", {"updated_at": "soon"}, 422),
    ("PATCH", "/trainees/none", {"last_name": "A"}, 404),
    ("DELETE", "/trainees/none", None, 404),
    ("GET", "/nothing", None, 404),
    ("PUT", "/trainees", {}, 404),
    ("POST", "/schools", {"name": "No number"}, 422),
    ("POST", "/partners", {}, 422),
    ("POST", "/tokens", {"expires_on": "soon"}, 422),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), REFUSED)
def test_3_mistakes_are_answered_in_plain_json(site: Site, method, path, body, status):
    reply = site.control_http.request(method, path, json=body)
    assert reply.status_code == status
    assert reply.json()["error"]


def test_3_mistakes_of_json(site: Site):
    reply = site.control_http.put("/faults", content=b"{")
    assert (reply.status_code, "not JSON" in reply.json()["error"]) == (422, True)


def test_3_the_same_id_twice_is_refused(site: Site):
    made = site.control.add(last_name="A")
    with pytest.raises(ControlError):
        site.control.add(last_name="B", trainee_id=made["trainee_id"])


def test_3_schools_may_be_repeated(site: Site):
    site.control.add_school("555010", "First name", "BN1 1AA", "Here")
    site.control.call("POST", "/schools", {"urn": "555010", "name": "Second name"})
    made = site.new(placements_attributes=[{"urn": "555010"}])
    placed = made["placements"][0]
    assert (placed["name"], placed["postcode"], placed["address"]) == ("Second name", "BN1 1AA", "Here")


def test_3_a_school_and_a_partner_become_known(site: Site):
    fields = person(employing_school_urn="555020", training_partner_ukprn="10990020")
    assert site.send("POST", "/trainees", fields).status_code == 422
    site.control.add_school("555020", "New School")
    site.control.add_partner(ukprn="10990020")
    assert site.send("POST", "/trainees", fields).status_code == 201


# Snapshot and rollback


def test_3_rollback_restores_records_and_may_be_repeated(site: Site):
    made = site.new()
    site.control.snapshot()
    for name in ("Bea", "Cora"):
        site.put(made, first_names=name)
        extra = site.new()
        site.control.rollback()
        assert site.seen(made) == made
        assert site.get(f"/trainees/{extra['trainee_id']}").status_code == 404
        assert site.ids() == [made["trainee_id"]]


def test_3_rollback_covers_records_only(site: Site):
    site.control.snapshot()
    site.control.fault("busy")
    site.control.limits(5)
    before = site.control.requests()
    site.control.rollback()
    assert site.get("/info").status_code == 429
    assert site.control.call("GET", "/limits") == {"requests": 5, "period_s": 60.0}
    assert site.control.call("GET", "/clock")["now"] == NOW.replace("Z", ".000Z")
    assert site.control.requests()[: len(before)] == before


def test_3_a_trn_under_way_survives_a_rollback(site: Site):
    made = site.new()
    site.control.snapshot()
    site.control.clock("2026-10-05T10:00:00Z")
    assert site.seen(made)["trn"]
    site.control.clock(NOW)
    site.control.rollback()
    assert site.seen(made)["trn"] is None
    site.control.clock("2026-10-05T10:00:00Z")
    assert site.seen(made)["trn"]


def test_3_rollback_without_snapshot_is_refused():
    with PracticePortal() as portal, pytest.raises(ControlError):
        portal.control.rollback()


# Starting and stopping


def test_3_register_is_a_root_and_control_stands_apart(site: Site):
    register, control = httpx.URL(site.portal.register_url), httpx.URL(site.portal.control_url)
    assert register.path == "/"
    assert register.port != control.port
    assert site.http.put("/faults", json={"mode": "busy"}).status_code == 404


def test_3_control_is_never_faulted_or_limited(site: Site):
    for mode in ("refuse", "maintenance", "captive", "lost_reply"):
        site.control.fault(mode)
        assert site.control.trainees() == []
    site.control.limits(0)
    assert site.control.requests() == []


def test_3_a_taken_port_is_told(site: Site):
    with pytest.raises(OSError, match="in use"):
        PracticePortal(port=httpx.URL(site.portal.register_url).port or 0)


def test_3_size_and_seed():
    with PracticePortal(size=40, seed=5) as one, PracticePortal(size=40, seed=5) as two:
        assert len(one.control.trainees()) == 40
        assert one.token == two.token
        names = [[(t["trainee_id"], t["last_name"]) for t in p.control.trainees()] for p in (one, two)]
        assert names[0] == names[1]


def test_stop_twice_and_use_from_another_thread():
    portal = PracticePortal()
    portal.stop()
    portal.stop()
    with client_of(portal.register_url) as client, pytest.raises(httpx.ConnectError):
        client.get("/ping")


@pytest.mark.skipif(os.name == "nt", reason="no POSIX signals")
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_3_the_verb_prints_one_object_and_ends_on_a_signal(sign):
    command = "from desktop.practice.server import run; raise SystemExit(run(0, 5, 1))"
    with subprocess.Popen(
        [sys.executable, "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        try:
            where = json.loads(child.stdout.readline())
            assert where.keys() == {"register", "token", "control", "web", "ects", "trs", "trs_token"}
            assert "Sign in" in httpx.get(where["web"], trust_env=False).text
            reply = httpx.get(
                f"{where['register']}{API}/info", headers={"Authorization": where["token"]}, trust_env=False
            )
            assert reply.status_code == 200
            assert len(httpx.get(f"{where['control']}/trainees", trust_env=False).json()["trainees"]) == 5
            child.send_signal(sign)
            rest, errors = child.communicate(timeout=10)
        finally:
            child.kill()
    assert (child.returncode, rest) == (0, "")
    assert "Traceback" not in errors
