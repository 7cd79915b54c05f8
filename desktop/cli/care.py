"""The verbs backup, restore and doctor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from desktop.cli.answer import Answer, Exit
from desktop.cli.session import Session
from desktop.model.errors import StoreExists, UsageError
from desktop.services.restoring import glance, has_workspace
from desktop.services.restoring import restore as put_back

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


def doctor(session: Session) -> Answer:
    """Integrity of the file, chain of the journal, agreement of the tables. Exit 4 when anything is wrong."""
    problems = session.examine()
    if not problems:
        return Answer(
            {"ok": True, "problems": []}, lambda: ("All is sound: file, journal and records agree.",)
        )
    told = f"{len(problems):,} found: {problems[0]} {_WHAT_TO_DO}"

    def lines() -> Iterator[str]:
        yield from problems
        yield _WHAT_TO_DO

    return Answer({"error": told, "ok": False, "problems": problems}, lines, Exit.STORE)
