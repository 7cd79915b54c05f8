"""What one workspace knows of a record, so that it can be put together with what another knows, in any order. Pure.

Every answer that a person gives is a *write* with a number of its own (who, and the how manieth), and everybody keeps which
numbers they have seen. From that alone follows for any two files which answer was given in sight of which, so `join` is
idempotent, commutative and associative: a file may come twice, late, or by way of a third workspace. Two answers that were
given without sight of each other stay side by side until a person settles it. What the portal confirmed is no write: it
is the ground on which they stand. `view` lays both out as the ancestor and the other side of `merge.three_way`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from desktop.model.conflict import FieldConflict
from desktop.model.document import Child, Document, Fields, diff_fields
from desktop.sync.merge import UnitOf, three_way
from desktop.sync.shown import Shown

Dot = tuple[str, int]
"""(who wrote, the how manieth of theirs): the name of one write, never given twice."""

UnitValue = Fields | None
"""All answers of one merge unit; None = a child that is not there."""

ACTION = "!"
"""Before the name of an action, among the units of writes."""
GONE = "!!"
"""In place of a unit: that a draft was deleted."""
NEITHER = "\0"
"""Stands for an ancestor that nobody remembers: no answer can be this."""


@dataclass(frozen=True)
class Write:
    """One answer, given by `by` at `at` (ISO, UTC).

    over  what had stood there, as far as whoever wrote it had seen: values of the portal and answers that it replaced
    saw   of an action and of a deletion: what had been seen of the record by then
    """

    dot: Dot
    value: UnitValue
    over: tuple[UnitValue, ...] = ()
    at: str = ""
    by: str = ""
    saw: Mapping[str, int] = field(default_factory=dict)

    def was_over(self, value: UnitValue) -> bool:
        """Whether this answer was given in sight of `value`."""
        return any(alike(value, held) for held in self.over)

    def to_json(self) -> list[Any]:
        return [*self.dot, self.value, list(self.over), self.at, self.by, dict(self.saw)]

    @classmethod
    def from_json(cls, data: Iterable[Any]) -> Write:
        actor, number, value, over, at, by, saw = data
        return cls((str(actor), int(number)), _plain(value), tuple(map(_plain, over)), at, by, dict(saw))


@dataclass(frozen=True)
class Known:
    """All that is known of one record.

    ids      every local id that it has in any workspace; the smallest is the earliest
    seen     by writer: the number of the last write that is in here, or was and is superseded
    writes   by merge unit, in order of their dots; more than one value = a question that is open
    shown    what the portal has, None = nothing yet
    aliases  former id of a child -> the id that counts
    """

    ids: frozenset[str]
    seen: Mapping[str, int] = field(default_factory=dict)
    writes: Mapping[str, tuple[Write, ...]] = field(default_factory=dict)
    shown: Shown | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def gone(self) -> bool:
        """Whether the draft was deleted, and nobody worked on it without knowing."""
        return GONE in self.writes

    def answers(self) -> dict[str, tuple[Write, ...]]:
        """The writes that are answers."""
        return {unit: held for unit, held in self.writes.items() if not unit.startswith(ACTION)}

    def actions(self) -> dict[str, Write]:
        """Actions that wait, by name; of several answers the later one."""
        waiting = {u[1:]: held for u, held in self.writes.items() if u.startswith(ACTION) and u != GONE}
        return {name: max(held, key=lambda w: (w.at, w.dot)) for name, held in waiting.items()}

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"ids": sorted(self.ids)}
        if self.seen:
            found["seen"] = dict(self.seen)
        if self.writes:
            found["writes"] = {unit: [w.to_json() for w in held] for unit, held in self.writes.items()}
        if self.shown is not None:
            found["shown"] = self.shown.to_json()
        if self.aliases:
            found["aliases"] = dict(self.aliases)
        return found

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Known:
        shown = data.get("shown")
        return cls(
            frozenset(map(str, data["ids"])),
            {str(who): int(number) for who, number in data.get("seen", {}).items()},
            {u: tuple(Write.from_json(w) for w in held) for u, held in data.get("writes", {}).items()},
            None if shown is None else Shown.from_json(shown),
            dict(data.get("aliases", {})),
        )


@dataclass(frozen=True)
class Terms:
    """What is the same for all records of a collection. `read` = the portal can be read, so that its newest word is whole."""

    unit_of: UnitOf
    read: bool
    erased: Callable[[Document], frozenset[str]] = lambda _: frozenset()
    """Units that must not outlast the portal's answer, when a document shows that it has come."""
    lookup: frozenset[str] = frozenset()
    """Units of which nothing is remembered but the answer itself."""


