"""Which requests the adapter makes, and when a reply counts as data (sync.md I10, N7, N10, N11; pack 1.2 to 1.8)."""

import json
from datetime import UTC, datetime
from typing import get_args

import httpx
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.collections.trainees import COLLECTION
from desktop.model.document import Child, Document
from desktop.model.errors import UnknownName, UsageError
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import (
    Accepted,
    Duplicate,
    NotFound,
    Outcome,
    Page,
    PortalState,
    Probe,
    Refusal,
    Refused,
    Unavailable,
)
from desktop.sync.portal import Portal
from desktop.sync.portals.register import PER_PAGE, RegisterPortal
from desktop.sync.portals.register_mapping import RegisterMapping
from tests.unit.sync.portals.answering import (
    BASE,
    TOKEN,
    UKPRN,
    Script,
    as_json,
    degree,
    listing,
    placement,
    portal,
    raw,
    trainee,
)

API = f"{BASE}/api/v2026.1"
T = f"{API}/trainees/{trainee()['trainee_id']}"
ID = trainee()["trainee_id"]
DEGREE, PLACEMENT = degree()["degree_id"], placement()["placement_id"]
CURRENT = RegisterMapping(COLLECTION).snapshot(trainee()) or Snapshot("", "", "", Document())
HTML = raw(200, b"<html>", "text/html")
PONG = raw(200, b"PONG", "text/plain; charset=utf-8")
INFO = as_json(200, {"status": "ok", "version": {"requested": "v2026.1", "latest": "v2027.0"}})


def not_found(message):
    return as_json(404, {"errors": [{"error": "NotFound", "message": message}]})


NONE_FOUND = not_found("No trainees found")
GONE = not_found("Trainee(s) not found")


def asked(script):
    return [(r.method, str(r.url).partition("?")[0]) for r in script.requests]


def test_adapter_is_a_portal():
    made: Portal = portal(Script(INFO))
    assert made.requests_made == 0


@pytest.mark.parametrize("token", ["", "  ", "Bearer ", "a b"])
def test_token_must_be_one(token):
    with pytest.raises(UsageError):
        RegisterPortal(COLLECTION, BASE, token)


def test_address_may_end_with_the_apis_own_path():
    script = Script(GONE)
    RegisterPortal(COLLECTION, f"{API}/", TOKEN, transport=script.transport).fetch(ID)
    assert asked(script) == [("GET", T)]


# --- probe ----------------------------------------------------------------------------------------------------------


def test_probe_asks_the_door_then_the_api():
    script = Script(PONG, INFO)
    probe = portal(script).probe()
    assert probe == Probe(
        PortalState.UP,
        "Register answers.",
        facts={"version": "v2026.1", "requested": "v2026.1", "latest": "v2027.0"},
    )
    assert asked(script) == [("GET", f"{BASE}/ping"), ("GET", f"{API}/info")]
    assert ["authorization" in r.headers for r in script.requests] == [False, True]


@pytest.mark.parametrize(
    ("answers", "state", "requests"),
    [
        ([raw(404, b"<html>", "text/html"), INFO], "up", 2),
        ([raw(200), INFO], "up", 2),
        ([httpx.ConnectError("")], "down", 1),
        ([httpx.ReadTimeout("")], "down", 1),
        ([HTML], "captive", 1),
        ([raw(302, location="http://10.0.0.1")], "captive", 1),
        ([raw(500, b"<title>currently unavailable</title>", "text/html")], "maintenance", 1),
        ([raw(503)], "down", 1),
        ([raw(429, retry_after="5")], "busy", 1),
        ([PONG, as_json(401, {"error": "Unauthorized"})], "sign-in", 2),
        ([PONG, not_found("Not found")], "api-off", 2),
        ([PONG, as_json(400, {"errors": ["Version 'v2026.1' not available"]})], "api-off", 2),
        ([PONG, raw(429, b"Retry later", "text/plain", retry_after="5")], "busy", 2),
        ([PONG, HTML], "captive", 2),
        ([PONG, as_json(200, [])], "unknown", 2),
        ([PONG, as_json(422, {})], "unknown", 2),
    ],
)
def test_probe_tells_the_state(answers, state, requests):
    script = Script(*answers)
    made = portal(script)
    probe = made.probe()
    assert (probe.state, len(script.requests)) == (state, requests)
    assert probe.retry_after_s == (5 if state == "busy" else None)


