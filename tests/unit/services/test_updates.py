"""A newer version: announced by a signed file at an address, told when it suits, never installed by itself."""

import hashlib
import json
import threading
from base64 import b64encode
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop import __version__
from desktop.collections import editions
from desktop.model.errors import UsageError
from desktop.services import updates
from desktop.services.views import Deadline
from tests.publishing import publish

TODAY = date(2027, 1, 20)
INSTALLER = b"not really an installer"


@pytest.fixture
def key(monkeypatch):
    made = Ed25519PrivateKey.generate()
    monkeypatch.setattr(editions, "trusted_keys", lambda: {"a test": publish.public_of(made)})
    return made


def announced(key, **other):
    raw = json.dumps(
        {
            "format": 1,
            "product": "holdfast",
            "version": "9.2.0",
            "published": "2027-01-10",
            "notes": ["Faster"],
            "files": {"holdfast.deb": hashlib.sha256(INSTALLER).hexdigest()},
        }
        | other
    ).encode()
    outer = {"release": b64encode(raw).decode(), "signature": b64encode(key.sign(raw)).decode()}
    return json.dumps(outer).encode()


@pytest.fixture
def place(manage):
    """An address on loopback: `place.says` is what stands there, `place.status` how it answers."""

    class Place(HTTPServer):
        says: bytes = b""
        status: int = 200
        asked: list[str]
        address: str

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(server.status)
            self.send_header("Content-Length", str(len(server.says)))
            self.end_headers()
            self.wfile.write(server.says)
            server.asked.append(self.path)

        def log_message(self, *_args):
            pass

    server = Place(("127.0.0.1", 0), Answer)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    server.address = f"http://127.0.0.1:{server.server_port}"
    manage(UpdateAddress=server.address)
    yield server
    server.shutdown()
    server.server_close()


def test_a_newer_version_is_told(place, key):
    place.says = announced(key)
    release = updates.check()
    assert place.asked == ["/releases.json"]
    assert release.newer
    assert updates.advice(release, ()) == (
        "Holdfast 9.2.0 is there, published on 10 January 2027. Install it when it suits you, or ask your IT support. "
        "Nothing is installed by itself."
    )


@pytest.mark.parametrize(
    ("version", "newer"), [(__version__, False), ("0.0.9", False), ("10.0", True), ("0.1.0.1", True)]
)
def test_versions_are_compared_as_numbers(key, version, newer):
    assert updates.parse(announced(key, version=version)).newer is newer


def test_nothing_newer_is_told_too(key):
    release = updates.parse(announced(key, version=__version__))
    assert updates.advice(release, ()) == f"Holdfast {__version__} is the newest version."


@pytest.mark.parametrize(("days", "waits"), [(0, True), (14, True), (15, False), (-1, False)])
def test_nobody_is_asked_to_install_anything_before_a_deadline(key, days, waits):
    due = TODAY + timedelta(days=days)
    told = updates.advice(
        updates.parse(announced(key)), [Deadline("trainees", due, "The census closes", days)]
    )
    after = due + timedelta(days=1)
    assert (f"A deadline is near, so leave it until {after.day} {after:%B}." in told) is waits


def test_switched_off_by_it_nobody_is_asked(place, key, manage):
    manage(UpdateAddress=place.address, UpdateCheck="off")
    with pytest.raises(UsageError, match="looks nowhere"):
        updates.check()
    assert place.asked == []


def test_without_an_address_nobody_is_asked():
    assert updates.address() == ""
    with pytest.raises(UsageError, match="looks nowhere"):
        updates.check()


@pytest.mark.parametrize("status", [404, 500, 503, 302])
def test_an_address_in_trouble_says_nothing_about_versions(place, key, status):
    place.says, place.status = announced(key), status
    with pytest.raises(updates.NoAnswer, match="Try again later"):
        updates.check()


def test_nobody_there(place, manage):
    place.server_close()
    with pytest.raises(updates.NoAnswer, match="Try again later"):
        updates.check()


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"release": "AA==", "signature": 5}', b'{"release": "\xff"}']
)
def test_what_is_no_announcement_is_not_believed(place, key, body):
    place.says = body
    with pytest.raises(UsageError, match="no announcement"):
        updates.check()


@pytest.mark.parametrize(
    "other",
    [
        {"product": "another"},
        {"format": 2},
        {"version": "new"},
        {"published": "soon"},
        {"files": ["a"]},
        {"notes": 4},
    ],
)
def test_what_is_signed_but_strange_is_not_believed(key, other):
    with pytest.raises(UsageError, match="no announcement"):
        updates.parse(announced(key, **other))


def test_somebody_else_s_signature_is_not_believed(place, key):
    place.says = announced(Ed25519PrivateKey.generate())
    with pytest.raises(UsageError, match="not signed by anybody"):
        updates.check()


def test_an_installer_is_compared_with_what_was_published(key, tmp_path):
    release = updates.parse(announced(key))
    path = tmp_path / "holdfast.deb"
    path.write_bytes(INSTALLER)
    assert updates.verify(path, release) == "holdfast.deb is the file that was published."
    path.write_bytes(INSTALLER + b"!")
    with pytest.raises(UsageError, match="is not the file that was published"):
        updates.verify(path, release)
    with pytest.raises(UsageError, match=r"is no file of Holdfast 9\.2\.0"):
        updates.verify(tmp_path / "holdfast.exe", release)
    path.unlink()
    with pytest.raises(UsageError, match="cannot be read"):
        updates.verify(path, release)
