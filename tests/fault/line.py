"""The line between a desk and the practice portal, with somebody on it: repeats, holds back, alters, cuts.

A `Line` is a transport for the adapter's HTTP client: each request goes through `meddle`, which hands it on with `send`
as often as it likes and answers what it likes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import orjson

from desktop.model.collection import Collection
from desktop.sync.portals.http import Timeouts
from desktop.sync.portals.register import RegisterPortal
from tests.fault.conftest import Desk

Send = Callable[[httpx.Request], httpx.Response]
Meddle = Callable[[httpx.Request, Send], httpx.Response]


class Line(httpx.BaseTransport):
    """What stands in place of the network."""

    def __init__(self, meddle: Meddle) -> None:
        self._meddle = meddle
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return self._meddle(request, self.send)

    def send(self, request: httpx.Request) -> httpx.Response:
        """To the portal and back, whole."""
        reply = self._inner.handle_request(request)
        body = reply.read()
        reply.close()
        return httpx.Response(reply.status_code, headers=_plain(reply.headers), content=body, request=request)

    def close(self) -> None:
        self._inner.close()


def _plain(headers: httpx.Headers) -> dict[str, str]:
    return {
        k: v
        for k, v in headers.items()
        if k not in ("content-encoding", "content-length", "transfer-encoding")
    }


def put_on(desk: Desk, meddle: Meddle, *, per_page: int = 200, timeouts: Timeouts | None = None) -> None:
    """From now on everything between desk and portal goes through `meddle`."""

    def make(collection: Collection, url: str, token: str, organisation: str) -> RegisterPortal:
        return RegisterPortal(
            collection,
            url,
            token,
            ukprn=organisation,
            per_page=per_page,
            timeouts=timeouts,
            transport=Line(meddle),
        )

    desk.make = make


def take_off(desk: Desk) -> None:
    """The line is clear."""
    put_on(desk, lambda request, send: send(request))


def api(request: httpx.Request) -> tuple[str, str]:
    """(method, path after the version)."""
    return request.method, request.url.path.partition("/v2026.1")[2]


def altered(reply: httpx.Response, change: Callable[[dict[str, Any]], None]) -> httpx.Response:
    """The same reply after `change` was made to each trainee in it."""
    try:
        body = orjson.loads(reply.content)
    except orjson.JSONDecodeError:
        return reply
    data = body.get("data", body) if isinstance(body, dict) else None
    for trainee in data if isinstance(data, list) else [data]:
        if isinstance(trainee, dict) and "trainee_id" in trainee:
            change(trainee)
    return httpx.Response(
        reply.status_code, headers=_plain(reply.headers), content=orjson.dumps(body), request=reply.request
    )
