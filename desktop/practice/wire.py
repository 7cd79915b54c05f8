"""HTTP/1.1 on asyncio, small enough to misbehave on purpose: the transport of the practice portals.

Why not uvicorn: the faults of contract.md section 3 live below HTTP (a connection closed unread, an effect whose reply
is lost, a body cut short of its Content-Length), and an ASGI server takes care that no application can do them.
One event loop, one thread; a handler is an ordinary function and is never run twice at the same time.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import sys
import time
import traceback
from dataclasses import dataclass, field
from email.utils import formatdate
from enum import StrEnum
from http import HTTPStatus
from typing import Protocol
from urllib.parse import unquote

MAX_HEAD_BYTES = 64 * 1024
MAX_BODY_BYTES = 16 * 1024 * 1024
DRAIN_S = 2.0
IDLE_S = 120.0


class Delivery(StrEnum):
    """How a reply travels. REFUSE = closed unread; LOST = effect done, no reply; CUT = half a body."""

    WHOLE = "whole"
    REFUSE = "refuse"
    LOST = "lost"
    CUT = "cut"


@dataclass(slots=True)
class Request:
    """One request. `target` is path with query as sent; header names are lower case; `peer` is the client's address.

    `note` is the handler's: what `admit` made up its mind about stays with the request until `answer`.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""
    peer: str = ""
    note: object = None

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def parts(self) -> list[str]:
        """The path's parts, decoded; empty ones (double or trailing slashes) do not count, as in the real service."""
        return [unquote(p, errors="replace") for p in self.path.split("/") if p]


@dataclass(slots=True)
class Reply:
    """One reply. `effect` = something was stored; `delay_s` = wait so long before sending it."""

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    effect: bool = False
    delivery: Delivery = Delivery.WHOLE
    delay_s: float = 0.0


class Handler(Protocol):
    """What answers requests."""

    def admit(self, request: Request) -> Reply | None:
        """Called with the head alone; a reply given here (a refusal, say) is final and the body stays unread."""

    def answer(self, request: Request) -> Reply:
        """The reply to a whole request."""


