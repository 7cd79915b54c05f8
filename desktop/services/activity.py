"""What happened: the journal as history, and the outage evidence as a file."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

from desktop.model.errors import UsageError
from desktop.services import wording
from desktop.services.core import Core
from desktop.services.portals import Portals
from desktop.services.views import HistoryEntry, Outage
from desktop.store.files import write_whole


class Activity:
    """History of one record or of all, newest first."""

    def __init__(self, core: Core, portals: Portals) -> None:
        self._core = core
        self._portals = portals

    def entries(
        self, record_id: str | None = None, limit: int = 200, before: int | None = None
    ) -> list[HistoryEntry]:
        """At most `limit` rows older than row `before`."""
        with self._core.store.read() as unit:
            rows = unit.journal.entries(record_id, limit, before)
            kinds: dict[str, str] = {}
            for row in rows:
                if row.record_id is not None and row.record_id not in kinds:
                    record = unit.records.get(row.record_id)
                    kinds[row.record_id] = record.collection if record else ""
        found = []
        for row in rows:
            name = kinds.get(row.record_id or "") or str(row.detail.get("collection", ""))
            collection = self._core.collections.get(name) or next(iter(self._core.collections.values()))
            text = wording.sentence(collection, row.event, row.detail)
            found.append(HistoryEntry(row.seq, row.at, row.actor, row.event, text, row.record_id, row.detail))
        return found

    def outages(self) -> list[Outage]:
        return self._portals.outages()

    def evidence(self, path: Path) -> list[Outage]:
        """Write the outages as CSV: one row each, times ISO 8601 with offset, `end` empty while it lasts."""
        if path.suffix.lower() != ".csv":
            raise UsageError("Evidence is written as CSV for now: give a file name that ends in .csv.")
        outages = self.outages()
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["collection", "state", "begin", "end", "tries", "detail"])
        for o in outages:
            writer.writerow([o.collection, o.state, _iso(o.begin), _iso(o.end), o.tries, o.detail])
        write_whole(path, text.getvalue().encode("utf-8"))
        return outages


def _iso(at: datetime | None) -> str:
    return at.astimezone().isoformat(timespec="seconds") if at else ""
