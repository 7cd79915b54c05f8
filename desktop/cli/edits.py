"""The assignments of `set` as one patch: fields, and children by their ids.

email=V                    a field
degrees.ID.grade=V         one answer of a child
degrees+={"subject": ...}  a new child
placements-=ID             no longer this child
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import date

from desktop.cli import typed
from desktop.model.collection import Collection
from desktop.model.document import ChildPatch, Patch
from desktop.model.errors import UnknownName, UsageError
from desktop.model.ids import new_id
from desktop.services.workspace import Workspace


def patch(workspace: Workspace, collection: Collection, record_id: str, assignments: Sequence[str]) -> Patch:
    """The patch that the assignments mean. Raises UnknownName, UnknownRef, UsageError; writes nothing."""
    edits = _Edits(workspace, collection, record_id, workspace.today())
    for name, text in map(typed.split, assignments):
        edits.take(name, text)
    return edits.patch


@dataclass
class _Edits:
    """The patch while it grows."""

    workspace: Workspace
    collection: Collection
    record_id: str
    today: date
    patch: Patch = field(default_factory=Patch)

    def take(self, name: str, text: str) -> None:
        kind, dot, rest = name.partition(".")
        if dot and self.collection.child_kind(kind):
            self._change(kind, rest, text)
        elif name.endswith("+") and self.collection.child_kind(name[:-1]):
            self._add(name[:-1], text)
        elif name.endswith("-") and self.collection.child_kind(name[:-1]):
            self._remove(name[:-1], text)
        else:
            self._set(name, text)

    def _set(self, name: str, text: str) -> None:
        known = self.collection.field(name)
        if known is None or "." in name:
            hint = ""
            if self.collection.child_kind(name):
                hint = f" Write {name}+=JSON to add, {name}-=ID to remove, {name}.ID.FIELD=V to change."
            raise UnknownName(f'{self.collection.title} have no field "{name[:80]}".{hint}')
        _once(name, self.patch.fields)
        self.patch.fields[name] = typed.value(known, text, self.collection, self.today)

    def _add(self, kind: str, text: str) -> None:
        data = typed.parse_json(text.encode(), f"The value of {kind}+")
        fields = typed.child_fields(self.collection, kind, data, self.today)
        self._children(kind)[new_id()] = ChildPatch(fields, added=True)

    def _remove(self, kind: str, named: str) -> None:
        child_id = self.workspace.records.child_id(self.record_id, kind, named)
        _once(f"{kind}.{named}", self._children(kind), child_id)
        self._children(kind)[child_id] = ChildPatch(removed=True)

    def _change(self, kind: str, rest: str, text: str) -> None:
        named, _, name = rest.rpartition(".")
        known = self.collection.field(f"{kind}.{name}")
        if known is None or not named:
            children = self.collection.child_kind(kind)
            names = ", ".join(f.name for f in children.fields) if children else ""
            raise UnknownName(f"Write {kind}.ID.FIELD=V for one answer. Its fields: {names}.")
        child_id = self.workspace.records.child_id(self.record_id, kind, named)
        held = self._children(kind).setdefault(child_id, ChildPatch())
        if held.removed:
            raise UsageError(f'"{kind}.{named[:80]}" cannot be changed and removed at once.')
        _once(f"{kind}.{rest}", held.fields, name)
        held.fields[name] = typed.value(known, text, self.collection, self.today)

    def _children(self, kind: str) -> dict[str, ChildPatch]:
        return self.patch.children.setdefault(kind, {})


def _once(name: str, taken: Container[str], key: str = "") -> None:
    if (key or name) in taken:
        raise UsageError(f'"{name[:80]}" is given twice.')
