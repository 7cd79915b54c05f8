"""Laws of the exchange between workspaces: any files in any order, and in the end everybody has the same (domain pack 9).

Pure: offices are documents in memory, and what one knows is put together with what another knows. An office edits, adds and
removes children, records leaving, sends to the portal, pulls, settles questions, and takes in files: twice, late, or never.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from itertools import count, permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.model.change import ChangeKind
from desktop.model.document import ChildPatch, Document, Fields, Patch
from desktop.model.errors import HoldfastError
from desktop.model.ids import new_id
from desktop.model.snapshot import Snapshot
from desktop.sync import exchange
from desktop.sync.exchange import (
    Known,
    Met,
    Terms,
    UnitValue,
    alike,
    join,
    lay,
    meet,
    nothing,
    units_of,
)
from desktop.sync.exchange_look import Hand, Observer, Sight
from desktop.sync.merge import three_way
from tests.fault import offices as stores

FUNDING = {"route", "subject"}
FIELDS = ("email", "name", "route", "subject")
VALUES = ("a", "b", "c", None)


def unit_of(path: str) -> str:
    parts = path.split(".")
    return ".".join(parts[:2]) if len(parts) > 1 else "funding" if path in FUNDING else path


READ, KEYED = Terms(unit_of, read=True), Terms(unit_of, read=False)
ticks = count(1)


def means(document: Document) -> dict[str, UnitValue]:
    units: dict[str, UnitValue] = {
        u: {n: v for n, v in (f or {}).items() if v is not None}
        for u, f in units_of(document, unit_of).items()
    }
    return {u: f for u, f in units.items() if f or "." in u}


def form(known: Known) -> dict[str, Any]:
    """All of it in one form; that a kind of children is named and empty says nothing."""
    cells = known.shown.cells(unit_of) if known.shown else {}
    return {**known.to_json(), "shown": {c: v for c, v in cells.items() if v is not None}}


@dataclass
class Portal:
    """One record at the portal, read whole."""

    held: Snapshot | None = None

    def put(self, document: Document) -> Snapshot:
        self.held = Snapshot("p1", f"{next(ticks):06}", "open", document.copy())
        return self.held


@dataclass
class Office:
    """One workspace with one record; `seen` = values that somebody has seen before they went."""

    name: str
    terms: Terms
    portal: Portal
    document: Document | None = None
    base: Snapshot | None = None
    actions: dict[str, Fields] = field(default_factory=dict)
    known: Known = field(default_factory=lambda: Known(frozenset({"r"})))
    met: Met | None = None
    settled: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)
    contested: dict[str, Document] = field(default_factory=dict)
    before: dict[str, UnitValue] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)
    typed: list[tuple[str, str]] = field(default_factory=list)

    # -- looking --------------------------------------------------------------------------------------------------

    def look(self) -> Known:
        hand = Hand(self.name, f"{next(ticks):06}", self.name)
        if self.document is None:
            if self.known.writes or self.known.gone:
                self.known = Observer(self.known, Sight(Document()), self.terms, hand).deleted()
            return self.known
        open_here = frozenset({*self.asked, *self.contested} - self.settled.keys())
        before = {unit: self.before[unit] for unit in self.contested}
        sight = Sight(self.document, self.base, self.actions, open_here, self.settled, before=before)
        self.known = Observer(self.known, sight, self.terms, hand).known()
        self.settled = {}
        return self.known

    def note(self, unit: str, value: UnitValue) -> None:
        self.seen.append((unit.partition(".")[0], repr(sorted((value or {}).items(), key=str))))

    def note_all(self, document: Document) -> None:
        for unit, value in units_of(document, unit_of).items():
            self.note(unit, value)

    # -- what a person does ---------------------------------------------------------------------------------------

    def edit(self, path: str, value: Any, which: int = 0) -> None:
        """Answer something; `which` child, or a new one."""
        if self.document is None:
            if self.known.gone:
                return
            self.document = Document()
        before = means(self.document)
        after = self.document.copy()
        if path == "mentors":
            group = sorted(c.id for c in self.document.children.get(path, ()))
            child = group[which % len(group)] if which % 3 and group else f"{self.name}{next(ticks)}"
            path = f"mentors.{child}"
            lay(after, path, None if value is None else {"urn": value}, unit_of)
        else:
            after.fields[path] = value
        self.document = after
        unit = unit_of(path)
        self.note(unit, before.get(unit))
        if (now := means(after).get(unit)) is not None:
            self.typed.append((unit.partition(".")[0], repr(sorted(now.items(), key=str))))

    def leave(self, day: str | None) -> None:
        if self.document is not None:
            self.actions = {"leave": {"day": day}} if day else {}

    def delete(self) -> None:
        if self.document is not None and self.base is None and self.portal.held is None:
            self.note_all(self.document)
            self.look()
            self.document, self.actions, self.asked, self.contested = None, {}, {}, {}

    def settle(self, mine: bool) -> None:
        """Every question that is open, the same way."""
        assert self.met is not None
        document = self.document
        if document is None:
            return
        after = document.copy()
        for unit, theirs in {**self.contested, **self.asked_documents()}.items():
            for side in (document, theirs):
                self.note(unit, units_of(side, unit_of).get(unit))
            if not mine:
                lay(after, unit, units_of(theirs, unit_of).get(unit, nothing(unit)), unit_of)
        self.settled = {u: dots for u, dots in self.asked.items() if u not in self.contested}
        self.document, self.asked, self.contested, self.before = after, {}, {}, {}

    def asked_documents(self) -> dict[str, Document]:
        found = {}
        for unit in self.asked:
            theirs = Document()
            other = next(w for w in self.known.writes[unit] if w.dot in self.asked[unit])
            lay(theirs, unit, other.value, unit_of)
            found[unit] = theirs
        return found

    # -- the portal -----------------------------------------------------------------------------------------------

    def pull(self) -> None:
        held = self.portal.held
        if held is None or self.document is None or not self.terms.read:
            return
        base = self.base.document if self.base else Document()
        ancestor = base.copy()
        for unit in self.contested:
            lay(ancestor, unit, {"email": "\0", "urn": "\0"}, unit_of)
        merge = three_way(ancestor, self.document, held.document, unit_of, alike=lambda *_: False)
        for path in merge.agreed:
            self.note(unit_of(path), means(self.document).get(unit_of(path)))
        self.document, self.base = merge.local, held
        then = units_of(base, unit_of)
        self.before = {
            row.unit: then.get(row.unit, nothing(row.unit)) for row in merge.conflicts
        } | self.before
        self.contested = {row.unit: held.document for row in merge.conflicts}

    def send(self) -> None:
        if self.document is None or self.asked or self.contested:
            return
        if not self.terms.read:
            self.base = Snapshot("r", f"{next(ticks):06}", "open", self.document.copy())
            return
        self.pull()
        if not self.contested:
            self.base = self.portal.put(self.document)

    # -- files ----------------------------------------------------------------------------------------------------

    def take(self, file: Known) -> None:
        mine = self.look()
        together = join(mine, file, self.terms)
        self.known = together
        if together.gone:
            if self.document is not None:
                self.note_all(self.document)
            self.document, self.actions, self.asked, self.contested = None, {}, {}, {}
            return
        if self.document is None and not together.answers() and together.shown is None:
            return
        if self.base is not None and not self.terms.read:
            self.note_all(
                self.base.document
            )  # the portal keeps what was typed last, and the history what was before
        self.met = meet(together, self.document or Document(), self.terms)
        self.document = self.met.document
        self.base = together.shown.snapshot if together.shown else None
        self.actions = {n: dict(w.value or {}) for n, w in together.actions().items()}
        ground = self.base.document if self.base else Document()
        self.contested, self.before = dict.fromkeys(self.met.portal, ground), dict(self.met.portal)
        here = units_of(self.document, unit_of)
        others = {
            unit: next((w.dot,) for w in held if not alike(w.value, here.get(unit, nothing(unit))))
            for unit, held in exchange.questions(together).items()
        }
        assert {row.unit for row in self.met.questions} == others.keys()
        self.asked = {} if self.contested else others  # the portal's side comes first


actions = st.one_of(
    st.tuples(st.just("edit"), st.sampled_from(FIELDS), st.sampled_from(VALUES)),
    st.tuples(st.just("edit"), st.just("mentors"), st.sampled_from(("x", "y", None)), st.integers(0, 8)),
    st.tuples(st.just("leave"), st.sampled_from(("1 May", "2 June", None))),
    st.tuples(st.just("settle"), st.booleans()),
    st.tuples(st.just("send")),
    st.tuples(st.just("pull")),
    st.tuples(st.just("make")),
    st.tuples(st.just("make")),
    st.tuples(st.just("take"), st.integers(0, 30)),
    st.tuples(st.just("take"), st.integers(0, 3)),
    st.tuples(st.just("delete")),
)
schedules = st.lists(st.tuples(st.integers(0, 2), actions), max_size=24)


def play(terms: Terms, offices: int, schedule: list[Any]) -> list[Office]:
    portal = Portal()
    there = [Office(name, terms, portal) for name in ("A", "B", "C")[:offices]]
    files: list[Known] = []
    for number, (deed, *how) in schedule:
        office = there[number % offices]
        if deed == "make":
            files.append(Known.from_json(office.look().to_json()))
        elif deed == "take":
            if files:
                office.take(files[-1 - how[0] % len(files)])
        elif deed != "settle" or office.met is not None:
            getattr(office, deed)(*how)
    return there


def agree_in_the_end(there: list[Office]) -> None:
    """People settle what is asked, and everybody takes everybody's file, until nothing is left to ask."""
    for office in there * 8:
        all_take(there)
        if office.asked or office.contested:
            office.settle(mine=True)
    all_take(there)


