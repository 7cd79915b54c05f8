"""TLS as school networks do it (sync.md N12): a root of one's own, a wrong name, an ended certificate, a stranger's."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import orjson
import pytest
import truststore

from desktop.collections.trainees import COLLECTION
from desktop.model.document import Document
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import PortalState, Unavailable
from desktop.sync.portals import http
from desktop.sync.portals.http import Timeouts
from desktop.sync.portals.register import RegisterPortal
from tests.unit.sync.portals.answering import TOKEN, http_reply, misbehaving, read_request, trainee

x509 = pytest.importorskip("cryptography.x509")
hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")

NOW = datetime.now(UTC)


def certificate(name, key, issuer, issuer_key, *, authority=False, host="127.0.0.1", days=30):
    """A certificate that ends `days` from now."""
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=60))
        .not_valid_after(NOW + timedelta(days=days))
        # As some inspecting proxies make their root: the constraint is not marked critical, and key usage is missing.
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=False)
    )
    if not authority:
        made = made.add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False
        )
    return made.sign(issuer_key, hashes.SHA256())


@pytest.fixture(scope="module")
def root():
    key = ec.generate_private_key(ec.SECP256R1())
    return certificate("School root", key, "School root", key, authority=True), key


def pem(thing) -> bytes:
    data: bytes = thing.public_bytes(serialization.Encoding.PEM)
    return data


@pytest.fixture
def serve(root, tmp_path):
    """Makes a TLS server's behaviour with a certificate of the root."""

    def make(**options):
        key = ec.generate_private_key(ec.SECP256R1())
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        chain = tmp_path / "chain.pem"
        chain.write_bytes(pem(certificate("Register", key, "School root", root[1], **options)) + private)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)

        def behave(connection, over):
            connection.settimeout(5)
            with context.wrap_socket(connection, server_side=True) as secure:
                reply = http_reply(orjson.dumps(trainee()))
                if read_request(secure).startswith(b"GET"):
                    secure.sendall(reply)
                    with_end(secure)
                else:
                    for byte in reply:
                        secure.sendall(bytes([byte]))
                        if over.wait(0.02):
                            return

        return behave

    return make


def with_end(secure):
    try:
        secure.unwrap()
    except OSError:
        secure.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def trusting(root, monkeypatch):
    """The computer's store trusts the school's root."""

    def trust():
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=pem(root[0]).decode())
        return context

    monkeypatch.setattr(http, "_trust", trust)


def portal(address, **timeouts):
    return RegisterPortal(
        COLLECTION, address.replace("http:", "https:"), TOKEN, timeouts=Timeouts(**timeouts), proxy=None
    )


@pytest.mark.usefixtures("trusting")
def test_inspecting_network_with_a_root_of_its_own_works(serve):
    with misbehaving(serve()) as address:
        made = portal(address)
        assert isinstance(made.fetch(trainee()["trainee_id"]), Snapshot)
        made.close()


@pytest.mark.usefixtures("trusting")
def test_slow_drip_is_given_up_under_tls_too(serve):
    with misbehaving(serve()) as address:
        made = portal(address, total_s=0.5)
        outcome = made.create(Document())
        made.close()
    assert isinstance(outcome, Unavailable)
    assert (outcome.state, outcome.effect_possible) == (PortalState.DOWN, True)


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("options", [{"days": -1}, {"host": "127.0.0.2"}], ids=["ended", "wrong name"])
def test_certificate_that_is_not_right_keeps_the_token_here(serve, options):
    check_untrusted(serve(**options))


def test_certificate_of_a_stranger_keeps_the_token_here(serve):
    check_untrusted(serve())


def check_untrusted(behaviour):
    with misbehaving(behaviour) as address:
        made = portal(address)
        outcome = made.create(Document())
        assert made.requests_made == 0
        made.close()
    assert isinstance(outcome, Unavailable)
    assert (outcome.state, outcome.effect_possible) == (PortalState.UNKNOWN, False)
    assert "certificate" in outcome.detail
