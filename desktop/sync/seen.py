"""A record as a file of the portal shows it, made whole: what the file cannot say stays as it was known.

A file speaks of fewer fields than the portal holds, in words, and without ids of children. So a snapshot is made of the
base with the file's answers laid over it. Where a cell says the same as the base to the portal, the base's own form stays;
where it says what stands here, it is taken for that. Neither is a guess: the portal could not show the two otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from desktop.model.document import Child, Document, Fields, Value, same
from desktop.model.glimpse import Glimpse, ShownList, ShownSet, Unread
from desktop.model.ids import new_id
from desktop.model.snapshot import UNSEEN, Snapshot
from desktop.sync.trip import Terms


@dataclass(frozen=True)
class Seen:
    """A snapshot made of a glimpse. `shown` = the paths of which the file spoke; `unread` = cells that said nothing."""

    snapshot: Snapshot
    shown: frozenset[str]
    unread: tuple[Unread, ...]


def moment(version: str) -> datetime | None:
    """A portal's version as a time in UTC and whole seconds; None when it is none."""
    try:
        found = datetime.fromisoformat(version)
    except ValueError:
        return None
    return found.astimezone(UTC).replace(microsecond=0) if found.tzinfo else None


def whole(terms: Terms, glimpse: Glimpse, base: Snapshot | None, mine: Document) -> Seen:
    """The record as the file shows it. `base` = what was known of it, `mine` = what stands here."""
    before = base or Snapshot(glimpse.portal_id, "", "", Document())
    making = _Making(terms, mine, before.document)
    for name, value in glimpse.answers.items():
        making.answer(name, value, glimpse.also.get(name, ()))
    for group in glimpse.sets:
        making.set_of(group)
    unread = tuple(cell for cell in glimpse.unread if making.still_unread(cell))
    for kind, shown in glimpse.children.items():
        making.children_of(kind, shown)
    known_at = moment(before.version)
    version = before.version if known_at == glimpse.changed_at else _as_version(glimpse.changed_at)
    extras = _extras(before.extras, glimpse.extras)
    if not before.version or UNSEEN in before.extras:
        names = before.extras.get(UNSEEN) or [f.name for f in terms.collection.fields]
        extras[UNSEEN] = [name for name in names if not making.speaks_of(name, glimpse)]
    document = Document(making.fields, making.children)
    state = glimpse.state or before.state
    return Seen(
        Snapshot(glimpse.portal_id, version, state, document, extras), frozenset(making.shown), unread
    )


def on_word(seen: Seen, sent: Mapping[str, Value]) -> Seen:
    """The same with what a person says to have entered and the file cannot show: path -> value."""
    hidden = {path: value for path, value in sent.items() if path not in seen.shown}
    if not hidden:
        return seen
    document = seen.snapshot.document.copy()
    for path, value in hidden.items():
        kind, _, rest = path.partition(".")
        if not rest:
            document.fields[path] = value
            continue
        child_id, _, name = rest.partition(".")
        child = document.child(kind, child_id)
        if child is not None:
            child.fields[name] = value
    before = seen.snapshot
    told = Snapshot(before.portal_id, before.version, before.state, document, before.extras)
    return Seen(told, seen.shown, seen.unread)


