"""Verbs on one record: show, add, set, act, revert, discard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from desktop.cli import edits, typed
from desktop.cli.answer import Answer, Exit
from desktop.cli.session import Session
from desktop.cli.shown import finding_lines, needs_person, record_data, record_lines
from desktop.model.collection import Action, Collection
from desktop.model.errors import UnknownName
from desktop.model.finding import Finding
from desktop.model.standing import Sync
from desktop.services.records import ActionRefused
from desktop.services.views import RecordView
from desktop.services.workspace import Workspace

_SAID = {
    Sync.DRAFT: "Saved here as a draft. It is sent once the errors are put right.",
    Sync.QUEUED: "Saved here. It waits to be sent.",
    Sync.CLEAN: "Saved here. The portal has the same, so nothing is to be sent.",
    Sync.SENDING: "Saved here. An earlier change of this record is being sent.",
    Sync.UNKNOWN: "Saved here. What came of an earlier change of this record is not known yet.",
    Sync.CONFLICT: "Saved here. This record has a conflict that only you can decide: holdfast conflicts",
    Sync.REJECTED: "Saved here. The portal refused an earlier change of this record: holdfast queue",
}

_BY_HAND = {
    Sync.DRAFT: "Saved here as a draft. It can be typed once the errors are put right.",
    Sync.QUEUED: "Saved here. It waits to be typed into the portal’s website: holdfast key list",
}
"""The same where a portal takes nothing from programs."""


def _collection(session: Session) -> Collection:
    return session.workspace.collection(session.args.collection)


def _record(session: Session) -> tuple[Workspace, Collection, str]:
    """The workspace, the collection and the local id that the arguments name."""
    workspace = session.workspace
    collection = _collection(session)
    return workspace, collection, workspace.records.resolve(collection.name, session.args.ref)


def show(session: Session) -> Answer:
    """One record: what is here, what the portal has, what differs."""
    workspace, collection, record_id = _record(session)
    view = workspace.records.view(record_id)
    return Answer(record_data(view), lambda: record_lines(collection, view))


def changed(collection: Collection, view: RecordView, said: str = "") -> Answer:
    """The answer of every verb that wrote to a record: the record as it is now, and 1 when it needs a person."""

    def lines() -> Iterator[str]:
        yield f"{view.label} ({view.id})"
        by_hand = "" if collection.sends else _BY_HAND.get(view.sync, "")
        yield said or by_hand or _SAID[view.sync]
        yield from finding_lines(collection, view.findings)

    return Answer(record_data(view), lines, Exit.NEEDS_YOU if needs_person(view) else Exit.DONE)


def add(session: Session) -> Answer:
    """A new record from JSON. Findings keep it a draft; nothing that was given is thrown away."""
    workspace, collection = session.workspace, _collection(session)
    data = typed.read_json(session.args.source, typed.RECORD_BYTES)
    document = typed.document(collection, data, workspace.today())
    return changed(collection, workspace.records.add(collection.name, document))


def set(session: Session) -> Answer:  # noqa: A001 - the verb's name
    """Edit fields and children of a record, all of it or nothing."""
    workspace, collection, record_id = _record(session)
    patch = edits.patch(workspace, collection, record_id, session.args.changes)
    return changed(collection, workspace.records.edit(record_id, patch).view)


def act(session: Session) -> Answer:
    """Queue an action; typing it is the person's confirmation. With findings against it nothing is queued."""
    workspace, collection, record_id = _record(session)
    action = session.args.action
    fields = typed.fields_of_action(collection, action, session.args.changes)
    known = collection.action(action)
    assert known is not None, "fields_of_action lets no other through"
    try:
        view = workspace.records.act(record_id, action, fields)
    except ActionRefused as refused:
        return _not_queued(collection, workspace.records.view(record_id), known, refused.findings)
    waits = "to be typed: holdfast key list" if known.by_hand else "to be sent"
    return changed(collection, view, f"{known.label}: confirmed, waits {waits}. {known.warning}")


def _not_queued(
    collection: Collection, view: RecordView, action: Action, findings: Sequence[Finding]
) -> Answer:
    data = record_data(view) | {"findings": [f.to_json() for f in findings], "queued": False}

    def lines() -> Iterator[str]:
        yield f"{view.label} ({view.id})"
        yield f"{action.label}: nothing was queued."
        yield from finding_lines(collection, findings, action=action)

    return Answer(data, lines, Exit.NEEDS_YOU)


def revert(session: Session) -> Answer:
    """Back to what the portal holds: all changes, or the named fields and children."""
    workspace, collection, record_id = _record(session)
    pending = workspace.records.view(record_id).pending.touched()
    if strange := [p for p in session.args.paths if p not in pending]:
        there = ", ".join(pending) or "nothing"
        raise UnknownName(f'"{strange[0][:80]}" is not changed here. Changed: {there}.')
    view = workspace.records.revert(record_id, session.args.paths).view
    return changed(collection, view, "Taken back to what the portal holds.")


def discard(session: Session) -> Answer:
    """Delete a draft that never reached the portal."""
    workspace, _, record_id = _record(session)
    label = workspace.records.view(record_id).label
    workspace.records.discard(record_id)
    return Answer({"id": record_id, "discarded": True}, lambda: (f"{label}: the draft is deleted.",))
