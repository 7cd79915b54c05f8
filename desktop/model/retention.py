"""How long a record of somebody is kept, and what of a record is about somebody else: data of a collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from desktop.model.document import Document


@dataclass(frozen=True)
class Retention:
    """One rule: so many months after an end, a record of this kind is no longer needed here.

    name    within its collection;  title: whom it is about, for lists: "Trainees with an outcome"
    begins  from when it counts, in words: "the day of the award or the withdrawal"
    reason  why so long, in a sentence or two that an administrator can check;  source: where that is written
    months  as the program comes;  least, most: the bounds within which an administrator may change it
    states  of the portal in which a record can be at its end; () = any
    ended   (document, state, what else the portal showed) -> the day from which it counts; None = not at its end
    """

    name: str
    title: str
    begins: str
    reason: str
    source: str
    months: int
    least: int
    most: int
    states: tuple[str, ...]
    ended: Callable[[Document, str, Mapping[str, Any]], date | None]


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following, turn = divmod(year * 12 + month + 1, 12)
    last = date(following, turn + 1, 1) - timedelta(days=1)
    return date(year, month + 1, min(day.day, last.day))
