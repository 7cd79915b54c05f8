"""Small things that a workspace keeps beside its records, each as JSON under a kind and a name.

A kind belongs to one service, which knows its shape: saved filters, half-typed answers, explained findings, acts that can
be undone. They are encrypted with everything else; what may be readable on disk (places, widths) is in `window.ini`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from desktop.store import schema, times
from desktop.store.behind import Behind

_K = schema.kept
_ONE = sa.select(_K).where(_K.c.kind == sa.bindparam("kind"), _K.c.name == sa.bindparam("name"))
_KIND = sa.select(_K).where(_K.c.kind == sa.bindparam("kind")).order_by(_K.c.name)


@dataclass(frozen=True)
class KeptThing:
    """One of them. `at`, `actor`: when it was put there last, and by whom."""

    name: str
    body: dict[str, Any]
    at: datetime
    actor: str


class Kept:
    """All of them. Reading knows no order but that of the names; ids of `new_id` come in order of time."""

    def __init__(self, behind: Behind, now: datetime, actor: str) -> None:
        self._behind = behind
        self._now = now
        self._actor = actor

    def get(self, kind: str, name: str) -> KeptThing | None:
        row = self._behind.connection.execute(_ONE, {"kind": kind, "name": name}).first()
        return _thing(row) if row is not None else None

    def all(self, kind: str) -> list[KeptThing]:
        return [_thing(row) for row in self._behind.connection.execute(_KIND, {"kind": kind})]

    def sealed_names(self) -> list[str]:
        """The kept files (see `sealed`) that these things name, each as `sealed` in its body; not those removed on purpose."""
        found = self._behind.connection.exec_driver_sql(
            "SELECT json_extract(body, '$.sealed') FROM kept WHERE json_extract(body, '$.sealed') IS NOT NULL "
            "AND json_extract(body, '$.gone') IS NULL"
        )
        return [str(name) for name in found.scalars()]

    def put(self, kind: str, name: str, body: dict[str, Any]) -> None:
        """Keep it, in place of what was there under this name."""
        self._behind.connection.exec_driver_sql(
            "INSERT OR REPLACE INTO kept (kind, name, body, at, actor) VALUES (?, ?, ?, ?, ?)",
            (kind, name, json.dumps(body), times.to_text(self._now), self._actor),
        )

    def every(self) -> list[tuple[str, KeptThing]]:
        """(kind, thing) of all of them."""
        rows = self._behind.connection.execute(sa.select(_K).order_by(_K.c.kind, _K.c.name)).all()
        return [(row.kind, _thing(row)) for row in rows]

    def rewrite(self, kind: str, name: str, body: dict[str, Any]) -> None:
        """Another body for one that is there; when it was put there and by whom stays."""
        self._behind.connection.exec_driver_sql(
            "UPDATE kept SET body = ? WHERE kind = ? AND name = ?", (json.dumps(body), kind, name)
        )

    def remove(self, kind: str, name: str) -> None:
        """Harmless when it is not there."""
        self._behind.connection.exec_driver_sql("DELETE FROM kept WHERE kind = ? AND name = ?", (kind, name))


def _thing(row: sa.Row[Any]) -> KeptThing:
    return KeptThing(row.name, json.loads(row.body), times.must(row.at), row.actor)
