"""What an exchange means: one table from (no reply | status + kind of body) to `Unavailable`, or to a verdict on data.

Status first, then the content type, then the body (pack section 1.4). A body is data only when status, content type and
JSON agree (sync.md I10). Everything systemic ends here as `Unavailable` with a state from contract.md's notes to
section 2 and one plain line of ours (ui.md section 9): never HTML, never the portal's text, so never personal data.

`effect` of a row = the request may have been carried out all the same, which only matters for a write. It is False where
the answer proves that the application did not act: refused at its door (401, 404, 405, 429), its known maintenance page,
a redirect, a 503 that names a time. In doubt it is True: looking before sending again costs one request (I12).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import Any

from desktop.model.verdict import PortalState, Unavailable
from desktop.sync.portals.http import Failure, Reply, Trouble
from desktop.sync.portals.jsontext import NotJson, read_json

SHORTEST_WAIT_S = 1.0
LONGEST_WAIT_S = 3600.0

_S = PortalState


class Body(Enum):
    """What a body is. NOTICE = an HTML page that says in its title that the service is unavailable."""

    DATA = auto()
    PAGE = auto()
    NOTICE = auto()
    TEXT = auto()
    BROKEN = auto()
    EMPTY = auto()


@dataclass(frozen=True)
class Verdict:
    """A reply that speaks about data. `body` is the parsed JSON; plain text when it was text; None when empty."""

    status: int
    body: Any

    @property
    def done(self) -> bool:
        return 200 <= self.status < 300


TROUBLES: dict[Trouble, tuple[PortalState, str]] = {
    Trouble.NO_ADDRESS: (_S.DOWN, "No network on this computer, or {portal}'s address cannot be found."),
    Trouble.UNREACHABLE: (_S.DOWN, "This computer's network does not reach {portal}."),
    Trouble.NOT_LISTENING: (_S.DOWN, "{portal} does not take connections."),
    Trouble.CONNECT_TIMEOUT: (_S.DOWN, "{portal} did not take the connection in time."),
    Trouble.UNTRUSTED: (
        _S.UNKNOWN,
        "This computer does not trust the certificate that it was shown for {portal}. Check the clock, then ask your IT support.",
    ),
    Trouble.PROXY: (_S.DOWN, "Your network's proxy does not reach {portal}."),
    Trouble.PROXY_SIGN_IN: (_S.CAPTIVE, "Your network's proxy asks you to sign in first."),
    Trouble.NOT_MADE: (_S.UNKNOWN, "The request to {portal} could not be made."),
    Trouble.SEND_BROKEN: (_S.DOWN, "The connection to {portal} broke while we were sending."),
    Trouble.SILENT: (_S.DOWN, "We asked {portal} and no reply came."),
    Trouble.CLOSED: (_S.DOWN, "{portal} closed the connection without a reply."),
    Trouble.GARBLED: (_S.UNKNOWN, "What answered in place of {portal} made no sense."),
    Trouble.CUT: (_S.UNKNOWN, "{portal}'s reply broke off in the middle."),
    Trouble.DAMAGED: (_S.UNKNOWN, "{portal}'s reply arrived damaged."),
    Trouble.TOO_LONG: (_S.UNKNOWN, "{portal}'s reply was far too long and was left unread."),
    Trouble.TOO_SLOW: (_S.DOWN, "{portal}'s reply took too long and was given up."),
}
"""Each trouble, and what it says of the portal. `effect_possible` follows from `Failure.sent`."""


@dataclass(frozen=True)
class Row:
    """A line of the table below; the first that fits counts. `waits` = only when the reply names a time to wait."""

    statuses: Container[int]
    bodies: Container[Body]
    state: PortalState
    words: str
    effect: bool = False
    waits: bool = False


_ANY = frozenset(Body)
_HTML = frozenset({Body.PAGE, Body.NOTICE})
_NO_DATA = frozenset(Body) - {Body.DATA}

_MAINTENANCE = "{portal} shows a maintenance page instead of answering."
_IN_THE_WAY = (
    "A page of your network answered in place of {portal}. You may have to sign in to the network first."
)
_NO_API = "{portal} answers, but its data service is off or this is not its address."
_BLOCKED = "{portal}, or your network, blocks requests from this computer. Ask your IT support."

TABLE: tuple[Row, ...] = (
    Row({407}, _ANY, _S.CAPTIVE, "Your network's proxy asks you to sign in first."),
    Row({511}, _ANY, _S.CAPTIVE, _IN_THE_WAY),
    Row(range(300, 400), _ANY, _S.CAPTIVE, "Something sent us to another address in place of {portal}."),
    Row({401}, _ANY, _S.SIGN_IN, "{portal} does not take the access token. Ask your {portal} administrator for a new one."),
    Row({403}, {Body.DATA}, _S.SIGN_IN, "{portal} does not let this access token in. Ask your {portal} administrator."),
    Row({403}, _HTML, _S.DOWN, _BLOCKED, effect=True),  # a filter may judge the reply and not the request
    Row({403}, _ANY, _S.DOWN, _BLOCKED),
    Row({429}, _ANY, _S.BUSY, "{portal} takes only so many requests a minute from this office."),
    Row({405}, _ANY, _S.MAINTENANCE, _MAINTENANCE),
    Row({503}, _ANY, _S.BUSY, "{portal} is not available just now and asked us to wait.", waits=True),
    Row({500, 503}, {Body.NOTICE}, _S.MAINTENANCE, _MAINTENANCE),
    Row({500, 503}, _HTML, _S.MAINTENANCE, _MAINTENANCE, effect=True),
    Row(range(500, 600), _ANY, _S.DOWN, "{portal} has a fault of its own and could not answer.", effect=True),
    Row(range(200, 300), _HTML, _S.CAPTIVE, _IN_THE_WAY, effect=True),
    Row(range(200, 300), _NO_DATA, _S.UNKNOWN, "{portal}'s reply cannot be read.", effect=True),
    Row({404}, _NO_DATA, _S.API_OFF, _NO_API),
    Row({406, 410, 415}, _ANY, _S.API_OFF, _NO_API),
    Row(range(400, 500), _HTML, _S.MAINTENANCE, "A web page answered in place of {portal}'s data service."),
    Row({400, 409, 413, 422}, {Body.BROKEN}, _S.UNKNOWN, "{portal}'s reply cannot be read.", effect=True),
    Row({409}, _NO_DATA, _S.UNKNOWN, "{portal}'s reply cannot be read.", effect=True),
    Row({408}, _ANY, _S.DOWN, "{portal} waited too long for what we sent."),
)  # fmt: skip
"""Replies that say nothing about data. What falls through is a `Verdict` when its status is one, else a riddle."""

_VERDICTS = frozenset({*range(200, 300), 400, 404, 409, 413, 422})
_RIDDLE = Row(range(1000), _ANY, _S.UNKNOWN, "{portal} gave an answer that we do not know.", effect=True)


class Judge:
    """Sorts the answers of one portal. `portal` is its short name on screen."""

    def __init__(self, portal: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._portal = portal
        self._clock = clock

    def __call__(self, answer: Reply | Failure, *, write: bool) -> Verdict | Unavailable:
        """What the answer to a read or a write means."""
        if isinstance(answer, Failure):
            state, words = TROUBLES[answer.trouble]
            return self.unavailable(state, words, effect=write and answer.sent)
        kind, body = _open(answer)
        row = self._row(answer, kind)
        return Verdict(answer.status, body) if row is None else self._by_row(row, answer, write=write)

    def at_door(self, answer: Reply | Failure) -> Unavailable | None:
        """What the answer of a health page without JSON means; None when it does not speak against asking on."""
        if isinstance(answer, Failure):
            state, words = TROUBLES[answer.trouble]
            return self.unavailable(state, words)
        kind, _ = _open(answer)
        row = self._row(answer, kind)
        answers = 200 <= answer.status < 300 and kind not in _HTML
        return (
            None if answers or answer.status == 404 or row is None else self._by_row(row, answer, write=False)
        )

    def _by_row(self, row: Row, reply: Reply, *, write: bool) -> Unavailable:
        wait = retry_after_s(reply, self._clock()) if reply.status in _MAY_WAIT else None
        own_fault = 500 <= reply.status < 600 and wait is None
        return self.unavailable(
            row.state, row.words, effect=write and row.effect, wait=wait, own_fault=own_fault
        )

    def unavailable(
        self,
        state: PortalState,
        words: str,
        *,
        effect: bool = False,
        wait: float | None = None,
        own_fault: bool = False,
    ) -> Unavailable:
        """No verdict, with the portal's name put into `words`."""
        return Unavailable(state, words.format(portal=self._portal), effect, wait, own_fault)

    def unreadable(self, *, write: bool) -> Unavailable:
        """For a reply that is JSON but not what was asked for."""
        return self.unavailable(_S.UNKNOWN, "{portal}'s reply is not what we asked for.", effect=write)

    def stranger(self, *, write: bool) -> Unavailable:
        """For a reply with another organisation's records (N11)."""
        words = "{portal} answers for another organisation. Check which access token is in use."
        return self.unavailable(_S.UNKNOWN, words, effect=write)

    def no_api(self) -> Unavailable:
        """For a 404 that no record can explain: never "deleted" (pack 1.4)."""
        return self.unavailable(_S.API_OFF, _NO_API)

    def _row(self, reply: Reply, kind: Body) -> Row | None:
        for row in TABLE:
            if reply.status in row.statuses and kind in row.bodies:
                if row.waits and retry_after_s(reply, self._clock()) is None:
                    continue
                return row
        return None if reply.status in _VERDICTS else _RIDDLE


