"""The evidence of outages: when a portal could not be used, every try, what waited, and when it went through.

Everything is derived from the hash-chained journal. The queue's table is asked only so that nothing is claimed that is
not there: a change that the journal's story leaves open and that the queue does not have is left out. Records are named
by the ids that the portal's staff know, never by names or dates of birth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from desktop import __version__
from desktop.model.change import OPEN_STATES, Change, ChangeKind, ChangeState
from desktop.model.collection import Collection
from desktop.model.errors import UsageError
from desktop.model.evidence import (
    Attempt,
    DeadlineTouched,
    Evidence,
    Fate,
    Outage,
    Spell,
    WaitingChange,
)
from desktop.model.verdict import PortalState
from desktop.services import wording
from desktop.services.core import LONDON, Core
from desktop.services.views import Organisation
from desktop.store.files import write_whole
from desktop.store.journal import Entry
from desktop.store.store import Unit

AFTER = timedelta(days=7)
"""A deadline so long after an outage is still touched by it."""

_PORTAL = ("portal_state", "try_failed")
_CHANGES = (
    *(
        "added",
        "edited",
        "reverted",
        "discarded",
        "action_queued",
        "taken_back",
        "not_needed",
        "held",
        "ready",
    ),
    *("sending", "unknown", "not_sent", "not_landed", "refused", "confirmed", "action_done"),
    *("conflict", "resolved", "decision_undone", "conflict_over", "linked", "kept_as_draft", "sent_anew"),
)
_FATES = {
    ChangeState.HELD: Fate.DRAFT,
    ChangeState.QUEUED: Fate.WAITING,
    ChangeState.SENDING: Fate.SENDING,
    ChangeState.UNKNOWN: Fate.UNKNOWN,
    ChangeState.REJECTED: Fate.REFUSED,
    ChangeState.CONFLICT: Fate.DECISION,
}
_OUT = (Fate.SENDING, Fate.UNKNOWN)


class EvidenceReports:
    """Derives the report and writes it as a file."""

    def __init__(self, core: Core, organisation: Organisation) -> None:
        self._core = core
        self._organisation = organisation

    def outages(self) -> list[Outage]:
        """Times in which a portal could not be used, oldest first, with how much waited."""
        return self.outages_and_changes()[0]

    def outages_and_changes(self) -> tuple[list[Outage], list[WaitingChange]]:
        """For a screen: the outages and what waited in them. The chain is not checked for this."""
        with self._core.store.read() as unit:
            derived = self._derive(unit, (None, None))
        return derived.outages, derived.changes

    def stood(self, moments: Sequence[datetime]) -> list[dict[str, set[Fate]]]:
        """At each moment: record id -> how its open changes stood then. The chain is not checked for this."""
        with self._core.store.read() as unit:
            lines = self._derive(unit, (None, None)).lines
        found: list[dict[str, set[Fate]]] = [{} for _ in moments]
        for line in lines:
            for moment, stood in zip(moments, found, strict=True):
                fate = line.at(moment)
                if fate not in (Fate.CONFIRMED, Fate.DROPPED):
                    stood.setdefault(line.record, set()).add(fate)
        return found

    def report(self, since: datetime | None = None, until: datetime | None = None) -> Evidence:
        """All outages that lie at least partly between `since` and `until` (aware), and what belongs to them."""
        with self._core.store.read() as unit:
            now = unit.now
            derived = self._derive(unit, (since, until))
            seal = unit.journal.seal()
        outages = derived.outages
        return Evidence(
            organisation=self._organisation.name,
            ukprn=self._organisation.ukprn,
            urn=self._organisation.urn,
            since=_local(since),
            until=_local(until),
            written=now.astimezone(LONDON),
            program=f"Holdfast {__version__}",
            portals=tuple(c.portal for c in self._core.collections.values()),
            outages=tuple(outages),
            spells=tuple(_spells(outages, {c.name: c.singular for c in self._core.collections.values()})),
            attempts=tuple(derived.attempts),
            changes=tuple(derived.changes),
            deadlines=tuple(self._deadlines(outages, derived.lines, now)),
            seal=seal,
        )

    def save(self, path: Path, since: datetime | None = None, until: datetime | None = None) -> Saved:
        """Write the report as .csv (with further files beside it) or .pdf. Raises UsageError for another ending."""
        kind = path.suffix.lower()
        if kind not in (".csv", ".pdf"):
            raise UsageError("Evidence is written as CSV or PDF: give a file name that ends in .csv or .pdf.")
        report = self.report(since, until)
        if kind == ".pdf":
            from desktop.handover.evidence_pdf import as_pdf  # slow to import: only who wants it waits

            files = {path: as_pdf(report)}
        else:
            from desktop.handover.evidence_csv import as_csv

            files = {
                path.with_name(f"{path.stem}{more}{path.suffix}"): text
                for more, text in as_csv(report).items()
            }
        for target, content in files.items():
            write_whole(target, content)
        return Saved(report, tuple(files))

    # -- inside -------------------------------------------------------------------------------------

    def _derive(self, unit: Unit, bounds: tuple[datetime | None, datetime | None]) -> _Derived:
        told = list(unit.journal.story((*_PORTAL, *_CHANGES)))
        outages, attempts = self._outages(told, unit.now, bounds)
        story = _Story(self._core.collections)
        for entry in told:
            story.tell(entry)
        lines = story.lines_against(unit)
        changes = _changes(lines, outages, _Names(unit, self._core.collections), unit.now)
        outages = [_with_changes(o, changes, lines, unit.now) for o in outages]
        return _Derived(outages, attempts, lines, changes)

    def _outages(
        self, told: Iterable[Entry], now: datetime, bounds: tuple[datetime | None, datetime | None]
    ) -> tuple[list[Outage], list[Attempt]]:
        """Runs of failed tries: an answer ends one, and so does a failure of another kind, which begins the next."""
        found: dict[str, list[tuple[Outage, list[Attempt]]]] = {}
        for entry in told:
            name = str(entry.detail.get("collection", ""))
            if entry.event not in _PORTAL or name not in self._core.collections:
                continue
            runs = found.setdefault(name, [])
            state = _state(entry.detail.get("state"))
            at = entry.at.astimezone(LONDON)
            running = bool(runs) and runs[-1][0].end is None
            if entry.event == "portal_state":
                if running and state is PortalState.UP:
                    runs[-1] = (replace(runs[-1][0], end=at), runs[-1][1])
                continue
            detail = str(entry.detail.get("detail", ""))
            asked = str(entry.detail.get("call", ""))
            if not running or runs[-1][0].state is not state:
                if running:
                    runs[-1] = (replace(runs[-1][0], end=at), runs[-1][1])
                portal = self._core.collections[name].portal_short
                runs.append((Outage(name, state, at, None, 0, detail, 0, portal, asked), []))
            attempt = Attempt(entry.seq, at, 0, asked, state, detail, _whole(entry.detail.get("waiting")))
            runs[-1][1].append(attempt)
            runs[-1] = (replace(runs[-1][0], tries=len(runs[-1][1])), runs[-1][1])
        since, until = bounds
        chosen = [
            (o, tries)
            for runs in found.values()
            for o, tries in runs
            if (since is None or (o.end or now) >= since) and (until is None or o.begin <= until)
        ]
        chosen.sort(key=lambda run: run[0].begin)
        outages = [replace(o, number=n) for n, (o, _) in enumerate(chosen, 1)]
        attempts = [replace(t, outage=n) for n, (_, tries) in enumerate(chosen, 1) for t in tries]
        return outages, sorted(attempts, key=lambda t: t.seq)

    def _deadlines(
        self, outages: Sequence[Outage], lines: Sequence[_Line], now: datetime
    ) -> Iterator[DeadlineTouched]:
        touched: dict[tuple[date, str, str], list[int]] = {}
        for outage in outages:
            first, last = outage.begin.date(), ((outage.end or now.astimezone(LONDON)) + AFTER).date()
            for day, what in self._core.collections[outage.collection].deadlines(first):
                if first <= day <= last and wording.due_by(what):
                    touched.setdefault((day, what, outage.collection), []).append(outage.number)
        for (day, what, name), numbers in sorted(touched.items()):
            closes = datetime.combine(day + timedelta(days=1), time(), LONDON)
            passed = closes <= now
            moment = closes if passed else now
            concerned = [line for line in lines if line.collection == name and line.saved <= moment]
            unsent = [line for line in concerned if line.at(moment).waits]
            late = [line for line in unsent if line.fate is Fate.CONFIRMED]
            yield DeadlineTouched(
                day=day,
                what=what.partition(":")[0],
                closes=closes,
                passed=passed,
                unsent=len(unsent),
                people=len({line.record for line in unsent}),
                late=len(late),
                outages=tuple(numbers),
            )


@dataclass(frozen=True)
class Saved:
    """A report that was written, and where: the file that was asked for, then those beside it."""

    report: Evidence
    files: tuple[Path, ...]


@dataclass(frozen=True)
class _Derived:
    outages: list[Outage]
    attempts: list[Attempt]
    lines: list[_Line]
    changes: list[WaitingChange]


@dataclass
class _Line:
    """One change through time. `moves` = (since when, how it stood), oldest first."""

    record: str
    kind: ChangeKind
    target: str
    saved: datetime
    by: str
    collection: str = ""
    money: bool = False
    moves: list[tuple[datetime, Fate]] = field(default_factory=list)
    typed_since: tuple[datetime, str] | None = None
    """When and by whom it was edited while it was on its way: what is left over is the next change."""

    @property
    def fate(self) -> Fate:
        return self.moves[-1][1]

    @property
    def over(self) -> bool:
        return self.fate in (Fate.CONFIRMED, Fate.DROPPED)

    def move(self, at: datetime, fate: Fate) -> None:
        if not self.moves or self.moves[-1][1] is not fate:
            self.moves.append((at, fate))

    def at(self, moment: datetime) -> Fate:
        """How it stood at a moment; DROPPED before there was any."""
        fate = Fate.DROPPED
        for since, one in self.moves:
            if since > moment:
                break
            fate = one
        return fate

    def waited(self, begin: datetime, end: datetime) -> bool:
        """Whether it waited at any time from `begin` to `end`."""
        ends = [at for at, _ in self.moves[1:]] + [end + timedelta(days=1)]
        return any(
            fate.waits and since <= end and until > begin and until > since
            for (since, fate), until in zip(self.moves, ends, strict=True)
        )

    @property
    def ready(self) -> datetime | None:
        """Since when it could be sent, for the last time that it became so before it ended."""
        found = None
        before = Fate.DROPPED
        for since, fate in self.moves:
            if fate.waits and not before.waits:
                found = since
            before = fate
        return found


class _Story:
    """The journal told again: which change of which record stood how, and since when."""

    def __init__(self, collections: Mapping[str, Collection]) -> None:
        self._collections = collections
        self._money = {f.name for c in collections.values() for f in c.fields if f.money}
        self._lines: list[_Line] = []
        self._open: dict[str, list[_Line]] = {}
        self._typed: dict[str, tuple[datetime, str]] = {}

    def tell(self, entry: Entry) -> None:
        """The next row."""
        told = getattr(self, f"_on_{entry.event}", None)
        if told is not None and entry.record_id is not None:
            told(str(entry.record_id), entry)

    def lines_against(self, unit: Unit) -> list[_Line]:
        """All changes ever, as the queue bears them out: what the queue does not have is over, what it has is there."""
        rows = {(str(c.record_id), c.kind, c.target): c for c in unit.outbox.all() if c.state in OPEN_STATES}
        kept = []
        for line in self._lines:
            row = rows.pop((line.record, line.kind, line.target), None) if not line.over else None
            if line.over:
                kept.append(line)
            elif row is not None:
                line.money = row.money
                line.move(unit.now, _FATES[row.state])
                kept.append(line)
        kept += [_of_row(row) for row in rows.values()]
        for line in kept:
            line.collection = line.collection or self._home(unit, line.record)
        return sorted(kept, key=lambda line: line.saved)

    def _home(self, unit: Unit, record_id: str) -> str:
        record = unit.records.get(record_id)
        return record.collection if record else next(iter(self._collections), "")

    # -- what a person did --------------------------------------------------------------------------

    def _on_added(self, record: str, entry: Entry) -> None:
        self._typed[record] = (entry.at, entry.actor)
        line = self._begin(record, ChangeKind.CREATE, "", entry)
        line.money = self._is_money(entry)

    def _on_edited(self, record: str, entry: Entry) -> None:
        self._typed[record] = (entry.at, entry.actor)
        for kind, target in self._targets(record, entry):
            line = self._find(record, kind, target)
            if line is None:
                line = self._begin(record, kind, target, entry)
            elif line.fate in _OUT:
                line.typed_since = line.typed_since or (entry.at, entry.actor)
            elif line.fate is Fate.REFUSED:
                line.move(entry.at, Fate.WAITING)
            line.money = line.money or (not target and self._is_money(entry))

    _on_reverted = _on_edited

    def _targets(self, record: str, entry: Entry) -> Iterator[tuple[ChangeKind, str]]:
        if self._find(record, ChangeKind.CREATE, "") is not None:
            yield ChangeKind.CREATE, ""
            return
        fields = entry.detail.get("fields")
        paths = [str(p).split(".") for p in (fields if isinstance(fields, dict) else ())]
        if any(len(parts) == 1 for parts in paths):
            yield ChangeKind.UPDATE, ""
        for target in dict.fromkeys(".".join(parts[:2]) for parts in paths if len(parts) > 1):
            yield ChangeKind.NESTED, target

    def _on_action_queued(self, record: str, entry: Entry) -> None:
        self._begin(record, ChangeKind.ACTION, str(entry.detail.get("action", "")), entry)

    def _on_taken_back(self, record: str, entry: Entry) -> None:
        for line in self._meant(record, entry):
            self._end(line, entry, Fate.DROPPED)

    _on_not_needed = _on_taken_back

    def _on_discarded(self, record: str, entry: Entry) -> None:
        for line in list(self._open.get(record, ())):
            self._end(line, entry, Fate.DROPPED)

    _on_linked = _on_discarded

    def _on_sent_anew(self, record: str, entry: Entry) -> None:
        self._on_discarded(record, entry)
        self._begin(record, ChangeKind.CREATE, "", entry)

    # -- what became of it --------------------------------------------------------------------------

    def _on_held(self, record: str, entry: Entry) -> None:
        self._all_to(record, entry, Fate.DRAFT)

    def _on_ready(self, record: str, entry: Entry) -> None:
        self._all_to(record, entry, Fate.WAITING)

    def _on_sending(self, record: str, entry: Entry) -> None:
        kind, target = _kind(entry), str(entry.detail.get("target", ""))
        if kind is not None and self._find(record, kind, target) is None:
            at, by = self._typed.get(record, (entry.at, entry.actor))
            self._begin(record, kind, target, replace(entry, at=at, actor=by))
        self._all_to(record, entry, Fate.SENDING)

    def _on_unknown(self, record: str, entry: Entry) -> None:
        self._all_to(record, entry, Fate.UNKNOWN)

    def _on_not_sent(self, record: str, entry: Entry) -> None:
        self._all_to(record, entry, Fate.WAITING)

    _on_not_landed = _on_not_sent

    def _on_refused(self, record: str, entry: Entry) -> None:
        self._all_to(record, entry, Fate.REFUSED)

    def _on_confirmed(self, record: str, entry: Entry) -> None:
        for line in self._meant(record, entry):
            self._end(line, entry, Fate.CONFIRMED)
            if line.typed_since is not None:
                kind = ChangeKind.UPDATE if line.kind is ChangeKind.CREATE else line.kind
                after = self._begin(record, kind, line.target, entry)
                after.saved, after.by = line.typed_since
                after.money = line.money

    _on_action_done = _on_confirmed

    def _on_conflict(self, record: str, entry: Entry) -> None:
        for line in self._open.get(record, ()):
            line.move(entry.at, Fate.DECISION)

    def _on_decision_undone(self, record: str, entry: Entry) -> None:
        self._on_edited(record, entry)
        self._on_conflict(record, entry)

    def _on_resolved(self, record: str, entry: Entry) -> None:
        for line in self._open.get(record, ()):
            if line.fate is Fate.DECISION:
                line.move(entry.at, Fate.WAITING)

    _on_conflict_over = _on_resolved
    _on_kept_as_draft = _on_resolved

    # -- inside -------------------------------------------------------------------------------------

    def _begin(self, record: str, kind: ChangeKind, target: str, entry: Entry) -> _Line:
        line = _Line(record, kind, target, entry.at, entry.actor)
        line.move(entry.at, Fate.WAITING)
        self._lines.append(line)
        self._open.setdefault(record, []).append(line)
        return line

    def _end(self, line: _Line, entry: Entry, fate: Fate) -> None:
        line.move(entry.at, fate)
        self._open[line.record].remove(line)

    def _find(self, record: str, kind: ChangeKind, target: str) -> _Line | None:
        return next(
            (n for n in self._open.get(record, ()) if n.kind is kind and n.target == target),
            None,
        )

    def _meant(self, record: str, entry: Entry) -> list[_Line]:
        """The open changes that a row is about: by kind and target; without a target those under way."""
        kind, target = _kind(entry), entry.detail.get("target")
        found = [line for line in self._open.get(record, ()) if line.kind is kind]
        if target is not None:
            return [line for line in found if line.target == target]
        return [line for line in found if line.fate in _OUT]

    def _all_to(self, record: str, entry: Entry, fate: Fate) -> None:
        for line in self._meant(record, entry):
            line.move(entry.at, fate)

    def _is_money(self, entry: Entry) -> bool:
        fields = entry.detail.get("fields")
        return isinstance(fields, dict) and not self._money.isdisjoint(fields)


class _Names:
    """By what the portal's staff know a record, and what a change of it is called."""

    def __init__(self, unit: Unit, collections: Mapping[str, Collection]) -> None:
        self._unit = unit
        self._collections = collections
        self._known: dict[str, tuple[str, str]] = {}

    def of(self, line: _Line) -> tuple[str, str]:
        """(the portal's id, the provider's own id), "" where there is none."""
        if line.record not in self._known:
            record = self._unit.records.get(line.record)
            own = self._collections[record.collection].own_key if record else ""
            mine = record.document.get(own) if record and own else None
            self._known[line.record] = (
                (record.portal_id or "") if record else "",
                str(mine) if mine is not None else "",
            )
        return self._known[line.record]

    def what(self, line: _Line) -> str:
        collection = self._collections.get(line.collection)
        if line.kind is ChangeKind.CREATE:
            return f"New {collection.singular}" if collection else "New record"
        if line.kind is ChangeKind.ACTION and collection:
            action = collection.action(line.target)
            return action.label if action else line.target
        if line.kind is ChangeKind.NESTED and collection:
            child = collection.child_kind(line.target.split(".")[0])
            return child.singular.capitalize() if child else "Change"
        return "Change"


