"""From a workspace folder to the window: opens it, asks for the passphrase, or sets the first workspace up.

One window at a time: when a person goes to another workspace, the present one is closed first; if the other does not open,
Holdfast comes back to it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from desktop import paths
from desktop.model.errors import HoldfastError, StoreDamaged, StoreMissing, WrongGround, WrongPassphrase
from desktop.services.moving import bring_here, refuse_shared
from desktop.services.restoring import free_folder, has_workspace
from desktop.services.workspace import Workspace
from desktop.ui.first_run.making import Made, Practice
from desktop.ui.operations import Operations
from desktop.ui.parts.ask import ask, tell
from desktop.ui.run import application, dress, run_window
from desktop.ui.shell.known import Known
from desktop.ui.shell.locked_window import LockedWindow
from desktop.ui.shell.memory import Memory
from desktop.ui.shell.switcher import Wish
from desktop.ui.trouble import explain
from desktop.ui.unlock import UnlockDialog

NOT_OPENED = 4
_SALVAGE = "Save what can still be read?"
_SALVAGE_TOLD = (
    "Where there is no good backup, Holdfast can read round the damaged places and write what it finds as a backup. The damaged "
    "file stays as it is."
)


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
    if isinstance(error, WrongGround):
        return _on_this_computer(folder, str(error))
    if not isinstance(error, StoreDamaged):
        tell(trouble.title, trouble.text)
    elif ask(None, trouble.title, trouble.text, "Restore a backup", "Close", grave=False):
        return _restore(folder)
    elif ask(None, _SALVAGE, _SALVAGE_TOLD, "Save what can be read", "Close", grave=False):
        return _salvage(folder)
    return None


def _salvage(folder: Path) -> Made | None:
    """Save what can still be read, say what came of it, and let the person put it back."""
    from desktop.services.salvaging import salvage_words
    from desktop.ui.restore.salvage_dialog import ask_to_salvage

    operations = Operations()
    saved = ask_to_salvage(folder, operations)
    operations.close()
    if saved is None:
        return None
    told = " ".join(salvage_words(saved))
    return _restore(folder) if ask(None, "Saved", told, "Restore a backup", "Close", grave=False) else None


def _on_this_computer(folder: Path, why: str) -> Made | None:
    """Offer to work in a folder of this computer instead: with a copy of what is there, or anew."""
    here = free_folder(paths.default_workspace())
    title = "The workspace cannot be kept there"
    if not has_workspace(folder):
        wanted = ask(None, title, f"{why} Here that is {here}.", "Use that folder", "Close", grave=False)
        return _set_up(here, None) if wanted else None
    told = (
        f"{why} Holdfast can copy the workspace to {here} and open it there. What lies in the shared folder stays as it "
        "is, and nobody should go on working with it."
    )
    if not ask(None, title, told, "Copy it and open it here", "Close", grave=False):
        return None
    try:
        return open_workspace(Wish(bring_here(folder, here)))
    except HoldfastError as error:
        trouble = explain(error)
        tell(trouble.title, trouble.text)
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
        return run_window(made.workspace, control, known=known, passphrase=made.passphrase, code=made.code)
    finally:
        made.end()


def open_workspace(wish: Wish, practice: Callable[[], Practice] | None = None) -> Made | None:
    """The workspace, after asking what must be asked; None when the person gave up. Raises StoreError."""
    given = wish.passphrase or os.environ.get("HOLDFAST_PASSPHRASE")
    if given is None and Memory(wish.folder).locked and has_workspace(wish.folder):
        return _ask_locked(wish.folder)
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
    return Made(dialog.workspace, code=dialog.code)


def _ask_locked(folder: Path) -> Made | None:
    memory = Memory(folder)
    window = LockedWindow(lambda typed: Workspace.open(folder, typed), memory)
    workspace = window.ask()
    window.deleteLater()
    if workspace is None:
        return None
    memory.unlock()
    return Made(workspace, code=window.code)


def _set_up(folder: Path, practice: Callable[[], Practice] | None) -> Made | None:
    refuse_shared(folder)
    from desktop.ui.first_run.wizard import Wizard  # most starts need none of it

    operations = Operations()
    wizard = Wizard(folder, operations, practice)
    wizard.exec()
    operations.close()
    if wizard.wants_backup:
        return _restore(folder) or _set_up(folder, practice)
    return wizard.made
