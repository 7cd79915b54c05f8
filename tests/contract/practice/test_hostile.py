"""Whatever comes in: an HTTP answer or a closed connection, in time, and never a traceback."""

from __future__ import annotations

import json
import socket
import time

import httpx
import pytest

from tests.contract.practice.conftest import API, Site, person

LIST = f"{API}/trainees"


def exchange(site: Site, raw: bytes, *, control: bool = False) -> bytes:
    """What comes back for these bytes, until the line is closed or silent for a moment."""
    url = httpx.URL(site.portal.control_url if control else site.portal.register_url)
    with socket.create_connection(("127.0.0.1", url.port), timeout=5) as line:
        line.settimeout(0.3)
        parts = []
        try:
            line.sendall(raw)
            while part := line.recv(65536):
                parts.append(part)
        except (TimeoutError, ConnectionError):
            pass
    return b"".join(parts)


GARBAGE = [
    (b"\r\n\r\n\r\n", 400),
    (b"", None),
    (b"hello\r\n\r\n", 400),
    (b"GET\r\n\r\n", 400),
    (b"GET / HTTP/9.9.9\r\n\r\n", 400),
    (b"GET / SPDY/1.1\r\n\r\n", 400),
    (b"G\x00T / HTTP/1.1\r\n\r\n", 400),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\n: no name\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n", 413),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", 413),
    (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 431),
    (b"GET / HTTP/1.1\r\nX: " + b"b" * 70_000 + b"\r\n\r\n", 431),
    (b"GET http://elsewhere/ping HTTP/1.1\r\nConnection: close\r\n\r\n", 200),
    (b"GET /ping HTTP/1.0\r\n\r\n", 200),
    (b"OPTIONS * HTTP/1.1\r\nConnection: close\r\n\r\n", 404),
    (b"BREW /api HTTP/1.1\r\nConnection: close\r\n\r\n", 401),
]


@pytest.mark.parametrize(("raw", "status"), GARBAGE)
@pytest.mark.parametrize("control", [False, True])
def test_garbage_gets_an_answer_or_silence(site: Site, raw, status, control):
    answer = exchange(site, raw, control=control)
    if status is None:
        assert answer == b""
    elif control and status in (200, 401, 404):
        assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 422"))
    else:
        assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Traceback" not in answer
    assert site.get("/info").status_code == 200


def test_half_a_request_holds_nobody_up(site: Site):
    url = httpx.URL(site.portal.register_url)
    lines = [socket.create_connection(("127.0.0.1", url.port)) for _ in range(20)]
    for line in lines:
        line.sendall(b"POST /api/v2026.1/trainees HTTP/1.1\r\nContent-Length: 100\r\n\r\n{")
    assert site.get("/info").status_code == 200
    for line in lines:
        line.close()
    assert site.get("/info").status_code == 200
    assert site.control.requests()[-1]["path"] == f"{API}/info"


def test_one_byte_at_a_time(site: Site):
    url = httpx.URL(site.portal.register_url)
    raw = (
        f"GET {API}/info HTTP/1.1\r\nAuthorization: {site.portal.token}\r\nConnection: close\r\n\r\n".encode()
    )
    with socket.create_connection(("127.0.0.1", url.port), timeout=5) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for n in range(len(raw)):
            line.sendall(raw[n : n + 1])
        assert line.recv(65536).startswith(b"HTTP/1.1 200 OK")


def test_pipelined_requests_are_answered_in_order(site: Site):
    one = f"GET {API}/info HTTP/1.1\r\nAuthorization: {site.portal.token}\r\n\r\n"
    two = "GET /ping HTTP/1.1\r\nConnection: close\r\n\r\n"
    answer = exchange(site, (one + two).encode())
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert answer.index(b'"requested"') < answer.index(b"PONG")


