"""What the practice website holds: schools, people, periods, training, providers. In memory only.

Every change is made on a copy that takes the place of the whole when it keeps the invariants (`change`), so a save that fails
half-way has changed nothing, and a snapshot is one reference. Both days of a period belong to it; `until` None = open.
Source: domain pack register-ects section 2.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from desktop.practice.clock import Clock, iso_ms
from desktop.practice.faults import Faults
from desktop.practice.teachers import Teachers

ECT, MENTOR = "ect", "mentor"
PROVIDER_LED, SCHOOL_LED = "provider_led", "school_led"
HUB, NATIONAL, AUTHORITY = "teaching_school_hub", "national", "local_authority"
ISTIP = "istip"

T = TypeVar("T")


@dataclass
class School:
    """A school. `kind` = its type by code; `tutor_year` = the contract year for which the tutor was last confirmed."""

    urn: str
    name: str
    kind: str = "academy_converter"
    section_41: bool = False
    closed: bool = False
    tutor_name: str = ""
    tutor_email: str = ""
    tutor_year: int | None = None
    last_body: str = ""
    last_programme: str = ""
    last_provider: str = ""


@dataclass
class ContractPeriod:
    """1 June of `year` to 31 May after it. Not `enabled`: no registrations; `frozen`: nothing more is paid for it."""

    year: int
    began: date
    until: date
    enabled: bool = True
    frozen: bool = False

    def holds(self, day: date) -> bool:
        return self.began <= day <= self.until


@dataclass
class Body:
    """An appropriate body. Not `active`: not linked to DfE Sign-in."""

    id: str
    name: str
    kind: str = HUB
    active: bool = True


@dataclass
class Provider:
    """A lead provider, and the contract years in which it is active."""

    id: str
    name: str
    years: frozenset[int]


@dataclass
class Partnership:
    """A lead provider has said that it works with a school in a contract year, and through which delivery partner."""

    id: str
    school: str
    provider: str
    partner: str
    year: int


@dataclass
class Person:
    """A teacher whom the website knows. `not_paid` = why no mentor training is paid for, "" = it is."""

    trn: str
    first_name: str
    last_name: str
    corrected_name: str = ""
    not_paid: str = ""

    @property
    def name(self) -> str:
        parts = (self.first_name, self.last_name)
        return self.corrected_name or " ".join(p for p in parts if p not in ("", ".")) or "Unknown"


@dataclass
class Period:
    """An ECT or a mentor at a school. `reported_by` = the school that said that they leave."""

    id: str
    role: str
    trn: str
    school: str
    email: str
    began: date
    until: date | None = None
    working_pattern: str = ""
    body: str = ""
    reported_by: str = ""


@dataclass
class Mentorship:
    """A mentor's period linked to an ECT's."""

    id: str
    ect: str
    mentor: str
    began: date
    until: date | None = None


@dataclass
class Training:
    """A training period. Provider-led with a partnership, or with an interest of the school: `provider` and `year` of both.

    stands  "", "deferred" or "withdrawn", with `why` and a last day
    """

    id: str
    period: str
    programme: str
    began: date
    until: date | None = None
    partnership: str = ""
    provider: str = ""
    year: int | None = None
    schedule: str = ""
    stands: str = ""
    why: str = ""


@dataclass
class Induction:
    """An appropriate body has opened an induction for an ECT."""

    trn: str
    body: str
    began: date


@dataclass
class Event:
    """One line of what happened. `by` = who, `school` = at which."""

    at: str
    by: str
    school: str
    what: str
    about: str


@dataclass
class Held:
    """Everything, by id."""

    schools: dict[str, School] = field(default_factory=dict)
    years: dict[int, ContractPeriod] = field(default_factory=dict)
    closed: list[tuple[date, date]] = field(default_factory=list)
    bodies: dict[str, Body] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    partnerships: dict[str, Partnership] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    periods: dict[str, Period] = field(default_factory=dict)
    mentorships: dict[str, Mentorship] = field(default_factory=dict)
    training: dict[str, Training] = field(default_factory=dict)
    inductions: list[Induction] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    last_id: int = 0

    def new_id(self) -> str:
        self.last_id += 1
        return str(self.last_id)

    def name_of(self, period: Period) -> str:
        return self.people[period.trn].name

    def at_school(self, urn: str, role: str) -> Iterator[Period]:
        """Periods of a school in order of making."""
        return (p for p in self.periods.values() if p.school == urn and p.role == role)

    def of_person(self, trn: str, role: str) -> list[Period]:
        """Periods of a person in one role, at all schools, the earliest first."""
        return sorted(
            (p for p in self.periods.values() if p.trn == trn and p.role == role), key=lambda p: p.began
        )

    def training_of(self, period: str) -> list[Training]:
        return sorted((t for t in self.training.values() if t.period == period), key=lambda t: t.began)

    def links_of(self, ect: str) -> list[Mentorship]:
        return sorted((m for m in self.mentorships.values() if m.ect == ect), key=lambda m: m.began)

    def provider_name(self, provider: str) -> str:
        return self.providers[provider].name if provider in self.providers else ""

    def body_name(self, body: str) -> str:
        return self.bodies[body].name if body in self.bodies else ""

    def open_induction(self, trn: str) -> Induction | None:
        return next((i for i in self.inductions if i.trn == trn), None)


class NotSaved(Exception):
    """The portal does not store it; the message says why."""


class LookupDown(Exception):
    """The Teaching Record System does not answer as it should. The school's journeys do not handle it (4)."""


class World:
    """The website's memory, its clock and the register of teachers. All access is under `lock`.

    lookups  the faults that a lookup in the register meets
    """

    def __init__(
        self, held: Held, teachers: Teachers, clock: Clock, lock: threading.RLock, lookups: Faults
    ) -> None:
        self.held = held
        self.teachers = teachers
        self.clock = clock
        self.lock = lock
        self._lookups = lookups
        self._kept = copy.deepcopy(held)

    def today(self) -> date:
        return self.clock.today()

    def ask(self, trn: str) -> None:
        """Ask the Teaching Record System about a TRN. Raises LookupDown."""
        if self._lookups.next_for("GET", f"/v3/persons/{trn}").mode not in ("up", "slow"):
            raise LookupDown

    def change(self, deed: Callable[[Held], T], refuse: Callable[[Held], str]) -> T:
        """Do something to a copy, and put it in the place of what is held. `refuse` = what it then breaks, "" = nothing.

        Raises NotSaved; then nothing has changed.
        """
        after = copy.deepcopy(self.held)
        done = deed(after)
        if broken := refuse(after):
            raise NotSaved(broken)
        self.held = after
        return done

    def note(self, held: Held, by: str, school: str, what: str, about: str) -> None:
        """Write down what happens, in the copy that is being changed."""
        held.events.append(Event(iso_ms(self.clock.now_us()), by, school, what, about))

    def begin(self, held: Held) -> None:
        """Hold this and nothing else, and keep it for the next rollback."""
        self.held = held
        self.snapshot()

    def snapshot(self) -> None:
        """Keep everything as it is now; the portal's first state is kept until then."""
        self._kept = copy.deepcopy(self.held)

    def rollback(self) -> None:
        """Put back what was kept."""
        self.held = copy.deepcopy(self._kept)