class BadRequest(Exception):
    """What came is not HTTP that we can read; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(slots=True)
class _Head:
    request: Request
    length: int
    chunked: bool
    keep_alive: bool


def _parse_head(raw: bytes, peer: str) -> _Head:
    """Raises BadRequest for anything but a plain HTTP/1.x head."""
    lines = raw.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1.") or not words[0].isalpha():
        raise BadRequest(400)
    method, target, version = words
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise BadRequest(400)
        headers[name.lower()] = value.strip()
    if not target.startswith("/"):
        # A proxy's absolute form names a host first; anything else is not a target of ours.
        target = "/" + target.split("/", 3)[3] if target.count("/") >= 3 else "/"
    chunked = headers.get("transfer-encoding", "").lower() == "chunked"
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit() and len(length) < 20):
        raise BadRequest(400)
    wishes = {wish.strip() for wish in headers.get("connection", "").lower().split(",")}
    keep_alive = "close" not in wishes and (version != "HTTP/1.0" or "keep-alive" in wishes)
    return _Head(Request(method.upper(), target, headers, b"", peer), int(length), chunked, keep_alive)


def _take_chunked(buffer: bytearray) -> bytes | None:
    """The whole body when all chunks are there (and takes it off `buffer`), None while some are still to come."""
    body = bytearray()
    at = 0
    while True:
        end = buffer.find(b"\r\n", at)
        if end < 0:
            if len(buffer) - at > 1024:
                raise BadRequest(400)
            return None
        try:
            size = int(bytes(buffer[at:end]).split(b";")[0], 16)
        except ValueError:
            raise BadRequest(400) from None
        if size < 0 or len(body) + size > MAX_BODY_BYTES:
            raise BadRequest(413)
        at = end + 2
        if len(buffer) < at + size + 2:
            return None
        body += buffer[at : at + size]
        at += size + 2
        if size == 0:
            del buffer[:at]
            return bytes(body)


class Connection(asyncio.Protocol):
    """One client's connection: reads requests one after the other and answers them in order."""

    def __init__(self, handler: Handler, open_connections: set[Connection]) -> None:
        self._handler = handler
        self._all = open_connections
        self._buffer = bytearray()
        self._head: _Head | None = None
        self._waiting = False
        self._paused = False
        self._draining = False
        self._peer = ""
        self.last_used = time.monotonic()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self._peer = peer[0] if isinstance(peer, tuple) else ""
        self._all.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._all.discard(self)
        self._buffer.clear()
        self._draining = True

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._advance()

    def data_received(self, data: bytes) -> None:
        self.last_used = time.monotonic()
        if self._draining:
            return
        self._buffer += data
        self._advance()

    def close(self) -> None:
        """Close the line; what has not left by now is given up."""
        if self._transport.get_write_buffer_size():
            self._transport.abort()
        else:
            self._transport.close()

    @property
    def idle(self) -> bool:
        """Whether nothing is under way here."""
        return not self._waiting and time.monotonic() - self.last_used > IDLE_S

    def _advance(self) -> None:
        """Answer as many whole requests as have arrived."""
        try:
            while not (self._waiting or self._paused or self._draining or self._transport.is_closing()):
                request = self._next_request()
                if request is None:
                    return
                self._deliver(request, self._answer(request))
        except BadRequest as problem:
            self._reject(problem.status)

    def _next_request(self) -> Request | None:
        """The next whole request, None while it is still coming (or was refused by its head)."""
        if self._head is None and not self._read_head():
            return None
        head = self._head
        if head is None:
            return None
        if head.chunked:
            body = _take_chunked(self._buffer)
            if body is None:
                if len(self._buffer) > 2 * MAX_BODY_BYTES:
                    raise BadRequest(413)
                return None
        else:
            if len(self._buffer) < head.length:
                return None
            body = bytes(self._buffer[: head.length])
            del self._buffer[: head.length]
        head.request.body = body
        return head.request

    def _read_head(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > MAX_HEAD_BYTES:
                raise BadRequest(431)
            return False
        if end > MAX_HEAD_BYTES:
            raise BadRequest(431)
        raw = bytes(self._buffer[:end]).lstrip(b"\r\n")
        del self._buffer[: end + 4]
        self._head = head = _parse_head(raw, self._peer)
        final = self._handler.admit(head.request)
        if final is not None:
            head.keep_alive = head.keep_alive and not (head.length or head.chunked)
            self._deliver(head.request, final)
            return False
        if head.length > MAX_BODY_BYTES:
            raise BadRequest(413)
        if head.request.headers.get("expect", "").lower() == "100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return True

    def _answer(self, request: Request) -> Reply:
        try:
            return self._handler.answer(request)
        except Exception:  # noqa: BLE001 - the worker's boundary: a bug of ours must not end the portal
            # The trace names our own lines only; the request and its personal data stay out of it.
            traceback.print_exc(file=sys.stderr)
            return Reply(500, b'{"status":500,"error":"Internal Server Error"}')

    def _deliver(self, request: Request, reply: Reply) -> None:
        if reply.delay_s > 0:
            self._waiting = True
            asyncio.get_running_loop().call_later(reply.delay_s, self._deliver_late, request, reply)
        else:
            self._send(request, reply)

    def _deliver_late(self, request: Request, reply: Reply) -> None:
        self._waiting = False
        if not self._transport.is_closing():
            self._send(request, reply)
            self._advance()

    def _send(self, request: Request, reply: Reply) -> None:
        keep_alive = self._head is not None and self._head.keep_alive
        self._head = None
        self.last_used = time.monotonic()
        if reply.delivery in (Delivery.REFUSE, Delivery.LOST):
            self._cut()
            return
        head = _reply_head(reply, keep_alive and reply.delivery is Delivery.WHOLE)
        if reply.delivery is Delivery.CUT:
            self._transport.write(head + reply.body[: len(reply.body) // 2])
            self._transport.close()
            return
        self._transport.write(head if request.method == "HEAD" else head + reply.body)
        if not keep_alive:
            self._finish()

    def _cut(self) -> None:
        """Close at once with a reset, as a crashed server or a broken line does."""
        sock = self._transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
            )
        self._transport.abort()

    def _reject(self, status: int) -> None:
        self._head = None
        body = b'{"errors":["' + HTTPStatus(status).phrase.encode() + b'"]}'
        self._transport.write(_reply_head(Reply(status, body), keep_alive=False) + body)
        self._finish()

    def _finish(self) -> None:
        """Close after what was written has left. Reads on for a moment, so that a late body does not reset the reply."""
        self._draining = True
        self._buffer.clear()
        if self._transport.can_write_eof():
            self._transport.write_eof()
        asyncio.get_running_loop().call_later(DRAIN_S, self._transport.close)

    def eof_received(self) -> bool:
        # Half-closed by the client: while an answer is still to come the line stays open for it.
        return self._waiting


def _reply_head(reply: Reply, keep_alive: bool) -> bytes:
    phrase = HTTPStatus(reply.status).phrase if reply.status in set(HTTPStatus) else "Unknown"
    lines = [f"HTTP/1.1 {reply.status} {phrase}", f"Date: {formatdate(usegmt=True)}"]
    if reply.content_type:
        lines.append(f"Content-Type: {reply.content_type}")
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if reply.status != 304:
        lines.append(f"Content-Length: {len(reply.body)}")
    lines.append(f"Connection: {'keep-alive' if keep_alive else 'close'}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


class Listener:
    """A listening socket on loopback with its connections. All methods run on the loop's thread."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._connections: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self._sweep: asyncio.TimerHandle | None = None

    async def start(self, port: int) -> int:
        """Listen on `port` (0 = a free one) of 127.0.0.1; the port in use. Raises OSError when it is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self._handler, self._connections), "127.0.0.1", port, backlog=512
        )
        self._sweep = loop.call_later(IDLE_S, self._close_idle)
        return int(self._server.sockets[0].getsockname()[1])

    def _close_idle(self) -> None:
        for connection in [c for c in self._connections if c.idle]:
            connection.close()
        self._sweep = asyncio.get_running_loop().call_later(IDLE_S, self._close_idle)

    def stop(self) -> None:
        """Stop listening and close every connection."""
        if self._sweep:
            self._sweep.cancel()
        if self._server:
            self._server.close()
        for connection in list(self._connections):
            connection.close()