def test_probe_says_how_long_the_portal_took_and_does_not_ask_a_crowded_one_twice():
    class Slowly:
        now = 0.0

        def __init__(self, seconds):
            self.seconds = seconds

        def __call__(self, request):
            Slowly.now += self.seconds
            return PONG(request) if request.url.path == "/ping" else INFO(request)

    for seconds, requests in ((0.75, 2), (1.5, 1)):
        script = Script(Slowly(seconds))
        made = portal(script)
        made._http._clock = lambda: Slowly.now
        probe = made.probe()
        assert (probe.state, probe.took_s) == (PortalState.UP, seconds)
        assert len(script.requests) == requests


# --- reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "scopes"),
    [
        (datetime(2026, 10, 14, tzinfo=UTC), ("2027", "2026", "2025", "2024")),
        (datetime(2026, 7, 31, 22, 59, tzinfo=UTC), ("2026", "2025", "2024", "2023")),
        (datetime(2026, 7, 31, 23, 0, tzinfo=UTC), ("2027", "2026", "2025", "2024")),  # August in London
        (datetime(2030, 10, 1, tzinfo=UTC), ("2030", "2029", "2028")),
    ],
)
def test_scopes_are_the_cycles_that_matter(now, scopes):
    assert portal(Script(INFO)).scopes(now) == scopes
    assert portal(Script(INFO), cycles=(2026,)).scopes(now) == ("2026",)


def rows(count, start=0, **changes):
    return [trainee(f"id{n}", **changes) for n in range(start, start + count)]


def test_listing_is_read_page_by_page_newest_first():
    script = Script(
        as_json(200, listing(*rows(2), number=1, pages=2, total=3, per_page=2)),
        as_json(200, listing(*rows(1, 2), number=2, pages=2, total=3, per_page=2)),
    )
    pages = list(portal(script).pages("2026", "2026-09-01T00:00:00+00:00"))
    assert [
        (p.number, p.pages, p.total, [s.portal_id for s in p.snapshots]) for p in pages if isinstance(p, Page)
    ] == [
        (1, 2, 3, ["id0", "id1"]),
        (2, 2, 3, ["id2"]),
    ]
    assert [dict(r.url.params) for r in script.requests] == [
        {
            "academic_cycle": "2026",
            "per_page": str(PER_PAGE),
            "sort_order": "desc",
            "since": "2026-09-01T00:00:00+00:00",
            "page": str(n),
        }
        for n in (1, 2)
    ]


@pytest.mark.parametrize("answer", [NONE_FOUND, as_json(200, listing(pages=0))])
def test_empty_listing_is_one_page(answer):
    assert list(portal(Script(answer)).pages("2026")) == [Page((), 1, 1, 0)]


def test_listing_that_shrinks_shows_it_in_its_total():
    script = Script(as_json(200, listing(*rows(2), pages=2, total=3, per_page=2)), NONE_FOUND)
    *_, last = portal(script).pages("2026")
    assert last == Page((), 2, 1, 2)


def test_listing_that_grows_is_read_to_its_end():
    script = Script(
        as_json(200, listing(*rows(2), number=1, pages=2, total=3, per_page=2)),
        as_json(200, listing(*rows(2, 1), number=2, pages=3, total=5, per_page=2)),
        as_json(200, listing(*rows(1, 3), number=3, pages=3, total=5, per_page=2)),
    )
    assert [getattr(p, "total", None) for p in portal(script).pages("2026")] == [3, 5, 5]


