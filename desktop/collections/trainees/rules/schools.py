"""Rules about training partner and employing school. Whether they exist, only Register or a held list can tell."""

from __future__ import annotations

import re
from collections.abc import Iterable

from desktop.collections.declare import ERROR, NOTHING, UNKNOWN, WARNING, Say, rule
from desktop.collections.reading import alike, is_blank, quote, text
from desktop.collections.trainees.rules.held import holds
from desktop.collections.trainees.rules.said import no_such_partner, no_such_school
from desktop.model.collection import Context
from desktop.model.document import Document
from desktop.model.finding import Finding

URN = re.compile(r"[0-9]{6}\Z")
UKPRN = re.compile(r"[0-9]{8}\Z")
SPECIAL_URNS = frozenset({"900000", "900010", "900020", "900030"})
"""URNs that stand for no school at all: outside England and Wales, not applicable, no URN, not available."""


@rule("T-PARTNER-URN", ERROR, "The URN of a training partner has 6 digits.", "2, training_partner_urn")
def _partner_urn(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    value = document.fields.get("training_partner_urn")
    if value is None or is_blank(value) or URN.match(text(value)):
        return NOTHING
    said = f"{quote(value)} is no URN. Enter the 6 digits of the training partner, or clear it."
    return (say("training_partner_urn", said, no_such_partner("URN", value)),)


@rule("T-PARTNER-UKPRN", ERROR, "The UKPRN of a training partner has 8 digits.", "2, training_partner_ukprn")
def _partner_ukprn(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    value = document.fields.get("training_partner_ukprn")
    if value is None or is_blank(value) or UKPRN.match(text(value)) or _known(context, text(value)):
        return NOTHING
    said = f"{quote(value)} is no UKPRN. Enter the 8 digits of the training partner, or clear it."
    portal = "" if _urn_wins(document) else no_such_partner("UKPRN", value)
    return (say("training_partner_ukprn", said, portal),)


@rule(
    "T-PARTNER-KNOWN",
    ERROR,
    "Register knows the training partner. Unknown while no list is at hand.",
    "2.1 rule 8",
)
def _partner_known(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    fields = document.fields
    urn = fields.get("training_partner_urn")
    if urn is not None and not is_blank(urn):
        return _partner_by_urn(say, text(urn), context)
    ukprn = text(fields.get("training_partner_ukprn"))
    if not UKPRN.match(ukprn) or _known(context, ukprn) or holds(context, "training_partner_ukprn", ukprn):
        return NOTHING
    name = "training_partner_ukprn"
    if context.partners is None:
        said = "The UKPRN has 8 digits. Register will check whether it is a training partner's."
        return (say(name, said, severity=UNKNOWN),)
    said = f"Register knows no training partner with the UKPRN {ukprn}. Check the number."
    return (say(name, said, no_such_partner("UKPRN", ukprn)),)


def _partner_by_urn(say: Say, urn: str, context: Context) -> Iterable[Finding]:
    name = "training_partner_urn"
    if not URN.match(urn) or urn in SPECIAL_URNS or _known(context, urn) or holds(context, name, urn):
        return NOTHING
    schools = context.schools
    if schools is None:
        said = "The URN has 6 digits. Register will check whether it is a training partner's."
        return (say(name, said, severity=UNKNOWN),)
    if urn in schools:
        return NOTHING
    said = f"Register knows no training partner with the URN {urn}. Check the number."
    return (say(name, said, no_such_partner("URN", urn)),)


def _known(context: Context, number: str) -> bool:
    return context.partners is not None and number in context.partners


def _urn_wins(document: Document) -> bool:
    return not is_blank(document.fields.get("training_partner_urn"))


@rule(
    "T-PARTNER-BOTH", WARNING, "A change names the training partner by URN or by UKPRN, not by both.", "1.6"
)
def _partner_twice(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    fields = document.fields
    urn, ukprn = fields.get("training_partner_urn"), fields.get("training_partner_ukprn")
    if is_blank(urn) or is_blank(ukprn):
        return NOTHING
    base = context.base
    if base is not None and all(
        alike(base.get(n), fields.get(n)) for n in ("training_partner_urn", "training_partner_ukprn")
    ):
        return NOTHING
    said = "Register goes by the URN and ignores the UKPRN. Clear the one that is not meant."
    return (say("training_partner_ukprn", said),)


@rule("T-EMPLOYER-URN", ERROR, "The URN of an employing school has 6 digits.", "2, employing_school_urn")
def _employer_urn(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    value = document.fields.get("employing_school_urn")
    if value is None or is_blank(value) or URN.match(text(value)):
        return NOTHING
    said = f"{quote(value)} is no URN. Enter the 6 digits of the employing school, or clear it."
    return (say("employing_school_urn", said, no_such_school(value)),)


@rule(
    "T-EMPLOYER-KNOWN",
    ERROR,
    "Register knows the employing school. Unknown while no list is at hand.",
    "2.1 rule 8",
)
def _employer_known(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    name = "employing_school_urn"
    value = document.fields.get(name)
    if value is None:
        return NOTHING
    urn, schools = text(value), context.schools
    if not URN.match(urn) or urn in SPECIAL_URNS or holds(context, name, urn):
        return NOTHING
    if schools is None:
        return (
            say(
                name, "The URN has 6 digits. Register will check whether it is a school's.", severity=UNKNOWN
            ),
        )
    if urn in schools:
        return NOTHING
    return (
        say(name, f"Register knows no school with the URN {urn}. Check the number.", no_such_school(urn)),
    )


RULES = (_partner_urn, _partner_ukprn, _partner_known, _partner_twice, _employer_urn, _employer_known)
