"""The practice portal without a network: its own code, called in the process, with its faults as httpx would meet them.

What the model check of `tests/property` and the simulator of this folder have in common.
"""

from __future__ import annotations

from typing import Any

import httpx
import orjson

from desktop.practice import people
from desktop.practice.clock import Clock
from desktop.practice.control import ControlSide
from desktop.practice.faults import parse_fault
from desktop.practice.portal import Portal as Practice
from desktop.practice.state import State
from desktop.practice.wire import Delivery, Reply, Request
from desktop.store.store import Clock as Now
from desktop.sync.portals.register import RegisterPortal


class Crash(BaseException):
    """The program is gone."""


class Direct(httpx.BaseTransport):
    """The way to the portal: a request is answered before the call returns."""

    def __init__(self, portal: Practice) -> None:
        self._portal = portal

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = asked_of(request)
        return response_of(self._portal.admit(asked) or self._portal.answer(asked))


def asked_of(request: httpx.Request) -> Request:
    """A request as the portal sees it."""
    target = request.url.raw_path.decode("ascii")
    headers = {k.lower(): v for k, v in request.headers.items()}
    return Request(request.method, target, headers, request.read(), "127.0.0.1")


def response_of(reply: Reply) -> httpx.Response:
    """A reply as it arrives, or the error that the client meets in its place."""
    if reply.delivery in (Delivery.REFUSE, Delivery.LOST):
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
    if reply.delivery is Delivery.CUT:
        raise httpx.ReadError("cut")
    headers = {"content-type": reply.content_type, **reply.headers}
    return httpx.Response(reply.status, headers=headers, content=reply.body)


class DirectControl:
    """The control side without a network; what `practice.client.Control` offers, as far as a desk needs it."""

    def __init__(self, portal: Practice) -> None:
        self._portal = portal
        self._side = ControlSide(portal)

    def _call(self, method: str, path: str, body: Any = ...) -> Any:
        raw = b"" if body is ... else orjson.dumps(body)
        reply = self._side.answer(Request(method, path, {}, raw))
        assert reply.status < 300, reply.body
        return orjson.loads(reply.body)

    def trainees(self) -> list[dict[str, Any]]:
        return self._call("GET", "/trainees")["trainees"]  # type: ignore[no-any-return]

    def trainee(self, trainee_id: str) -> dict[str, Any]:
        return self._call("GET", f"/trainees/{trainee_id}")  # type: ignore[no-any-return]

    def edit(self, trainee_id: str, **fields: Any) -> None:
        self._call("PATCH", f"/trainees/{trainee_id}", fields)

    def discard(self, trainee_id: str) -> None:
        self._call("DELETE", f"/trainees/{trainee_id}")

    def requests(self) -> list[dict[str, Any]]:
        return self._portal.ledger()

    def fault(self, mode: str, **options: Any) -> None:
        self._portal.faults.set(parse_fault({"mode": mode, **options}))

    def add_school(self, urn: str, name: str, postcode: str, address: str) -> None:
        self._call("POST", "/schools", {"urn": urn, "name": name, "postcode": postcode, "address": address})


class DirectPortal:
    """In the place of `PracticePortal`, for a desk."""

    register_url = "http://127.0.0.1:9"

    def __init__(self, clock: Now, size: int = 20) -> None:
        self.clock = Clock(clock)
        self.state = State(self.clock, 1)
        people.furnish(self.state, size, 1)
        self.portal = Practice(self.state, self.clock)
        self.portal.limiter.set(None, 60)
        self.control = DirectControl(self.portal)
        self.token = self.state.token

    def adapter(self, collection: Any, url: str, token: str, ukprn: str) -> RegisterPortal:
        return RegisterPortal(collection, url, token, ukprn=ukprn, per_page=5, transport=Direct(self.portal))
