"""The verb import: a CSV file or a workbook into a collection, all that can be read of it, with one undo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from desktop.cli import typed
from desktop.cli.answer import Answer, Exit
from desktop.cli.session import Session
from desktop.model.collection import Collection
from desktop.model.errors import UsageError
from desktop.services import wording
from desktop.services.importing import Importing, Plan
from desktop.services.pasted_rows import RowStatus
from desktop.services.views import Progress
from desktop.validation.engine import has_errors

_MAP_BYTES = 1 << 20
_MOST_TOLD = 20
"""So many refused rows are told to a person; `--json` has them all."""


def import_(session: Session) -> Answer:
    """Read, match and save; with `--dry-run` everything but the saving. Nothing is stored of a row that is refused."""
    if session.args.from_portal:
        from desktop.cli import reading_back

        return reading_back.load(session)
    if session.args.whole or session.args.all_the_same:
        raise UsageError("--whole and --all-the-same go with --from-portal.")
    importing, args = session.workspace.importing, session.args
    collection = session.workspace.collection(args.collection)
    path = Path(args.file)
    mapping = importing.named(path, collection.name, _names(args.map)) if args.map is not None else None

    def tell(progress: Progress) -> None:
        session.progress.tell(progress.words)

    plan = importing.read(path, collection.name, mapping=mapping, progress=tell)
    if plan.trouble:
        raise UsageError(f"{plan.trouble}, and import the file again. Nothing was stored.")
    saved = ""
    if args.dry_run:
        drafts = _drafts(importing, plan)
    elif any(row.status in (RowStatus.MATCH, RowStatus.NEW) for row in plan.rows):
        saved = importing.save(plan, progress=tell).id
        drafts = next(one.drafts for one in importing.all() if one.id == saved)
    else:
        drafts = 0
    return _answer(collection, plan, drafts, saved, dry_run=args.dry_run)


def _names(source: str) -> Mapping[str, str]:
    """Heading -> field of `--map FILE`, a JSON object. Raises UsageError."""
    given = typed.read_json(source, _MAP_BYTES)
    if not isinstance(given, dict) or not all(isinstance(value, str | None) for value in given.values()):
        raise UsageError(
            'The mapping is one JSON object: {"Heading in the file": "field"}; "" leaves a column out.'
        )
    return {name: value or "" for name, value in given.items()}


def _drafts(importing: Importing, plan: Plan) -> int:
    """How many records would have errors."""
    taken = (row for row in plan.rows if row.status in (RowStatus.MATCH, RowStatus.NEW))
    return sum(has_errors(importing.findings(plan, row)) for row in taken)


def _answer(collection: Collection, plan: Plan, drafts: int, saved: str, *, dry_run: bool) -> Answer:
    refused = plan.refused()
    data: dict[str, Any] = {
        "rows": len(plan.rows),
        "added": plan.count(RowStatus.NEW),
        "updated": plan.count(RowStatus.MATCH),
        "unchanged": plan.count(RowStatus.SAME),
        "refused": [{"row": row.number, "reason": row.why} for row in refused],
        "drafts": drafts,
        "notes": list(plan.notes),
        "dry_run": dry_run,
        "import": saved,
    }

    def lines() -> Iterator[str]:
        yield from _told(collection, data)
        for row in refused[:_MOST_TOLD]:
            yield f"  Row {row.number}, {row.label}: {row.why}"
        if len(refused) > _MOST_TOLD:
            yield f"  and {len(refused) - _MOST_TOLD:,} more; --json lists them all"
        yield from plan.notes

    return Answer(data, lines, Exit.NEEDS_YOU if refused or drafts else Exit.DONE)


def _told(collection: Collection, data: Mapping[str, Any]) -> Iterator[str]:
    verb = "would be " if data["dry_run"] else ""
    yield f"{wording.count(data['rows'], 'row')} read."
    for number, words in (
        (data["added"], f"{verb}added"),
        (data["updated"], f"{verb}changed"),
        (data["unchanged"], "the same already"),
        (len(data["refused"]), "not taken"),
    ):
        if number:
            yield f"  {number:,} {words}"
    if data["drafts"]:
        yield f"  {data['drafts']:,} of them {verb or 'are '}drafts: holdfast check {collection.name}"
    if data["dry_run"]:
        yield "Nothing was stored."
