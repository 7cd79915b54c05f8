"""What a person has to type on a portal's website: found from the outbox, with who is at it and what is missing.

One item is one journey of one record: all its edits together, or one action. Its name, `<record>:<journey>`, is the same
through all of it, so a half-typed one is found again after a restart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from desktop.collections import names
from desktop.handover.register_csv import BULK_ADD, PLACEMENTS, RECOMMEND
from desktop.handover.sheets import Sheet, fill
from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.collection import Collection
from desktop.model.document import Document, diff
from desktop.model.errors import UnknownName
from desktop.model.finding import Severity
from desktop.model.ids import RecordId
from desktop.model.journey import Journey, Matter
from desktop.model.verdict import PortalState
from desktop.services import wording
from desktop.services.core import Core
from desktop.services.export_plans import TRAINEES, changes_of
from desktop.services.views import Organisation
from desktop.store.kept import KeptThing
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import by_hand, outbox
from desktop.sync.by_file import waits

_SHUT = (PortalState.API_OFF, PortalState.SIGN_IN)
"""The way in for programs is shut, while the website may well be open."""


class Why(StrEnum):
    """Why it is typed: nothing else can do it, there is no way in for programs (here, or now), or a file could do it too."""

    ONLY = "only"
    NO_WAY_IN = "no_way_in"
    FILE = "file"


class Stand(StrEnum):
    """Where it stands. TYPED = finished, and not read back yet; STUCK = somebody must decide or put it right first."""

    WAITING = "waiting"
    BEGUN = "begun"
    TYPED = "typed"
    REFUSED = "refused"
    STUCK = "stuck"


@dataclass(frozen=True)
class KeyItem:
    """One job on the website.

    id        `<record>:<journey>`
    what      in a line: "Funding method: Scholarship", "Delete"
    why_not   why it cannot be begun now; "" when it can
    missing   labels of what the website will ask for and nobody has answered
    wrong     what must be put right first, in sentences: errors in answers that the website asks for
    by        who began it, or typed it; since = when
    place     page that is open, of `pages`; 0 before it is begun
    """

    id: str
    record_id: RecordId
    record_label: str
    collection: str
    journey: str
    title: str
    what: str
    why: Why
    stand: Stand
    why_not: str
    missing: tuple[str, ...]
    wrong: tuple[str, ...]
    by: str
    since: datetime | None
    place: int
    pages: int
    reference: str
    money_gbp: int | None


@dataclass(frozen=True)
class Job:
    """An item with all that it is made of, inside one unit of work."""

    id: str
    record: StoredRecord
    collection: Collection
    journey: Journey
    changes: tuple[Change, ...]
    kept: KeptThing | None

    @property
    def body(self) -> dict[str, Any]:
        return self.kept.body if self.kept is not None else {}

    @property
    def stand(self) -> Stand:
        states = {change.state for change in self.changes}
        if self.kept is not None and by_hand.is_begun(self.body):
            return Stand.BEGUN
        if any(waits(change) for change in self.changes):
            return Stand.TYPED
        if states & {ChangeState.CONFLICT, ChangeState.SENDING, ChangeState.UNKNOWN}:
            return Stand.STUCK
        return Stand.REFUSED if ChangeState.REJECTED in states else Stand.WAITING


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
        for journey in collection.journeys:
            if not journey.is_for(record.document):
                continue
            mine = tuple(c for c in changes if journey.carries(c.kind, c.target))
            if mine:
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

    # -- looking closer -----------------------------------------------------------------------------

    def sheet(self, job: Job) -> Sheet:
        """The sheet as the record answers it now."""
        return fill(job.journey, job.collection, self.matter(job))

    def matter(self, job: Job) -> Matter:
        """What the sheet is about, as it stands."""
        record = job.record
        base = record.base
        asked = job.changes[0].payload.get("fields", {}) if job.journey.action else {}
        return Matter(
            document=record.document,
            today=self._core.today(),
            codes=job.collection.code_lists,
            base=base.document if base else None,
            state=record.state,
            extras=base.extras if base else {},
            asked=dict(asked),
            changed=self._changed(record) if not job.journey.action else frozenset(),
        )

    @staticmethod
    def _changed(record: StoredRecord) -> frozenset[str]:
        return frozenset(diff(record.base.document if record.base else Document(), record.document).touched())

    def item(self, unit: Unit, job: Job, why: Why) -> KeyItem:
        """A job as the screens show it."""
        sheet, body, record = self.sheet(job), job.body, job.record
        money = job.collection.money(record.document) if any(change.money for change in job.changes) else None
        return KeyItem(
            id=job.id,
            record_id=record.id,
            record_label=record.label,
            collection=job.collection.name,
            journey=job.journey.name,
            title=job.journey.label,
            what=_what(job),
            why=why,
            stand=job.stand,
            why_not=self.why_not(unit, job, sheet),
            missing=tuple(line.label for line in sheet.missing),
            wrong=self.wrong(job, sheet),
            by=str(body.get("by", "")),
            since=_time(body.get("finished_at") or body.get("begun_at")),
            place=sheet.place(str(body["page"])) if body.get("page") else 0,
            pages=len(sheet.way),
            reference=str(body.get("reference", "")),
            money_gbp=money.at_most if money else None,
        )

    def wrong(self, job: Job, sheet: Sheet) -> tuple[str, ...]:
        """What the rules say against answers that the website will ask for; what it never asks for does not matter."""
        if all(change.state is not ChangeState.HELD for change in job.changes):
            return ()
        lines = [line for page in sheet.pages for line in page.lines if not line.missing]
        asked = {path for line in lines for path in line.paths}
        found = outbox.findings_of(job.collection, job.record, self._core.today())
        errors = (f for f in found if f.severity is Severity.ERROR and f.field in asked)
        return tuple(dict.fromkeys(finding.message for finding in errors))

    def why_not(self, unit: Unit, job: Job, sheet: Sheet) -> str:
        """Why nobody can begin to type this now; "" when somebody can."""
        short = job.collection.portal_short
        if job.stand is Stand.TYPED:
            return f"It was typed. It waits to be read back from {short}."
        if job.stand is Stand.STUCK:
            unsure = any(c.state is not ChangeState.CONFLICT for c in job.changes)
            return (
                f"It may have arrived at {short} already. Read from {short} first."
                if unsure
                else "Decide first what is asked about it on Needs you."
            )
        if not sheet.pages:
            asked = " and ".join(sheet.not_asked[:3]).lower() or "this"
            return f"{short}’s website does not ask for it: {asked}."
        mine = {change.id for change in job.changes}
        before = [c for c in unit.outbox.of_record(job.record.id) if c.id not in mine]
        first = min(job.changes, key=lambda c: c.stage)
        return outbox.may_go(first, [first, *before])


def _turn(job: Job) -> int:
    return 0 if job.collection.sends else job.collection.journeys.index(job.journey)


def _what(job: Job) -> str:
    """The job in a line."""
    told = wording.what_will_be_sent(job.collection, job.changes[0], job.record)
    more = len(job.changes) - 1
    return f"{told}, and {wording.count(more, 'more change')}" if more else told


def _time(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None
