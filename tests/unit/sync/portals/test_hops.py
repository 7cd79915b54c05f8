"""The connection check on a real line: each step that can fail fails alone, and is told with what to do about it."""

import contextlib
import socket
import ssl
import threading

import pytest

from desktop.model.errors import UsageError
from desktop.model.hop import Passed, Step
from desktop.sync.portals import hops, http, proxies
from desktop.sync.portals.proxies import Proxy, Source, keep_sign_in, proxy_for
from tests.fault.test_certificates import _certificate, secured
from tests.unit.sync.portals.answering import misbehaving, read_request

YES, NO, OUT = Passed.YES, Passed.NO, Passed.LEFT_OUT


@pytest.fixture(scope="module")
def root():
    return _certificate("Trust web filter", begin=-400, end=400)


@pytest.fixture
def trusting(root, monkeypatch):
    def trust():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        from cryptography.hazmat.primitives.serialization import Encoding

        context.load_verify_locations(cadata=root[0].public_bytes(Encoding.PEM).decode())
        return context

    monkeypatch.setattr(http, "_trust", trust)


@pytest.fixture
def door():
    """Something that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def outcome(url):
    return [(hop.step, hop.passed) for hop in hops.way_to(url)]


def last(url):
    *_, hop = hops.way_to(url)
    return hop


def test_a_plain_address_on_this_computer(door):
    assert outcome(door) == [(Step.PROXY, OUT), (Step.NAME, OUT), (Step.REACH, YES)]


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    hop = last(f"https://127.0.0.1:{port}")
    assert (hop.step, hop.passed) == (Step.REACH, NO)
    assert hop.words == f"127.0.0.1 does not take connections on port {port}."
    assert "ask your IT support to allow 127.0.0.1" in hop.advice


def test_a_name_that_nobody_knows():
    hop = last(f"https://{'a' * 70}.example.org")
    assert (hop.step, hop.passed) == (Step.NAME, NO)
    assert "open any website" in hop.advice


@pytest.mark.usefixtures("trusting")
def test_a_certificate_that_holds_names_its_issuer(door, root, tmp_path):
    with secured(door, _certificate("Portal", root), tmp_path) as url:
        hop = last(url)
    assert (hop.step, hop.passed) == (Step.CERTIFICATE, YES)
    assert hop.words.endswith("It was issued by Trust web filter.")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"begin": -60, "end": -1}, "ended on"),
        ({"begin": 2}, "does not hold yet"),
        ({"host": "127.0.0.2"}, "is for another address than 127.0.0.1. It was issued by Trust web filter."),
    ],
)
@pytest.mark.usefixtures("trusting")
def test_a_certificate_that_does_not_hold(door, root, tmp_path, wrong, told):
    with secured(door, _certificate("Portal", root, **wrong), tmp_path) as url:
        hop = last(url)
    assert (hop.step, hop.passed) == (Step.CERTIFICATE, NO)
    assert told in hop.words


@pytest.mark.usefixtures("trusting")
def test_a_stranger_s_certificate_is_named_and_never_believed(door, tmp_path):
    stranger = _certificate("Unknown filter", begin=-400, end=400)
    with secured(door, _certificate("Portal", stranger), tmp_path) as url:
        hop = last(url)
    assert (
        hop.words
        == "This computer does not trust the certificate of 127.0.0.1. It was issued by Unknown filter."
    )
    assert "Holdfast sends nothing until then." in hop.advice


def test_something_else_answers_on_the_port():
    def chat(connection, _over):
        read = connection.recv(4096)
        assert read
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with misbehaving(chat) as address:
        hop = last(address.replace("http:", "https:"))
    assert (hop.step, hop.passed) == (Step.CERTIFICATE, NO)
    assert "does not speak the encrypted language" in hop.words


def test_a_root_without_critical_bits_works_and_would_not_if_we_were_strict(door, tmp_path, monkeypatch):
    """Python 3.13 judges strictly where a program lets it choose: some filters' roots would be refused (G1.4)."""
    from cryptography.hazmat.primitives.serialization import Encoding

    from tests.unit.sync.portals.test_tls import certificate, ec

    key, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    lax = certificate("School root", key, "School root", key, authority=True)
    leaf = certificate("Register", own, "School root", key), own

    def trust(strict):
        context = http._trust()
        context.load_verify_locations(cadata=lax.public_bytes(Encoding.PEM).decode())
        if strict:
            context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    real = http._trust
    for strict, passed in ((False, YES), (True, NO)):
        made = trust(strict)
        monkeypatch.setattr(http, "_trust", lambda made=made: made)
        with secured(door, leaf, tmp_path) as url:
            assert last(url).passed is passed
        monkeypatch.setattr(http, "_trust", real)


# --- proxies ---------------------------------------------------------------------------------------------------------


def refusing(status, seen):
    def answer(connection, _over):
        seen.append(read_request(connection))
        connection.sendall(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode())

    return answer