def meta(**changes):
    page = listing(*rows(1))
    page["meta"] |= changes
    return as_json(200, page)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (not_found("Not found"), "api-off"),
        (not_found("Trainee(s) not found"), "api-off"),
        (raw(404, b"<html>", "text/html"), "api-off"),
        (
            as_json(422, {"message": "Validation failed", "errors": {"academic_cycle": ["2099 is not"]}}),
            "unknown",
        ),
        (as_json(200, []), "unknown"),
        (as_json(200, {"data": []}), "unknown"),
        (as_json(200, {"data": {}, "meta": {}}), "unknown"),
        (as_json(200, {"data": [], "meta": []}), "unknown"),
        (as_json(200, {"data": [1], "meta": listing(trainee())["meta"]}), "unknown"),
        (as_json(200, listing(trainee(""))), "unknown"),
        (meta(current_page=2), "unknown"),
        (meta(total_count=2), "unknown"),
        (meta(total_count=0), "unknown"),
        (meta(total_pages=2), "unknown"),
        (meta(total_count=300), "unknown"),
        (meta(per_page=0), "unknown"),
        (meta(total_count="1"), "unknown"),
        (meta(total_count=True), "unknown"),
        (meta(total_count=-1), "unknown"),
        (as_json(401, {"error": "Unauthorized"}), "sign-in"),
        (httpx.ReadTimeout(""), "down"),
    ],
)
def test_page_that_does_not_add_up_is_no_data(answer, state):
    (page,) = portal(Script(answer)).pages("2026")
    assert isinstance(page, Unavailable)
    assert (page.state, page.effect_possible) == (state, False)


def test_listing_ends_after_the_first_trouble():
    script = Script(as_json(200, listing(*rows(1), pages=3, total=3, per_page=1)), as_json(401, {}))
    kinds = [type(p) for p in portal(script).pages("2026")]
    assert kinds == [Page, Unavailable]
    assert len(script.requests) == 2


@pytest.mark.parametrize(
    ("known", "named", "taken"),
    [
        ("", [UKPRN, UKPRN], True),
        (UKPRN, [UKPRN, UKPRN], True),
        (UKPRN, [UKPRN, None], True),
        ("", [None, None], True),
        ("", [UKPRN, "10000001"], False),
        (UKPRN, ["10000001", "10000001"], False),
    ],
)
def test_records_of_another_organisation_are_no_data(known, named, taken):
    page = listing(*(trainee(f"id{n}", ukprn=u) for n, u in enumerate(named)))
    (answer,) = portal(Script(as_json(200, page)), ukprn=known).pages("2026")
    assert isinstance(answer, Page) is taken
    if isinstance(answer, Unavailable):
        assert answer.state is PortalState.UNKNOWN
        assert "another organisation" in answer.detail


def test_provider_is_learnt_from_the_first_reply():
    made = portal(Script(as_json(200, trainee()), as_json(200, trainee(ukprn="10000001"))))
    assert isinstance(made.fetch(ID), Snapshot)
    assert made.ukprn == UKPRN
    assert isinstance(made.fetch(ID), Unavailable)


@pytest.mark.parametrize("body", [trainee(), {"data": trainee()}])
def test_record_is_fetched_bare(body):
    script = Script(as_json(200, body))
    answer = portal(script).fetch(ID)
    assert asked(script) == [("GET", T)]
    if "data" in body:
        assert isinstance(answer, Unavailable)
    else:
        assert isinstance(answer, Snapshot)
        assert answer.portal_id == ID


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (GONE, NotFound("record", "Trainee(s) not found")),
        (not_found("Not found"), PortalState.API_OFF),
        (NONE_FOUND, PortalState.API_OFF),
        (as_json(404, {"error": "Resource not found"}), PortalState.API_OFF),
        (raw(404), PortalState.API_OFF),
        (as_json(200, trainee("another")), PortalState.UNKNOWN),
        (as_json(200, {}), PortalState.UNKNOWN),
        (as_json(200, None), PortalState.UNKNOWN),
        (as_json(422, {}), PortalState.UNKNOWN),
        (as_json(409, {}), PortalState.UNKNOWN),
    ],
)
def test_only_the_documented_words_mean_that_a_record_is_gone(answer, expected):
    found = portal(Script(answer)).fetch(ID)
    assert found == expected or (isinstance(found, Unavailable) and found.state is expected)


@pytest.mark.parametrize("portal_id", ["", ".", ".."])
def test_id_that_leads_elsewhere_is_asked_for_nowhere(portal_id):
    script = Script(INFO)
    made = portal(script)
    nowhere = Snapshot(portal_id, "", "", Document())
    for answer in (
        made.fetch(portal_id),
        made.update(nowhere, {"email": "x"}),
        made.add_child(portal_id, "degrees", {}),
        made.update_child(nowhere, "degrees", "x", {}),
        made.remove_child(ID, "degrees", portal_id),
        made.act(portal_id, "defer", {}),
    ):
        assert isinstance(answer, NotFound)
    assert script.requests == []


