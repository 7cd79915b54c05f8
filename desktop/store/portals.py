"""What is known of each portal: where it is, how it does, every try, and how far each scope was read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from desktop.model.verdict import PortalState
from desktop.store import schema, times

_P = schema.portals
_T = schema.tries
_ONE = sa.select(_P).where(_P.c.collection == sa.bindparam("of"))
_W = schema.watermarks
_A = schema.aliases


@dataclass(frozen=True)
class PortalRow:
    """One portal of this workspace.

    token_source  where the token is: "env:VAR", "keyring" or "file"; never the token itself
    since         since when it is in `state`; None = never asked
    not_before    no automatic try before this time; `asked_to_wait` = the portal itself said so (Retry-After)
    failures      systemic failures since the last pass that went through, for the backoff
    organisation  the portal's id of our organisation as first seen in its replies (I10, N11)
    restored_at   since when it is known to have been put back to an older copy, with questions open about what it lost;
                  until a person has answered them, or says to go on, nothing is sent (I11)
    """

    collection: str
    url: str = ""
    token_source: str = ""
    state: PortalState = PortalState.UNKNOWN
    since: datetime | None = None
    detail: str = ""
    last_success: datetime | None = None
    not_before: datetime | None = None
    asked_to_wait: bool = False
    failures: int = 0
    paused: bool = False
    organisation: str = ""
    restored_at: datetime | None = None


@dataclass(frozen=True)
class Try:
    """One conversation that told us something of the portal's state. `waiting` = changes that waited at that moment."""

    at: datetime
    state: PortalState
    call: str
    detail: str
    waiting: int


@dataclass(frozen=True)
class Watermark:
    """How far a scope was read: `since` is a portal time, `swept_at` when all of it was last compared (ours)."""

    since: str
    swept_at: datetime


class Portals:
    """Portal rows, tries, watermarks and child aliases within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, collection: str) -> PortalRow:
        """The row of a collection; a blank one when it was never connected."""
        row = self._connection.execute(_ONE, {"of": collection}).first()
        return _portal(row) if row else PortalRow(collection)

    def all(self) -> list[PortalRow]:
        return [_portal(r) for r in self._connection.execute(sa.select(_P).order_by(_P.c.collection))]

    def put(self, portal: PortalRow, **changed: Any) -> PortalRow:
        new = replace(portal, **changed)
        values = {
            "collection": new.collection,
            "url": new.url,
            "token_source": new.token_source,
            "state": new.state,
            "since": times.to_text(new.since),
            "detail": new.detail,
            "last_success": times.to_text(new.last_success),
            "not_before": times.to_text(new.not_before),
            "asked_to_wait": int(new.asked_to_wait),
            "failures": new.failures,
            "paused": int(new.paused),
            "organisation": new.organisation,
            "restored_at": times.to_text(new.restored_at),
        }
        self._connection.execute(sa.delete(_P).where(_P.c.collection == new.collection))
        self._connection.execute(sa.insert(_P), values)
        return new

    def add_try(self, collection: str, one: Try) -> None:
        self._connection.execute(
            sa.insert(_T),
            {
                "collection": collection,
                "at": times.to_text(one.at),
                "state": one.state,
                "call": one.call,
                "detail": one.detail,
                "waiting": one.waiting,
            },
        )

    def tries(self, collection: str, since: datetime | None = None, limit: int = -1) -> list[Try]:
        """Newest first."""
        query = sa.select(_T).where(_T.c.collection == collection).order_by(_T.c.seq.desc()).limit(limit)
        if since is not None:
            query = query.where(_T.c.at >= times.to_text(since))
        return [
            Try(times.must(r.at), PortalState(r.state), r.call, r.detail, r.waiting)
            for r in self._connection.execute(query)
        ]

    def watermark(self, collection: str, scope: str) -> Watermark | None:
        row = self._connection.execute(
            sa.select(_W).where(_W.c.collection == collection, _W.c.scope == scope)
        ).first()
        return Watermark(row.since, times.must(row.swept_at)) if row else None

    def set_watermark(self, collection: str, scope: str, mark: Watermark) -> None:
        self._connection.execute(sa.delete(_W).where(_W.c.collection == collection, _W.c.scope == scope))
        self._connection.execute(
            sa.insert(_W),
            {
                "collection": collection,
                "scope": scope,
                "since": mark.since,
                "swept_at": times.to_text(mark.swept_at),
            },
        )

    def forget_watermarks(self, collection: str) -> None:
        """The next pull reads everything again."""
        self._connection.execute(sa.delete(_W).where(_W.c.collection == collection))

    def adopt_child(self, local_id: str, portal_id: str) -> None:
        """A child added here got its portal id; forms that were open know it by the local one."""
        self._connection.exec_driver_sql(
            "INSERT OR REPLACE INTO aliases (local_id, portal_id) VALUES (?, ?)", (local_id, portal_id)
        )

    def child_alias(self, local_id: str) -> str | None:
        return self._connection.scalar(sa.select(_A.c.portal_id).where(_A.c.local_id == local_id))


def _portal(row: Any) -> PortalRow:
    return PortalRow(
        row.collection,
        row.url,
        row.token_source,
        PortalState(row.state),
        times.from_text(row.since),
        row.detail,
        times.from_text(row.last_success),
        times.from_text(row.not_before),
        bool(row.asked_to_wait),
        row.failures,
        bool(row.paused),
        row.organisation,
        times.from_text(row.restored_at),
    )
