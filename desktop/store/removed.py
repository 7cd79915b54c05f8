"""Who was removed for good: so that the next reading of the portal does not bring the same person back.

Kept is a keyed digest of the portal's id, never the id itself. It tells that this id was removed, to whoever asks with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from desktop.store.store import Unit

KIND = "removed"
_SALT = "removed_salt"


def note(unit: Unit, collection: str, portal_ids: Iterable[str]) -> None:
    """These were removed; nobody else than the portal can bring them back (see `PageIn`)."""
    salt = unit.meta(_SALT)
    if salt is None:
        salt = secrets.token_hex(16)
        unit.set_meta(_SALT, salt)
    for portal_id in portal_ids:
        unit.kept.put(KIND, _digest(salt, collection, portal_id), {"collection": collection})


def among(unit: Unit, collection: str, portal_ids: Iterable[str]) -> frozenset[str]:
    """Those of these ids that were removed."""
    salt = unit.meta(_SALT)
    if salt is None:
        return frozenset()
    gone = {thing.name for thing in unit.kept.all(KIND)}
    return frozenset(i for i in portal_ids if _digest(salt, collection, i) in gone)


def _digest(salt: str, collection: str, portal_id: str) -> str:
    import hmac  # only where somebody was removed

    return hmac.new(bytes.fromhex(salt), f"{collection} {portal_id}".encode(), "sha256").hexdigest()
