"""`sign-off`: the census and the performance profile as a checklist, with the website's file and the signature."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from desktop.cli.answer import Answer, Exit
from desktop.cli.output import pairs, table
from desktop.cli.session import Session
from desktop.model.errors import UsageError
from desktop.services import sign_off_report as report
from desktop.services.sign_off import CENSUS, Checklist, Entry, SignOff
from desktop.services.wording import count
from desktop.validation.entry import parse_day

_MOST_TOLD = 20
"""So many lines of a list are told to a person; `--json` has them all."""


def sign_off(session: Session) -> Answer:
    """One sign-off, or all of them. Exit 1 while something is open that only a person can settle."""
    args, signing = session.args, session.workspace.sign_off
    _insist_on_use(args)
    if args.list is not None:
        report.columns_of(args.list)
    if not args.kind and not args.load:
        return _all(signing.all())
    kind = args.kind
    year = args.year
    if kind and year is None:
        current = session.workspace.collection("trainees").cycle(session.workspace.today())
        year = current if kind == CENSUS else current - 1
    one = _done(session, signing, kind, year)
    written = _write(session, one) if args.out else 0
    return _one(one, args, written)


def _insist_on_use(args: Namespace) -> None:
    if (args.on or args.reference) and args.signed_by is None:
        raise UsageError("--on and --reference belong to --signed-by NAME.")
    deed = args.signed_by is not None or args.take_back or args.unload or args.out or args.list
    if deed and not (args.kind or args.load):
        raise UsageError("Say which one: holdfast sign-off census, or holdfast sign-off performance-profile.")


def _done(session: Session, signing: SignOff, kind: str | None, year: int | None) -> Checklist:
    """Do what was asked for, and give how the sign-off stands then."""
    args = session.args
    if args.load is not None:
        otherwise = (kind, year) if kind is not None and year is not None else None
        return signing.load(Path(args.load), otherwise)
    assert kind is not None
    assert year is not None
    if args.signed_by is not None:
        on = _day(args.on) if args.on else session.workspace.today()
        return signing.sign(kind, year, args.signed_by, on, args.reference)
    if args.take_back:
        return signing.take_back(kind, year)
    if args.unload:
        signing.remove(kind, year)
    return signing.view(kind, year)


def _day(typed: str) -> date:
    """The day of `--on`. Raises UsageError."""
    found = parse_day(typed)
    if found is None:
        raise UsageError(f'"{typed[:40]}" is not a day. Write it as 2026-10-20.')
    return date.fromisoformat(found)


def _write(session: Session, one: Checklist) -> int:
    args, workspace = session.args, session.workspace
    path, ours = Path(args.out), workspace.organisation.name
    if path.exists():
        raise UsageError(f"{path.name} is there already. Choose another name; nothing was written.")
    if args.list is not None:
        return report.write_list(path, one, args.list, ours)
    report.write_all(path, one, ours, workspace.actor)
    return sum(len(entries) for entries in one.lists.values())


def _all(found: list[Checklist]) -> Answer:
    data = {"sign_offs": [_head(one) for one in found]}
    rows = [
        (one.kind, one.year, one.closes, f"{one.done} of {one.needed}", report.statement(one))
        for one in found
    ]

    def lines() -> Iterator[str]:
        yield from table(("Kind", "Year", "Closes", "Done", "State"), [(*map(str, row),) for row in rows])

    return Answer(data, lines, Exit.DONE if all(one.is_signed for one in found) else Exit.NEEDS_YOU)


def _one(one: Checklist, args: Namespace, written: int) -> Answer:
    data = _head(one) | {
        "steps": [
            {"key": step.key, "open": step.count, "known": step.known, "needed": step.needed}
            for step in one.steps
        ],
        "lists": {key: [_entry(entry) for entry in entries] for key, entries in one.lists.items()},
        "remarks": [{"row": r.row, "text": r.text} for r in one.file.remarks] if one.file else [],
        "written": written if args.out else None,
    }

    def lines() -> Iterator[str]:
        if args.list is None:
            yield from _checklist(one)
        yield from _lists(one, args.list)
        if args.out:
            yield f"{count(written, 'line')} saved as {Path(args.out).name}."

    return Answer(data, lines, Exit.DONE if one.is_signed else Exit.NEEDS_YOU)


def _checklist(one: Checklist) -> Iterator[str]:
    yield f"{report.statement(one)}."
    yield f"{report.window(one)}. {count(one.expected, 'trainee belongs', 'trainees belong')} in it."
    yield from (words for words in (report.file_words(one), report.signed_words(one)) if words)
    yield from pairs([(report.STEPS[step.key], report.step_words(one, step)) for step in one.steps])


def _lists(one: Checklist, only: str | None) -> Iterator[str]:
    for key in report.list_names():
        rows = list(report.rows_of(one, key))
        if (only is not None and key != only) or not (rows or only):
            continue
        yield f"{report.title_of_list(key)}: {len(rows):,}"
        yield from (f"  {line}" for line in table(report.columns_of(key), rows[:_MOST_TOLD]))
        if len(rows) > _MOST_TOLD:
            yield f"  and {len(rows) - _MOST_TOLD:,} more; --json lists them all"


def _head(one: Checklist) -> dict[str, Any]:
    file, signed = one.file, one.signed
    return {
        "kind": one.kind,
        "year": one.year,
        "opens": one.opens.isoformat(),
        "closes": one.closes.isoformat(),
        "done": one.done,
        "needed": one.needed,
        "expected": one.expected,
        "matched": one.matched,
        "file": {
            "name": file.name,
            "rows": file.rows,
            "made_at": file.made_at.isoformat() if file.made_at else None,
            "sha256": file.sha256,
        }
        if file
        else None,
        "signed": {
            "name": signed.name,
            "on": signed.day.isoformat(),
            "reference": signed.reference,
            "holds": signed.holds,
        }
        if signed
        else None,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "record": entry.record_id,
        "portal_id": entry.register_id,
        "label": entry.label,
        "field": entry.field,
        "here": entry.here,
        "there": entry.there,
        "why": entry.why,
        "source": entry.source,
        "row": entry.row,
    }