def all_take(there: list[Office]) -> None:
    for office in there:
        for other in there:
            if other is not office:
                office.take(other.look())


@pytest.mark.parametrize("terms", [READ, KEYED], ids=["read", "keyed"])
@settings(max_examples=160, deadline=None)
@given(offices=st.integers(2, 3), schedule=schedules)
def test_everybody_has_the_same_in_the_end_and_nothing_went_unseen(
    terms: Terms, offices: int, schedule: list[Any]
) -> None:
    there = play(terms, offices, schedule)
    agree_in_the_end(there)
    ends = [(means(o.document or Document()), o.actions) for o in there]
    assert all(end == ends[0] for end in ends), ends
    assert not any(o.asked or o.contested for o in there)
    told = {entry for o in there for entry in o.seen}
    told |= {
        (unit.partition(".")[0], repr(sorted(value.items(), key=str)))
        for unit, value in ends[0][0].items()
        if value
    }
    for office in there:
        for entry in office.typed:
            assert entry in told, (entry, office.name)


@pytest.mark.parametrize("terms", [READ, KEYED], ids=["read", "keyed"])
@settings(max_examples=80, deadline=None)
@given(schedule=schedules)
def test_files_may_come_in_any_order_and_more_than_once(terms: Terms, schedule: list[Any]) -> None:
    """Idempotent and commutative always; which way three are put together does not matter for what people see of it."""
    a, b, c = (office.look() for office in play(terms, 3, schedule))
    assert form(join(a, a, terms)) == form(exchange.tidy(a, terms))
    ab = join(a, b, terms)
    assert form(ab) == form(join(b, a, terms))
    assert form(join(ab, b, terms)) == form(ab) == form(join(ab, a, terms))
    everything = [join(join(x, y, terms), z, terms) for x, y, z in permutations((a, b, c))]
    settled = [join(one, other, terms) for one in everything[:1] for other in everything]
    for one in settled:
        again = join(one, settled[0], terms)
        assert means(exchange.canonical(again, terms)) == means(
            exchange.canonical(join(settled[0], one, terms), terms)
        )


