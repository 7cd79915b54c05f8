"""The web side of the portal: who can sign in, and which page answers a path."""

from __future__ import annotations

from desktop.practice.clock import Clock
from desktop.practice.pages import markup
from desktop.practice.pages.forms import Form
from desktop.practice.pages.markup import Html, Question, Who, html
from desktop.practice.pages.sessions import Session, Sessions
from desktop.practice.pages.site import PageSite, plain, request_parts
from desktop.practice.pages.visit import Routes, html_reply
from desktop.practice.state import State
from desktop.practice.web import bulk, changing, funding, records, registering, reports, steps
from desktop.practice.web.visit import BULK_ADDER, SCITT, SERVICE, UNIVERSITY, Books, Visit, organisation_of
from desktop.practice.wire import MAX_BODY_BYTES, Reply, Request

COOKIE = "holdfast_practice"


def _home(visit: Visit) -> Reply:
    held = visit.records()
    drafts = sum(record.state == "draft" for record in held)
    body = [
        markup.table(
            "Your trainees",
            ["State", "Number"],
            [[label, sum(r.state == state for r in held)] for state, label in records.STATES],
            numbers=1,
        ),
        markup.bullets(
            [
                markup.link("/trainees/new", "Register a trainee"),
                markup.link("/drafts", f"Continue with a draft ({drafts})"),
                markup.link("/bulk-update", "Bulk updates by CSV file"),
            ]
        ),
    ]
    return visit.show("Your trainee teachers", body, at="/")


_ROUTES: Routes = (
    ("GET", "/", _home),
    *records.ROUTES,
    *registering.ROUTES,
    *changing.ROUTES,
    *steps.ROUTES,
    *bulk.ROUTES,
    *reports.ROUTES,
    *funding.ROUTES,
)


class Site(PageSite):
    """The pages on a portal's memory. Call `handle` with paths outside the API."""

    def __init__(self, state: State, clock: Clock) -> None:
        super().__init__(SERVICE, _ROUTES, Sessions(clock, COOKIE))
        self._state = state
        self._books = Books()

    def handle(self, request: Request) -> Reply:
        with self._state.lock:
            self._state.look()
            return super().handle(request)

    def role_of(self, form: Form) -> str | None:
        kind = form.one("as")
        return kind if kind in (BULK_ADDER, "scitt") else None

    def who(self, session: Session) -> Who:
        return Who(organisation_of(session.role), session.csrf)

    def visit(self, session: Session, request: Request, args: tuple[str, ...], form: Form) -> Visit:
        root, path, query = request_parts(request)
        return Visit(session, root, path, args, query, form, self._state, self._books)

    def sign_in_page(self, *, over: bool = False, wrong: bool = False) -> Reply:
        ask = Question(
            "as",
            "Who do you practise as?",
            "one",
            options=[
                ("university", f"{UNIVERSITY}: a higher education provider, which may bulk add trainees"),
                ("scitt", f"{SCITT}: a school-centred provider (SCITT), which registers trainees one by one"),
            ],
            hint="Both see the same made-up trainees. The real service asks for your DfE Sign-in here.",
            error="Choose who you practise as" if wrong else "",
        )
        lost = markup.box(
            "You have been signed out",
            markup.paragraph("Nothing came from you for a while. What was not saved is lost."),
        )
        body: list[Html] = [
            markup.problems([ask]),
            lost if over else markup.NOTHING,
            markup.heading("Sign in to Register trainee teachers"),
            html(
                '<form method="post" action="/sign-in" novalidate>{ask}<button>Sign in</button></form>',
                ask=markup.question(ask),
            ),
        ]
        content = markup.page(SERVICE, "Sign in", body, wrong=wrong)
        return html_reply(422 if wrong else 401 if over else 200, content)


def too_large(request: Request) -> Reply | None:
    """The page for a file that is too large to be read at all; None when it is not."""
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) <= MAX_BODY_BYTES or request.path.startswith("/api"):
        return None
    words = "The file you chose is too large. It must be smaller than 1MB. Nothing was stored."
    return plain(SERVICE, 413, "The selected file must be smaller than 1MB", (words,))
