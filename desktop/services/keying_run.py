"""Many sheets in a row, one person after another: what is next, what came of the ones before, and what is left at the end.

A run is a list of records; what of them is to be typed is asked anew each time, so it goes on where it was after a night, and
what one sheet makes possible (a mentor once the ECT is registered) comes in its turn. One that the portal stops holds up none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop.collections.reading import long_day
from desktop.model.errors import UnknownName, UsageError
from desktop.services.core import LONDON, Core
from desktop.services.keying_job import Job, KeyItem, Stand, Why
from desktop.services.keying_list import KeyList
from desktop.services.keying_look import Look
from desktop.services.views import Organisation
from desktop.store.store import Unit

KIND, NAME = "keying_run", "run"
LATER = "later"
HEADS = ("Name", "What", "How it ended", "Why", "By", "When")
_LEAST_SAME = 2
_WORDS = {
    "accepted": "Done",
    "there": "Was there already",
    "instead": "Another way was taken",
    "refused": "Stopped by the portal",
    "unsure": "Nobody saw whether it was taken",
    LATER: "Set aside",
}
_DONE = ("accepted", "there", "instead")


@dataclass(frozen=True)
class Ended:
    """A sheet of the run that was typed. `said` as in the journal; `code` = what the portal showed when it stopped it."""

    item: str
    record_id: str
    label: str
    title: str
    said: str
    why: str
    code: str
    by: str
    at: datetime

    @property
    def words(self) -> str:
        return _WORDS.get(self.said, self.said)

    @property
    def is_done(self) -> bool:
        return self.said in _DONE


@dataclass(frozen=True)
class Run:
    """Where the run is.

    ended     sheets that were typed, oldest first;  ready: to be typed now, in their order
    blocked   sheets that cannot be typed yet, each with `why_not`, `missing` or `wrong` that says why
    same      (question, answer) that is the same on every sheet of the kind that comes most, so it is said once
    """

    ended: tuple[Ended, ...]
    ready: tuple[KeyItem, ...]
    blocked: tuple[KeyItem, ...]
    same: tuple[tuple[str, str], ...]
    by: str
    begun_at: datetime

    @property
    def next(self) -> KeyItem | None:
        return self.ready[0] if self.ready else None

    @property
    def total(self) -> int:
        return len(self.ended) + len(self.ready) + len(self.blocked)

    @property
    def place(self) -> int:
        """From 1: the sheet that is in hand or comes next."""
        return min(len(self.ended) + 1, self.total)

    @property
    def done(self) -> int:
        return sum(one.is_done for one in self.ended)

    @property
    def set_aside(self) -> int:
        return sum(one.said == LATER for one in self.ended)

    @property
    def stopped(self) -> tuple[Ended, ...]:
        return tuple(one for one in self.ended if not one.is_done)


class KeyingRuns:
    """One run at a time. Reads may come from any thread."""

    def __init__(self, core: Core, organisation: Organisation) -> None:
        self._core = core
        self._list = KeyList(core, organisation)

    def begin(self, record_ids: Iterable[str] = ()) -> Run:
        """Begin with these records; without any, with all that have something to type. Raises UsageError if none has."""
        chosen = set(record_ids)
        with self._core.store.write() as unit:
            if unit.kept.get(KIND, NAME) is not None:
                raise UsageError("There is a run already. Go on with it, or end it first.")
            jobs = [job for job, why in self._list.jobs(unit) if why is not Why.FILE]
            mine = {job.record.id for job in jobs if not chosen or job.record.id in chosen}
            if not mine:
                raise UsageError("Nothing of these has to be typed on the website.")
            body = {"records": sorted(mine), "ended": [], "by": unit.actor, "at": unit.now.isoformat()}
            unit.kept.put(KIND, NAME, body)
            unit.touched.queue = True
        return self._now()

    def get(self) -> Run | None:
        """The run that is under way; None = none is."""
        with self._core.store.read() as unit:
            kept = unit.kept.get(KIND, NAME)
            return self._view(unit, kept.body) if kept is not None else None

    def set_aside(self, item_id: str) -> Run:
        """Leave this sheet for later: it counts as not done, and the next one comes. Raises UnknownName."""
        with self._core.store.write() as unit:
            note(unit, self._list.job(unit, item_id), LATER)
        return self._now()

    def take_up(self) -> Run:
        """Those that were set aside come again. Raises UnknownName."""
        with self._core.store.write() as unit:
            kept = unit.kept.get(KIND, NAME)
            if kept is not None:
                left = [one for one in kept.body["ended"] if one["said"] != LATER]
                unit.kept.put(KIND, NAME, {**kept.body, "ended": left})
                unit.touched.queue = True
        return self._now()

    def end(self) -> None:
        """The run is over, done or not; what is left to type stays to be typed. Raises UnknownName."""
        with self._core.store.write() as unit:
            if unit.kept.get(KIND, NAME) is None:
                raise UnknownName("There is no run.")
            unit.kept.remove(KIND, NAME)
            unit.touched.queue = True

    def rows(self) -> list[tuple[str, ...]]:
        """The summary as a table, under `HEADS`. Raises UnknownName."""
        run = self._now()
        done = [one for one in run.ended if one.is_done]
        left = [*run.ready, *run.blocked]
        return [
            *(_row(one) for one in (*done, *run.stopped)),
            *((item.record_label, item.title, "Still to do", _why(item), "", "") for item in left),
        ]

    def save_summary(self, path: Path) -> None:
        """Write it: .csv, .xlsx or .pdf. Raises UnknownName, NotWritten."""
        from desktop.handover import tables  # with the libraries for it, which take a moment

        rows, today = self.rows(), long_day(self._core.today())
        if path.suffix.lower() == ".pdf":
            tables.write_pdf(path, "Typed on the website", f"As of {today}", HEADS, rows)
        elif path.suffix.lower() == ".xlsx":
            tables.write_xlsx(path, "Typed on the website", HEADS, rows)
        else:
            tables.write_csv(path, HEADS, rows)

    # -- inside -------------------------------------------------------------------------------------

    def _now(self) -> Run:
        run = self.get()
        if run is None:
            raise UnknownName("There is no run. Begin one first.")
        return run

    def _view(self, unit: Unit, body: dict[str, Any]) -> Run:
        ended = tuple(_ended(one) for one in body["ended"])
        over, records = {one.item for one in ended}, set(body["records"])
        jobs = [(j, w) for j, w in self._list.jobs(unit) if j.record.id in records and j.id not in over]
        items = [(look, look.item(why)) for look, why in self._list.looks(unit, jobs)]
        ready = [(look, item) for look, item in items if _can_begin(item)]
        return Run(
            ended,
            tuple(item for _, item in ready),
            tuple(item for _, item in items if not _can_begin(item)),
            _same([look for look, _ in ready]),
            str(body["by"]),
            datetime.fromisoformat(body["at"]),
        )


def note(unit: Unit, job: Job, said: str, why: str = "", code: str = "") -> None:
    """A sheet came to its end: if it is of the run, the run knows. "again" = it is to be typed anew."""
    kept = unit.kept.get(KIND, NAME)
    if kept is None or job.record.id not in kept.body["records"]:
        return
    before = [one for one in kept.body["ended"] if one["item"] != job.id]
    told = {
        "item": job.id,
        "record": job.record.id,
        "label": job.record.label,
        "title": job.journey.label,
        "said": said,
        "why": why,
        "code": code,
        "by": unit.actor,
        "at": unit.now.isoformat(),
    }
    unit.kept.put(KIND, NAME, {**kept.body, "ended": before if said == "again" else [*before, told]})
    unit.touched.queue = True


def _same(looks: Sequence[Look]) -> tuple[tuple[str, str], ...]:
    names = [look.job.journey.name for look in looks]
    most = max(names, key=names.count, default="")
    sheets = [look.sheet for look in looks if look.job.journey.name == most]
    if len(sheets) < _LEAST_SAME:
        return ()
    own = {f.name for f in looks[0].job.collection.fields if f.lookup}
    answers = [
        {n.label: n.words for page in s.way for n in page.lines if n.words and not own.intersection(n.paths)}
        for s in sheets
    ]
    first = answers[0].items()
    return tuple((label, words) for label, words in first if all(a.get(label) == words for a in answers))


def _can_begin(item: KeyItem) -> bool:
    if item.stand is Stand.BEGUN:
        return True
    return not (item.why_not or item.missing or item.wrong or item.stand is Stand.REFUSED)


def _ended(told: dict[str, Any]) -> Ended:
    return Ended(
        told["item"],
        told["record"],
        told["label"],
        told["title"],
        told["said"],
        told["why"],
        told["code"],
        told["by"],
        datetime.fromisoformat(told["at"]),
    )


def _row(one: Ended) -> tuple[str, ...]:
    at = one.at.astimezone(LONDON)
    return (one.label, one.title, one.words, one.why, one.by, f"{at:%d/%m/%Y %H:%M}")


def _why(item: KeyItem) -> str:
    if item.why_not:
        return item.why_not
    asked = f"Not answered: {', '.join(item.missing)}." if item.missing else ""
    return " ".join(part for part in (asked, *item.wrong) if part)
