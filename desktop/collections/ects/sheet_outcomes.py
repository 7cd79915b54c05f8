"""What the portal may show after a page, in few words of its own, and what each means. Source: domain pack 1.1, 1.2."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.collections.ects import turns, who
from desktop.collections.ects.rules.portal import BLOCKS, HERE, MENTOR_HERE
from desktop.model.journey import Instead, Matter, Outcome

_STILL_OURS = frozenset(
    {"email", "corrected_name", "name_change_reason", "same_person"}
    | {"working_pattern", "appropriate_body", "training_programme", "lead_provider"}
)
"""What a school can change later: where the portal has someone already, these are proposed and never taken for known."""


def _held(matter: Matter) -> Iterable[str]:
    return [name for name in matter.document.fields if name not in _STILL_OURS]


def _block(answer: str, words: str, told: str = "", instead: Instead | None = None) -> Outcome:
    """The portal goes no further; the record says so, and why."""
    return Outcome(
        answer,
        words,
        ends=True,
        told=told or BLOCKS[answer],
        sets={"portal_answer": answer},
        instead=instead,
    )


FOUND = Outcome("found", "The teacher’s details", to="name", sets={"portal_answer": "found"})
DIFFERS = Outcome(
    who.ASKS_NI_NUMBER,
    "A question for the NI number",
    to="ni_number",
    sets={"portal_answer": who.ASKS_NI_NUMBER},
)
NOT_FOUND = _block("not_found", "We’re unable to match the TRN")
NOT_MATCHED = _block("ni_number_differs", "We’re unable to match the details")
OVER = (
    _block("completed", "Cannot register: induction completed"),
    _block("exempt", "Cannot register: exempt from induction"),
    _block("failed", "Cannot register: induction failed"),
)
PROHIBITED = _block("prohibited", "Cannot register: no training or mentoring")
ECT_HERE = _block(
    "already_registered",
    "Already registered at your school",
    HERE,
    Instead("Take over the registration that is there", _held, lambda _matter: ()),
)
MENTOR_HERE_ALREADY = _block(
    "already_registered",
    "Mentor already registered",
    MENTOR_HERE,
    Instead("Link this mentor to the ECT instead", _held, turns.link_asked),
)
SAME_PERSON = _block("same_person", "An ECT cannot be their own mentor")
EMAIL_IN_USE = _block("email_in_use", "This email is already in use")
NOT_YET = _block("cannot_register_yet", "Cannot register them yet")
BODY_LOCKED = Outcome(
    "locked",
    "The appropriate body cannot be changed here",
    ends=True,
    told="An appropriate body has opened the induction. Ask the body itself, and put the answer back here.",
)

NEXT = Outcome("on", "The next page")
"""The usual way on, where the portal may also stop."""


def to(page: str, words: str) -> Outcome:
    """Another page follows."""
    return Outcome(page, words, to=page)
