"""The whole portal as a client meets it: faults in front, then the rate limit, the API, the web pages, and the ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from desktop.practice.api import Api
from desktop.practice.clock import Clock
from desktop.practice.faults import UP, Fault, Faults
from desktop.practice.front import TEXT, Ledger, in_front, spoilt, too_many
from desktop.practice.limits import Limiter
from desktop.practice.replies import json_reply, not_found, unauthorised
from desktop.practice.state import State
from desktop.practice.web.site import Site, too_large
from desktop.practice.web.visit import SERVICE
from desktop.practice.wire import Delivery, Reply, Request

_BUSY_RETRY_AFTER = "30"


class Portal:
    """Answers the register side (`wire.Handler`). One per practice portal."""

    def __init__(self, state: State, clock: Clock) -> None:
        self.state = state
        self.clock = clock
        self.faults = Faults()
        self.limiter = Limiter(clock)
        self._api = Api(state)
        self._site = Site(state, clock)
        self._ledger = Ledger(clock)

    def admit(self, request: Request) -> Reply | None:
        """Decide which fault this request meets; a refusal needs no body."""
        fault = request.note = self.faults.next_for(request.method, request.target)
        if fault.mode != "refuse":
            return too_large(request)
        reply = Reply(0, delivery=Delivery.REFUSE)
        self._enter(request, reply)
        return reply

    def answer(self, request: Request) -> Reply:
        fault = request.note if isinstance(request.note, Fault) else UP
        ahead = _health_without(fault, request) or in_front(fault, request, SERVICE.name)
        reply = ahead or self._application(fault, request)
        reply = spoilt(fault, reply)
        self._enter(request, reply)
        return reply

    def ledger(self) -> list[dict[str, Any]]:
        """All API requests so far, and what was stored by the web pages, oldest first."""
        return self._ledger.entries()

    def clear_ledger(self) -> None:
        self._ledger.clear()

    def _enter(self, request: Request, reply: Reply) -> None:
        if _is_api(request) or reply.effect:
            self._ledger.enter(request, reply)

    def _application(self, fault: Fault, request: Request) -> Reply:
        if not _is_api(request):
            return _health(request) or self._site.handle(request)
        if fault.mode == "busy":
            return too_many(fault.retry_after or _BUSY_RETRY_AFTER)
        wait = self.limiter.wait_s(request.peer)
        if wait:
            return too_many(str(wait))
        if fault.mode == "api_off":
            return not_found()
        if fault.mode == "unauthorised" and "reference-data" not in request.parts():
            return unauthorised()
        return self._api.handle(request)


def _is_api(request: Request) -> bool:
    return request.path.startswith("/api")


def _health_without(fault: Fault, request: Request) -> Reply | None:
    """The page that says how the portal is, while its database is away; None for all else."""
    if fault.mode != "unavailable" or request.path != "/healthcheck":
        return None
    headers = {"Retry-After": fault.retry_after} if fault.retry_after is not None else {}
    return replace(json_reply(503, _checks(database=False)), headers=headers)


def _checks(*, database: bool) -> dict[str, Any]:
    return {"checks": {"database": database, "redis": True, "sidekiq_processes": True}}


def _health(request: Request) -> Reply | None:
    """The pages outside the API that say how the portal is, without a token (1.2); None for all others."""
    if request.method not in ("GET", "HEAD"):
        return None
    if request.path == "/ping":
        return Reply(200, b"PONG", TEXT)
    if request.path == "/healthcheck":
        return json_reply(200, _checks(database=True))
    if request.path == "/sha":
        return Reply(200, orjson.dumps({"sha": "practice"}))
    return None
