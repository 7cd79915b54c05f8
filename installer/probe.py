"""Looks whether an installed Holdfast is whole: `holdfast -m installer.probe`, one line of JSON, exit code 0 when it is.

Part of the frozen program, because only there can a module or library be missing. It touches no workspace and no network
but this computer's own loopback, and keeps nothing.
"""

from __future__ import annotations

import http.server
import importlib
import json
import os
import pkgutil
import ssl
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path


def modules() -> str:
    """Every module of the program can be imported, also those that it imports by name."""
    import desktop

    names = [found.name for found in pkgutil.walk_packages(desktop.__path__, "desktop.")]
    for name in names:
        if not name.endswith("__main__"):
            importlib.import_module(name)
    if len(names) < 300:
        raise LookupError(f"only {len(names)} modules are here")
    return f"{len(names)} modules"


def store() -> str:
    """SQLCipher encrypts, Argon2 and AES-GCM work."""
    from argon2.low_level import Type, hash_secret_raw
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from sqlcipher3 import dbapi2

    key = hash_secret_raw(b"probe", b"8 bytes!", 1, 64, 1, 32, Type.ID)
    if AESGCM(key).decrypt(b"0" * 12, AESGCM(key).encrypt(b"0" * 12, b"x", None), None) != b"x":
        raise ValueError("AES-GCM")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "probe.db"
        connection = dbapi2.connect(str(path))
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("CREATE TABLE probe (one TEXT)")
        connection.commit()
        (version,) = connection.execute("PRAGMA cipher_version").fetchone()
        connection.close()
        if path.read_bytes().startswith(b"SQLite format 3"):
            raise ValueError("the file is not encrypted")
    return f"SQLCipher {version}"


def credentials() -> str:
    """The credential store of this kind of computer is among the backends of keyring, whether or not one is running."""
    import keyring.backend

    wanted = {"win32": "keyring.backends.Windows", "darwin": "keyring.backends.macOS"}
    module = importlib.import_module(wanted.get(sys.platform, "keyring.backends.SecretService"))
    if sys.platform == "linux":
        importlib.import_module("secretstorage")
        importlib.import_module("jeepney.io.blocking")
    return f"{module.__name__}, {len(keyring.backend.get_all_keyring())} can be used here"


def documents() -> str:
    """Workbooks and PDFs are written, and a workbook is read back."""
    from desktop.handover.reading import open_sheet
    from desktop.handover.tables import write_pdf, write_xlsx

    with tempfile.TemporaryDirectory() as folder:
        book, paper = Path(folder) / "probe.xlsx", Path(folder) / "probe.pdf"
        write_xlsx(book, "Probe", ("Name", "Amount"), [("Zoë", 20_000)])
        with open_sheet(book) as sheet:
            rows = list(sheet.rows)
        write_pdf(paper, "Probe", "A line", ("Name",), [("Zoë",)])
        if "Zoë" not in str(rows) or not paper.read_bytes().startswith(b"%PDF"):
            raise ValueError("not as written")
    return "xlsx and pdf"


def search() -> str:
    """The library behind the forgiving search is the compiled one."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if OSA.distance("smith", "smiht") != 1 or process.extractOne("smth", ["smith"]) is None:
        raise ValueError("wrong distance")
    return str(OSA.distance.__module__)


def clock() -> str:
    """London's time is known also where the system has no time zones (Windows)."""
    from importlib.resources import files
    from zoneinfo import ZoneInfo

    with (files("tzdata.zoneinfo.Europe") / "London").open("rb") as data:
        london = ZoneInfo.from_file(data)
    if datetime(2026, 7, 1, tzinfo=london).utcoffset() != timedelta(hours=1):
        raise ValueError("no summer time")
    return "Europe/London"


def trust() -> str:
    """Certificates are judged by the computer's own store: an unknown one is refused, also without a list of our own."""
    import certifi
    import httpx
    import truststore

    with _stranger() as address:
        try:
            httpx.get(
                address, verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT), trust_env=False, timeout=10
            )
        except httpx.ConnectError as error:
            if "certificate" not in str(error).lower():
                raise
        else:
            raise ValueError("a certificate that nobody knows was taken")
    if Path(certifi.__file__).with_name("cacert.pem").exists():
        raise ValueError("a list of certificates of our own is here")
    return f"{ssl.OPENSSL_VERSION}, {_known()} certificates known to this computer"


def _known() -> int:
    context = ssl.create_default_context()
    return context.cert_store_stats()["x509_ca"]


@contextmanager
def _stranger() -> Iterator[str]:
    """A website on loopback with a certificate that it signed itself."""
    with tempfile.TemporaryDirectory() as folder:
        pem = Path(folder) / "stranger.pem"
        pem.write_bytes(_own_certificate())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        server = _Quiet(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}/"
        server.shutdown()
        server.server_close()
        thread.join()


class _Quiet(http.server.HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """That the visitor hangs up is what is wanted."""


def _own_certificate() -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8
    return made.public_bytes(pem) + key.private_bytes(pem, plain, serialization.NoEncryption())


def window() -> str:
    """Qt starts, and the program's own mark can be drawn (SVG, fonts, styles)."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import qVersion
    from PySide6.QtWidgets import QApplication, QStyleFactory

    from desktop.ui.icons import mark
    from desktop.ui.run import application
    from desktop.ui.theme import apply_theme

    app = application()
    apply_theme(app, "light", 100, contrast=False)
    if mark(64).toImage().pixelColor(32, 4).alpha() == 0 or not QStyleFactory.keys():
        raise ValueError("nothing was drawn")
    return f"Qt {qVersion()}, {QApplication.platformName()}"


CHECKS: tuple[Callable[[], str], ...] = (modules, store, credentials, documents, search, clock, trust, window)


def main() -> int:
    """Run every check; one that fails does not stop the others."""
    found: dict[str, str] = {}
    failed = 0
    for check in CHECKS:
        try:
            found[check.__name__] = check()
        except Exception as error:  # noqa: BLE001 - whatever is missing is what is looked for
            found[check.__name__] = f"FAILED {type(error).__name__}: {error}"
            failed += 1
    print(json.dumps({"whole": not failed, **found}))
    return 1 if failed else 0