@dataclass
class _Making:
    """A document in the making, from what was known of it."""

    terms: Terms
    mine: Document
    base: Document
    fields: Fields = field(init=False)
    children: dict[str, list[Child]] = field(init=False)
    shown: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        copy = self.base.copy()
        self.fields, self.children = copy.fields, copy.children

    def answer(self, name: str, value: Value, also: Sequence[Value] = ()) -> None:
        self.shown.add(name)
        held, ours = self.base.fields.get(name), self.mine.fields.get(name)
        known = next((v for v in (ours, held) if v in also), None)
        formed = known if known is not None else _form(self.terms, name, value, (held, ours))
        self._put({name: formed})

    def _put(self, fields: Fields) -> None:
        """Lay fields over the document; nothing in place of nothing is left out."""
        self.fields.update({n: v for n, v in fields.items() if v is not None or n in self.fields})

    def set_of(self, group: ShownSet) -> None:
        """The same values in another order, or in another form, are the same set."""
        self.shown.update(group.fields)
        wanted = {self._echo(group.fields[0], value) for value in group.values}
        for fields in (self.mine.fields, self.base.fields):
            held = {n: fields.get(n) for n in group.fields}
            if {self._echo(n, v) for n, v in held.items() if v is not None} == wanted:
                self._put(held)
                return
        values: Sequence[Value] = (*group.values, *[None] * len(group.fields))
        self._put(dict(zip(group.fields, values, strict=False)))

    def _echo(self, name: str, value: Value) -> Value:
        return self.terms.echo(name, value)

    def speaks_of(self, name: str, glimpse: Glimpse) -> bool:
        """Whether the file has a place for a field, be it that this cell could not be read."""
        return name in self.shown or any(cell.path == name for cell in glimpse.unread)

    def still_unread(self, cell: Unread) -> bool:
        """Whether a cell of several meanings stays unread. What is known or stands here, if it is one of them, is not."""
        if not cell.choices or "." in cell.path:
            return bool(cell.path) or bool(cell.words)
        held, ours = self.base.fields.get(cell.path), self.mine.fields.get(cell.path)
        for value in (ours, held):
            if value is not None and any(self.terms.agree(cell.path, value, c) for c in cell.choices):
                self.answer(cell.path, value)
                return False
        return True

    def children_of(self, kind: str, shown: ShownList) -> None:
        """The children, each under the id and in the order in which it was known; others follow as new ones."""
        known = {child.id: child for child in self.base.children.get(kind, ())}
        here = [c for c in self.mine.children.get(kind, ()) if c.id not in known]
        found = self._matched(kind, shown.children, [*known.values()], here)
        group = [self._child(kind, said, found.get(n)) for n, said in enumerate(shown.children)]
        taken = {child.id for child in group}
        if not shown.whole:
            # One at a place without a number of its own may stand where the file has no room for it.
            group += [
                c.copy() for c in known.values() if c.id not in taken and same(c.fields.get("urn"), None)
            ]
        else:
            self.shown.add(kind)
        if group or kind in self.children:
            order = {child_id: number for number, child_id in enumerate(known)}
            self.children[kind] = sorted(group, key=lambda child: order.get(child.id, len(order)))

    def _matched(
        self, kind: str, said: Sequence[Fields], known: Sequence[Child], here: Sequence[Child]
    ) -> dict[int, Child]:
        """Number in the file -> who it is: all that is said agrees; then, in their order, those that were known and moved."""
        found: dict[int, Child] = {}
        for candidates in (known, here):
            free = [c for c in candidates if c not in found.values()]
            for number, fields in enumerate(said):
                if number in found:
                    continue
                twin = next((c for c in free if self._agrees(kind, fields, c)), None)
                if twin is not None:
                    found[number] = twin
                    free.remove(twin)
        left = [c for c in known if c not in found.values()]
        for number, fields in enumerate(said):
            if number not in found:
                moved = next((c for c in left if _may_have_become(kind, c, fields)), None)
                if moved is not None:
                    found[number] = moved
                    left.remove(moved)
        return found

    def _agrees(self, kind: str, said: Fields, child: Child) -> bool:
        told = {n: v for n, v in said.items() if v is not None}
        paths = ((n, f"{kind}.{child.id}.{n}") for n in said)
        return bool(told) and all(self.terms.agree(p, said[n], child.fields.get(n)) for n, p in paths)

    def _child(self, kind: str, said: Fields, known: Child | None) -> Child:
        child = known.copy() if known else Child(new_id(), {})
        before = self.base.child(kind, child.id)
        ours = self.mine.child(kind, child.id)
        for name, value in said.items():
            path = f"{kind}.{child.id}.{name}"
            self.shown.add(path)
            forms = (before.fields.get(name) if before else None, ours.fields.get(name) if ours else None)
            formed = _form(self.terms, path, value, forms)
            if formed is not None or name in child.fields:
                child.fields[name] = formed
        child.portal_id = child.id
        return child


def _may_have_become(kind: str, known: Child, said: Fields) -> bool:
    """Whether a child that was known may be shown changed. A placement at another school is another placement."""
    return kind != "placements" or (same(known.fields.get("urn"), None) and "urn" in said)


def _form(terms: Terms, path: str, shown: Value, forms: tuple[Value, Value]) -> Value:
    """A value that is shown, in the form in which it is known or stands here when that is the same to the portal."""
    held, ours = forms
    if ours is not None and terms.agree(path, shown, ours):
        return ours
    return held if terms.agree(path, shown, held) else shown


def _as_version(at: datetime) -> str:
    """A time as the portal's own replies write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _extras(held: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(held)
    for name, value in shown.items():
        if value is None:
            if found.get(name) is not None:
                found[name] = None
        elif not _same_time(found.get(name), value):
            found[name] = value
    return found


def _same_time(held: Any, shown: Any) -> bool:
    """Whether two things are equal, or the same day or moment in two forms."""
    if held == shown:
        return True
    if not (isinstance(held, str) and isinstance(shown, str)):
        return False
    if len(shown) == len("2026-10-05"):
        return held[:10] == shown
    known = moment(held)
    return known is not None and known == moment(shown)
