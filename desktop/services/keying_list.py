"""What a person has to type on a portal's website: found from the outbox, with who is at it and what is missing.

One item is one journey of one record: all its edits together, or one action. Its name, `<record>:<journey>`, is the same
through all of it, so a half-typed one is found again after a restart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from desktop.collections import names
from desktop.handover.register_csv import BULK_ADD, PLACEMENTS, RECOMMEND
from desktop.model.change import Change, ChangeKind
from desktop.model.errors import UnknownName
from desktop.model.verdict import PortalState
from desktop.services import keying_turn
from desktop.services.core import Core
from desktop.services.export_plans import TRAINEES, changes_of
from desktop.services.keying_beside import Beside
from desktop.services.keying_job import Job, Why
from desktop.services.keying_look import Look
from desktop.services.views import Organisation
from desktop.store.kept import KeptThing
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import by_hand, outbox

_SHUT = (PortalState.API_OFF, PortalState.SIGN_IN)
"""The way in for programs is shut, while the website may well be open."""


class KeyList:
    """Finds the jobs. The units of work are the caller's."""

    def __init__(self, core: Core, organisation: Organisation) -> None:
        self._core = core
        self._files = {RECOMMEND, PLACEMENTS}
        if organisation.has_api:
            self._files.add(BULK_ADD)

    def jobs(self, unit: Unit) -> list[tuple[Job, Why]]:
        """What is to be typed, and why; oldest wish first, money before the rest.

        Where nothing is ever sent, the collection's own order of journeys comes before all that.
        """
        return sorted(self._found(unit), key=lambda found: _turn(found[0]))

    def _found(self, unit: Unit) -> Iterator[tuple[Job, Why]]:
        of_record: dict[str, list[Change]] = {}
        for change in outbox.in_order(unit.outbox.all()):
            of_record.setdefault(change.record_id, []).append(change)
        kept = {thing.name: thing for thing in unit.kept.all(by_hand.KIND)}
        shut = {name: self._is_shut(unit, name) for name in names()}
        for record_id in unit.one_by_one(list(of_record)):
            record = unit.records.get(record_id)
            if record is None:
                continue
            for job in self._jobs_of(record, of_record[record_id], kept):
                why = self._why(job, shut=shut[record.collection])
                if why is not None:
                    yield job, why

    def job(self, unit: Unit, item_id: str) -> Job:
        """One job, whether or not there is another way for it. Raises UnknownName when nothing of it is open any more."""
        record_id, _, name = item_id.partition(":")
        record = unit.records.get(record_id)
        kept = unit.kept.get(by_hand.KIND, item_id)
        if record is not None:
            held = {item_id: kept} if kept is not None else {}
            for job in self._jobs_of(record, unit.outbox.of_record(record.id), held):
                if job.journey.name == name:
                    return job
        raise UnknownName("There is nothing to type for this any more. It was sent, taken back or read back.")

    def _jobs_of(
        self, record: StoredRecord, changes: Sequence[Change], kept: dict[str, KeptThing]
    ) -> Iterator[Job]:
        collection = self._core.collection_of(record)
        for journey, mine in keying_turn.carried(collection, record, changes):
            item_id = f"{record.id}:{journey.name}"
            yield Job(item_id, record, collection, journey, mine, kept.get(item_id))

    def _is_shut(self, unit: Unit, collection: str) -> bool:
        portal = unit.portals.get(collection)
        return not portal.url or portal.state in _SHUT

    def _why(self, job: Job, *, shut: bool) -> Why | None:
        """None when Holdfast sends it by itself, and nobody types it."""
        if any(c.kind is ChangeKind.ACTION and job.collection.by_hand(c.target) for c in job.changes):
            return Why.ONLY
        if not shut and job.kept is None:
            return None
        return Why.FILE if shut and self._a_file_carries(job) else Why.NO_WAY_IN

    def _a_file_carries(self, job: Job) -> bool:
        if job.collection.name != TRAINEES:
            return False
        carried = {c.id for route in self._files for c in changes_of(route, job.changes)}
        return all(change.id in carried for change in job.changes)

    def look(self, unit: Unit, job: Job) -> Look:
        """A job up close, as it stands in this unit of work."""
        return Look(self._core, unit, job)

    def looks(self, unit: Unit, found: Sequence[tuple[Job, Why]]) -> list[tuple[Look, Why]]:
        """Many of them; what they need of other records is read once for all."""
        beside = Beside(unit, [job for job, _ in found])
        return [(Look(self._core, unit, job, beside), why) for job, why in found]


def _turn(job: Job) -> tuple[int, int, datetime, str]:
    """What was wished for in one go comes by name, so that a list can be followed with the finger."""
    rank, wished_at = min((change.rank, change.created_at) for change in job.changes)
    return keying_turn.place(job.collection, job.journey), rank, wished_at, job.record.label
