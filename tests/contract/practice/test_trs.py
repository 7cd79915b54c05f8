"""The practice Teaching Record System against section 4 of the pack register-ects and its two data files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest

from desktop.collections.ects import formats
from desktop.practice.client import ControlError
from desktop.practice.server import PracticePortal
from desktop.practice.teachers import PROHIBITION_CATEGORY, STATUSES, is_prohibited, make_teachers
from tests.contract.practice.conftest import client_of

TODAY = date(2026, 9, 20)
VERSION = {"X-Api-Version": "20260120"}
INCLUDE = {"include": "Alerts,Induction,MandatoryQualifications,RoutesToProfessionalStatuses"}


@pytest.fixture(scope="module")
def running() -> Iterator[PracticePortal]:
    with PracticePortal() as portal:
        yield portal


@pytest.fixture
def portal(running: PracticePortal) -> PracticePortal:
    running.control.trs_reset()
    return running


@pytest.fixture
def ask(portal: PracticePortal) -> Iterator[Any]:
    """GET of a person as the portal asks it; options change query and headers."""
    headers = {"Authorization": f"Bearer {portal.trs.token}"} | VERSION
    with client_of(portal.trs_url, headers=headers) as http:

        def get(trn: str, headers: dict[str, str] | None = None, **query: str) -> httpx.Response:
            return http.get(f"/v3/persons/{trn}", params=INCLUDE | query, headers=headers)

        yield get


def code_of(reply: httpx.Response) -> object:
    assert reply.headers["content-type"].startswith("application/problem+json")
    assert reply.json()["status"] == reply.status_code
    return reply.json().get("errorCode")


@pytest.mark.parametrize(
    ("case", "status", "code"),
    [
        ("found", 200, None),
        ("born_differs", 200, None),
        ("prohibited", 200, None),
        ("merged_into", 200, None),
        ("deactivated", 410, 10058),
        ("merged", 308, 10059),
    ],
)
def test_status_of_each_kind_of_record(
    portal: PracticePortal, ask: Any, case: str, status: int, code: int | None
):
    """Section 4, table of answers."""
    reply = ask(portal.teachers.case(case).trn)
    assert reply.status_code == status
    if status != 200:
        assert code_of(reply) == code


def test_nobody_has_this_trn(ask: Any):
    """Section 4: 404 with 10001."""
    reply = ask("0000000")
    assert (reply.status_code, code_of(reply)) == (404, 10001)


def test_a_merged_record_names_the_one_that_is_kept(portal: PracticePortal, ask: Any):
    """Section 4: 308, Location = retained TRN; the retained one is found."""
    location = ask(portal.teachers.case("merged").trn).headers["location"]
    assert location == f"/v3/persons/{portal.teachers.case('merged_into').trn}"
    assert ask(location.rpartition("/")[2]).status_code == 200


@pytest.mark.parametrize("case", ["deactivated", "merged"])
@pytest.mark.parametrize("headers", [{"X-Api-Version": "20250905"}, {"X-Api-Version": "20240101"}])
def test_before_20260120_both_were_404(portal: PracticePortal, ask: Any, case: str, headers: dict[str, str]):
    """Section 4, versions."""
    reply = ask(portal.teachers.case(case).trn, headers)
    assert (reply.status_code, code_of(reply)) == (404, 10001)


def test_an_absent_version_is_the_oldest_and_an_unknown_one_is_404_without_a_code(portal: PracticePortal):
    """Section 4, versions: such a 404 says nothing about a person."""
    headers = {"Authorization": f"Bearer {portal.trs.token}"}
    with client_of(portal.trs_url, headers=headers) as http:
        path = f"/v3/persons/{portal.teachers.case('deactivated').trn}"
        assert http.get(path).status_code == 404
        unknown = http.get(path, headers={"X-Api-Version": "20990101"})
        assert (unknown.status_code, unknown.content) == (404, b"")


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Authorization": ""}, 401), ({"Authorization": "Bearer wrong"}, 401), ("no role", 403)],
    ids=["none", "wrong", "no-role"],
)
def test_keys(portal: PracticePortal, ask: Any, headers: dict[str, str] | str, status: int):
    """Errors of the contract: 401 no or bad key, 403 the key lacks the role."""
    if isinstance(headers, str):
        headers = {"Authorization": f"Bearer {portal.trs.without_role}"}
    assert ask(portal.teachers.case("found").trn, headers).status_code == status


def test_the_extra_checks(portal: PracticePortal, ask: Any):
    """Section 4: a date of birth or NI number that does not fit is a 404, both together a 400."""
    teacher = portal.teachers.case("found")
    born, number = teacher.date_of_birth.isoformat(), teacher.ni_numbers[0]
    assert ask(teacher.trn, dateOfBirth=born).status_code == 200
    assert code_of(ask(teacher.trn, dateOfBirth="1980-01-01")) == 10001
    assert ask(teacher.trn, nationalInsuranceNumber=f" {number[:2].lower()} {number[2:]}").status_code == 200
    assert code_of(ask(teacher.trn, nationalInsuranceNumber="AB123456C")) == 10001
    assert ask(teacher.trn, dateOfBirth=born, nationalInsuranceNumber=number).status_code == 400


def test_a_number_that_only_an_employer_knows_fits_too(portal: PracticePortal, ask: Any):
    """Section 4: compares with the record, then with workforce employment records."""
    teacher = portal.teachers.case("employer_number")
    replies = [ask(teacher.trn, nationalInsuranceNumber=number) for number in teacher.ni_numbers]
    assert [reply.status_code for reply in replies] == [200, 200]
    assert replies[1].json()["nationalInsuranceNumber"] == teacher.ni_numbers[0]


def test_only_what_was_asked_for_is_included(portal: PracticePortal, ask: Any):
    """Contract: `include` is a comma list; a name that does not exist is refused."""
    trn = portal.teachers.case("prohibited").trn
    bare = ask(trn, include="").json()
    assert bare["qts"] == {"holdsFrom": "2026-07-01", "routes": []}
    assert not {"alerts", "induction", "routesToProfessionalStatuses"} & bare.keys()
    full = ask(trn).json()
    assert full["alerts"][0]["alertType"]["alertCategory"]["alertCategoryId"] == PROHIBITION_CATEGORY
    assert full["induction"]["status"] == "RequiredToComplete"
    assert "pendingNameChange" in ask(trn, include="All").json()
    assert ask(trn, include="Everything").status_code == 400


def test_the_limit_is_a_fixed_window_for_each_key(portal: PracticePortal, ask: Any):
    """Section 8: 429 with problem details."""
    portal.control.trs_reset(requests=2)
    trn = portal.teachers.case("found").trn
    assert [ask(trn).status_code for _ in range(3)] == [200, 200, 429]
    late = ask(trn)
    assert code_of(late) is None
    assert 1 <= int(late.headers["retry-after"]) <= 60
    assert portal.trs.ledger()[-1]["status"] == 429


def test_the_real_limit_is_on_from_the_start():
    """Section 8: 1000 a minute by default."""
    with PracticePortal() as fresh:
        assert (fresh.trs.limiter.requests, fresh.trs.limiter.period_s) == (1000, 60.0)


@pytest.mark.parametrize(
    ("mode", "status"),
    [
        ("maintenance", 500),
        ("unavailable", 503),
        ("captive", 200),
        ("busy", 429),
        ("error", 500),
        ("unauthorised", 401),
        ("api_off", 404),
        ("nonsense", 200),
        ("redirect", 302),
    ],
)
def test_faults_are_its_own(portal: PracticePortal, ask: Any, mode: str, status: int):
    portal.control.trs_fault(mode)
    assert ask("0000000").status_code == status
    with client_of(portal.register_url) as http:
        assert http.get("/ping").status_code == 200
    portal.control.trs_fault("up")
    assert ask("0000000").status_code == 404


@pytest.mark.parametrize("mode", ["refuse", "lost_reply", "cut_body"])
def test_faults_below_http(portal: PracticePortal, ask: Any, mode: str):
    portal.control.trs_fault(mode, count=1)
    with pytest.raises(httpx.TransportError):
        ask(portal.teachers.case("found").trn)
    assert ask(portal.teachers.case("found").trn).status_code == 200


def test_a_teacher_put_there_by_the_control_side(portal: PracticePortal, ask: Any):
    told = portal.control.add_teacher(
        "7654321",
        date_of_birth="1998-08-17",
        first_name="Ada",
        last_name="Ashcombe",
        induction_status="Passed",
        ni_numbers=["AB123456C"],
        alerts=[{"category": "prohibition", "ends": "2021-03-31"}, {"category": "other"}],
        qts_from=None,
    )
    assert told["ni_numbers"] == ["AB123456C"]
    body = ask("7654321").json()
    assert (body["firstName"], body["qts"], body["induction"]["status"]) == ("Ada", None, "Passed")
    assert [alert["endDate"] for alert in body["alerts"]] == ["2021-03-31", None]
    assert "7654321" in {one["trn"] for one in portal.control.call("GET", "/teachers")["teachers"]}


@pytest.mark.parametrize(
    "fields",
    [
        {"trn": "123", "date_of_birth": "1998-08-17"},
        {"trn": "7654322"},
        {"trn": "7654322", "date_of_birth": "17/08/1998"},
        {"trn": "7654322", "date_of_birth": "1998-08-17", "induction_status": "Begun"},
        {"trn": "7654322", "date_of_birth": "1998-08-17", "alerts": ["open"]},
    ],
)
def test_a_teacher_that_cannot_be_is_refused(portal: PracticePortal, fields: dict[str, Any]):
    with pytest.raises(ControlError, match="422"):
        portal.control.call("POST", "/teachers", fields)
    assert portal.teachers.find("7654322") is None


# --- the made-up teachers themselves ----------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_teachers():
    assert list(make_teachers(3)) == list(make_teachers(3))
    assert [t.trn for t in make_teachers(3)] == [t.trn for t in make_teachers(4)]
    assert make_teachers(3).ordinary() != make_teachers(4).ordinary()


def test_there_is_one_for_each_thing_that_a_lookup_can_come_to():
    """Sections 1.1, 1.2 and 4: every status, every kind of alert, every kind of record."""
    teachers = make_teachers()
    assert {t.induction_status for t in teachers} == set(STATUSES)
    stopped = {t.case for t in teachers if is_prohibited(t, TODAY)}
    assert stopped == {"prohibited", "prohibited_later_end", "prohibited_odd_end"}
    assert teachers.case("other_alert").alerts
    assert teachers.case("prohibited_ended").alerts
    assert teachers.case("one_name").shown_name == "Suharto"
    assert teachers.case("no_name").shown_name == "Unknown"
    assert teachers.case("corrected_name").shown_name == "Anne-Marie O’Connor"
    assert teachers.find(teachers.case("merged").merged_to) is teachers.case("merged_into")
    assert len(teachers.ordinary()) >= 20


def test_numbers_of_the_teachers_pass_the_form_of_the_portal():
    """Sections 3.1 and 3.2; one number is of those that only the Teaching Record System takes."""
    teachers = make_teachers()
    assert all(formats.trn(t.trn) == t.trn for t in teachers)
    odd = {t.case for t in teachers for number in t.ni_numbers if not formats.ni_number(number)}
    assert odd == {"odd_number"}
    ages = {TODAY.year - t.date_of_birth.year for t in teachers}
    assert min(ages) >= 19
    assert max(ages) <= 60
