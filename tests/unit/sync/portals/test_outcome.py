"""Which answer means what: the table of outcomes, row by row, through a real client (sync.md N1, N2, N5, N7-N10, N13-N16)."""

import gzip
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from desktop.model.verdict import PortalState, Unavailable
from desktop.sync.portals import outcome
from desktop.sync.portals.http import Failure, HttpClient, Reply, Trouble
from desktop.sync.portals.outcome import TABLE, TROUBLES, Judge, Row, Verdict, retry_after_s
from tests.unit.sync.portals.answering import BASE, TOKEN, Script, as_json, raw

NOW = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)
HTML, JSON, TEXT = "text/html; charset=utf-8", "application/json; charset=utf-8", "text/plain"
NOTICE = b"<!DOCTYPE html><html><head><title>This service is currently unavailable</title></head></html>"
PAGE = (
    b"<!DOCTYPE html><html><head><title>Sorry, there is a problem</title></head><body>Ashcombe</body></html>"
)
SIGN_IN_PAGE = b"<html><title>Guest wireless</title></html>"

YES, NO = True, False


def judged(answer, *, write):
    client = HttpClient(BASE, TOKEN, transport=Script(answer).transport)
    result = Judge("Register", lambda: NOW)(client.send("POST" if write else "GET", "/x"), write=write)
    client.close()
    return result


def because(kind: type[Exception], cause: BaseException | None = None, words: str = "") -> Exception:
    problem = kind(words)
    problem.__cause__ = cause
    return problem


def unavailable(status, body=b"", content_type="", **headers):
    return raw(status, body, content_type, **headers)


