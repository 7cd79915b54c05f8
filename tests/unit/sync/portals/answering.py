"""Doubles for the tests of the adapters: a transport that answers from a script, a server that misbehaves, a trainee."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import orjson

from desktop.collections.trainees import COLLECTION
from desktop.sync.portals.http import Timeouts
from desktop.sync.portals.register import RegisterPortal

TOKEN = "practice_0123456789abcdef"
UKPRN = "10999417"
BASE = "https://register.example.org"
PATIENT = Timeouts(connect_s=5, read_s=5, write_s=5, pool_s=5, total_s=10)
"""Enough for a busy computer; what has to run into a limit sets its own."""


class Raw(httpx.SyncByteStream):
    """A reply's body as it travels, in pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces


Answer = Callable[[httpx.Request], httpx.Response]


def raw(status: int, body: bytes = b"", content_type: str = "", **headers: str) -> Answer:
    """A reply that still has to be read, as from a network; a fresh one for each request."""
    named = {k.replace("_", "-"): v for k, v in headers.items()}
    if content_type:
        named["content-type"] = content_type
    return lambda _: httpx.Response(status, headers=named, stream=Raw(body))


def as_json(status: int, value: Any, **headers: str) -> Answer:
    return raw(status, orjson.dumps(value), "application/json; charset=utf-8", **headers)


class Script:
    """A transport that answers requests in turn (the last answer for ever) and remembers what was asked.

    An answer is a function of the request, or an exception to raise.
    """

    def __init__(self, *answers: Answer | Exception) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers[0] if len(self._answers) == 1 else self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer(request)

    @property
    def sent(self) -> list[Any]:
        """`data` of each request's body."""
        return [orjson.loads(r.content)["data"] for r in self.requests if r.content]


def portal(script: Script, **options: Any) -> RegisterPortal:
    return RegisterPortal(COLLECTION, BASE, TOKEN, transport=script.transport, **options)


_OPEN = (
    "additional_ethnic_background",
    "additional_training_initiative",
    "awarded_at",
    "course_subject_2",
    "course_subject_3",
    "course_title",
    "defer_date",
    "defer_reason",
    "employing_school_urn",
    "ethnic_background",
    "iqts_country",
    "middle_names",
    "ni_number",
    "outcome_date",
    "pg_apprenticeship_start_date",
    "previous_last_name",
    "recommended_for_award_at",
    "reinstate_date",
    "training_initiative",
    "training_partner_ukprn",
    "training_partner_urn",
    "withdrawal_another_reason",
    "withdrawal_date",
    "withdrawal_future_interest",
    "withdrawal_reasons",
    "withdrawal_safeguarding_concern_reasons",
    "withdrawal_trigger",
)
"""What is null in the reply about a trainee in training."""


def trainee(trainee_id: str = "eTLexDV8jxNVm8qA2u54Zx56", **changes: Any) -> dict[str, Any]:
    """A trainee as GET T shows it: keys of the pack's data/openapi.yaml, invented person."""
    body: dict[str, Any] = dict.fromkeys(_OPEN)
    body |= {
        "trainee_id": trainee_id,
        "first_names": "Leonie",
        "last_name": "Ashcombe",
        "date_of_birth": "1999-03-04",
        "email": "leonie.ashcombe@example.org",
        "created_at": "2026-09-15T12:34:56.000Z",
        "updated_at": "2026-09-16T08:00:00.123Z",
        "training_route": "12",
        "sex": "10",
        "diversity_disclosure": "diversity_disclosed",
        "ethnic_group": "white_ethnic_group",
        "ethnicity": "160",
        "disability_disclosure": "disabled",
        "disability1": "51",
        "itt_start_date": "2026-09-07",
        "itt_end_date": "2027-06-30",
        "trainee_start_date": "2026-09-07",
        "trn": "3001573",
        "submitted_for_trn_at": "2026-09-15T12:34:56.000Z",
        "course_min_age": 11,
        "course_max_age": 16,
        "course_age_range": "13918",
        "course_subject_1": "100403",
        "course_education_phase": "secondary",
        "course_qualification": "QTS",
        "course_level": "postgrad",
        "course_itt_start_date": "2026-09-07",
        "course_year": 1,
        "study_mode": "01",
        "hesa_id": "0310261553101",
        "provider_trainee_id": "NM26-01573",
        "record_source": "api",
        "ukprn": UKPRN,
        "nationality": "GB",
        "itt_aim": "202",
        "itt_qualification_aim": "020",
        "fund_code": "7",
        "funding_method": "D",
        "application_id": 1234567,
        "degrees": [degree()],
        "placements": [placement()],
        "state": "trn_received",
    }
    return body | changes


def degree(degree_id: str = "yza4vpeiguwsyl98dl8glyde", **changes: Any) -> dict[str, Any]:
    return {
        "uk_degree": "083",
        "non_uk_degree": None,
        "created_at": "2026-09-15T12:34:56.000Z",
        "updated_at": "2026-09-15T12:34:56.000Z",
        "subject": "100403",
        "institution": "0116",
        "graduation_year": 2021,
        "grade": "02",
        "country": None,
        "other_grade": None,
        "institution_uuid": "9ba81897-b8e8-4000-b66a-d3530b3b751c",
        "degree_id": degree_id,
    } | changes


def placement(placement_id: str = "6vb8W8wT6smEkoDijx7VNDic", **changes: Any) -> dict[str, Any]:
    return {
        "urn": "123456",
        "name": "Northmoor Academy",
        "address": "URN 123456, ZX6 8FZ",
        "postcode": "ZX6 8FZ",
        "created_at": "2026-09-15T12:34:56.000Z",
        "updated_at": "2026-09-15T12:34:56.000Z",
        "placement_id": placement_id,
    } | changes


def listing(
    *rows: dict[str, Any], number: int = 1, pages: int = 1, total: int = -1, per_page: int = 200
) -> Any:
    """A page of GET /trainees."""
    meta = {
        "current_page": number,
        "total_pages": pages,
        "total_count": len(rows) if total < 0 else total,
        "per_page": per_page,
    }
    return {"data": list(rows), "meta": meta}


Behaviour = Callable[[socket.socket, threading.Event], object]
"""Deals with one accepted connection; the event is set when the test is over. The connection is closed after it."""


@contextlib.contextmanager
def misbehaving(behaviour: Behaviour) -> Iterator[str]:
    """A server on loopback below HTTP. Yields its address."""
    over = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                behaviour(connection, over)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        over.set()
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


def read_request(connection: socket.socket) -> bytes:
    """One whole request with its body."""
    connection.settimeout(2)
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def http_reply(body: bytes, *, status: str = "200 OK", length: int | None = None, extra: str = "") -> bytes:
    """A reply as bytes; `length` lies about the body when given."""
    said = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {said}\r\n{extra}\r\n"
    return head.encode() + body
