"""Keeping and deleting: how long records are kept, who is due, and the purge that proves what it removed.

The rules are data of the collections; an administrator may change their months within bounds, or switch one off. Nothing is
purged by itself: somebody looks at the list and says so. Before a purge there is a backup. It, and those before it, hold the
removed people until they rotate out: `Purged.last_copy` says when that is, and they can be dropped at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from desktop.model.collection import Collection
from desktop.model.errors import StoreError, UnknownName, UsageError
from desktop.model.ids import RecordId, new_id
from desktop.model.person import Role
from desktop.model.retention import Retention, months_after
from desktop.policy import policy as managed
from desktop.services import backups as backups_of
from desktop.services import purging, traces
from desktop.services.backups import BackupFile, Backups
from desktop.services.bulk import Cancelled, Tell
from desktop.services.core import LONDON, Core
from desktop.services.people import demand
from desktop.services.purging import Proof, Taken
from desktop.services.traces import NamingFile, Person
from desktop.services.views import Organisation, Progress
from desktop.store import sealed
from desktop.store.kept import KeptThing
from desktop.store.lists import Question
from desktop.store.records import StoredRecord
from desktop.store.store import Unit

_KIND, _DONE = "retention", "purge"


@dataclass(frozen=True)
class Rule:
    """A rule as it counts here. `months` = as an administrator set it, else as it came; `on` = it counts at all.

    least, most  the bounds within which it may be set
    locked       what is said where the organisation has set a longest time; then a rule cannot be switched off
    """

    collection: str
    title: str
    rule: Retention
    months: int
    on: bool
    least: int
    most: int
    locked: str = ""

    @property
    def key(self) -> str:
        return f"{self.collection}.{self.rule.name}"


@dataclass(frozen=True)
class Due:
    """One record that is past its time. `why_not` = why it cannot be removed now, in a sentence; "" = it can."""

    record_id: RecordId
    collection: str
    label: str
    rule: str
    ended: date
    due: date
    why_not: str


@dataclass(frozen=True)
class Purged:
    """One purge, as it is kept and as its certificate says it: nothing of it names a removed person.

    rules      (title, months, reason, records) of each rule that applied
    taken      what was removed, in numbers;  proof: what was searched for afterwards, and found
    backup     name of the backup made before, "" = none is kept;  last_copy: when the last backup that holds them goes,
               None = no backup of this computer holds them
    """

    id: str
    at: datetime
    by: str
    rules: tuple[tuple[str, int, str, int], ...]
    taken: Taken
    proof: Proof
    backup: str
    last_copy: date | None

    def to_json(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "by": self.by,
            "rules": [list(rule) for rule in self.rules],
            "taken": asdict(self.taken),
            "proof": asdict(self.proof),
            "backup": self.backup,
            "last_copy": self.last_copy.isoformat() if self.last_copy else None,
        }

    @classmethod
    def from_kept(cls, thing: KeptThing) -> Purged:
        body = thing.body
        return cls(
            thing.name,
            datetime.fromisoformat(body["at"]),
            body["by"],
            tuple((title, months, reason, n) for title, months, reason, n in body["rules"]),
            Taken(**body["taken"]),
            Proof(**body["proof"]),
            body["backup"],
            date.fromisoformat(body["last_copy"]) if body["last_copy"] else None,
        )


@dataclass(frozen=True)
class Wishes:
    """How a purge is done.

    drop_backups   make a fresh backup afterwards, and drop every older one at once
    shared_files   remove also kept files that name others beside them; no record depends on a kept file
    """

    drop_backups: bool = False
    shared_files: bool = True


class Keeping:
    """Retention of an open workspace. Worker thread: a large one takes seconds."""

    def __init__(self, core: Core, backups: Backups, organisation: Organisation) -> None:
        self._core = core
        self._backups = backups
        self._organisation = organisation

    # -- rules --------------------------------------------------------------------------------------------------------

    def rules(self) -> list[Rule]:
        """Every rule of the collections that are looked after."""
        with self._core.store.read() as unit:
            return list(self._rules(unit))

    def _rules(self, unit: Unit) -> Iterator[Rule]:
        chosen = {thing.name: thing.body for thing in unit.kept.all(_KIND)}
        for collection in self._core.collections.values():
            for rule in collection.retention:
                said = chosen.get(f"{collection.name}.{rule.name}", {})
                longest = managed().whole("RetentionMonths", rule.most)
                months = min(int(said.get("months", rule.months)), longest)
                least, most = min(rule.least, longest), min(rule.most, longest)
                locked = managed().said("RetentionMonths")
                on = bool(locked) or bool(said.get("on", True))
                yield Rule(collection.name, collection.title, rule, months, on, least, most, locked)

    def change(self, key: str, months: int, *, on: bool = True) -> None:
        """Raises UnknownName, UsageError for months out of bounds, NotAllowed."""
        with self._core.store.write() as unit:
            demand(unit, Role.ADMINISTER)
            found = next((one for one in self._rules(unit) if one.key == key), None)
            if found is None:
                raise UnknownName(f'There is no rule "{key[:80]}" for keeping records.')
            if found.locked and not on:
                raise UsageError(
                    f"{found.rule.title}: cannot be switched off. {found.locked} Nothing was changed."
                )
            if not found.least <= months <= found.most:
                raise UsageError(
                    f"{found.rule.title}: choose between {found.least} and {found.most} months. "
                    "Nothing was changed."
                )
            unit.kept.put(_KIND, key, {"months": months, "on": on})
            unit.journal.write("retention_changed", None, {"rule": key, "months": months, "on": on})

    # -- who is due ---------------------------------------------------------------------------------------------------

    def due(self) -> list[Due]:
        """Every record past its time, the longest first; those that cannot go yet say why."""
        today = self._core.today()
        with self._core.store.read() as unit:
            found = [one for rule in self._rules(unit) if rule.on for one in self._due(unit, rule, today)]
        return sorted(found, key=lambda one: (one.due, one.label))

    def _due(self, unit: Unit, rule: Rule, today: date) -> Iterator[Due]:
        collection = self._core.collection(rule.collection)
        for record in self._ended(unit, collection, rule.rule):
            ended = end_of(record, rule.rule)
            if ended is not None and (until := months_after(ended, rule.months)) <= today:
                why_not = _why_not(unit, record)
                yield Due(record.id, rule.collection, record.label, rule.key, ended, until, why_not)

    @staticmethod
    def _ended(unit: Unit, collection: Collection, rule: Retention) -> Iterator[StoredRecord]:
        keys = unit.lists.find(Question(collection.name, state=rule.states), -1)
        for start in range(0, len(keys), 500):
            yield from unit.records.contents(keys[start : start + 500])

    # -- the purge ----------------------------------------------------------------------------------------------------

    def purge(
        self,
        record_ids: Iterable[str],
        wishes: Wishes = Wishes(),
        progress: Tell | None = None,
        cancelled: Cancelled | None = None,
    ) -> Purged:
        """Remove these people for good, and prove it. `cancelled` counts until the first is removed.

        Raises UsageError for one that is not due, or has work that was not sent; NotAllowed; StoreError and its kinds. On
        any of them nothing was removed. What goes wrong afterwards is in the result.
        """
        tell = progress or (lambda _: None)
        chosen = self._chosen(set(record_ids))
        before = self._backups.make(backups_of.BEFORE_PURGE, progress, cancelled)
        tell(Progress(1, 4, "Removing them"))
        taken, people = self._remove(chosen, wishes)
        tell(Progress(2, 4, "Overwriting the space that they had"))
        with suppress(StoreError):  # somebody reads just now: the proof then says what is left
            self._core.store.wipe()
        tell(Progress(3, 4, "Searching for anything that is left"))
        proof = purging.proof(self._core, people)
        kept, last_copy = self._after(before, wishes)
        done = Purged(
            new_id(),
            self._core.now(),
            self._core.store.actor,
            self._applied(chosen),
            taken,
            proof,
            kept,
            last_copy,
        )
        with self._core.store.write() as unit:
            unit.kept.put(_DONE, done.id, done.to_json())
        return done

    def _chosen(self, wanted: set[str]) -> list[Due]:
        with self._core.store.read() as unit:
            demand(unit, Role.ADMINISTER)
        found = {one.record_id: one for one in self.due() if one.record_id in wanted}
        if not wanted:
            raise UsageError("Nobody was chosen, so nothing was removed.")
        if len(found) < len(wanted):
            raise UsageError(
                "One of these records is not past its time any more. Nothing was removed; look again."
            )
        if stuck := next((one for one in found.values() if one.why_not), None):
            raise UsageError(f"{stuck.why_not} Nothing was removed.")
        return list(found.values())

    def _remove(self, chosen: Sequence[Due], wishes: Wishes) -> tuple[Taken, list[Person]]:
        store = self._core.store
        people = self._people(chosen)
        naming = traces.files_naming(store, people)
        going = [one for one in naming if one.alone or wishes.shared_files]
        with store.write() as unit:
            records = [self._core.record(unit, one.record_id) for one in chosen]
            if any(_why_not(unit, record) for record in records):
                raise UsageError(
                    "Somebody began to work on one of these records. Nothing was removed; look again."
                )
            taken = purging.take_out(unit, records, people, going, sorted({one.rule for one in chosen}))
        for one in going:
            sealed.remove(store, one.name)
        left = sum(not one.alone for one in naming) if not wishes.shared_files else 0
        return Taken(**{**asdict(taken), "shared_left": left}), people

    def _people(self, chosen: Sequence[Due]) -> list[Person]:
        with self._core.store.read() as unit:
            return [
                traces.person(
                    unit, self._core.collection(one.collection), self._core.record(unit, one.record_id)
                )
                for one in chosen
            ]

    def _after(self, before: BackupFile, wishes: Wishes) -> tuple[str, date | None]:
        """(name of the backup made before, when the last backup that holds them goes)."""
        if wishes.drop_backups:
            with suppress(StoreError):  # without a fresh one the older ones stay, and it is said until when
                self._backups.drop_all_but(self._backups.make(backups_of.AFTER_PURGE))
        older = [one for one in self._backups.all() if one.made_at <= before.made_at]
        if not older:
            return "", None
        day = before.made_at.astimezone(LONDON).date()
        return before.path.name, max(one.kept_until or day + backups_of.DAY_OF_MONTH for one in older)

    def _applied(self, chosen: Sequence[Due]) -> tuple[tuple[str, int, str, int], ...]:
        rules = {one.key: one for one in self.rules()}
        counted = {
            key: sum(one.rule == key for one in chosen) for key in dict.fromkeys(c.rule for c in chosen)
        }
        return tuple(
            (rules[key].rule.title, rules[key].months, rules[key].rule.reason, n)
            for key, n in counted.items()
        )

    # -- afterwards ---------------------------------------------------------------------------------------------------

    def files_of(self, record_ids: Iterable[str]) -> list[NamingFile]:
        """Kept files in which records that are due occur: for the preview."""
        wanted = set(record_ids)
        return traces.files_naming(
            self._core.store, self._people([one for one in self.due() if one.record_id in wanted])
        )

    def purges(self) -> list[Purged]:
        """Every purge of this workspace, newest first."""
        with self._core.store.read() as unit:
            return [Purged.from_kept(thing) for thing in unit.kept.all(_DONE)[::-1]]

    def certificate(self, purge_id: str, path: Path) -> Path:
        """Write the certificate of a purge as .pdf or .csv. Raises UnknownName, UsageError, DiskFull, NotWritten."""
        from desktop.services.purge_certificate import write

        found = next((one for one in self.purges() if one.id == purge_id), None)
        if found is None:
            raise UnknownName("There is no such removal in this workspace.")
        write(path, found, self._organisation.name)
        return path


def end_of(record: StoredRecord, rule: Retention) -> date | None:
    """The day from which a rule counts for a record; None = it is not at its end."""
    extras = record.base.extras if record.base else {}
    return rule.ended(record.document, record.state, extras)


def _why_not(unit: Unit, record: StoredRecord) -> str:
    """Work that was not sent is never removed."""
    if unit.decisions.of_record(record.id) is not None:
        return "A question about this record is open. Decide it first."
    if record.pending or unit.outbox.of_record(record.id):
        return "Something of this record was not sent yet. Send it, or take it back, first."
    if unit.kept.get("typing", record.id) is not None:
        return "Something half typed is kept for this record. Save it or throw it away first."
    return ""
