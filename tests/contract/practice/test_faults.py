"""Every switchable fault and its effect on the wire. Source: contract.md section 3; domain pack 1.4; sync.md section 2."""

from __future__ import annotations

import socket
import time

import httpx
import pytest

from tests.contract.practice.conftest import API, Site, client_of, person

INFO = f"{API}/info"
LIST = f"{API}/trainees"


def fresh(site: Site, method: str, path: str, **options) -> httpx.Response:
    """A request on a connection of its own."""
    headers = {"Authorization": site.portal.token} | options.pop("headers", {})
    with client_of(site.portal.register_url, timeout=5) as client:
        return client.request(method, path, headers=headers, **options)


REPLIES = [
    ("maintenance", "GET", "/", 200, "text/html"),
    ("maintenance", "GET", "/ping", 500, "text/html"),
    ("maintenance", "GET", INFO, 500, "text/html"),
    ("maintenance", "POST", LIST, 500, "text/html"),
    ("maintenance", "PUT", f"{LIST}/x", 405, "text/html"),
    ("maintenance", "PATCH", f"{LIST}/x", 405, "text/html"),
    ("maintenance", "DELETE", f"{LIST}/x/degrees/y", 405, "text/html"),
    ("unavailable", "GET", INFO, 503, "text/html"),
    ("unavailable", "GET", "/ping", 503, "text/html"),
    ("unavailable", "GET", "/healthcheck", 503, "application/json"),
    ("unavailable", "POST", LIST, 503, "text/html"),
    ("busy", "GET", INFO, 429, "text/plain"),
    ("busy", "POST", LIST, 429, "text/plain"),
    ("busy", "GET", "/ping", 200, "text/plain"),
    ("captive", "GET", "/", 200, "text/html"),
    ("captive", "GET", "/ping", 200, "text/html"),
    ("captive", "GET", INFO, 200, "text/html"),
    ("captive", "POST", LIST, 200, "text/html"),
    ("captive", "PUT", f"{LIST}/x", 200, "text/html"),
    ("api_off", "GET", INFO, 404, "application/json"),
    ("api_off", "POST", LIST, 404, "application/json"),
    ("api_off", "GET", f"{API}/reference-data", 404, "application/json"),
    ("api_off", "GET", "/ping", 200, "text/plain"),
    ("unauthorised", "GET", INFO, 401, "application/json"),
    ("unauthorised", "POST", LIST, 401, "application/json"),
    ("unauthorised", "GET", "/ping", 200, "text/plain"),
    ("unauthorised", "GET", f"{API}/reference-data?field=sex", 200, "application/json"),
    ("error", "GET", INFO, 500, "text/html"),
    ("nonsense", "GET", INFO, 200, "application/json"),
    ("redirect", "GET", INFO, 302, "text/html"),
    ("up", "GET", INFO, 200, "application/json"),
]


@pytest.mark.parametrize(("mode", "method", "path", "status", "kind"), REPLIES)
def test_3_replies_of_each_mode(site: Site, mode, method, path, status, kind):
    site.control.fault(mode)
    reply = site.http.request(method, path, json={"data": person()})
    assert reply.status_code == status
    assert reply.headers["content-type"].startswith(kind)
    assert site.control.trainees() == []


BODIES = [
    ("maintenance", INFO, "This service is currently unavailable"),
    ("busy", INFO, "Retry later"),
    ("api_off", INFO, '{"errors":[{"error":"NotFound","message":"Not found"}]}'),
    ("unauthorised", INFO, '{"error":"Unauthorized"}'),
    ("captive", INFO, "<html"),
    ("nonsense", INFO, "<html"),
]


@pytest.mark.parametrize(("mode", "path", "text"), BODIES)
def test_1_4_bodies_of_each_mode(site: Site, mode, path, text):
    site.control.fault(mode)
    assert text in site.http.get(path).text


RETRY_AFTER = [
    ("unavailable", 17, "17"),
    ("unavailable", None, None),
    ("unavailable", 0, "0"),
    ("unavailable", "Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:00 GMT"),
    ("unavailable", 315360000, "315360000"),
    ("busy", 23, "23"),
    ("busy", None, "30"),
]


