"""One request of somebody who is signed in at a practice website, and the ways to answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from desktop.practice.pages import markup
from desktop.practice.pages.forms import Form
from desktop.practice.pages.markup import Button, Html, Question, Service, Who
from desktop.practice.pages.sessions import Session
from desktop.practice.wire import Reply

HTML = "text/html; charset=utf-8"
GUARD = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class NotFound(Exception):
    """There is no such page, person or file."""


@dataclass
class PageVisit:
    """A request with all that a page needs. `args` = the parts of the path that the route names."""

    service: ClassVar[Service]

    session: Session
    root: str
    path: str
    args: Sequence[str]
    query: Form
    form: Form

    @property
    def who(self) -> Who:
        """Who is signed in, for the frame of the page."""
        raise NotImplementedError

    def post(self, action: str, parts: object, button: Button, *, files: bool = False) -> Html:
        """A form of this session."""
        return markup.form(action, self.session.csrf, parts, button, files=files)

    def show(
        self,
        title: str,
        body: object,
        *,
        at: str = "",
        back: str = "",
        caption: str = "",
        asked: Sequence[Question] = (),
        wrong: Sequence[str] = (),
        status: int = 200,
    ) -> Reply:
        """A page with its heading; `asked` and `wrong` = what may be wrong with the form on it."""
        problems = markup.problems(asked, wrong)
        told, self.session.told = self.session.told, ""
        notice = markup.box("Success", markup.paragraph(told), colour="green") if told else markup.NOTHING
        whole = [problems, notice, markup.heading(title, caption), body]
        content = markup.page(self.service, title, whole, self.who, at=at, back=back, wrong=bool(problems))
        return html_reply(422 if problems else status, content)

    def go(self, path: str, told: str = "", *, effect: bool = False) -> Reply:
        """On to another page, after something was done."""
        if told:
            self.session.told = told
        return Reply(303, b"", HTML, {"Location": path, **GUARD}, effect=effect)


def html_reply(status: int, content: bytes) -> Reply:
    """A page as a reply."""
    return Reply(status, content, HTML, dict(GUARD))


Page = Callable[[Any], Reply]
"""Answers a visit of its own website."""

Route = tuple[str, str, Page]
Routes = Sequence[Route]
"""(method, pattern of the whole path, what answers); groups of the pattern become `PageVisit.args`."""
