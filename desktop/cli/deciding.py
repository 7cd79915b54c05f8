"""The verbs conflicts and resolve: what only a person can decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from desktop.cli import typed, words
from desktop.cli.answer import Answer, Exit
from desktop.cli.output import table
from desktop.cli.records import changed
from desktop.cli.session import Session
from desktop.cli.shown import answered
from desktop.model.collection import Collection
from desktop.model.conflict import Conflict, ConflictKind
from desktop.model.document import Document
from desktop.model.errors import UnknownName, UsageError
from desktop.services import wording
from desktop.services.views import Choice, RecordView
from desktop.services.workspace import Workspace

_KINDS = {
    ConflictKind.FIELDS: "both changed it",
    ConflictKind.DUPLICATE: "is it there already?",
    ConflictKind.CLOSED: "closed at the portal",
    ConflictKind.MISSING: "not at the portal any more",
    ConflictKind.COLLEAGUE: "a colleague changed it, too",
}


def conflicts(session: Session) -> Answer:
    """Open conflicts, oldest first; `mine` is the value as it stands now."""
    workspace = session.workspace
    found = workspace.conflicts.open()
    labels = {c.record_id: workspace.records.view(c.record_id).label for c in found}
    data = [_data(workspace.collection(c.collection), c, labels[c.record_id]) for c in found]

    def lines() -> Iterator[str]:
        for conflict in found:
            yield from _lines(
                workspace.collections[conflict.collection], conflict, labels[conflict.record_id]
            )
            yield ""
        yield f"{wording.count(len(found), 'conflict')} to decide" if found else "Nothing to decide."

    return Answer({"conflicts": data}, lines)


def _data(collection: Collection, conflict: Conflict, label: str) -> dict[str, Any]:
    return {
        "id": conflict.id,
        "record": conflict.record_id,
        "collection": conflict.collection,
        "label": label,
        "kind": conflict.kind,
        "reason": conflict.reason,
        "created_at": words.iso(conflict.created_at),
        "mine_by": conflict.mine_by,
        "theirs_at": conflict.theirs_at,
        "fields": [
            {"field": f.field, "unit": f.unit, "base": f.base, "mine": f.mine, "theirs": f.theirs}
            for f in conflict.fields
        ],
        "candidates": [_candidate(collection, one) for one in _at_portal(conflict)],
        "theirs_by": conflict.colleague,
    }


def _at_portal(conflict: Conflict) -> tuple[Mapping[str, Any], ...]:
    """Records of the portal that may be the same one."""
    return () if conflict.colleague else conflict.candidates


def _candidate(collection: Collection, snapshot: Mapping[str, Any]) -> dict[str, Any]:
    document = Document.from_json(snapshot)
    label = collection.label(document)
    return {"portal_id": snapshot["portal_id"], "label": label, "fields": answered(document.fields)}


def _lines(collection: Collection, conflict: Conflict, label: str) -> Iterator[str]:
    yield f"{label}: {conflict.reason or _KINDS[conflict.kind]}"
    yield f"  {conflict.id}"
    rows = [
        (f.field, *(wording.value_of(collection, f.field, v) for v in (f.base, f.mine, f.theirs)))
        for f in conflict.fields
    ]
    yield from (
        f"  {line}"
        for line in table(("Field", "Before", "Mine", conflict.colleague or collection.portal_short), rows)
    )
    for candidate in _at_portal(conflict):
        named = _candidate(collection, candidate)
        yield f"  {collection.portal_short} has: {named['label']} ({named['portal_id']})"
    if conflict.kind is ConflictKind.DUPLICATE:
        yield f"  holdfast resolve {conflict.id} --link PORTAL_ID, or --keep-draft"
    if conflict.kind is ConflictKind.MISSING:
        yield f"  holdfast resolve {conflict.id} --all mine (keep it here), --all theirs, or --send-again"


def resolve(session: Session) -> Answer:
    """Settle a conflict. Exit 0, whatever the rules say of the result."""
    args, workspace = session.args, session.workspace
    conflict = next((c for c in workspace.conflicts.open() if c.id == args.id), None)
    if conflict is None:
        raise UnknownName(f'There is no open conflict "{args.id[:80]}". See: holdfast conflicts')
    collection = workspace.collection(conflict.collection)
    view = _settle(workspace, collection, conflict, args)
    return replace(
        changed(collection, view, "Decided. What was not chosen stays in the journal."), code=Exit.DONE
    )


def _settle(workspace: Workspace, collection: Collection, conflict: Conflict, args: Any) -> RecordView:
    whole = args.all is not None or args.link is not None or args.keep_draft or args.send_again
    if whole == bool(args.choices):
        raise UsageError(
            "Say what to choose: F=mine, F=theirs or F=value:V for fields, or --all mine, or --all theirs."
        )
    if args.link is not None:
        return workspace.conflicts.link(conflict.id, args.link)
    if args.keep_draft:
        return workspace.conflicts.keep_draft(conflict.id)
    if args.send_again:
        return workspace.conflicts.send_anew(conflict.id)
    if args.all is not None:
        return workspace.conflicts.resolve_all(conflict.id, args.all)
    return workspace.conflicts.resolve(conflict.id, _choices(workspace, collection, args.choices))


def _choices(workspace: Workspace, collection: Collection, given: Sequence[str]) -> dict[str, Choice]:
    """Field -> "mine", "theirs" or ("value", V). Raises UnknownName for a field that does not exist."""
    chosen: dict[str, Choice] = {}
    for name, side in typed.pairs(given).items():
        kind, mark, text = side.partition(":")
        field = collection.field(name)
        if mark and kind == "value":
            if field is None:
                raise UnknownName(f'{collection.title} have no field "{name[:80]}".')
            chosen[name] = ("value", typed.value(field, text, collection, workspace.today()))
        else:
            chosen[name] = side
    return chosen
