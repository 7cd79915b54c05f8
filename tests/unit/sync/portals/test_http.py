"""The maker of clients: addresses, tokens, what travels with a request, and how much of a reply is read."""

import gzip
import logging
import ssl
import subprocess
import sys

import httpx
import pytest
import truststore

from desktop import __version__
from desktop.model.errors import UsageError
from desktop.sync.portals import http
from desktop.sync.portals.http import (
    Failure,
    HttpClient,
    Reply,
    Timeouts,
    Trouble,
    clean_address,
    clean_token,
)
from desktop.sync.portals.proxies import proxy_for
from tests.unit.sync.portals.answering import BASE, TOKEN, Raw, Script, as_json, raw


def client(script: Script, **options) -> HttpClient:
    return HttpClient(BASE, TOKEN, transport=script.transport, **options)


# --- address and token ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "https://register.example.org",
        " https://register.example.org/ ",
        "http://127.0.0.1:8080",
        "http://127.9.9.9",
        "http://localhost:1",
        "http://LOCALHOST",
        "http://[::1]:8080",
        "https://register.example.org/under",
    ],
)
def test_address_that_keeps_the_token_safe_is_taken(address):
    assert clean_address(address).host


@pytest.mark.parametrize(
    "address",
    [
        "",
        "register.example.org",
        "ftp://register.example.org",
        "https://",
        "https://[",
        "https://a\x00b",
        "https://user:secret@register.example.org",
        "https://register.example.org/?token=secret",
        "https://register.example.org/#x",
        "http://register.example.org",
        "http://10.0.0.1",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "https://register.example.org:99999",
    ],
)
def test_other_addresses_are_refused_with_what_to_do(address):
    with pytest.raises(UsageError, match=r"\.$") as caught:
        clean_address(address)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("token", [TOKEN, f"  {TOKEN}\r\n", f"Bearer {TOKEN}", f"bearer  {TOKEN} "])
def test_token_is_freed_of_what_surrounds_it(token):
    assert clean_token(token) == TOKEN


@pytest.mark.parametrize(
    "token", ["to ken", "to\nken", "to\tken", "t\u00f6ken", "to\x00ken", "to\u200bken", "\ud800", "to\x7fken"]
)
def test_token_that_cannot_be_one_is_refused_without_showing_it(token):
    with pytest.raises(UsageError) as caught:
        HttpClient(BASE, token)
    assert token not in str(caught.value)


# --- requests -------------------------------------------------------------------------------------------------------


def test_request_carries_what_it_should_and_no_more():
    script = Script(as_json(200, {}))
    client(script).send(
        "PUT", "/api/x%2Fy", query={"since": "2026-09-01T00:00:00+01:00"}, body=b"{}", headers={"X-A": "1"}
    )
    (request,) = script.requests
    assert str(request.url) == f"{BASE}/api/x%2Fy?since=2026-09-01T00%3A00%3A00%2B01%3A00"
    assert request.content == b"{}"
    headers = dict(request.headers)
    assert headers.pop("user-agent") == f"Holdfast/{__version__}"
    assert headers.pop("authorization") == f"Bearer {TOKEN}"
    assert headers.pop("accept") == "application/json"
    assert headers.pop("accept-encoding") == "gzip"
    assert headers.pop("content-type") == "application/json"
    assert headers.pop("x-a") == "1"
    assert headers.keys() == {"host", "connection", "content-length"}


def test_path_of_the_address_stays():
    script = Script(as_json(200, {}))
    HttpClient(f"{BASE}/under/", TOKEN, transport=script.transport).send("GET", "/ping", with_token=False)
    assert str(script.requests[0].url) == f"{BASE}/under/ping"
    assert "authorization" not in script.requests[0].headers


def test_cookies_of_a_sign_in_page_are_not_kept():
    script = Script(raw(200, b"{}", "application/json", set_cookie="session=1; Path=/"))
    ours = client(script)
    ours.send("GET", "/a")
    ours.send("GET", "/b")
    assert "cookie" not in script.requests[1].headers


def test_redirect_is_never_followed():
    script = Script(raw(302, b"", location="https://elsewhere.example.org/"))
    assert client(script).send("GET", "/a") == Reply(302, location="https://elsewhere.example.org/")
    assert [r.url.host for r in script.requests] == ["register.example.org"]


def test_timeouts_reach_every_step():
    script = Script(as_json(200, {}))
    client(script, timeouts=Timeouts(1, 2, 3, 4)).send("GET", "/a")
    assert script.requests[0].extensions["timeout"] == {"connect": 1, "read": 2, "write": 3, "pool": 4}


def test_requests_that_left_are_counted():
    script = Script(
        as_json(200, {}), httpx.ConnectError(""), httpx.ReadTimeout(""), httpx.ConnectTimeout(""), raw(500)
    )
    ours = client(script)
    for _ in range(5):
        ours.send("GET", "/a")
    assert ours.requests_made == 3


def test_token_is_in_no_text_that_we_make(caplog):
    caplog.set_level(logging.DEBUG)
    problem = httpx.ConnectError("refused")
    ours = client(Script(problem))
    texts = [repr(ours), str(ours), repr(ours.send("GET", "/a")), repr(Reply(200, "x", b"Ashcombe"))]
    assert not [t for t in [*texts, caplog.text] if TOKEN in t or "Ashcombe" in t]


