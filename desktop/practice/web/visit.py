"""One request of somebody who is signed in, and the ways to answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop.practice.record import Record
from desktop.practice.state import PROVIDER_UKPRN, State
from desktop.practice.web import markup
from desktop.practice.web.forms import Form
from desktop.practice.web.markup import Button, Html, Question, Who
from desktop.practice.web.sessions import Session
from desktop.practice.wire import Reply

UNIVERSITY = "University of Northmoor"
SCITT = "Northmoor School-Centred Training"
_HTML = "text/html; charset=utf-8"
_GUARD = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class NotFound(Exception):
    """There is no such page, trainee or file."""


@dataclass
class Books:
    """What the pages keep beside the portal's records: uploads by id, and who signed off what."""

    uploads: dict[str, Any] = field(default_factory=dict)
    signed_off: dict[tuple[str, int], int] = field(default_factory=dict)


@dataclass
class Visit:
    """A request with all that a page needs. `args` = the parts of the path that the route names."""

    state: State
    books: Books
    session: Session
    root: str
    path: str
    args: Sequence[str]
    query: Form
    form: Form

    @property
    def who(self) -> Who:
        name = UNIVERSITY if self.session.bulk_add else SCITT
        return Who(name, self.session.csrf, self.session.bulk_add)

    def record(self) -> Record:
        """The trainee that the path names. Raises NotFound, for deleted ones too."""
        found = self.state.find(self.args[0], PROVIDER_UKPRN)
        if found is None or found.deleted:
            raise NotFound
        return found

    def records(self) -> list[Record]:
        """Every trainee of the organisation that was not deleted, drafts too, in order of making."""
        held = (r for r in self.state.records.values() if r.ukprn == PROVIDER_UKPRN and not r.deleted)
        return sorted(held, key=lambda record: record.seq)

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
        content = markup.page(title, whole, self.who, at=at, back=back, wrong=bool(problems))
        return html_reply(422 if problems else status, content)

    def go(self, path: str, told: str = "", *, effect: bool = False) -> Reply:
        """On to another page, after something was done."""
        if told:
            self.session.told = told
        return Reply(303, b"", _HTML, {"Location": path, **_GUARD}, effect=effect)


def html_reply(status: int, content: bytes) -> Reply:
    """A page as a reply."""
    return Reply(status, content, _HTML, dict(_GUARD))


def csv_reply(name: str, content: bytes) -> Reply:
    """A file to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **_GUARD}
    return Reply(200, content, "text/csv; charset=utf-8", headers)


Page = Callable[[Visit], Reply]
Routes = Sequence[tuple[str, str, Page]]
"""(method, pattern of the whole path, what answers); groups of the pattern become `Visit.args`."""
