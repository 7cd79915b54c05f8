"""Who is typing something on a portal's website: a lease with an owner, a computer and an age, never a bare lock.

It ends by itself with the portal's own session: who has not moved on for so long has to sign in there anew, so anybody may go
on. What another workspace told in a change file is kept beside, as information only: it warns, and holds nothing back.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from desktop.model.lease import Lease
from desktop.store.store import Unit
from desktop.sync import by_hand

ELSEWHERE = "keying_elsewhere"
"""Kind of the things kept of what people type in other workspaces, by item as in `by_hand.KIND`."""


def terms(unit: Unit) -> dict[str, str]:
    """What a sheet keeps of who is at it from now on."""
    now = unit.now.isoformat()
    return {"by": unit.actor, "computer": platform.node(), "since": now, "seen_at": now}


def of(item_id: str, body: Mapping[str, Any]) -> Lease:
    """The lease of a sheet that was begun here."""
    return Lease(
        person=str(body["by"]),
        computer=str(body.get("computer", "")),
        since=datetime.fromisoformat(body.get("since") or body["begun_at"]),
        seen=datetime.fromisoformat(body["seen_at"]),
        journey=item_id.partition(":")[2],
        page=str(body["page"]),
    )


def here(unit: Unit) -> dict[str, Lease]:
    """All that is being typed here, by item: what a change file tells the others."""
    begun = (kept for kept in unit.kept.all(by_hand.KIND) if by_hand.is_begun(kept.body))
    return {kept.name: of(kept.name, kept.body) for kept in begun}


def elsewhere(unit: Unit, item_id: str) -> Lease | None:
    """Who types this in another workspace, as far as it was told."""
    kept = unit.kept.get(ELSEWHERE, item_id)
    return Lease.from_json(kept.body) if kept is not None else None


def note_elsewhere(unit: Unit, item_id: str, lease: Lease | None) -> None:
    """Another workspace told this; None = nobody is at it there any more."""
    if lease is None:
        unit.kept.remove(ELSEWHERE, item_id)
    else:
        unit.kept.put(ELSEWHERE, item_id, lease.to_json())
    unit.touched.queue = True
