"""What the portal has of a record, as several workspaces have seen it. Pure.

A portal that can be read shows a record whole, so its newest version counts. Where nothing can be read, each workspace
knows only what its own people saw when they had typed: there the newest word counts for each answer by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from desktop.model.document import Child, Document
from desktop.model.snapshot import Snapshot

UnitOf = Callable[[str], str]
_STATE, _EXTRA, _UNIT = "state", "extra:", "unit:"
Cells = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """`snapshot`, and by cell since when it says so, where that is not `first`; {} where the portal is read whole."""

    snapshot: Snapshot
    first: str
    since: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def next(cls, old: Shown | None, now: Snapshot | None, unit_of: UnitOf, *, whole: bool) -> Shown | None:
        """What is known after a look at the base of a record."""
        if now is None or old is None or whole:
            return old if now is None else cls(now, now.version)
        if now == old.snapshot:
            return old
        before, after = _cells(old.snapshot, unit_of), _cells(now, unit_of)
        moved = {c for c in {*before, *after} if _text(before.get(c)) != _text(after.get(c))}
        return cls(now, old.first, {**old.since, **dict.fromkeys(sorted(moved), now.version)})

    @classmethod
    def latest(cls, a: Shown | None, b: Shown | None, unit_of: UnitOf, *, whole: bool) -> Shown | None:
        """What two know together. Commutes."""
        if a is None or b is None:
            return a or b
        if whole:
            return max(a, b, key=_age)
        cells: dict[str, tuple[str, str, Any]] = {}
        for shown in (a, b):
            for cell, value in shown.cells(unit_of).items():
                word = (shown.since.get(cell, shown.first), _text(value), value)
                if cell not in cells or word[:2] > cells[cell][:2]:
                    cells[cell] = word
        first = max(a.first, b.first)
        since = {cell: at for cell, (at, _, _) in sorted(cells.items()) if at != first}
        values = {cell: value for cell, (_, _, value) in cells.items()}
        newest, other = sorted((a, b), key=_age, reverse=True)
        document = _document(values, newest.snapshot.document, other.snapshot.document)
        extras = {c.removeprefix(_EXTRA): v for c, v in sorted(values.items()) if c.startswith(_EXTRA)}
        snapshot = Snapshot(
            min(a.snapshot.portal_id, b.snapshot.portal_id),
            max(a.snapshot.version, b.snapshot.version),
            values.get(_STATE) or "",
            document,
            {name: value for name, value in extras.items() if value is not None},
        )
        return cls(snapshot, first, since)

    def cells(self, unit_of: UnitOf) -> Cells:
        """What is known, cell by cell; also those that are empty by now, so that an old answer does not come back."""
        return {**dict.fromkeys(self.since), **_cells(self.snapshot, unit_of)}

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"snapshot": self.snapshot.to_json(), "first": self.first}
        return {**found, "since": dict(self.since)} if self.since else found

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Shown:
        return cls(Snapshot.from_json(data["snapshot"]), data["first"], dict(data.get("since", {})))

    def without(self, erase: Callable[[Document], Document]) -> Shown:
        """The same with what must not travel taken out of the document."""
        kept = erase(self.snapshot.document)
        return (
            self
            if kept is self.snapshot.document
            else replace(self, snapshot=replace(self.snapshot, document=kept))
        )


def _age(shown: Shown) -> tuple[str, str]:
    return shown.snapshot.version, _text(shown.snapshot.to_json())


def _cells(snapshot: Snapshot, unit_of: UnitOf) -> Cells:
    cells: Cells = {_STATE: snapshot.state}
    cells |= {f"{_EXTRA}{name}": value for name, value in snapshot.extras.items()}
    for name, value in snapshot.document.fields.items():
        if value is not None:
            cells.setdefault(f"{_UNIT}{unit_of(name)}", {})[name] = value
    for kind, group in snapshot.document.children.items():
        for child in group:
            cells[f"{_UNIT}{kind}.{child.id}"] = [child.portal_id, child.fields]
    return cells


def _document(values: Cells, *before: Document) -> Document:
    """From cells; children in the order of the documents that they come from."""
    made = Document()
    order = [f"{kind}.{c.id}" for d in before for kind, group in d.children.items() for c in group]
    for cell in sorted(values, key=lambda c: order.index(c[5:]) if c[5:] in order else -1):
        if not cell.startswith(_UNIT) or values[cell] is None:
            continue
        kind, dot, child_id = cell.removeprefix(_UNIT).partition(".")
        if dot:
            portal_id, fields = values[cell]
            made.children.setdefault(kind, []).append(Child(child_id, dict(fields), portal_id))
        else:
            made.fields.update(values[cell])
    return made


def _text(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