_MAY_WAIT = frozenset({429, *range(500, 600)})


# --- bodies ---------------------------------------------------------------------------------------------------------

_TITLE = re.compile(rb"<title[^>]*>([^<]{0,300})", re.IGNORECASE)
_SAYS_UNAVAILABLE = re.compile(rb"unavailable|maintenance", re.IGNORECASE)


def _open(reply: Reply) -> tuple[Body, Any]:
    """The kind of a body, and its value when it is data (or text)."""
    body = reply.body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        return Body.EMPTY, None
    kind = reply.content_type.partition(";")[0].strip().lower()
    if "html" in kind or body.startswith(b"<"):
        title = _TITLE.search(body[:8192])
        return (Body.NOTICE if title and _SAYS_UNAVAILABLE.search(title[1]) else Body.PAGE), None
    called_json = kind == "application/json" or kind.endswith("+json")
    if called_json or reply.status >= 400:
        try:
            return Body.DATA, read_json(body)
        except NotJson:
            if called_json:
                return Body.BROKEN, None
    return Body.TEXT, body[:2000].decode("utf-8", "replace")


# --- waiting --------------------------------------------------------------------------------------------------------

_SECONDS = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?")


def retry_after_s(reply: Reply, now: datetime) -> float | None:
    """How long the portal asked us to wait, bounded to 1 s .. 1 h (D17); None when it did not say, or nothing readable.

    Seconds or an HTTP date; a date counts from the reply's own date, because our clock may be wrong (T1).
    """
    text = reply.retry_after.strip()
    if _SECONDS.fullmatch(text):
        wait = float(text)
    else:
        until = _http_date(text)
        if until is None:
            return None
        wait = (until - (_http_date(reply.date) or now)).total_seconds()
    return min(max(wait, SHORTEST_WAIT_S), LONGEST_WAIT_S)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
