"""Finding out what was written in a workspace since the last look, by comparing: an edit itself costs nothing. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from desktop.model.document import Document, Fields, diff
from desktop.model.snapshot import Snapshot
from desktop.sync.exchange import (
    ACTION,
    GONE,
    Dot,
    Known,
    Terms,
    UnitValue,
    Write,
    alike,
    nothing,
    tidy,
    under,
    units_of,
    with_names,
)
from desktop.sync.shown import Shown


@dataclass(frozen=True)
class Sight:
    """A record as it stands in a workspace.

    open     units in a question that is put to a person here
    before   of a question about the portal's answer: unit -> what the portal had when ours was typed
    settled  units that a person has settled since -> the writes that they had before them, besides their own
    """

    document: Document
    snapshot: Snapshot | None = None
    actions: Mapping[str, Fields] = field(default_factory=dict)
    open: frozenset[str] = frozenset()
    settled: Mapping[str, tuple[Dot, ...]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, UnitValue] = field(default_factory=dict)


@dataclass(frozen=True)
class Hand:
    """Whose writes they are: `writer` never stands for two copies of a workspace; when (ISO, UTC), and by which person."""

    writer: str
    at: str
    by: str


class Observer:
    """One look at one record: `known` as it was left by the last one, `sight` as it stands now."""

    def __init__(self, known: Known, sight: Sight, terms: Terms, hand: Hand) -> None:
        self._sight, self._terms, self._hand, self._who = sight, terms, hand, hand.writer
        shown = Shown.next(known.shown, sight.snapshot, terms.unit_of, whole=terms.read)
        known = replace(known, shown=shown)
        self._known = under(known, {**known.aliases, **sight.aliases})
        self._seen = dict(self._known.seen)
        self._writes = dict(self._known.writes)

    def known(self) -> Known:
        """What is known with what was written here since."""
        document = with_names(self._sight.document, self._known.aliases)
        base = self._sight.snapshot.document if self._sight.snapshot else Document()
        here, ground = units_of(document, self._terms.unit_of), units_of(base, self._terms.unit_of)
        moved = {self._terms.unit_of(path) for path in diff(base, document).touched()}
        for unit in sorted(moved | self._known.answers().keys()):
            empty = nothing(unit)
            self._answer(unit, here.get(unit, empty), ground.get(unit, empty), pending=unit in moved)
        self._actions()
        self._writes.pop(GONE, None)
        writes = {unit: held for unit, held in self._writes.items() if held}
        return tidy(replace(self._known, seen=self._seen, writes=writes), self._terms)

    def deleted(self) -> Known:
        """The draft was deleted here since."""
        if self._known.gone:
            return self._known
        gone = self._new(GONE, None, (), saw=dict(self._known.seen))
        return replace(self._known, seen=self._seen, writes={GONE: (gone,)})

    def _answer(self, unit: str, now: UnitValue, base: UnitValue, *, pending: bool) -> None:
        held = self._known.writes.get(unit, ())
        base = self._sight.before.get(unit, base)  # the portal may have moved since it was typed
        if not held:
            if pending:
                self._writes[unit] = (self._new(unit, now, (base,)),)
            return
        if any(not alike(w.value, held[0].value) for w in held):
            self._among(unit, now, held, base)
        elif not alike(held[0].value, now):
            taken_from_portal = not pending and not any(w.was_over(base) for w in held)
            self._writes[unit] = () if taken_from_portal else (self._over(unit, now, held, base),)
        elif self._kept_against_portal(unit, now, held, base):
            self._writes[unit] = (self._over(unit, now, held, base),)

    def _among(self, unit: str, now: UnitValue, held: tuple[Write, ...], base: UnitValue) -> None:
        """Several answers stand side by side; one of them is shown here as ours."""
        ours = (w for w in held if w.dot[0] == self._who)
        shown = next(ours, None) or next((w for w in held if alike(w.value, now)), held[0])
        ended = {w.dot for w in held if alike(w.value, now)} | {shown.dot}
        if unit in self._sight.settled and unit not in self._sight.open:
            ended |= set(self._sight.settled[unit])
        elif alike(shown.value, now) and not self._kept_against_portal(unit, now, held, base):
            return
        replaced = tuple(w for w in held if w.dot in ended)
        rest = tuple(w for w in held if w.dot not in ended)
        self._writes[unit] = tuple(
            sorted((*rest, self._over(unit, now, replaced, base)), key=lambda w: w.dot)
        )

    def _kept_against_portal(
        self, unit: str, now: UnitValue, held: tuple[Write, ...], base: UnitValue
    ) -> bool:
        """Whether the portal had moved it and a person kept this: then whoever hears of it need not ask again."""
        return (
            not alike(now, base) and unit not in self._sight.open and not any(w.was_over(base) for w in held)
        )

    def _over(self, unit: str, now: UnitValue, held: tuple[Write, ...], base: UnitValue) -> Write:
        """A new write in place of those."""
        before: list[UnitValue] = []
        for value in (*(v for w in held for v in w.over), *(w.value for w in held), base):
            if not any(alike(value, one) for one in before):
                before.append(value)
        return self._new(unit, now, tuple(before))

    def _new(
        self, unit: str, value: UnitValue, over: tuple[UnitValue, ...], saw: Mapping[str, int] | None = None
    ) -> Write:
        number = self._seen.get(self._who, 0) + 1
        self._seen[self._who] = number
        kept = (nothing(unit),) if unit in self._terms.lookup else over
        return Write((self._who, number), value, kept, self._hand.at, self._hand.by, saw or {})

    def _actions(self) -> None:
        """An action that is no more was done or taken back: for the others it is no more either."""
        for name, held in self._known.actions().items():
            if name not in self._sight.actions:
                self._writes[f"{ACTION}{name}"] = ()
            elif not alike(held.value, self._sight.actions[name]):
                self._act(name)
        for name in sorted(self._sight.actions.keys() - self._known.actions().keys()):
            self._act(name)

    def _act(self, name: str) -> None:
        unit = f"{ACTION}{name}"
        self._writes[unit] = (self._new(unit, dict(self._sight.actions[name]), (), saw=dict(self._seen)),)
