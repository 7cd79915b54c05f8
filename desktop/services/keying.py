"""Typing on a portal's website, guided: who types what, page by page, and what the portal said at the end.

Every step is on disk before the next one shows, so a half-typed sheet goes on after a restart, by whoever opens it. What was
typed counts as *unknown* until it is read back; nobody's word makes it confirmed where reading can (`sync/by_hand.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from desktop.collections.reading import long_day
from desktop.handover.sheets import HEADS, Sheet, SheetLine, SheetPage, as_rows, moved
from desktop.model.document import Document, Fields
from desktop.model.errors import UsageError
from desktop.model.ids import RecordId
from desktop.services import writing
from desktop.services.core import Core, refuse_unwritable
from desktop.services.keying_list import Job, KeyItem, KeyList, Stand, Why
from desktop.services.views import Organisation
from desktop.store.store import Unit
from desktop.sync import by_file, by_hand

Said = Literal["accepted", "refused", "unsure"]
SAID: tuple[Said, ...] = ("accepted", "refused", "unsure")
"""What the portal said at the end: its last page was seen; it did not take it; nobody can tell."""

LONGEST_REFERENCE = 200
LONGEST_WHY = 1_000


class NotReady(UsageError):
    """The website will ask for something that nobody has answered here (`missing`, labels), or that is `wrong` (sentences)."""

    def __init__(self, missing: Sequence[str], wrong: Sequence[str] = ()) -> None:
        asked = f"The website will ask for this, and it is not answered here: {', '.join(missing)}."
        super().__init__(" ".join([*([asked] if missing else []), *wrong]))
        self.missing, self.wrong = tuple(missing), tuple(wrong)


class SomebodyElse(UsageError):
    """Another person is typing it. `by` and `since` say who, and from when on."""

    def __init__(self, by: str, since: datetime) -> None:
        super().__init__(f"{by} began to type this. Ask them first, or take it over.")
        self.by, self.since = by, since


@dataclass(frozen=True)
class Moved:
    """An answer that is another one than when typing began; `was` = "" when it was not asked then."""

    line: SheetLine
    was: str


@dataclass(frozen=True)
class Keying:
    """A sheet in hand.

    page        key of the page that is open; "" = all are done, and it is asked what the portal said
    done        keys of the pages that were typed -> what the portal showed after them ("" = just the next page)
    moved       answers that changed since it was begun
    ends_at     when the portal forgets who one is, if nobody clicks; None = not known
    stopped     what the portal's answer means, when it takes the sheet no further; "" = it goes on
    """

    item: KeyItem
    sheet: Sheet
    page: str
    done: Mapping[str, str]
    moved: tuple[Moved, ...]
    ends_at: datetime | None
    stopped: str

    @property
    def open_page(self) -> SheetPage | None:
        return self.sheet.page(self.page) if self.page else None


class KeyingDesk:
    """The list, and typing one sheet. Reads may come from any thread; writes take their turn."""

    def __init__(self, core: Core, organisation: Organisation) -> None:
        self._core = core
        self._list = KeyList(core, organisation)

    # -- looking ------------------------------------------------------------------------------------

    def items(self) -> list[KeyItem]:
        """Everything that is to be typed, or was and is not read back yet; in the order in which it would be sent."""
        with self._core.store.read() as unit:
            return [self._list.item(unit, job, why) for job, why in self._list.jobs(unit)]

    def count(self) -> int:
        """How many sheets wait to be typed, or are half typed."""
        open_stands = (Stand.WAITING, Stand.BEGUN, Stand.REFUSED)
        with self._core.store.read() as unit:
            return sum(job.stand in open_stands for job, why in self._list.jobs(unit) if why is not Why.FILE)

    def get(self, item_id: str) -> Keying:
        """A sheet with the record's answers of this moment; of any record with changes. Raises UnknownName."""
        with self._core.store.read() as unit:
            return self._view(unit, self._list.job(unit, item_id))

    def of_record(self, record_id: str) -> list[KeyItem]:
        """What could be typed for one record."""
        return [item for item in self.items() if item.record_id == record_id]

    def save_sheet(self, item_id: str, path: Path) -> None:
        """Write the sheet as a PDF. Raises UnknownName, StoreError and its kinds, NotWritten."""
        from desktop.handover import tables  # with the library for PDF, which takes a moment

        keying = self.get(item_id)
        today = long_day(self._core.today())
        title = f"{keying.item.title}: {keying.item.record_label}"
        subtitle = f"{keying.sheet.journey.begin} Answers as of {today}"
        tables.write_pdf(path, title, subtitle, HEADS, as_rows(keying.sheet))

    # -- typing -------------------------------------------------------------------------------------

    def begin(self, item_id: str, *, anyway: bool = False, take_over: bool = False) -> Keying:
        """Begin to type, or go on where it was left. Nothing of the record is sent meanwhile.

        anyway     begin although answers are missing or wrong;  take_over: although somebody else is at it
        Raises UnknownName, NotReady, SomebodyElse, UsageError.
        """
        with self._core.store.write() as unit:
            job = self._list.job(unit, item_id)
            if job.stand is Stand.BEGUN:
                self._go_on(unit, job, take_over=take_over)
            else:
                self._begin(unit, job, anyway=anyway)
            return self._view(unit, self._list.job(unit, item_id))

    def _go_on(self, unit: Unit, job: Job, *, take_over: bool) -> None:
        by = str(job.body["by"])
        if by == unit.actor:
            return
        if not take_over:
            raise SomebodyElse(by, datetime.fromisoformat(job.body["begun_at"]))
        self._put(unit, job, {"by": unit.actor, "seen_at": unit.now.isoformat()})
        unit.journal.write("keying_taken_over", job.record.id, {"what": job.journey.label, "from": by})

    def _begin(self, unit: Unit, job: Job, *, anyway: bool) -> None:
        sheet = self._list.sheet(job)
        if why := self._list.why_not(unit, job, sheet):
            raise UsageError(why)
        wrong = self._list.wrong(job, sheet)
        if (sheet.missing or wrong) and not anyway:
            raise NotReady([line.label for line in sheet.missing], wrong)
        body = {
            "by": unit.actor,
            "begun_at": unit.now.isoformat(),
            "seen_at": unit.now.isoformat(),
            "page": sheet.pages[0].key,
            "done": {},
            "answers": sheet.answers(),
            "document": job.record.document.to_json(),
        }
        self._sweep(unit)
        unit.kept.put(by_hand.KIND, job.id, body)
        unit.journal.write("keying_begun", job.record.id, {"what": job.journey.label})
        self._touch(unit, job)

    def page_done(self, item_id: str, page: str, outcome: str = "") -> Keying:
        """A page was typed. `outcome` = what the portal showed then, where the page asks. Raises UnknownName, UsageError."""
        with self._core.store.write() as unit:
            job = self._begun(unit, item_id)
            sheet = self._list.sheet(job)
            here = sheet.page(page)
            if here is None:
                raise UsageError("This page is not on the sheet any more. Look at the sheet again.")
            if here.outcomes and here.outcome(outcome) is None:
                raise UsageError("Say what the website shows now.")
            done = {**job.body["done"], page: outcome}
            more = {"done": done, "page": sheet.after(page, outcome), "seen_at": unit.now.isoformat()}
            self._put(unit, job, more)
            told = {"what": job.journey.label, "page": here.heading}
            said = here.outcome(outcome)
            unit.journal.write("keyed_page", job.record.id, {**told, "said": said.words} if said else told)
            if said is not None and said.sets:
                self._take_answer(unit, job.id, dict(said.sets))
            return self._view(unit, self._list.job(unit, item_id))

    def _take_answer(self, unit: Unit, item_id: str, answers: Fields) -> None:
        """The portal has told something of the record: it is saved at once, and counts as typed."""
        job = self._list.job(unit, item_id)
        after = job.record.document.copy()
        after.fields.update(answers)
        writing.store(self._core, unit, job.record, after, "edited")
        now = self._list.job(unit, item_id)
        sheet = self._list.sheet(now)
        was = now.body["answers"]
        erased = {f.name for f in now.collection.fields if f.lookup}
        forgotten = {
            line.key: line.words
            for page in sheet.pages
            for line in page.lines
            if erased.intersection(line.paths)
        }
        typed = Document.from_json(now.body["document"])
        typed.fields.update({n: now.record.document.get(n) for n in {*answers, *erased}})
        self._put(unit, now, {"answers": {**was, **forgotten}, "document": typed.to_json()})

    def go_to(self, item_id: str, page: str) -> Keying:
        """Show a page of the sheet, one that was typed before or one further on. Raises UnknownName, UsageError."""
        with self._core.store.write() as unit:
            job = self._begun(unit, item_id)
            if self._list.sheet(job).page(page) is None:
                raise UsageError("This page is not on the sheet any more. Look at the sheet again.")
            self._put(unit, job, {"page": page})
            return self._view(unit, self._list.job(unit, item_id))

    def take_new_answers(self, item_id: str) -> Keying:
        """What changed meanwhile was typed in its new form: from now on that is what was typed. Raises UnknownName."""
        with self._core.store.write() as unit:
            job = self._begun(unit, item_id)
            answers = self._list.sheet(job).answers()
            self._put(unit, job, {"answers": answers, "document": job.record.document.to_json()})
            unit.journal.write("keying_new_answers", job.record.id, {"what": job.journey.label})
            return self._view(unit, self._list.job(unit, item_id))

    @staticmethod
    def _sweep(unit: Unit) -> None:
        """Forget sheets that were typed and are read back by now; the journal keeps what happened."""
        for kept in unit.kept.all(by_hand.KIND):
            changes = unit.outbox.of_record(RecordId(kept.name.partition(":")[0]))
            if not by_hand.is_begun(kept.body) and not any(map(by_file.waits, changes)):
                unit.kept.remove(by_hand.KIND, kept.name)

    # -- the end ------------------------------------------------------------------------------------

    def finish(
        self, item_id: str, said: Said, *, reference: str = "", on: date | None = None, why: str = ""
    ) -> KeyItem | None:
        """It was typed to the end, and this is what the portal said. `on` = the day, else today.

        "accepted" and "unsure" wait to be read back; "refused" needs a `why` and parks it until it is put right. Gives what
        is left of it; None when nothing is. Raises UnknownName, UsageError.
        """
        if said not in SAID:
            raise UsageError(f'"{said}" is none of: {", ".join(SAID)}.')
        reference, why = _line(reference, LONGEST_REFERENCE, "reference"), _line(why, LONGEST_WHY, "reason")
        if said == "refused" and not why:
            raise UsageError("Say what the website did not take, so that somebody can put it right.")
        day = on or self._core.today()
        if day > self._core.today():
            raise UsageError("The day on which it was typed lies in the future.")
        with self._core.store.write() as unit:
            job = self._begun(unit, item_id)
            told = {"what": job.journey.label, "said": said, "reference": reference, "day": day.isoformat()}
            unit.journal.write("keyed", job.record.id, told | ({"why": why} if why else {}))
            if said == "refused":
                self._refused(unit, job, why)
            elif said == "accepted" and not job.journey.read_back:
                self._accepted(unit, job, reference)
            else:
                self._typed(unit, job, said, reference, day)
        return self._left(item_id)

    def _typed(self, unit: Unit, job: Job, said: Said, reference: str, day: date) -> None:
        kept = {name: value for name, value in job.body.items() if name not in ("answers", "document")}
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
        self._touch(unit, job)

    def _refused(self, unit: Unit, job: Job, why: str) -> None:
        unit.kept.remove(by_hand.KIND, job.id)
        reason = f"{job.collection.portal_short}’s website did not take it: {why}"
        for change in job.changes:
            by_file.refused(unit, job.record, change, reason, [{"field": "", "message": why}])
        self._touch(unit, job)

    def _accepted(self, unit: Unit, job: Job, reference: str) -> None:
        unit.kept.remove(by_hand.KIND, job.id)
        action = job.collection.action(job.journey.action) if job.journey.action else None
        document = Document.from_json(job.body["document"])
        state = action.leads_to if action else job.journey.leads_to
        adds = job.journey.sets(self._list.matter(job)) if job.journey.sets is not None else {}
        seen = by_hand.Seen(document, state, reference, adds)
        today = self._core.today()
        by_hand.accepted(unit, job.collection, job.record, seen, changes=job.changes, today=today)
        self._touch(unit, job)

    def give_up(self, item_id: str, why: str = "") -> None:
        """It is not typed after all, or it turned out not to be there: it waits as before. Raises UnknownName, UsageError."""
        why = _line(why, LONGEST_WHY, "reason")
        with self._core.store.write() as unit:
            job = self._list.job(unit, item_id)
            if job.stand not in (Stand.BEGUN, Stand.TYPED):
                raise UsageError("Nobody is typing this. There is nothing to give up.")
            unit.kept.remove(by_hand.KIND, job.id)
            event = "keying_given_up" if job.stand is Stand.BEGUN else "keyed_not_there"
            unit.journal.write(event, job.record.id, {"what": job.journey.label, "why": why})
            reason = f"Not typed: {why}" if why else ""
            for change in job.changes:
                by_file.came_back(
                    unit, job.collection, job.record, change, reason=reason, today=self._core.today()
                )
            self._touch(unit, job)

    # -- inside -------------------------------------------------------------------------------------

    def _begun(self, unit: Unit, item_id: str) -> Job:
        job = self._list.job(unit, item_id)
        if job.stand is not Stand.BEGUN:
            raise UsageError("Nobody has begun to type this. Begin first.")
        if job.body["by"] != unit.actor:
            raise SomebodyElse(str(job.body["by"]), datetime.fromisoformat(job.body["begun_at"]))
        return job

    @staticmethod
    def _put(unit: Unit, job: Job, more: Mapping[str, Any]) -> None:
        unit.kept.put(by_hand.KIND, job.id, {**job.body, **more})
        unit.touched.queue = True

    @staticmethod
    def _touch(unit: Unit, job: Job) -> None:
        unit.touched.queue = True
        unit.touched.records.add(job.record.id)

    def _left(self, item_id: str) -> KeyItem | None:
        return next((item for item in self.items() if item.id == item_id), None)

    def _view(self, unit: Unit, job: Job) -> Keying:
        sheet, body = self._list.sheet(job), job.body
        begun = job.stand is Stand.BEGUN
        done: dict[str, str] = dict(body.get("done", {})) if begun else {}
        page = self._page(sheet, body, done) if begun else sheet.pages[0].key if sheet.pages else ""
        minutes = job.journey.session_minutes
        last = datetime.fromisoformat(body["seen_at"]) if begun else None
        ends = last + timedelta(minutes=minutes) if last is not None and minutes else None
        changed = moved(body["answers"], sheet) if begun else ()
        item = self._list.item(unit, job, Why.NO_WAY_IN)
        return Keying(item, sheet, page, done, tuple(Moved(*m) for m in changed), ends, _stopped(sheet, done))

    @staticmethod
    def _page(sheet: Sheet, body: Mapping[str, Any], done: Mapping[str, str]) -> str:
        """The open page; the first that was not done when the record changed so that the open one is gone."""
        page = str(body["page"])
        if not page or sheet.page(page) is not None:
            return page
        return next((p.key for p in sheet.way if p.key not in done), "")


def _stopped(sheet: Sheet, done: Mapping[str, str]) -> str:
    for key, outcome in done.items():
        page = sheet.page(key)
        said = page.outcome(outcome) if page is not None and outcome else None
        if said is not None and said.ends:
            return said.told or said.words
    return ""


def _reason(job: Job, said: Said, reference: str, day: date, actor: str) -> str:
    short = job.collection.portal_short
    by = f" by {actor}" if actor else ""
    proof = f", reference {reference}" if reference else ""
    typed = f"Typed on {short}’s website on {long_day(day)}{by}{proof}."
    seen = "Its last page was seen." if said == "accepted" else "Nobody saw whether it was taken."
    return f"{typed} {seen} It waits to be read back."


def _line(text: str, longest: int, what: str) -> str:
    refuse_unwritable(text)
    text = " ".join(text.split())
    if len(text) > longest:
        raise UsageError(f"Keep the {what} to {longest} characters.")
    return text
