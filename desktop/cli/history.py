"""The verbs journal and evidence: what happened, and when a portal could not be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from desktop.cli import words
from desktop.cli.answer import Answer
from desktop.cli.output import table
from desktop.cli.session import Session
from desktop.model.errors import UnknownRef, UsageError
from desktop.services import wording
from desktop.services.workspace import Workspace


def journal(session: Session) -> Answer:
    """History of one record or of all, newest first."""
    workspace, ref = session.workspace, session.args.ref
    entries = workspace.activity.entries(
        _named(workspace, ref) if ref is not None else None, session.args.limit
    )
    data = [
        {
            "seq": e.seq,
            "at": words.iso(e.at),
            "actor": e.actor,
            "event": e.event,
            "text": e.text,
            "record": e.record_id,
            "detail": dict(e.detail),
        }
        for e in entries
    ]
    heads = ("No.", "When", "Who", "What", "Record")
    return Answer(
        {"entries": data},
        lambda: (
            table(
                heads,
                ((e.seq, words.when(e.at), e.actor or "Holdfast", e.text, e.record_id) for e in entries),
            )
            or ["Nothing has happened yet."]
        ),
    )


def _named(workspace: Workspace, ref: str) -> str:
    """The record that a reference names, in any collection; also one that is deleted but has a history."""
    unknown = UnknownRef(f'No record on this computer has the reference "{ref[:80]}".')
    for name in workspace.collections:
        try:
            return workspace.records.resolve(name, ref)
        except UnknownRef as error:
            unknown = error
    if workspace.activity.entries(ref, 1):
        return ref
    raise unknown


def evidence(session: Session) -> Answer:
    """Outages as a file."""
    path = Path(session.args.out)
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent.name}. Make it first; nothing was written.")
    outages = session.workspace.activity.evidence(path)
    data = [
        {
            "collection": o.collection,
            "state": o.state,
            "begin": words.iso(o.begin),
            "end": words.iso(o.end),
            "tries": o.tries,
            "detail": o.detail,
        }
        for o in outages
    ]

    def lines() -> Iterator[str]:
        heads = ("Collection", "State", "From", "Until", "Tries", "What we saw")
        yield from table(
            heads,
            (
                (o.collection, o.state, words.when(o.begin), words.when(o.end) or "still", o.tries, o.detail)
                for o in outages
            ),
        )
        yield f"{wording.count(len(outages), 'outage')} written to {path.name}"

    return Answer({"file": str(path), "outages": data}, lines)