def test_id_is_quoted():
    script = Script(GONE)
    portal(script).fetch("../a b?c#\u00e9\ud800")
    assert script.requests[0].url.raw_path == b"/api/v2026.1/trainees/..%2Fa%20b%3Fc%23%C3%A9%3F"


# --- writing --------------------------------------------------------------------------------------------------------

SAVED = as_json(200, {"data": trainee()})


def test_create_posts_the_record_with_its_children():
    script = Script(as_json(201, {"data": trainee()}))
    document = Document({"last_name": "Ashcombe"}, {"degrees": [Child("x", {"subject": "100403"})]})
    answer = portal(script).create(document)
    assert answer == Accepted(CURRENT)
    assert asked(script) == [("POST", f"{API}/trainees")]
    assert script.sent == [{"last_name": "Ashcombe", "degrees_attributes": [{"subject": "100403"}]}]
    # The service answers 500 in place of 409 when a create carries it; see `create`.
    assert "enhanced-errors" not in script.requests[0].headers


def conflict(*found, message="This trainee is already in Register"):
    return as_json(409, {"errors": [{"error": "Conflict", "message": message}], "data": list(found)})


def test_create_of_a_duplicate_brings_the_candidates():
    answer = portal(Script(conflict(trainee("a"), trainee("b"), {"odd": 1}))).create(Document())
    assert isinstance(answer, Duplicate)
    assert answer.message == "This trainee is already in Register"
    assert [c.portal_id for c in answer.candidates] == ["a", "b"]
    assert isinstance(
        portal(Script(conflict(trainee(ukprn="1"))), ukprn=UKPRN).create(Document()), Unavailable
    )
    assert portal(Script(as_json(409, None))).create(Document()) == Duplicate("This is there already.")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (as_json(422, {"errors": ["email is odd"]}), Refused((Refusal("email", "is odd"),))),
        (as_json(422, {"errors": {"email": ["is odd"]}}), Refused((Refusal("email", "is odd"),))),
        (raw(422, b"email is odd", "text/plain"), Refused((Refusal("email", "is odd"),))),
        (as_json(400, {"errors": ["Unexpected token"]}), Refused((Refusal("", "Unexpected token"),))),
        (raw(413), Refused((Refusal("", "The portal gave no reason."),))),
        (as_json(400, {"errors": ["Version 'v2026.1' not available"]}), (PortalState.API_OFF, False)),
        (GONE, (PortalState.API_OFF, False)),
        (as_json(201, {}), (PortalState.UNKNOWN, True)),
        (as_json(201, trainee()), (PortalState.UNKNOWN, True)),
        (as_json(201, {"data": trainee(ukprn="1")}), (PortalState.UNKNOWN, True)),
        (raw(201), (PortalState.UNKNOWN, True)),
        (httpx.ReadTimeout(""), (PortalState.DOWN, True)),
        (httpx.ConnectTimeout(""), (PortalState.DOWN, False)),
        (raw(500), (PortalState.DOWN, True)),
    ],
)
def test_create_that_was_not_accepted(answer, expected):
    found = portal(Script(answer), ukprn=UKPRN).create(Document({"email": "x"}))
    assert found == expected or (
        isinstance(found, Unavailable) and (found.state, found.effect_possible) == expected
    )


def test_update_puts_edits_with_what_must_go_along_and_asks_for_a_map_of_errors():
    script = Script(SAVED)
    assert portal(script).update(CURRENT, {"email": "n@example.org"}) == Accepted(CURRENT)
    assert asked(script) == [("PUT", T)]
    assert script.sent[0].keys() == {
        "email",
        "training_route",
        "course_age_range",
        "ethnicity",
        "disability1",
    }
    assert script.requests[0].headers["enhanced-errors"] == "true"


def test_update_of_nothing_asks_nothing():
    script = Script(SAVED)
    assert portal(script).update(CURRENT, {"middle_names": None}) == Accepted(CURRENT)
    assert script.requests == []


def test_update_in_a_closed_state_is_a_wrong_state():
    error = {"error": "StateTransitionError", "message": "It’s not possible to perform this action"}
    answer = portal(Script(as_json(422, {"errors": [error]}))).update(CURRENT, {"email": "x"})
    assert isinstance(answer, Refused)
    assert answer.wrong_state


