"""`import --from-portal`: read a portal by the export that a person downloaded from its website."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desktop.cli.answer import Answer, Exit
from desktop.cli.session import Session
from desktop.model.errors import UnknownName, UsageError
from desktop.services import wording
from desktop.services.views import Progress
from desktop.services.web_reading import TRAINEES, WebLoaded, WebPlan


def load(session: Session) -> Answer:
    """Rehearse and load; exit 1 when something needs a person. Nothing is stored of a file that is refused."""
    args, reading = session.args, session.workspace.web_reading
    collection = session.workspace.collection(args.collection)
    if collection.name != TRAINEES:
        raise UnknownName(f"There is no export of {collection.title.lower()} that can be read.")
    if args.map is not None:
        raise UsageError("--map does not go with --from-portal: its columns are known.")

    def tell(progress: Progress) -> None:
        session.progress.tell(progress.words)

    plan = reading.read(Path(args.file), progress=tell)
    if args.whole and not plan.may_be_whole:
        raise UsageError(
            "This file cannot hold everybody: it is of a sign-off page, or a row in it names nobody."
        )
    if plan.doubts and not (args.dry_run or args.all_the_same):
        raise UsageError(f"{plan.doubts[0]} To load it all the same: --all-the-same.")
    loaded = None
    if not args.dry_run:
        loaded = reading.load(plan, complete=args.whole, all_the_same=args.all_the_same, progress=tell)
    return _answer(plan, loaded, whole=args.whole)


def _answer(plan: WebPlan, loaded: WebLoaded | None, *, whole: bool) -> Answer:
    counts = plan.counts
    missing = plan.absent if whole else 0
    data: dict[str, Any] = {
        "rows": plan.rows,
        "added": counts.new,
        "updated": counts.changed,
        "unchanged": counts.same + counts.older + counts.waiting,
        "refused": [{"row": one.number, "reason": one.why} for one in plan.refused],
        "confirmed": counts.confirmed,
        "conflicts": counts.conflicts,
        "asked": counts.asked,
        "older": counts.older,
        "missing": missing,
        "not_in_file": plan.absent,
        "unread": [
            {"column": one.column, "cells": one.cells, "examples": list(one.examples)} for one in plan.unread
        ],
        "doubts": list(plan.doubts),
        "notes": list(plan.notes),
        "as_of": plan.as_of.isoformat(),
        "dry_run": loaded is None,
        "import": loaded.id if loaded else "",
    }
    needs = counts.conflicts + counts.asked + missing + len(plan.refused)
    return Answer(data, lambda: _told(plan, data), Exit.NEEDS_YOU if needs else Exit.DONE)


def _told(plan: WebPlan, data: dict[str, Any]) -> Iterator[str]:
    yield f"{wording.count(plan.rows, 'row')} of {plan.provider or 'nobody named'}."
    for number, words in (
        (data["added"], "new here"),
        (data["updated"], "changed at the portal"),
        (data["confirmed"], "changes of yours confirmed"),
        (data["older"], "no newer than what is known here, left alone"),
        (data["conflicts"], "conflicts: holdfast conflicts"),
        (data["asked"], "drafts that may be one of them: holdfast conflicts"),
        (data["missing"], "here and not in the file: holdfast conflicts"),
    ):
        if number:
            yield f"  {number:,} {words}"
    for one in plan.refused:
        yield f"  Row {one.number}, {one.label}: {one.why}"
    for column in plan.unread:
        cells = wording.count(column.cells, "cell")
        yield f"  {column.column}: {cells} not understood, left as it is here: {'; '.join(column.examples)}"
    yield from plan.notes
    yield from (f"Note: {doubt}" for doubt in plan.doubts)
    if data["dry_run"]:
        yield "Nothing was stored."