# --- putting together -----------------------------------------------------------------------------------------------


def join(a: Known, b: Known, terms: Terms) -> Known:
    """What two know together. Commutes, and taking the same in twice changes nothing."""
    if a.gone != b.gone and (alive := _outlived(a, b)) is not None:
        return alive
    aliases = _aliases(a, b)
    a, b = under(a, aliases), under(b, aliases)
    writes = {unit: _live(unit, a, b) for unit in sorted({*a.writes, *b.writes})}
    seen = {who: max(a.seen.get(who, 0), b.seen.get(who, 0)) for who in sorted({*a.seen, *b.seen})}
    shown = Shown.latest(a.shown, b.shown, terms.unit_of, whole=terms.read)
    together = Known(a.ids | b.ids, seen, {u: w for u, w in writes.items() if w}, shown, aliases)
    return tidy(together, terms)


def _live(unit: str, a: Known, b: Known) -> tuple[Write, ...]:
    """Writes that neither side knows to be superseded."""
    ours, theirs = ({w.dot: w for w in k.writes.get(unit, ())} for k in (a, b))
    live = {dot: w for dot, w in ours.items() if dot in theirs or not has_seen(b.seen, dot)}
    live |= {dot: w for dot, w in theirs.items() if dot in ours or not has_seen(a.seen, dot)}
    return tuple(live[dot] for dot in sorted(live))


def has_seen(seen: Mapping[str, int], dot: Dot) -> bool:
    """Whether somebody who has seen that much knows this write, or what superseded it."""
    return dot[1] <= seen.get(dot[0], 0)


def _outlived(a: Known, b: Known) -> Known | None:
    """A draft that one side deleted while the other worked on it, or the portal got it, lives on; None when it does not."""
    dead, other = (a, b) if a.gone else (b, a)
    deletion = dead.writes[GONE][-1]
    unknown = [w for held in other.writes.values() for w in held if not has_seen(deletion.saw, w.dot)]
    if other.shown is None and (not unknown or has_seen(other.seen, deletion.dot)):
        return None if not has_seen(other.seen, deletion.dot) else replace(other, ids=a.ids | b.ids)
    actor, number = deletion.dot
    return replace(
        other, ids=a.ids | b.ids, seen={**other.seen, actor: max(number, other.seen.get(actor, 0))}
    )


def tidy(known: Known, terms: Terms) -> Known:
    """Without what has done its work: answers that the portal has confirmed, and what must be erased."""
    ground = units_of(known.shown.snapshot.document, terms.unit_of) if known.shown else {}
    writes: dict[str, tuple[Write, ...]] = {}
    for unit, held in known.writes.items():
        if unit.startswith(ACTION):
            writes[unit] = held
        elif rest := held if known.shown is None else _unconfirmed(unit, held, ground):
            writes[unit] = rest
    if known.gone:
        writes = {GONE: writes[GONE]}
    document = canonical(replace(known, writes=writes), terms)
    for unit in terms.erased(document):
        writes.pop(unit, None)
    return replace(known, writes=writes)


def _unconfirmed(unit: str, held: tuple[Write, ...], ground: Mapping[str, UnitValue]) -> tuple[Write, ...]:
    there = ground.get(unit, nothing(unit))
    return tuple(w for w in held if not alike(w.value, there))


def _aliases(a: Known, b: Known) -> dict[str, str]:
    """All names of children that count no more: those known, and children that both added with the same content."""
    known = {**a.aliases, **{k: v for k, v in b.aliases.items() if k not in a.aliases or v < a.aliases[k]}}
    for (_, ours), (_, theirs) in zip(*_added(a, b, known), strict=True):
        known[max(ours, theirs)] = min(ours, theirs)
    return known


