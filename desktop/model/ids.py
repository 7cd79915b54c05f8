"""Identifiers. A local id is a UUID version 7 (RFC 9562): unique without a server, and in order of making."""

from __future__ import annotations

import secrets
import time
from typing import NewType

RecordId = NewType("RecordId", str)
"""Local id of a record; never changes, also after the portal has given its own id."""

ChangeId = NewType("ChangeId", str)
ConflictId = NewType("ConflictId", str)


def new_id(now_ms: int | None = None, entropy: int | None = None) -> str:
    """A new UUIDv7 as 36 characters of text.

    `now_ms` (Unix milliseconds) and `entropy` (74 bits) are arguments so that a simulation can fold them.
    """
    stamp = (time.time_ns() // 1_000_000 if now_ms is None else now_ms) & ((1 << 48) - 1)
    bits = secrets.randbits(74) if entropy is None else entropy & ((1 << 74) - 1)
    value = stamp << 80 | 0x7 << 76 | (bits >> 62) << 64 | 0b10 << 62 | bits & ((1 << 62) - 1)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
