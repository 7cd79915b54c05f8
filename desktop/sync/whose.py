"""Whose records an access token shows (sync.md N11, P7): asked before anything is sent, settled, or taken for absent.

A reply that names our organisation proves it. A portal that shows no record at all proves nothing: it looks the same
with the token of another organisation that has none of its own, to which a new record must not go.
"""

from __future__ import annotations

from desktop.model.verdict import NotFound, PortalState, Unavailable
from desktop.sync.trip import Trip
from desktop.sync.trouble import note


def not_ours(trip: Trip) -> Unavailable | None:
    """None when a reply of this pass named our organisation, or when nothing known here could tell; else why to stop.

    Asks for at most three records that are at the portal; one answer is proof, three times "not there" is none.
    """
    if trip.portal.proven:
        return None
    known = _some_known(trip)
    for portal_id in known:
        answer = trip.portal.fetch(portal_id)
        if isinstance(answer, Unavailable):
            return note(trip, "look", answer)
        if not isinstance(answer, NotFound):
            return None
    if not known:
        return None
    words = (
        f"{trip.collection.portal_short} shows none of your records to this access token. It may be another "
        "organisation's. Check which access token is in use."
    )
    return note(trip, "look", Unavailable(PortalState.UNKNOWN, words, effect_possible=False))


def _some_known(trip: Trip) -> list[str]:
    """The first, the middle and the last record here that is at the portal."""
    with trip.store.read() as unit:
        keys = sorted(unit.records.portal_ids(trip.collection.name).values())
        some = {keys[0], keys[len(keys) // 2], keys[-1]} if keys else set()
        return [r.portal_id for r in unit.records.contents(sorted(some)) if r.portal_id and not r.missing]
