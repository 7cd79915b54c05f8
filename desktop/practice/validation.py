"""What the portal answers to a record that breaks its rules: the collection's own rules, in the portal's words.

The rules are written once, in `desktop.collections.trainees`; a finding carries the portal's text when the portal enforces
the rule. This module turns the stored record into a document, and findings into the shapes of pack 1.4. The portal judges
the whole record anew each time, so no base is given to the rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from desktop.collections.trainees import COLLECTION
from desktop.collections.trainees.tables import PACK, portal_field
from desktop.model.collection import Context
from desktop.model.document import Child, Document, Fields, Value
from desktop.model.finding import Finding, Severity
from desktop.practice import lists
from desktop.practice.incoming import Issue, sent
from desktop.practice.mapping import DEGREE_LISTS
from desktop.practice.record import Degree, Placement, Record
from desktop.practice.state import State
from desktop.validation.engine import check, check_action

_PORTAL_ONLY = frozenset({"training_partner_urn", "training_partner_ukprn", "employing_school_urn"})
"""Fields that `incoming` judges: against all that the portal knows, with the same words."""

_PARENTS = {"degrees": "degrees_attributes", "placements": "placements_attributes"}


def document_of(
    record: Record, degrees: Iterable[Degree] = (), placements: Iterable[Placement] = ()
) -> Document:
    """The record as the rules read it, with these children."""
    fields: Fields = {k: v for k, v in record.f.items() if isinstance(v, (str, int))}
    for key in ("training_initiative", "course_age_range"):
        if lists.uncoded(key, fields.get(key)):
            del fields[key]
    if record.nationalities and not lists.uncoded("nationality", record.nationalities[0]):
        fields["nationality"] = record.nationalities[0]
    fields.update(record.disabilities)
    return Document(
        fields,
        {
            "degrees": [Child(d.slug, _degree_fields(d)) for d in degrees],
            "placements": [Child(p.slug, _placement_fields(p)) for p in placements],
        },
    )


def _degree_fields(degree: Degree) -> Fields:
    """A degree for the rules: what stands by a name that has no code ("Other UK institution", a foundation degree) is
    right as it is and shown as any code of its list; what does not belong to its locale is not judged.
    """
    fields: dict[str, Value] = dict(degree.f)
    for key, list_name in DEGREE_LISTS.items():
        if lists.uncoded(list_name, fields.get(key)):
            fields[key] = lists.codes(list_name)[0]
    fields.pop("country" if degree.uk else "institution", None)
    return fields


def _placement_fields(placement: Placement) -> Fields:
    return {
        "urn": placement.school or placement.urn,
        "name": placement.name,
        "postcode": placement.postcode,
    }


def _context(record: Record, state: State) -> Context:
    """What the rules may know: the portal's day and, for a portal knows them all, its schools and partners."""
    return Context(
        today=state.clock.today(),
        codes=PACK,
        state=record.state,
        schools=state.school_urns,
        partners=state.partner_numbers,
    )


def _enforced(findings: Iterable[Finding]) -> list[Finding]:
    """Errors that the portal itself would report."""
    return [f for f in findings if f.severity is Severity.ERROR and f.portal_text]


def trainee_issues(record: Record, state: State, *, placements: Iterable[Placement] = ()) -> list[Issue]:
    """Everything the portal holds against a trainee with its degrees; [] = it would be saved.

    `placements` are those that come with a new trainee; the stored ones are not judged again.
    """
    sent_along = list(placements)
    issues = [_issue(f) for f in trainee_findings(record, state, sent_along)]
    for placement in sent_along:
        issues += _nameless(placement, issues)
    return issues


def trainee_findings(record: Record, state: State, placements: Iterable[Placement] = ()) -> list[Finding]:
    """The errors behind `trainee_issues`, in plain English for pages; schools and partners are not among them."""
    document = document_of(record, record.degrees, placements)
    found = _enforced(check(COLLECTION, document, _context(record, state)))
    return [f for f in found if f.field not in _PORTAL_ONLY]


def _issue(finding: Finding) -> Issue:
    kind, _, rest = finding.field.partition(".")
    name = portal_field(finding.rule, finding.field)
    parent = _PARENTS.get(kind, "") if rest and name not in _PARENTS.values() else ""
    return Issue(name, finding.portal_text, parent)


def degree_issues(degree: Degree, record: Record, state: State) -> list[Issue]:
    """What the portal holds against one degree of a trainee."""
    return [_issue(f) for f in degree_findings(degree, record, state)]


def degree_findings(degree: Degree, record: Record, state: State) -> list[Finding]:
    """The errors behind `degree_issues`, in plain English for pages."""
    found = _enforced(check(COLLECTION, document_of(record, [degree]), _context(record, state)))
    return [f for f in found if f.field.startswith(f"degrees.{degree.slug}.")]


def placement_issues(placement: Placement, record: Record, state: State) -> list[Issue]:
    """What the portal holds against one placement of a trainee."""
    issues = [_issue(f) for f in placement_findings(placement, record, state)]
    return [*issues, *_nameless(placement, issues)]


def placement_findings(placement: Placement, record: Record, state: State) -> list[Finding]:
    """Most of the errors behind `placement_issues`, in plain English for pages."""
    found = _enforced(check(COLLECTION, document_of(record, (), [placement]), _context(record, state)))
    return [f for f in found if f.field.startswith(f"placements.{placement.slug}.")]


def _nameless(placement: Placement, known: list[Issue]) -> list[Issue]:
    """A placement without a known school needs a name, whatever its URN: a special one does not count here (1.7)."""
    named = placement.school is not None or bool((placement.name or "").strip())
    issue = Issue("name", "can't be blank", "placements_attributes")
    return [] if named or issue in known else [issue]


def action_issues(name: str, record: Record, data: Mapping[str, Any], state: State) -> list[Issue]:
    """What the portal holds against an action with the answers sent (1.8)."""
    return [Issue(f.field, f.portal_text) for f in action_findings(name, record, data, state)]


def action_findings(name: str, record: Record, data: Mapping[str, Any], state: State) -> list[Finding]:
    """The errors behind `action_issues`, in plain English for pages."""
    action = COLLECTION.action(name)
    assert action is not None
    fields: Fields = {field.name: sent(data, field.name) for field in action.fields}
    if "reasons" in data:
        reasons = data["reasons"] if isinstance(data["reasons"], list) else []
        fields["reasons"] = json.dumps([r for r in reasons if isinstance(r, str)])
    document = document_of(record, record.degrees, record.placements)
    return _enforced(check_action(action, document, fields, _context(record, state)))


def as_list(issues: list[Issue]) -> list[str]:
    """The list form of 1.4: a degree's field stands bare, a placement's after `placements_attributes`."""
    return [
        f"{'placements_attributes ' if i.parent == 'placements_attributes' else ''}{i.field} {i.text}".strip()
        for i in issues
    ]


def as_map(issues: list[Issue]) -> dict[str, Any]:
    """The map of Enhanced-Errors (1.1): child errors one level down, without an index."""
    found: dict[str, Any] = {}
    for issue in issues:
        if issue.parent:
            below = found.setdefault(issue.parent, {})
            if isinstance(below, dict):
                below.setdefault(issue.field, []).append(issue.text)
        elif isinstance(found.setdefault(issue.field, []), list):
            found[issue.field].append(issue.text)
    return found