def test_update_of_a_record_that_is_gone():
    assert portal(Script(GONE)).update(CURRENT, {"email": "x"}) == NotFound("record", "Trainee(s) not found")
    wrong = portal(Script(as_json(200, {"data": trainee("another")}))).update(CURRENT, {"email": "x"})
    assert isinstance(wrong, Unavailable)
    assert wrong.effect_possible


def test_text_that_no_request_can_carry_is_refused_here():
    script = Script(SAVED)
    answer = portal(script).update(CURRENT, {"last_name": "A\ud800", "email": "x"})
    assert answer == Refused((Refusal("last_name", "holds characters that cannot be sent"),))
    assert script.requests == []


@pytest.mark.parametrize(
    ("kind", "fields", "child", "sent"),
    [
        ("degrees", {"subject": "100403", "country": None}, degree(), {"subject": "100403"}),
        ("placements", {"urn": "123456", "address": "x"}, placement(), {"urn": "123456"}),
    ],
)
def test_child_is_added(kind, fields, child, sent):
    script = Script(as_json(201, {"data": child}))
    child_id = child.get("degree_id") or child.get("placement_id")
    assert portal(script).add_child(ID, kind, fields) == Accepted(child_id=child_id)
    assert asked(script) == [("POST", f"{T}/{kind}")]
    assert script.sent == [sent]


def test_degree_that_is_there_already_names_its_twins():
    answer = conflict(degree("a"), 7, degree("b"), message="This is a duplicate degree")
    assert portal(Script(answer)).add_child(ID, "degrees", {}) == Duplicate(
        "This is a duplicate degree", child_ids=("a", "b")
    )


def test_child_is_changed_with_what_is_computed_from_it():
    script = Script(as_json(200, {"data": degree()}))
    answer = portal(script).update_child(CURRENT, "degrees", DEGREE, {"uk_degree": "001"})
    assert answer == Accepted(child_id=DEGREE)
    assert asked(script) == [("PUT", f"{T}/degrees/{DEGREE}")]
    assert script.sent == [{"uk_degree": "001", "institution": "0116"}]


def test_change_of_a_child_that_the_api_cannot_make_is_refused():
    script = Script(SAVED)
    answer = portal(script).update_child(CURRENT, "placements", PLACEMENT, {"address": "1 High Street"})
    assert isinstance(answer, Refused)
    assert answer.refusals[0].field == "placements.address"
    assert script.requests == []


def test_child_is_removed():
    script = Script(as_json(200, {"data": trainee(degrees=[])}))
    answer = portal(script).remove_child(ID, "degrees", DEGREE)
    assert isinstance(answer, Accepted)
    assert answer.snapshot is not None
    assert answer.snapshot.document.children["degrees"] == []
    assert asked(script) == [("DELETE", f"{T}/degrees/{DEGREE}")]


@pytest.mark.parametrize(
    ("message", "what"),
    [
        ("Degree(s) not found", "child"),
        ("Placement(s) not found", "child"),
        ("Trainee(s) not found", "record"),
    ],
)
def test_what_is_gone_is_told_apart(message, what):
    for answer in (
        portal(Script(not_found(message))).remove_child(ID, "degrees", DEGREE),
        portal(Script(not_found(message))).update_child(CURRENT, "degrees", DEGREE, {"grade": "01"}),
    ):
        assert answer == NotFound(what, message)


@pytest.mark.parametrize("body", [{}, {"data": []}, {"data": degree("another")}, {"data": placement()}])
def test_reply_about_another_child_leaves_the_outcome_open(body):
    answer = portal(Script(as_json(200, body))).update_child(CURRENT, "degrees", DEGREE, {"grade": "01"})
    assert isinstance(answer, Unavailable)
    assert answer.effect_possible


@pytest.mark.parametrize(
    ("action", "path", "status", "fields", "sent"),
    [
        ("defer", "defer", 200, {"defer_date": "2026-10-01", "defer_reason": None}, {"defer_date": "2026-10-01"}),
        ("withdraw", "withdraw", 200, {"reasons": "a, b", "trigger": "trainee"}, {"reasons": ["a", "b"], "trigger": "trainee"}),
        ("recommend", "update-qts-or-eyts-status", 202, {"qts_standards_met_date": "2026-10-01"}, {"qts_standards_met_date": "2026-10-01"}),
    ],
)  # fmt: skip
def test_action_is_posted(action, path, status, fields, sent):
    script = Script(as_json(status, {"data": trainee()}))
    assert portal(script).act(ID, action, fields) == Accepted(CURRENT)
    assert asked(script) == [("POST", f"{T}/{path}")]
    assert script.sent == [sent]
    assert COLLECTION.action(action) is not None


