"""What happened: the journal as history, and the outages with their evidence."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from desktop.model.evidence import Outage
from desktop.services import wording
from desktop.services.core import Core
from desktop.services.evidence import EvidenceReports
from desktop.services.views import HistoryEntry


class Activity:
    """History of one record or of all, newest first; `evidence` derives and writes the report of outages."""

    def __init__(self, core: Core, evidence: EvidenceReports) -> None:
        self._core = core
        self.evidence = evidence

    def entries(
        self,
        record_id: str | None = None,
        limit: int = 200,
        before: int | None = None,
        actors: tuple[str, ...] = (),
    ) -> list[HistoryEntry]:
        """At most `limit` rows older than row `before`. `actors` = only what was done under these names, () = all."""
        with self._core.store.read() as unit:
            rows = unit.journal.entries(record_id, limit, before, actors=actors)
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
            found.append(
                HistoryEntry(row.seq, row.at, row.actor, row.event, text, row.record_id, row.detail, row.seal)
            )
        return found

    def outages(self) -> list[Outage]:
        """Times in which a portal could not be used, oldest first."""
        return self.evidence.outages()

    def save_evidence(
        self, path: Path, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[Path, ...]:
        """Write the report as .csv or .pdf, whole or of a time; the files that were written, the one asked for first."""
        return self.evidence.save(path, since, until).files
