"""Signs programs and packages of Windows, or says loudly that it did not.

HOLDFAST_SIGN_PFX names a PKCS#12 file and HOLDFAST_SIGN_PASSWORD its password; HOLDFAST_SIGN_TIMESTAMP the address of a time
stamp. A *trial* without a key makes itself a certificate that nobody trusts, so that the signing itself is tried.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from installer import facts

_SIGNED: Final = (".exe", ".dll", ".pyd", ".com")
_BANNER: Final = "=" * 78


@dataclass(frozen=True)
class Key:
    """A PKCS#12 file and its password. `trusted` is a certificate to verify against, None where the system knows the issuer."""

    file: Path
    password: str
    trusted: Path | None = None


def key(*, trial: bool) -> Key | None:
    """The key to sign with; None, and a banner, when there is none."""
    given = os.environ.get("HOLDFAST_SIGN_PFX")
    if given:
        return Key(Path(given), os.environ.get("HOLDFAST_SIGN_PASSWORD", ""))
    if trial:
        return _throw_away()
    said = "NOT SIGNED: there is no key (HOLDFAST_SIGN_PFX). Windows will warn people. Do not publish this."
    print(f"{_BANNER}\n{said}\n{_BANNER}", file=sys.stderr)
    return None


def _throw_away() -> Key:
    """A certificate that lives in build/ and is trusted nowhere."""
    folder = facts.BUILD / "trial-key"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    secret, certificate, pfx, password = (
        folder / "key.pem",
        folder / "certificate.pem",
        folder / "trial.pfx",
        secrets.token_hex(8),
    )
    request = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=Holdfast trial, not trusted",
    ]
    use = ["-addext", "extendedKeyUsage=codeSigning", "-keyout", secret, "-out", certificate]
    subprocess.run([*request, *use], check=True, capture_output=True)
    export = [
        "openssl",
        "pkcs12",
        "-export",
        "-inkey",
        secret,
        "-in",
        certificate,
        "-out",
        pfx,
        "-passout",
        f"pass:{password}",
    ]
    subprocess.run(export, check=True, capture_output=True)
    return Key(pfx, password, certificate)


def sign(path: Path, key: Key | None) -> None:
    """Sign one file and verify the signature; without a key the file stays as it is. Raises CalledProcessError."""
    if key is None:
        return
    signed = path.with_name(f"{path.name}.signed")
    signed.unlink(missing_ok=True)
    words = ["-pkcs12", key.file, "-pass", key.password, "-h", "sha256", "-n", facts.NAME]
    subprocess.run(
        ["osslsigncode", "sign", *words, *_stamp(), "-in", path, "-out", signed],
        check=True,
        capture_output=True,
    )
    signed.replace(path)
    against = ["-CAfile", key.trusted] if key.trusted else []
    subprocess.run(["osslsigncode", "verify", *against, "-in", path], check=True, capture_output=True)


def _stamp() -> list[str]:
    address = os.environ.get("HOLDFAST_SIGN_TIMESTAMP")
    return ["-ts", address] if address else []


def sign_folder(folder: Path, key: Key | None) -> None:
    """Sign every program and library of a folder that its makers did not sign."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _SIGNED and not _has_signature(path.read_bytes()):
            sign(path, key)


def _has_signature(program: bytes) -> bool:
    """Whether a program of Windows carries a certificate: entry 4 of its data directories is not empty."""
    head = int.from_bytes(program[0x3C:0x40], "little")
    optional = head + 24
    wide = program[optional : optional + 2] == b"\x0b\x02"
    entry = optional + (144 if wide else 128)
    return program[entry : entry + 8] != bytes(8)
