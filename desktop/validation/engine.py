"""Run the rules: all of one record, or those of one action. Today, state and lists come in through the `Context`."""

from __future__ import annotations

from collections.abc import Collection as Collected
from collections.abc import Iterable
from dataclasses import replace

from desktop.collections.reading import alike, is_blank
from desktop.model.collection import Action, Collection, Context
from desktop.model.document import Document, Fields, value_at
from desktop.model.finding import Finding, Severity
from desktop.model.snapshot import UNSEEN


def check(collection: Collection, document: Document, context: Context, record: str = "") -> list[Finding]:
    """Every finding about a document, in the order of the form; each carries `record`.

    Nothing is said of a record in a state that takes no edits: the portal never judges it again. What the portal
    holds already and does not judge itself cannot keep other edits from being sent: such an error is a warning.
    """
    if context.state and not collection.takes_edits(context.state):
        return []
    found: list[Finding] = []
    for rule in collection.rules:
        found.extend(rule.check(document, context))
    if not found:
        return found
    if context.base is not None:
        unseen = context.extras.get(UNSEEN, ())
        found = [_weighed(_as_known(f, document, unseen), document, context.base) for f in found]
    if len(found) > 1:
        found = _in_form_order(collection, document, found)
    return [replace(finding, record=record) for finding in found] if record else found


def check_action(
    action: Action, document: Document, fields: Fields, context: Context, record: str = ""
) -> list[Finding]:
    """Every finding about an action's own fields against the record, in the order of its form."""
    places = {field.name: number for number, field in enumerate(action.fields)}
    found = sorted(action.check(document, fields, context), key=lambda finding: places.get(finding.field, -1))
    return [replace(finding, record=record) for finding in found] if record else found


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether one of them keeps the record from being sent."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def _in_form_order(collection: Collection, document: Document, found: list[Finding]) -> list[Finding]:
    numbers = {
        f"{kind}.{child.id}": number
        for kind, group in document.children.items()
        for number, child in enumerate(group, start=1)
    }

    def place(finding: Finding) -> tuple[int, int, int]:
        section, row = collection.place(finding.field)
        child = finding.field.rpartition(".")[0]
        return (section, numbers.get(child, 0), row)

    return sorted(found, key=place)


def _as_known(finding: Finding, document: Document, unseen: Collected[str]) -> Finding:
    """Where the record was read from a file that never shows a field, its blank is no missing answer."""
    if finding.field not in unseen or not is_blank(document.get(finding.field)):
        return finding
    said = "The portal’s export does not show this answer. Only the portal can tell whether it is there."
    return replace(finding, severity=Severity.UNKNOWN, message=said)


def _weighed(finding: Finding, document: Document, base: Document) -> Finding:
    if finding.severity is not Severity.ERROR or finding.portal_text or not finding.field:
        return finding
    mine = value_at(document, finding.field)
    if mine is None or not alike(mine, value_at(base, finding.field)):
        return finding
    return replace(finding, severity=Severity.WARNING)
