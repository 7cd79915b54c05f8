"""The whole portal as a client meets it: faults in front, then the rate limit, the API, the web pages, and the ledger."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from desktop.practice.api import Api
from desktop.practice.clock import Clock, iso_ms
from desktop.practice.faults import UP, Fault, Faults, delay_of
from desktop.practice.limits import Limiter
from desktop.practice.replies import json_reply, not_found, unauthorised
from desktop.practice.state import State
from desktop.practice.web.site import Site, too_large
from desktop.practice.wire import Delivery, Reply, Request

_HTML = "text/html; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"


def _page(title: str, text: str) -> bytes:
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body><h1>{title.partition(' - ')[0]}</h1><p>{text}</p></body>\n</html>\n"
    ).encode()


_MAINTENANCE = _page(
    "This service is currently unavailable - Register trainee teachers - GOV.UK",
    "You will be able to use the service later. This is a practice portal.",
)
_NOT_ALLOWED = _page("405 Not Allowed", "nginx")
_UNAVAILABLE = _page("503 Service Temporarily Unavailable", "nginx")
_ERROR = _page("We're sorry, but something went wrong (500)", "This is a practice portal.")
_CAPTIVE = _page("Guest wireless", "Sign in to use this network.")

_BUSY_RETRY_AFTER = "30"
_REDIRECT_TO = "http://127.0.0.1:9/sign-in"


@dataclass(slots=True)
class Entry:
    """One line of the ledger. `status` 0 = the connection was closed unread."""

    n: int
    method: str
    path: str
    status: int
    effect: bool
    at: str


class Portal:
    """Answers the register side (`wire.Handler`). One per practice portal."""

    def __init__(self, state: State, clock: Clock) -> None:
        self.state = state
        self.clock = clock
        self.faults = Faults()
        self.limiter = Limiter(clock)
        self._api = Api(state)
        self._site = Site(state, clock)
        self._ledger: list[Entry] = []

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
        reply = _in_front(fault, request) or self._application(fault, request)
        reply = _spoilt(fault, reply)
        self._enter(request, reply)
        return reply

    def ledger(self) -> list[dict[str, Any]]:
        """All API requests so far, and what was stored by the web pages, oldest first."""
        return [asdict(entry) for entry in self._ledger]

    def clear_ledger(self) -> None:
        self._ledger.clear()

    def _enter(self, request: Request, reply: Reply) -> None:
        if _is_api(request) or reply.effect:
            at = iso_ms(self.clock.now_us())
            n = len(self._ledger) + 1
            self._ledger.append(Entry(n, request.method, request.target, reply.status, reply.effect, at))

    def _application(self, fault: Fault, request: Request) -> Reply:
        if not _is_api(request):
            return _health(request) or self._site.handle(request)
        if fault.mode == "busy":
            return _too_many(fault.retry_after or _BUSY_RETRY_AFTER)
        wait = self.limiter.wait_s(request.peer)
        if wait:
            return _too_many(str(wait))
        if fault.mode == "api_off":
            return not_found()
        if fault.mode == "unauthorised" and "reference-data" not in request.parts():
            return unauthorised()
        return self._api.handle(request)


def _is_api(request: Request) -> bool:
    return request.path.startswith("/api")


def _too_many(retry_after: str) -> Reply:
    return Reply(429, b"Retry later\n", _TEXT, {"Retry-After": retry_after})


def _in_front(fault: Fault, request: Request) -> Reply | None:
    """What answers before the application is reached; None when it is."""
    if fault.mode == "maintenance":
        if request.method in ("PUT", "PATCH", "DELETE"):
            return Reply(405, _NOT_ALLOWED, _HTML)
        return Reply(200 if request.path == "/" else 500, _MAINTENANCE, _HTML)
    if fault.mode == "unavailable":
        headers = {"Retry-After": fault.retry_after} if fault.retry_after is not None else {}
        if request.path == "/healthcheck":
            return replace(json_reply(503, _checks(database=False)), headers=headers)
        return Reply(503, _UNAVAILABLE, _HTML, headers)
    if fault.mode == "captive":
        return Reply(200, _CAPTIVE, _HTML)
    if fault.mode == "error":
        return Reply(500, _ERROR, _HTML)
    if fault.mode == "nonsense":
        return Reply(200, _CAPTIVE)
    if fault.mode == "redirect":
        return Reply(302, b"", _HTML, {"Location": _REDIRECT_TO})
    return None


def _spoilt(fault: Fault, reply: Reply) -> Reply:
    """The reply as the fault lets it travel; its effect stands."""
    if fault.mode == "slow":
        reply.delay_s = delay_of(fault)
    elif fault.mode == "lost_reply":
        reply.delivery = Delivery.LOST
    elif fault.mode == "cut_body":
        reply.delivery = Delivery.CUT
    elif fault.mode == "late_error":
        return Reply(500, _ERROR, _HTML, effect=reply.effect)
    return reply


def _checks(*, database: bool) -> dict[str, Any]:
    return {"checks": {"database": database, "redis": True, "sidekiq_processes": True}}


def _health(request: Request) -> Reply | None:
    """The pages outside the API that say how the portal is, without a token (1.2); None for all others."""
    if request.method not in ("GET", "HEAD"):
        return None
    if request.path == "/ping":
        return Reply(200, b"PONG", _TEXT)
    if request.path == "/healthcheck":
        return json_reply(200, _checks(database=True))
    if request.path == "/sha":
        return Reply(200, orjson.dumps({"sha": "practice"}))
    return None
