"""The verbs journal and evidence: what happened, and when a portal could not be used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from desktop.cli import words
from desktop.cli.answer import Answer, Exit
from desktop.cli.output import table
from desktop.cli.session import Session
from desktop.model.errors import UnknownRef, UsageError
from desktop.services import wording
from desktop.services.core import LONDON
from desktop.services.workspace import Workspace


def journal(session: Session) -> Answer:
    """History of one record or of all, newest first; or one row by its number."""
    workspace, ref, row = session.workspace, session.args.ref, session.args.row
    if row is not None:
        entries = [e for e in workspace.activity.entries(None, 1, row + 1) if e.seq == row]
        if not entries:
            raise UsageError(f"The journal has no row {row:,}.")
    else:
        entries = workspace.activity.entries(
            _named(workspace, ref) if ref is not None else None,
            session.args.limit,
            actors=workspace.people.named(by).names if (by := session.args.by) else (),
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
            "seal": e.seal,
        }
        for e in entries
    ]
    heads = ("No.", "When", "Who", "What", "Record", "Fingerprint")
    return Answer(
        {"entries": data},
        lambda: (
            table(
                heads,
                (
                    (
                        *(e.seq, words.when(e.at), e.actor or "Holdfast", e.text, e.record_id),
                        e.seal if row is not None else "",
                    )
                    for e in entries
                ),
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
    """Outages as a file: .csv (with further files beside it) or .pdf. Exit 1 when the journal's chain is broken."""
    path = Path(session.args.out)
    since, until = _moment(session.args.since), _moment(session.args.until, end=True)
    if path.suffix.lower() in (".csv", ".pdf") and not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent.name}. Make it first; nothing was written.")
    saved = session.workspace.activity.evidence.save(path, since, until)
    report = saved.report
    data = [
        {
            "collection": o.collection,
            "state": o.state,
            "begin": words.iso(o.begin),
            "end": words.iso(o.end),
            "tries": o.tries,
            "detail": o.detail,
            "changes": o.changes,
        }
        for o in report.outages
    ]
    seal = report.seal

    def lines() -> Iterator[str]:
        heads = ("Collection", "State", "From", "Until", "Tries", "Changes", "What we saw")
        yield from table(
            heads,
            (
                (
                    *(o.collection, o.state, words.when(o.begin), words.when(o.end) or "still"),
                    *(o.tries, o.changes, o.detail),
                )
                for o in report.outages
            ),
        )
        written = [file.name for file in saved.files]
        yield f"{wording.count(len(report.outages), 'outage')} written to {', '.join(written)}"
        if seal.whole:
            yield f"The journal's chain is whole: {wording.count(seal.rows, 'row')}, the last sealed {seal.last}"
        else:
            yield f"The journal's chain is broken: {' '.join(seal.problems[:3])} The report says so. Run: holdfast doctor"

    answer = {
        "file": str(path),
        "outages": data,
        "files": [str(file) for file in saved.files],
        "journal": {
            "rows": seal.rows,
            "first": seal.first,
            "last": seal.last,
            "problems": list(seal.problems),
        },
    }
    return Answer(answer, lines, Exit.DONE if seal.whole else Exit.NEEDS_YOU)


def _moment(typed: str | None, *, end: bool = False) -> datetime | None:
    """A day or an ISO time as an aware moment; a day means its beginning in London, or (`end`) its end. Raises UsageError."""
    if typed is None:
        return None
    try:
        found = datetime.fromisoformat(typed.strip())
    except ValueError:
        found = None
    if found is None or not 1970 <= found.year <= 2999:
        raise UsageError(f'"{typed[:40]}" is not a day or time. Write it as 2026-10-05 or 2026-10-05T09:00.')
    if end and len(typed.strip()) <= len("2026-10-05"):
        found += timedelta(days=1)
    return found if found.tzinfo else found.replace(tzinfo=LONDON)
