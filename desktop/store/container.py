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
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desktop.model.errors import StoreDamaged, StoreError, StoreNewer, UsageError
from desktop.store import vault

BLOCK = 1 << 20
_HEADER_LIMIT = 64 * 1024
_LONGEST_MARK = 64
_NUMBER = re.compile(rb"([0-9]{1,9})\n\Z")


@dataclass(frozen=True)
class Kind:
    """One kind of file. `called` and `kept` are for messages: "a Holdfast backup", "Nothing was restored."."""

    mark: bytes
    number: int
    called: str
    kept: str

    @property
    def first_line(self) -> bytes:
        return self.mark + str(self.number).encode() + b"\n"

    def damaged(self, path: Path) -> StoreDamaged:
        """What is said of a file that is not one of these, or not a whole one."""
        return StoreDamaged(f"{path.name} is not {self.called}, or it is damaged. {self.kept}")

    def newer(self, path: Path) -> StoreNewer:
        """What is said of a file that a later program made."""
        return StoreNewer(
            f"{path.name} was made by a newer version of Holdfast. Open it with that version or a later one. {self.kept}"
        )


def head(kind: Kind, slot: vault.KeySlot, size_bytes: int, sha256: str) -> bytes:
    """Everything that stands before the body."""
    header = {"key": json.loads(slot.to_bytes()), "size": size_bytes, "sha256": sha256}
    return kind.first_line + json.dumps(header).encode() + b"\n"


def head_of(kind: Kind, slot: vault.KeySlot, body: bytes) -> bytes:
    """As `head`, for a body at hand."""
    return head(kind, slot, len(body), hashlib.sha256(body).hexdigest())


def checksum(stream: BinaryIO) -> str:
    """SHA-256 of the rest of a stream, in hex."""
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def read_head(path: Path, kind: Kind, *, verify: bool) -> tuple[vault.KeySlot, int]:
    """(key slot, where the body begins). `verify` = read the body too and compare its checksum.

    Raises UsageError when there is no such file, StoreNewer, and StoreDamaged for anything that is not a whole one.
    """
    try:
        with path.open("rb") as stream:
            _refuse_other(stream.readline(_LONGEST_MARK), kind, path)
            header = json.loads(stream.readline(_HEADER_LIMIT))
            start = stream.tell()
            whole = path.stat().st_size - start == header["size"]
            if not whole or (verify and checksum(stream) != header["sha256"]):
                raise kind.damaged(path)
        return _slot(header, kind, path), start
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path.name}.") from error
    except OSError as error:
        raise StoreError(f"{path.name} cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise kind.damaged(path) from error


def read_whole(path: Path, kind: Kind) -> tuple[vault.KeySlot, bytes]:
    """(key slot, body) of a small file; errors as `read_head`, which has compared the checksum."""
    slot, start = read_head(path, kind, verify=True)
    try:
        with path.open("rb") as stream:
            stream.seek(start)
            return slot, stream.read()
    except OSError as error:
        raise StoreError(f"{path.name} cannot be read ({error.strerror}).") from error


def _refuse_other(line: bytes, kind: Kind, path: Path) -> None:
    number = _NUMBER.match(line.removeprefix(kind.mark)) if line.startswith(kind.mark) else None
    if number is None:
        raise kind.damaged(path)
    if int(number[1]) > kind.number:
        raise kind.newer(path)
    if line != kind.first_line:
        raise kind.damaged(path)


def _slot(header: dict[str, object], kind: Kind, path: Path) -> vault.KeySlot:
    try:
        return vault.KeySlot.from_bytes(json.dumps(header["key"]).encode())
    except StoreDamaged as error:  # its own words are about the key file of a workspace
        raise kind.damaged(path) from error
