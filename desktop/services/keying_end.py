"""The end of a sheet: what the portal said is taken in, for the record and for those that depend on it.

Where a portal can be read, what was typed waits to be read back. Where nothing can, what a person saw is the proof: it becomes
the base, of exactly what the sheet typed. What the portal stopped keeps the reason that the portal gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from desktop.collections.reading import long_day
from desktop.handover.sheets import Sheet
from desktop.model.change import ChangeKind
from desktop.model.document import Child, Document
from desktop.model.errors import UsageError
from desktop.model.ids import new_id
from desktop.model.journey import Instead, Journey, Outcome, Told
from desktop.services import writing
from desktop.services.core import Core
from desktop.services.keying_job import Job
from desktop.services.keying_list import KeyList
from desktop.store.store import Unit
from desktop.sync import by_hand


class Ends:
    """The units of work are the caller's."""

    def __init__(self, core: Core, jobs: KeyList) -> None:
        self._core = core
        self._list = jobs

    def typed(self, unit: Unit, job: Job, said: str, reference: str, day: date) -> None:
        """It waits to be read back, or until somebody has looked."""
        left_out = ("answers", "document") if job.journey.read_back else ("answers",)
        kept = {name: value for name, value in job.body.items() if name not in left_out}
        body = {
            **kept,
            "finished_at": unit.now.isoformat(),
            "said": said,
            "reference": reference,
            "day": day.isoformat(),
            "by": unit.actor,
        }
        unit.kept.put(by_hand.KIND, job.id, body)
        document = Document.from_json(job.body["document"])
        reason = _reason(job, said, reference, day, unit.actor)
        for change in job.changes:
            by_hand.typed(unit, job.record, change, document, reason)

    def refused(self, unit: Unit, job: Job, why: str) -> None:
        """It is parked, with the reason and the code of what the portal showed."""
        unit.kept.remove(by_hand.KIND, job.id)
        reason = f"{job.collection.portal_short}’s website did not take it: {why}"
        stop = by_hand.Stop(job.journey.name, why, self.code(unit, job), reason)
        for change in job.changes:
            by_hand.refused(unit, job.record, change, stop)

    def code(self, unit: Unit, job: Job) -> str:
        """Key of the outcome with which the portal went no further; "" = none was chosen."""
        said = ending(self._list.look(unit, job).sheet, job.body.get("done", {}))
        return said.key if said is not None else ""

    def accepted(self, unit: Unit, job: Job, reference: str, day: date | None) -> None:
        """What the sheet typed is at the portal, and what follows from its end.

        day  when it was typed, for the portal goes by it; None = it was found there
        """
        look = self._list.look(unit, job)
        matter = replace(look.matter, today=day or self._core.today(), typed=day is not None)
        tells = list(job.journey.tells(matter)) if job.journey.tells is not None else []
        own = job.journey.sets(matter) if job.journey.sets is not None else Told()
        here, there = _laid(job.record.document, self._there(job), own)
        action = job.collection.action(job.journey.action) if job.journey.action else None
        state = action.leads_to if action else job.journey.leads_to
        self._close(unit, job, by_hand.Seen(there, here, state, reference))
        self._tell(unit, tells)

    @staticmethod
    def _there(job: Job) -> Document:
        """What the portal has after this sheet: what it had, and what was typed."""
        base = job.record.base
        typed = (
            Document.from_json(job.body["document"]) if "document" in job.body else job.record.document.copy()
        )
        if base is None:
            return Document(
                typed.fields, {k: c for k, c in typed.children.items() if k not in job.journey.leaves}
            )
        there = base.document.copy()
        there.fields.update(
            {name: typed.get(name) for name in job.share if ChangeKind.UPDATE in job.journey.kinds}
        )
        return Document(there.fields, typed.children) if ChangeKind.NESTED in job.journey.kinds else there

    def instead(self, unit: Unit, job: Job, way: Instead) -> None:
        """The portal has the record already: it counts as there, and our other answers as changes (pack 9)."""
        matter = self._list.look(unit, job).matter
        names = set(way.holds(matter))
        document = job.record.document
        held = Document({n: v for n, v in document.fields.items() if n in names})
        asks = list(way.asks(matter))
        self._close(unit, job, by_hand.Seen(held, document, job.journey.leads_to, ""))
        for told in asks:
            record = self._core.record(unit, told.id)
            after, _ = _laid(record.document, Document(), told)
            writing.store(self._core, unit, record, after, "edited")

    def _close(self, unit: Unit, job: Job, seen: by_hand.Seen) -> None:
        unit.kept.remove(by_hand.KIND, job.id)
        today = self._core.today()
        by_hand.accepted(unit, job.collection, job.record, seen, changes=job.changes, today=today)
        by_hand.still_refused(unit, job.record.id, job.stopped_elsewhere)

    def _tell(self, unit: Unit, tells: Iterable[Told]) -> None:
        """What the portal has of other records from now on; one that it does not have yet only knows it here."""
        for told in tells:
            record = self._core.record(unit, told.id)
            collection = self._core.collection_of(record)
            base = record.base.document if record.base is not None else Document()
            after, there = _laid(record.document, base, told)
            if record.base is None:
                writing.store(self._core, unit, record, after, "edited")
            else:
                by_hand.learned(unit, collection, record, there, after, today=self._core.today())


def _laid(document: Document, base: Document, told: Told) -> tuple[Document, Document]:
    """A record's content and what the portal has of it, with what is told laid over both."""
    here, there = document.copy(), base.copy()
    for one in (here, there):
        one.fields.update(told.fields)
    for kind, child_id, answers in told.children:
        if answers is None:
            for one in (here, there):
                one.children[kind] = [c for c in one.children.get(kind, ()) if c.id != child_id]
            continue
        mine = here.child(kind, child_id)
        if mine is None and not child_id:
            mine = Child(new_id(), {})
            here.children.setdefault(kind, []).append(mine)
        theirs = there.child(kind, child_id)
        if mine is not None and theirs is None:
            theirs = mine.copy()
            there.children.setdefault(kind, []).append(theirs)
        for child in (mine, theirs):
            if child is not None:
                child.fields.update(answers)
    return here, there


def ending(sheet: Sheet, done: Mapping[str, str]) -> Outcome | None:
    """What the portal showed when it took a sheet no further; None = it went on."""
    for key, outcome in done.items():
        page = sheet.page(key)
        said = page.outcome(outcome) if page is not None and outcome else None
        if said is not None and said.ends:
            return said
    return None


def way_instead(code: str, journey: Journey) -> Instead:
    """The other way that an outcome of this key offers. Raises UsageError where there is none."""
    found = (o.instead for page in journey.pages for o in page.outcomes if o.ends and o.key == code)
    way = next(found, None)
    if way is None:
        raise UsageError("There is no other way for this. Put it right, then type it again.")
    return way


def _reason(job: Job, said: str, reference: str, day: date, actor: str) -> str:
    short = job.collection.portal_short
    by = f" by {actor}" if actor else ""
    proof = f", reference {reference}" if reference else ""
    typed = f"Typed on {short}’s website on {long_day(day)}{by}{proof}."
    seen = "Its last page was seen." if said == "accepted" else "Nobody saw whether it was taken."
    left = "It waits to be read back." if job.journey.read_back else "Look there, then say what it shows."
    return f"{typed} {seen} {left}"
