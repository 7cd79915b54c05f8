"""The one maker of HTTP clients: requests out, and what came of them, as `Reply` or `Failure`. Nothing is raised for a
network (style.md section 8: results for expected outcomes).

What it holds to (sync.md N1, N2, N10, N12, N14-N16):
- the computer's own trust store decides over certificates, so an inspecting school network works;
- every step has a timeout, and the whole exchange has one too, against replies that drip (the head included);
- a reply is read in pieces up to a limit, also when it unpacks to more than it weighs;
- redirects are never followed, cookies never kept, and the access token travels over TLS or to this computer only;
- nothing of the environment matters but the system's proxy for https (its own sign-in in its address included).

Words for people and the meaning of statuses are `outcome`'s.
"""

from __future__ import annotations

import ipaddress
import math
import re
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httpx

from desktop import __version__
from desktop.model.errors import UsageError
from desktop.sync.portals.proxies import proxy_for

MAX_REPLY_BYTES = 64 * 1024 * 1024
IDLE_S = 3.0
"""An idle connection is given up sooner than servers usually close theirs (5 s and up): a request on a connection that
the other end has just closed could not be told from a lost one."""


@dataclass(frozen=True)
class Timeouts:
    """Seconds for each step, and `total_s` for one request with its whole reply."""

    connect_s: float = 5.0
    read_s: float = 30.0
    write_s: float = 30.0
    pool_s: float = 5.0
    total_s: float = 120.0


class Trouble(StrEnum):
    """How an exchange ended without a whole reply."""

    NO_ADDRESS = "no address"
    UNREACHABLE = "unreachable"
    NOT_LISTENING = "not listening"
    CONNECT_TIMEOUT = "connect timeout"
    UNTRUSTED = "untrusted"
    PROXY = "proxy"
    PROXY_SIGN_IN = "proxy sign-in"
    NOT_MADE = "not made"
    SEND_BROKEN = "send broken"
    SILENT = "silent"
    CLOSED = "closed"
    GARBLED = "garbled"
    CUT = "cut"
    DAMAGED = "damaged"
    TOO_LONG = "too long"
    TOO_SLOW = "too slow"


UNSENT = frozenset(
    {
        Trouble.NO_ADDRESS,
        Trouble.UNREACHABLE,
        Trouble.NOT_LISTENING,
        Trouble.CONNECT_TIMEOUT,
        Trouble.UNTRUSTED,
        Trouble.PROXY,
        Trouble.PROXY_SIGN_IN,
        Trouble.NOT_MADE,
    }
)
"""Troubles after which the request provably never reached the portal. All others leave its fate open (I12)."""


@dataclass(frozen=True)
class Failure:
    """No whole reply came."""

    trouble: Trouble

    @property
    def sent(self) -> bool:
        """Whether the portal may have got the request."""
        return self.trouble not in UNSENT


@dataclass(frozen=True, repr=False)
class Reply:
    """A whole reply. Header values as sent, "" when absent; `body` unpacked. Its repr holds no personal data."""

    status: int
    content_type: str = ""
    body: bytes = b""
    retry_after: str = ""
    date: str = ""
    location: str = ""

    def __repr__(self) -> str:
        return f"Reply({self.status}, {self.content_type!r}, {len(self.body)} bytes)"


