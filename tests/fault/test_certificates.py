"""Certificates that do not hold (N12), before a real TLS server: the token stays here, the queue waits, one word is told."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import truststore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from desktop.model.change import ChangeState
from desktop.model.verdict import PortalState
from desktop.sync.portals import http
from tests.fault.conftest import TOKEN_VARIABLE, TRAINEES, Desk

Signed = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def _certificate(
    name: str, issuer: Signed | None = None, *, host: str = "127.0.0.1", begin: int = -2, end: int = 30
) -> Signed:
    """A certificate that holds from `begin` to `end` days from now; without an issuer it signs itself and others."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=begin))
        .not_valid_after(now + timedelta(days=end))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer:
        alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
        made = made.add_extension(alternative, critical=False)
    return made.sign(issuer[1] if issuer else key, hashes.SHA256()), key


@pytest.fixture(scope="module")
def root() -> Signed:
    return _certificate("School root", begin=-400, end=400)


@pytest.fixture
def trusting(root: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The computer's store trusts the root."""

    def trust() -> ssl.SSLContext:
        context: Any = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=root[0].public_bytes(serialization.Encoding.PEM).decode())
        return context  # type: ignore[no-any-return]

    monkeypatch.setattr(http, "_trust", trust)


@contextmanager
def secured(url: str, signed: Signed, folder: Path) -> Iterator[str]:
    """A TLS server in front of a plain one; yields its address."""
    chain = folder / "chain.pem"
    chain.write_bytes(
        signed[0].public_bytes(serialization.Encoding.PEM)
        + signed[1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    behind = urlsplit(url)
    assert behind.hostname is not None
    assert behind.port is not None
    where = (behind.hostname, behind.port)
    door = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def copy(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                outer, _ = door.accept()
                with suppress(OSError):
                    secure = context.wrap_socket(outer, server_side=True)
                    inner = socket.create_connection(where)
                    pair = [(secure, inner), (inner, secure)]
                    threads.extend(threading.Thread(target=copy, args=p, daemon=True) for p in pair)
                    for thread in threads[-2:]:
                        thread.start()
                    opened.extend((secure, inner))

    opened: list[socket.socket] = []
    accepting = threading.Thread(target=serve, daemon=True)
    accepting.start()
    try:
        yield f"https://127.0.0.1:{door.getsockname()[1]}"
    finally:
        with suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        door.close()
        accepting.join()
        for one in opened:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()
        for one in opened:
            one.close()


WRONG: dict[str, dict[str, Any]] = {
    "expired": {"begin": -60, "end": -1},
    "another host": {"host": "127.0.0.2"},
    "our clock is wrong": {"begin": 1},
}


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))
def test_a_certificate_that_is_wrong(desk: Desk, root: Signed, tmp_path: Path, wrong: dict[str, Any]) -> None:
    """N12, I3: ended, for another name, or not yet valid as our clock has it."""
    _check(desk, _certificate("Register", root, **wrong), tmp_path)


@pytest.mark.usefixtures("trusting")
def test_a_certificate_of_a_stranger(desk: Desk, tmp_path: Path) -> None:
    """N12: an interception whose root this computer does not trust."""
    _check(desk, _certificate("Register", _certificate("Another root")), tmp_path)


@pytest.mark.usefixtures("trusting")
def test_a_certificate_that_holds(desk: Desk, root: Signed, tmp_path: Path) -> None:
    """N12: the inspecting network of a school, whose root the computer trusts: everything works."""
    _queue(desk)
    with secured(desk.portal.register_url, _certificate("Register", root), tmp_path) as url:
        _connect(desk, url)
        assert desk.sync().state is PortalState.UP
        desk.assert_settled()


def _connect(desk: Desk, url: str) -> None:
    desk.workspace.portals.connect(TRAINEES, url, token_env=TOKEN_VARIABLE)


def _queue(desk: Desk) -> None:
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.add()


def _check(desk: Desk, signed: Signed, folder: Path) -> None:
    """The queue waits, the portal saw nothing, and over a line that holds all of it goes out."""
    _queue(desk)
    with secured(desk.portal.register_url, signed, folder) as url:
        _connect(desk, url)
        report = desk.sync()
    assert report.state is PortalState.UNKNOWN
    assert "certificate" in report.detail
    assert desk.control.requests() == []
    assert desk.states() == [ChangeState.QUEUED] * 2
    _connect(desk, desk.portal.register_url)
    desk.sync()
    desk.assert_settled()
