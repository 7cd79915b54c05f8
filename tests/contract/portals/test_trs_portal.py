"""The adapter of the Teaching Record System against the practice one, and against replies that no honest system gives.

Source: domain pack register-ects, section 4; how a prohibition is told, and what the portal makes of each answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import httpx
import pytest

from desktop.model.errors import UsageError
from desktop.model.teacher import Question, Said, TeacherAnswer
from desktop.model.verdict import PortalState, Unavailable
from desktop.practice.server import PracticePortal
from desktop.practice.teachers import Teacher
from desktop.sync.portals.http import Timeouts
from desktop.sync.portals.trs import TrsPortal

TODAY = date(2026, 9, 20)
KEY = "a-key-of-dfe"
TRN = "2100001"
BORN = date(1999, 3, 14)
WHOM = Question(TRN, BORN)


@pytest.fixture(scope="module")
def running() -> Iterator[PracticePortal]:
    with PracticePortal() as portal:
        yield portal


@pytest.fixture
def practice(running: PracticePortal) -> PracticePortal:
    running.control.trs_reset()
    return running


@pytest.fixture
def trs(practice: PracticePortal) -> Iterator[TrsPortal]:
    portal = TrsPortal(practice.trs_url, practice.trs.token, timeouts=Timeouts(read_s=5, total_s=5))
    yield portal
    portal.close()


def about(teacher: Teacher, ni_number: str = "") -> Question:
    """As the school has it: the date of birth that the teacher gave."""
    return Question(teacher.trn, teacher.said_born or teacher.date_of_birth, ni_number)


def asked(practice: PracticePortal) -> list[str]:
    return [entry["path"] for entry in practice.control.trs_requests()]


# --- against the practice Teaching Record System --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "status", "prohibited", "others", "qts"),
    [
        ("found", "RequiredToComplete", False, 0, "2026-07-01"),
        ("passed", "Passed", False, 0, "2021-07-01"),
        ("exempt", "Exempt", False, 0, "1996-07-01"),
        ("failed", "Failed", False, 0, "2021-07-01"),
        ("failed_in_wales", "FailedInWales", False, 0, "2021-07-01"),
        ("in_progress", "InProgress", False, 0, "2025-07-01"),
        ("no_induction", "None", False, 0, "2026-07-01"),
        ("no_qts", "None", False, 0, ""),
        ("prohibited", "RequiredToComplete", True, 0, "2026-07-01"),
        ("prohibited_later_end", "RequiredToComplete", True, 0, "2026-07-01"),
        ("prohibited_odd_end", "RequiredToComplete", True, 0, "2026-07-01"),
        ("prohibited_ended", "RequiredToComplete", False, 0, "2026-07-01"),
        ("other_alert", "RequiredToComplete", False, 1, "2026-07-01"),
    ],
)
def test_section_4_found(
    practice: PracticePortal, trs: TrsPortal, case: str, status: str, prohibited: bool, others: int, qts: str
):
    teacher = practice.teachers.case(case)
    found = trs.look(about(teacher), TODAY)
    assert isinstance(found, TeacherAnswer)
    assert (found.said, found.trn, found.name) == (Said.FOUND, teacher.trn, teacher.shown_name)
    assert (found.induction_status, found.prohibited, found.other_alerts) == (status, prohibited, others)
    assert (found.qts_from, found.by_ni_number) == (qts, False)


@pytest.mark.parametrize(
    ("case", "said", "merged_to"),
    [
        ("born_differs", Said.BORN_DIFFERS, ""),
        ("deactivated", Said.DEACTIVATED, ""),
        ("merged", Said.MERGED, "2100023"),
    ],
)
def test_section_4_everything_but_found(
    practice: PracticePortal, trs: TrsPortal, case: str, said: Said, merged_to: str
):
    """A merged TRN is told to our user as a hint; the portal tells a school only that it is not found."""
    teacher = practice.teachers.case(case)
    assert trs.look(about(teacher), TODAY) == TeacherAnswer(said, teacher.trn, merged_to=merged_to)


def test_section_4_nobody_has_this_trn(trs: TrsPortal):
    assert trs.look(Question("0000001", BORN), TODAY) == TeacherAnswer(Said.NOT_FOUND, "0000001")


@pytest.mark.parametrize("case", ["one_name", "no_name", "short_number", "middle_name"])
def test_section_4_names_as_the_portal_shows_them(practice: PracticePortal, trs: TrsPortal, case: str):
    """A lone full stop is dropped, and without any name it says Unknown."""
    teacher = practice.teachers.case(case)
    found = trs.look(about(teacher), TODAY)
    assert isinstance(found, TeacherAnswer)
    assert found.name == teacher.shown_name


@pytest.mark.parametrize(
    ("case", "number", "said"),
    [
        ("born_differs", "KL294817B", Said.FOUND),
        ("born_differs", "KL294818B", Said.NI_DIFFERS),
        ("employer_number", "LR105545B", Said.FOUND),
        ("odd_number", "QQ104433M", Said.FOUND),
        ("no_number", "LR105545B", Said.NI_DIFFERS),
    ],
)
def test_section_4_second_step(practice: PracticePortal, trs: TrsPortal, case: str, number: str, said: Said):
    """Only on another date of birth a second call, with the number alone; the date of birth is never sent."""
    found = trs.look(about(practice.teachers.case(case), number), TODAY)
    assert isinstance(found, TeacherAnswer)
    assert (found.said, found.by_ni_number) == (said, said is Said.FOUND)
    first, second = asked(practice)
    assert "nationalInsuranceNumber" not in first
    assert f"nationalInsuranceNumber={number}" in second
    assert not any("dateOfBirth" in path for path in (first, second))


def test_a_number_is_not_sent_when_the_date_of_birth_fits(practice: PracticePortal, trs: TrsPortal):
    teacher = practice.teachers.case("found")
    trs.look(about(teacher, teacher.ni_numbers[0]), TODAY)
    (path,) = asked(practice)
    assert path == (
        f"/v3/persons/{TRN}?include=Alerts%2CInduction%2CMandatoryQualifications%2CRoutesToProfessionalStatuses"
    )


@pytest.mark.parametrize(
    ("mode", "state"),
    [
        ("maintenance", PortalState.MAINTENANCE),
        ("unavailable", PortalState.MAINTENANCE),
        ("captive", PortalState.CAPTIVE),
        ("nonsense", PortalState.CAPTIVE),
        ("redirect", PortalState.CAPTIVE),
        ("unauthorised", PortalState.SIGN_IN),
        ("api_off", PortalState.API_OFF),
        ("refuse", PortalState.DOWN),
        ("lost_reply", PortalState.DOWN),
        ("cut_body", PortalState.UNKNOWN),
    ],
)
def test_trouble_is_no_answer_about_a_person(
    practice: PracticePortal, trs: TrsPortal, mode: str, state: PortalState
):
    practice.control.trs_fault(mode)
    found = trs.look(WHOM, TODAY)
    assert isinstance(found, Unavailable)
    assert found.state is state
    assert found.detail[0].isupper()
    assert found.detail.endswith(".")


def test_too_many_requests_say_how_long_to_wait(practice: PracticePortal, trs: TrsPortal):
    """Section 8: 429 with problem details; the wait is Retry-After's."""
    practice.control.trs_fault("busy", retry_after=42)
    found = trs.look(WHOM, TODAY)
    assert isinstance(found, Unavailable)
    assert (found.state, found.retry_after_s) == (PortalState.BUSY, 42.0)


