"""A zip archive that is handed over: plain, or with a password as 7-Zip and WinZip open it (AES-256, version AE-2).

Source: WinZip, "AES Encryption Information: Encryption Specification AE-1 and AE-2". The names of the files can be read
without the password, so they say nothing of a person.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import secrets
import struct
import zipfile
import zlib
from collections.abc import Mapping

_AES, _DEFLATED, _VERSION, _ENCRYPTED = 99, 8, 51, 1
_ROUNDS, _KEY, _SALT, _CHECK, _MAC = 1_000, 32, 16, 2, 10
_EXTRA = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, _DEFLATED)
_DAY = (1 << 5) | 1
"""1 January 1980: when a file was made is said inside it."""


def pack(members: Mapping[str, bytes], password: str = "") -> bytes:
    """The archive; "" = anybody can open it. Names are plain ASCII."""
    return _locked(members, password) if password else _plain(members)


def _plain(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _locked(members: Mapping[str, bytes], password: str) -> bytes:
    body, directory = bytearray(), bytearray()
    for name, content in members.items():
        packed = _sealed(_deflated(content), password)
        told = name.encode("ascii")
        common = struct.pack(
            "<HHHHHIIIHH",
            _VERSION,
            _ENCRYPTED,
            _AES,
            0,
            _DAY,
            0,
            len(packed),
            len(content),
            len(told),
            len(_EXTRA),
        )
        directory += (
            struct.pack("<IH", 0x02014B50, _VERSION) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body))
        )
        directory += told + _EXTRA
        body += struct.pack("<I", 0x04034B50) + common + told + _EXTRA + packed
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(members), len(members), len(directory), len(body), 0)
    return bytes(body + directory + end)


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


def _sealed(content: bytes, password: str) -> bytes:
    """Salt, two bytes that tell a wrong password, what is encrypted, and the code that proves it."""
    salt = secrets.token_bytes(_SALT)
    keys = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, _ROUNDS, 2 * _KEY + _CHECK)
    hidden = turn(content, keys[:_KEY])
    mac = hmac.new(keys[_KEY : 2 * _KEY], hidden, "sha1").digest()[:_MAC]
    return salt + keys[2 * _KEY :] + hidden + mac


def turn(content: bytes, key: bytes) -> bytes:
    """AES in counter mode with a counter that begins at 1, its lowest byte first; the same way in and out."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    blocks = -(-len(content) // 16)
    counters = b"".join(number.to_bytes(16, "little") for number in range(1, blocks + 1))
    # Single blocks of counters: exactly what counter mode is made of, and no mode of the library counts this way round.
    stream = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(counters)  # noqa: S305
    size = len(content)
    both = int.from_bytes(content, "little") ^ int.from_bytes(stream[:size], "little")
    return both.to_bytes(size, "little")
