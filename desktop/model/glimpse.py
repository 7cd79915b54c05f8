"""What a file of a portal shows of one record: less than its API would, in our words. What is not in it is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from desktop.model.document import Fields, Value


@dataclass(frozen=True)
class Unread:
    """A cell that cannot be said in one value: `choices` = the values that its words may mean, () = none is known.

    path    the field that it is about, `degrees` or `placements` for a whole list, "" = none of ours
    """

    column: str
    words: str
    path: str = ""
    choices: tuple[Value, ...] = ()


@dataclass(frozen=True)
class ShownList:
    """The children of one kind as a file shows them, in its order. `whole` = there can be no others at the portal.

    Each child has the fields that were read; one with the value None is shown as empty, one that is absent is not known.
    """

    children: tuple[Fields, ...]
    whole: bool = True


@dataclass(frozen=True)
class ShownSet:
    """Several fields that hold one set of values, in whatever order: disabilities."""

    fields: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Glimpse:
    """One record in a file.

    number      its row, as a spreadsheet counts
    portal_id   the portal's own id;  changed_at = when the portal last changed it (aware UTC, whole seconds)
    state       our key of its state, the portal's own word where we have no key, "" = not shown
    answers     field -> value, None = shown as empty. A field that is absent is not shown
    also        field -> other values for which the file would have the same words
    extras      what else of a snapshot's extras it shows, None = shown as empty
    """

    number: int
    portal_id: str
    changed_at: datetime
    state: str
    answers: Mapping[str, Value]
    sets: tuple[ShownSet, ...] = ()
    children: Mapping[str, ShownList] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)
    also: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
