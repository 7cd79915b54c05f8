"""What a verb works with: the workspace folder, the workspace once it is asked for, and the passphrase that opens it."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from desktop.cli.output import Progress

if TYPE_CHECKING:
    from desktop.services.salvaging import Salvaged
    from desktop.services.unlocking import Unlocking
    from desktop.services.workspace import Workspace

T = TypeVar("T")
_TRIES = 4
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
        given = os.environ.get("HOLDFAST_PASSPHRASE", os.environ.get("HOLDFAST_RECOVERY"))
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

        workspace = self._with_key(lambda key: Workspace.open(self.folder, key))
        if name := self.args.person or os.environ.get("HOLDFAST_PERSON"):
            self._opened = workspace  # closed with the session, also when nobody here has this name
            workspace.people.act_as(name)
        return workspace

    def look_over(self) -> tuple[list[str], str]:
        """What the doctor finds, and what to say of a lost key, without opening the workspace itself."""
        from desktop.services.workspace import Workspace

        return self._with_key(lambda key: Workspace.look_over(self.folder, key))

    def salvage(self, out: Path) -> Salvaged:
        """Save what can be read of the workspace, without opening it."""
        from desktop.services.salvaging import salvage_to

        return self._with_key(lambda key: salvage_to(self.folder, key, out))

    def _with_key(self, work: Callable[[str | Unlocking | None], T]) -> T:
        """Do `work` with the passphrase: from the environment, else the credential store (None), else asked for.

        The code of the recovery sheet does as well (HOLDFAST_RECOVERY, or typed).
        """
        from desktop.model.errors import WrongPassphrase

        if (given := self._unlocking or os.environ.get("HOLDFAST_PASSPHRASE")) is not None:
            return work(given)
        try:
            return work(None)
        except WrongPassphrase as error:
            if not self.may_ask:
                raise WrongPassphrase(f"This workspace needs its passphrase. {_HOW}") from error
        return opened_by(self, work, "", "Passphrase: ")[0]

    @property
    def may_ask(self) -> bool:
        """Whether somebody sits at a terminal and expects words, not JSON."""
        return not self.as_json and sys.stdin is not None and sys.stdin.isatty()

    def new_passphrase(self, what: str = "passphrase for the new workspace") -> str:
        """A passphrase that is to count: from the environment, else typed twice. Raises UsageError."""
        from desktop.model.errors import UsageError

        given = os.environ.get("HOLDFAST_PASSPHRASE")
        if given is not None:
            return given
        if not self.may_ask:
            raise UsageError(f"A {what.removesuffix(' for the new workspace')} is needed. {_HOW}")
        typed = ask(f"{what[:1].upper()}{what[1:]}: ")
        if typed != ask("The same again: "):
            raise UsageError("The two are not the same. Nothing was changed; try again.")
        if not typed:
            raise UsageError("Nothing was typed, so nothing was changed.")
        return typed

    def file_passphrase(self, file: str) -> str:
        """The passphrase of the workspace that a file was made of; `file` = "backup". Raises WrongPassphrase."""
        from desktop.model.errors import WrongPassphrase

        given = os.environ.get("HOLDFAST_PASSPHRASE", os.environ.get("HOLDFAST_RECOVERY"))
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


def opened_by(session: Session, work: Callable[[str], T], variable: str, prompt: str) -> tuple[T, str]:
    """(what `work` gave, what was typed): from the environment once, else asked for, with a pause that grows.

    Raises WrongPassphrase after so many wrong ones, or where nobody can be asked.
    """
    from desktop.model.errors import WrongPassphrase
    from desktop.services.unlocking import pause_s

    given = os.environ.get(variable) if variable else None
    if given is not None:
        return work(given), given
    if not session.may_ask:
        raise WrongPassphrase(f"This needs the code of the recovery sheet. Set {variable}.")
    for wrong in range(1, _TRIES + 1):
        typed = ask(prompt)
        try:
            return work(typed), typed
        except WrongPassphrase as error:
            if wrong == _TRIES:
                raise
            pause = pause_s(wrong)
            sys.stderr.write(f"{error}\n" + (f"Wait {pause:.0f} seconds.\n" if pause else ""))
            time.sleep(pause)
    raise AssertionError("the last try raises")


def ask(prompt: str) -> str:
    """Something secret, typed unseen. Raises UsageError when the person ends the input instead."""
    import getpass

    from desktop.model.errors import UsageError

    try:
        return getpass.getpass(prompt)
    except EOFError as error:
        raise UsageError("Nothing was typed, so nothing was done.") from error