class _Abandoned(Exception):
    """The reply is given up while it is read."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class HttpClient:
    """Requests to one address with one token. One thread at a time.

    base_url   https, or http to this computer only; no path needed
    token      blanks around it and a leading "Bearer" are dropped; "" = none is ever sent
    proxy      "" = what the system says (https only); None = never any
    transport  for tests: answers in place of the network
    `pace` is called before each request; it waits until the office's budget allows it (`budget.Budget.take`).
    `took_s` = seconds of the last exchange; neither that wait nor making a connection is in it.
    Raises UsageError for an address or a token that cannot work.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        timeouts: Timeouts | None = None,
        max_reply_bytes: int = MAX_REPLY_BYTES,
        proxy: str | None = "",
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base = clean_address(base_url)
        self._token = clean_token(token)
        self._timeouts = timeouts or Timeouts()
        self._max_reply_bytes = max_reply_bytes
        self._clock = clock
        self._deadline = _Deadline(clock)
        self._client = self._make(proxy, transport)
        self.pace: Callable[[], None] = lambda: None
        self.requests_made = 0
        self.took_s = self._begun = 0.0

    def __repr__(self) -> str:
        return f"HttpClient({str(self._base)!r})"

    def _make(self, proxy: str | None, transport: httpx.BaseTransport | None) -> httpx.Client:
        limits = self._timeouts
        client = httpx.Client(
            transport=transport or _PunctualTransport(self._base, proxy, self._deadline),
            timeout=httpx.Timeout(
                connect=limits.connect_s, read=limits.read_s, write=limits.write_s, pool=limits.pool_s
            ),
            headers={
                "User-Agent": f"Holdfast/{__version__}",
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
            },
            follow_redirects=False,
            trust_env=False,
        )
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return client

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        with_token: bool = True,
    ) -> Reply | Failure:
        """One request, never repeated. `path` begins with / and is already quoted; `body` is JSON."""
        answer: Reply | Failure
        self.pace()
        self._begun = self._clock()
        self._deadline.start(self._timeouts.total_s)
        try:
            answer = self._exchange(method, path, query, body, self._headers(body, headers, with_token))
        except _Abandoned as gone:
            answer = Failure(gone.trouble)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError) as problem:
            answer = Failure(_trouble_of(problem, late=self._deadline.passed))
        self.took_s = self._clock() - self._begun
        if isinstance(answer, Reply) or answer.sent:
            self.requests_made += 1
        return answer

    def _headers(
        self, body: bytes | None, headers: Mapping[str, str] | None, with_token: bool
    ) -> dict[str, str]:
        made = dict(headers or {})
        if body is not None:
            made["Content-Type"] = "application/json"
        if with_token and self._token:
            made["Authorization"] = f"Bearer {self._token}"
        return made

    def _exchange(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: bytes | None,
        headers: dict[str, str],
    ) -> Reply:
        url = self._base.copy_with(raw_path=self._base.raw_path.rstrip(b"/") + path.encode("ascii"))
        request = self._client.build_request(
            method, url, params=query, content=body, headers=headers, extensions={"trace": self._on_event}
        )
        response = self._client.send(request, stream=True)
        try:
            with _reading():
                content = self._read(response)
        finally:
            response.close()
        headers_in = response.headers
        return Reply(
            response.status_code,
            headers_in.get("content-type", ""),
            content,
            headers_in.get("retry-after", ""),
            headers_in.get("date", ""),
            headers_in.get("location", ""),
        )

    def _on_event(self, event: str, _: object) -> None:
        """Of httpcore's events: the connection stands, and the request goes out."""
        if event.endswith("send_request_headers.started"):
            self._begun = self._clock()

    def _read(self, response: httpx.Response) -> bytes:
        """The unpacked body, bounded in size and time."""
        if response.is_stream_consumed:  # a test's ready-made response; httpx has unpacked it already
            return response.content
        unpack = _unpacker(response.headers.get("content-encoding", ""), self._max_reply_bytes)
        parts: list[bytes] = []
        size = 0
        for raw in response.iter_raw():
            if self._deadline.passed:
                raise _Abandoned(Trouble.TOO_SLOW)
            part = unpack.feed(raw)
            size += len(part)
            if size > self._max_reply_bytes:
                raise _Abandoned(Trouble.TOO_LONG)
            parts.append(part)
        unpack.end()
        return b"".join(parts)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class OverHttp:
    """What every adapter over HTTP offers of its client."""

    _http: HttpClient

    @property
    def requests_made(self) -> int:
        """How many requests have left, those without a reply included."""
        return self._http.requests_made

    def keep_pace(self, pace: Callable[[], None]) -> None:
        """Wait in `pace` before each request."""
        self._http.pace = pace

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


_BEARER = re.compile(r"\Abearer(\s+|\Z)", re.IGNORECASE)


def clean_token(token: str) -> str:
    """The token as it travels. Raises UsageError, without the token, when it cannot be one."""
    found = _BEARER.sub("", token.strip())
    if found and not (found.isascii() and found.isprintable() and " " not in found):
        raise UsageError(
            "This is not an access token: it holds a space, a line break or an unusual character. "
            "Copy the whole token again and nothing else."
        )
    return found


def clean_address(base_url: str) -> httpx.URL:
    """The address of a portal's root. Raises UsageError when the token would not be safe there."""
    url = _parsed(base_url.strip().rstrip("/"))
    if url is None or url.scheme not in ("http", "https") or not _HOST.fullmatch(url.raw_host):
        raise UsageError("This is not the address of a portal. It begins with https:// and a name.")
    if url.userinfo or url.query or url.fragment:
        raise UsageError(
            "The address of a portal is only its name: leave out what follows a ? or stands before an @."
        )
    if url.scheme == "http" and not _is_this_computer(url.host):
        raise UsageError(
            "This address begins with http:// and would send the access token unprotected. Use https://."
        )
    return url


_HOST = re.compile(rb"[a-z0-9_.-]+|[0-9a-f:.]+", re.IGNORECASE)


def _parsed(address: str) -> httpx.URL | None:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError):
        return None
    return url if url.port is None or url.port < 65536 else None


