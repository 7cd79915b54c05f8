"""The unsent queue as one encrypted file: everything that is not at the portal yet, with what it was built on (D25).

The content is one JSON object, sealed under the workspace's data key, and the wrapped key stands before it: so the
file opens on any computer with the passphrase that the workspace had when the file was made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop import __version__
from desktop.collections import names
from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.conflict import Conflict, ConflictKind, FieldConflict
from desktop.model.document import Patch
from desktop.model.errors import StoreDamaged, WrongPassphrase
from desktop.model.ids import ChangeId, ConflictId, RecordId
from desktop.model.snapshot import Snapshot
from desktop.model.standing import Sync
from desktop.services.unsent import Unsent
from desktop.services.views import Organisation
from desktop.store import container, vault
from desktop.store.changes import PAYLOAD_FORMAT
from desktop.store.records import StoredRecord
from desktop.store.store import Store

FORMAT = 1
"""Number of the content's format. A program reads its own and earlier ones; it goes up when a key changes its meaning."""

_KIND = container.Kind(b"HOLDFAST-QUEUE-", FORMAT, "a saved queue of Holdfast", "Nothing was read from it.")


@dataclass(frozen=True)
class QueueFile:
    """What such a file holds. `journal` = (rows, hash of the last one in hex) of the workspace when it was made."""

    organisation: Organisation
    made_at: datetime
    made_by: str
    program: str
    journal: tuple[int, str]
    unsent: tuple[Unsent, ...]

    @property
    def changes(self) -> int:
        return sum(len(one.changes) for one in self.unsent)


def sealed(store: Store, content: QueueFile) -> bytes:
    """The whole file. Raises StoreDamaged when the workspace's key file is."""
    slot = vault.read_slot(store.folder)
    text = json.dumps(_content_json(content)).encode()
    body = store.seal(text, _purpose(slot))
    return container.head_of(_KIND, slot, body) + body


def look_at(path: Path) -> None:
    """Refuse what cannot be such a file before anybody is asked for a passphrase; errors as `read_queue_file`."""
    container.read_head(path, _KIND, verify=True)