# (what came, state, whether a write may have been carried out)
ANSWERS = [
    # N1, N2, N12, N16: no reply
    ("refused", because(httpx.ConnectError, ConnectionRefusedError()), "down", NO),
    ("reset while connecting", because(httpx.ConnectError, ConnectionResetError()), "down", NO),
    ("no such name", because(httpx.ConnectError, socket.gaierror(-2, "x")), "down", NO),
    ("no route", because(httpx.ConnectError, OSError(101, "x")), "down", NO),
    ("connect timeout", httpx.ConnectTimeout(""), "down", NO),
    ("connect timeout below", because(httpx.ConnectError, TimeoutError()), "down", NO),
    ("certificate", because(httpx.ConnectError, ssl.SSLCertVerificationError()), "unknown", NO),
    ("tls broken", because(httpx.ConnectError, ssl.SSLError()), "down", NO),
    ("connect error without reason", httpx.ConnectError(""), "down", NO),
    ("pool", httpx.PoolTimeout(""), "unknown", NO),
    ("our own fault", httpx.LocalProtocolError(""), "unknown", NO),
    ("proxy sign-in", httpx.ProxyError("407 Proxy Authentication Required"), "captive", NO),
    ("proxy", httpx.ProxyError("502 Bad Gateway"), "down", NO),
    ("write timeout", httpx.WriteTimeout(""), "down", YES),
    ("write error", httpx.WriteError(""), "down", YES),
    ("read timeout", httpx.ReadTimeout(""), "down", YES),
    ("reset", httpx.ReadError(""), "down", YES),
    ("closed", httpx.RemoteProtocolError("Server disconnected without sending a response."), "down", YES),
    ("not http", httpx.RemoteProtocolError("illegal status line"), "unknown", YES),
    ("os error", OSError(5, "x"), "down", YES),
    # N10: damaged
    ("gzip damage", unavailable(200, b"\x1f\x8bxxxxxx", JSON, content_encoding="gzip"), "unknown", YES),
    ("gzip cut", unavailable(200, gzip.compress(b"{}" * 99)[:-9], JSON, content_encoding="gzip"), "unknown", YES),
    ("gzip with a tail", unavailable(200, gzip.compress(b"{}") + b"x", JSON, content_encoding="gzip"), "unknown", YES),
    ("unknown encoding", unavailable(200, b"{}", JSON, content_encoding="br"), "unknown", YES),
    ("json cut", unavailable(200, b'{"data": {"trai', JSON), "unknown", YES),
    ("json in latin-1", unavailable(200, '{"a": "é"}'.encode("latin-1"), JSON), "unknown", YES),
    # N8, N9, N15: pages and redirects
    ("page with 200", unavailable(200, PAGE, HTML), "captive", YES),
    ("notice with 200", unavailable(200, NOTICE, HTML), "captive", YES),
    ("page called json", unavailable(200, SIGN_IN_PAGE, JSON), "captive", YES),
    ("page without type", unavailable(200, b"\xef\xbb\xbf <html>"), "captive", YES),
    ("page with 201", unavailable(201, PAGE, HTML), "captive", YES),
    ("redirect elsewhere", unavailable(302, b"", HTML, location="http://10.0.0.1/sign-in"), "captive", NO),
    ("redirect with page", unavailable(307, PAGE, HTML, location="/x"), "captive", NO),
    ("moved for good", unavailable(301), "captive", NO),
    ("not modified", unavailable(304), "captive", NO),
    ("network sign-in", unavailable(511, PAGE, HTML), "captive", NO),
    ("maintenance", unavailable(500, NOTICE, HTML), "maintenance", NO),
    ("page of the application's own fault", unavailable(500, PAGE, HTML), "maintenance", YES),
    ("503 notice", unavailable(503, NOTICE, HTML), "maintenance", NO),
    ("503 page", unavailable(503, PAGE, HTML), "maintenance", YES),
    ("405 page", unavailable(405, PAGE, HTML), "maintenance", NO),
    ("405 empty", unavailable(405), "maintenance", NO),
    ("422 page", unavailable(422, PAGE, HTML), "maintenance", NO),
    ("409 page", unavailable(409, PAGE, HTML), "maintenance", NO),
    ("400 page", unavailable(400, PAGE, HTML), "maintenance", NO),
    # N5, N6: faults of the portal
    ("500 json", as_json(500, {"status": 500, "error": "Internal Server Error"}), "down", YES),
    ("500 empty", unavailable(500), "down", YES),
    ("500 text", unavailable(500, b"boom", TEXT), "down", YES),
    ("502 empty", unavailable(502), "down", YES),
    ("502 page", unavailable(502, PAGE, HTML), "down", YES),
    ("504 page", unavailable(504, PAGE, HTML), "down", YES),
    ("504 json", as_json(504, {}), "down", YES),
    ("599", unavailable(599), "down", YES),
    ("503 empty", unavailable(503), "down", YES),
    ("503 json", as_json(503, {"checks": {}}), "down", YES),
    ("503 with a time", unavailable(503, b"", retry_after="30"), "busy", NO),
    ("503 notice with a time", unavailable(503, NOTICE, HTML, retry_after="30"), "busy", NO),
    ("503 with nonsense for a time", unavailable(503, b"", retry_after="soon"), "down", YES),
    ("429", unavailable(429, b"Retry later\n", TEXT, retry_after="12"), "busy", NO),
    ("429 page", unavailable(429, PAGE, HTML), "busy", NO),
    ("408", unavailable(408), "down", NO),
    # N7, N13: doors
    ("401", as_json(401, {"error": "Unauthorized"}), "sign-in", NO),
    ("401 page", unavailable(401, PAGE, HTML), "sign-in", NO),
    ("401 empty", unavailable(401), "sign-in", NO),
    ("403 text", unavailable(403, b"Forbidden\n", TEXT), "down", NO),
    ("403 page of a filter", unavailable(403, PAGE, HTML), "down", YES),
    ("403 json for good", as_json(403, {"error": "Forbidden"}), "sign-in", NO),
    ("404 page", unavailable(404, PAGE, HTML), "api-off", NO),
    ("404 empty", unavailable(404), "api-off", NO),
    ("404 text", unavailable(404, b"no", TEXT), "api-off", NO),
    ("410", as_json(410, {}), "api-off", NO),
    ("406", unavailable(406), "api-off", NO),
    ("407", unavailable(407, PAGE, HTML), "captive", NO),
    # nonsense
    ("200 empty", unavailable(200), "unknown", YES),
    ("204", unavailable(204), "unknown", YES),
    ("200 text", unavailable(200, b"OK", TEXT), "unknown", YES),
    ("200 json called text", unavailable(200, b"{}", TEXT), "unknown", YES),
    ("422 json cut", unavailable(422, b'{"errors": [', JSON), "unknown", YES),
    ("409 text", unavailable(409, b"no", TEXT), "unknown", YES),
    ("418", unavailable(418, b"short and stout", TEXT), "unknown", YES),
    ("999", unavailable(999), "unknown", YES),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "state", "effect"), [a[1:] for a in ANSWERS], ids=[a[0] for a in ANSWERS])
