"""One record and its findings: as JSON for programs, and as a page of plain English for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from desktop.cli import words
from desktop.cli.output import pairs
from desktop.model.collection import Action, Collection
from desktop.model.document import Child, Document, Fields, Patch
from desktop.model.finding import Finding
from desktop.model.standing import Sync
from desktop.services import wording
from desktop.services.views import QueueItem, RecordView
from desktop.validation.engine import has_errors

_NEEDS_YOU = frozenset({Sync.CONFLICT, Sync.REJECTED, Sync.UNKNOWN})


def needs_person(view: RecordView) -> bool:
    """Whether a person must look at this record: error findings, conflict, refusal, unknown."""
    return has_errors(view.findings) or view.sync in _NEEDS_YOU


# --- for programs ---------------------------------------------------------------------------------------------------


def record_data(view: RecordView) -> dict[str, Any]:
    """The object of `show` (contract.md section 2). Flat fields without empty ones; children flat with their ids."""
    return {
        "id": view.id,
        "collection": view.collection,
        "portal_id": view.portal_id,
        "label": view.label,
        "sync": view.sync,
        "caption": view.caption,
        "state": view.state,
        "state_label": view.state_label,
        "missing": view.missing,
        "editable": view.editable,
        "fields": answered(view.document.fields),
        "children": children_data(view.document),
        "base": answered(view.base.fields) if view.base else None,
        "base_children": children_data(view.base) if view.base else None,
        "pending": pending_data(view.pending),
        "extras": dict(view.extras),
        "findings": [f.to_json() for f in view.findings],
        "actions": list(view.actions),
        "conflict": view.conflict.id if view.conflict else None,
        "changes": [change_data(item) for item in view.changes],
        "money_gbp": view.money.at_most if view.money else None,
        "saved_at": words.iso(view.saved_at),
    }


def answered(fields: Fields) -> Fields:
    """The fields that hold something."""
    return {name: held for name, held in fields.items() if held is not None and held != ""}


def children_data(document: Document) -> dict[str, list[dict[str, Any]]]:
    """Kind -> its children in order."""
    return {kind: [_child_data(child) for child in group] for kind, group in document.children.items()}


def _child_data(child: Child) -> dict[str, Any]:
    return answered(child.fields) | {"id": child.id, "portal_id": child.portal_id}


def pending_data(patch: Patch) -> dict[str, Any]:
    """Path -> new value: `email`, `degrees.ID.grade`; `degrees.ID` is an object when added, null when removed."""
    data: dict[str, Any] = dict(patch.fields)
    for kind, patches in patch.children.items():
        for child_id, child in patches.items():
            path = f"{kind}.{child_id}"
            if child.added or child.removed:
                data[path] = answered(child.fields) if child.added else None
            else:
                data |= {f"{path}.{name}": held for name, held in child.fields.items()}
    return data


def change_data(item: QueueItem) -> dict[str, Any]:
    """One change as `queue` lists it."""
    return {
        "id": item.id,
        "record": item.record_id,
        "collection": item.collection,
        "kind": item.kind,
        "target": item.target,
        "state": item.state,
        "attempts": item.attempts,
        "next_try": words.iso(item.next_try),
        "reason": item.reason,
        "label": item.record_label,
        "what": item.what,
        "place": item.place,
        "group": item.group,
        "money_gbp": item.money_gbp,
        "saved_at": words.iso(item.saved_at),
    }


# --- for people -----------------------------------------------------------------------------------------------------


def record_lines(collection: Collection, view: RecordView) -> Iterator[str]:
    """The record as a page: where it stands, its answers by section, its children, what to put right."""
    yield from _head(collection, view)
    for section in collection.sections:
        rows = [_row(collection, view, f.name) for f in collection.fields if f.section == section.key]
        rows = [row for row in rows if row[1]]
        if rows:
            yield ""
            yield section.title
            yield from pairs(rows)
        for kind in collection.children:
            if kind.section == section.key and (group := view.document.children.get(kind.key)):
                yield ""
                yield kind.title
                yield from pairs(
                    [(child.id, kind.label(child.fields, collection.code_lists)) for child in group]
                )
    yield from finding_lines(collection, view.findings)


def _head(collection: Collection, view: RecordView) -> Iterator[str]:
    yield view.label
    stands = words.SYNC[view.sync] + (f" ({view.caption})" if view.caption else "")
    rows = [
        ("Here", stands),
        (collection.portal_short, view.state_label + (", not in its list any more" if view.missing else "")),
        ("Portal id", view.portal_id or ""),
        ("Local id", view.id),
        ("Money", f"{wording.money(view.money.at_most)} ({view.money.what})" if view.money else ""),
        ("Conflict", f"{view.conflict.id} (see: holdfast conflicts)" if view.conflict else ""),
    ]
    yield from pairs([row for row in rows if row[1]])
    for item in view.changes:
        yield f"  {wording.CHANGE[item.state]}: {item.what}" + (f" - {item.reason}" if item.reason else "")


def _row(collection: Collection, view: RecordView, name: str) -> tuple[str, str]:
    held = view.document.get(name)
    told = wording.value_of(collection, name, held) if held not in (None, "") else ""
    if name in view.pending.fields and view.base is not None:
        told = (
            f"{told or 'cleared'}   ({collection.portal_short} has: {_theirs(collection, view.base, name)})"
        )
    return wording.label_of(collection, name), told


def _theirs(collection: Collection, base: Document, name: str) -> str:
    told = wording.value_of(collection, name, base.get(name))
    return told if base.get(name) else told.lower()


def finding_lines(
    collection: Collection,
    findings: Sequence[Finding],
    labels: Mapping[str, str] | None = None,
    action: Action | None = None,
) -> Iterator[str]:
    """What to put right, what to look at, what only the portal can tell.

    `labels` name the records of a list; `action` is the one whose fields the findings are about.
    """
    own = {f.name: f.label for f in action.fields} if action else {}
    for severity, title in words.SEVERITY.items():
        chosen = [f for f in findings if f.severity is severity]
        if chosen:
            yield ""
            yield f"{title} ({len(chosen):,})"
        for finding in chosen:
            of = f"{labels.get(finding.record, finding.record)}: " if labels is not None else ""
            field = own.get(finding.field) or wording.label_of(collection, finding.field)
            yield f"  {of}{field}{': ' if field else ''}{finding.message}"