def _of_row(row: Change) -> _Line:
    """A change that the queue has and of which the journal says no more than that its record moved."""
    line = _Line(row.record_id, row.kind, row.target, row.created_at, row.actor, row.collection, row.money)
    line.move(row.created_at, _FATES[row.state])
    return line


def _changes(
    lines: Sequence[_Line], outages: Sequence[Outage], names: _Names, now: datetime
) -> list[WaitingChange]:
    found = []
    for line in lines:
        numbers = [
            o.number
            for o in outages
            if o.collection == line.collection and line.waited(o.begin, o.end or now)
        ]
        if not numbers:
            continue
        portal_id, own_id = names.of(line)
        settled = None if line.fate.waits else line.moves[-1][0]
        found.append(
            WaitingChange(
                record=line.record,
                portal_id=portal_id,
                own_id=own_id,
                kind=line.kind,
                what=names.what(line),
                money=line.money,
                saved=line.saved.astimezone(LONDON),
                by=line.by,
                ready=_local(line.ready),
                fate=line.fate,
                settled=_local(settled),
                outages=tuple(numbers),
            )
        )
    return found


def _with_changes(
    outage: Outage, changes: Sequence[WaitingChange], lines: Sequence[_Line], now: datetime
) -> Outage:
    concerned = [c for c in changes if outage.number in c.outages]
    begun = [n for n in lines if n.collection == outage.collection and n.at(min(outage.begin, now)).waits]
    done = [c.settled for c in concerned if c.fate is Fate.CONFIRMED and c.settled is not None]
    still = any(c.fate.waits for c in concerned)
    return replace(
        outage,
        changes=len(concerned),
        people=len({c.record for c in concerned}),
        at_begin=len(begun),
        done_at=None if still else max(done, default=None),
    )


def _spells(outages: Sequence[Outage], nouns: Mapping[str, str]) -> list[Spell]:
    """Outages of one portal that touch one another, as one."""
    found: list[tuple[str, Spell]] = []
    for outage in outages:
        last = next((n for n in range(len(found) - 1, -1, -1) if found[n][0] == outage.collection), None)
        if last is not None and found[last][1].end == outage.begin:
            old = found[last][1]
            joined = replace(
                old, end=outage.end, tries=old.tries + outage.tries, outages=(*old.outages, outage.number)
            )
            found[last] = (outage.collection, joined)
        else:
            numbers = (outage.number,)
            spell = Spell(
                outage.portal, outage.begin, outage.end, outage.tries, numbers, nouns[outage.collection]
            )
            found.append((outage.collection, spell))
    return [spell for _, spell in found]


def _local(at: datetime | None) -> datetime | None:
    return at.astimezone(LONDON) if at is not None else None


def _kind(entry: Entry) -> ChangeKind | None:
    kind = entry.detail.get("kind")
    return ChangeKind(kind) if kind in set(ChangeKind) else None


def _state(value: Any) -> PortalState:
    return PortalState(value) if value in set(PortalState) else PortalState.UNKNOWN


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
