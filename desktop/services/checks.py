"""Running the rules: on what is being typed, on one record, and on everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from desktop.model.collection import Context
from desktop.model.document import Document, Fields
from desktop.model.finding import Finding, Severity
from desktop.model.ids import RecordId
from desktop.services.core import Core
from desktop.services.records import Records
from desktop.services.views import Progress
from desktop.store.lists import Question
from desktop.sync import outbox
from desktop.validation.engine import check
from desktop.validation.suggest import with_suggestions

_CHUNK = 500


class Checks:
    """The rules, asked in three ways. Nothing here changes a record but its counted errors."""

    def __init__(self, core: Core, records: Records) -> None:
        self._core = core
        self._records = records

    def live(self, collection: str, document: Document, record_id: str | None = None) -> list[Finding]:
        """All rules on what is in a form right now; no waiting, nothing stored."""
        known, today = self._core.collection(collection), self._core.today()
        with self._core.store.read() as unit:
            record = unit.records.get(record_id) if record_id is not None else None
            if record is not None:
                context = outbox.context_of(known, record, today, unit, document)
            else:
                related = outbox.related_to(unit, known, document)
                context = Context(today=today, codes=known.code_lists, related=related)
        found = check(known, document, context, record.id if record is not None else "")
        return with_suggestions(known, document, context, found)

    def action(self, collection: str, record_id: str, action: str, fields: Fields) -> list[Finding]:
        """What the rules say of an action that is being filled in."""
        known = self._core.collection(collection)
        with self._core.store.read() as unit:
            record = self._core.record(unit, record_id)
        return self._records.action_findings(known, record, action, fields)

    def all(
        self,
        collection: str,
        progress: Callable[[Progress], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
        today: date | None = None,
    ) -> list[tuple[RecordId, str, Finding]]:
        """(record id, label, finding) over a whole collection, in list order; counts errors for the filter.

        With `today`, the rules are asked as of that day, and nothing is written.
        """
        known = self._core.collection(collection)
        with self._core.store.read() as unit:
            keys = unit.lists.find(Question(known.name))
        found: list[tuple[RecordId, str, Finding]] = []
        for start in range(0, len(keys), _CHUNK):
            if cancelled():
                break
            found += self._chunk(collection, keys[start : start + _CHUNK], today)
            done = min(start + _CHUNK, len(keys))
            progress(Progress(done, len(keys), f"{done:,} of {len(keys):,} {known.title.lower()} checked"))
        return found

    def _chunk(
        self, collection: str, keys: list[int], today: date | None
    ) -> list[tuple[RecordId, str, Finding]]:
        known = self._core.collection(collection)
        found: list[tuple[RecordId, str, Finding]] = []
        counted: dict[int, int] = {}
        with self._core.store.read() as unit:
            records = unit.records.contents(keys)
            for record in records:
                findings = outbox.findings_of(known, record, today or self._core.today(), unit)
                counted[record.key] = sum(f.severity is Severity.ERROR for f in findings)
                if any(f.severity is not Severity.UNKNOWN for f in findings):
                    context = outbox.context_of(known, record, today or self._core.today(), unit)
                    findings = with_suggestions(known, record.document, context, findings)
                found += [(record.id, record.label, f) for f in findings]
        changed = {r.key: r for r in records if (r.errors or 0) != counted[r.key]}
        if changed and today is None:
            with self._core.store.write(durable=False) as unit:
                for key, record in changed.items():
                    now = unit.records.at(key)
                    if now is not None and now.version == record.version:
                        unit.records.stand(key, now.id, now.sync, counted[key])
        return found

    def one(self, record_id: str, today: date | None = None) -> list[Finding]:
        """All findings of one stored record, as of `today`."""
        with self._core.store.read() as unit:
            record = self._core.record(unit, record_id)
            known = self._core.collection_of(record)
            return outbox.findings_of(known, record, today or self._core.today(), unit)