def test_action_on_the_second_try_finds_the_state_moved():
    error = {"error": "UnprocessableEntity", "message": "state must be selected as trn_received"}
    answer = portal(Script(as_json(422, {"errors": [error]}))).act(ID, "recommend", {})
    assert isinstance(answer, Refused)
    assert answer.wrong_state


def test_unknown_names_are_the_callers_fault():
    made = portal(Script(SAVED))
    with pytest.raises(UnknownName):
        made.act(ID, "reinstate", {})
    with pytest.raises(UnknownName):
        made.add_child(ID, "friends", {})


def test_what_a_refused_update_may_delete_is_known():
    lost = portal(Script(SAVED)).may_lose
    assert lost >= {"nationality", "disability1", "disability9"}
    assert lost <= {f.name for f in COLLECTION.fields}


# --- anything -------------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "data",
                    "errors",
                    "error",
                    "message",
                    "meta",
                    "trainee_id",
                    "degree_id",
                    "ukprn",
                    "state",
                    "email",
                ]
            )
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
bodies = st.one_of(
    st.binary(max_size=40),
    json_values.map(lambda v: json.dumps(v).encode()),
    st.sampled_from(
        [b"<html></html>", b"PONG", orjson.dumps(listing(trainee())), orjson.dumps({"data": trainee()})]
    ),
)
statuses = st.one_of(
    st.sampled_from(
        [200, 201, 202, 204, 301, 302, 400, 401, 403, 404, 405, 407, 409, 410, 413, 422, 429, 500, 502, 503]
    ),
    st.integers(100, 999),
)
types = st.sampled_from(
    ["", "application/json", "application/json; charset=x", "text/html", "text/plain", ";;", "a/b/c"]
)
waits = st.sampled_from(
    ["", "0", "-1", "soon", "99999999999", "Wed, 14 Oct 2026 09:02:00 GMT", "Wed, 99 Oct"]
)
encodings = st.sampled_from(["", "", "", "gzip", "br", "identity"])
problems = st.sampled_from(
    [
        httpx.ConnectError(""), httpx.ConnectTimeout(""), httpx.ReadTimeout(""), httpx.WriteError(""), httpx.PoolTimeout(""),
        httpx.RemoteProtocolError(""), httpx.ProxyError(""), httpx.DecodingError(""), httpx.TooManyRedirects(""),
        httpx.InvalidURL(""), httpx.StreamConsumed(), OSError(), ConnectionResetError(), TimeoutError(),
    ]
)  # fmt: skip

CALLS = (
    lambda p: p.fetch(ID),
    lambda p: p.create(Document({"email": "x"})),
    lambda p: p.update(CURRENT, {"email": "x"}),
    lambda p: p.add_child(ID, "degrees", {"grade": "01"}),
    lambda p: p.update_child(CURRENT, "placements", PLACEMENT, {"urn": "1"}),
    lambda p: p.remove_child(ID, "placements", PLACEMENT),
    lambda p: p.act(ID, "withdraw", {"reasons": "a"}),
)


def check_calls(answer):
    for call in CALLS:
        outcome = call(portal(Script(answer)))
        assert isinstance(outcome, (Snapshot, *get_args(Outcome)))
        if isinstance(outcome, Refused):
            assert outcome.refusals
        if isinstance(outcome, Unavailable):
            assert outcome.retry_after_s is None or 1 <= outcome.retry_after_s <= 3600
            assert "<" not in outcome.detail
    assert isinstance(portal(Script(answer)).probe(), Probe)
    pages = portal(Script(answer)).pages("2026")
    assert isinstance(next(pages), Page | Unavailable)


@settings(max_examples=150)
@given(statuses, bodies, types, waits, encodings)
def test_any_answer_is_an_outcome(status, body, content_type, wait, encoding):
    check_calls(raw(status, body, content_type, retry_after=wait, content_encoding=encoding))


@given(problems)
def test_any_trouble_is_an_outcome(problem):
    check_calls(problem)