def _is_this_computer(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


# --- time -----------------------------------------------------------------------------------------------------------


class _Deadline:
    """When the exchange under way must be over."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._at = math.inf

    def start(self, seconds: float) -> None:
        self._at = self._clock() + seconds

    @property
    def passed(self) -> bool:
        return self._clock() >= self._at

    def within(self, timeout: float | None) -> float:
        """`timeout` cut to what is left; never 0, which would mean "do not wait" to a socket."""
        left = self._at - self._clock()
        return max(0.001, left if timeout is None else min(timeout, left))


class _PunctualStream:
    """A connection each of whose steps ends with the exchange's deadline at the latest."""

    def __init__(self, stream: Any, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data: bytes = self._stream.read(max_bytes, timeout=self._deadline.within(timeout))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=self._deadline.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> _PunctualStream:
        wrapped = self._stream.start_tls(ssl_context, server_hostname, self._deadline.within(timeout))
        return _PunctualStream(wrapped, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _PunctualBackend:
    """Makes connections that keep to the deadline."""

    def __init__(self, backend: Any, deadline: _Deadline) -> None:
        self._backend = backend
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        **options: Any,
    ) -> _PunctualStream:
        stream = self._backend.connect_tcp(
            host, port, self._deadline.within(timeout), local_address, **options
        )
        return _PunctualStream(stream, self._deadline)


class _PunctualTransport(httpx.HTTPTransport):
    """httpx's own transport with the deadline below it.

    Why below: httpx limits the wait for each piece, so a server that sends one byte of its reply's head a second
    could hold a request for ever (N14). httpx has no public place for this; the test of the slow drip fails when a
    newer version moves the private one.
    """

    def __init__(self, base: httpx.URL, proxy: str | None, deadline: _Deadline) -> None:
        secure = base.scheme == "https"
        chosen = (proxy_for(base.host).address or None if proxy == "" else proxy) if secure else None
        super().__init__(
            verify=_trust() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            trust_env=False,
            proxy=chosen,
            limits=httpx.Limits(max_connections=2, max_keepalive_connections=1, keepalive_expiry=IDLE_S),
        )
        pool: Any = self._pool
        pool._network_backend = _PunctualBackend(pool._network_backend, deadline)  # noqa: SLF001 - see above


def _trust() -> ssl.SSLContext:
    """Certificates are judged by the computer's own store."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


# --- bodies ---------------------------------------------------------------------------------------------------------


class _Plain:
    """A body that travels as it is."""

    def feed(self, raw: bytes) -> bytes:
        return raw

    def end(self) -> None:
        """Nothing to check: its length is checked below us."""


class _Gzip:
    """Unpacks gzip up to a limit, and notices damage and a missing end."""

    def __init__(self, limit: int) -> None:
        self._machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._left = limit + 1
        self._fed = False

    def feed(self, raw: bytes) -> bytes:
        self._fed = self._fed or bool(raw)
        if self._machine.eof and raw:
            raise _Abandoned(Trouble.DAMAGED)
        try:
            part = self._machine.decompress(raw, max(1, self._left))
        except zlib.error:
            raise _Abandoned(Trouble.DAMAGED) from None
        self._left -= len(part)
        if self._machine.unused_data:
            raise _Abandoned(Trouble.DAMAGED)
        return part

    def end(self) -> None:
        if self._fed and not self._machine.eof:
            raise _Abandoned(Trouble.DAMAGED)


def _unpacker(encoding: str, limit: int) -> _Plain | _Gzip:
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Gzip(limit)
        case _:
            raise _Abandoned(Trouble.DAMAGED)


# --- troubles -------------------------------------------------------------------------------------------------------


@contextmanager
def _reading() -> Iterator[None]:
    """Whatever breaks once the head of a reply is there cuts that reply short."""
    try:
        yield
    except httpx.TimeoutException:
        raise _Abandoned(Trouble.TOO_SLOW) from None
    except (httpx.HTTPError, httpx.StreamError, OSError):
        raise _Abandoned(Trouble.CUT) from None


def _trouble_of(problem: Exception, *, late: bool) -> Trouble:
    """The trouble behind an exception raised before the head of a reply was there."""
    match problem:
        case httpx.ConnectTimeout():
            return Trouble.CONNECT_TIMEOUT
        case httpx.ReadTimeout():
            return Trouble.TOO_SLOW if late else Trouble.SILENT
        case httpx.WriteTimeout() | httpx.WriteError():
            return Trouble.SEND_BROKEN
        case httpx.ConnectError():
            return _connect_trouble(problem)
        case httpx.ProxyError():
            return Trouble.PROXY_SIGN_IN if str(problem).startswith("407") else Trouble.PROXY
        case httpx.RemoteProtocolError():
            return Trouble.CLOSED if "disconnected" in str(problem) else Trouble.GARBLED
        case (
            httpx.PoolTimeout()
            | httpx.LocalProtocolError()
            | httpx.UnsupportedProtocol()
            | httpx.InvalidURL()
        ):
            return Trouble.NOT_MADE
        case httpx.DecodingError():
            return Trouble.DAMAGED
        case UnicodeError():  # a host name that no name server can be asked for
            return Trouble.NO_ADDRESS
        case _:
            return Trouble.CLOSED


def _connect_trouble(problem: BaseException) -> Trouble:
    """Why no connection came about: the operating system's reason at the end of the chain."""
    import socket

    cause: BaseException | None = problem
    while cause is not None:
        match cause:
            case ssl.SSLCertVerificationError():
                return Trouble.UNTRUSTED
            case ssl.SSLError():
                return Trouble.NOT_LISTENING
            case socket.gaierror():
                return Trouble.NO_ADDRESS
            case ConnectionError():
                return Trouble.NOT_LISTENING
            case TimeoutError():
                return Trouble.CONNECT_TIMEOUT
            case OSError():
                return Trouble.UNREACHABLE
        cause = cause.__cause__ or cause.__context__
    return Trouble.NOT_LISTENING
