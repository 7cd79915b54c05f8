"""What the portal holds: one record as its last reply showed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop.model.document import Document

UNSEEN = "unseen"
"""Among a snapshot's extras: fields that the file from which it was read never shows. A blank in one says nothing."""


@dataclass(frozen=True)
class Snapshot:
    """One record as the portal last showed it: the *base* of a three-way merge (sync.md I6).

    portal_id   the portal's own id
    version     its `updated_at`, as written by the portal; "" when it gives none
    state       our key of the portal's state (see the collection's `states`); "" when unknown to us
    document    the fields and children that people can edit, values as parsed
    extras      every other key of the body as parsed: TRN, dates of actions, keys a newer portal added
    """

    portal_id: str
    version: str
    state: str
    document: Document
    extras: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "portal_id": self.portal_id,
            "version": self.version,
            "state": self.state,
            "extras": self.extras,
            **self.document.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Snapshot:
        return cls(
            data["portal_id"], data["version"], data["state"], Document.from_json(data), dict(data["extras"])
        )
