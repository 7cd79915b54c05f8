"""The line between one client and the portal, and everything that goes wrong on it (sync.md N1 to N16).

A fault is a function of the line and the request: it answers, it raises what httpx would raise, and it lets the request
have its effect at the portal before, twice, later or never.
"""

from __future__ import annotations

import gzip
import random
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from typing import Protocol

import httpx
import orjson

from desktop.practice.faults import Fault
from desktop.practice.portal import Portal as Practice
from desktop.practice.wire import Reply, Request
from tests.sim.folding import Time
from tests.sim.world import asked_of, response_of

GONE = "Server disconnected without sending a response."


class Watcher(Protocol):
    """Who sees the requests of a line go by; may end the program there, or let somebody else do something."""

    def leaving(self, asked: Request) -> None: ...

    def handing_over(self, asked: Request, how: str) -> None: ...

    def arrived(self, asked: Request, reply: Reply, how: str) -> None: ...

    def answered(self, asked: Request, response: httpx.Response) -> None: ...

    def over(self, asked: Request, how: str, status: int) -> None: ...


@dataclass
class Weather:
    """What may happen to a request: one of `faults`, with probability `p`; `writes_only` spares what reads."""

    faults: tuple[str, ...] = ()
    p: float = 0.0
    writes_only: bool = False

    def strikes(self, asked: Request, chance: random.Random) -> str:
        """The way that this request goes."""
        if not self.faults or (self.writes_only and asked.method == "GET") or chance.random() >= self.p:
            return "well"
        return chance.choice(self.faults)


@dataclass
class Once(Weather):
    """One fault, at the request after `left` more; `struck` once it happened."""

    left: int = 0
    struck: bool = False

    def strikes(self, asked: Request, chance: random.Random) -> str:
        self.left -= 1
        if self.left >= 0 or self.struck or not self.faults:
            return "well"
        self.struck = True
        return self.faults[0]


class Line(httpx.BaseTransport):
    """In the place of the network, for one client."""

    def __init__(
        self, portal: Practice, time: Time, chance: random.Random, weather: Weather, watcher: Watcher
    ) -> None:
        self.portal = portal
        self.time = time
        self.chance = chance
        self.weather = weather
        self.watcher = watcher
        self.held: list[Request] = []
        self.met: dict[str, int] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = asked_of(request)
        self.watcher.leaving(asked)
        how = self.weather.strikes(asked, self.chance)
        if how != "well":
            self.met[how] = self.met.get(how, 0) + 1
        status = 0
        try:
            response = FAULTS[how](self, asked)
            status = response.status_code
            if how in _HONEST:
                self.watcher.answered(asked, response)
            return response
        finally:
            self.watcher.over(asked, how, status)

    def deliver(self, asked: Request, how: str = "well") -> Reply:
        """The portal gets the request and does what it asks."""
        self.watcher.handing_over(asked, how)
        reply = self.portal.answer(asked)
        self.watcher.arrived(asked, reply, how)
        return reply

    def let_go(self) -> None:
        """What the network held back arrives now; nobody waits for the answer."""
        held, self.held = self.held, []
        for asked in held:
            self.deliver(asked, "late")


Way = Callable[[Line, Request], httpx.Response]


def _well(line: Line, asked: Request) -> httpx.Response:
    return response_of(line.deliver(asked))


# --- nothing arrives ------------------------------------------------------------------------------------------------


def _raising(make: Callable[[], Exception], *, effect: bool = False) -> Way:
    def way(line: Line, asked: Request) -> httpx.Response:
        if effect:
            line.deliver(asked, "unanswered")
        raise make()

    return way


def _because(problem: Exception, cause: Exception) -> Exception:
    problem.__cause__ = cause
    return problem


def _refused() -> Exception:
    return _because(httpx.ConnectError("refused"), ConnectionRefusedError(111, "refused"))


def _no_address() -> Exception:
    return _because(httpx.ConnectError("no address"), socket.gaierror(-2, "not known"))


def _untrusted() -> Exception:
    return _because(httpx.ConnectError("certificate"), ssl.SSLCertVerificationError(1, "expired"))


# --- the effect is done twice, or later -----------------------------------------------------------------------------


def _twice(line: Line, asked: Request) -> httpx.Response:
    """N3: the portal gets it twice; either answer may be the one that comes back."""
    first = line.deliver(asked)
    again = line.deliver(_again(asked), "again")
    return response_of(line.chance.choice((first, again)))


def _late(line: Line, asked: Request) -> httpx.Response:
    """N4: it arrives after the client has given up, and after others that were sent later."""
    if asked.method != "GET":
        line.held.append(_again(asked))
    raise httpx.ReadTimeout("late")


def _again(asked: Request) -> Request:
    return Request(asked.method, asked.target, asked.headers, asked.body, asked.peer)


def _slept(line: Line, asked: Request) -> httpx.Response:
    """P6: the computer sleeps with the request on its way; it may have arrived before, or never."""
    arrived = line.chance.random() < 0.5
    if arrived:
        line.deliver(asked, "unanswered")
    line.time.pass_by(hours=line.chance.choice((1, 9, 60)))
    raise httpx.ReadError("slept")


# --- somebody or something else answers -----------------------------------------------------------------------------


def _practice(*modes: str) -> Way:
    """The practice portal's own faults: its pages, its statuses."""

    def way(line: Line, asked: Request) -> httpx.Response:
        wait = _wait(line) if line.chance.random() < 0.6 else None
        asked.note = Fault(mode=line.chance.choice(modes), retry_after=wait)
        return response_of(line.deliver(asked, "in front"))

    return way


