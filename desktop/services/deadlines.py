"""Deadlines: the days by which records must be at the portal, how ready they are, and what stands in the way.

The days of a collection come from its pack (for trainees: ITT census on the second Wednesday of October, sign-off of new
trainees from 1 September to 31 October, performance profile from the second Monday of January to the last day of
February; domain pack 6). People add days of their own, which are kept with the workspace under the kind "deadline".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from desktop.model.collection import Collection
from desktop.model.errors import UnknownRef, UsageError
from desktop.model.evidence import Fate
from desktop.model.ids import RecordId, new_id
from desktop.model.standing import Sync
from desktop.services import wording
from desktop.services.core import LONDON, Core, refuse_unwritable
from desktop.services.deadline_days import Own, days_of_records
from desktop.services.evidence import EvidenceReports
from desktop.services.views import Counts
from desktop.store.lists import Question
from desktop.store.store import Unit

KIND = "deadline"
TOLD = "reminded"
HISTORY_DAYS = 14
_LISTED = 8
REMIND_DAYS = 7
"""From so many days before, a person is reminded once each day."""
LONGEST_NAME = 100
_CYCLE = re.compile(r"\b(20\d\d) to 20\d\d\b")
_DECISION = {Fate.DECISION, Fate.REFUSED, Fate.UNKNOWN}
_UNDER_WAY = {Fate.WAITING, Fate.SENDING}


@dataclass(frozen=True)
class Scope:
    """Which records count for a deadline: those of one academic cycle ("" = all), and perhaps only those with money.

    records  ids, where it is a day of single records only
    """

    collection: str
    cycle: str = ""
    money_only: bool = False
    records: tuple[str, ...] = ()

    @property
    def filters(self) -> dict[str, str]:
        """The same for a query of the records page."""
        return ({"cycle": self.cycle} if self.cycle else {}) | (
            {"money_only": "1"} if self.money_only else {}
        )


@dataclass(frozen=True)
class Hindrance:
    """One thing in the way: what it is, and where in the program it is put right."""

    words: str
    page: str
    where: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DeadlineView:
    """A day, and how ready the records are that count for it.

    due      something must be at the portal by this day; False = a window opens, or a note
    note     the rest of what the calendar says of it ("trainees who started by this day count"); may be ""
    counts   the records in its scope by where they stand;  scope_words: which they are, in words
    own      the name under which a deadline added by a person is kept; "" for one of the calendar
    """

    id: str
    collection: str
    name: str
    note: str
    day: date
    days_left: int
    due: bool
    scope: Scope
    scope_words: str
    counts: Counts
    hindrances: tuple[Hindrance, ...]
    own: str = ""
    added_by: str = ""


@dataclass(frozen=True)
class DayReady:
    """How the records stood at the end of a day (the last one: now)."""

    day: date
    confirmed: int
    waiting: int
    drafts: int
    needs_you: int


@dataclass(frozen=True)
class Reminder:
    """What a notification says, once a day."""

    deadline: str
    title: str
    text: str


class Deadlines:
    """Reads may come from any thread."""

    def __init__(self, core: Core, evidence: EvidenceReports) -> None:
        self._core = core
        self._evidence = evidence

    def all(self) -> list[DeadlineView]:
        """Every day from a week ago to a year ahead, the calendar's and people's own, in order of time."""
        with self._core.store.read() as unit:
            counted: dict[Scope, Counts] = {}
            views = [*self._of_calendar(unit, counted), *self._of_people(unit, counted)]
            views += [self._of_records(own) for own in days_of_records(self._core, unit)]
        return sorted(views, key=lambda view: (view.day, view.name))

    def history(self, scope: Scope) -> list[DayReady]:
        """How ready the records were at the end of each of the last 14 days, oldest first; derived from the journal."""
        today = self._core.today()
        days = [today - timedelta(days=n) for n in reversed(range(HISTORY_DAYS))]
        moments = [min(_midnight_after(day), self._core.now()) for day in days]
        stood = self._evidence.stood(moments)
        with self._core.store.read() as unit:
            counts = self._counts(unit, scope)
            came = unit.journal.first_times(("arrived", "added"), moments[0])
            ids = unit.lists.among(_question(scope), {*came, *(i for fates in stood for i in fates)})
        arrivals = [at for record_id, at in came.items() if record_id in ids]
        before = [
            _on(day, fates, ids, counts.total - sum(at > moment for at in arrivals))
            for day, moment, fates in zip(days, moments, stood, strict=True)
        ]
        now = DayReady(
            today, counts.confirmed, counts.waiting, counts.drafts, counts.needs_you + counts.unknown
        )
        return [*before[:-1], now]

    # -- a person's own -----------------------------------------------------------------------------

    def add(self, name: str, day: date, scope: Scope) -> str:
        """Keep a deadline of one's own; returns its key. Raises UsageError for no name or a day that has passed."""
        self._core.collection(scope.collection)
        name = " ".join(name.split())
        refuse_unwritable(name)
        if not name:
            raise UsageError("Give the deadline a name, so that everybody knows what it is for.")
        if len(name) > LONGEST_NAME:
            raise UsageError(f"The name is too long. Use at most {LONGEST_NAME} characters.")
        if day < self._core.today():
            raise UsageError("That day has passed. Enter today or a day to come.")
        key = new_id()
        body = {"name": name, "day": day.isoformat()} | {
            "collection": scope.collection,
            "cycle": scope.cycle,
            "money": scope.money_only,
        }
        with self._core.store.write() as unit:
            unit.kept.put(KIND, key, body)
            unit.touched.queue = True
        return key

    def remove(self, own: str) -> None:
        """Take a deadline of one's own away. Raises UnknownRef."""
        with self._core.store.write() as unit:
            if unit.kept.get(KIND, own) is None:
                raise UnknownRef("That deadline is not here any more.")
            unit.kept.remove(KIND, own)
            unit.touched.queue = True

    # -- reminding ----------------------------------------------------------------------------------

    def reminder(self) -> Reminder | None:
        """What to say today of the nearest deadline with work left, unless it was said today already."""
        today = self._core.today()
        for view in self.all():
            open_ = view.counts.total - view.counts.confirmed
            if not (view.due and 0 <= view.days_left <= REMIND_DAYS and open_):
                continue
            with self._core.store.read() as unit:
                told = unit.kept.get(TOLD, view.id)
            if told is None or told.body.get("day") != today.isoformat():
                return Reminder(view.id, _soon(view), _left(view, self._core.collections[view.collection]))
        return None

    def note_reminded(self, reminder: Reminder) -> None:
        """It was said today."""
        with self._core.store.write(durable=False) as unit:
            unit.kept.put(TOLD, reminder.deadline, {"day": self._core.today().isoformat()})

    # -- inside -------------------------------------------------------------------------------------

    def _of_calendar(self, unit: Unit, counted: dict[Scope, Counts]) -> Iterator[DeadlineView]:
        for collection in self._core.collections.values():
            for day, what in collection.deadlines(self._core.today()):
                name, _, note = what.partition(":")
                found = _CYCLE.search(name)
                scope = Scope(collection.name, found.group(1) if found else "")
                told = _Told(f"{collection.name} {day.isoformat()} {name}", name, note.strip(), day)
                yield self._view(unit, counted, told, scope, due=wording.due_by(what))

    def _of_people(self, unit: Unit, counted: dict[Scope, Counts]) -> Iterator[DeadlineView]:
        for kept in unit.kept.all(KIND):
            body = kept.body
            if body["collection"] in self._core.collections:
                scope = Scope(body["collection"], body["cycle"], body["money"])
                told = _Told(
                    kept.name, body["name"], "", date.fromisoformat(body["day"]), kept.name, kept.actor
                )
                yield self._view(unit, counted, told, scope, due=True)

    def _of_records(self, own: Own) -> DeadlineView:
        """Nothing of it is at the portal: each of these records stands in the way of itself."""
        name, many = own.collection.name, len(own.records)
        ways = [
            Hindrance(f"{label}: open the record", "record", {"record_id": i}) for i, label in own.records
        ]
        more = Hindrance(
            f"{wording.count(many - _LISTED, 'more', 'more')} in Records", "records", {"collection": name}
        )
        ids = tuple(record_id for record_id, _ in own.records)
        return DeadlineView(
            f"{name} {own.day.isoformat()} {own.name}",
            name,
            own.name,
            own.note,
            own.day,
            (own.day - self._core.today()).days,
            due=True,
            scope=Scope(name, records=ids),
            scope_words=wording.count(many, own.collection.singular),
            counts=Counts(many, 0, many, 0, 0, 0),
            hindrances=(*ways[:_LISTED], *([more] if many > _LISTED else [])),
        )

    def _view(
        self, unit: Unit, counted: dict[Scope, Counts], told: _Told, scope: Scope, *, due: bool
    ) -> DeadlineView:
        if due and scope not in counted:
            counted[scope] = self._counts(unit, scope)
        counts = counted[scope] if due else Counts(0, 0, 0, 0, 0, 0)
        return DeadlineView(
            told.id,
            scope.collection,
            told.name,
            told.note,
            told.day,
            (told.day - self._core.today()).days,
            due,
            scope,
            _scope_words(self._core.collections[scope.collection], scope),
            counts,
            tuple(_hindrances(scope, counts)),
            told.own,
            told.added_by,
        )

    def _counts(self, unit: Unit, scope: Scope) -> Counts:
        total = unit.lists.count(_question(scope))
        standings = unit.lists.open_standings(_question(scope))

        def many(*kinds: Sync) -> int:
            return sum(standings.get(kind, 0) for kind in kinds)

        return Counts(
            total=total,
            confirmed=total - sum(standings.values()),
            waiting=many(Sync.QUEUED, Sync.SENDING),
            drafts=many(Sync.DRAFT),
            needs_you=many(Sync.CONFLICT, Sync.REJECTED),
            unknown=many(Sync.UNKNOWN),
        )