def test_answer_to_a_write_means(answer, state, effect):
    result = judged(answer, write=True)
    assert isinstance(result, Unavailable)
    assert (result.state, result.effect_possible) == (state, effect)


def test_a_read_never_has_an_effect():
    for answer in (httpx.ReadTimeout(""), unavailable(500), unavailable(200, PAGE, HTML)):
        result = judged(answer, write=False)
        assert isinstance(result, Unavailable)
        assert not result.effect_possible


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (as_json(200, {"data": {}}), 200, {"data": {}}),
        (raw(201, b'\xef\xbb\xbf{"a": 1}', "application/vnd.x+json"), 201, {"a": 1}),
        (as_json(202, []), 202, []),
        (as_json(404, {"errors": [{"error": "NotFound"}]}), 404, {"errors": [{"error": "NotFound"}]}),
        (as_json(409, {"errors": []}), 409, {"errors": []}),
        (as_json(422, {"errors": {}}), 422, {"errors": {}}),
        (raw(422, b"name is blank", TEXT), 422, "name is blank"),
        (raw(422), 422, None),
        (raw(400, b'["x"]', TEXT), 400, ["x"]),
        (raw(413), 413, None),
        (raw(200, b'{"a": "\\ud800x"}', JSON), 200, {"a": "\ufffdx"}),
        (raw(200, gzip.compress(b'{"a": 1}'), JSON, content_encoding="gzip"), 200, {"a": 1}),
    ],
)
def test_answer_that_speaks_of_data_is_a_verdict(answer, status, body):
    assert judged(answer, write=True) == Verdict(status, body)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("30", 30),
        (" 30 ", 30),
        ("1.5", 1.5),
        ("0", 1),
        ("-7", 1),
        ("315360000", 3600),
        ("Wed, 14 Oct 2026 09:02:00 GMT", 120),
        ("Wed, 14 Oct 2026 08:00:00 GMT", 1),
        ("Sat, 14 Oct 2036 09:00:00 GMT", 3600),
        ("14 Oct 2026 09:02:00", 120),
        ("", None),
        ("soon", None),
        ("1e9", None),
        ("99999999999999999999", None),
        ("Wed, 99 Oct 2026 09:02:00 GMT", None),
    ],
)
def test_time_to_wait_is_bounded(said, wait):
    assert retry_after_s(Reply(429, retry_after=said), NOW) == wait


def test_time_to_wait_counts_from_the_portals_own_clock():
    reply = Reply(429, retry_after="Wed, 14 Oct 2026 11:01:00 GMT", date="Wed, 14 Oct 2026 11:00:00 GMT")
    assert retry_after_s(reply, NOW) == 60


def test_portal_may_ask_to_wait_with_any_fault_of_its_own():
    for status in (429, 500, 503):
        result = judged(unavailable(status, b"", retry_after="77"), write=False)
        assert isinstance(result, Unavailable)
        assert result.retry_after_s == 77


