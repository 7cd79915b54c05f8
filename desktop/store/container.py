"""A file that leaves the workspace and opens anywhere with its passphrase: backups, and the unsent queue.

    mark and number of the format, one line
    header, one line of JSON: the wrapped key (`vault.KeySlot`), size and SHA-256 of the body
    body, encrypted by whoever makes the file

The checksum finds what was cut or bent on the way before any passphrase is asked for; that nobody forged the body
is for its encryption to prove.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from desktop.model.errors import StoreDamaged, StoreError, StoreNewer, UsageError
from desktop.store import vault

BLOCK = 1 << 20
_HEADER_LIMIT = 64 * 1024
_LONGEST_MARK = 64
_NUMBER = re.compile(rb"([0-9]{1,9})\n\Z")
Step = Callable[[int], None]
"""Told of so many more bytes; may raise to end the work."""


@dataclass(frozen=True)
class Kind:
    """One kind of file. `called` and `kept` are for messages: "a Holdfast backup", "Nothing was restored.".

    oldest  the lowest number that is still read; None = only `number`
    """

    mark: bytes
    number: int
    called: str
    kept: str
    oldest: int | None = None

    @property
    def first_line(self) -> bytes:
        return self.mark + str(self.number).encode() + b"\n"

    def foreign(self, path: Path) -> StoreDamaged:
        """What is said of a file that is not one of these."""
        return StoreDamaged(f"{path.name} is not {self.called}. {self.kept}")

    def damaged(self, path: Path) -> StoreDamaged:
        """What is said of one that is not whole."""
        return StoreDamaged(f"{path.name} is damaged: it was cut off or changed on its way. {self.kept}")

    def newer(self, path: Path) -> StoreNewer:
        """What is said of a file that a later program made."""
        return StoreNewer(
            f"{path.name} was made by a newer version of Holdfast. Open it with that version or a later one. {self.kept}"
        )


@dataclass(frozen=True)
class Head:
    """What stands before the body. `start` = where the body begins; `header` = all that the header says."""

    number: int
    slot: vault.KeySlot
    start: int
    header: Mapping[str, Any]


def head(
    kind: Kind, slot: vault.KeySlot, size_bytes: int, sha256: str, more: Mapping[str, Any] | None = None
) -> bytes:
    """Everything that stands before the body. `more` = what this kind of file says besides."""
    header = {"key": json.loads(slot.to_bytes()), "size": size_bytes, "sha256": sha256, **(more or {})}
    return kind.first_line + json.dumps(header).encode() + b"\n"


def head_of(kind: Kind, slot: vault.KeySlot, body: bytes) -> bytes:
    """As `head`, for a body at hand."""
    return head(kind, slot, len(body), hashlib.sha256(body).hexdigest())


def _checksum(stream: BinaryIO, step: Step) -> str:
    """SHA-256 of the rest of a stream, in hex."""
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
        step(len(block))
    return digest.hexdigest()


def read_head(path: Path, kind: Kind, *, verify: bool, step: Step = lambda _: None) -> Head:
    """What stands before the body. `verify` = read the body too and compare its checksum, `step` by step.

    Raises UsageError when there is no such file, StoreNewer, and StoreDamaged for anything that is not a whole one.
    """
    try:
        with path.open("rb") as stream:
            number = _number(stream.readline(_LONGEST_MARK), kind, path)
            header = json.loads(stream.readline(_HEADER_LIMIT))
            start = stream.tell()
            whole = path.stat().st_size - start == header["size"]
            if not whole or (verify and _checksum(stream, step) != header["sha256"]):
                raise kind.damaged(path)
        return Head(number, _slot(header, kind, path), start, header)
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path.name}.") from error
    except OSError as error:
        raise StoreError(f"{path.name} cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise kind.damaged(path) from error


def read_whole(path: Path, kind: Kind) -> tuple[vault.KeySlot, bytes]:
    """(key slot, body) of a small file; errors as `read_head`, which has compared the checksum."""
    found = read_head(path, kind, verify=True)
    try:
        with path.open("rb") as stream:
            stream.seek(found.start)
            return found.slot, stream.read()
    except OSError as error:
        raise StoreError(f"{path.name} cannot be read ({error.strerror}).") from error


def _number(line: bytes, kind: Kind, path: Path) -> int:
    """Of the format that a file is in."""
    found = _NUMBER.match(line.removeprefix(kind.mark)) if line.startswith(kind.mark) else None
    if found is None:
        raise kind.foreign(path)
    number = int(found[1])
    if number > kind.number:
        raise kind.newer(path)
    if number < (kind.number if kind.oldest is None else kind.oldest):
        raise kind.damaged(path)
    return number


def _slot(header: dict[str, object], kind: Kind, path: Path) -> vault.KeySlot:
    try:
        return vault.KeySlot.from_bytes(json.dumps(header["key"]).encode())
    except StoreNewer as error:
        raise kind.newer(path) from error
    except StoreDamaged as error:  # its own words are about the key file of a workspace
        raise kind.damaged(path) from error
