"""`key run`: many sheets in a row, one person after another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desktop.cli import words
from desktop.cli.answer import Answer, Exit
from desktop.cli.output import table
from desktop.cli.session import Session
from desktop.model.errors import UnknownName
from desktop.services.keying_run import HEADS, Ended, Run


def run(session: Session) -> Answer:
    """Begin one with --all, end it with --end; else show where it is. Raises UsageError, UnknownName."""
    args, runs = session.args, session.workspace.keying_runs
    found = runs.begin() if args.all else runs.get()
    if found is None:
        raise UnknownName("There is no run. Begin one with: holdfast key run --all")
    rows = runs.rows()
    if args.out:
        runs.save_summary(Path(args.out))
    if args.end:
        runs.end()

    def lines() -> Iterator[str]:
        yield from _head(found)
        yield from table(HEADS, rows)
        if args.out:
            yield f"Written to {args.out}."

    return Answer(_told(found, args.out), lines, Exit.NEEDS_YOU if found.stopped else Exit.DONE)


def _head(found: Run) -> Iterator[str]:
    yield f"{len(found.ended)} of {found.total} typed, {len(found.stopped)} not done."
    if found.same:
        yield "The same for all: " + "; ".join(f"{label}: {answer}" for label, answer in found.same) + "."
    if found.next is not None:
        yield f"Next: {found.next.record_label}, {found.next.title.lower()}. See: holdfast key show {found.next.id}"


def _told(found: Run, out: str | None) -> dict[str, Any]:
    return {
        "total": found.total,
        "place": found.place,
        "done": found.done,
        "ended": [_ended(one) for one in found.ended],
        "ready": [item.id for item in found.ready],
        "blocked": [
            {"id": i.id, "why": i.why_not or ", ".join((*i.missing, *i.wrong))} for i in found.blocked
        ],
        "next": found.next.id if found.next else None,
        "same": dict(found.same),
        "file": out,
    }


def _ended(one: Ended) -> dict[str, Any]:
    told = {"id": one.item, "record": one.record_id, "label": one.label, "said": one.said}
    return told | {"why": one.why, "code": one.code, "by": one.by, "at": words.iso(one.at)}
