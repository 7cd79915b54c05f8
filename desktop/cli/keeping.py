"""The verbs retention and subject-access: how long records are kept, and everything that is held about one person."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desktop.cli.answer import Answer, Exit
from desktop.cli.output import table
from desktop.cli.session import Session
from desktop.collections.reading import long_day
from desktop.model.errors import UsageError
from desktop.services import purge_certificate as certificate
from desktop.services import wording
from desktop.services.retention import Due, Purged, Rule, Wishes


def retention(session: Session) -> Answer:
    """Who is past their time; with `--purge` they are removed for good. Exit 1 while somebody is due, or could not go."""
    keeping, args = session.workspace.retention, session.args
    if args.set:
        key, months = _rule_and_months(args.set)
        keeping.change(key, months or _months_of(keeping.rules(), key), on=months > 0)
    due = keeping.due()
    if not args.purge:
        rules = keeping.rules()
        shown = {"rules": [_rule_data(one) for one in rules], "due": [_due_data(one) for one in due]}
        return Answer(shown, lambda: _preview(rules, due), Exit.NEEDS_YOU if due else Exit.DONE)
    named = {_id_of(session, ref, due) for ref in args.only} if args.only else None
    going = [
        one.record_id for one in due if (one.record_id in named if named is not None else not one.why_not)
    ]
    wishes = Wishes(drop_backups=args.drop_backups, shared_files=not args.keep_shared_files)
    done = keeping.purge(going, wishes)
    path = keeping.certificate(done.id, Path(args.certificate)) if args.certificate else None
    left = len(due) - len(going)
    data = {
        "removed": done.taken.records,
        "proven": done.proof.clean,
        "left": left,
        "last_copy": done.last_copy.isoformat() if done.last_copy else None,
        "purge": done.id,
        "certificate": str(path) if path else None,
    }
    sound = done.proof.clean and not left
    return Answer(data, lambda: _purged(done, left, path), Exit.DONE if sound else Exit.NEEDS_YOU)


def _id_of(session: Session, ref: str, due: list[Due]) -> str:
    """The local id of somebody who is due, named as records are named anywhere."""
    for collection in {one.collection for one in due}:
        try:
            found = session.workspace.records.resolve(collection, ref)
        except UsageError:
            continue
        if any(one.record_id == found for one in due):
            return found
    raise UsageError(f'Nobody past their time has the reference "{ref[:80]}". Nothing was removed.')


def _rule_and_months(said: str) -> tuple[str, int]:
    key, _, months = said.partition("=")
    if months == "off":
        return key, 0
    if not (months.isascii() and months.isdigit() and 0 < int(months[:6]) < 10_000):
        raise UsageError(
            "--set needs RULE=MONTHS or RULE=off, such as trainees.outcome=72. Nothing was changed."
        )
    return key, int(months[:6])


def _months_of(rules: list[Rule], key: str) -> int:
    return next((one.months for one in rules if one.key == key), 1)


def _rule_data(one: Rule) -> dict[str, Any]:
    rule = one.rule
    return {
        "rule": one.key,
        "title": rule.title,
        "months": one.months,
        "on": one.on,
        "least": one.least,
        "most": one.most,
        "from": rule.begins,
        "reason": rule.reason,
        "source": rule.source,
    }


def _due_data(one: Due) -> dict[str, Any]:
    return {
        "id": one.record_id,
        "collection": one.collection,
        "label": one.label,
        "rule": one.rule,
        "ended": one.ended.isoformat(),
        "due": one.due.isoformat(),
        "why_not": one.why_not,
    }


def _preview(rules: list[Rule], due: list[Due]) -> Iterator[str]:
    for one in rules:
        yield f"{one.key}: {one.rule.title}, {one.months} months after {one.rule.begins}{'' if one.on else ' (off)'}"
    yield ""
    if not due:
        yield "Nobody is past their time."
        return
    rows = ((one.label, long_day(one.ended), long_day(one.due), one.why_not) for one in due)
    yield from table(("Who", "Ended", "Kept until", "Cannot go yet"), rows)
    yield "Remove them for good: holdfast retention --purge"


def _purged(done: Purged, left: int, path: Path | None) -> Iterator[str]:
    yield f"{certificate.title(done)}."
    yield certificate.proof_words(done)
    yield certificate.copies_words(done)
    if left:
        yield f"{wording.count(left, 'record')} stay: see holdfast retention"
    if path:
        yield f"Certificate written to {path.name}."


def subject_access(session: Session) -> Answer:
    """Everything that is held about one person, as a zip to hand over."""
    args = session.args
    target = Path(args.out)
    if not target.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {target.parent.name}. Make it first; nothing was written.")
    if target.exists():
        raise UsageError(f"{target.name} is there already. Choose another name; nothing was written.")
    password = ""
    if args.password_env:
        password = os.environ.get(args.password_env, "")
        if not password:
            raise UsageError(f"The variable {args.password_env[:60]} is not set. Nothing was written.")
    record_id = session.workspace.records.resolve(args.collection, args.ref)
    made = session.workspace.subject_access.make(record_id, target, password)
    readers = "It opens with the password." if made.locked else "Anybody can read it: hand it over with care."
    data = {"file": str(target), "locked": made.locked, "answers": made.answers, "history": made.history}
    return Answer(data, lambda: (f"Everything held about this person is in {target.name}. {readers}",))
