"""One request of somebody of a school, with all that the website holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from desktop.practice.ects import invariants
from desktop.practice.ects.windows import here
from desktop.practice.ects.world import ECT, MENTOR, Held, Period, School, World
from desktop.practice.pages.markup import Service, Who
from desktop.practice.pages.visit import NotFound, PageVisit

T = TypeVar("T")

SERVICE = Service(
    "Register early career teachers",
    (
        ("/ects", "Early career teachers"),
        ("/mentors", "Mentors"),
        ("/induction-tutor", "Induction tutor"),
        ("/made-up-teachers", "Made-up teachers"),
    ),
)
DFE = "DfE staff"
"""Staff of DfE who act as a school user are never led to the induction tutor first (1.9)."""


@dataclass
class Visit(PageVisit):
    """A request with the website's memory."""

    service = SERVICE

    world: World

    @property
    def held(self) -> Held:
        return self.world.held

    @property
    def today(self) -> date:
        return self.world.today()

    @property
    def school(self) -> School:
        """The school as which somebody is signed in: one organisation per sign-in (7)."""
        return self.held.schools[school_of(self.session.role)]

    @property
    def person(self) -> str:
        """Who is signed in."""
        return self.session.role.partition(" ")[2]

    @property
    def who(self) -> Who:
        return Who(f"{self.school.name}, {self.person}", self.session.csrf)

    def period(self, role: str, number: str) -> Period:
        """An ECT or a mentor of this school who has not left. Raises NotFound."""
        found = self.held.periods.get(number)
        if found is None or found.role != role or found.school != self.school.urn:
            raise NotFound
        if not here(found, self.today):
            raise NotFound
        return found

    def ects(self) -> list[Period]:
        """ECTs of this school whom it still sees, by name."""
        return self._there(ECT)

    def mentors(self) -> list[Period]:
        """Mentors of this school whom it still sees, by name."""
        return self._there(MENTOR)

    def _there(self, role: str) -> list[Period]:
        held = self.held
        there = (p for p in held.at_school(self.school.urn, role) if here(p, self.today))
        return sorted(there, key=lambda p: held.name_of(p).casefold())

    def change(self, deed: Callable[[Held], T], what: str, about: str) -> T:
        """Store something, and write down who did it. Raises NotSaved."""

        def noted(after: Held) -> T:
            done = deed(after)
            self.world.note(after, self.person, self.school.urn, what, about)
            return done

        return self.world.change(noted, invariants.first_broken)


def school_of(role: str) -> str:
    """The URN in what a session stands for: `740113 Sam Okafor`."""
    return role.partition(" ")[0]