def test_chunked_bodies_and_100_continue(site: Site):
    body = json.dumps({"data": person()}).encode()
    half = len(body) // 2
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in (body[:half], body[half:])) + b"0\r\n\r\n"
    head = (
        f"POST {LIST} HTTP/1.1\r\nAuthorization: {site.portal.token}\r\nContent-Type: application/json\r\n"
        "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    answer = exchange(site, head.encode() + chunks)
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert b"HTTP/1.1 201 Created" in answer


def test_a_body_too_large_is_413_and_the_reply_arrives(site: Site):
    reply = site.call("POST", "/trainees", content=b"x" * (17 * 1024 * 1024))
    assert reply.status_code == 413
    assert site.get("/info").status_code == 200


def test_a_large_body_within_bounds_is_read(site: Site):
    reply = site.send("POST", "/trainees", person(first_names="A" * 5_000_000))
    assert reply.status_code == 422
    assert len(reply.content) < 10_000


TYPES = [
    ("application/json", 201),
    ("application/json; charset=utf-8", 201),
    ("application/x-www-form-urlencoded", 201),
    ("text/plain", 422),
    ("text/html", 422),
    ("multipart/form-data; boundary=x", 422),
    ("application/xml", 422),
]


@pytest.mark.parametrize(("kind", "status"), TYPES)
def test_content_types(site: Site, kind, status):
    body = json.dumps({"data": person()}).encode()
    assert site.call("POST", "/trainees", content=body, headers={"Content-Type": kind}).status_code == status


ODD_VALUES = [
    None,
    "",
    " ",
    0,
    -1,
    1.5,
    10**30,
    True,
    False,
    [],
    ["12"],
    {},
    {"code": "12"},
    "x" * 3000,
    "\u0001\u0002",
    "\u202e",
    "é\u0301",
    "'; DROP TABLE trainees; --",
    "=1+1",
    "9999-99-99",
    "0000-00-00",
    "😀",
]
ODD_KEYS = (
    "first_names", "sex", "date_of_birth", "training_route", "course_year", "application_id", "nationality", "ethnicity",
    "disability1", "course_subject_2", "training_partner_urn", "employing_school_urn", "degrees_attributes",
    "placements_attributes", "fund_code", "itt_start_date", "trainee_start_date", "training_initiative", "course_age_range",
    "hesa_id", "iqts_country",
)  # fmt: skip


@pytest.mark.parametrize("key", ODD_KEYS)
def test_odd_values_of_every_kind_of_field(site: Site, key, capfd):
    trainee = site.new()
    for value in ODD_VALUES:
        for method, path in (("POST", "/trainees"), ("PUT", f"/trainees/{trainee['trainee_id']}")):
            data = (person() if method == "POST" else {}) | {key: value}
            reply = site.send(method, path, data, **{"Enhanced-Errors": "true"})
            assert reply.status_code in (200, 201, 409, 422), (method, key, value, reply.text)
            reply.json()
        site.seen(trainee)
    site.ids()
    site.control.trainees()
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("kind", ["degrees", "placements", "defer", "withdraw", "update-qts-or-eyts-status"])
def test_odd_values_below_a_trainee(site: Site, kind, capfd):
    keys = {
        "degrees": ("country", "uk_degree", "graduation_year", "subject", "institution", "grade"),
        "placements": ("urn", "name", "postcode"),
        "defer": ("defer_date", "defer_reason"),
        "withdraw": ("withdrawal_date", "reasons", "trigger", "future_interest", "another_reason"),
        "update-qts-or-eyts-status": ("qts_standards_met_date",),
    }[kind]
    trainee = site.new()
    for key in keys:
        for value in ODD_VALUES:
            reply = site.send("POST", f"/trainees/{trainee['trainee_id']}/{kind}", {key: value, "name": "A"})
            assert reply.status_code in (200, 201, 202, 409, 422), (key, value, reply.text)
            reply.json()
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("value", ODD_VALUES)
def test_odd_values_put_there_by_the_control_side(site: Site, value, capfd):
    for key in (
        *ODD_KEYS,
        "state",
        "updated_at",
        "degrees",
        "placements",
        "nationalities",
        "trn",
        "withdrawal_date",
    ):
        reply = site.control_http.post("/trainees", json={key: value})
        assert reply.status_code in (201, 422), (key, value, reply.text)
        if reply.status_code == 201:
            slug = reply.json()["trainee_id"]
            assert site.get(f"/trainees/{slug}").status_code == 200
            site.put(slug, first_names="A", hesa_id="2610994170000")
            site.send("POST", f"/trainees/{slug}/withdraw", {"reasons": ["x"]})
    for status in ("in_training", "course_not_yet_started", "awarded"):
        site.ids(status=status, text_search="a")
    site.send("POST", "/trainees", person())
    site.control.trainees()
    assert "Traceback" not in capfd.readouterr().err


QUERIES = [
    "?page=%00&per_page=%ff",
    "?since=%F0%9F%98%80",
    "?since=9999-12-31T23:59:59.999999%2B14:00",
    "?since=0001-01-01T00:00:00-14:00",
    "?academic_cycle=99999999999999999999",
    "?status[]=a&status[]=b&status=",
    "?&&&==&",
    "?page[]=1&per_page[x]=2",
    "?" + "a=b&" * 3000,
]


@pytest.mark.parametrize("query", QUERIES)
def test_odd_queries(site: Site, query, capfd):
    assert site.call("GET", f"/trainees{query}").status_code in (200, 404, 422)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize(
    "path", ["/%00", "/%ff%fe", "/..%2f..%2fetc", "/trainees/%20", "/trainees/" + "x" * 5000]
)
def test_odd_paths(site: Site, path):
    assert site.call("GET", path).status_code == 404


def test_deep_json_is_refused_not_crashed(site: Site, capfd):
    raw = b'{"data":' * 5000 + b"1" + b"}" * 5000
    reply = site.call("POST", "/trainees", content=raw, headers={"Content-Type": "application/json"})
    assert reply.status_code in (400, 422)
    assert "Traceback" not in capfd.readouterr().err


def test_many_clients_at_once_are_all_served(site: Site):
    url = httpx.URL(site.portal.register_url)
    raw = (
        f"GET {API}/info HTTP/1.1\r\nAuthorization: {site.portal.token}\r\nConnection: close\r\n\r\n".encode()
    )
    started = time.monotonic()
    lines = [socket.create_connection(("127.0.0.1", url.port), timeout=5) for _ in range(200)]
    for line in lines:
        line.sendall(raw)
    for line in lines:
        assert line.recv(65536).startswith(b"HTTP/1.1 200 OK")
        line.close()
    assert time.monotonic() - started < 5
