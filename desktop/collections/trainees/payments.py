"""Where the funder counts a trainee: funding type, route, subject and tier, as its payment files group them.

The files name routes as the funder does, which is older than Register; `payments.json` of the pack says which is which. A
name that is not there stays unknown: nothing is guessed. One name may stand for two routes ("Provider-led" is postgraduate
and undergraduate, and the file does not say which); such routes are counted together. Source: domain pack 9.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from desktop.collections.reading import day, is_blank, text
from desktop.collections.trainees import tables
from desktop.collections.trainees.cycles import cycle_of, cycle_of_document
from desktop.collections.trainees.funding import estimate, offered
from desktop.model.document import Document

KINDS = ("bursary", "scholarship", "grant")
_TIERS = {"7": 1, "8": 2, "9": 3}
"""Funding method -> number of the tier in the files (domain pack 5)."""


@dataclass(frozen=True)
class Family:
    """Routes that the files do not tell apart. `key` = their codes, `label` as people know them."""

    key: str
    label: str
    codes: tuple[str, ...]


@dataclass(frozen=True, order=True)
class Place:
    """One group of the funder's: `kind` a funding type, `family` a key, `subject` an allocation subject, `tier` 0 = none."""

    kind: str
    family: str
    subject: str
    tier: int = 0


@dataclass(frozen=True)
class Counted:
    """How a document is counted. `place.kind` is "" while no funding is chosen.

    cycle    start year, None while it cannot be told;  course_cycle: the one of the course start, which should be the same
    pounds   our reading of the table; () when nothing is paid
    place    None while route or subject cannot be told
    """

    place: Place | None
    cycle: int | None
    course_cycle: int | None
    pounds: tuple[int, ...]
    no_finance: bool
    started: bool

    @property
    def paid(self) -> bool:
        return bool(self.pounds)


def counted(document: Document) -> Counted:
    """Where and with how much the funder would count a document as it stands."""
    fields = document.fields
    money = estimate(document)
    course = day(fields.get("itt_start_date"))
    return Counted(
        _place(document),
        cycle_of_document(document),
        cycle_of(course) if course else None,
        money.amounts if money else (),
        not is_blank(fields.get("fund_code")) and fields.get("fund_code") != tables.eligible_code(),
        day(fields.get("trainee_start_date")) is not None,
    )


def _place(document: Document) -> Place | None:
    fields = document.fields
    family = family_of(text(fields.get("training_route")))
    subject = tables.allocations().get(text(fields.get("course_subject_1")))
    if family is None or subject is None:
        return None
    method = tables.methods().get(text(fields.get("funding_method")))
    return Place(
        method.type if method else "", family.key, subject, _TIERS.get(method.code, 0) if method else 0
    )


def family_of(code: str) -> Family | None:
    """The family of a route."""
    return next((family for family in families().values() if code in family.codes), None)


def family_named(words: str) -> Family | None:
    """The family that the files or Register call so; None for a name that nobody told us."""
    known = _names().get(_plain(words))
    return known or family_of(tables.PACK.find("training_route", words) or "")


def subject_named(words: str) -> str | None:
    """The allocation subject of this name; None for a name that nobody told us."""
    return _subjects().get(_plain(words))


def amounts_of(place: Place, cycle: int) -> tuple[int, ...]:
    """Pounds that our table has for one trainee of a group, over its routes. Ascending; () when nothing is offered."""
    if place.tier:
        code = next(code for code, tier in _TIERS.items() if tier == place.tier)
        return (tables.methods()[code].tier,)
    family = families()[place.family]
    found = {sum_ for code in family.codes for sum_ in offered(cycle, code, place.kind, place.subject)}
    return tuple(sorted(found))


@lru_cache(maxsize=1)
def families() -> Mapping[str, Family]:
    """Key -> family: those of the pack, and one for each route that it does not name."""
    labels = {code: entry.label for code, entry in tables.PACK.codes("training_route").items()}
    told = [(tuple(raw["codes"]), raw["label"]) for raw in tables.PACK.table("payments")["routes"]]
    named = {code for codes, _ in told for code in codes}
    told += [((code,), "") for code in labels if code not in named]
    return {
        "+".join(codes): Family("+".join(codes), label or labels[codes[0]], codes) for codes, label in told
    }


@lru_cache(maxsize=1)
def _names() -> Mapping[str, Family]:
    found = families()
    raw = tables.PACK.table("payments")["routes"]
    return {_plain(name): found["+".join(entry["codes"])] for entry in raw for name in entry["names"]}


@lru_cache(maxsize=1)
def _subjects() -> Mapping[str, str]:
    known = {_plain(subject): subject for subject in tables.allocations().values()}
    raw: dict[str, str] = tables.PACK.table("payments")["subjects"]
    return known | {_plain(name): subject for name, subject in raw.items()}


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()
