"""The tables of the pack as the rules want them: contract periods, lead providers, appropriate bodies, kinds of school.

They are DfE's data and change (a new period each June, new providers), so they are read from the lists in force and never
written into a rule. Lists without a table leave a question open: then the portal will check. Source: domain pack 2, 3.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from desktop.collections.packs import Pack
from desktop.model.collection import CodeLists

PACK = Pack("ects", 2026)

HUB, NATIONAL, LOCAL_AUTHORITY = "hub", "national", "local_authority"
OFFERED_NATIONAL = "istip"
"""The one national body that schools may choose, and only independent ones (1.1.1)."""


@dataclass(frozen=True)
class Period:
    """A contract period: 1 June of `year` to 31 May after it, both ends included.

    enabled  whether the portal takes registrations for it;  frozen: nothing more is paid for it
    """

    year: int
    first: date
    last: date
    enabled: bool
    frozen: bool

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Periods:
    """Every contract period that this computer knows, in order. `moves_to` = where a frozen one sends its ECTs."""

    known: tuple[Period, ...]
    moves_to: int

    def of(self, day: date) -> Period | None:
        """The period in which a day lies."""
        return next((period for period in self.known if period.holds(day)), None)

    def floor(self, today: date) -> date | None:
        """The earliest start that the portal takes: the first day of the period two before the current one."""
        current = self.of(today)
        if current is None:
            return None
        return next((p.first for p in self.known if p.year == current.year - 2), None)

    def registration(self, start: date, today: date) -> Period | None:
        """The period in which a start is registered: the current one unless the start lies in a later one."""
        current, own = self.of(today), self.of(start)
        if current is None or (own is not None and own.first > current.first):
            return own
        return current


def periods(lists: CodeLists) -> Periods | None:
    """The contract periods; None when they are not loaded."""
    return _periods(lists) if isinstance(lists, Pack) else None


@lru_cache(maxsize=8)
def _periods(pack: Pack) -> Periods | None:
    raw = _table(pack, "contract_periods")
    if not raw or not raw["periods"]:
        return None
    made = (
        Period(
            int(year),
            date.fromisoformat(first),
            date.fromisoformat(last),
            more["enabled"],
            bool(more["frozen"]),
        )
        for year, (first, last, more) in raw["periods"].items()
    )
    return Periods(tuple(sorted(made, key=lambda p: p.first)), raw["moves_to"])


def contract_year(day: date) -> int:
    """The year that names the contract period of a day, also of one that is not loaded."""
    return day.year if day.month >= 6 else day.year - 1


def open_again(lists: CodeLists, today: date) -> date | None:
    """While registration is closed, the day on which it opens again; else None. Source: section 1, gates."""
    for first, last in closed_windows(lists):
        if first <= today <= last:
            return last + timedelta(days=1)
    return None


def closed_windows(lists: CodeLists) -> Iterable[tuple[date, date]]:
    """First and last day of every time in which nobody can register."""
    raw: Sequence[Sequence[str]] = _table(lists, "closed_windows") or ()
    return [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in raw]


def active_years(lists: CodeLists, provider: str) -> frozenset[int] | None:
    """The contract years in which a lead provider is active; None when it is not on the list."""
    raw: Mapping[str, list[int]] = _table(lists, "lead_providers") or {}
    found = raw.get(provider)
    return None if found is None else frozenset(found)


def body_kind(lists: CodeLists, body: str) -> str:
    """What kind of appropriate body: a hub, a national body, a local authority; "" when nothing tells."""
    raw = _table(lists, "appropriate_bodies") or {"special": {}, "authority_words": ()}
    special: Mapping[str, list[str]] = raw["special"]
    found = next((kind for kind, codes in special.items() if body in codes), "")
    if found or body in lists.codes("appropriate_body"):
        return found or HUB
    named = body[:200].casefold()
    return LOCAL_AUTHORITY if any(word in named for word in raw["authority_words"]) else ""


def is_independent(lists: CodeLists, school_type: str) -> bool:
    """Every other type counts as state-funded (3.5)."""
    return school_type in _types(lists, "independent")


def is_eligible(lists: CodeLists, school_type: str, *, section_41: bool) -> bool:
    """Whether a school of this type may use the portal, as far as the type tells (3.5)."""
    if school_type in _types(lists, "not_in_england"):
        return False
    if school_type not in _types(lists, "not_eligible"):
        return True
    return section_41 and is_independent(lists, school_type)


def _types(lists: CodeLists, name: str) -> Sequence[str]:
    found: Mapping[str, list[str]] = _table(lists, "school_types") or {}
    return found.get(name, ())


def _table(lists: CodeLists, name: str) -> Any:
    if not isinstance(lists, Pack):
        return None
    try:
        return lists.table(name)
    except KeyError:
        return None