@pytest.mark.parametrize(("mode", "given", "header"), RETRY_AFTER)
def test_n5_retry_after(site: Site, mode, given, header):
    site.control.fault(mode, retry_after=given)
    assert site.get("/info").headers.get("retry-after") == header


def test_3_refuse_closes_the_connection_unread(site: Site):
    site.control.fault("refuse")
    for path in ("/", "/ping", INFO):
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteError)):
            fresh(site, "GET", path)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteError)):
        fresh(site, "POST", LIST, json={"data": person()})
    assert site.control.trainees() == []
    statuses = [(r["status"], r["effect"]) for r in site.control.requests()]
    assert statuses == [(0, False), (0, False)]


def test_3_refuse_answers_nothing_at_all(site: Site):
    site.control.fault("refuse")
    with raw_line(site) as line:
        line.sendall(b"POST " + LIST.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        assert received(line) == b""


def raw_line(site: Site) -> socket.socket:
    port = httpx.URL(site.portal.register_url).port
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def received(line: socket.socket) -> bytes:
    """All that comes until the other side closes or resets."""
    parts = []
    try:
        while part := line.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def test_3_lost_reply_the_effect_is_done_and_nothing_comes_back(site: Site):
    site.control.fault("lost_reply")
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        fresh(site, "POST", LIST, json={"data": person(first_names="Lost")})
    assert [t["first_names"] for t in site.control.trainees()] == ["Lost"]
    entry = site.control.requests()[-1]
    assert (entry["method"], entry["status"], entry["effect"]) == ("POST", 201, True)


LOST_WRITES = [
    ("PUT", "", {"first_names": "Bea"}),
    ("POST", "/placements", {"urn": "555001"}),
    ("POST", "/degrees", {"uk_degree": "083", "subject": "100320", "institution": "0116", "grade": "02",
                          "graduation_year": "2020"}),
    ("POST", "/defer", {"defer_date": "2026-10-01"}),
]  # fmt: skip


@pytest.mark.parametrize("mode", ["lost_reply", "cut_body", "late_error"])
@pytest.mark.parametrize(("method", "tail", "data"), LOST_WRITES)
def test_n1_and_n6_every_write_can_land_without_saying_so(site: Site, mode, method, tail, data):
    trainee = site.new()
    site.control.fault(mode, count=1)
    path = f"{LIST}/{trainee['trainee_id']}{tail}"
    try:
        reply = fresh(site, method, path, json={"data": data})
    except (httpx.ReadError, httpx.RemoteProtocolError):
        reply = None
    assert (reply is not None) == (mode == "late_error")
    assert reply is None or reply.status_code == 500
    assert site.control.requests()[-1]["effect"] is True
    assert site.seen(trainee) != trainee


def test_3_cut_body_promises_more_than_it_sends(site: Site):
    site.new()
    site.control.fault("cut_body")
    with raw_line(site) as line:
        request = f"GET {LIST} HTTP/1.1\r\nHost: x\r\nAuthorization: {site.portal.token}\r\n\r\n"
        line.sendall(request.encode())
        head, _, body = received(line).partition(b"\r\n\r\n")
    assert b" 200 OK" in head
    promised = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    assert len(body) == promised // 2
    with pytest.raises(httpx.RemoteProtocolError):
        fresh(site, "GET", LIST)


def test_3_slow_waits_and_then_answers(site: Site):
    site.control.fault("slow", seconds=0.2)
    started = time.monotonic()
    assert site.get("/info").status_code == 200
    assert time.monotonic() - started >= 0.2


def test_3_slow_does_not_hold_up_others(site: Site):
    site.control.fault("slow", seconds=3, match="POST /trainees", count=1)
    with raw_line(site) as line:
        body = b'{"data": {}}'
        head = f"POST {LIST} HTTP/1.1\r\nHost: x\r\nAuthorization: {site.portal.token}\r\nContent-Length: {len(body)}\r\n\r\n"
        line.sendall(head.encode() + body)
        started = time.monotonic()
        while not site.control.requests():
            assert time.monotonic() - started < 2
        assert site.get("/info").status_code == 200
        assert time.monotonic() - started < 2


def test_3_slow_has_its_effect_when_the_client_has_gone(site: Site):
    site.control.fault("slow", seconds=5, count=1)
    with client_of(site.portal.register_url, timeout=0.1) as client, pytest.raises(httpx.ReadTimeout):
        client.post(LIST, json={"data": person()}, headers={"Authorization": site.portal.token})
    assert len(site.control.trainees()) == 1


MATCHES = [
    ("POST /trainees", "POST", "/trainees", True),
    ("POST /trainees", "POST", "/trainees/x/withdraw", True),
    ("POST /trainees", "GET", "/trainees", False),
    ("PUT /trainees", "PUT", "/trainees/abc", True),
    ("PUT /trainees", "PATCH", "/trainees/abc", False),
    ("GET /trainees", "GET", "/trainees?page=2", True),
    ("GET /trainees?page=2", "GET", "/trainees?page=2", True),
    ("GET /trainees?page=2", "GET", "/trainees?page=1", False),
    ("GET /info", "GET", "/info", True),
    ("GET /trainees/abc", "GET", "/trainees/abcdef", True),
]


@pytest.mark.parametrize(("match", "method", "path", "met"), MATCHES)
def test_3_match_is_method_and_path_as_a_prefix(site: Site, match, method, path, met):
    site.control.fault("unavailable", match=match)
    reply = site.call(method, path, json={"data": {"first_names": "A"}})
    assert (reply.status_code == 503) is met


def test_3_match_outside_the_api_is_the_whole_path(site: Site):
    site.control.fault("captive", match="GET /ping")
    assert site.http.get("/ping").headers["content-type"].startswith("text/html")
    assert site.get("/info").status_code == 200


def test_3_count_counts_matching_requests_only_and_then_all_is_up(site: Site):
    site.control.fault("unavailable", match="GET /info", count=2)
    answers = [site.get(path).status_code for path in ("/trainees", "/info", "/trainees", "/info", "/info")]
    assert answers == [404, 503, 404, 503, 200]
    assert site.control.call("GET", "/faults")["mode"] == "up"


def test_3_count_without_match(site: Site):
    site.control.fault("unavailable", count=2)
    assert [site.get("/info").status_code for _ in range(3)] == [503, 503, 200]


def outcome(site: Site) -> object:
    try:
        reply = fresh(site, "GET", INFO)
    except httpx.HTTPError as problem:
        return type(problem).__name__ if "reset" not in str(problem).lower() else "reset"
    return reply.status_code


def test_3_flaky_draws_the_same_for_the_same_seed(site: Site):
    runs = []
    for seed in (7, 7, 8):
        site.control.fault("flaky", p=0.6, seed=seed, seconds=0)
        runs.append([outcome(site) for _ in range(40)])
    assert runs[0] == runs[1] != runs[2]
    assert len(set(runs[0])) >= 5


@pytest.mark.parametrize(("p", "faults"), [(0, 0), (1, 20)])
def test_3_flaky_p(site: Site, p, faults):
    site.control.fault("flaky", p=p, seed=3, seconds=0, match="GET /trainees")
    for _ in range(20):
        outcome(site)
    assert all(r["status"] == 200 for r in site.control.requests())
    site.control.clear_requests()
    for _ in range(20):
        try:
            fresh(site, "GET", LIST)
        except httpx.HTTPError:
            continue
    odd = [r for r in site.control.requests() if r["status"] != 404]
    assert (len(odd) > 5) == (faults > 0)


def test_a_fault_does_not_stay_with_kept_connections(site: Site):
    site.control.fault("refuse", count=1)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteError)):
        site.get("/info")
    assert site.get("/info").status_code == 200


BAD_FAULTS = [
    {"mode": "nonsense!"},
    {},
    {"mode": "busy", "count": 0},
    {"mode": "slow", "seconds": -1},
    {"mode": "slow", "seconds": "long"},
    {"mode": "up", "match": 5},
    {"mode": "flaky", "p": True},
]


@pytest.mark.parametrize("body", BAD_FAULTS)
def test_3_a_fault_that_makes_no_sense_is_refused_and_changes_nothing(site: Site, body):
    reply = site.control_http.put("/faults", json=body)
    assert reply.status_code == 422
    assert reply.json()["error"]
    assert site.get("/info").status_code == 200
