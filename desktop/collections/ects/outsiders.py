"""Lists for those outside who work with a school's ECTs: the appropriate body, and the lead provider.

A school has no file to upload anywhere (domain pack, section 6): these are plain lists to send, without what was asked only to
find a teacher. The bulk claim file is the body's own, with dates of birth that nobody keeps here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desktop.collections.ects import formats, who
from desktop.collections.ects.spans import spans
from desktop.collections.ects.states import STATES
from desktop.collections.reading import day, text
from desktop.model.collection import CodeLists, Outsider
from desktop.model.document import Document

_Cell = Callable[[Document, str, CodeLists, Sequence[Document]], str]
_STATES = {state.key: state.label for state in STATES}


def _said(name: str) -> _Cell:
    return lambda document, _state, _codes, _others: text(document.get(name)).strip()


def _label(name: str) -> _Cell:
    def words(document: Document, _state: str, codes: CodeLists, _others: Sequence[Document]) -> str:
        code = text(document.get(name)).strip()
        found = codes.codes(name).get(code)
        return found.label if found is not None else code

    return words


def _day(name: str) -> _Cell:
    def words(document: Document, _state: str, _codes: CodeLists, _others: Sequence[Document]) -> str:
        found = day(document.get(name))
        return f"{found:%d/%m/%Y}" if found else ""

    return words


def _name(document: Document, _state: str, _codes: CodeLists, _others: Sequence[Document]) -> str:
    return who.full_name(document)


def _trn(document: Document, _state: str, _codes: CodeLists, _others: Sequence[Document]) -> str:
    return who.trn(document)


def _stands(_document: Document, state: str, _codes: CodeLists, _others: Sequence[Document]) -> str:
    return _STATES.get(state, "Not registered yet")


def _mentor_of(document: Document) -> tuple[str, str]:
    """TRN and name of the mentor with whom an ECT began last."""
    last = max(spans(document, "mentorships"), key=lambda pair: pair[1].first, default=None)
    if last is None:
        return ("", "")
    fields = last[0].fields
    return formats.trn(fields.get("mentor_trn")), text(fields.get("mentor_name")).strip()


def _mentor_name(document: Document, _state: str, _codes: CodeLists, _others: Sequence[Document]) -> str:
    return _mentor_of(document)[1]


def _mentor_trn(document: Document, _state: str, _codes: CodeLists, _others: Sequence[Document]) -> str:
    return _mentor_of(document)[0]


def _mentor_email(document: Document, _state: str, _codes: CodeLists, others: Sequence[Document]) -> str:
    number = _mentor_of(document)[0]
    found = (o for o in others if number and who.is_mentor(o) and who.trn(o) == number)
    return next((text(mentor.get("email")).strip() for mentor in found), "")


def _is_here(document: Document, state: str) -> bool:
    """An ECT who has not left and whose induction goes on."""
    return who.is_ect(document) and state in ("", "registered", "leaving")


def _is_led(document: Document, state: str) -> bool:
    return _is_here(document, state) and document.get("training_programme") == "provider_led"


_PERSON: tuple[tuple[str, _Cell], ...] = (
    ("Name", _name),
    ("TRN", _trn),
    ("Email address", _said("email")),
    ("Start date as an ECT", _day("started_on")),
    ("Working pattern", _label("working_pattern")),
    ("Training programme", _label("training_programme")),
)
_REST: tuple[tuple[str, _Cell], ...] = (("Last day", _day("finished_on")), ("At the portal", _stands))

OUTSIDERS = (
    Outsider(
        "appropriate-body",
        "ECTs for",
        "appropriate_body",
        _is_here,
        (*_PERSON, ("Lead provider", _label("lead_provider")), ("Mentor", _mentor_name), *_REST),
    ),
    Outsider(
        "lead-provider",
        "ECTs and mentors for",
        "lead_provider",
        _is_led,
        (
            *_PERSON,
            ("Appropriate body", _label("appropriate_body")),
            ("Mentor", _mentor_name),
            ("TRN of the mentor", _mentor_trn),
            ("Email address of the mentor", _mentor_email),
            *_REST,
        ),
    ),
)
