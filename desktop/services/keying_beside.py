"""What sheets need to know beside their own record: records that they are compared with, and all that waits of a record.

Read once for a whole list of sheets: asked one by one, a school of 200 ECTs would wait seconds for its list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from desktop.model.change import Change
from desktop.model.collection import Collection
from desktop.services.keying_job import Job
from desktop.store.lists import Question
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox

Index = Mapping[str, Mapping[str, Sequence[StoredRecord]]]
"""Facet -> value -> the records that have it, in their order."""


class Beside:
    """For these jobs, inside one unit of work."""

    def __init__(self, unit: Unit, jobs: Sequence[Job]) -> None:
        self._unit, self._jobs = unit, jobs
        self._found: dict[str, Index] = {}
        self._changes: dict[str, list[Change]] | None = None

    def related(self, job: Job) -> list[StoredRecord]:
        """Other records that its rules and pages compare a job's record with, as `outbox.related_records`."""
        collection, record = job.collection, job.record
        if len(self._jobs) == 1:
            return outbox.related_records(self._unit, collection, record.document, record.id)
        if collection.related is None:
            return []
        if collection.name not in self._found:
            self._found[collection.name] = self._index(collection)
        index = self._found[collection.name]
        found = {
            one.key: one
            for facet, values in collection.related(record.document).items()
            for value in values
            for one in index[facet].get(value, ())
        }
        return [found[key] for key in sorted(found) if found[key].id != record.id]

    def _index(self, collection: Collection) -> Index:
        wanted: dict[str, set[str]] = defaultdict(set)
        for job in self._jobs:
            if job.collection is collection and collection.related is not None:
                for facet, values in collection.related(job.record.document).items():
                    wanted[facet].update(values)
        lists, keys = self._unit.lists, set[int]()
        for facet, all_values in wanted.items():
            keys.update(lists.find(Question(collection.name, facets={facet: tuple(sorted(all_values))})))
        index: dict[str, dict[str, list[StoredRecord]]] = {facet: defaultdict(list) for facet in wanted}
        for record in self._unit.records.contents(sorted(keys)):
            facets = collection.facets(record.document)
            for facet, all_values in wanted.items():
                if (value := str(facets.get(facet))) in all_values:
                    index[facet][value].append(record)
        return index

    def changes(self, job: Job) -> list[Change]:
        """All that waits of a job's record, oldest first."""
        if self._changes is None:
            self._changes = self._unit.outbox.of_records(list({job.record.id for job in self._jobs}))
        return self._changes.get(job.record.id, [])
