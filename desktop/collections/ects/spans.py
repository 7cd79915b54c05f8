"""Periods with both ends included, and whether two of them meet. Source: domain pack 2, invariant 11."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from desktop.collections.reading import day, is_blank
from desktop.model.document import Child, Document, Value


@dataclass(frozen=True)
class Span:
    """From `first` to `last`, both included; `last` None = still open."""

    first: date
    last: date | None = None

    @property
    def end(self) -> date:
        return self.last or date.max

    def meets(self, other: Span) -> bool:
        """Whether they share a day: end 31 May and start 1 June do not."""
        return self.first <= other.end and other.first <= self.end

    def holds(self, other: Span) -> bool:
        """Whether `other` lies inside, both ends included."""
        return self.first <= other.first and other.end <= self.end


def span(fields: Mapping[str, Value]) -> Span | None:
    """The period of `started_on` and `finished_on`; None when it cannot be told or ends before it begins."""
    first, typed = day(fields.get("started_on")), fields.get("finished_on")
    last = day(typed)
    if first is None or (last is None and not is_blank(typed)) or (last is not None and last < first):
        return None
    return Span(first, last)


def spans(document: Document, kind: str) -> list[tuple[Child, Span]]:
    """The periods of one list that can be told."""
    found = ((child, span(child.fields)) for child in document.children.get(kind, ()))
    return [(child, one) for child, one in found if one is not None]


def overlaps(told: Iterable[tuple[Child, Span]]) -> Iterator[tuple[Child, Span]]:
    """Each child whose period meets an earlier one of the list, with that earlier period. In order of first days."""
    ordered = sorted(told, key=lambda pair: (pair[1].first, pair[1].end))
    for place, (child, mine) in enumerate(ordered):
        met = next((before for _, before in ordered[:place] if before.meets(mine)), None)
        if met is not None:
            yield child, met
