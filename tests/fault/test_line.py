"""Faults of the line (N3-N5, N10, N14-N16), from the desk to the portal's books: nothing lost, nothing doubled, one word told."""

from __future__ import annotations

import gzip
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import orjson
import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.change import ChangeState
from desktop.model.document import Document
from desktop.model.verdict import PortalState, Unavailable
from desktop.practice.server import PracticePortal
from desktop.sync.portals.http import Timeouts
from desktop.sync.portals.register import RegisterPortal
from tests.fault.conftest import UK_DEGREE, Desk
from tests.fault.line import Send, put_on, take_off
from tests.unit.sync.portals.answering import misbehaving, read_request

WRITES = ("POST", "PUT", "DELETE")


def _one_of_each(desk: Desk) -> None:
    """An update, a create, a new degree and an action, of different records."""
    desk.edit(desk.at(desk.in_training(0)), email="a@example.com")
    desk.add_child(desk.at(desk.in_training(1)), "degrees", **(UK_DEGREE | {"graduation_year": 2007}))
    desk.workspace.records.act(desk.at(desk.in_training(2)).id, "defer", {"defer_date": "2026-10-01"})
    desk.add()


def _timeout(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("made up", request=request)


# --- N3, N4 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["first", "second", "none"])
def test_a_request_that_is_delivered_twice(desk: Desk, which: str) -> None:
    """N3, I13: the portal handles each write twice, and its first, its second or neither answer comes back."""
    _one_of_each(desk)

    def twice(request: httpx.Request, send: Send) -> httpx.Response:
        if request.method not in WRITES:
            return send(request)
        first, second = send(request), send(request)
        if which == "none":
            return _timeout(request)
        return first if which == "first" else second

    put_on(desk, twice)
    for _ in range(3):
        desk.clock.forward(minutes=11)
        desk.sync()
    desk.assert_settled()
    assert len(desk.writes()) == 8


def test_a_new_trainee_with_a_number_of_the_providers_own_that_is_delivered_twice(desk: Desk) -> None:
    """N3, I13: the second delivery is refused because of the first; what the portal then names is ours to the letter."""
    new = desk.workspace.records.add("trainees", desk.person(provider_trainee_id="NM-TWICE"))

    def twice(request: httpx.Request, send: Send) -> httpx.Response:
        if request.method == "POST":
            send(request)
        return send(request)

    put_on(desk, twice)
    report = desk.sync()
    assert (report.pushed, desk.conflicts()) == (1, [])
    assert len(desk.named(provider_trainee_id="NM-TWICE")) == 1
    assert desk.view(new).sync == "clean"
    desk.assert_settled()


def test_somebody_of_the_same_number_who_was_typed_otherwise_is_a_question(desk: Desk) -> None:
    """D14: the same number and not the same answers is never taken for our own."""
    new = desk.workspace.records.add("trainees", desk.person(provider_trainee_id="NM-TWICE"))

    def typed_there_first(request: httpx.Request, send: Send) -> httpx.Response:
        if request.method == "POST":
            body = orjson.loads(request.content)
            body["data"]["email"] = "somebody.else@example.com"
            first = httpx.Request("POST", request.url, headers=_without_length(request), json=body)
            send(first)
        return send(request)

    put_on(desk, typed_there_first)
    desk.sync()
    assert desk.conflict().record_id == new.id
    assert desk.view(new).portal_id is None


def _without_length(request: httpx.Request) -> dict[str, str]:
    return {n: v for n, v in request.headers.items() if n.lower() != "content-length"}


def test_a_placement_that_is_delivered_twice_is_seen_twice(desk: Desk) -> None:
    """N3: the portal makes it twice, which nobody can prevent from here; the person sees both and can remove one."""
    record = desk.at(desk.in_training())
    desk.add_child(record, "placements", name="Hill Nursery", postcode="BN1 1AA")
    put_on(
        desk,
        lambda request, send: (
            (send(request), send(request))[1] if request.method == "POST" else send(request)
        ),
    )
    desk.sync()
    take_off(desk)
    desk.sync(full=True)
    twins = [
        c for c in desk.view(record).document.children["placements"] if c.fields["name"] == "Hill Nursery"
    ]
    assert len(twins) == 2
    desk.remove_child(record, "placements", twins[1].id)
    desk.sync()
    desk.assert_settled()


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_request_that_arrives_after_its_retry(desk: Desk, method: str) -> None:
    """N4, I13: held up on its way until it was asked for, not found and sent again; then it arrives as well."""
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    new = desk.add()
    late: list[httpx.Request] = []

    def held_up(request: httpx.Request, send: Send) -> httpx.Response:
        if request.method == method and not late:
            late.append(request)
            return _timeout(request)
        return send(request)

    put_on(desk, held_up)
    desk.sync()
    desk.sync()
    assert desk.changes() == []
    (request,) = late
    with httpx.Client() as line:
        line.send(request)
    desk.sync(full=True)
    assert desk.trainee(record)["email"] == "a@example.com"
    assert desk.view(new).portal_id is not None
    desk.assert_settled()


def test_a_late_arrival_over_a_newer_answer_stays_readable(desk: Desk) -> None:
    """N4, I15, I16: it lands over what was confirmed since; both sides say the same, and the journal has the newer."""
    record = desk.edit(desk.at(desk.in_training()), email="older@example.com")
    late: list[httpx.Request] = []

    def held_up(request: httpx.Request, send: Send) -> httpx.Response:
        if request.method == "PUT" and not late:
            late.append(request)
            return _timeout(request)
        return send(request)

    put_on(desk, held_up)
    desk.taps.before("probe", lambda *_: desk.edit(record, email="newer@example.com"))
    for _ in range(2):
        desk.sync()
    assert desk.trainee(record)["email"] == "newer@example.com"
    with httpx.Client() as line:
        line.send(late[0])
    desk.sync(full=True)
    assert "newer@example.com" in str([e.detail for e in desk.history(record)])
    desk.assert_settled()


# --- N5 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "ahead", "least", "most"),
    [
        (429, -3600, 0.5, 1.5),
        (503, 0, 0.5, 1.5),
        (429, 120, 110, 121),
        (503, 120, 110, 121),
        (503, 10 * 365 * 86400, 3590, 3601),
    ],
    ids=["past", "now", "soon", "soon too", "ten years"],
)
def test_a_wait_until_a_date(desk: Desk, status: int, ahead: int, least: float, most: float) -> None:
    """N5, T1: the date counts from the portal's own, so that a clock here which is hours wrong does no harm."""
    theirs = datetime(2026, 10, 5, 12, tzinfo=UTC)  # three hours before us or after us, who knows
    headers = {
        "Date": format_datetime(theirs, usegmt=True),
        "Retry-After": format_datetime(theirs + timedelta(seconds=ahead), usegmt=True),
    }
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    put_on(desk, lambda request, _: httpx.Response(status, headers=headers, request=request))
    assert desk.sync().state is PortalState.BUSY
    next_check = desk.workspace.portals.view("trainees").next_check
    assert next_check is not None
    assert least < (next_check - desk.clock.now).total_seconds() < most
    take_off(desk)
    desk.clock.forward(seconds=3601)
    desk.sync()
    desk.assert_settled()