@dataclass(frozen=True)
class _Told:
    """What a calendar or a person says of a day."""

    id: str
    name: str
    note: str
    day: date
    own: str = ""
    added_by: str = ""


def _question(scope: Scope) -> Question:
    facets = {"cycle": (scope.cycle,)} if scope.cycle else {}
    return Question(scope.collection, facets=facets, money_only=scope.money_only)


def _scope_words(collection: Collection, scope: Scope) -> str:
    """As "Trainees of 2026 to 2027 with money", "All trainees"."""
    title = collection.title
    words = f"{title} of {scope.cycle} to {int(scope.cycle) + 1}" if scope.cycle else f"All {title.lower()}"
    return f"{words} with money" if scope.money_only else words


def _hindrances(scope: Scope, counts: Counts) -> Iterator[Hindrance]:
    count = wording.count

    def where(*sync: str) -> dict[str, Any]:
        return {"collection": scope.collection, "filters": {**scope.filters, "sync": sync}}

    if counts.needs_you:
        many = count(counts.needs_you, "record waits for a decision", "records wait for a decision")
        yield Hindrance(many, "records", where("conflict", "rejected"))
    if counts.unknown:
        many = count(counts.unknown, "record was sent", "records were sent")
        yield Hindrance(f"{many} and no answer came", "records", where("unknown"))
    if counts.drafts:
        many = count(counts.drafts, "draft has", "drafts have")
        yield Hindrance(f"{many} something to put right", "records", where("draft"))
    if counts.waiting:
        many = count(counts.waiting, "record waits", "records wait")
        yield Hindrance(f"{many} to be sent", "records", where("queued"))


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), LONDON)


