"""From one order of keys to the next, in the smallest steps that a table can take without losing its place.

Plain lists of integer keys; no Qt, no rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_STEPS = 64
"""With more separate ranges than this a table is quicker with one reset, and nobody could follow it anyway."""


@dataclass(frozen=True)
class Remove:
    """Rows `first` to `last` (both included) go."""

    first: int
    last: int


@dataclass(frozen=True)
class Permute:
    """The rows that are left stand in the order of `keys`."""

    keys: list[int]


@dataclass(frozen=True)
class Insert:
    """`keys` come in before row `first`."""

    first: int
    keys: list[int]


Step = Remove | Permute | Insert


def ranges(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending row numbers as ranges, both ends included."""
    if not rows:
        return []
    breaks = [i for i, (a, b) in enumerate(pairwise(rows), start=1) if b != a + 1]
    return [(rows[i], rows[j - 1]) for i, j in pairwise([0, *breaks, len(rows)])]


def plan(old: Sequence[int], new: Sequence[int]) -> list[Step] | None:
    """The steps from `old` to `new`, to be taken in this order; [] when nothing moved, None when a reset is better.

    Removals come from the bottom up, insertions from the top down, so each step's rows are right when its turn comes.
    """
    old, new = list(old), list(new)
    if old == new:
        return []
    held, wanted = set(old), set(new)
    gone = ranges([row for row, key in enumerate(old) if key not in wanted])
    fresh = ranges([row for row, key in enumerate(new) if key not in held])
    if len(gone) + len(fresh) > MOST_STEPS or not held & wanted:
        return None
    steps: list[Step] = [Remove(first, last) for first, last in reversed(gone)]
    kept = [key for key in new if key in held]
    if kept != [key for key in old if key in wanted]:
        steps.append(Permute(kept))
    steps.extend(Insert(first, new[first : last + 1]) for first, last in fresh)
    return steps
