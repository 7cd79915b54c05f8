"""Rules about placements. A placement that the portal holds unchanged is not judged again. Source: domain pack 1.7."""

from __future__ import annotations

import re
from collections.abc import Iterable

from desktop.collections.declare import ERROR, NOTHING, UNKNOWN, WARNING, Say, rule
from desktop.collections.reading import is_blank, quote, text
from desktop.collections.trainees.rules.held import is_untouched
from desktop.collections.trainees.rules.said import BLANK, INVALID
from desktop.collections.trainees.rules.schools import SPECIAL_URNS, URN
from desktop.model.collection import Context
from desktop.model.document import Child, Document
from desktop.model.finding import Finding

_POSTCODE = re.compile(
    r"(GIR ?0AA|[A-PR-UWYZ]([0-9]{1,2}|[0-9][A-HJKPSTUW]|[A-HK-Y][0-9]{1,2}|[A-HK-Y][0-9][ABEHMNPRVWXY])"
    r" ?[0-9][ABD-HJLNP-UW-Z]{2})\Z",
    re.IGNORECASE | re.ASCII,
)


def is_postcode(typed: str) -> bool:
    """Whether this has the form of a UK postcode, in any case, blanks around and inside being free."""
    squeezed = "".join(typed.split())
    return len(squeezed) <= 8 and _POSTCODE.match(squeezed) is not None


def _changed(document: Document, context: Context) -> list[Child]:
    group = document.children.get("placements") or []
    if context.base is None:
        return group
    return [c for c in group if not is_untouched(context, "placements", c)]


@rule("T-PLACEMENT-URN", ERROR, "The URN of a placement has 6 digits.", "1.7")
def _placement_urn(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    return [
        say(f"placements.{c.id}.urn", f"{quote(urn)} is no URN. Enter the 6 digits of the school.", INVALID)
        for c in _changed(document, context)
        if not is_blank(urn := c.fields.get("urn")) and not URN.match(text(urn))
    ]


@rule("T-PLACEMENT-NAME", ERROR, "A placement has the URN of a known school, or a name.", "1.7")
def _placement_name(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    found = []
    for child in _changed(document, context):
        if not is_blank(child.fields.get("name")):
            continue
        urn = text(child.fields.get("urn")).strip()
        at = f"placements.{child.id}.name"
        if not urn:
            found.append(say(at, "Enter the school's URN, or the name of the setting.", BLANK))
        elif (
            URN.match(urn)
            and urn not in SPECIAL_URNS
            and context.schools is not None
            and urn not in context.schools
        ):
            said = f"Register knows no school with the URN {urn}. Check the number, or enter the name of the setting."
            found.append(say(at, said, BLANK))
    return found


@rule("T-PLACEMENT-SCHOOL", UNKNOWN, "Whether a URN is a school's, Register will check.", "2.1 rule 8")
def _placement_school(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    if context.schools is not None:
        return NOTHING
    said = "The URN has 6 digits. Register will check whether it is a school's."
    return [
        say(f"placements.{c.id}.urn", said)
        for c in _changed(document, context)
        if URN.match(urn := text(c.fields.get("urn")))
        and urn not in SPECIAL_URNS
        and is_blank(c.fields.get("name"))
    ]


@rule("T-PLACEMENT-POSTCODE", ERROR, "A postcode has the form of one.", "1.7")
def _placement_postcode(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    said = "This is not a full UK postcode. Enter one like BN1 1AA, or clear it."
    return [
        say(f"placements.{c.id}.postcode", said, "Enter a valid postcode (for example, BN1 1AA)")
        for c in _changed(document, context)
        if not is_blank(typed := c.fields.get("postcode")) and not is_postcode(text(typed)[:40])
    ]


@rule(
    "T-PLACEMENT-REPEAT",
    WARNING,
    "No school is there twice as a placement. Register does not look for it.",
    "1.7",
)
def _placement_repeat(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    group = document.children.get("placements")
    if not group or len(group) < 2:
        return NOTHING
    changed = {c.id for c in _changed(document, context)}
    found, seen = [], set()
    for child in group:
        urn = text(child.fields.get("urn")).strip()
        if urn in seen and child.id in changed:
            said = "This school is there twice. Remove one, unless the trainee was there twice."
            found.append(say(f"placements.{child.id}.urn", said))
        if urn and urn not in SPECIAL_URNS:
            seen.add(urn)
    return found


RULES = (_placement_urn, _placement_name, _placement_school, _placement_postcode, _placement_repeat)
