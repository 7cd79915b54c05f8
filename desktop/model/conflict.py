"""A conflict: both sides moved the same merge unit to different values, or only a person can decide (I14, I15)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from desktop.model.document import Value
from desktop.model.ids import ConflictId, RecordId


class ConflictKind(StrEnum):
    """FIELDS: both sides changed the same unit. DUPLICATE: the portal has somebody like this new record.

    CLOSED: the record's state at the portal forbids our edit. MISSING: the portal no longer lists it.
    COLLEAGUE: as FIELDS, but "theirs" are the answers of somebody in another workspace (sync/exchange).
    """

    FIELDS = "fields"
    DUPLICATE = "duplicate"
    CLOSED = "closed"
    MISSING = "missing"
    COLLEAGUE = "colleague"


@dataclass(frozen=True)
class FieldConflict:
    """One field of a conflict. `unit` is the merge unit that is chosen as one; `field` a path as in Patch.touched."""

    field: str
    unit: str
    base: Value
    mine: Value
    theirs: Value


@dataclass(frozen=True)
class Conflict:
    """An open decision about one record; survives restarts and later syncs until a person settles it.

    theirs_at   the portal's version (`updated_at`) in which its values were seen
    mine_by     who typed ours, as the journal knows it
    candidates  DUPLICATE: the portal records in question, as Snapshot.to_json gives them; COLLEAGUE: {"name": whose}
    """

    id: ConflictId
    record_id: RecordId
    collection: str
    kind: ConflictKind
    fields: tuple[FieldConflict, ...]
    created_at: datetime
    mine_by: str = ""
    theirs_at: str = ""
    reason: str = ""
    candidates: tuple[dict[str, Any], ...] = field(default=())

    @property
    def by_fields(self) -> bool:
        """Whether it is settled answer by answer."""
        return self.kind in (ConflictKind.FIELDS, ConflictKind.COLLEAGUE)

    @property
    def colleague(self) -> str:
        """Whose answers "theirs" are; "" = the portal's."""
        return str(self.candidates[0]["name"]) if self.kind is ConflictKind.COLLEAGUE else ""
