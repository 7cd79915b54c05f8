"""What stands before a practice website or API, whatever it is: the page of a fault, a spoilt reply, the ledger."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from desktop.practice.clock import Clock, iso_ms
from desktop.practice.faults import Fault, delay_of
from desktop.practice.wire import Delivery, Reply, Request

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

_REDIRECT_TO = "http://127.0.0.1:9/sign-in"


def _page(title: str, text: str) -> bytes:
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body><h1>{title.partition(' - ')[0]}</h1><p>{text}</p></body>\n</html>\n"
    ).encode()


_LATER = "You will be able to use the service later. This is a practice portal."
_NOT_ALLOWED = _page("405 Not Allowed", "nginx")
_UNAVAILABLE = _page("503 Service Temporarily Unavailable", "nginx")
_ERROR = _page("We're sorry, but something went wrong (500)", "This is a practice portal.")
_CAPTIVE = _page("Guest wireless", "Sign in to use this network.")


def in_front(fault: Fault, request: Request, service: str = "Practice") -> Reply | None:
    """What answers before the application is reached; None when it is. `service` = its name on the maintenance page."""
    if fault.mode == "maintenance":
        if request.method in ("PUT", "PATCH", "DELETE"):
            return Reply(405, _NOT_ALLOWED, HTML)
        page = _page(f"This service is currently unavailable - {service} - GOV.UK", _LATER)
        return Reply(200 if request.path == "/" else 500, page, HTML)
    if fault.mode == "unavailable":
        headers = {"Retry-After": fault.retry_after} if fault.retry_after is not None else {}
        return Reply(503, _UNAVAILABLE, HTML, headers)
    if fault.mode == "captive":
        return Reply(200, _CAPTIVE, HTML)
    if fault.mode == "error":
        return Reply(500, _ERROR, HTML)
    if fault.mode == "nonsense":
        return Reply(200, _CAPTIVE)
    if fault.mode == "redirect":
        return Reply(302, b"", HTML, {"Location": _REDIRECT_TO})
    return None


def spoilt(fault: Fault, reply: Reply) -> Reply:
    """The reply as the fault lets it travel; its effect stands."""
    if fault.mode == "slow":
        reply.delay_s = delay_of(fault)
    elif fault.mode == "lost_reply":
        reply.delivery = Delivery.LOST
    elif fault.mode == "cut_body":
        reply.delivery = Delivery.CUT
    elif fault.mode == "late_error":
        return Reply(500, _ERROR, HTML, effect=reply.effect)
    return reply


def too_many(retry_after: str) -> Reply:
    """Over the limit of requests."""
    return Reply(429, b"Retry later\n", TEXT, {"Retry-After": retry_after})


@dataclass(slots=True)
class Entry:
    """One line of the ledger. `status` 0 = the connection was closed unread."""

    n: int
    method: str
    path: str
    status: int
    effect: bool
    at: str


class Ledger:
    """What was asked and what had an effect, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: list[Entry] = []

    def enter(self, request: Request, reply: Reply) -> None:
        at = iso_ms(self._clock.now_us())
        n = len(self._entries) + 1
        self._entries.append(Entry(n, request.method, request.target, reply.status, reply.effect, at))

    def entries(self) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self._entries]

    def clear(self) -> None:
        self._entries.clear()
