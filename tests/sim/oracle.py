"""Judges a simulation: after each step, at the portal's door, and when everything has come to rest.

Strict on purpose, so each excuse is written down where it is made. There are three, and none of them can be known by any
client: the network delivered a request again, or late; somebody else wrote between our read and our write (the portal checks no
versions, D8); a restored portal was written to again before we could see that it had gone back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.conflict import Conflict, ConflictKind
from desktop.model.document import Child, same
from desktop.practice.mapping import control_body
from desktop.practice.record import Record
from desktop.practice.wire import Reply, Request
from desktop.store.records import StoredRecord
from desktop.sync import outbox
from desktop.sync.adopt import made_key
from desktop.sync.engine import self_check
from tests.fault.conftest import TRAINEES, differences
from tests.sim import people
from tests.sim.facts import Commit, Fact, History, scalar_there
from tests.sim.machine import Machine

if TYPE_CHECKING:
    from tests.sim.simulation import Simulation

ROUNDS = 8
"""After so many rounds of syncs and decisions everything is at rest."""

WATCHED = ("email", "middle_names", "ni_number", "nationality", "study_mode", "trainee_start_date")
_DELIVERED_BY_NETWORK = ("again", "late")
_EXTRA = ("placements", "degrees", "record", "action")


class Broken(AssertionError):
    """A promise was not kept; the message says which."""


class Oracle:
    """Knows every promise of one simulation."""

    def __init__(self, sim: Simulation) -> None:
        self._sim = sim
        self.history = History()
        self.live: dict[tuple[str, ...], Fact] = {}
        self._read_at: dict[tuple[str, str], int] = {}
        self._decided_at: dict[tuple[str, str], int] = {}
        self._created: dict[str, str] = {}
        self._anew: set[str] = set()
        self._newest = ""
        self._by_network: set[tuple[str, str | None]] = set()
        self._writes = 0

    @property
    def now(self) -> int:
        """The moment, as the portal's history counts."""
        return self.history.number

    # -- promises -----------------------------------------------------------------------------------

    def promise(self, fact: Fact) -> None:
        """A deed was acknowledged. A later one of the same kind takes an earlier one's place."""
        key: tuple[str, ...] = (fact.machine, fact.record_id, fact.path)
        if fact.path in ("placements", "degrees"):
            key = (*key, str(fact.value))
        self.live[key] = fact

    def _of(self, machine: Machine, record_id: str) -> list[tuple[tuple[str, ...], Fact]]:
        return [(k, f) for k, f in self.live.items() if k[:2] == (machine.name, record_id)]

    def gone(self, machine: Machine, record_id: str, kind: str, child: Child) -> None:
        """The person removed a child, whatever they had typed into it before."""
        said = {str(v) for v in child.fields.values()}
        for key, fact in self._of(machine, record_id):
            if fact.path.startswith(f"{kind}.{child.id}") or (fact.path == kind and str(fact.value) in said):
                del self.live[key]

    def undone(self, machine: Machine, record_id: str, path: str) -> None:
        """The person typed what the portal was seen to have."""
        self.live.pop((machine.name, record_id, path), None)

    def let_go(self, machine: Machine, record_id: str) -> None:
        """The person discarded the record."""
        for key, _ in self._of(machine, record_id):
            del self.live[key]

    def reverted(self, machine: Machine, record_id: str) -> None:
        """The person took everything typed into a record back."""
        for key, fact in self._of(machine, record_id):
            if fact.path not in ("record", "action"):
                del self.live[key]

    def taken_back(self, machine: Machine, record_id: str, target: str) -> None:
        """The person took one change back: the action, the fields, or one child."""
        kind = target.partition(".")[0]
        for key, fact in self._of(machine, record_id):
            mine = fact.path == "action" if target == "action" else fact.path.startswith(target or fact.path)
            scalar = "." not in fact.path and fact.path not in _EXTRA
            if (mine and (target or scalar)) or (target and fact.path == kind != "action"):
                del self.live[key]

    def in_question(self, machine: Machine, record_id: str) -> bool:
        """Whether a person must decide about this record first."""
        with machine.read() as unit:
            return unit.decisions.of_record(record_id) is not None

    def asked(self, machine: Machine, conflict: Conflict) -> None:
        """Nobody is asked whether they are themselves: our own record is known by its key (D12)."""
        if conflict.kind is not ConflictKind.DUPLICATE:
            return
        record = machine.records({conflict.record_id})[conflict.record_id]
        key = made_key(record.id)
        if record.document.get("provider_trainee_id") == key and any(
            c["fields"].get("provider_trainee_id") == key for c in conflict.candidates
        ):
            raise Broken(f"{machine.name} was asked about itself: {key}")

    def anew(self, machine: Machine, record_id: str) -> None:
        """A person says that the portal lost this record and gets it again: the old one does not count any more."""
        slug = machine.record_slug(record_id)
        self._anew.add(str(machine.records({record_id})[record_id].document.get("provider_trainee_id")))
        self._created = {k: s for k, s in self._created.items() if s != slug}
        for key, fact in self._of(machine, record_id):
            fact.since, fact.slug = self.now, None
            if "." in fact.path:  # its degrees and placements get new ids as well
                del self.live[key]

    @contextmanager
    def deciding(self, machine: Machine, conflict: Conflict) -> Iterator[None]:
        """A decision: what it gives up must be readable in the journal afterwards (I15)."""
        record_id = conflict.record_id
        self.look(machine)  # also because a record that is linked to another takes that one's place
        yield
        self._decided_at[machine.name, record_id] = self.now
        records, rows = machine.records(), _rows(machine)
        self._linked(machine, records, record_id)
        with machine.read() as unit:
            entries = unit.journal.entries(record_id, limit=6, events=("resolved", "taken_back"))
            told = " ".join(orjson.dumps(e.detail).decode() for e in entries)
        for key, fact in self._of(machine, record_id):
            if not _here(fact, records, rows):
                readable = fact.value is None or str(fact.value) in told
                if not (readable or self._landed(fact, records) or self._excused(fact)):
                    raise Broken(f"decided against and nowhere to be read: {fact}")
                del self.live[key]

    def _linked(self, machine: Machine, records: dict[str, StoredRecord], record_id: str) -> None:
        """A record that was linked to a copy takes the copy's place: what was promised of the copy is in its base now."""
        now = records.get(record_id)
        for key, fact in list(self.live.items()):
            of_copy = fact.machine == machine.name and fact.record_id not in records
            if of_copy and now is not None and now.portal_id is not None and fact.slug == now.portal_id:
                del self.live[key]

    # -- after each step ----------------------------------------------------------------------------

    def look(self, machine: Machine) -> None:
        """Nothing acknowledged is lost."""
        promised = [(k, f) for k, f in self.live.items() if k[0] == machine.name]
        records, rows = self._known(machine), _rows(machine)
        for key, fact in promised:
            if _here(fact, records, rows):
                continue
            if not (self._landed(fact, records) or self._excused(fact) or _agreed(machine, fact)):
                raise Broken(f"lost: {fact}")
            del self.live[key]

    def _known(self, machine: Machine) -> dict[str, StoredRecord]:
        """The records of which something was promised, and by which id the portal knows them."""
        promised = [f for f in self.live.values() if f.machine == machine.name]
        records = machine.records({f.record_id for f in promised})
        for fact in promised:
            held = records.get(fact.record_id)
            if held is not None and held.portal_id is not None:
                fact.slug = held.portal_id
        return records

    def in_step(self, machine: Machine) -> None:
        """The rows of the queue follow from what was typed; a sync looks for itself (and says so in its journal)."""
        if problems := self_check(machine.workspace._store, machine.collection):
            raise Broken(f"{machine.name}: {problems}")

    def shaken(self, machine: Machine) -> None:
        """The program ended in a deed that was not acknowledged: it is done or not done, and touched one record."""
        records, rows = machine.records(), _rows(machine)
        gone = [
            (k, f)
            for k, f in self.live.items()
            if k[0] == machine.name and not _here(f, records, rows) and not self._landed(f, records)
        ]
        if len({f.record_id for _, f in gone}) > 1:
            raise Broken(f"one deed that was cut short undid several: {[str(f) for _, f in gone]}")
        for key, _ in gone:
            del self.live[key]

    def _landed(self, fact: Fact, records: dict[str, StoredRecord]) -> bool:
        """Whether the portal had it at any time since it was promised."""
        held = records.get(fact.record_id)
        slug = held.portal_id if held is not None and held.portal_id else fact.slug
        if slug is None:
            return False
        if any(fact.there(c.after) for c in self.history.since(slug, fact.since)):
            return True
        now = self._sim.portal.state.records.get(slug)
        return now is not None and fact.there(now)

    def _excused(self, fact: Fact) -> bool:
        """A backup undid it, and the portal was written to again (or in silence), which hides that it went back; or the
        portal's own clock had been put back before, so that what came back from the backup looks newer.
        """
        if not fact.undone or fact.slug is None:
            return False
        silent = fact.path.startswith("placements")
        if silent or any(c.author != "restore" for c in self.history.since(fact.slug, fact.since)):
            return True
        commits = self.history.commits.get(fact.slug, ())
        landed = next((c.after for c in reversed(commits) if fact.there(c.after)), None)
        now = self._sim.portal.state.records.get(fact.slug)
        return landed is not None and now is not None and landed.updated_us <= now.updated_us

    # -- at the portal's door -----------------------------------------------------------------------

    def has_read(self, machine: Machine, slugs: set[str]) -> None:
        """A client was shown these records as they are."""
        for slug in slugs:
            self._read_at[machine.name, slug] = self.now

    def arrived(self, machine: Machine, asked: Request, reply: Reply, how: str) -> None:
        """A request had its effect, or none."""
        if asked.method == "GET":
            return
        self._writes += 1
        if reply.effect and asked.method == "POST" and asked.path.endswith("/trainees"):
            key = str(orjson.loads(asked.body)["data"].get("provider_trainee_id"))
            slug = self._newest
            if key in self._created:
                raise Broken(f"{machine.name} made {key} twice ({how}): {self._created[key]} and {slug}")
            self._created[key] = slug

    def stored(self, author: str, how: str, before: Record | None, after: Record) -> None:
        """The portal stored a record."""
        machine = self._sim.machines.get(author)
        if machine is not None and before is not None and how not in _DELIVERED_BY_NETWORK:
            for name in WATCHED:
                self._overwritten(machine, name, before, after)
            self._doubled(machine, before, after)
        elif before is not None and how in _DELIVERED_BY_NETWORK:
            self._by_network |= {
                (after.slug, n) for n in placed(after) if placed(after)[n] > placed(before)[n]
            }
            if before.nationalities and not after.nationalities:
                self._by_network.add((after.slug, "nationality"))
        elif before is None:
            self._newest = after.slug
        self.history.add(author, how, before, after)

    def _overwritten(self, machine: Machine, name: str, before: Record, after: Record) -> None:
        """A client may only overwrite what it has read, and not what it has to ask about."""
        value_of = scalar_there(name)
        old, new = value_of(before), value_of(after)
        last = self.history.last_change(before.slug, value_of)
        if old == new or last is None or last.author == machine.name:
            return
        record = machine.record_at(before.slug)
        if record is None or record.base is None:
            raise Broken(f"{machine.name} wrote {name} of {before.slug}, which it does not have")
        if not same(record.base.document.get(name), old):
            if last.number > self._read_at.get((machine.name, before.slug), 0):
                self._sim.counts.add("races that no client can see")
                return
            raise Broken(f"{machine.name} overwrote {name} = {old!r} with {new!r}, unseen")
        self._unasked(machine, record, last, (name, old, new))

    def _unasked(
        self, machine: Machine, record: StoredRecord, last: Commit, moved: tuple[str, Any, Any]
    ) -> None:
        name, old, new = moved
        fact = self.live.get((machine.name, record.id, name))
        if fact is None or not same(fact.value, new) or fact.since >= last.number or same(old, fact.was):
            return
        if (
            old is None and name == "nationality"
        ):  # nobody can clear it; a refusal of another's update wiped it
            return
        if last.before is None and self._is_anew(last.after):
            return
        if self._decided_at.get((machine.name, record.id), 0) < last.number:
            raise Broken(f"{machine.name} put {new!r} over {old!r} of {last.author} and did not ask")

    def _doubled(self, machine: Machine, before: Record, after: Record) -> None:
        """A placement that is there already is not made again."""
        had, has = placed(before), placed(after)
        for name in (n for n in has if has[n] > had[n] > 0 and (after.slug, n) not in self._by_network):
            last = self.history.last_change(before.slug, partial(_count, name))
            if last is not None and last.number > self._read_at.get((machine.name, before.slug), 0):
                self._sim.counts.add("races that no client can see")
            else:
                raise Broken(f"{machine.name} made the placement {name} twice")

    def restoring(self, before: dict[str, Record], after: dict[str, Record]) -> None:
        """The portal goes back. What it had and has no more is to be asked about."""
        for slug, new in after.items():
            if before.get(slug) is not new:
                self.history.add("restore", "restore", before.get(slug), new)
        self.history.number += 1
        for fact in self.live.values():
            was, now = before.get(fact.slug or ""), after.get(fact.slug or "")
            gone = was is not None and fact.there(was) and (now is None or not fact.there(now))
            if gone and not self._said_by_others(fact):
                fact.since, fact.undone = self.now, True
        self._created = {k: s for k, s in self._created.items() if s in after}

    def _said_by_others(self, fact: Fact) -> bool:
        """Whether what the portal had was put there by somebody else, after it had overwritten ours with another answer."""
        commits = [c for c in self.history.commits.get(fact.slug or "", ()) if c.author != "restore"]
        said = [c for c in commits if fact.there(c.after) and not (c.before and fact.there(c.before))]
        return bool(said) and said[-1].author != fact.machine

    # -- in the end ---------------------------------------------------------------------------------

    def settle(self) -> None:
        """I17: the faults end, people decide what is theirs to decide, and both sides come to rest and agree."""
        sim = self._sim
        sim.let_go()
        for weather in sim.lines.values():
            weather.faults = ()
        for _ in range(ROUNDS):
            if self._round() == 0:
                break
        else:
            raise Broken(f"not at rest after {ROUNDS} rounds")
        parked = {m.name: self._parked(m) for m in sim.machines.values()}
        for machine in sim.machines.values():
            self._agrees(machine, parked[machine.name])
            self._sound(machine)
        self._nobody_twice()
        self._nothing_wiped(parked)

    def _round(self) -> int:
        """Both sync, people decide; how much happened."""
        sim, happened = self._sim, 0
        for machine in sim.machines.values():
            sim.time.pass_by(hours=2)
            before = self._writes
            report = machine.workspace.sync.run(TRAINEES, full=True)
            if report.requests == 0:
                # The portal had told it to wait, and its clock was put back since: that lasts an hour at most (T1).
                sim.time.pass_by(hours=1)
                report = machine.workspace.sync.run(TRAINEES, full=True)
            sim.report(machine, report)
            if report.state != "up":
                raise Broken(f"{machine.name} is {report.state} though nothing is wrong: {report.detail}")
            happened += self._writes - before
            for conflict in machine.workspace.conflicts.open():
                people.decide(sim, machine, conflict)
                happened += 1
            self.look(machine)
            happened += self._undecided(machine)
        return happened

    def _undecided(self, machine: Machine) -> int:
        """Changes of which nobody knows yet whether they arrived; a create takes two looks, some time apart."""
        with machine.read() as unit:
            return len(unit.outbox.all(TRAINEES, outbox.FATE_OPEN))

    def _parked(self, machine: Machine) -> set[str]:
        """Records that wait for a person; everything that waits says why."""
        records, rows = machine.records(), _rows(machine)
        for record_id, changes in rows.items():
            for change in changes:
                self._says_why(machine, records[record_id], change, changes)
        return set(rows) | {r.id for r in records.values() if r.missing}

    def _says_why(
        self, machine: Machine, record: StoredRecord, change: Change, all_of_it: list[Change]
    ) -> None:
        if change.state is ChangeState.REJECTED and change.reason:
            return
        if change.state is ChangeState.HELD and record.errors:
            return
        others = [c for c in all_of_it if c.id != change.id]
        waits = change.state is ChangeState.QUEUED and change.reason.startswith("Waits")
        if waits and any(c.state in (ChangeState.REJECTED, ChangeState.HELD) for c in others):
            return
        if change.kind is ChangeKind.ACTION and change.state is ChangeState.QUEUED and record.missing:
            return
        raise Broken(f"{machine.name}: stuck without a reason: {change}")

    def _agrees(self, machine: Machine, parked: set[str]) -> None:
        """Every record that the portal lists is here as it is there, and no other (but what waits for a person)."""
        state = self._sim.portal.state
        left = {r.portal_id: r for r in machine.records().values()}
        if any(r.portal_id is None and r.id not in parked for r in left.values()):
            raise Broken(f"{machine.name}: a record never reached the portal, and nothing waits")
        for slug, there in state.records.items():
            here = left.pop(slug, None)
            if here is None:
                if there.listed:
                    raise Broken(f"{machine.name} does not have {slug}")
                continue
            if here.id in parked:
                continue
            if not there.listed:
                raise Broken(f"{machine.name} does not know that {slug} is not listed any more")
            body = orjson.loads(orjson.dumps(control_body(there, state.schools)))
            if found := differences(machine.collection, here, body):  # type: ignore[arg-type]
                raise Broken(f"{machine.name} differs from the portal in {slug}: {found}")
        strangers = [r.id for s, r in left.items() if s is not None and r.id not in parked]
        if strangers:
            raise Broken(f"{machine.name} has what the portal does not: {strangers}")

    def _sound(self, machine: Machine) -> None:
        with machine.read() as unit:
            noticed = unit.journal.entries(limit=1, events=("self_check",))
        problems = machine.workspace.care.doctor() + [str(e.detail) for e in noticed]
        if problems:
            raise Broken(f"{machine.name}: {problems}")

    def _is_anew(self, record: Record) -> bool:
        """Whether a person sent it again after the portal had lost it: it then holds what that client had of it, whoever
        wrote that first, and what the portal had wiped before.
        """
        return record.get("provider_trainee_id") in self._anew

    def _nobody_twice(self) -> None:
        """One person was made once: by key and by who they are."""
        held = [r for r in self._sim.portal.state.records.values() if r.listed]
        keys = Counter(r.get("provider_trainee_id") for r in held if r.get("provider_trainee_id"))
        who = Counter((r.get("date_of_birth"), r.get("last_name"), r.get("first_names")) for r in held)
        twice = [k for counted in (keys, who) for k, n in counted.items() if n > 1]
        if twice:
            raise Broken(f"made twice: {twice}")

    def _nothing_wiped(self, parked: dict[str, set[str]]) -> None:
        """A refusal empties answers at the portal (pack 1.6). Unless they wait here, or can go back no more, they did."""
        waiting = {
            machine.record_slug(i) for machine in self._sim.machines.values() for i in parked[machine.name]
        }
        for slug, record in self._sim.portal.state.records.items():
            excused = record.closed or slug in waiting or (slug, "nationality") in self._by_network
            excused = excused or self._is_anew(record) or self._given_up(slug, "nationality")
            if record.listed and not (excused or record.nationalities):
                raise Broken(f"{slug} has no nationality any more, and nobody took it away")

    def _given_up(self, slug: str, field: str) -> bool:
        """Whether a person took the portal's side of it: the portal had gone back to when it was wiped, for instance."""
        for machine in self._sim.machines.values():
            with machine.read() as unit:
                held = unit.records.by_portal_id(TRAINEES, slug)
                told = unit.journal.entries(held.id, limit=50, events=("resolved",)) if held else []
            if any(e.detail["choices"].get(field) == "theirs" for e in told):
                return True
        return False

    def tell_all(self) -> None:
        """What is left on all sides goes into the trace."""
        sim = self._sim
        for machine in sim.machines.values():
            for record in machine.records().values():
                sim.note(
                    f"{machine.name} {record.id} {record.portal_id} {record.sync} {record.pending.to_json()}"
                )
            with machine.read() as unit:
                for entry in unit.journal.entries(limit=100_000):
                    sim.note(f"{machine.name} {entry}")
        for slug, there in sorted(sim.portal.state.records.items()):
            sim.note(f"portal {slug} {control_body(there, sim.portal.state.schools)}")


def placed(record: Record) -> Counter[str | None]:
    """How often a record of the portal has each placement."""
    return Counter(p.school or p.name for p in record.placements)


def _count(name: str | None, record: Record) -> int:
    return sum(name in (p.school, p.name) for p in record.placements)


def _rows(machine: Machine) -> dict[str, list[Change]]:
    """Open changes by record."""
    found: dict[str, list[Change]] = {}
    with machine.read() as unit:
        for change in unit.outbox.all(TRAINEES):
            found.setdefault(change.record_id, []).append(change)
    return found


def _here(fact: Fact, records: dict[str, StoredRecord], rows: dict[str, list[Change]]) -> bool:
    if fact.path == "action":
        return any(
            c.kind is ChangeKind.ACTION and c.target == fact.value for c in rows.get(fact.record_id, ())
        )
    record = records.get(fact.record_id)
    return record is not None and fact.here(record)


def _agreed(machine: Machine, fact: Fact) -> bool:
    """Whether the portal had it already when it was typed, and the client saw that: then nothing was left to send."""
    with machine.read() as unit:
        entries = unit.journal.entries(fact.record_id, limit=50, events=("merged",))
    return any(fact.path in e.detail.get("agreed", ()) for e in entries)
