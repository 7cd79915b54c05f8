"""A record's content as a document, and the patch between two documents.

The whole house stands on one equation (sync.md I7): **local = base + pending**. The base is the document last seen
at the portal, pending is a `Patch`, and `apply(base, diff(base, local)) == local` for every pair of documents.
Before two values are compared they are normalised (D22), so that a difference of blanks or of Unicode form is none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Value = str | int | None
"""A scalar as the model keeps it: text (codes too, dates as ISO text), whole number, or None for "not answered"."""

Fields = dict[str, Value]


def normalise(value: Value) -> Value:
    """The form in which two values are compared: NFC, trimmed, inner runs of blanks as one, "" as None (D22)."""
    if isinstance(value, str):
        text = value if value.isascii() else unicodedata.normalize("NFC", value)
        return " ".join(text.split()) or None
    return value


def same(a: Value, b: Value) -> bool:
    """Whether two values mean the same once normalised. A number equals its own digits as text."""
    if a == b:
        return True
    if a is None or b is None:
        return normalise(b if a is None else a) is None
    left, right = normalise(a), normalise(b)
    if left is None or right is None:
        return left is right
    return str(left) == str(right)


@dataclass
class Child:
    """A nested thing with a portal identity of its own: a degree, a placement.

    `id` is the portal's id once there is one, until then a local UUIDv7; `portal_id` says which it is.
    """

    id: str
    fields: Fields
    portal_id: str | None = None

    def copy(self) -> Child:
        return Child(self.id, dict(self.fields), self.portal_id)


@dataclass
class Document:
    """What a person sees and edits: scalar fields by name, and children by kind in the portal's order.

    Absent and None mean the same; documents are compared through `diff`, not with ==.
    """

    fields: Fields = field(default_factory=dict)
    children: dict[str, list[Child]] = field(default_factory=dict)

    def copy(self) -> Document:
        return Document(dict(self.fields), {k: [c.copy() for c in v] for k, v in self.children.items()})

    def get(self, name: str) -> Value:
        return self.fields.get(name)

    def child(self, kind: str, child_id: str) -> Child | None:
        return next((c for c in self.children.get(kind, ()) if c.id == child_id), None)

    def to_json(self) -> dict[str, Any]:
        return {
            "fields": self.fields,
            "children": {
                kind: [{"id": c.id, "portal_id": c.portal_id, "fields": c.fields} for c in group]
                for kind, group in self.children.items()
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Document:
        return cls(
            dict(data.get("fields", {})),
            {
                kind: [Child(c["id"], dict(c["fields"]), c.get("portal_id")) for c in group]
                for kind, group in data.get("children", {}).items()
            },
        )


@dataclass(frozen=True)
class ChildPatch:
    """What happened to one child: `added`, `removed`, or `fields` changed (None clears)."""

    fields: Fields = field(default_factory=dict)
    added: bool = False
    removed: bool = False


@dataclass(frozen=True)
class Patch:
    """The difference between two documents: changed scalar fields, and per kind and child id a `ChildPatch`."""

    fields: Fields = field(default_factory=dict)
    children: dict[str, dict[str, ChildPatch]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fields) or any(self.children.values())

    def touched(self) -> list[str]:
        """Paths of all that changed: `email`, `degrees.<id>` (added or removed), `degrees.<id>.grade`."""
        paths = list(self.fields)
        for kind, patches in self.children.items():
            for child_id, patch in patches.items():
                if patch.added or patch.removed:
                    paths.append(f"{kind}.{child_id}")
                else:
                    paths.extend(f"{kind}.{child_id}.{name}" for name in patch.fields)
        return paths

    def to_json(self) -> dict[str, Any]:
        return {
            "fields": self.fields,
            "children": {
                kind: {
                    cid: {"fields": p.fields, "added": p.added, "removed": p.removed}
                    for cid, p in patches.items()
                }
                for kind, patches in self.children.items()
                if patches
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Patch:
        return cls(
            dict(data.get("fields", {})),
            {
                kind: {
                    cid: ChildPatch(dict(p["fields"]), p["added"], p["removed"]) for cid, p in patches.items()
                }
                for kind, patches in data.get("children", {}).items()
            },
        )


def diff_fields(old: Mapping[str, Value], new: Mapping[str, Value]) -> Fields:
    """Fields whose meaning differs, with the value of `new` (None where it was cleared)."""
    if old == new:
        return {}
    was = old.get
    moved = [n for n, v in new.items() if was(n) != v and not same(was(n), v)]
    moved += [n for n in old.keys() - new.keys() if not same(old[n], None)]
    return {n: new.get(n) for n in sorted(moved)}


def diff(old: Document, new: Document) -> Patch:
    """The patch that leads from `old` to `new`; empty when both mean the same."""
    children: dict[str, dict[str, ChildPatch]] = {}
    for kind in sorted(old.children.keys() | new.children.keys()):
        held, holds = old.children.get(kind, []), new.children.get(kind, [])
        if held == holds:
            continue
        before, after = {c.id: c for c in held}, {c.id: c for c in holds}
        patches: dict[str, ChildPatch] = {}
        for child_id, child in after.items():
            if child_id not in before:
                patches[child_id] = ChildPatch(dict(child.fields), added=True)
            elif changed := diff_fields(before[child_id].fields, child.fields):
                patches[child_id] = ChildPatch(changed)
        patches |= {child_id: ChildPatch(removed=True) for child_id in before if child_id not in after}
        if patches:
            children[kind] = patches
    return Patch(diff_fields(old.fields, new.fields), children)


def apply(base: Document, patch: Patch) -> Document:
    """`base` with `patch` laid over it. A patch of a child that `base` no longer has is dropped; an added one stays."""
    document = base.copy()
    document.fields.update(patch.fields)
    for kind, patches in patch.children.items():
        group = document.children.setdefault(kind, [])
        for child_id, child_patch in patches.items():
            held = next((c for c in group if c.id == child_id), None)
            if child_patch.removed:
                if held is not None:
                    group.remove(held)
            elif held is not None:
                held.fields.update(child_patch.fields)
            elif child_patch.added:
                group.append(Child(child_id, dict(child_patch.fields)))
    return document


_CHILD_FIELD = 3
"""`degrees.<id>.grade` has three parts, `degrees.<id>` two."""


def value_at(document: Document | None, path: str) -> Value:
    """The answer at `email` or `degrees.<id>.grade`; None when there is none, and for the path of a whole child."""
    if document is None:
        return None
    parts = path.split(".")
    if len(parts) != _CHILD_FIELD:
        return document.get(path)
    child = document.child(parts[0], parts[1])
    return child.fields.get(parts[2]) if child else None


def patch_of(document: Document, values: Mapping[str, Value]) -> Patch:
    """The patch that sets `values` (by path) in `document`; a child that it does not have is added."""
    fields: dict[str, Value] = {}
    children: dict[str, dict[str, ChildPatch]] = {}
    for path, value in values.items():
        parts = path.split(".")
        if len(parts) != _CHILD_FIELD:
            fields[path] = value
            continue
        kind, child_id, name = parts
        held = children.setdefault(kind, {}).get(child_id)
        added = document.child(kind, child_id) is None
        before = held.fields if held else {}
        children[kind][child_id] = ChildPatch({**before, name: value}, added=added)
    return Patch(fields, children)
