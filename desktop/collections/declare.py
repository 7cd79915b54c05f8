"""How rules are declared: id, severity, demand and source stand next to the function that checks them.

    @rule("T-EMAIL-FORMAT", ERROR, "An email address must be one.", "2.1 rule 1")
    def email_format(say, document, context): ...

The name then *is* the `Rule`; `say` makes findings that carry its id and severity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from desktop.model.collection import Context, Rule
from desktop.model.document import Document
from desktop.model.finding import Finding, Severity

ERROR, WARNING, UNKNOWN = Severity.ERROR, Severity.WARNING, Severity.UNKNOWN

NOTHING: tuple[Finding, ...] = ()
"""What a rule returns when all is well."""


@dataclass(frozen=True)
class Say:
    """Makes the findings of one rule."""

    id: str
    severity: Severity

    def __call__(
        self, field: str, message: str, portal_text: str = "", severity: Severity | None = None
    ) -> Finding:
        """A finding at `field`; `severity` when this one weighs less than the rule in general."""
        return Finding(self.id, severity or self.severity, field, message, "", portal_text)


Checked = Callable[[Say, Document, Context], Iterable[Finding]]


def rule(id: str, severity: Severity, demand: str, source: str) -> Callable[[Checked], Rule]:  # noqa: A002
    """Turn a check into a published rule. `source` is a section of the collection's domain pack."""

    def declared(check: Checked) -> Rule:
        return Rule(id, severity, demand, source, partial(check, Say(id, severity)))

    return declared


@dataclass(frozen=True)
class Demand:
    """A rule about an action's own fields, as published. The action's `check` names it by id."""

    id: str
    severity: Severity
    demand: str
    source: str

    @property
    def say(self) -> Say:
        """Maker of this rule's findings."""
        return Say(self.id, self.severity)