def _on(day: date, fates: Mapping[str, set[Fate]], ids: set[RecordId], total: int) -> DayReady:
    """A day out of what the journal says: each record counts once, by the worst of its changes.

    ids    the records of `fates` that count;  total = how many records that count were here then
    """
    mine = [kinds for record, kinds in fates.items() if record in ids]
    needs = sum(bool(kinds & _DECISION) for kinds in mine)
    drafts = sum(Fate.DRAFT in kinds and not kinds & _DECISION for kinds in mine)
    waiting = sum(bool(kinds & _UNDER_WAY) and not kinds & {*_DECISION, Fate.DRAFT} for kinds in mine)
    return DayReady(day, max(0, total - needs - drafts - waiting), waiting, drafts, needs)


def _soon(view: DeadlineView) -> str:
    days = view.days_left
    day = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    return f"{view.name}: {day}"


def _left(view: DeadlineView, collection: Collection) -> str:
    counts = view.counts
    return (
        f"{counts.confirmed:,} of {counts.total:,} {collection.title.lower()} are confirmed by "
        f"{collection.portal_short}. " + _sentence(h.words for h in view.hindrances)
    )


def _sentence(parts: Iterable[str]) -> str:
    told = list(parts)
    if not told:
        return ""
    return (", ".join(told[:-1]) + " and " + told[-1] if len(told) > 1 else told[0]) + "."