_UNWANTED = re.compile(
    r"sync error|invalid|failed|oops|please|payload|commit|queue item|\bpush\b|http|null|\b\d{3}\b|[<>{}]|ashcombe",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", [a[0] for a in ANSWERS])
def test_detail_is_one_plain_line_of_ours(name):
    result = judged(next(a[1] for a in ANSWERS if a[0] == name), write=True)
    assert isinstance(result, Unavailable)
    assert result.detail.endswith(".")
    assert "\n" not in result.detail
    assert not _UNWANTED.search(result.detail)


def test_every_trouble_and_row_has_words():
    assert set(TROUBLES) == set(Trouble)
    words = [w for _, w in TROUBLES.values()] + [row.words for row in TABLE]
    for text in words:
        assert not _UNWANTED.search(text.format(portal="Register"))
    assert {row.state for row in TABLE} <= set(PortalState)


JUDGE = Judge("Register", lambda: NOW)
IN_A_MINUTE = "Wed, 14 Oct 2026 09:01:00 GMT"


REACH = 8192  # how far into a page its title is looked for


def page_with(title: bytes, before: bytes = b"", body: bytes = b"") -> bytes:
    return b"<html>" + before + b"<head><title>" + title + b"</title></head>" + body + b"</html>"


def test_an_answer_is_told_in_full():
    """State, words with the portal's name, effect, the time to wait, whose fault: nothing is lost on the way."""
    fault = "Register has a fault of its own and could not answer."
    wait = "Register is not available just now and asked us to wait."
    assert JUDGE(Reply(500), write=True) == Unavailable(PortalState.DOWN, fault, True, None, True)
    assert JUDGE(Reply(503, retry_after=IN_A_MINUTE), write=True) == Unavailable(
        PortalState.BUSY, wait, False, 60.0, False
    )
    assert JUDGE(Failure(Trouble.SILENT), write=True) == Unavailable(
        PortalState.DOWN, "We asked Register and no reply came.", True, None, False
    )


@pytest.mark.parametrize(
    ("reply", "own"),
    [
        (Reply(499), False),
        (Reply(500), True),
        (Reply(500, HTML, NOTICE), True),
        (Reply(503), True),
        (Reply(599), True),
        (Reply(600), False),
        (Reply(503, retry_after="30"), False),  # it asked to wait: that is no fault of one request
        (Reply(429), False),
        (Reply(404), False),
        (Reply(200, HTML, PAGE), False),
    ],
)
def test_a_fault_of_the_portals_own_may_be_about_this_one_request(reply, own):
    """D20: only such are counted towards parking one record that the portal cannot take."""
    result = JUDGE(reply, write=True)
    assert isinstance(result, Unavailable)
    assert result.own_fault is own


@pytest.mark.parametrize("status", [200, 302, 401, 404, 407, 408])
def test_a_time_to_wait_counts_only_with_a_refusal_that_has_one(status):
    result = JUDGE(Reply(status, HTML, PAGE, retry_after="30"), write=True)
    assert isinstance(result, Unavailable)
    assert result.retry_after_s is None


def test_without_a_clock_of_its_own_it_is_now():
    result = Judge("Register")(Reply(503, retry_after="Thu, 01 Jan 2099 00:00:00 GMT"), write=False)
    assert result == Unavailable(
        PortalState.BUSY, "Register is not available just now and asked us to wait.", False, 3600.0
    )


def test_a_date_in_another_zone_is_the_same_moment():
    assert retry_after_s(Reply(429, retry_after="Wed, 14 Oct 2026 11:01:00 +0200"), NOW) == 60


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Reply(200), None),
        (Reply(200, JSON, b"{}"), None),
        (Reply(200, TEXT, b"OK"), None),
        (Reply(299, TEXT, b"OK"), None),
        (Reply(300, TEXT, b"OK"), "captive"),
        (Reply(404, HTML, PAGE), None),  # this portal has no such page; that says nothing of its data service
        (Reply(404), None),
        (Reply(422, JSON, b"{}"), None),
        (Reply(200, HTML, PAGE), "captive"),
        (Reply(200, HTML, NOTICE), "captive"),
        (Reply(302), "captive"),
        (Reply(401), "sign-in"),
        (Reply(500, HTML, NOTICE), "maintenance"),
        (Reply(503), "down"),
        (Reply(503, retry_after=IN_A_MINUTE), "busy"),
        (Reply(418), "unknown"),
        (Reply(199, TEXT, b"OK"), "unknown"),
        (Failure(Trouble.SILENT), "down"),
        (Failure(Trouble.UNTRUSTED), "unknown"),
    ],
)
def test_at_the_door_any_page_of_the_portal_will_do(answer, state):
    """A health page need not be JSON; a page of something in between, or a refusal, still counts."""
    result = JUDGE.at_door(answer)
    assert (result.state if result else None) == state


