"""Faults below HTTP, on real sockets (sync.md N1, N2, N5, N8-N10, N14, N15). Tiny timeouts, nothing sleeps."""

import gzip
import socket
import struct
import time

import orjson
import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.document import Document
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import Accepted, PortalState, Unavailable
from desktop.sync.portals.http import Timeouts
from desktop.sync.portals.register import RegisterPortal
from tests.unit.sync.portals.answering import (
    PATIENT,
    TOKEN,
    http_reply,
    misbehaving,
    read_request,
    trainee,
)

ID = trainee()["trainee_id"]
BODY = orjson.dumps(trainee())
RECORD = Document({"email": "leonie@example.org"})


def fetched(address: str, timeouts: Timeouts = PATIENT):
    made = RegisterPortal(COLLECTION, address, TOKEN, timeouts=timeouts)
    answer = made.fetch(ID)
    made.close()
    return answer


def created(address: str, timeouts: Timeouts = PATIENT):
    made = RegisterPortal(COLLECTION, address, TOKEN, timeouts=timeouts)
    answer = made.create(RECORD)
    made.close()
    return answer


def says(reply: bytes):
    """Read the request, answer, close."""

    def behave(connection, _over):
        read_request(connection)
        connection.sendall(reply)

    return behave


def reset(connection):
    """Close with RST in place of an orderly end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def drip(head: bytes, body: bytes):
    """`head` at once, `body` byte by byte for as long as the client listens."""

    def behave(connection, over):
        read_request(connection)
        connection.sendall(head)
        for byte in body:
            connection.sendall(bytes([byte]))
            if over.wait(0.02):
                return

    return behave


def lost(outcome, state="down"):
    assert isinstance(outcome, Unavailable)
    assert (outcome.state, outcome.effect_possible) == (state, True)


def test_healthy_server_is_understood():
    with misbehaving(says(http_reply(BODY))) as address:
        assert isinstance(fetched(address), Snapshot)
    packed = http_reply(gzip.compress(orjson.dumps({"data": trainee()})), extra="Content-Encoding: gzip\r\n")
    with misbehaving(says(packed)) as address:
        assert isinstance(created(address), Accepted)


def test_refused_connection_proves_that_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
    made = RegisterPortal(COLLECTION, address, TOKEN, timeouts=PATIENT)
    answer = made.create(RECORD)
    assert isinstance(answer, Unavailable)
    assert (answer.state, answer.effect_possible, made.requests_made) == (PortalState.DOWN, False, 0)
    assert made.probe().state is PortalState.DOWN
    made.close()


def test_connection_closed_unread_is_down():
    with misbehaving(lambda connection, _: connection.recv(1)) as address:
        lost(created(address))


def test_connection_reset_at_once_is_down():
    with misbehaving(lambda connection, _: reset(connection)) as address:
        answer = created(address)
    assert isinstance(answer, Unavailable)
    assert answer.state is PortalState.DOWN


def test_reply_lost_after_the_request_leaves_the_outcome_open():
    with misbehaving(lambda connection, _: read_request(connection)) as address:
        lost(created(address))
        read = fetched(address)
    assert isinstance(read, Unavailable)
    assert not read.effect_possible


def test_reset_after_the_request_leaves_the_outcome_open():
    def behave(connection, _over):
        read_request(connection)
        reset(connection)

    with misbehaving(behave) as address:
        lost(created(address))


def test_silence_ends_with_the_read_timeout():
    def behave(connection, over):
        read_request(connection)
        over.wait(5)

    with misbehaving(behave) as address:
        begin = time.monotonic()
        lost(created(address, Timeouts(read_s=0.1, total_s=5)))
        assert time.monotonic() - begin < 4


def test_request_is_sent_once_however_it_ends():
    requests = []

    def behave(connection, _over):
        requests.append(read_request(connection))

    with misbehaving(behave) as address:
        created(address)
        created(address)
    assert len(requests) == 2


# Every 40th byte, and the places where a cut is easiest to miss.
REPLY = http_reply(orjson.dumps({"data": trainee()}))
CUTS = sorted(
    {*range(1, len(REPLY), 40), REPLY.index(b"\r\n\r\n") + 3, REPLY.index(b"\r\n\r\n") + 4, len(REPLY) - 1}
)


def test_reply_cut_anywhere_is_never_taken_for_whole():
    replies = iter(CUTS)

    def behave(connection, _over):
        read_request(connection)
        connection.sendall(REPLY[: next(replies)])

    with misbehaving(behave) as address:
        for _ in CUTS:
            answer = created(address)
            assert isinstance(answer, Unavailable)
            assert answer.effect_possible
            assert answer.state in (PortalState.DOWN, PortalState.UNKNOWN)


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (http_reply(BODY, length=len(BODY) + 10), "unknown"),
        (http_reply(BODY, length=len(BODY) - 10), "unknown"),
        (http_reply(BODY, length=-1), "unknown"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + BODY[:-9], "unknown"),
        (b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"dat', "unknown"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}", "unknown"),
        (http_reply(gzip.compress(BODY)[:-4], extra="Content-Encoding: gzip\r\n"), "unknown"),
        (http_reply(bytes(reversed(gzip.compress(BODY))), extra="Content-Encoding: gzip\r\n"), "unknown"),
        (http_reply(BODY, extra="Content-Encoding: gzip\r\n"), "unknown"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "down"),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "unknown"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000, "unknown"),
        (b"HTTP/9.9 OK\r\n\r\n", "unknown"),
        (b"\x00\x01\x02\x03\r\n\r\n", "unknown"),
        (http_reply(b"<html>Sign in</html>"), "captive"),
        (http_reply(b"<html>Sign in</html>", status="503 Service Unavailable"), "maintenance"),
        (http_reply(b"", status="500 Internal Server Error"), "down"),
    ],
)
def test_damaged_reply_leaves_the_outcome_open(reply, state):
    with misbehaving(says(reply)) as address:
        lost(created(address), state)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (http_reply(b"", length=9999), b"x" * 9999),
        (b"", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 999),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 999),
    ],
    ids=["body", "head", "chunks"],
)
def test_reply_that_drips_is_given_up(head, body):
    with misbehaving(drip(head, body)) as address:
        begin = time.monotonic()
        lost(created(address, Timeouts(read_s=5, total_s=0.3)))
        assert time.monotonic() - begin < 4


def test_token_does_not_follow_a_redirect():
    followed = []
    with misbehaving(lambda connection, _: followed.append(connection.recv(9))) as elsewhere:
        moved = http_reply(b"", status="302 Found", extra=f"Location: {elsewhere}/sign-in\r\n")
        with misbehaving(says(moved)) as address:
            answer = created(address)
    assert isinstance(answer, Unavailable)
    assert (answer.state, answer.effect_possible) == (PortalState.CAPTIVE, False)
    assert followed == []


@pytest.mark.parametrize("said", ["0", "-5", "315360000", "Fri, 14 Oct 2050 09:00:00 GMT"])
def test_absurd_wait_is_bounded(said):
    reply = http_reply(b"", status="503 Service Unavailable", extra=f"Retry-After: {said}\r\n")
    with misbehaving(says(reply)) as address:
        answer = fetched(address)
    assert isinstance(answer, Unavailable)
    assert answer.state is PortalState.BUSY
    assert answer.retry_after_s in (1, 3600)


def test_server_without_tls_is_not_spoken_to():
    def behave(connection, _over):
        connection.recv(1)
        connection.sendall(http_reply(b"", status="400 Bad Request"))

    with misbehaving(behave) as address:
        made = RegisterPortal(
            COLLECTION, address.replace("http:", "https:"), TOKEN, timeouts=PATIENT, proxy=None
        )
        answer = made.create(RECORD)
        made.close()
    assert isinstance(answer, Unavailable)
    assert (answer.state, answer.effect_possible) == (PortalState.DOWN, False)