# --- N10 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.2, 0.6, 0.99])
def test_a_page_that_is_cut(desk: Desk, share: float) -> None:
    """N10, I8, I10: JSON that ends early in a reply that is whole: no row of it is taken, no mark moves."""
    desk.control.edit(desk.in_training(), middle_names="Moved")
    before = [(v.id, v.version, v.missing) for v in desk.all()]

    def cut(request: httpx.Request, send: Send) -> httpx.Response:
        reply = send(request)
        if reply.status_code != 200:
            return reply
        body = reply.content[: int(len(reply.content) * share)]
        return httpx.Response(
            200, headers={"Content-Type": "application/json"}, content=body, request=request
        )

    put_on(desk, cut)
    report = desk.sync(full=True)
    assert report.state is PortalState.UNKNOWN
    assert "cannot be read" in report.detail
    assert [(v.id, v.version, v.missing) for v in desk.all()] == before
    take_off(desk)
    desk.sync()
    desk.assert_settled()


def test_rows_missing_at_a_pages_edge(desk: Desk) -> None:
    """N10: valid JSON whose metadata promise more rows than there are: nothing is taken for missing."""

    def shorter(request: httpx.Request, send: Send) -> httpx.Response:
        reply = send(request)
        body = orjson.loads(reply.content)
        if isinstance(body, dict) and isinstance(body.get("data"), list):
            body["data"] = body["data"][:-1]
        return httpx.Response(reply.status_code, json=body, request=request)

    put_on(desk, shorter, per_page=4)
    assert desk.sync(full=True).state is PortalState.UNKNOWN
    assert not any(v.missing for v in desk.all())
    assert desk.conflicts() == []