# --- with real workspaces ---------------------------------------------------------------------------------------------------


QUESTIONS: dict[str, list[str | None]] = {
    "email": ["a@school.example", "b@school.example", None],
    "working_pattern": ["full_time", "part_time"],
    "training_programme": ["provider_led", "school_led"],
    "lead_provider": ["x", None],
}


def random_day(office: stores.Office, folk: list[str], chance: random.Random) -> None:
    """What somebody does in an office."""
    here = [view.id for view in office.all()]
    deed = chance.choice(("add", "edit", "edit", "edit", "child", "leave", "register", "discard", "settle"))
    record = chance.choice(here) if here else ""
    try:
        if deed == "add" or not here:
            office.add(trn=chance.choice(folk), email=f"{office.name}@school.example")
        elif deed == "edit":
            name = chance.choice([*QUESTIONS])
            office.edit(record, **{name: chance.choice(QUESTIONS[name])})
        elif deed == "child":
            held = office.view(record).document.children.get("mentorships", [])
            change = (
                (chance.choice(held).id, ChildPatch(removed=True))
                if held and chance.random() < 0.4
                else (new_id(), ChildPatch({"mentor_trn": chance.choice(("7654321", "7654322"))}, added=True))
            )
            office.workspace.records.edit(record, Patch({}, {"mentorships": dict([change])}))
        elif deed == "leave":
            office.workspace.records.act(record, "leave", {"leaving_on": "2026-12-18"})
        elif deed == "register" and not office.view(record).conflict:
            office.registered(record)
        elif deed == "discard":
            office.workspace.records.discard(record)
        elif deed == "settle":
            settle_all(office, chance.choice(("mine", "theirs")))
    except HoldfastError:
        return


