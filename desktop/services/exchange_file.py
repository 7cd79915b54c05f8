"""The change file: what one workspace knows, encrypted for the colleagues who share its passphrase.

The content is compressed JSON, one line for the whole and one for each record, sealed under a *team key*. That key stands
before it, wrapped by a passphrase of its own: it is typed once in each workspace and kept there from then on.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from desktop import __version__
from desktop.model.errors import StoreDamaged, UsageError, WrongPassphrase
from desktop.services.views import Organisation
from desktop.store import container, vault
from desktop.store.files import write_whole
from desktop.sync.exchange_out import Entry

ENDING = ".hfx"
FORMAT = 1
"""Number of the content's format. It goes up when a key changes its meaning; a later one is refused, never half read."""
MOST_BYTES = 256 << 20
"""The longest file that is read, and the longest content of one."""
_NOTHING = "Nothing was taken in."
_KIND = container.Kind(b"HOLDFAST-CHANGES-", FORMAT, "a change file of Holdfast", _NOTHING)


class PassphraseNeeded(WrongPassphrase):
    """The file opens with a passphrase that this workspace does not know yet."""


@dataclass(frozen=True)
class TeamKey:
    """A key that colleagues share, and the slot in which it stands before each file."""

    key: bytes
    slot: vault.KeySlot

    @property
    def id(self) -> str:
        """The earliest of several counts, so that a team comes to use one."""
        return self.slot.workspace

    def to_json(self) -> dict[str, str]:
        return {"key": self.key.hex(), "slot": self.slot.to_bytes().decode()}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> TeamKey:
        return cls(bytes.fromhex(data["key"]), vault.KeySlot.from_bytes(data["slot"].encode()))

    @classmethod
    def new(cls, key_id: str, passphrase: str) -> TeamKey:
        """A key that did not exist before."""
        key = vault.new_data_key()
        return cls(key, vault.wrap(key, passphrase, key_id))


@dataclass(frozen=True)
class FileHead:
    """What a change file says of itself. `writer` = which copy of a workspace; `typing` = what is typed there, by item."""

    writer: str
    organisation: Organisation
    made_at: datetime
    made_by: str
    computer: str
    program: str
    records: int
    typing: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class ChangeFile:
    """A whole file, read and opened."""

    path: Path
    head: FileHead
    entries: tuple[Entry, ...]


def write(path: Path, key: TeamKey, head: FileHead, entries: Iterable[Entry]) -> int:
    """Write the file, whole or not at all; its size in bytes. Raises StoreError and its kinds."""
    packer = zlib.compressobj(6)
    lines = (orjson.dumps(one) + b"\n" for one in (_head_json(head), *(e.to_json() for e in entries)))
    content = b"".join([*(packer.compress(line) for line in lines), packer.flush()])
    body = vault.seal(key.key, content, _purpose(key.slot))
    whole = container.head_of(_KIND, key.slot, body) + body
    write_whole(path, whole)
    return len(whole)


def look_at(path: Path) -> vault.KeySlot:
    """Refuse what cannot be such a file before anybody is asked for a passphrase; whose key it needs. Raises as `read`."""
    refuse_huge(path)
    return container.read_head(path, _KIND, verify=True).slot


def refuse_huge(path: Path) -> None:
    """Raises UsageError for what is no file, or too long to be one of ours."""
    try:
        if not path.is_file():
            what = "is not a file" if path.exists() else "is not there"
            raise UsageError(f"{path.name} {what}. Choose a change file ({ENDING}). {_NOTHING}")
        size = path.stat().st_size
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read ({error.strerror}). {_NOTHING}") from error
    if size > MOST_BYTES:
        raise UsageError(f"{path.name} is too long to be a change file of Holdfast. {_NOTHING}")


def unwrap(path: Path, slot: vault.KeySlot, passphrase: str) -> TeamKey:
    """The key of a file, by its passphrase. Raises WrongPassphrase."""
    try:
        return TeamKey(vault.unwrap(slot, passphrase), slot)
    except WrongPassphrase as error:
        raise WrongPassphrase(
            f"That passphrase does not open {path.name}. It needs the one that your team chose for change files, "
            f"not that of a workspace. {_NOTHING}"
        ) from error


def read(path: Path, key: TeamKey) -> ChangeFile:
    """What is in a file. It is read to its end, or not at all.

    Raises UsageError when there is no such file, StoreNewer, and StoreDamaged for all else.
    """
    refuse_huge(path)
    slot, body = container.read_whole(path, _KIND)
    try:
        lines = _lines(vault.unseal(key.key, body, _purpose(slot)))
        first = orjson.loads(next(lines))
        if isinstance(first["format"], int) and first["format"] > FORMAT:
            raise _KIND.newer(path)
        head = _head_from(first)
        entries = tuple(Entry.from_json(orjson.loads(line)) for line in lines)
        if len(entries) != head.records:
            raise _KIND.damaged(path)
    except (
        StoreDamaged,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        StopIteration,
        zlib.error,
    ) as error:
        raise _KIND.damaged(path) from error
    return ChangeFile(path, head, entries)


def _lines(packed: bytes) -> Iterator[bytes]:
    """Raises ValueError for a content that does not end, or that is longer than anything we write."""
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(packed, MOST_BYTES)
    if not unpacker.eof:
        raise ValueError("cut off, or too long")
    return iter(content.splitlines())


def _purpose(slot: vault.KeySlot) -> bytes:
    """What the seal is bound to: the kind of file with its number, and the key slot before it."""
    return _KIND.first_line + slot.to_bytes()


def _head_json(head: FileHead) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "program": head.program or __version__,
        "writer": head.writer,
        "organisation": asdict(head.organisation),
        "made_at": head.made_at.isoformat(),
        "made_by": head.made_by,
        "computer": head.computer,
        "records": head.records,
        "typing": head.typing,
    }


def _head_from(data: Mapping[str, Any]) -> FileHead:
    return FileHead(
        str(data["writer"]),
        Organisation.from_json(data["organisation"]),
        datetime.fromisoformat(data["made_at"]),
        str(data["made_by"]),
        str(data["computer"]),
        str(data["program"]),
        int(data["records"]),
        {str(item): dict(lease) for item, lease in data["typing"].items()},
    )