# --- replies --------------------------------------------------------------------------------------------------------


def test_reply_that_is_too_long_is_cut_and_left():
    taken = []

    class Endless(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                taken.append(1)
                yield b"x" * 1000

    ours = client(Script(lambda _: httpx.Response(200, stream=Endless())), max_reply_bytes=10_000)
    assert ours.send("GET", "/a") == Failure(Trouble.TOO_LONG)
    assert len(taken) == 11


def test_reply_that_unpacks_to_too_much_is_cut():
    bomb = gzip.compress(b"\0" * 5_000_000)
    ours = client(Script(raw(200, bomb, content_encoding="gzip")), max_reply_bytes=100_000)
    assert ours.send("GET", "/a") == Failure(Trouble.TOO_LONG)


def test_reply_of_just_the_limit_is_read():
    for encoding, body in (("", b"x" * 1000), ("gzip", gzip.compress(b"x" * 1000))):
        ours = client(Script(raw(200, body, content_encoding=encoding)), max_reply_bytes=1000)
        assert ours.send("GET", "/a") == Reply(200, "", b"x" * 1000)


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
def test_packed_reply_is_read_in_any_pieces(size):
    packed = gzip.compress(b'{"a": "Ashcombe"}' * 50)
    pieces = [packed[i : i + size] for i in range(0, len(packed), size)]
    script = Script(lambda _: httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Raw(*pieces)))
    answer = client(script).send("GET", "/a")
    assert isinstance(answer, Reply)
    assert answer.body == b'{"a": "Ashcombe"}' * 50


def test_packed_reply_that_is_cut_anywhere_is_noticed():
    packed = gzip.compress(b'{"a": 1}')
    for end in range(1, len(packed)):
        ours = client(Script(raw(200, packed[:end], content_encoding="gzip")))
        assert ours.send("GET", "/a") == Failure(Trouble.DAMAGED), end


def test_ready_made_reply_of_a_mock_is_taken():
    ours = client(Script(lambda _: httpx.Response(200, json={"a": 1})))
    answer = ours.send("GET", "/a")
    assert isinstance(answer, Reply)
    assert answer.body == b'{"a":1}'


def test_reply_that_breaks_off_or_drags_on_while_it_is_read():
    def broken(problem):
        class Broken(httpx.SyncByteStream):
            def __iter__(self):
                yield b"{"
                raise problem

        return lambda _: httpx.Response(200, stream=Broken())

    for problem, trouble in (
        (httpx.ReadError(""), Trouble.CUT),
        (httpx.RemoteProtocolError("peer closed connection"), Trouble.CUT),
        (OSError(5, "x"), Trouble.CUT),
        (httpx.ReadTimeout(""), Trouble.TOO_SLOW),
    ):
        assert client(Script(broken(problem))).send("GET", "/a") == Failure(trouble)


def test_reply_is_given_up_when_its_time_is_over():
    now = [0.0]

    class Slow(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                now[0] += 1
                yield b"x"

    ours = client(
        Script(lambda _: httpx.Response(200, stream=Slow())),
        timeouts=Timeouts(total_s=10),
        clock=lambda: now[0],
    )
    assert ours.send("GET", "/a") == Failure(Trouble.TOO_SLOW)
    assert now[0] == 10


# --- the network below ----------------------------------------------------------------------------------------------


def test_certificates_are_judged_by_the_computers_store(monkeypatch):
    asked = []
    monkeypatch.setattr(http, "_trust", lambda: asked.append(1))
    HttpClient("http://127.0.0.1:9", TOKEN).close()
    assert asked == []
    monkeypatch.undo()
    context = http._trust()
    assert type(context) is truststore.SSLContext
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    ("environment", "host", "proxy"),
    [
        ({}, "register.example.org", None),
        (
            {"https_proxy": "http://proxy.example.org:3128"},
            "register.example.org",
            "http://proxy.example.org:3128",
        ),
        ({"https_proxy": "proxy.example.org:3128"}, "register.example.org", "http://proxy.example.org:3128"),
        ({"https_proxy": "http://p:1", "no_proxy": "register.example.org"}, "register.example.org", None),
        ({"http_proxy": "http://p:1"}, "register.example.org", None),
        ({"https_proxy": "socks5://p:1"}, "register.example.org", None),
        ({"https_proxy": "http://"}, "register.example.org", None),
    ],
)
def test_systems_proxy_is_used_for_https(monkeypatch, environment, host, proxy):
    for name in ("https_proxy", "http_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert (proxy_for(host).address or None) == proxy


def test_host_that_no_name_server_knows_is_no_crash():
    ours = HttpClient(f"https://{'a' * 70}.example.org", TOKEN, proxy=None)
    assert ours.send("GET", "/a") == Failure(Trouble.NO_ADDRESS)
    ours.close()


def test_proxy_is_never_used_for_this_computer(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://proxy.example.org:3128")
    monkeypatch.setenv("https_proxy", "http://proxy.example.org:3128")
    ours = HttpClient("http://127.0.0.1:9", TOKEN, proxy="http://proxy.example.org:3128")
    assert ours.send("GET", "/a") == Failure(Trouble.NOT_LISTENING)
    ours.close()


def test_protocol_is_imported_without_the_network_libraries():
    code = "import sys, desktop.sync.portal; print({'httpx', 'truststore', 'ssl'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