def test_at_the_door_nothing_can_have_had_an_effect():
    for answer in (Reply(500), Reply(200, HTML, PAGE), Failure(Trouble.SILENT)):
        result = JUDGE.at_door(answer)
        assert result is not None
        assert result.effect_possible is False
        assert "Register" in result.detail


@pytest.mark.parametrize("write", [True, False])
def test_a_reply_that_is_not_what_was_asked_for(write):
    """I10: what was sent may have been carried out all the same, so a write has to be looked for."""
    assert JUDGE.unreadable(write=write) == Unavailable(
        PortalState.UNKNOWN, "Register's reply is not what we asked for.", write
    )
    assert JUDGE.stranger(write=write) == Unavailable(
        PortalState.UNKNOWN,
        "Register answers for another organisation. Check which access token is in use.",
        write,
    )


def test_a_missing_service_is_never_a_missing_record():
    words = "Register answers, but its data service is off or this is not its address."
    assert JUDGE.no_api() == Unavailable(PortalState.API_OFF, words)


@pytest.mark.parametrize(
    ("content_type", "body", "known"),
    [
        (HTML, NOTICE, True),
        ("", page_with(b"unavailable"), True),
        (HTML, page_with(b"Planned MAINTENANCE"), True),
        (HTML, page_with(b"unavailable", before=b" " * (REACH - 30)), True),
        (
            HTML,
            page_with(b"unavailable", before=b" " * (REACH - 29)),
            False,
        ),  # its last letter is out of reach
        (HTML, page_with(b"Sorry", body=b"unavailable"), False),
        ("TEXT/HTML", b"Service unavailable", False),
        (TEXT, b" \n<html>", False),
    ],
)
def test_only_the_known_page_proves_that_nothing_was_done(content_type, body, known):
    """The portal's maintenance page says so in its title, and stands in front of the application."""
    result = JUDGE(Reply(500, content_type, body), write=True)
    assert isinstance(result, Unavailable)
    assert (result.state, result.effect_possible) == (PortalState.MAINTENANCE, not known)


def test_a_page_is_one_by_its_type_even_if_it_does_not_begin_like_one():
    result = JUDGE(Reply(200, HTML, b"Please sign in"), write=False)
    assert isinstance(result, Unavailable)
    assert result.state == PortalState.CAPTIVE


@pytest.mark.parametrize(
    ("content_type", "body", "read"),
    [
        ("Application/JSON ; charset=utf-8", b'{"a": 1}', {"a": 1}),
        ("application/problem+json", b'{"a": 1}', {"a": 1}),
        (TEXT, b"\xff is not text", "\ufffd is not text"),
        (TEXT, b"x" * 2000 + b"yz", "x" * 2000),
        (JSON, b" \n ", None),
    ],
)
def test_what_a_refusal_says_is_read_whatever_it_is(content_type, body, read):
    assert JUDGE(Reply(422, content_type, body), write=True) == Verdict(422, read)


@pytest.mark.parametrize(
    ("status", "done"), [(199, False), (200, True), (299, True), (300, False), (422, False)]
)
def test_what_counts_as_done(status, done):
    assert Verdict(status, None).done is done


# --- the whole table ------------------------------------------------------------------------------------------------