def _added(a: Known, b: Known, known: Mapping[str, str]) -> tuple[list[_Added], list[_Added]]:
    """The children that only one side has, just as they were added there; those of the same content stand side by side."""
    sides: list[dict[str, list[_Added]]] = []
    for one, other in ((a, b), (b, a)):
        found: dict[str, list[_Added]] = {}
        for unit, held in sorted(one.answers().items()):
            kind, _, child = unit.partition(".")
            plain = child and child not in known and all(w.value and w.over == (None,) for w in held)
            if plain and unit not in other.writes and not any(has_seen(other.seen, w.dot) for w in held):
                said = f"{kind} {sorted(diff_fields({}, held[0].value or {}).items())}"
                found.setdefault(said, []).append((said, child))
        sides.append(found)
    both = [said for said in sorted(sides[0]) if said in sides[1]]
    counts = {said: min(len(side[said]) for side in sides) for said in both}
    ours, theirs = ([one for said in both for one in side[said][: counts[said]]] for side in sides)
    return ours, theirs


_Added = tuple[str, str]
"""(what was said of it, its id)."""


def under(known: Known, aliases: Mapping[str, str]) -> Known:
    """The same with each child under the id that counts."""
    if not aliases:
        return known
    writes: dict[str, tuple[Write, ...]] = {}
    for unit, held in known.writes.items():
        now = _renamed(unit, aliases)
        both = {w.dot: w for w in (*writes.get(now, ()), *held)}
        writes[now] = tuple(both[dot] for dot in sorted(both))
    return replace(known, writes=writes, aliases=dict(aliases))


def _renamed(unit: str, aliases: Mapping[str, str]) -> str:
    kind, dot, child = unit.partition(".")
    if not dot:
        return unit
    met = {child}
    while (now := aliases.get(child, child)) not in met:
        met.add(now)
        child = now
    return f"{kind}.{child}"


def with_names(document: Document, aliases: Mapping[str, str]) -> Document:
    """A document with each child under the id that counts; of two that are one, the first stays."""
    if not aliases or not any(c.id in aliases for group in document.children.values() for c in group):
        return document
    made = Document(dict(document.fields))
    for kind, group in document.children.items():
        named: dict[str, Child] = {}
        for child in group:
            now = _renamed(f"{kind}.{child.id}", aliases).partition(".")[2]
            named.setdefault(now, Child(now, dict(child.fields), child.portal_id))
        made.children[kind] = list(named.values())
    return made


# --- what it comes to -----------------------------------------------------------------------------------------------


def canonical(known: Known, terms: Terms) -> Document:
    """The document that follows from what is known; of an open question, the write with the smallest name."""
    document = known.shown.snapshot.document.copy() if known.shown else Document()
    for unit, held in known.answers().items():
        lay(document, unit, held[0].value, terms.unit_of)
    return document


def view(known: Known, mine: Document, terms: Terms) -> tuple[Document, Document]:
    """(ancestor, theirs) such that `three_way(ancestor, mine, theirs)` gives what follows from `known` for whoever has `mine`.

    Where several answers stand side by side, mine is one of them, and theirs the first of the others.
    """
    theirs = canonical(known, terms)
    ancestor = mine.copy()
    here = units_of(mine, terms.unit_of)
    for unit, held in known.answers().items():
        now = here.get(unit, nothing(unit))
        others = [w for w in held if not alike(w.value, now)]
        if not others:
            continue
        lay(theirs, unit, others[0].value, terms.unit_of)
        if len(others) < len(held):
            lay(ancestor, unit, _before(others[0].over, unit, others[0].value, now), terms.unit_of)
    return ancestor, theirs


@dataclass(frozen=True)
class Met:
    """What follows from what is known, for a workspace that has `mine`.

    document   what stands there from now on
    questions  answers of two people that a person must choose between; `mine` is what stands there
    portal     units that the portal moved out of sight of our answer -> what it had there before
    """

    document: Document
    questions: tuple[FieldConflict, ...]
    portal: Mapping[str, UnitValue]


