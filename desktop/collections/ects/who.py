"""Whom a record is about, and what follows from that: an ECT, a mentor, or the school with its induction tutor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from desktop.collections.ects import formats
from desktop.collections.reading import is_blank, text
from desktop.model.collection import Context
from desktop.model.document import Document

ECT, MENTOR, SCHOOL = "ect", "mentor", "school"

ASKS_NI_NUMBER = "date_of_birth_differs"
"""The one answer of the portal after which it asks for more to find the teacher (section 1.1, step 1a)."""


def role(document: Document) -> str:
    """What the record is about; without an answer an ECT, as most are."""
    return text(document.fields.get("role")).strip() or ECT


def is_ect(document: Document) -> bool:
    """An early career teacher."""
    return role(document) == ECT


def is_mentor(document: Document) -> bool:
    """A mentor, always at one school."""
    return role(document) == MENTOR


def is_school(document: Document) -> bool:
    """The school itself, with its induction tutor."""
    return role(document) == SCHOOL


def is_person(document: Document) -> bool:
    """An ECT or a mentor."""
    return role(document) in (ECT, MENTOR)


def is_new(context: Context) -> bool:
    """Whether the portal has not registered it yet."""
    return context.base is None and not context.state


def looked_up(document: Document) -> bool:
    """Whether the portal has answered who this is: then date of birth and NI number have done their work (section 0)."""
    answer = document.fields.get("portal_answer")
    return not is_blank(answer) and answer != ASKS_NI_NUMBER


def is_yes(document: Document, name: str) -> bool:
    """Whether a question was answered with Yes."""
    return text(document.fields.get(name)).strip() == "yes"


def is_no(document: Document, name: str) -> bool:
    """Whether it was answered with No; no answer is not No."""
    return text(document.fields.get(name)).strip() == "no"


def trn(document: Document) -> str:
    """The TRN in 7 digits; "" when there is none that can be read."""
    return formats.trn(document.fields.get("trn"))


def urn(document: Document) -> str:
    """The URN of the school, as typed."""
    return text(document.fields.get("school_urn")).strip()


def full_name(document: Document) -> str:
    """The corrected name if there is one, else first and last name."""
    fields = document.fields
    corrected = text(fields.get("corrected_name")).strip()
    parts = (text(fields.get("first_names")).strip(), text(fields.get("last_name")).strip())
    return corrected or " ".join(part for part in parts if part)


def mentor_trns(document: Document) -> Iterator[str]:
    """TRNs of the mentors of an ECT, in 7 digits."""
    for child in document.children.get("mentorships", ()):
        found = formats.trn(child.fields.get("mentor_trn"))
        if found:
            yield found


def school_of(document: Document, context: Context) -> Document | None:
    """The record of the school: the one of that URN, or the only one when the URN is not said."""
    return school_among(document, context.related)


def school_among(document: Document, others: Iterable[Document]) -> Document | None:
    """As `school_of`, among these."""
    schools = [other for other in others if is_school(other)]
    mine = urn(document)
    if mine:
        return next((school for school in schools if urn(school) == mine), None)
    return schools[0] if len(schools) == 1 else None


def others_of(context: Context, wanted_role: str, wanted_trn: str) -> list[Document]:
    """Other records here of this person in this role."""
    if not wanted_trn:
        return []
    return [o for o in context.related if role(o) == wanted_role and trn(o) == wanted_trn]


def related(document: Document) -> dict[str, tuple[str, ...]]:
    """Facet -> values of the records that rules compare this one with: same person, same address, mentors, ECTs, school."""
    found: dict[str, tuple[str, ...]] = {}
    if is_school(document):
        return {"school": (urn(document),)} if urn(document) else {}
    mine = trn(document)
    people = {mine, formats.trn(document.fields.get("ect_trn")), *mentor_trns(document)} - {""}
    if people:
        found["trn"] = tuple(sorted(people))
    if mine and is_mentor(document):
        found["mentor"] = (mine,)
    if address := email_of(document):
        found["email"] = (address,)
    if urn(document):
        found["school"] = (urn(document),)
    else:
        found["kind"] = (SCHOOL,)
    return found


def email_of(document: Document) -> str:
    """The address as it is compared: without case (1.1, step 3a)."""
    return text(document.fields.get("email")).strip()[:400].casefold()
