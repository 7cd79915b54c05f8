"""The web side of the portal: sign-in, the token of every form, and which page answers a path."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import unquote

from desktop.paths import resources
from desktop.practice.clock import Clock
from desktop.practice.state import State
from desktop.practice.web import bulk, changing, funding, markup, records, registering, reports, steps
from desktop.practice.web.forms import Form, Unreadable, read_form, read_query
from desktop.practice.web.markup import Html, Question, html
from desktop.practice.web.sessions import Session, Sessions, cookie_of
from desktop.practice.web.visit import SCITT, UNIVERSITY, Books, NotFound, Page, Visit, html_reply
from desktop.practice.wire import MAX_BODY_BYTES, Reply, Request

STYLE = "/assets/pages.css"


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


_ROUTES: tuple[tuple[str, re.Pattern[str], Page], ...] = tuple(
    (method, re.compile(pattern), page)
    for method, pattern, page in (
        ("GET", "/", _home),
        *records.ROUTES,
        *registering.ROUTES,
        *changing.ROUTES,
        *steps.ROUTES,
        *bulk.ROUTES,
        *reports.ROUTES,
        *funding.ROUTES,
    )
)


class Site:
    """The pages on a portal's memory. Call `handle` with paths outside the API."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._sessions = Sessions(clock)
        self._books = Books()

    def handle(self, request: Request) -> Reply:
        """Any request of a browser: style sheet, sign-in, then the pages."""
        with self._state.lock:
            self._state.look()
            method = "GET" if request.method == "HEAD" else request.method
            path = "/" + "/".join(request.parts())
            if path == STYLE and method == "GET":
                return Reply(200, _style(), "text/css; charset=utf-8", {"Cache-Control": "max-age=60"})
            if method not in ("GET", "POST"):
                return _missing()
            session, over = self._sessions.of(request)
            if path == "/sign-in" and method == "POST":
                return self._sign_in(request)
            page, args = _page_of(method, path)
            if session is None:
                known = path in ("/", "/sign-in") or page is not None
                return _sign_in_page(over=over) if known else _missing()
            if path == "/sign-out" and method == "POST":
                return self._sign_out(session, request)
            if page is None:
                return _missing(session)
            return self._answer(request, session, page, args)

    def _sign_in(self, request: Request) -> Reply:
        """There is nothing to steal here, so the form that signs in carries no token."""
        try:
            kind = read_form(request).one("as")
        except Unreadable:
            kind = ""
        if kind not in ("university", "scitt"):
            return _sign_in_page(error="Choose who you practise as")
        session = self._sessions.begin(bulk_add=kind == "university")
        return Reply(303, b"", "text/html", {"Location": "/", "Set-Cookie": cookie_of(session)})

    def _sign_out(self, session: Session, request: Request) -> Reply:
        try:
            if not session.knows(read_form(request).one("csrf")):
                return _stale(session)
        except Unreadable:
            return _stale(session)
        self._sessions.end(session)
        return Reply(303, b"", "text/html", {"Location": "/", "Set-Cookie": cookie_of(None)})

    def _answer(self, request: Request, session: Session, page: Page, args: tuple[str, ...]) -> Reply:
        form = Form()
        if request.method == "POST":
            try:
                form = read_form(request)
            except Unreadable:
                return _garbled(session)
            if not session.knows(form.one("csrf")):
                return _stale(session)
        visit = Visit(
            self._state,
            self._books,
            session,
            _root(request),
            request.path,
            args,
            read_query(request.query),
            form,
        )
        try:
            return page(visit)
        except NotFound:
            return _missing(session)


def too_large(request: Request) -> Reply | None:
    """The page for a file that is too large to be read at all; None when it is not."""
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) <= MAX_BODY_BYTES or request.path.startswith("/api"):
        return None
    words = "The file you chose is too large. It must be smaller than 1MB. Nothing was stored."
    return _plain(413, "The selected file must be smaller than 1MB", words)


def _page_of(method: str, path: str) -> tuple[Page | None, tuple[str, ...]]:
    for wanted, pattern, page in _ROUTES:
        found = pattern.fullmatch(path)
        if found and wanted == method:
            return page, tuple(unquote(part) for part in found.groups())
    return None, ()


def _root(request: Request) -> str:
    host = request.headers.get("host", "")
    return f"http://{host}" if re.fullmatch(r"[A-Za-z0-9.:\[\]-]{1,100}", host) else "http://127.0.0.1"


@cache
def _style() -> bytes:
    return (resources() / "practice" / "pages.css").read_bytes()


def _plain(status: int, title: str, *words: object, session: Session | None = None) -> Reply:
    who = None
    if session is not None:
        who = markup.Who(UNIVERSITY if session.bulk_add else SCITT, session.csrf, session.bulk_add)
    body = [markup.heading(title), *(markup.paragraph(one) for one in words)]
    return html_reply(status, markup.page(title, body, who))


def _missing(session: Session | None = None) -> Reply:
    return _plain(
        404,
        "Page not found",
        "This is a practice portal. Check the web address, or begin at the start page.",
        markup.link("/", "Go to the start page"),
        session=session,
    )


def _stale(session: Session) -> Reply:
    return _plain(
        422,
        "This page is out of date",
        "The form does not belong to your present sign-in. Nothing was stored.",
        markup.link("/", "Go to the start page"),
        session=session,
    )


def _garbled(session: Session) -> Reply:
    return _plain(
        400,
        "The form could not be read",
        "What came was not a whole form. Go back, choose your file again and send it once more. Nothing was stored.",
        session=session,
    )


def _sign_in_page(*, over: bool = False, error: str = "") -> Reply:
    ask = Question(
        "as",
        "Who do you practise as?",
        "one",
        options=[
            ("university", f"{UNIVERSITY}: a higher education provider, which may bulk add trainees"),
            ("scitt", f"{SCITT}: a school-centred provider (SCITT), which registers trainees one by one"),
        ],
        hint="Both see the same made-up trainees. The real service asks for your DfE Sign-in here.",
        error=error,
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
    return html_reply(422 if error else 401 if over else 200, markup.page("Sign in", body, wrong=bool(error)))