def test_a_key_without_the_role_is_refused(practice: PracticePortal):
    """Contract, 403."""
    portal = TrsPortal(practice.trs_url, practice.trs.without_role)
    try:
        found = portal.look(WHOM, TODAY)
        assert portal.probe().state is PortalState.SIGN_IN
    finally:
        portal.close()
    assert isinstance(found, Unavailable)
    assert found.state is PortalState.SIGN_IN
    assert "key" in found.detail


def test_a_test_of_the_key_asks_about_nobody(practice: PracticePortal, trs: TrsPortal):
    assert trs.probe().state is PortalState.UP
    (path,) = asked(practice)
    assert path.startswith("/v3/persons/0000000?")


# --- against replies of our own making ------------------------------------------------------------------------------


def person(**other: Any) -> dict[str, Any]:
    """A whole body that is in order."""
    return {
        "trn": TRN,
        "firstName": "Amina",
        "middleName": "",
        "lastName": "Okafor",
        "dateOfBirth": BORN.isoformat(),
        "nationalInsuranceNumber": "JG103759A",
        "qts": {"holdsFrom": "2026-07-01", "routes": []},
        "induction": {"status": "RequiredToComplete"},
        "alerts": [],
    } | other


def alert(category: object = "b2b19019-b165-47a3-8745-3297ff152581", **more: Any) -> dict[str, Any]:
    return {"alertType": {"alertCategory": {"alertCategoryId": category}}} | more


