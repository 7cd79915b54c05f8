"""What one pass over one portal works with, handed from phase to phase."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from desktop.model.collection import Collection
from desktop.model.document import Value
from desktop.store.store import Store
from desktop.sync.merge import says_the_same
from desktop.sync.portal import Alike, Echo, Portal, agree

Chance = Callable[[], float]
"""A number from 0 up to 1; an argument everywhere so that a simulation can fold it."""

Tell = Callable[[int, int, str], None]
"""Progress: done, total (0 = not known), words."""


def chance() -> float:
    """Chance as it really is."""
    return random.random()


def silent(done: int, total: int, words: str) -> None:
    """Progress that nobody watches."""


def never() -> bool:
    """Nobody cancels."""
    return False


@dataclass(frozen=True)
class Terms:
    """The terms on which two sides are compared: the collection, the day, and the form in which the portal answers."""

    collection: Collection
    today: date
    echo: Echo
    alike: Alike = says_the_same

    def agree(self, path: str, ours: Value, theirs: Value) -> bool:
        """Whether two values are the same to the portal."""
        return agree(self.echo, path, ours, theirs)


@dataclass(frozen=True)
class Trip:
    """One pass: the store, the portal, and everything else that the phases depend on."""

    store: Store
    portal: Portal
    terms: Terms
    settle_s: float = 10.0
    chance: Chance = chance
    tell: Tell = silent
    cancelled: Callable[[], bool] = never

    @property
    def collection(self) -> Collection:
        return self.terms.collection

    @property
    def today(self) -> date:
        return self.terms.today
