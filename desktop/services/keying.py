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
from desktop.model.lease import Lease
from desktop.model.person import Role
from desktop.services import keying_run, writing
from desktop.services.core import Core, refuse_unwritable
from desktop.services.keying_end import Ends, ending, way_instead
from desktop.services.keying_job import Job, KeyItem, Stand, Why
from desktop.services.keying_list import KeyList
from desktop.services.people import demand
from desktop.services.views import Organisation
from desktop.store.store import Unit
from desktop.sync import by_file, by_hand, leases, outbox

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
    """Another person is typing it: `lease` says who, where and since when; at `free_at` it ends by itself."""

    def __init__(self, lease: Lease, free_at: datetime) -> None:
        where = f" on {lease.computer}" if lease.computer else ""
        super().__init__(f"{lease.person} is typing this{where}. Ask them first, or take it over.")
        self.lease, self.free_at = lease, free_at


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
    instead     what can be done instead then, as on a button; "" = nothing
    """

    item: KeyItem
    sheet: Sheet
    page: str
    done: Mapping[str, str]
    moved: tuple[Moved, ...]
    ends_at: datetime | None
    stopped: str
    instead: str = ""

    @property
    def open_page(self) -> SheetPage | None:
        return self.sheet.page(self.page) if self.page else None


class KeyingDesk:
    """The list, and typing one sheet. Reads may come from any thread; writes take their turn."""

    def __init__(self, core: Core, organisation: Organisation) -> None:
        self._core = core
        self._list = KeyList(core, organisation)
        self._ends = Ends(core, self._list)

    # -- looking ------------------------------------------------------------------------------------

    def items(self) -> list[KeyItem]:
        """Everything that is to be typed, or was and is not read back yet; in the order in which it would be sent."""
        with self._core.store.read() as unit:
            return [look.item(why) for look, why in self._list.looks(unit, self._list.jobs(unit))]

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
        with self._core.store.read() as unit:
            jobs = self._list.jobs(unit)
            return [self._list.look(unit, j).item(why) for j, why in jobs if j.record.id == record_id]

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
        What the rules say against it today makes it a draft again. Raises UnknownName, NotReady, SomebodyElse, UsageError.
        """
        try:
            return self._opened(item_id, anyway=anyway, take_over=take_over)
        except NotReady as error:
            if error.wrong:
                self._hold(item_id)
            raise

    def _hold(self, item_id: str) -> None:
        with self._core.store.write() as unit:
            job = self._list.job(unit, item_id)
            outbox.follow(unit, job.collection, job.record, self._core.today())

    def _opened(self, item_id: str, *, anyway: bool, take_over: bool) -> Keying:
        with self._core.store.write() as unit:
            job = self._list.job(unit, item_id)
            if job.stand is Stand.BEGUN:
                self._go_on(unit, job, take_over=take_over)
            else:
                self._take_over(unit, job, asked=take_over)
                self._begin(unit, job, anyway=anyway)
            return self._view(unit, self._list.job(unit, item_id))

    def _go_on(self, unit: Unit, job: Job, *, take_over: bool) -> None:
        if job.body["by"] != unit.actor:
            self._take_over(unit, job, asked=take_over)
            self._put(unit, job, leases.terms(unit))

    @staticmethod
    def _take_over(unit: Unit, job: Job, *, asked: bool) -> None:
        """From whoever is at it, if anybody is. Raises SomebodyElse unless it was asked for, or their time is over."""
        lease = job.lease(unit)
        if lease is None:
            return
        free_at = lease.ends(job.journey)
        if not asked and unit.now < free_at:
            raise SomebodyElse(lease, free_at)
        leases.note_elsewhere(unit, job.id, None)
        told = {"what": job.journey.label, "from": lease.person, "computer": lease.computer}
        unit.journal.write("keying_taken_over", job.record.id, told)

    def _begin(self, unit: Unit, job: Job, *, anyway: bool) -> None:
        look = self._list.look(unit, job)
        sheet = look.sheet
        if why := look.why_not:
            raise UsageError(why)
        if (sheet.missing or look.wrong) and not anyway:
            raise NotReady([line.label for line in sheet.missing], look.wrong)
        body = {
            **leases.terms(unit),
            "begun_at": unit.now.isoformat(),
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
            sheet = self._list.look(unit, job).sheet
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
        sheet = self._list.look(unit, now).sheet
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
            if self._list.look(unit, job).sheet.page(page) is None:
                raise UsageError("This page is not on the sheet any more. Look at the sheet again.")
            self._put(unit, job, {"page": page})
            return self._view(unit, self._list.job(unit, item_id))

    def take_new_answers(self, item_id: str) -> Keying:
        """What changed meanwhile was typed in its new form: from now on that is what was typed. Raises UnknownName."""
        with self._core.store.write() as unit:
            job = self._begun(unit, item_id)
            answers = self._list.look(unit, job).sheet.answers()
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
            demand(unit, Role.SEND)
            job = self._begun(unit, item_id)
            told = {"what": job.journey.label, "said": said, "reference": reference, "day": day.isoformat()}
            unit.journal.write("keyed", job.record.id, told | ({"why": why} if why else {}))
            code = self._ends.code(unit, job)
            if said == "refused":
                self._ends.refused(unit, job, why)
            elif said == "accepted" and not job.journey.read_back:
                self._ends.accepted(unit, job, reference, day)
            else:
                self._ends.typed(unit, job, said, reference, day)
            keying_run.note(unit, job, said, why, code)
            self._touch(unit, job)
        return self._left(item_id)

    def is_there(self, item_id: str) -> None:
        """A person has looked: the portal has it, typed or not. Only where nothing can be read back.

        Raises UnknownName, UsageError.
        """
        with self._core.store.write() as unit:
            demand(unit, Role.SEND)
            job = self._list.job(unit, item_id)
            if job.journey.read_back or job.stand is Stand.BEGUN:
                raise UsageError("Finish the sheet, or read what is there. Nobody has to say it then.")
            day = date.fromisoformat(job.body["day"]) if "day" in job.body else None
            self._ends.accepted(unit, job, str(job.body.get("reference", "")), day)
            self._noted(unit, job, "there")

    def instead(self, item_id: str) -> None:
        """The portal has it already: go the other way that the sheet offers (`KeyItem.instead`). Raises UnknownName, UsageError."""
        with self._core.store.write() as unit:
            demand(unit, Role.SEND)
            job = self._list.job(unit, item_id)
            way = way_instead(self._ends.code(unit, job) or job.code, job.journey)
            self._ends.instead(unit, job, way)
            self._noted(unit, job, "instead", way.label)

    def try_again(self, item_id: str) -> None:
        """What stopped it is over: the portal's answer is forgotten, so that it can be typed anew. Raises UnknownName, UsageError."""
        with self._core.store.write() as unit:
            job = self._list.job(unit, item_id)
            outcome = job.outcome
            if outcome is None or job.stand is Stand.BEGUN:
                raise UsageError("The portal has not stopped this. Type it.")
            after = job.record.document.copy()
            after.fields.update(dict.fromkeys(outcome.sets))
            writing.store(self._core, unit, job.record, after, "edited")
            self._noted(unit, job, "again")

    def _noted(self, unit: Unit, job: Job, said: str, why: str = "") -> None:
        """How a sheet ended, for the journal and for whoever types many in a row."""
        told = {"what": job.journey.label, "said": said}
        unit.journal.write("keyed", job.record.id, told | ({"why": why} if why else {}))
        keying_run.note(unit, job, said, why)
        self._touch(unit, job)

    def give_up(self, item_id: str, why: str = "") -> None:
        """It is not typed after all, or it turned out not to be there: it waits as before. Raises UnknownName, UsageError."""
        why = _line(why, LONGEST_WHY, "reason")
        with self._core.store.write() as unit:
            job = self._list.job(unit, item_id)
            if job.stand not in (Stand.BEGUN, Stand.TYPED):
                raise UsageError("Nobody is typing this. There is nothing to give up.")
            if job.is_begun and job.body["by"] != unit.actor:
                self._take_over(unit, job, asked=False)
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
            lease = leases.of(job.id, job.body)
            raise SomebodyElse(lease, lease.ends(job.journey))
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
        with self._core.store.read() as unit:
            jobs = self._list.jobs(unit)
            return next((self._list.look(unit, j).item(why) for j, why in jobs if j.id == item_id), None)

    def _view(self, unit: Unit, job: Job) -> Keying:
        look = self._list.look(unit, job)
        sheet, body = look.sheet, job.body
        begun = job.stand is Stand.BEGUN
        done: dict[str, str] = dict(body.get("done", {})) if begun else {}
        page = self._page(sheet, body, done) if begun else sheet.pages[0].key if sheet.pages else ""
        minutes = job.journey.session_minutes
        last = datetime.fromisoformat(body["seen_at"]) if begun else None
        ends = last + timedelta(minutes=minutes) if last is not None and minutes else None
        changed = moved(body["answers"], sheet) if begun else ()
        item, end = look.item(Why.NO_WAY_IN), ending(sheet, done)
        stopped = (end.told or end.words) if end is not None else ""
        instead = end.instead.label if end is not None and end.instead is not None else ""
        return Keying(item, sheet, page, done, tuple(Moved(*m) for m in changed), ends, stopped, instead)

    @staticmethod
    def _page(sheet: Sheet, body: Mapping[str, Any], done: Mapping[str, str]) -> str:
        """The open page; the first that was not done when the record changed so that the open one is gone."""
        page = str(body["page"])
        if not page or sheet.page(page) is not None:
            return page
        return next((p.key for p in sheet.way if p.key not in done), "")


def _line(text: str, longest: int, what: str) -> str:
    refuse_unwritable(text)
    text = " ".join(text.split())
    if len(text) > longest:
        raise UsageError(f"Keep the {what} to {longest} characters.")
    return text
