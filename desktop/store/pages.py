"""The pages of the encrypted file, read without SQLite: to prove that something is gone, and to find what is damaged.

SQLCipher 4 with a raw key (Zetetic, "SQLCipher Design"): the first 16 bytes of the file are the salt; each page ends with
80 bytes, a vector of 16 and an HMAC-SHA512 over what is encrypted, the vector and the number of the page. The log is
SQLite's own ("The Write-Ahead Log"): 32 bytes, then frames of 24 bytes and a page.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

from desktop.store.engine import PAGE_BYTES

_SALT = 16
_RESERVE, _VECTOR, _MAC = 80, 16, 64
_LOG_HEAD, _FRAME_HEAD = 32, 24


def readable(path: Path, data_key: bytes) -> Iterator[bytes]:
    """Every page of a file and of its log that is as it was written; one that was changed is left out."""
    with path.open("rb") as stream:
        salt = stream.read(_SALT)
        opener = _Opener(data_key, salt)
        stream.seek(0)
        number = 0
        while page := stream.read(PAGE_BYTES):
            number += 1
            if (plain := opener.open(page, number)) is not None:
                yield plain
    log = path.with_name(f"{path.name}-wal")
    if log.is_file():
        yield from _frames(log, opener)


def damaged(path: Path, data_key: bytes) -> tuple[int, int]:
    """(pages that are not as they were written, all pages) of a file; its log is not looked at."""
    with path.open("rb") as stream:
        opener = _Opener(data_key, stream.read(_SALT))
        stream.seek(0)
        number = bad = 0
        while page := stream.read(PAGE_BYTES):
            number += 1
            bad += opener.open(page, number) is None
    return bad, number


def _frames(log: Path, opener: _Opener) -> Iterator[bytes]:
    with log.open("rb") as stream:
        stream.seek(_LOG_HEAD)
        while len(head := stream.read(_FRAME_HEAD)) == _FRAME_HEAD:
            page = stream.read(PAGE_BYTES)
            if (plain := opener.open(page, int.from_bytes(head[:4], "big"))) is not None:
                yield plain


class _Opener:
    """Opens single pages."""

    def __init__(self, data_key: bytes, salt: bytes) -> None:
        self._key = data_key
        masked = bytes(byte ^ 0x3A for byte in salt)
        self._mac_key = hashlib.pbkdf2_hmac("sha512", data_key, masked, 2, 32)

    def open(self, page: bytes, number: int) -> bytes | None:
        """What a page says; None when it is not whole, or not what was written there."""
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        if len(page) != PAGE_BYTES:
            return None
        start = _SALT if number == 1 else 0
        end = PAGE_BYTES - _RESERVE
        vector, mac = page[end : end + _VECTOR], page[end + _VECTOR : end + _VECTOR + _MAC]
        signed = page[start : end + _VECTOR] + number.to_bytes(4, "little")
        if not hmac.compare_digest(hmac.new(self._mac_key, signed, "sha512").digest(), mac):
            return None
        cipher = Cipher(algorithms.AES(self._key), modes.CBC(vector)).decryptor()
        return cipher.update(page[start:end]) + cipher.finalize()