def tunnelling(seen):
    """A proxy that does its work, for `ada` with the password `p@ss:word`."""

    def pump(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def answer(connection, _over):
        head = read_request(connection)
        seen.append(head)
        if b"Proxy-Authorization: Basic YWRhOnBAc3M6d29yZA==" not in head:
            connection.sendall(b"HTTP/1.1 407 Who are you\r\n\r\n")
            return
        host, _, port = head.split(b" ")[1].decode().rpartition(":")
        connection.sendall(b"HTTP/1.1 200 Here you are\r\n\r\n")
        with socket.create_connection((host, int(port))) as far:
            back = threading.Thread(target=pump, args=(far, connection), daemon=True)
            back.start()
            pump(connection, far)
            back.join()

    return answer


@pytest.fixture
def keyring(monkeypatch):
    """A credential store that holds what it is given."""
    import keyring as real

    held = {}
    monkeypatch.setattr(
        real, "set_password", lambda service, name, word: held.update({(service, name): word})
    )
    monkeypatch.setattr(real, "get_password", lambda service, name: held.get((service, name)))
    monkeypatch.setattr(real, "delete_password", lambda service, name: held.pop((service, name)))
    monkeypatch.setattr(proxies, "_signed_in", {})
    return held


@pytest.mark.usefixtures("trusting", "keyring")
def test_a_proxy_that_asks_for_a_name_gets_it_and_lets_us_through(door, root, tmp_path, manage):
    seen: list[bytes] = []
    with misbehaving(tunnelling(seen)) as proxy, secured(door, _certificate("Portal", root), tmp_path) as url:
        manage(Proxy=proxy)
        hop = last(url)
        assert (hop.step, hop.passed, hop.wants_sign_in) == (Step.TUNNEL, NO, True)
        shown = proxy.removeprefix("http://")
        assert keep_sign_in(shown, "ada", "p@ss:word")
        assert outcome(url) == [
            (Step.PROXY, YES),
            (Step.NAME, OUT),
            (Step.REACH, YES),
            (Step.TUNNEL, YES),
            (Step.CERTIFICATE, YES),
        ]
        told = next(hops.way_to(url)).words
        assert told == f"The way goes through the proxy {shown}, that your organisation manages."
        keep_sign_in(shown, "ada", "wrong")
        assert "does not take the name and the password" in last(url).advice
        proxies.forget_sign_in(shown)
        assert proxy_for("127.0.0.1").address == proxy


@pytest.mark.parametrize(("status", "told"), [(403, "it says 403"), (502, "it says 502")])
def test_a_proxy_that_refuses_is_told_with_its_word(manage, status, told):
    seen: list[bytes] = []
    with misbehaving(refusing(status, seen)) as proxy:
        manage(Proxy=proxy)
        hop = last("https://portal.example")
    assert (hop.step, hop.passed) == (Step.TUNNEL, NO)
    assert told in hop.words
    assert seen[0].startswith(b"CONNECT portal.example:443 ")


def test_a_proxy_that_talks_nonsense(manage):
    def babble(connection, _over):
        read_request(connection)
        connection.sendall(b"hello there\r\n\r\n")

    with misbehaving(babble) as proxy:
        manage(Proxy=proxy)
        assert "gives no answer that makes sense" in last("https://portal.example").words


def test_a_proxy_that_is_not_there(manage):
    manage(Proxy="http://127.0.0.1:9")
    hop = last("https://portal.example")
    assert (hop.step, hop.passed) == (Step.REACH, NO)
    assert hop.advice == "Ask your IT support: this computer cannot reach the proxy."


def test_what_the_platform_finds_counts_after_the_environment(monkeypatch):
    proxies.find_with(lambda host: "http://from-a-script.example:8080" if host == "portal.example" else "")
    try:
        assert proxy_for("portal.example") == Proxy("http://from-a-script.example:8080", Source.COMPUTER)
        assert proxy_for("other.example") == Proxy("", Source.NONE)
        monkeypatch.setenv("https_proxy", "http://own.example:1")
        assert proxy_for("portal.example").address == "http://own.example:1"
    finally:
        proxies.find_with(None)


def test_a_computer_without_a_place_for_passwords_says_so():
    assert not keep_sign_in("proxy.example:8080", "ada", "secret")
    assert proxies.with_sign_in("http://proxy.example:8080") == "http://proxy.example:8080"


def test_a_proxy_s_sign_in_is_in_no_repr(keyring, manage):
    keep_sign_in("proxy.example:8080", "ada", "secret")
    manage(Proxy="http://proxy.example:8080")
    proxy = proxy_for("portal.example")
    assert "secret" in proxy.address
    assert "secret" not in repr(proxy) + proxy.shown


def test_an_address_that_cannot_be_one_is_refused():
    with pytest.raises(UsageError):
        list(hops.way_to("ftp://portal.example"))


def test_a_certificate_s_hostile_issuer_is_only_text(door, tmp_path):
    stranger = _certificate("\u202eevil\x07" + "x" * 20, begin=-1, end=1)
    with secured(door, _certificate("Portal", stranger), tmp_path) as url:
        words = last(url).words
    assert words.isprintable()


def test_a_name_that_the_network_knows(door):
    found = {hop.step: hop for hop in hops.way_to(door.replace("127.0.0.1", "localhost"))}
    assert found[Step.NAME].passed is YES
    assert found[Step.NAME].words.startswith("The network knows localhost (")
