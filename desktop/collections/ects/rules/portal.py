"""What only the portal can tell, and what follows when it has told. Source: domain pack 1.1, 1.2, 4, 5 and 9.

Holdfast cannot look up a teacher. Until the portal has answered, nothing here is said to be right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop.collections.declare import ERROR, NOTHING, UNKNOWN, Say, rule
from desktop.collections.ects import formats, who
from desktop.collections.reading import is_blank, text
from desktop.model.collection import Context
from desktop.model.document import Document
from desktop.model.finding import Finding

BLOCKS: Mapping[str, str] = {
    "not_found": "The portal found no teacher. Check TRN and date of birth against a letter or payslip, then enter them again.",
    "ni_number_differs": "The portal found no teacher with this National Insurance number. Ask the teacher, then start again.",
    "completed": "The teacher has passed induction, so nothing is to be registered. Discard the record, or check the TRN.",
    "exempt": "The teacher is exempt from induction, so nothing is to be registered. Discard the record, or check the TRN.",
    "failed": "The teacher has failed induction and cannot be registered. Check the TRN; else ask DfE.",
    "prohibited": "The portal does not let this person be registered. Ask DfE before anything else.",
    "same_person": "Mentor and ECT are the same person for the portal. Check both TRNs.",
    "email_in_use": "Someone else uses this email address at the portal. Enter another one, then register again.",
    "cannot_register_yet": "The portal does not take this start date yet. Register when it opens, usually in June.",
}
"""What the portal answered -> what that means and what to do. `already_registered` depends on the role."""

HERE = "An ECT with this TRN is registered at this school already. Take over that record instead of a second one."
MENTOR_HERE = (
    "This mentor is registered at this school already. Do not register again: link the mentor to the ECT."
)
_OUT = {"Passed": "completed", "Exempt": "exempt", "Failed": "failed"}
"""Induction status -> answer of the portal. Failed in Wales does not stop a school (section 1.1)."""


@rule(
    "E-PORTAL-BLOCK",
    ERROR,
    "The portal did not stop the registration.",
    "1.1 and 1.2, outcomes of step 1; 3a; 4a",
)
def _portal_block(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    answer = text(document.fields.get("portal_answer")).strip()
    if not who.is_person(document) or not who.is_new(context):
        return NOTHING
    if answer == "already_registered":
        return (say("portal_answer", MENTOR_HERE if who.is_mentor(document) else HERE),)
    said = BLOCKS.get(answer)
    return (say("portal_answer", said),) if said else NOTHING


@rule(
    "E-INDUCTION-OVER",
    ERROR,
    "An ECT has not passed or failed induction and is not exempt from it.",
    "1.1, outcomes of step 1",
)
def _induction_over(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    over = _OUT.get(text(document.fields.get("induction_status")).strip())
    if over is None or not who.is_ect(document) or not who.is_new(context):
        return NOTHING
    if text(document.fields.get("portal_answer")).strip() in BLOCKS:
        return NOTHING
    return (say("induction_status", BLOCKS[over]),)


@rule(
    "E-LOOKUP",
    UNKNOWN,
    "TRN and date of birth belong to one teacher who may be registered.",
    "4, 9",
)
def _lookup(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    answer = document.fields.get("portal_answer")
    waits = is_blank(answer) or answer == who.ASKS_NI_NUMBER
    if not waits or not who.trn(document) or not who.is_person(document) or not who.is_new(context):
        return NOTHING
    told = "" if who.is_mentor(document) else ", induction"
    return (say("trn", f"TRN, date of birth{told} and prohibitions will be checked by the portal."),)


@rule("E-EMAIL-ELSEWHERE", UNKNOWN, "Nobody at another school uses the email address.", "1.1 step 3a, 9")
def _email_elsewhere(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    address = who.email_of(document)
    if not who.is_person(document) or not who.is_new(context) or not formats.is_notify_email(address):
        return NOTHING
    return (say("email", "Whether someone elsewhere uses this address will be checked by the portal."),)


@rule(
    "E-MENTOR-ELIGIBLE",
    UNKNOWN,
    "A mentor can have mentor training.",
    "1.2 step 4, 5",
)
def _mentor_eligible(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    if not who.is_mentor(document) or not who.is_new(context):
        return NOTHING
    said = "Whether this mentor can have mentor training will be checked by the portal."
    return (say("lead_provider", said),)


RULES = (_portal_block, _induction_over, _lookup, _email_elsewhere, _mentor_eligible)
