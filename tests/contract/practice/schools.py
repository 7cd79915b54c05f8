"""Somebody of a school at the practice website of Register ECTs, without a window: the ways through its journeys."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from desktop.practice.ects.client import EctControl
from desktop.practice.ects.furnish import ACADEMY
from desktop.practice.server import PracticePortal
from tests.contract.practice.browsing import Visitor

NOW = "2026-09-20T09:00:00Z"
TODAY = "2026-09-20"
HUB = "Alban Teaching School Hub"


@dataclass
class SchoolVisitor(Visitor):
    """A visitor who knows which portal it is, and what it holds."""

    portal: PracticePortal = field(kw_only=True)

    @property
    def control(self) -> EctControl:
        return self.portal.control.ects

    def sign_in(self, school: str = ACADEMY, person: str = "Sam Okafor") -> SchoolVisitor:
        self.http.post("/sign-in", data={"school": school, "person": person})
        return self.get("/")

    def on(self, day: str) -> SchoolVisitor:
        """Another day at nine, signed in anew."""
        self.portal.control.clock(f"{day}T09:00:00Z")
        return self.sign_in()

    def get(self, path: str) -> SchoolVisitor:
        super().get(path)
        return self

    def send(self, action: Any = "", **answers: Any) -> SchoolVisitor:
        status = answers.pop("status", 200)
        super().send(action, status=status, **answers)
        return self

    def follow(self, words: str) -> SchoolVisitor:
        """Follow the link with these words."""
        found = f">{html.escape(words)}<"
        head = self.reply.text[: self.reply.text.index(found)]
        return self.get(html.unescape(head.rpartition('href="')[2].partition('"')[0]))

    @property
    def heading(self) -> str:
        return self.page.headings[0]

    @property
    def at(self) -> str:
        return self.reply.url.path

    # -- the register of teachers ---------------------------------------------------------------------

    def teacher(self, case: str = "found") -> Any:
        return self.portal.teachers.case(case)

    def another(self, place: int) -> Any:
        """An ordinary teacher."""
        return self.portal.teachers.ordinary()[place]

    # -- journeys -------------------------------------------------------------------------------------

    def find_ect(self, teacher: Any, born: Any = None) -> SchoolVisitor:
        day = (born or teacher.date_of_birth).isoformat()
        return self.get("/register-ect").send().send(trn=teacher.trn, date_of_birth_day=day)

    def up_to_start(self, teacher: Any, email: str = "") -> SchoolVisitor:
        """To the page for the start date."""
        self.find_ect(teacher).send(change_name="no")
        if self.at.endswith("registered-before"):
            self.send()
        return self.send(email=email or teacher.email)

    def up_to_body(self, teacher: Any, start: str = "2026-09-01") -> SchoolVisitor:
        """To the page for the appropriate body, or the one for previous choices."""
        return self.up_to_start(teacher).send(start_day=start).send(pattern="full_time")

    def up_to_check(
        self, teacher: Any, start: str = "2026-09-01", provider: str = "teach_first"
    ) -> SchoolVisitor:
        self.up_to_body(teacher, start)
        if self.at.endswith("use-previous-ect-choices"):
            self.send(use_previous="no")
        self.send(body_name=HUB)
        if not provider:
            return self.send(programme="school_led")
        return self.send(programme="provider_led").send(provider=provider)

    def register(self, teacher: Any, **more: Any) -> dict[str, Any]:
        """Register an ECT; the period that is held then."""
        self.up_to_check(teacher, **more).send()
        assert self.heading == f"You have saved {teacher.shown_name}’s details"
        return self.period(teacher.trn)

    def find_mentor(self, ect: dict[str, Any], teacher: Any, born: Any = None) -> SchoolVisitor:
        day = (born or teacher.date_of_birth).isoformat()
        at = f"/ects/{ect['id']}/register-mentor"
        return self.get(at).send().send(trn=teacher.trn, date_of_birth_day=day)

    def register_mentor(self, ect: dict[str, Any], teacher: Any) -> dict[str, Any]:
        """Register a mentor who is new to the website; their period."""
        self.find_mentor(ect, teacher).send(change_name="yes").send(email=teacher.email)
        if self.at.endswith("review-mentor-eligibility"):
            self.send()
        self.send()
        assert self.heading == f"You’ve assigned {teacher.shown_name} as a mentor"
        return self.period(teacher.trn, "mentor")

    # -- what is held ---------------------------------------------------------------------------------

    def held(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control.held()[kind]
        return found

    def period(self, trn: str, role: str = "ect") -> dict[str, Any]:
        """The latest period of a person."""
        mine = [p for p in self.held("periods") if (p["trn"], p["role"]) == (trn, role)]
        return max(mine, key=lambda p: p["began"])

    def training(self, period: dict[str, Any]) -> list[dict[str, Any]]:
        found = [t for t in self.held("training") if t["period"] == period["id"]]
        return sorted(found, key=lambda t: t["began"])

    def links(self, ect: dict[str, Any]) -> list[dict[str, Any]]:
        found = [m for m in self.held("mentorships") if m["ect"] == ect["id"]]
        return sorted(found, key=lambda m: m["began"])


@pytest.fixture(scope="module")
def school_http() -> Iterator[tuple[PracticePortal, httpx.Client]]:
    """One practice portal for each module, and one browser."""
    with (
        PracticePortal() as made,
        httpx.Client(base_url=made.ects_url, trust_env=False, verify=False, timeout=10) as http,
    ):
        yield made, http


@pytest.fixture
def school(school_http: tuple[PracticePortal, httpx.Client]) -> SchoolVisitor:
    """Sam at Northmoor Academy, on 20 September 2026, with nobody registered."""
    portal, http = school_http
    portal.control.clock(NOW)
    portal.control.ects.clear()
    portal.control.ects.fault("up")
    portal.control.ects.clear_requests()
    http.cookies.clear()
    return SchoolVisitor(http, portal=portal).sign_in()
