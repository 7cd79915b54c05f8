"""What the Teaching Record System's answer means for a registration, in words, and what it is asked for a record.

It is advice: the portal asks the same system, and only its own answer counts. Source: domain pack 1.1, 1.2 and 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from desktop.collections.ects import who
from desktop.collections.reading import day, is_blank, long_day, text
from desktop.model.collection import CodeLists
from desktop.model.document import Document
from desktop.model.teacher import Question, Said, TeacherAnswer

SYSTEM = "The Teaching Record System"
DECIDES = "The portal decides when you register."

_NOBODY = ", so the portal will not find this teacher. "
_STOPPED = ", so the portal will stop this registration. "
_STOPS = {
    Said.NOT_FOUND: ("knows no teacher with this TRN", f"{_NOBODY}Check it against a letter or payslip."),
    Said.DEACTIVATED: ("has closed the record with this TRN", f"{_NOBODY}Ask the teacher, then DfE."),
    Said.MERGED: (
        "has merged this TRN into another one",
        f"{_NOBODY}Ask the teacher, then enter the TRN that counts.",
    ),
    Said.NI_DIFFERS: (
        "has another date of birth and another National Insurance number",
        f"{_NOBODY}Ask the teacher for both.",
    ),
    Said.BORN_DIFFERS: (
        "has another date of birth",
        ". Check it; else the portal will ask for the National Insurance number.",
    ),
}
_ENDED = {
    "Passed": ("says that induction is passed", f"{_STOPPED}Check the TRN."),
    "Exempt": ("says that this teacher is exempt from induction", f"{_STOPPED}Check the TRN."),
    "Failed": ("says that induction was failed", f"{_STOPPED}Check the TRN; else ask DfE."),
}
"""Failed in Wales stops no school (section 1.1)."""

_PROHIBITED = ("shows a prohibition", ", so the portal will not let this person be registered. Ask DfE.")
"""What it does, and what follows: two ends of one sentence about the system."""

_PLACE = {Said.BORN_DIFFERS: "date_of_birth", Said.NI_DIFFERS: "ni_number"}


def concerns(document: Document) -> bool:
    """Whether a record is about a teacher for whom the portal has not answered yet."""
    return who.is_person(document) and not who.looked_up(document)


def why_not(document: Document) -> str:
    """Why this cannot be looked up, in a sentence; "" when it can."""
    if not who.is_person(document):
        return "This record is about no teacher."
    if who.looked_up(document):
        return "The portal has answered for this teacher, so there is nothing left to look up."
    if not who.trn(document):
        return "Enter the TRN first. It has 7 digits."
    if day(document.fields.get("date_of_birth")) is None:
        return "Enter the date of birth first: without it nobody can tell whether it is the same person."
    return ""


def question(document: Document) -> Question | None:
    """What is asked; None when `why_not` says why."""
    born = day(document.fields.get("date_of_birth"))
    if why_not(document) or born is None:
        return None
    return Question(who.trn(document), born, ni_number(document.fields.get("ni_number")))


def ni_number(typed: object) -> str:
    """A National Insurance number as it is sent; "" for what can be none.

    The system takes numbers that the portal's form refuses (section 3.2), so only letters, digits and length are looked at.
    """
    plain = _NOT_NI.sub("", text(typed)[:40].upper())
    return plain if len(plain) == _NI_LENGTH else ""


_NOT_NI = re.compile(r"[^A-Z0-9]")
_NI_LENGTH = 9


def _stops(answer: TeacherAnswer, *, mentor: bool) -> tuple[str, str] | None:
    """What speaks against registering, and what follows from it; None = nothing. In the portal's order."""
    if answer.said is not Said.FOUND:
        return _STOPS[answer.said]
    ended = None if mentor else _ENDED.get(answer.induction_status)
    return ended or (_PROHIBITED if answer.prohibited else None)


def stops_registering(answer: TeacherAnswer, document: Document) -> bool:
    """Whether something in the answer speaks against registering this one."""
    return _stops(answer, mentor=who.is_mentor(document)) is not None


def asks_ni(answer: TeacherAnswer) -> bool:
    """Whether a National Insurance number would settle it."""
    return answer.said in (Said.BORN_DIFFERS, Said.NI_DIFFERS)


def place(answer: TeacherAnswer) -> str:
    """The field that a finding is about."""
    return _PLACE.get(answer.said, "trn")


def finding(answer: TeacherAnswer, on: date, *, mentor: bool) -> str:
    """What speaks against registering, with its source and day; "" = nothing."""
    said = _stops(answer, mentor=mentor)
    return f"{SYSTEM} {said[0]}{said[1]} Looked up on {long_day(on)}. {DECIDES}" if said else ""


def told(answer: TeacherAnswer, document: Document, lists: CodeLists) -> Iterator[str]:
    """The answer in words, a sentence a line: who it is, what stops, what else is known."""
    if said := _stops(answer, mentor=who.is_mentor(document)):
        yield f"It {said[0]}."
    if answer.said is Said.MERGED:
        yield f"The TRN that counts there is {answer.merged_to}."
    if answer.said is not Said.FOUND:
        return
    fits = "the National Insurance number fits, the date of birth does not"
    yield f"TRN {answer.trn} is {answer.name}, and {fits if answer.by_ni_number else 'the date of birth fits'}."
    if answer.name != "Unknown" and not _same_name(answer, document):
        yield f"Here it is {who.full_name(document)}. Compare the two names before you register."
    yield f"Induction: {_status(answer.induction_status, lists)}."
    yield f"Qualified teacher status: {_qts(answer)}."
    if answer.other_alerts == 1:
        yield "There is an alert that does not stop a registration."
    elif answer.other_alerts:
        yield f"There are {answer.other_alerts:,} alerts that do not stop a registration."


def _same_name(answer: TeacherAnswer, document: Document) -> bool:
    here = " ".join(text(document.fields.get(name)) for name in ("first_names", "last_name"))
    return is_blank(here) or here.casefold().split() == answer.name.casefold().split()


def _status(status: str, lists: CodeLists) -> str:
    if status in ("", "None"):
        return "no status yet"
    known = lists.codes("induction_status").get(status)
    return known.label[:1].lower() + known.label[1:] if known else f"“{status}”, which Holdfast does not know"


def _qts(answer: TeacherAnswer) -> str:
    held = day(answer.qts_from)
    return f"since {long_day(held)}" if held else "none shown. A school can still register this teacher"
