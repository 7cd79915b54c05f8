"""What the portal itself returned and nobody changed: it may look odd to us, and is not the person's mistake."""

from __future__ import annotations

from desktop.collections.reading import alike
from desktop.model.collection import Context
from desktop.model.document import Child


def holds(context: Context, name: str, value: object) -> bool:
    """Whether the portal holds exactly this value of a field."""
    base = context.base
    return base is not None and alike(base.fields.get(name), value)


def held_child(context: Context, kind: str, child: Child) -> Child | None:
    """The child as the portal holds it; None for a new one or when no base is at hand."""
    return None if context.base is None else context.base.child(kind, child.id)


def is_untouched(context: Context, kind: str, child: Child) -> bool:
    """Whether the portal holds this child with exactly these answers."""
    held = held_child(context, kind, child)
    if held is None:
        return False
    mine, theirs = child.fields, held.fields
    return mine == theirs or all(alike(theirs.get(n), mine.get(n)) for n in theirs.keys() | mine.keys())