def answering(*replies: httpx.Response | Callable[[httpx.Request], httpx.Response]) -> TrsPortal:
    """A portal whose requests are answered by these, one after another."""
    waiting = list(replies)

    def answer(request: httpx.Request) -> httpx.Response:
        reply = waiting.pop(0)
        return reply(request) if callable(reply) else reply

    return TrsPortal("https://trs.example.org", KEY, transport=httpx.MockTransport(answer))


def said_to(body: Any, whom: Question = WHOM) -> TeacherAnswer | Unavailable:
    return answering(httpx.Response(200, json=body)).look(whom, TODAY)


@pytest.mark.parametrize(
    ("ends", "prohibited"),
    [
        (None, True),
        ("2026-09-21", True),
        ("2026-09-20", False),
        ("2026-09-19", False),
        ("", True),
        ("never", True),
        ("2026-02-30", True),
        ("20260919", True),
        (20260919, True),
        ({"day": 1}, True),
    ],
)
def test_section_4_a_prohibition_is_in_force(ends: object, prohibited: bool):
    """No end date, or one after today; a malformed end date counts as live."""
    found = said_to(person(alerts=[alert(endDate=ends)]))
    assert isinstance(found, TeacherAnswer)
    assert (found.prohibited, found.other_alerts) == (prohibited, 0)


def test_section_4_one_prohibition_in_force_among_others_is_enough():
    gone, other = alert(endDate="2021-03-31"), alert("0ae7e0a8-0000-4000-8000-00000000a1e4", endDate=None)
    in_force = alert("B2B19019-B165-47A3-8745-3297FF152581")
    found = said_to(person(alerts=[gone, other, in_force]))
    assert isinstance(found, TeacherAnswer)
    assert (found.prohibited, found.other_alerts) == (True, 1)
    quiet = said_to(person(alerts=[gone, other]))
    assert isinstance(quiet, TeacherAnswer)
    assert (quiet.prohibited, quiet.other_alerts) == (False, 1)


@pytest.mark.parametrize(
    "body",
    [
        [],
        None,
        "found",
        person(dateOfBirth=None),
        person(dateOfBirth="14/03/1999"),
        person(dateOfBirth=19990314),
        person(firstName=["Amina"]),
        person(lastName={"name": "Okafor"}),
        person(alerts=None),
        person(alerts={}),
        person(alerts=["open"]),
        person(alerts=[{"alertType": None}]),
        person(alerts=[alert(7)]),
        person(induction="Passed"),
        person(induction={"status": 3}),
        person(qts=True),
        {k: v for k, v in person().items() if k != "alerts"},
        {k: v for k, v in person().items() if k != "induction"},
    ],
    ids=lambda body: json.dumps(body)[-60:],
)
def test_a_body_of_another_shape_is_never_taken_for_nothing_against_this_person(body: Any):
    found = said_to(body)
    assert isinstance(found, Unavailable)
    assert found.state is PortalState.UNKNOWN


@pytest.mark.parametrize("trn", ["2100002", 2100001, None, "", "02100001"])
def test_an_answer_about_another_trn_is_thrown_away(trn: object):
    found = said_to(person(trn=trn))
    assert isinstance(found, Unavailable)
    assert "another TRN" in found.detail


def test_the_second_answer_may_not_be_about_somebody_else_either():
    first = httpx.Response(200, json=person())
    second = httpx.Response(200, json=person(trn="2100002"))
    found = answering(first, second).look(Question(TRN, date(1990, 1, 1), "JG103759A"), TODAY)
    assert isinstance(found, Unavailable)


def test_names_with_control_characters_become_one_printable_line():
    nasty = "Am\x00i\x1b[31mna\r\n\u202eOk\u2028a"
    found = said_to(person(firstName=nasty, lastName="O" * 100_000))
    assert isinstance(found, TeacherAnswer)
    assert found.name.isprintable()
    assert found.first_name == "Am i [31mna Ok a"
    assert len(found.last_name) == 100


def test_an_induction_status_that_is_newer_than_we_are_is_kept_as_it_is():
    found = said_to(person(induction={"status": "Paused\x07"}, qts={"holdsFrom": "soon"}))
    assert isinstance(found, TeacherAnswer)
    assert (found.induction_status, found.qts_from) == ("Paused", "")
    none = said_to(person(induction=None, qts=None))
    assert isinstance(none, TeacherAnswer)
    assert (none.induction_status, none.qts_from) == ("", "")


