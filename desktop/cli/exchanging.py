"""`exchange`: change files between the workspaces of colleagues."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from desktop.cli import words
from desktop.cli.answer import Answer, Exit
from desktop.cli.session import Session, ask
from desktop.model.errors import UsageError
from desktop.services import wording
from desktop.services.exchange import Exchange, PassphraseNeeded, Several, Told
from desktop.services.views import Progress

T = TypeVar("T")
VARIABLE = "HOLDFAST_EXCHANGE_PASSPHRASE"


def exchange(session: Session) -> Answer:
    """Make a change file, or take in those of colleagues; without a deed, how things stand."""
    service = session.workspace.exchange
    if session.args.deed is None:
        return _standing(session, service)
    return _make(session, service) if session.args.deed == "make" else _take(session, service)


def _standing(session: Session, service: Exchange) -> Answer:
    shared = service.shared()
    if session.args.folder is not None:
        service.choose_folder(Path(session.args.folder))
        shared = service.shared()
    data = {
        "folder": str(shared.folder) if shared.folder else None,
        "agreed": shared.agreed,
        "made_at": shared.made_at.isoformat() if shared.made_at else None,
        "taken_at": shared.taken_at.isoformat() if shared.taken_at else None,
        "typing": [{"item": item, **lease.to_json()} for item, lease in shared.typing],
    }

    def lines() -> Iterator[str]:
        yield f"Shared folder: {shared.folder or 'none chosen'}"
        yield f"Passphrase of change files: {'known here' if shared.agreed else 'not chosen yet'}"
        yield f"Last file made: {words.when(shared.made_at) if shared.made_at else 'never'}"
        yield f"Last file taken in: {words.when(shared.taken_at) if shared.taken_at else 'never'}"
        for _, lease in shared.typing:
            yield f"{lease.person} is typing {lease.journey.replace('_', ' ')} on {lease.computer or 'another computer'}"

    return Answer(data, lines)


def _place(session: Session, service: Exchange) -> Path:
    """The file or folder that the command names, else the shared folder. Raises UsageError."""
    args = session.args
    if args.file is not None and args.folder is not None:
        raise UsageError("Give a file, or a folder with --folder, not both.")
    given = args.file or args.folder
    if given is not None:
        return Path(given)
    folder = service.shared().folder
    if folder is None:
        raise UsageError("Give a file, or a folder with --folder DIR. Nothing was done.")
    return folder


def _make(session: Session, service: Exchange) -> Answer:
    path = _place(session, service)
    if session.args.folder is not None and not path.is_dir():
        raise UsageError(f"There is no folder {path.name}. Make it first; nothing was written.")
    if not service.shared().agreed:
        service.agree(_passphrase(session, "choose one"))
    made = service.make(path, _teller(session))
    data = {"file": str(made.path), "records": made.records, "size_bytes": made.size_bytes}
    told = f"{wording.count(made.records, 'record')} written to {made.path.name}. Colleagues open it with the passphrase of change files."
    return Answer(data, lambda: (told,))


def _take(session: Session, service: Exchange) -> Answer:
    path = _place(session, service)
    found = _all_of(session, service, path) if path.is_dir() else _one(session, service, path)
    done, refused = found.told, found.refused
    counts = found.counts
    data: dict[str, Any] = {
        **{name: value for name, value in asdict(counts).items() if isinstance(value, int)},
        "files": [
            {
                "file": told.path.name,
                "made_at": told.made_at.isoformat(),
                "made_by": told.made_by,
                "computer": told.computer,
                "records": told.records,
                "own": told.own,
            }
            for told in done
        ],
        "refused": [{"file": name, "reason": why} for name, why in refused],
        "lines": [{"record": i, "label": label, "what": what} for i, label, what in counts.lines],
        "dry_run": session.args.dry_run,
    }
    needs = counts.asked + counts.held + len(refused)
    return Answer(data, lambda: _lines(data, done, refused), Exit.NEEDS_YOU if needs else Exit.DONE)


def _one(session: Session, service: Exchange, path: Path) -> Several:
    """One file: what speaks against it ends the command."""
    deed = service.look if session.args.dry_run else service.take_in
    try:
        return Several([deed(path, "", _teller(session))])
    except PassphraseNeeded:
        return Several([deed(path, _passphrase(session, "this file needs it once"), _teller(session))])


def _all_of(session: Session, service: Exchange, folder: Path) -> Several:
    """Those of a folder: one that cannot be taken in does not stop the others."""
    deed = service.look_at_all if session.args.dry_run else service.take_all
    found = deed(service.others_in(folder), "", _teller(session))
    if not found.locked:
        return found
    more = deed(found.locked, _passphrase(session, "this file needs it once"), _teller(session))
    return Several([*found.told, *more.told], more.locked, [*found.refused, *more.refused])


def _lines(data: dict[str, Any], done: list[Told], refused: list[tuple[str, str]]) -> Iterator[str]:
    for told in done:
        yield f"{told.path.name}: {wording.count(told.records, 'record')}, made {words.when(told.made_at)} by {told.made_by}"
    if not done and not refused:
        yield "There is no change file of a colleague in that folder."
    for number, said in (
        (data["new"], "new here"),
        (data["changed"], "changed"),
        (data["removed"], "drafts deleted by a colleague"),
        (data["linked"], "registered twice, now one"),
        (data["asked"], "with a question for you: holdfast conflicts"),
        (data["held"], "changes held because somebody leaves: holdfast queue"),
        (data["later"], "being typed or on their way, left for the next time"),
        (data["same"], "as they were"),
    ):
        if number:
            yield f"{number:,} {said}"
    for name, why in refused:
        yield f"{name}: {why}"
    if data["dry_run"]:
        yield "Nothing was taken in: this was only a look."


def _passphrase(session: Session, why: str) -> str:
    given = os.environ.get(VARIABLE)
    if given is not None:
        return given
    if not session.may_ask:
        raise PassphraseNeeded(f"A passphrase of change files is needed ({why}). Set {VARIABLE}.")
    return ask(f"Passphrase of change files ({why}): ")


def _teller(session: Session) -> Callable[[Progress], None]:
    return lambda progress: session.progress.tell(progress.words)
