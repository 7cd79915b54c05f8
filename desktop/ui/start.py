"""From a workspace folder to the window: opens it, asks for the passphrase, or sets the first workspace up.

One window at a time: when a person goes to another workspace, the present one is closed first; if the other does not open,
Holdfast comes back to it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from desktop import paths
from desktop.model.errors import HoldfastError, StoreDamaged, StoreMissing, WrongPassphrase
from desktop.services.restoring import has_workspace
from desktop.services.workspace import Workspace
from desktop.ui.first_run.making import Made, Practice
from desktop.ui.operations import Operations
from desktop.ui.parts.ask import ask, tell
from desktop.ui.run import application, dress, run_window
from desktop.ui.shell.known import Known
from desktop.ui.shell.memory import Memory
from desktop.ui.shell.switcher import Wish
from desktop.ui.trouble import explain
from desktop.ui.unlock import UnlockDialog

NOT_OPENED = 4


def run(folder: Path | None, practice: Callable[[], Practice] | None = None) -> int:
    """The window on the workspace in `folder` (None = the usual place); the exit code. 4 = it could not be opened.

    practice  starts a practice portal, for the set-up
    """
    app = application()
    known = Known(paths.config_folder())
    wish: Wish | None = Wish(folder or _usual(known))
    code, before = 0, None
    while wish is not None:
        dress(app, wish.folder)
        try:
            made = open_workspace(wish, practice)
        except HoldfastError as error:
            made = _without(error, wish.folder)
            code = NOT_OPENED if made is None else code
        if made is None:
            wish, before = (Wish(before) if before else None), None
            continue
        before = None if made.practice else made.workspace.folder
        code, wish = _show(made, known)
    return code


def _usual(known: Known) -> Path:
    """The workspace that was open last; the usual place when none was."""
    return next((one.folder for one in known.all() if has_workspace(one.folder)), paths.default_workspace())


def _without(error: HoldfastError, folder: Path) -> Made | None:
    """Say why a workspace does not open; what came of a backup, when one was put back instead."""
    trouble = explain(error)
    if not isinstance(error, StoreDamaged):
        tell(trouble.title, trouble.text)
    elif ask(None, trouble.title, trouble.text, "Restore a backup", "Close", grave=False):
        return _restore(folder)
    return None


def _restore(folder: Path) -> Made | None:
    """Let the person put a backup back; None when they did not."""
    from desktop.ui.restore.dialog import ask_for_backup  # most starts need none of it

    operations = Operations()
    restored = ask_for_backup(folder, operations)
    operations.close()
    return None if restored is None else Made(Workspace.open(restored.folder, restored.passphrase))


def _show(made: Made, known: Known) -> tuple[int, Wish | None]:
    try:
        if made.practice is None:
            known.note(made.workspace.organisation.name, made.workspace.folder)
        control = made.practice.control if made.practice else None
        return run_window(made.workspace, control, known=known, passphrase=made.passphrase)
    finally:
        made.end()


def open_workspace(wish: Wish, practice: Callable[[], Practice] | None = None) -> Made | None:
    """The workspace, after asking what must be asked; None when the person gave up. Raises StoreError."""
    given = wish.passphrase or os.environ.get("HOLDFAST_PASSPHRASE")
    if given is None and Memory(wish.folder).locked:
        return _ask_passphrase(wish.folder)
    try:
        return Made(Workspace.open(wish.folder, given))
    except StoreMissing:
        return _set_up(wish.folder, practice)
    except WrongPassphrase:
        if given is not None:
            raise
    return _ask_passphrase(wish.folder)


def _ask_passphrase(folder: Path) -> Made | None:
    operations = Operations()
    dialog = UnlockDialog(lambda typed: Workspace.open(folder, typed), operations)
    dialog.exec()
    operations.close()
    if dialog.wants_backup:
        return _restore(folder) or _ask_passphrase(folder)
    if dialog.workspace is None:
        return None
    Memory(folder).unlock()
    return Made(dialog.workspace)


def _set_up(folder: Path, practice: Callable[[], Practice] | None) -> Made | None:
    from desktop.ui.first_run.wizard import Wizard  # most starts need none of it

    operations = Operations()
    wizard = Wizard(folder, operations, practice)
    wizard.exec()
    operations.close()
    if wizard.wants_backup:
        return _restore(folder) or _set_up(folder, practice)
    return wizard.made
