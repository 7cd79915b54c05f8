"""What a verb works with: the workspace folder, the workspace once it is asked for, and the passphrase that opens it."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from desktop.cli.output import Progress

if TYPE_CHECKING:
    from desktop.services.unlocking import Unlocking
    from desktop.services.workspace import Workspace

T = TypeVar("T")
_HOW = "Set HOLDFAST_PASSPHRASE, or run this on a terminal without --json to be asked for it."


class Session:
    """One run of the program. Opens the workspace when a verb first asks for it; leaving closes it."""

    def __init__(self, args: Namespace, folder: str | None, *, as_json: bool) -> None:
        self.args = args
        self.as_json = as_json
        self.progress = Progress()
        self._folder = folder
        self._opened: Workspace | None = None
        self._unlocking: Unlocking | None = None

    def unlock(self) -> None:
        """Begin to unwrap the key, if the environment has the passphrase; the verb is imported meanwhile."""
        given = os.environ.get("HOLDFAST_PASSPHRASE")
        if given is not None:
            from desktop.services.unlocking import Unlocking

            self._unlocking = Unlocking(self.folder, given)

    @cached_property
    def folder(self) -> Path:
        """The workspace folder: `--data-dir`, else the usual place of this computer."""
        if self._folder is not None:
            return Path(self._folder)
        from desktop.paths import default_workspace

        return default_workspace()

    @property
    def workspace(self) -> Workspace:
        """The workspace, opened on first use. Raises StoreError and its kinds."""
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> Workspace:
        from desktop.services.workspace import Workspace

        return self._with_key(lambda key: Workspace.open(self.folder, key))

    def examine(self) -> list[str]:
        """What the doctor finds, without opening the workspace itself."""
        from desktop.services.workspace import Workspace

        return self._with_key(lambda key: Workspace.examine(self.folder, key))

    def _with_key(self, work: Callable[[str | Unlocking | None], T]) -> T:
        """Do `work` with the passphrase: from the environment, else the credential store (None), else asked for."""
        from desktop.model.errors import WrongPassphrase

        if (given := self._unlocking or os.environ.get("HOLDFAST_PASSPHRASE")) is not None:
            return work(given)
        try:
            return work(None)
        except WrongPassphrase as error:
            if not self.may_ask:
                raise WrongPassphrase(f"This workspace needs its passphrase. {_HOW}") from error
        return work(ask("Passphrase: "))

    @property
    def may_ask(self) -> bool:
        """Whether somebody sits at a terminal and expects words, not JSON."""
        return not self.as_json and sys.stdin is not None and sys.stdin.isatty()

    def new_passphrase(self) -> str:
        """The passphrase of a workspace to be made: from the environment, else typed twice. Raises UsageError."""
        from desktop.model.errors import UsageError

        given = os.environ.get("HOLDFAST_PASSPHRASE")
        if given is not None:
            return given
        if not self.may_ask:
            raise UsageError(f"A new workspace needs a passphrase. {_HOW}")
        typed = ask("Passphrase for the new workspace: ")
        if typed != ask("The same again: "):
            raise UsageError("The two are not the same. Nothing was made; try again.")
        return typed

    def file_passphrase(self, file: str) -> str:
        """The passphrase of the workspace that a file was made of; `file` = "backup". Raises WrongPassphrase."""
        from desktop.model.errors import WrongPassphrase

        given = os.environ.get("HOLDFAST_PASSPHRASE")
        if given is not None:
            return given
        if not self.may_ask:
            raise WrongPassphrase(f"The {file} needs the passphrase of its workspace. {_HOW}")
        return ask(f"Passphrase of the {file}: ")

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.progress.end()
        if self._unlocking is not None:
            self._unlocking.wait()
        if self._opened is not None:
            self._opened.close()


def ask(prompt: str) -> str:
    """Something secret, typed unseen. Raises UsageError when the person ends the input instead."""
    import getpass

    from desktop.model.errors import UsageError

    try:
        return getpass.getpass(prompt)
    except EOFError as error:
        raise UsageError("Nothing was typed, so nothing was done.") from error
