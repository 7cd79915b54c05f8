"""The verbs backup, backups, restore, salvage and doctor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desktop.cli import words
from desktop.cli.answer import Answer, Exit
from desktop.cli.output import table
from desktop.cli.session import Session
from desktop.collections.reading import long_day
from desktop.model.errors import StoreExists, UsageError
from desktop.services.backups import REASONS, BackupFile, Policy, Standing
from desktop.services.care import DAMAGE
from desktop.services.restoring import glance, has_workspace
from desktop.services.restoring import restore as put_back
from desktop.services.salvaging import salvage_words

_WHAT_TO_DO = (
    "Make no changes. Keep a copy of the folder, and put the last backup into an empty one: holdfast restore"
)


def backup(session: Session) -> Answer:
    """One encrypted file with everything; it opens with the workspace's passphrase."""
    target = Path(session.args.file)
    if not target.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {target.parent.name}. Make it first; nothing was written.")
    session.workspace.care.backup(target)
    data = {"ok": True, "problems": [], "file": str(target)}
    return Answer(data, lambda: (f"Backup written to {target.name} and read again: it is whole.",))


def restore(session: Session) -> Answer:
    """Put a backup into an empty folder; nothing is left there when it cannot be opened."""
    if has_workspace(session.folder):
        raise StoreExists(
            "There already is a workspace in this folder. Restore into an empty folder. Nothing was changed."
        )
    source = Path(session.args.file)
    glance(source)
    put_back(source, session.folder, session.file_passphrase("backup"))
    data = {"ok": True, "problems": [], "workspace": str(session.folder.absolute())}
    return Answer(data, lambda: (f"Restored into {session.folder}. Run: holdfast doctor",))


def backups(session: Session) -> Answer:
    """What was made by itself, newest first. Exit 1 when the last one failed."""
    service, args = session.workspace.backups, session.args
    if args.automatic or args.second is not None:
        policy = service.policy()
        second = policy.second if args.second is None else "" if args.second == "none" else args.second
        service.change(Policy(policy.automatic if args.automatic is None else args.automatic == "on", second))
    if args.make:
        service.make()
    standing, found = service.standing(), service.all()
    troubles = [words for words in (standing.trouble, standing.second_trouble) if words]
    data = {
        "automatic": standing.policy.automatic,
        "second": standing.policy.second or None,
        "troubles": troubles,
        "backups": [_backup_data(one) for one in found],
    }
    return Answer(
        data, lambda: _backup_lines(standing, found, troubles), Exit.NEEDS_YOU if troubles else Exit.DONE
    )


def _backup_data(one: BackupFile) -> dict[str, Any]:
    return {
        "file": str(one.path),
        "made_at": words.iso(one.made_at),
        "why": one.why,
        "size": one.size_bytes,
        "second": one.second,
        "kept_until": one.kept_until.isoformat() if one.kept_until else None,
    }


def _backup_lines(standing: Standing, found: list[BackupFile], troubles: list[str]) -> Iterator[str]:
    yield "One is made each day by itself." if standing.policy.automatic else "None is made by itself."
    if standing.policy.second:
        yield f"Each goes into a second folder, too: {standing.policy.second}"
    yield from troubles
    yield ""
    rows = (
        (
            words.when(one.made_at),
            REASONS.get(one.why, one.why),
            f"{max(1, one.size_bytes >> 10):,} KB",
            long_day(one.kept_until) if one.kept_until else "it is the last one",
            "second folder" if one.second else "workspace",
            one.path.name,
        )
        for one in found
    )
    yield from table(("Made", "Why", "Size", "Kept until", "Where", "File"), rows) or [
        "There is no backup yet."
    ]


def salvage(session: Session) -> Answer:
    """What can be read of a damaged workspace, as a backup. Exit 1 when something of it is lost."""
    target = Path(session.args.out)
    if not target.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {target.parent.name}. Make it first; nothing was written.")
    made = session.salvage(target)
    data = {
        "file": str(target),
        "whole": made.whole,
        "records": made.records,
        "changes": made.changes,
        "files": made.files,
        "lost": made.lost,
        "typed_kept": made.typed,
        "history_lost": made.history_lost,
        "problems": list(made.problems),
    }
    return Answer(data, lambda: salvage_words(made), Exit.DONE if made.whole else Exit.NEEDS_YOU)


def doctor(session: Session) -> Answer:
    """Integrity of the file, chain of the journal, agreement of the tables. Exit 4 when anything is (still) wrong."""
    problems, lost = session.look_over()
    if session.args.mend and not any(one.startswith(DAMAGE) for one in problems):
        return _mended(session)
    if problems:
        return _wrong(problems, {})
    told = "All is sound: file, journal and records agree."
    if lost:
        return Answer({"ok": True, "problems": [], "notes": [lost]}, lambda: (told, lost))
    return Answer({"ok": True, "problems": []}, lambda: (told,))


def _mended(session: Session) -> Answer:
    mended = session.workspace.care.mend()
    more = {"mended": list(mended.done), "backup": mended.backup or None}
    if mended.left:
        return _wrong(list(mended.left), more)
    done = mended.done or ("Nothing needed mending.",)
    return Answer({"ok": True, "problems": [], **more}, lambda: (*done, "All is sound now."))


def _wrong(problems: list[str], more: dict[str, Any]) -> Answer:
    told = f"{len(problems):,} found: {problems[0]} {_WHAT_TO_DO}"

    def lines() -> Iterator[str]:
        yield from more.get("mended", ())
        yield from problems
        yield _WHAT_TO_DO

    return Answer({"error": told, "ok": False, "problems": problems, **more}, lines, Exit.STORE)
