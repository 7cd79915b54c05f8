"""Trainees where people type them into Register's website: what only its API asks for may stay unanswered.

The website has no question for a HESA ID, aim and award of the training, the year of the course or student finance. Source:
domain pack 0 and 2 (only higher-education providers have the API), 9.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from desktop.collections.reading import is_blank
from desktop.collections.trainees import COLLECTION
from desktop.collections.trainees.sheets import REGISTER
from desktop.model.collection import Collection, Context, Required, Rule
from desktop.model.document import Document
from desktop.model.finding import Finding

_ASKED = {name for page in REGISTER.pages for question in page.questions for name in question.fields}
NOT_ASKED = frozenset(
    f.name for f in COLLECTION.fields if f.required is not Required.NEVER and f.name not in _ASKED
)
_DEMANDING = frozenset({"T-REQUIRED", "T-QUALIFICATION-AIM"})


def _of_what_is_asked(rule: Rule) -> Rule:
    """The same rule, silent about what is blank because nobody asks for it."""

    def check(document: Document, context: Context) -> Iterable[Finding]:
        found = rule.check(document, context)
        return [f for f in found if f.field not in NOT_ASKED or not is_blank(document.get(f.field))]

    return replace(rule, check=check)


BY_WEBSITE: Collection = replace(
    COLLECTION,
    fields=tuple(
        replace(f, required=Required.NEVER, needed=None) if f.name in NOT_ASKED else f
        for f in COLLECTION.fields
    ),
    rules=tuple(_of_what_is_asked(rule) if rule.id in _DEMANDING else rule for rule in COLLECTION.rules),
)