@pytest.mark.parametrize("damage", ["cut", "flipped", "trailing"])
def test_a_packed_reply_that_is_damaged(desk: Desk, damage: str) -> None:
    """N10, I12: the yes to a create arrives as broken gzip: unknown, then known by its key; made once."""
    desk.add()
    left = [True]

    def break_it(request: httpx.Request, send: Send) -> httpx.Response:
        reply = send(request)
        if request.method != "POST" or not left:
            return reply
        left.clear()
        packed = gzip.compress(reply.content)
        broken = {
            "cut": packed[:-9],
            "flipped": packed[:40] + bytes([packed[40] ^ 255]) + packed[41:],
            "trailing": packed + b"more",
        }[damage]
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        return httpx.Response(201, headers=headers, stream=Pieces(broken), request=request)

    put_on(desk, break_it)
    desk.sync()
    desk.sync()
    assert len([w for w in desk.writes() if w == ("POST", "/trainees")]) == 1
    desk.assert_settled()


class Pieces(httpx.SyncByteStream):
    """A body as it comes off the line."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self):
        for at in range(0, len(self._body), 100):
            yield self._body[at : at + 100]


# --- N14 to N16 ---------------------------------------------------------------------------------------------------


def test_a_portal_that_drips(desk: Desk) -> None:
    """N14, I12: the reply to an update comes a byte at a time: given up in time, unknown, settled by one read."""
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    ticks = iter(range(0, 10_000_000, 10))
    left = [True]

    def drip(request: httpx.Request, send: Send) -> httpx.Response:
        reply = send(request)
        if request.method != "PUT" or not left:
            return reply
        left.clear()
        return httpx.Response(200, stream=Drops(reply.content), request=request)

    put_on(desk, drip, timeouts=Timeouts(total_s=60))
    make = desk.make

    def hurried(*about):
        portal: Any = make(*about)
        portal._http._deadline._clock = lambda: next(ticks)
        return portal

    desk.make = hurried
    desk.sync()
    desk.sync()
    assert len(desk.writes()) == 1
    assert desk.trainee(record)["email"] == "a@example.com"
    desk.assert_settled()


class Drops(Pieces):
    """One byte at a time."""

    def __iter__(self):
        for at in range(len(self._body)):
            yield self._body[at : at + 1]


@pytest.mark.parametrize("status", [302, 307, 308])
def test_nothing_follows_a_redirect_to_another_host(desk: Desk, status: int) -> None:
    """N15: neither a read nor a write, and the token least of all: the other host sees no request."""
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.add()
    with PracticePortal(size=1) as elsewhere:

        def sent_away(request: httpx.Request, _: Send) -> httpx.Response:
            target = elsewhere.register_url + request.url.raw_path.decode()
            return httpx.Response(status, headers={"Location": target}, request=request)

        put_on(desk, sent_away)
        report = desk.sync()
        assert report.state is PortalState.CAPTIVE
        assert elsewhere.control.requests() == []
    assert set(desk.states()) == {ChangeState.QUEUED}
    take_off(desk)
    desk.clock.forward(hours=1)
    desk.sync()
    desk.assert_settled()


def test_a_proxy_that_asks_for_a_sign_in_sees_no_token() -> None:
    """N16: 407 to the tunnel that we ask for: one clear word, nothing was sent, and the proxy saw neither token nor data."""
    seen: list[bytes] = []

    def refuse(connection: socket.socket, _: object) -> None:
        seen.append(read_request(connection))
        connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    with misbehaving(refuse) as proxy:
        portal = RegisterPortal(COLLECTION, "https://register.example", "made-up-token", proxy=proxy)
        answer = portal.fetch("AbCdEfGhIjKlMnOpQrStUvWx")
        created = portal.create(Document({"first_names": "Ada"}))
        portal.close()
    for outcome in (answer, created):
        assert isinstance(outcome, Unavailable)
        assert outcome.state is PortalState.CAPTIVE
        assert not outcome.effect_possible
        assert "proxy" in outcome.detail
    assert seen
    assert all(request.startswith(b"CONNECT register.example:443") for request in seen)
    assert b"made-up-token" not in b"".join(seen)


def test_a_proxy_that_answers_407_keeps_the_queue(desk: Desk) -> None:
    """N16: at the desk: told as a network that wants a sign-in; the queue waits and goes out once."""
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    put_on(desk, lambda request, _: httpx.Response(407, request=request))
    report = desk.sync()
    assert report.state is PortalState.CAPTIVE
    assert "proxy" in report.detail
    assert desk.states() == [ChangeState.QUEUED]
    take_off(desk)
    desk.clock.forward(hours=1)
    desk.sync()
    assert len(desk.writes()) == 1
    desk.assert_settled()
