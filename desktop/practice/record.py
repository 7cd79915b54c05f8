"""What the practice portal stores of one trainee. Records are values: a change makes a new one (`Record.clone`).

Fields are kept as the API's codes; a value that has no code is kept by the service's stored name (and the API shows it
as null). So a record can be read, checked and merged without a second vocabulary.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

ID_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ID_LENGTH = 24

CLOSED_STATES = frozenset({"recommended_for_award", "withdrawn", "awarded"})
STATES = (
    "draft",
    "submitted_for_trn",
    "trn_received",
    "recommended_for_award",
    "withdrawn",
    "deferred",
    "awarded",
)
DISABILITY_SLOTS = tuple(f"disability{n}" for n in range(1, 10))


def new_slug(rng: random.Random) -> str:
    """An opaque id as the service makes them: 24 base-58 characters."""
    return "".join(rng.choices(ID_ALPHABET, k=ID_LENGTH))


@dataclass(slots=True)
class Degree:
    """A degree. `f` holds country, grade, uk_degree, non_uk_degree, subject, institution, graduation_year, other_grade.

    `uk` is the locale the service derived; codeless values stand by name, absent ones are not there.
    """

    slug: str
    f: dict[str, Any]
    uk: bool
    created_us: int
    updated_us: int

    def clone(self) -> Degree:
        return Degree(self.slug, dict(self.f), self.uk, self.created_us, self.updated_us)


@dataclass(slots=True)
class Placement:
    """A placement. `school` = URN of a known school (then the own fields are empty), else urn, name, postcode as sent."""

    slug: str
    school: str | None
    urn: str | None
    name: str | None
    postcode: str | None
    created_us: int
    updated_us: int
    address: str | None = None

    def clone(self) -> Placement:
        return Placement(
            self.slug,
            self.school,
            self.urn,
            self.name,
            self.postcode,
            self.created_us,
            self.updated_us,
            self.address,
        )


@dataclass(slots=True)
class Record:
    """One trainee as the portal holds it.

    seq             order of making ("newest id" of the list's ties)
    f               fields by API name, codes as text; absent = null
    nationalities   codes (or names) in order; the API shows the first
    disabilities    slot -> code as sent, echoed by the API
    hesa            whether the HESA detail row exists; without it its keys are missing from replies
    cycle           start year of the start academic cycle; derived, None before it is set
    trn_due_us      when the TRN will be there, 0 = none on its way
    placement_flag  the progress flag that only the first placement sets (1.3 consequence 4)
    body            the API's JSON of this very record, once made
    """

    seq: int
    slug: str
    ukprn: str
    state: str
    f: dict[str, Any]
    created_us: int
    updated_us: int
    record_source: str = "api"
    nationalities: tuple[str, ...] = ()
    disabilities: dict[str, Any] = field(default_factory=dict)
    degrees: list[Degree] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    hesa: bool = True
    deleted: bool = False
    cycle: int | None = None
    trn_due_us: int = 0
    placement_flag: bool = False
    body: bytes | None = None

    def clone(self) -> Record:
        """A copy that may be changed: fields and lists are its own, children are shared until cloned themselves."""
        return Record(
            self.seq,
            self.slug,
            self.ukprn,
            self.state,
            dict(self.f),
            self.created_us,
            self.updated_us,
            self.record_source,
            self.nationalities,
            dict(self.disabilities),
            list(self.degrees),
            list(self.placements),
            self.hesa,
            self.deleted,
            self.cycle,
            self.trn_due_us,
            self.placement_flag,
            None,
        )

    def get(self, name: str) -> Any:
        return self.f.get(name)

    def put(self, name: str, value: Any) -> None:
        """Set a field; None removes it."""
        if value is None:
            self.f.pop(name, None)
        else:
            self.f[name] = value

    @property
    def closed(self) -> bool:
        """Whether the portal refuses edits of it (1.6)."""
        return self.state in CLOSED_STATES

    @property
    def listed(self) -> bool:
        """Whether lists show it at all (1.3): not draft, not deleted."""
        return not self.deleted and self.state != "draft" and self.record_source != "hesa_trn_data"

    def degree(self, slug: str) -> Degree | None:
        return next((d for d in self.degrees if d.slug == slug), None)

    def placement(self, slug: str) -> Placement | None:
        return next((p for p in self.placements if p.slug == slug), None)
