"""The verb check: the rules over what is here, over one record, or over a file that is not stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from desktop.cli import typed
from desktop.cli.answer import Answer, Exit
from desktop.cli.session import Session
from desktop.cli.shown import finding_lines
from desktop.collections import all_collections
from desktop.model.collection import Collection, Context
from desktop.model.document import Document
from desktop.model.errors import UnknownName, UsageError
from desktop.model.finding import Finding, Severity
from desktop.services import wording
from desktop.services.core import today_in_london
from desktop.services.explained import Explanation, Judged
from desktop.validation.engine import check as run_rules
from desktop.validation.engine import has_errors
from desktop.validation.entry import parse_day


def check(session: Session) -> Answer:
    """Run the rules; exit 1 when there are errors. With `--from` no workspace is opened and nothing is stored."""
    args = session.args
    today = _day(args.today)
    if args.source is not None:
        if args.ref is not None:
            raise UsageError("Give either REF or --from, not both.")
        return _of_file(_known(args.collection), args.source, today)
    if args.ref is not None:
        return _of_record(session, today)
    return _of_workspace(session, today)


def _day(typed_day: str | None) -> date | None:
    """The day of `--today`. Raises UsageError."""
    if typed_day is None:
        return None
    found = parse_day(typed_day)
    if found is None:
        raise UsageError(f'"{typed_day[:40]}" is not a day. Write it as 2026-09-07.')
    return date.fromisoformat(found)


def _known(name: str | None) -> Collection:
    """The collection of that name; without a name the first. Raises UnknownName."""
    known = all_collections()
    if name is None:
        return next(iter(known.values()))
    if name not in known:
        raise UnknownName(f'There is no collection "{name[:80]}". There are: {", ".join(known)}.')
    return known[name]


def _of_file(collection: Collection, source: str, today: date | None) -> Answer:
    today = today or today_in_london()
    data = typed.read_json(source, typed.MANY_BYTES)
    many = data if isinstance(data, list) else [data]
    context = Context(today=today, codes=collection.code_lists)
    findings: list[dict[str, Any]] = []
    found: list[Finding] = []
    for place, one in enumerate(many):
        record = str(place) if isinstance(data, list) else ""
        mine = run_rules(collection, _document(collection, one, place, today), context, record)
        found += mine
        findings += [f.to_json() | ({"record": place} if record else {}) for f in mine]
    labels = {str(n): f"No. {n}" for n in range(len(many))} if isinstance(data, list) else None
    return _answer(collection, len(many), found, findings, labels)


def _document(collection: Collection, data: object, place: int, today: date) -> Document:
    """The document of one object; its children are called by their places, so that findings can name them."""
    try:
        document = typed.document(collection, data, today)
    except UsageError as error:
        raise UsageError(f"Record {place}: {error}" if place else str(error)) from error
    for group in document.children.values():
        for number, child in enumerate(group):
            child.id = str(number)
    return document


def _of_record(session: Session, today: date | None) -> Answer:
    workspace = session.workspace
    collection = workspace.collection(session.args.collection)
    record_id = workspace.records.resolve(collection.name, session.args.ref)
    findings = workspace.checks.one(record_id, today)
    judged = workspace.explained.judge_record(record_id, findings)
    return _judged_answer(collection, 1, judged, labelled=False)


def _of_workspace(session: Session, today: date | None) -> Answer:
    workspace, named = session.workspace, session.args.collection
    chosen = [workspace.collection(named)] if named else [*workspace.collections.values()]
    checked, judged = 0, list[Judged]()
    for collection in chosen:
        checked += workspace.home().counts[collection.name].total
        found = workspace.checks.all(collection.name, lambda p: session.progress.tell(p.words), today=today)
        judged += workspace.explained.judge(collection.name, found, today)
    return _judged_answer(chosen[0], checked, judged, labelled=True)


def _judged_answer(
    collection: Collection, checked: int, judged: Sequence[Judged], *, labelled: bool
) -> Answer:
    """What is to do as `_answer` tells it, and what was explained apart from it."""
    labels = {str(one.record_id): one.label for one in judged} if labelled else None
    data = [one.finding.to_json() | _explained_data(one) for one in judged]
    open_ones = [one.finding for one in judged if not one.explained]
    explained = [one for one in judged if one.explained]
    plain = _answer(collection, checked, open_ones, data, labels)

    def lines() -> Iterator[str]:
        yield from plain.text()
        if explained:
            yield ""
            yield f"Explained ({len(explained):,}), not to be done"
        for one in explained:
            assert one.explanation is not None
            of = f"{one.label}: " if labelled else ""
            yield f"  {of}{one.finding.message} {_by(one.explanation)}: {one.explanation.reason}"

    return replace(plain, data=plain.data | {"explained": len(explained)}, text=lines)


def _by(explanation: Explanation) -> str:
    until = f" until {explanation.until.isoformat()}" if explanation.until else ""
    return f"Explained by {explanation.who}{until}"


def _explained_data(one: Judged) -> dict[str, Any]:
    if one.explanation is None or not one.explained:
        return {}
    known = one.explanation
    until = known.until.isoformat() if known.until else None
    return {"explained": {"by": known.who, "reason": known.reason, "until": until, "expected": known.count}}


def _answer(
    collection: Collection,
    checked: int,
    findings: Sequence[Finding],
    data: Sequence[dict[str, Any]],
    labels: Mapping[str, str] | None,
) -> Answer:
    counts = {s: sum(f.severity is s for f in findings) for s in Severity}
    errors, warnings, unknown = counts[Severity.ERROR], counts[Severity.WARNING], counts[Severity.UNKNOWN]

    def lines() -> Iterator[str]:
        told = wording.count(checked, collection.singular, collection.title.lower())
        yield f"{told} checked: {errors:,} to put right, {warnings:,} to look at, {unknown:,} that only {collection.portal_short} can tell"
        yield from finding_lines(collection, findings, labels)

    summary = {"checked": checked, "errors": errors, "warnings": warnings, "unknown": unknown}
    return Answer(
        summary | {"findings": [*data]}, lines, Exit.NEEDS_YOU if has_errors(findings) else Exit.DONE
    )
