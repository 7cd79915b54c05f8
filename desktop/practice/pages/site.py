"""A practice website as a whole: style sheet, sign-in, the token of every form, and which page answers a path."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import unquote

from desktop.paths import resources
from desktop.practice.pages import markup
from desktop.practice.pages.forms import Form, Unreadable, read_form, read_query
from desktop.practice.pages.markup import Service, Who
from desktop.practice.pages.sessions import Session, Sessions
from desktop.practice.pages.visit import NotFound, Page, PageVisit, Routes, html_reply
from desktop.practice.wire import Reply, Request

STYLE = "/assets/pages.css"


class PageSite:
    """The way of every request of a browser. A website says who can sign in, and makes the visits of its pages."""

    def __init__(self, service: Service, routes: Routes, sessions: Sessions) -> None:
        self._service = service
        self._routes = tuple((method, re.compile(pattern), page) for method, pattern, page in routes)
        self._sessions = sessions

    def role_of(self, form: Form) -> str | None:
        """Who somebody signs in as; None when they did not say."""
        raise NotImplementedError

    def who(self, session: Session) -> Who:
        """Who is signed in, for the frame of a page."""
        raise NotImplementedError

    def stands(self, session: Session) -> bool:  # noqa: ARG002 - only a website whose organisations can go looks
        """Whether who somebody signed in as is still there."""
        return True

    def visit(self, session: Session, request: Request, args: tuple[str, ...], form: Form) -> PageVisit:
        """What a page is given."""
        raise NotImplementedError

    def sign_in_page(self, *, over: bool = False, wrong: bool = False) -> Reply:
        """The page that asks who one is. `over` = the session ran out, `wrong` = nothing was chosen."""
        raise NotImplementedError

    def handle(self, request: Request) -> Reply:
        """Any request of a browser."""
        method = "GET" if request.method == "HEAD" else request.method
        path = "/" + "/".join(request.parts())
        if path == STYLE and method == "GET":
            return Reply(200, _style(), "text/css; charset=utf-8", {"Cache-Control": "max-age=60"})
        if method not in ("GET", "POST"):
            return self._missing()
        session, over = self._sessions.of(request)
        if session is not None and not self.stands(session):
            self._sessions.end(session)
            session, over = None, True
        if path == "/sign-in" and method == "POST":
            return self._sign_in(request)
        page, args = self._page_of(method, path)
        if session is None:
            known = path in ("/", "/sign-in") or page is not None
            return self.sign_in_page(over=over) if known else self._missing()
        if path == "/sign-out" and method == "POST":
            return self._sign_out(session, request)
        if page is None:
            return self._missing(session)
        return self._answer(request, session, page, args)

    def _sign_in(self, request: Request) -> Reply:
        """There is nothing to steal here, so the form that signs in carries no token."""
        try:
            role = self.role_of(read_form(request))
        except Unreadable:
            role = None
        if role is None:
            return self.sign_in_page(wrong=True)
        return _home(self._sessions.cookie_of(self._sessions.begin(role)))

    def _sign_out(self, session: Session, request: Request) -> Reply:
        try:
            if not session.knows(read_form(request).one("csrf")):
                return self._stale(session)
        except Unreadable:
            return self._stale(session)
        self._sessions.end(session)
        return _home(self._sessions.cookie_of(None))

    def _answer(self, request: Request, session: Session, page: Page, args: tuple[str, ...]) -> Reply:
        form = Form()
        if request.method == "POST":
            try:
                form = read_form(request)
            except Unreadable:
                return self._garbled(session)
            if not session.knows(form.one("csrf")):
                return self._stale(session)
        try:
            return page(self.visit(session, request, args, form))
        except NotFound:
            return self._missing(session)

    def _page_of(self, method: str, path: str) -> tuple[Page | None, tuple[str, ...]]:
        for wanted, pattern, page in self._routes:
            found = pattern.fullmatch(path)
            if found and wanted == method:
                return page, tuple(unquote(part) for part in found.groups())
        return None, ()

    def plain(
        self, status: int, title: str, words: Iterable[object], session: Session | None = None
    ) -> Reply:
        """A page that only says something."""
        return plain(self._service, status, title, words, self.who(session) if session else None)

    def _missing(self, session: Session | None = None) -> Reply:
        told = "This is a practice portal. Check the web address, or begin at the start page."
        words = (told, markup.link("/", "Go to the start page"))
        return self.plain(404, "Page not found", words, session)

    def _stale(self, session: Session) -> Reply:
        told = "The form does not belong to your present sign-in. Nothing was stored."
        words = (told, markup.link("/", "Go to the start page"))
        return self.plain(422, "This page is out of date", words, session)

    def _garbled(self, session: Session) -> Reply:
        told = (
            "What came was not a whole form. Go back, choose your file again and send it once more. "
            "Nothing was stored."
        )
        return self.plain(400, "The form could not be read", (told,), session)


def plain(
    service: Service, status: int, title: str, words: Iterable[object], who: Who | None = None
) -> Reply:
    """A page of a website that only says something."""
    body = [markup.heading(title), *(markup.paragraph(one) for one in words)]
    return html_reply(status, markup.page(service, title, body, who))


def request_parts(request: Request) -> tuple[str, str, Form]:
    """Root of the website's addresses, path and query, as a visit wants them."""
    host = request.headers.get("host", "")
    fits = re.fullmatch(r"[A-Za-z0-9.:\[\]-]{1,100}", host)
    return f"http://{host}" if fits else "http://127.0.0.1", request.path, read_query(request.query)


def _home(cookie: str) -> Reply:
    return Reply(303, b"", "text/html", {"Location": "/", "Set-Cookie": cookie})


@cache
def _style() -> bytes:
    return (resources() / "practice" / "pages.css").read_bytes()