def _wait(line: Line) -> str:
    """Retry-After in every shape, sane and not (N5)."""
    day = format_datetime(line.time.now + timedelta(minutes=2), usegmt=True)
    long_ago = format_datetime(line.time.now - timedelta(days=4000), usegmt=True)
    return line.chance.choice(("1", "30", "0", "-5", "315360000", "soon", "2.5", day, long_ago))


def _status(*statuses: int) -> Way:
    def way(line: Line, asked: Request) -> httpx.Response:
        status = line.chance.choice(statuses)
        body = line.chance.choice((b"", b"<html><title>Hello</title></html>", b'{"error":"no"}'))
        return httpx.Response(status, headers={"content-type": "text/html"}, content=body)

    return way


def _stranger(line: Line, asked: Request) -> httpx.Response:
    """N11: a valid reply, and it is another organisation's."""
    reply = line.deliver(asked)
    body = reply.body.replace(b'"ukprn":"10999417"', b'"ukprn":"10999999"')
    return httpx.Response(reply.status, headers={"content-type": reply.content_type}, content=body)


# --- the reply is spoilt on the way ---------------------------------------------------------------------------------


class _Broken(httpx.SyncByteStream):
    """A body that ends too soon."""

    def __init__(self, part: bytes, problem: Exception) -> None:
        self._part = part
        self._problem = problem

    def __iter__(self) -> Iterator[bytes]:
        yield self._part
        raise self._problem


@dataclass
class _Whole(httpx.SyncByteStream):
    """A body as it is on the wire."""

    content: bytes = field(default=b"")

    def __iter__(self) -> Iterator[bytes]:
        yield self.content


def _cut(line: Line, asked: Request) -> httpx.Response:
    """N10: the body breaks off at any byte."""
    reply = line.deliver(asked)
    part = reply.body[: line.chance.randrange(len(reply.body) + 1)]
    problem = line.chance.choice(
        (httpx.ReadError("reset"), httpx.RemoteProtocolError("too short"), httpx.ReadTimeout("silent"))
    )
    return httpx.Response(reply.status, headers=_plain(reply), stream=_Broken(part, problem))


def _ended(line: Line, asked: Request) -> httpx.Response:
    """N10: the body is short and nobody says so."""
    reply = line.deliver(asked)
    part = reply.body[: line.chance.randrange(len(reply.body) + 1)]
    if part == reply.body:
        part = part[:-1]
    return httpx.Response(reply.status, headers=_plain(reply), stream=_Whole(part))


def _damaged(line: Line, asked: Request) -> httpx.Response:
    """N10: packed, and damaged on the way."""
    reply = line.deliver(asked)
    packed = bytearray(gzip.compress(reply.body, mtime=0))
    if line.chance.random() < 0.5:
        del packed[line.chance.randrange(len(packed)) :]
    else:
        packed[line.chance.randrange(10, len(packed))] ^= 0xFF
    return httpx.Response(
        reply.status, headers={**_plain(reply), "content-encoding": "gzip"}, stream=_Whole(bytes(packed))
    )


def _row_short(line: Line, asked: Request) -> httpx.Response:
    """N10: valid JSON that lost a row at the page's edge."""
    reply = line.deliver(asked)
    if asked.method == "GET" and reply.status == 200 and b'"meta"' in reply.body:
        body = orjson.loads(reply.body)
        body["data"] = body["data"][:-1]
        return httpx.Response(200, headers=_plain(reply), content=orjson.dumps(body))
    return httpx.Response(reply.status, headers=_plain(reply), stream=_Whole(reply.body[:-1]))


def _plain(reply: Reply) -> dict[str, str]:
    return {"content-type": reply.content_type}


FAULTS: dict[str, Way] = {
    "well": _well,
    "refused": _raising(_refused),
    "no address": _raising(_no_address),
    "untrusted": _raising(_untrusted),
    "no route": _raising(lambda: httpx.ConnectTimeout("no route")),
    "proxy sign-in": _raising(lambda: httpx.ProxyError("407 Proxy Authentication Required")),
    "send broken": _raising(lambda: httpx.WriteError("broken pipe")),
    "reset before": _raising(lambda: httpx.RemoteProtocolError(GONE)),
    "reset after": _raising(lambda: httpx.RemoteProtocolError(GONE), effect=True),
    "silent before": _raising(lambda: httpx.ReadTimeout("silent")),
    "silent after": _raising(lambda: httpx.ReadTimeout("silent"), effect=True),
    "garbled": _raising(lambda: httpx.RemoteProtocolError("illegal status line"), effect=True),
    "twice": _twice,
    "late": _late,
    "slept": _slept,
    "unavailable": _practice("unavailable", "busy"),
    "maintenance": _practice("maintenance"),
    "error": _practice("error"),
    "late error": _practice("late_error"),
    "captive": _practice("captive", "nonsense", "redirect"),
    "api off": _practice("api_off"),
    "signed out": _practice("unauthorised"),
    "odd status": _status(403, 405, 407, 408, 410, 418, 502, 504, 511),
    "stranger": _stranger,
    "cut": _cut,
    "ended": _ended,
    "damaged": _damaged,
    "row short": _row_short,
}
"""Every way by name. `well` = as it should be."""

TROUBLES = tuple(name for name in FAULTS if name != "well")
LOSING = (
    *("reset before", "silent before", "send broken"),
    *("reset after", "silent after", "late error", "garbled", "late", "slept"),
    *("cut", "ended", "damaged", "twice"),
)
"""Those that leave the fate of a write open: it never arrived, it did and nobody says so, or what says so is spoilt."""

_HONEST = ("well", "twice")
"""Those whose answer a client may believe."""
