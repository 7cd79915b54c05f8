"""Acts as they are kept: a short head for the menu, and a body with what leads back, read only when it is needed.

A body leads one way: from what the act left to what was there before. Undoing (and redoing) turns it round and keeps of
it what was really undone, so that an undo of an undo is a redo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from desktop.model.document import ChildPatch, Document, Patch, diff, diff_fields, same
from desktop.model.ids import RecordId
from desktop.services.bulk import LeftOut
from desktop.store.store import Unit

HEADS, BODIES = "act", "act_body"
MOST = 50
"""So many acts are kept; the oldest goes first."""

LASTING = "import"
"""An act of which something is kept under this kind and its id stays, so that it can be undone months later."""


@dataclass(frozen=True)
class Act:
    """One thing that was done and can be undone, or was undone and can be done again.

    words     what was done, for the menu: "Study mode: Full time, for 412 trainees"
    at        when it was done (aware UTC)
    records   how many records it changed, made or removed
    left_out  only in the result of doing, undoing or redoing: what was left as it is, and why
    """

    id: str
    words: str
    at: datetime
    actor: str
    records: int
    undone: bool
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class Step:
    """One record of an act: `left` is what the act laid over it, `back` leads back."""

    record_id: RecordId
    label: str
    back: Patch
    left: Patch

    @classmethod
    def between(cls, record_id: RecordId, label: str, before: Document, after: Document) -> Step:
        left = diff(before, after)
        fields = {name: before.fields.get(name) for name in left.fields}
        back = diff(after, before) if left.children else Patch(fields)
        return cls(record_id, label, back, left)

    def to_text(self) -> str:
        """As it is kept. Ten thousand of them are a burden as objects, and none as text."""
        return orjson.dumps([self.label, self.back.to_json(), self.left.to_json()]).decode()

    @classmethod
    def from_text(cls, record_id: RecordId, text: str) -> Step:
        label, back, left = orjson.loads(text)
        return cls(record_id, label, Patch.from_json(back), Patch.from_json(left))


@dataclass(frozen=True)
class Made:
    """One record that an act made or, in a body that was turned round, removed."""

    record_id: RecordId
    document: Document


@dataclass(frozen=True)
class Body:
    """What leads back: `steps` to lay (as text, by record), `made` to remove again, `gone` to make again."""

    collection: str
    steps: Mapping[RecordId, str] = field(default_factory=dict)
    made: tuple[Made, ...] = ()
    gone: tuple[Made, ...] = ()

    def __len__(self) -> int:
        return len(self.steps) + len(self.made) + len(self.gone)

    def to_json(self) -> dict[str, Any]:
        return {
            "collection": self.collection,
            "steps": dict(self.steps),
            "made": [[m.record_id, m.document.to_json()] for m in self.made],
            "gone": [[m.record_id, m.document.to_json()] for m in self.gone],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Body:
        return cls(
            data["collection"],
            data["steps"],
            tuple(Made(i, Document.from_json(d)) for i, d in data["made"]),
            tuple(Made(i, Document.from_json(d)) for i, d in data["gone"]),
        )


class ActLog:
    """The acts of a workspace, oldest first, within one unit of work: those that stand, then those that were undone."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def all(self) -> list[Act]:
        heads = sorted(self._unit.kept.all(HEADS), key=lambda thing: int(thing.body["number"]))
        return [
            Act(
                thing.name,
                thing.body["words"],
                datetime.fromisoformat(thing.body["at"]),
                thing.body["actor"],
                thing.body["records"],
                thing.body["undone"],
            )
            for thing in heads
        ]

    def undoable(self) -> Act | None:
        return next((act for act in reversed(self.all()) if not act.undone), None)

    def redoable(self) -> Act | None:
        return next((act for act in self.all() if act.undone), None)

    def body(self, act: Act) -> Body:
        kept = self._unit.kept.get(BODIES, act.id)
        return Body.from_json(kept.body) if kept else Body("")

    def add(self, act: Act, body: Body) -> None:
        """A new act: what was undone before it cannot be redone any more."""
        acts = self.all()
        self._remove(old for old in acts if old.undone)
        standing = [old for old in acts if not old.undone]
        passing = [old for old in standing if self._unit.kept.get(LASTING, old.id) is None]
        self._remove(passing[: max(0, len(passing) + 1 - MOST)])
        last = self._unit.kept.get(HEADS, standing[-1].id) if standing else None
        self._put(act, last.body["number"] + 1 if last else 1, body)

    def replace(self, act: Act, body: Body) -> None:
        """The same act with another body, in its place. One whose body is empty leads nowhere, and goes."""
        kept = self._unit.kept.get(HEADS, act.id)
        if kept is None or not len(body):
            self._remove([act])
        else:
            self._put(act, kept.body["number"], body)

    def _put(self, act: Act, number: int, body: Body) -> None:
        head = {
            "number": number,
            "words": act.words,
            "at": act.at.isoformat(),
            "actor": act.actor,
            "records": act.records,
            "undone": act.undone,
        }
        self._unit.kept.put(HEADS, act.id, head)
        self._unit.kept.put(BODIES, act.id, body.to_json())

    def _remove(self, acts: Iterable[Act]) -> None:
        for act in acts:
            self._unit.kept.remove(HEADS, act.id)
            self._unit.kept.remove(BODIES, act.id)


def still_as_left(step: Step, now: Document) -> tuple[Patch, list[str]]:
    """The part of the way back that overwrites nothing newer, and the paths at which something newer stands."""
    newer: list[str] = []
    fields = {}
    for name, value in step.back.fields.items():
        if same(now.get(name), step.left.fields.get(name)):
            fields[name] = value
        else:
            newer.append(name)
    children: dict[str, dict[str, ChildPatch]] = {}
    for kind, patches in step.back.children.items():
        for child_id, back in patches.items():
            left = step.left.children.get(kind, {}).get(child_id, ChildPatch())
            keep, moved = _child_as_left(now, kind, child_id, back, left)
            newer += [f"{kind}.{child_id}.{name}" if name else f"{kind}.{child_id}" for name in moved]
            if keep is not None:
                children.setdefault(kind, {})[child_id] = keep
    return Patch(fields, children), newer


def _child_as_left(
    now: Document, kind: str, child_id: str, back: ChildPatch, left: ChildPatch
) -> tuple[ChildPatch | None, list[str]]:
    """As `still_as_left`, for one child; names of its fields that are newer, "" for the whole child."""
    held = now.child(kind, child_id)
    if back.added:
        return (back, []) if held is None else (None, [""])
    if held is None:
        return None, [""]
    if back.removed:
        return (None, [""]) if diff_fields(left.fields, held.fields) else (back, [])
    fields = {n: v for n, v in back.fields.items() if same(held.fields.get(n), left.fields.get(n))}
    newer = [n for n in back.fields if n not in fields]
    return (ChildPatch(fields) if fields else None), newer
