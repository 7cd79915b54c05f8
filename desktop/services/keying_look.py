"""A job of typing up close: the sheet as the record answers it now, what is wrong with that, and why it is not its turn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from desktop.handover.sheets import Sheet, fill
from desktop.model.change import ChangeKind, ChangeState
from desktop.model.collection import Context
from desktop.model.document import Document, diff
from desktop.model.finding import Finding, Severity
from desktop.model.journey import Matter, Other
from desktop.services import keying_turn, wording
from desktop.services.core import Core
from desktop.services.keying_beside import Beside
from desktop.services.keying_job import Job, KeyItem, Stand, Why
from desktop.store.store import Unit
from desktop.sync import outbox
from desktop.validation.engine import check


class Look:
    """Worked out once, for one unit of work."""

    def __init__(self, core: Core, unit: Unit, job: Job, beside: Beside | None = None) -> None:
        self._core, self._unit, self.job = core, unit, job
        self._beside = beside or Beside(unit, [job])

    @cached_property
    def sheet(self) -> Sheet:
        """The sheet as the record answers it now."""
        return fill(self.job.journey, self.job.collection, self.matter)

    @cached_property
    def matter(self) -> Matter:
        """What the sheet is about, as it stands."""
        job, record, base = self.job, self.job.record, self.job.record.base
        asked = job.changes[0].payload.get("fields", {}) if job.journey.action else {}
        return Matter(
            document=record.document,
            today=self._core.today(),
            codes=job.collection.code_lists,
            base=base.document if base else None,
            state=record.state,
            extras=base.extras if base else {},
            asked=dict(asked),
            changed=self._changed() if not job.journey.action else frozenset(),
            others=self._others(),
        )

    def _changed(self) -> frozenset[str]:
        record, kinds = self.job.record, self.job.journey.kinds
        found = diff(record.base.document if record.base else Document(), record.document).touched()
        if record.base is None:
            return frozenset(found)
        share = self.job.share
        return frozenset(p for p in found if (ChangeKind.NESTED in kinds if "." in p else p in share))

    def _others(self) -> tuple[Other, ...]:
        return tuple(
            Other(one.id, one.document, one.portal_id is not None, one.base.document if one.base else None)
            for one in self._beside.related(self.job)
        )

    def item(self, why: Why) -> KeyItem:
        """A job as the screens show it."""
        job, sheet, lease = self.job, self.sheet, self.job.lease(self._unit)
        body, record = job.body, job.record
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
            why_not=self.why_not,
            missing=tuple(line.label for line in sheet.missing),
            wrong=self.wrong,
            code=job.code,
            instead=job.outcome.instead.label if job.outcome is not None and job.outcome.instead else "",
            reason=job.reason if job.stand is Stand.REFUSED else "",
            settles=not job.journey.read_back and job.stand is not Stand.BEGUN,
            by=str(body.get("by", "")),
            since=_time(body.get("finished_at") or body.get("begun_at")),
            place=sheet.place(str(body["page"])) if body.get("page") else 0,
            pages=len(sheet.way),
            reference=str(body.get("reference", "")),
            money_gbp=money.at_most if money else None,
            lease=lease,
            free_at=lease.ends(job.journey) if lease else None,
        )

    @cached_property
    def wrong(self) -> tuple[str, ...]:
        """What the rules say against answers that the website will ask for; what it never asks for does not matter.

        Where nothing is sent, they are asked anew: windows of dates count from the day on which something is typed.
        """
        job = self.job
        anew = not job.collection.sends
        if not anew and all(change.state is not ChangeState.HELD for change in job.changes):
            return ()
        lines = [line for page in self.sheet.pages for line in page.lines if not line.missing]
        asked = {path for line in lines for path in line.paths}
        errors = (f for f in self._found() if f.severity is Severity.ERROR and f.field in asked)
        return tuple(dict.fromkeys(finding.message for finding in errors))

    def _found(self) -> Iterable[Finding]:
        job, document = self.job, self.job.record.document
        action = job.collection.action(job.journey.action) if not job.collection.sends else None
        if action is not None:
            return action.check(document, job.changes[0].payload.get("fields", {}), self._context())
        return check(job.collection, document, self._context(), job.record.id)

    def _context(self) -> Context:
        context = outbox.context_of(self.job.collection, self.job.record, self._core.today())
        return replace(context, related=tuple(other.document for other in self.matter.others))

    @cached_property
    def why_not(self) -> str:
        """Why nobody can begin to type this now; "" when somebody can."""
        job, unit, sheet = self.job, self._unit, self.sheet
        short = job.collection.portal_short
        if job.stand is Stand.TYPED:
            if job.journey.read_back:
                return f"It was typed. It waits to be read back from {short}."
            return (
                f"It was typed, and nobody saw whether {short} took it. Look there, then say what it shows."
            )
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
        if not job.collection.sends:
            changes = self._beside.changes(job)
            return keying_turn.why_not(job.journey, job.collection, self.matter, changes)
        mine = {change.id for change in job.changes}
        before = [c for c in unit.outbox.of_record(job.record.id) if c.id not in mine]
        first = min(job.changes, key=lambda c: c.stage)
        return outbox.may_go(first, [first, *before])


def _what(job: Job) -> str:
    """The job in a line."""
    kind = job.changes[0].kind
    if not job.collection.sends and kind is ChangeKind.UPDATE:
        labels = (
            wording.label_of(job.collection, name) for name in sorted(job.share, key=job.collection.place)
        )
        return ", ".join(labels) or job.journey.label
    if not job.collection.sends and kind is ChangeKind.CREATE:
        return job.journey.label
    told = wording.what_will_be_sent(job.collection, job.changes[0], job.record)
    more = len(job.changes) - 1
    return f"{told}, and {wording.count(more, 'more change')}" if more else told


def _time(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None