class _Endless(httpx.SyncByteStream):
    """10 MB in pieces; says how many were taken."""

    def __init__(self) -> None:
        self.taken = 0

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(160):
            self.taken += 1
            yield b" " * 65536


def test_a_reply_of_ten_megabytes_is_left_unread():
    body = _Endless()
    reply = httpx.Response(200, headers={"content-type": "application/json"}, stream=body)
    found = answering(reply).look(WHOM, TODAY)
    assert isinstance(found, Unavailable)
    assert "too long" in found.detail
    assert body.taken < 20


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (404, {"errorCode": 10028}, PortalState.API_OFF),
        (404, {"errorCode": "10001"}, PortalState.API_OFF),
        (404, [], PortalState.API_OFF),
        (410, {"errorCode": 10059}, PortalState.API_OFF),
        (400, {"errorCode": 10001}, PortalState.UNKNOWN),
        (409, {}, PortalState.UNKNOWN),
        (200, {"errorCode": 10001}, PortalState.UNKNOWN),
        (201, person(), PortalState.UNKNOWN),
        (500, {"errorCode": 10001}, PortalState.DOWN),
        (418, {}, PortalState.UNKNOWN),
    ],
)
def test_a_status_without_its_code_says_nothing_about_a_person(status: int, body: Any, state: PortalState):
    """Section 4: a 404 is "no such person" with 10001 alone; an unknown version is 404, too."""
    found = answering(httpx.Response(status, json=body)).look(WHOM, TODAY)
    assert isinstance(found, Unavailable)
    assert found.state is state


@pytest.mark.parametrize(
    ("status", "location", "merged_to"),
    [
        (308, "/v3/persons/2100023", "2100023"),
        (308, "https://trs.example.org/v3/persons/2100023?include=Alerts", "2100023"),
        (308, "https://trs.example.org/api/v3/persons/2100023", "2100023"),
        (308, f"/v3/persons/{TRN}", ""),
        (308, "/v3/persons/21000231", ""),
        (308, "/sign-in?next=/v3/persons/2100023", ""),
        (308, "", ""),
        (308, "http://[", ""),
        (302, "/v3/persons/2100023", ""),
    ],
)
def test_only_a_308_to_another_person_is_a_merge(status: int, location: str, merged_to: str):
    found = answering(httpx.Response(status, headers={"location": location})).look(WHOM, TODAY)
    if merged_to:
        assert found == TeacherAnswer(Said.MERGED, TRN, merged_to=merged_to)
    else:
        assert isinstance(found, Unavailable)
        assert found.state is PortalState.CAPTIVE


def test_a_merge_between_the_two_steps_is_told():
    first, second = (
        httpx.Response(200, json=person()),
        httpx.Response(308, headers={"location": "/v3/persons/2100023"}),
    )
    found = answering(first, second).look(Question(TRN, date(1990, 1, 1), "JG103759A"), TODAY)
    assert found == TeacherAnswer(Said.MERGED, TRN, merged_to="2100023")


def test_the_request_is_the_one_of_the_contract():
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=person())

    answering(answer).look(WHOM, TODAY)
    (request,) = seen
    assert request.method == "GET"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["x-api-version"] == "20260120"
    assert request.headers["accept"] == "application/json"
    assert request.url.params["include"].split(",") == [
        "Alerts",
        "Induction",
        "MandatoryQualifications",
        "RoutesToProfessionalStatuses",
    ]


def test_neither_key_nor_person_stands_in_a_repr(practice: PracticePortal, trs: TrsPortal):
    teacher = practice.teachers.case("found")
    found = trs.look(about(teacher, "JG103759A"), TODAY)
    shown = f"{trs!r} {found!r} {about(teacher, 'JG103759A')!r}"
    for secret in (practice.trs.token, teacher.last_name, teacher.trn, "JG103759A", "1999"):
        assert secret not in shown


@pytest.mark.parametrize("trn", ["", "123", "21000011", "../2100", "2100001\n"])
def test_a_trn_that_is_none_is_never_sent(trn: str):
    with pytest.raises(UsageError):
        answering().look(Question(trn, BORN), TODAY)


@pytest.mark.parametrize(("url", "key"), [("http://trs.example.org", KEY), ("https://trs.example.org", " ")])
def test_an_address_or_a_key_that_cannot_work_is_refused_at_once(url: str, key: str):
    with pytest.raises(UsageError):
        TrsPortal(url, key)