def meet(known: Known, mine: Document, terms: Terms) -> Met:
    """Put what is known together with what stands in a workspace, by the merge that a portal is met with."""
    mine = with_names(mine, known.aliases)
    # The first pass takes what supersedes ours; the second asks about what then still stands side by side.
    taken = three_way(*_sides(known, mine, terms), terms.unit_of, alike=_never).local
    merge = three_way(*_sides(known, taken, terms), terms.unit_of, alike=_never)
    rows = tuple(replace(row, base=None) if row.base == NEITHER else row for row in merge.conflicts)
    return Met(merge.local, rows, asked_of_portal(known, terms))


def _sides(known: Known, mine: Document, terms: Terms) -> tuple[Document, Document, Document]:
    ancestor, theirs = view(known, mine, terms)
    return ancestor, mine, theirs


def _never(_kind: str, _said: Fields, _held: Fields) -> bool:
    """Twins are found by `join`, the same way everywhere."""
    return False


def _before(over: Iterable[UnitValue], unit: str, *sides: UnitValue) -> UnitValue:
    """What both sides began from, where that is known; it must be neither of their answers."""
    known = [value for value in over if not any(alike(value, side) for side in sides)]
    if known:
        return known[-1]
    return dict.fromkeys([name for side in sides for name in side or ()] or [unit], NEITHER)


def questions(known: Known) -> dict[str, tuple[Write, ...]]:
    """Units in which answers stand side by side that say different things."""
    return {
        unit: held
        for unit, held in known.answers().items()
        if any(not alike(w.value, held[0].value) for w in held)
    }


def asked_of_portal(known: Known, terms: Terms) -> dict[str, UnitValue]:
    """Units that the portal moved out of sight of our answer -> what it had there before."""
    if known.shown is None:
        return {}
    ground = units_of(known.shown.snapshot.document, terms.unit_of)
    found: dict[str, UnitValue] = {}
    for unit, held in known.answers().items():
        there = ground.get(unit, nothing(unit))
        if not any(w.was_over(there) for w in held):
            found[unit] = _before(held[0].over, unit, there, *(w.value for w in held))
    return found


# --- units of a document --------------------------------------------------------------------------------------------


def units_of(document: Document, unit_of: UnitOf) -> dict[str, UnitValue]:
    """A document by merge units."""
    found: dict[str, UnitValue] = {}
    for name, value in document.fields.items():
        if value is not None:
            held = found.setdefault(unit_of(name), {})
            assert held is not None
            held[name] = value
    for kind, group in document.children.items():
        for child in group:
            found[f"{kind}.{child.id}"] = dict(child.fields)
    return found


def nothing(unit: str) -> UnitValue:
    """What a unit is where a document says nothing of it."""
    return None if "." in unit else {}


def alike(a: UnitValue, b: UnitValue) -> bool:
    """Whether two values of a unit say the same."""
    if a is None or b is None:
        return a is b
    return not diff_fields(a, b)


def lay(document: Document, unit: str, value: UnitValue, unit_of: UnitOf) -> None:
    """Give a unit of `document` this value."""
    kind, dot, child_id = unit.partition(".")
    if not dot:
        for name in [n for n in document.fields if unit_of(n) == unit]:
            document.fields[name] = None
        document.fields.update(value or {})
        return
    group = document.children.setdefault(kind, [])
    held = next((c for c in group if c.id == child_id), None)
    if value is None:
        if held is not None:
            group.remove(held)
    elif held is None:
        group.append(Child(child_id, dict(value)))
    else:
        held.fields = dict(value)


def _plain(value: Any) -> UnitValue:
    return None if value is None else dict(value)


# --- leaving ---------------------------------------------------------------------------------------------------------


def held_back(known: Known, leaving: Iterable[str]) -> frozenset[str]:
    """Units with answers of whom an action in `leaving` did not know: leaving wins, and they are held."""
    saws = [w.saw for name in leaving for w in known.writes.get(f"{ACTION}{name}", ())]
    return frozenset(
        unit
        for unit, held in known.answers().items()
        if any(not has_seen(saw, w.dot) for saw in saws for w in held)
    )
