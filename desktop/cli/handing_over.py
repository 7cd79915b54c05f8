"""`export`: files in the portal's own formats, for a person to upload (contract.md section 2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from desktop.cli.answer import Answer, Exit
from desktop.cli.output import table
from desktop.cli.session import Session
from desktop.model.errors import UnknownName
from desktop.services import wording
from desktop.services.export_plans import TRAINEES, check_route
from desktop.services.exports import Made


def export(session: Session) -> Answer:
    """Write the files of one format. Exit 1 when something is not in them or must be put right first."""
    args, workspace = session.args, session.workspace
    known = workspace.collection(args.collection)
    if known.outsiders:
        return _lists(session)
    if known.name != TRAINEES:
        raise UnknownName(f"{known.title} have no file formats yet.")
    check_route(args.format)
    source = Path(args.source) if args.source else None
    made = workspace.exports.make(args.format, Path(args.out), source)
    plan, done = made.plan, made.export
    files = [file.name for file in done.files] if done else []
    data = {
        "export": done.id if done else None,
        "files": files,
        "records": plan.records,
        "left_out": [
            {"record": left.record_id, "label": left.label, "field": left.field, "reason": left.reason}
            for left in plan.left_out
        ],
        "warnings": list(plan.warnings),
        "with_errors": plan.with_errors,
        "deletes": [{"record": d.record_id, "label": d.label, "urn": d.urn} for d in plan.deletions],
        "sha256": {file.name: file.sha256 for file in done.files} if done else {},
    }
    code = Exit.NEEDS_YOU if plan.left_out or plan.with_errors else Exit.DONE
    return Answer(data, lambda: _told(made), code)


def _lists(session: Session) -> Answer:
    """Lists for those outside who work with these records."""
    args = session.args
    given = session.workspace.outsiders.write(args.collection, args.format, Path(args.out))

    def lines() -> Iterator[str]:
        for one in given:
            yield f"{wording.count(one.rows, 'record')} in {one.path.name}."
        yield "Anybody can read it, and it holds personal data: send it safely, and delete it then."

    data = {"files": [str(one.path.name) for one in given], "records": sum(one.rows for one in given)}
    return Answer(data, lines)


def _told(made: Made) -> Iterator[str]:
    plan = made.plan
    if made.export is None:
        yield "Nothing waits that could go into this file."
    else:
        names = ", ".join(file.name for file in made.export.files)
        yield f"{wording.count(plan.records, 'record')} in {names}. Upload it, then say so on Hand-over in the window."
        yield "Anybody can read it, and it holds personal data: delete it when it is uploaded."
    for warning in plan.warnings:
        yield f"Note: {warning}"
    if plan.deletions:
        yield "Register will delete these placements:"
        yield from table(
            ("Name", "School URN", "Id"), [(d.label, d.urn, d.record_id) for d in plan.deletions]
        )
    if plan.left_out:
        yield "Not in the file:"
        for left in plan.left_out:
            where = f" ({left.field})" if left.field else ""
            yield f"  {left.label}{where}: {left.reason}"