def settle_all(office: stores.Office, side: str) -> None:
    """What was not chosen stands in the journal."""
    for conflict in office.workspace.conflicts.open():
        office.workspace.conflicts.resolve_all(conflict.id, side)
        told = json.dumps(
            [detail for event, detail in office.events(conflict.record_id) if event == "resolved"]
        )
        assert all(json.dumps(value) in told for row in conflict.fields for value in (row.mine, row.theirs))


def content(office: stores.Office) -> list[Any]:
    """Everybody's answers, what the portal has, and what waits to be done, by what makes them the same."""
    found = []
    for view in office.all():
        waits = sorted(c.target for c in view.changes if c.kind is ChangeKind.ACTION)
        children = {
            kind: sorted(map(str, (c.fields for c in g))) for kind, g in view.document.children.items() if g
        }
        base = means_of(view.base) if view.base else None
        found.append(
            (sorted(means_of(view.document)), sorted(children.items()), view.state, sorted(base or ()), waits)
        )
    return sorted(found, key=str)


def means_of(document: Document) -> dict[str, Any]:
    return {f"{n}={v}": v for n, v in document.fields.items() if v is not None}


@pytest.mark.parametrize("seed", range(4))
def test_real_workspaces_come_to_the_same_too(seed: int, tmp_path: Path) -> None:
    """And the journal keeps every answer that was not chosen, and the doctor finds nothing."""
    chance = random.Random(seed)
    folk = ["1234567", "2345678"]
    with stores.school(tmp_path, 2 + seed % 2) as offices:
        old: list[Path] = []
        for step in range(20):
            office = chance.choice(offices)
            random_day(office, folk, chance)
            if chance.random() < 0.3:
                old.append(office.make(f"{step}.hfx"))
            if old and chance.random() < 0.4:
                chance.choice(offices).take(chance.choice(old))
        for office in offices * 3:
            stores.together(*offices)
            settle_all(office, "mine")
        stores.together(*offices)
        for office in offices:
            assert not office.workspace.conflicts.open()
            assert not office.workspace.care.doctor()
        ends = [content(office) for office in offices]
        assert all(end == ends[0] for end in ends), ends
