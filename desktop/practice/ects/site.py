"""The pages of the practice website: a made-up DfE Sign-in, the gates, and which journey answers an address."""

from __future__ import annotations

from desktop.practice.ects import (
    changing,
    gates,
    leaving,
    linking,
    records,
    register_ect,
    register_mentor,
    tutor,
)
from desktop.practice.ects.gates import guarded
from desktop.practice.ects.visit import DFE, SERVICE, Visit, school_of
from desktop.practice.ects.world import World
from desktop.practice.pages import markup
from desktop.practice.pages.forms import Form
from desktop.practice.pages.markup import Html, Question, Who, html
from desktop.practice.pages.sessions import Session, Sessions
from desktop.practice.pages.site import PageSite, request_parts
from desktop.practice.pages.visit import Route, Routes, html_reply
from desktop.practice.wire import Reply, Request

COOKIE = "holdfast_practice_ects"
PEOPLE = ("Sam Okafor", "Priya Shah", DFE)
"""Who can sign in at each school; every one of them may do everything (7)."""


def _home(visit: Visit) -> Reply:
    return visit.go("/ects")


def _behind_gates() -> Routes:
    journeys = (
        register_ect.WIZARD,
        register_mentor.WIZARD,
        linking.ASSIGN,
        linking.CHANGE,
        *changing.WIZARDS,
    )
    routes: list[Route] = [*records.ROUTES, ("GET", gates.CLOSED, gates.closed_page)]
    for journey in journeys:
        routes += journey.routes()
    return [(method, pattern, guarded(page)) for method, pattern, page in routes]


def _open_to_all() -> Routes:
    """What works before the induction tutor was confirmed, too."""
    routes: list[Route] = [*tutor.ROUTES]
    for journey in (*leaving.WIZARDS, *tutor.WIZARDS):
        routes += journey.routes()
    return [(method, pattern, guarded(page, tutor_first=False)) for method, pattern, page in routes]


_ROUTES: Routes = (("GET", "/", _home), *_behind_gates(), *_open_to_all())


class EctSite(PageSite):
    """The pages on the website's memory."""

    def __init__(self, world: World) -> None:
        super().__init__(SERVICE, _ROUTES, Sessions(world.clock, COOKIE))
        self._world = world

    def handle(self, request: Request) -> Reply:
        with self._world.lock:
            return super().handle(request)

    def role_of(self, form: Form) -> str | None:
        urn, person = form.one("school"), form.one("person")
        known = urn in self._world.held.schools and person in PEOPLE
        return f"{urn} {person}" if known else None

    def who(self, session: Session) -> Who:
        urn, _, person = session.role.partition(" ")
        return Who(f"{self._world.held.schools[urn].name}, {person}", session.csrf)

    def stands(self, session: Session) -> bool:
        return school_of(session.role) in self._world.held.schools

    def visit(self, session: Session, request: Request, args: tuple[str, ...], form: Form) -> Visit:
        root, path, query = request_parts(request)
        return Visit(session, root, path, args, query, form, self._world)

    def sign_in_page(self, *, over: bool = False, wrong: bool = False) -> Reply:
        schools = [(s.urn, f"{s.name} (URN {s.urn})") for s in self._world.held.schools.values()]
        hint = "Each sign-in is for one school. The real service asks for your DfE Sign-in here."
        asked = [
            Question("school", "Your school", "one", options=schools, hint=hint),
            Question("person", "Who you practise as", "one", PEOPLE[0], [(one, one) for one in PEOPLE]),
        ]
        if wrong:
            asked[0] = Question("school", "Your school", "one", "", schools, hint, "Choose your school")
        lost = markup.box(
            "You have been signed out",
            markup.paragraph(
                "Nothing came from you for two hours. Answers that were not confirmed are lost."
            ),
        )
        body: list[Html] = [
            markup.problems(asked),
            lost if over else markup.NOTHING,
            markup.heading("Sign in to Register early career teachers"),
            html(
                '<form method="post" action="/sign-in" novalidate>{asked}<button>Sign in</button></form>',
                asked=[markup.question(one) for one in asked],
            ),
        ]
        content = markup.page(SERVICE, "Sign in", body, wrong=wrong)
        return html_reply(422 if wrong else 401 if over else 200, content)
