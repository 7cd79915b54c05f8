"""From a workspace folder to the window: opens it, asks for the passphrase, or makes the first workspace."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QIcon

from desktop import paths
from desktop.model.errors import HoldfastError, StoreMissing, WrongPassphrase
from desktop.services.views import Organisation
from desktop.ui.icons import mark
from desktop.ui.operations import Operations
from desktop.ui.parts.ask import tell
from desktop.ui.run import application, run_window
from desktop.ui.shell.memory import Memory
from desktop.ui.theme import apply_theme
from desktop.ui.trouble import explain
from desktop.ui.unlock import FirstRunDialog, UnlockDialog

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace


def run(folder: Path | None) -> int:
    """The window on the workspace in `folder` (None = the usual place); the exit code. 4 = it could not be opened."""
    folder = folder or paths.default_workspace()
    app = application()
    memory = Memory(folder) if folder.exists() else None
    apply_theme(app, memory.mode if memory else "system", memory.text_size if memory else 100)
    app.setWindowIcon(QIcon(mark(256)))
    try:
        workspace = open_workspace(folder)
    except HoldfastError as error:
        trouble = explain(error)
        tell(trouble.title, trouble.text)
        return 4
    if workspace is None:
        return 0
    try:
        return run_window(workspace)
    finally:
        workspace.close()


def open_workspace(folder: Path) -> Workspace | None:
    """The workspace, after asking what must be asked; None when the person gave up. Raises StoreError."""
    from desktop.services.workspace import Workspace

    given = os.environ.get("HOLDFAST_PASSPHRASE")
    try:
        return Workspace.open(folder, given)
    except StoreMissing:
        return _ask_first(folder)
    except WrongPassphrase:
        if given is not None:
            raise
    return _ask_passphrase(folder)


def _ask_passphrase(folder: Path) -> Workspace | None:
    from desktop.services.workspace import Workspace

    operations = Operations()
    dialog = UnlockDialog(lambda typed: Workspace.open(folder, typed), operations)
    dialog.exec()
    operations.close()
    return dialog.workspace


def _ask_first(folder: Path) -> Workspace | None:
    from desktop.services.workspace import Workspace

    def make(organisation: Organisation, passphrase: str) -> Workspace:
        return Workspace.create(folder, organisation, passphrase)

    operations = Operations()
    dialog = FirstRunDialog(make, operations)
    dialog.exec()
    operations.close()
    return dialog.workspace
