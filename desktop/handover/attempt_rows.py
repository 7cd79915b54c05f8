"""Failed tries as rows of a table: each by itself while they are few, put together when there are hundreds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop.model.evidence import Attempt
from desktop.model.verdict import PortalState

MOST_SINGLE = 100
MOST_ROWS = 300


@dataclass(frozen=True)
class AttemptRow:
    """One row: a try, or several of one kind. `least` / `most` = how many changes waited."""

    first: datetime
    last: datetime
    tries: int
    asked: str
    state: PortalState
    detail: str
    least: int
    most: int


def attempt_rows(attempts: Sequence[Attempt]) -> tuple[list[AttemptRow], str]:
    """The rows in order of time, and how they were put together: "" (not at all), "by the hour", "by the day" ..."""
    if len(attempts) <= MOST_SINGLE:
        return [_row([a]) for a in attempts], ""
    for words, key in _WAYS:
        groups: dict[Hashable, list[Attempt]] = {}
        for attempt in attempts:
            groups.setdefault(key(attempt), []).append(attempt)
        if len(groups) <= MOST_ROWS or key is _WAYS[-1][1]:
            return [_row(group) for group in groups.values()], words
    raise AssertionError("the last way always returns")


_WAYS: tuple[tuple[str, Callable[[Attempt], Hashable]], ...] = (
    ("by the hour", lambda a: (a.outage, a.at.date(), a.at.hour, a.asked, a.state, a.detail)),
    ("by the day", lambda a: (a.at.date(), a.asked, a.state, a.detail)),
    ("by month and kind", lambda a: (a.at.year, a.at.month, a.asked, a.state)),
)


def _row(group: Sequence[Attempt]) -> AttemptRow:
    first = group[0]
    waiting = [a.waiting for a in group]
    return AttemptRow(
        first.at,
        group[-1].at,
        len(group),
        first.asked,
        first.state,
        first.detail,
        min(waiting),
        max(waiting),
    )
