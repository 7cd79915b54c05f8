"""What the simulation promises to each person, and the proof that it was kept.

A `Fact` is one thing that a person did and that was acknowledged: a value typed, a child added, a record made, an action
confirmed. It is *accounted for* while it stands here, or when it was at the portal since, or when the same person undid it.
Anything else is a lost edit. The other direction is watched at the portal's door: no client may overwrite what it has
not read (sync.md I2, I14, I16, oracle 2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from desktop.model.document import Document, Value, same
from desktop.practice.record import Degree, Record
from desktop.store.records import StoredRecord


@dataclass
class Fact:
    """One acknowledged deed of a person on one record of one machine.

    path    `email`, `placements`, `degrees.<id>.graduation_year`, `action`, `record`
    value   what was typed; the name of an action
    since   the moment, as a number of the portal's history: what was there before does not count
    here    whether it still stands in a record of this machine
    there   whether a record of the portal shows it
    was     what the base held when it was typed
    slug    the portal's id of the record, once known
    undone  a backup of the portal, put back, no longer has it
    """

    machine: str
    record_id: str
    path: str
    value: Value
    since: int
    here: Callable[[StoredRecord], bool]
    there: Callable[[Record], bool]
    was: Value = None
    slug: str | None = None
    undone: bool = False

    def __str__(self) -> str:
        return f"{self.machine}: {self.path} = {self.value!r} of {self.record_id}"


@dataclass(frozen=True)
class Commit:
    """One write at the portal: the record before and after, and whose hand it was."""

    number: int
    author: str
    how: str
    before: Record | None
    after: Record


@dataclass
class History:
    """Everything that was ever stored at the portal, record by record."""

    commits: dict[str, list[Commit]] = field(default_factory=dict)
    number: int = 0
    restored: int = 0

    def add(self, author: str, how: str, before: Record | None, after: Record) -> Commit:
        self.number += 1
        made = Commit(self.number, author, how, before, after)
        self.commits.setdefault(after.slug, []).append(made)
        return made

    def since(self, slug: str, number: int) -> Iterator[Commit]:
        return (c for c in self.commits.get(slug, ()) if c.number > number)

    def last_change(self, slug: str, value_of: Callable[[Record], Any]) -> Commit | None:
        """The commit that gave the present value; None when it was always there."""
        for commit in reversed(self.commits.get(slug, ())):
            if commit.before is None or value_of(commit.before) != value_of(commit.after):
                return commit
        return None


# --- values at the portal -------------------------------------------------------------------------------------------


def scalar_there(name: str) -> Callable[[Record], Any]:
    """How a record of the portal shows a field."""
    if name == "nationality":
        return lambda record: record.nationalities[0] if record.nationalities else None
    return lambda record: record.get(name)


def scalar(machine: str, record_id: str, name: str, value: Value, since: int, was: Value = None) -> Fact:
    """A value typed into a field."""
    held = scalar_there(name)
    return Fact(
        machine,
        record_id,
        name,
        value,
        since,
        lambda record: same(record.document.get(name), value),
        lambda record: same(held(record), value),
        was,
    )


def placement_added(machine: str, record_id: str, name: str, value: str, since: int) -> Fact:
    """A placement added, known by its own name or by the URN of its school."""
    return Fact(
        machine,
        record_id,
        "placements",
        value,
        since,
        lambda record: any(same(c.fields.get(name), value) for c in _children(record.document, "placements")),
        lambda record: any(value in (p.name, p.school) for p in record.placements),
    )


def degree_added(machine: str, record_id: str, year: int, since: int) -> Fact:
    """A degree added, known by its year."""
    return Fact(
        machine,
        record_id,
        "degrees",
        year,
        since,
        lambda record: any(
            same(c.fields.get("graduation_year"), year) for c in _children(record.document, "degrees")
        ),
        lambda record: any(d.f.get("graduation_year") == year for d in record.degrees),
    )


def child_edited(
    machine: str, record_id: str, kind: str, child_id: str, name: str, value: Value, since: int
) -> Fact:
    """A value typed into a child that the portal knows.

    Removed there and kept by a decision, the child is made again and has another id; then any that says so will do.
    """

    def here(record: StoredRecord) -> bool:
        child = record.document.child(kind, child_id)
        held = [child] if child is not None else _children(record.document, kind)
        return any(same(c.fields.get(name), value) for c in held)

    def there(record: Record) -> bool:
        children: Iterable[Any] = record.degrees if kind == "degrees" else record.placements
        held = [c for c in children if c.slug == child_id] or children
        return any(same(_value(c, name), value) for c in held)

    return Fact(machine, record_id, f"{kind}.{child_id}.{name}", value, since, here, there)


def child_removed(machine: str, record_id: str, kind: str, child_id: str, since: int) -> Fact:
    """A child taken away that the portal knows."""
    return Fact(
        machine,
        record_id,
        f"{kind}.{child_id}",
        None,
        since,
        lambda record: record.document.child(kind, child_id) is None,
        lambda record: not _has_child(record, kind, child_id),
    )


def made(machine: str, record_id: str, email: str, since: int) -> Fact:
    """A new record. Whatever the portal has under the id by which it goes here is it."""
    return Fact(machine, record_id, "record", email, since, lambda _: True, lambda _: True)


def action_confirmed(machine: str, record_id: str, action: str, state: str, since: int) -> Fact:
    """An action; whether it still waits here is a matter of the outbox."""
    return Fact(
        machine, record_id, "action", action, since, lambda _: False, lambda record: record.state == state
    )


def _children(document: Document, kind: str) -> Iterable[Any]:
    return document.children.get(kind, ())


def _has_child(record: Record, kind: str, child_id: str) -> bool:
    held: Any = record.degree(child_id) if kind == "degrees" else record.placement(child_id)
    return held is not None


def _value(child: Any, name: str) -> Any:
    return child.f.get(name) if isinstance(child, Degree) else getattr(child, name)
