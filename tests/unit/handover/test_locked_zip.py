"""A zip with a password: read back as its specification says, by nothing of ours but the counter mode."""

from __future__ import annotations

import hashlib
import hmac
import io
import struct
import zipfile
import zlib

import pytest

from desktop.handover.locked_zip import pack, turn

MEMBERS = {"a.txt": b"Wren Ashdown " * 100, "b.json": b"{}"}
PASSWORD = "four words on paper"


def _opened(archive: bytes, password: str) -> dict[str, bytes]:
    """AE-2 by the book: salt, check, content, code; then what was deflated."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as book:
        for member in book.infolist():
            assert struct.unpack("<HHH2sBH", member.extra) == (0x9901, 7, 2, b"AE", 3, 8)
            assert member.flag_bits & 1
            start = member.header_offset + 30 + len(member.filename) + len(member.extra)
            raw = archive[start : start + member.compress_size]
            keys = hashlib.pbkdf2_hmac("sha1", password.encode(), raw[:16], 1000, 66)
            if keys[64:] != raw[16:18]:
                raise ValueError("wrong password")
            assert hmac.new(keys[32:64], raw[18:-10], "sha1").digest()[:10] == raw[-10:]
            found[member.filename] = zlib.decompress(turn(raw[18:-10], keys[:32]), -15)
            assert len(found[member.filename]) == member.file_size
    return found


def test_without_a_password_anybody_opens_it() -> None:
    with zipfile.ZipFile(io.BytesIO(pack(MEMBERS))) as book:
        assert {name: book.read(name) for name in book.namelist()} == MEMBERS


def test_with_a_password_it_opens_with_that_one_alone() -> None:
    archive = pack(MEMBERS, PASSWORD)
    assert b"Ashdown" not in archive
    assert _opened(archive, PASSWORD) == MEMBERS
    with pytest.raises(ValueError, match="wrong password"):
        _opened(archive, "another one")


def test_the_counter_begins_at_one_with_its_lowest_byte_first() -> None:
    """The first block of the stream is the cipher of 1 (little endian), as WinZip has it."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = bytes(range(32))
    block = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(b"\x01" + bytes(15))
    assert turn(bytes(16), key) == block
