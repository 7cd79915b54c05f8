"""What the Teaching Record System told of a teacher, where this organisation may ask it. Source: domain pack 1.1, 1.2 and 4."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.collections.declare import NOTHING, WARNING, Say, rule
from desktop.collections.ects import advice, who
from desktop.model.collection import Context
from desktop.model.document import Document
from desktop.model.finding import Finding


@rule(
    "E-TRS-ADVICE",
    WARNING,
    "What the Teaching Record System told on a lookup does not speak against registering.",
    "1.1, outcomes of step 1; 4",
)
def _advice(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    known = context.advice
    if known is None or not who.is_person(document) or not who.is_new(context) or who.looked_up(document):
        return NOTHING
    if known.answer.trn != who.trn(document):
        return NOTHING
    said = advice.finding(known.answer, known.on, mentor=who.is_mentor(document))
    return (say(advice.place(known.answer), said),) if said else NOTHING


RULES = (_advice,)