def read_queue_file(path: Path, passphrase: str) -> QueueFile:
    """What is in a file that `WayOut` made. It is read to its end, or not at all.

    Raises UsageError when there is no such file, WrongPassphrase, StoreNewer, and StoreDamaged for all else.
    """
    slot, body = container.read_whole(path, _KIND)
    try:
        data_key = vault.unwrap(slot, passphrase)
    except WrongPassphrase as error:
        raise WrongPassphrase(
            f"That passphrase does not open {path.name}. It needs the one that the workspace had when the file was made. "
            "If that was it, the file is damaged. Nothing was read from it."
        ) from error
    try:
        content = json.loads(vault.unseal(data_key, body, _purpose(slot)))
        number = content["format"]
        if isinstance(number, int) and number > FORMAT:
            raise _KIND.newer(path)
        if not {one["collection"] for one in content["records"]} <= {*names()}:
            raise _KIND.newer(path)
        return _content_from(content)
    except (StoreDamaged, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _KIND.damaged(path) from error


def _purpose(slot: vault.KeySlot) -> bytes:
    """What the seal is bound to: the kind of file with its number, and the key slot before it."""
    return _KIND.first_line + slot.to_bytes()


# --- as JSON --------------------------------------------------------------------------------------------------------


def _content_json(content: QueueFile) -> dict[str, Any]:
    rows, last = content.journal
    return {
        "format": FORMAT,
        "program": content.program,
        "organisation": asdict(content.organisation),
        "made_at": content.made_at.isoformat(),
        "made_by": content.made_by,
        "journal": {"rows": rows, "last": last},
        "records": [_unsent_json(one) for one in content.unsent],
    }


def _unsent_json(one: Unsent) -> dict[str, Any]:
    record = one.record
    return {
        "id": record.id,
        "collection": record.collection,
        "portal_id": record.portal_id,
        "label": record.label,
        "state": record.state,
        "sync": record.sync,
        "errors": record.errors,
        "missing": record.missing,
        "version": record.version,
        "saved_at": _iso(record.saved_at),
        "saved_by": record.saved_by,
        "base": record.base.to_json() if record.base else None,
        "pending": record.pending.to_json(),
        "changes": [_change_json(change) for change in one.changes],
        "conflict": _conflict_json(one.conflict) if one.conflict else None,
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "kind": change.kind,
        "target": change.target,
        "state": change.state,
        "created_at": _iso(change.created_at),
        "actor": change.actor,
        "payload_format": PAYLOAD_FORMAT,
        "payload": change.payload,
        "attempts": change.attempts,
        "sent_at": _iso(change.sent_at),
        "not_before": _iso(change.not_before),
        "reason": change.reason,
        "money": change.money,
    }


def _conflict_json(conflict: Conflict) -> dict[str, Any]:
    return {
        "id": conflict.id,
        "kind": conflict.kind,
        "fields": [asdict(field) for field in conflict.fields],
        "created_at": _iso(conflict.created_at),
        "mine_by": conflict.mine_by,
        "theirs_at": conflict.theirs_at,
        "reason": conflict.reason,
        "candidates": list(conflict.candidates),
    }


def _content_from(data: Mapping[str, Any]) -> QueueFile:
    journal = data["journal"]
    return QueueFile(
        Organisation.from_json(data["organisation"]),
        datetime.fromisoformat(data["made_at"]),
        str(data["made_by"]),
        str(data["program"]),
        (int(journal["rows"]), bytes.fromhex(journal["last"]).hex()),
        tuple(_unsent_from(one) for one in data["records"]),
    )


def _unsent_from(data: Mapping[str, Any]) -> Unsent:
    base = data["base"]
    record = StoredRecord(
        key=0,  # the place in the table of one computer; no other has it
        id=RecordId(data["id"]),
        collection=data["collection"],
        portal_id=data["portal_id"],
        base=None if base is None else Snapshot.from_json(base),
        pending=Patch.from_json(data["pending"]),
        version=data["version"],
        state=data["state"],
        sync=Sync(data["sync"]),
        errors=data["errors"],
        missing=data["missing"],
        label=data["label"],
        saved_at=_time(data["saved_at"]),
        saved_by=data["saved_by"],
    )
    conflict = data["conflict"]
    return Unsent(
        record,
        tuple(_change_from(one, record) for one in data["changes"]),
        None if conflict is None else _conflict_from(conflict, record),
    )


def _change_from(data: Mapping[str, Any], record: StoredRecord) -> Change:
    return Change(
        ChangeId(data["id"]),
        record.id,
        record.collection,
        ChangeKind(data["kind"]),
        data["target"],
        ChangeState(data["state"]),
        datetime.fromisoformat(data["created_at"]),
        data["actor"],
        dict(data["payload"]),
        data["attempts"],
        _time(data["sent_at"]),
        _time(data["not_before"]),
        data["reason"],
        data["money"],
    )


def _conflict_from(data: Mapping[str, Any], record: StoredRecord) -> Conflict:
    fields: Sequence[Mapping[str, Any]] = data["fields"]
    return Conflict(
        ConflictId(data["id"]),
        record.id,
        record.collection,
        ConflictKind(data["kind"]),
        tuple(FieldConflict(**field) for field in fields),
        datetime.fromisoformat(data["created_at"]),
        data["mine_by"],
        data["theirs_at"],
        data["reason"],
        tuple(data["candidates"]),
    )


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None


def made(
    organisation: Organisation, at: datetime, by: str, journal: tuple[int, bytes], unsent: Sequence[Unsent]
) -> QueueFile:
    """What is to be sealed, by this version of the program."""
    rows, last = journal
    return QueueFile(organisation, at, by, __version__, (rows, last.hex()), tuple(unsent))