LETTERS = {
    "P": "up",
    "C": "captive",
    "S": "sign-in",
    "D": "down",
    "B": "busy",
    "M": "maintenance",
    "U": "unknown",
    "A": "api-off",
}
BODIES = ((JSON, b"{}"), (HTML, PAGE), (HTML, NOTICE), (TEXT, b"no"), (JSON, b"{"), ("", b""))
GRID = """
          data page notice text broken empty
199 600   U+   U+   U+     U+   U+     U+
200 299   ok   C+   C+     U+   U+     U+
300 399   C-   C-   C-     C-   C-     C-
400 413   ok   M-   M-     ok   U+     ok
401       S-   S-   S-     S-   S-     S-
402 411   U+   M-   M-     U+   U+     U+
403       S-   D+   D+     D-   D-     D-
404       ok   A-   A-     A-   A-     A-
405       M-   M-   M-     M-   M-     M-
406 410   A-   A-   A-     A-   A-     A-
407       C-   C-   C-     C-   C-     C-
408       D-   M-   M-     D-   D-     D-
409       ok   M-   M-     U+   U+     U+
415       A-   A-   A-     A-   A-     A-
422       ok   M-   M-     ok   U+     ok
429       B-   B-   B-     B-   B-     B-
499       U+   M-   M-     U+   U+     U+
500       D+   M+   M-     D+   D+     D+
503       D+   M+   M-     D+   D+     D+
501 599   D+   D+   D+     D+   D+     D+
511       C-   C-   C-     C-   C-     C-
"""
"""Status and kind of body -> a verdict on data (ok), or the portal's state; + = a write may have been carried out."""


def grid() -> Iterator[tuple[Reply, str]]:
    for line in GRID.strip().splitlines()[1:]:
        words = line.split()
        for status in (int(w) for w in words if w.isdecimal()):
            for (content_type, body), due in zip(BODIES, words[-len(BODIES) :], strict=True):
                yield Reply(status, content_type, body), due
    yield from ((Reply(503, *b, retry_after="5"), "B-") for b in BODIES)


def meaning(reply: Reply) -> str:
    result = JUDGE(reply, write=True)
    if isinstance(result, Verdict):
        return "ok"
    letter = next(k for k, v in LETTERS.items() if v == result.state)
    return letter + ("+" if result.effect_possible else "-")


def test_what_each_status_means_with_each_body():
    assert [(reply.status, reply, due) for reply, due in grid() if meaning(reply) != due] == []


@pytest.mark.parametrize(
    ("state", "troubles"),
    [
        ("captive", {Trouble.PROXY_SIGN_IN}),
        (
            "unknown",
            {
                *(Trouble.UNTRUSTED, Trouble.NOT_MADE, Trouble.GARBLED, Trouble.CUT),
                *(Trouble.DAMAGED, Trouble.TOO_LONG),
            },
        ),
        (
            "down",
            {
                *(Trouble.NO_ADDRESS, Trouble.UNREACHABLE, Trouble.NOT_LISTENING, Trouble.CONNECT_TIMEOUT),
                *(Trouble.PROXY, Trouble.SEND_BROKEN, Trouble.SILENT, Trouble.CLOSED, Trouble.TOO_SLOW),
            },
        ),
    ],
)
def test_a_failure_says_down_unless_something_answered(state, troubles):
    """Down is said of a portal that does not answer; what answers wrongly, or was never asked, leaves it unknown."""
    said = {t: JUDGE.at_door(Failure(t)) for t in Trouble}
    assert {t for t, result in said.items() if result and result.state == state} == troubles


def otherwise(row: Row) -> Iterator[Row | None]:
    """The row left out (None), and with any one of its answers changed."""
    yield None
    yield replace(row, effect=not row.effect)
    yield replace(row, waits=not row.waits)
    yield replace(row, state=PortalState.UP)


def test_no_part_of_the_table_could_be_otherwise(monkeypatch):
    """The table is data, which no count of lines or branches sees: each part is changed, and some answer must change."""
    unnoticed = []
    for number, row in enumerate(TABLE):
        for other in otherwise(row):
            rows = (*TABLE[:number], *([] if other is None else [other]), *TABLE[number + 1 :])
            monkeypatch.setattr(outcome, "TABLE", rows)
            if all(meaning(reply) == due for reply, due in grid()):
                unnoticed.append((row, other))
    assert unnoticed == []
