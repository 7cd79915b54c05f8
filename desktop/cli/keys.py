"""The verbs recovery-sheet and recover: a second way in on paper, and a new passphrase by it."""

from __future__ import annotations

import os
from pathlib import Path

from desktop.cli.answer import Answer
from desktop.cli.session import Session, ask, opened_by
from desktop.handover.recovery_sheet import RecoverySheet, write_recovery_sheet
from desktop.model.errors import UsageError, WrongPassphrase
from desktop.services.unlocking import draft_sheet
from desktop.services.workspace import Workspace


def recovery_sheet(session: Session) -> Answer:
    """A new sheet as a PDF; it counts from now on, and the one before opens nothing any more."""
    target = Path(session.args.out)
    if target.suffix.lower() != ".pdf":
        raise UsageError("The sheet is a PDF: give a file name that ends in .pdf. Nothing was made.")
    if target.exists():
        raise UsageError(f"{target.name} is there already. Choose another name; nothing was made.")
    workspace = session.workspace
    typed = os.environ.get("HOLDFAST_PASSPHRASE")
    if typed is None:
        if not session.may_ask:
            raise WrongPassphrase("A new sheet needs the passphrase. Set HOLDFAST_PASSPHRASE.")
        typed = ask("Passphrase: ")
    workspace.passphrase.check(typed)
    draft = draft_sheet(workspace.today())
    write_recovery_sheet(
        target,
        RecoverySheet(
            workspace.organisation.name, str(session.folder.absolute()), draft.number, draft.made, draft.code
        ),
    )
    workspace.passphrase.put_in_force(typed, draft)
    data = {"file": str(target), "sheet": draft.number, "made": draft.made.isoformat()}
    told = (
        f"Recovery sheet number {draft.number} written to {target.name}. Older sheets open nothing any more.",
        "Print it, keep the page where your office keeps keys, and delete the file.",
    )
    return Answer(data, lambda: told)


def recover(session: Session) -> Answer:
    """Open with the code of the sheet, and let a new passphrase count in place of the forgotten one."""
    workspace, code = opened_by(
        session, lambda typed: Workspace.open(session.folder, typed), "HOLDFAST_RECOVERY", "Recovery code: "
    )
    try:
        workspace.passphrase.change(code, session.new_passphrase("new passphrase"))
    finally:
        workspace.close()
    data = {"workspace": str(session.folder.absolute()), "recovered": True}
    told = "The new passphrase counts. The recovery sheet goes on counting; make a new one if somebody else has seen it."
    return Answer(data, lambda: (told,))
