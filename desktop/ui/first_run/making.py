"""What the set-up does when all is answered: makes the workspace, connects the portal, reads the records.

Every function here blocks and runs on a worker thread; none of them touches a widget.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from desktop.model.verdict import Probe
from desktop.services import tokens
from desktop.services.views import Progress, SyncReport
from desktop.services.workspace import Workspace, try_portal
from desktop.ui.first_run.answers import Answers
from desktop.ui.practice_strip import PracticeControl

PRACTICE_PASSPHRASE = "practice"  # noqa: S105 - made-up records, thrown away afterwards


class Practice(Protocol):
    """A practice portal that runs on this computer, with made-up records."""

    control: PracticeControl

    @property
    def register_url(self) -> str: ...

    @property
    def token(self) -> str: ...

    def stop(self) -> None:
        """End it. May be called twice."""


@dataclass
class Made:
    """An open workspace and what belongs to it. `folder` = a temporary one, thrown away with it.

    code  of the recovery sheet, when that opened it
    """

    workspace: Workspace
    practice: Practice | None = None
    folder: Path | None = None
    code: str = field(default="", repr=False)

    @property
    def passphrase(self) -> str:
        """Told on the lock screen in practice; "" otherwise."""
        return PRACTICE_PASSPHRASE if self.practice else ""

    def end(self) -> None:
        """Close the workspace; of practice nothing stays."""
        self.workspace.close()
        if self.practice is not None:
            self.practice.stop()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def test(answers: Answers, collection: str) -> Probe:
    """What the portal says to address and token. Raises UsageError for what cannot be one."""
    known = next(one for one in Workspace.offered() if one.name == collection)
    return try_portal(known, answers.url, answers.token, answers.organisation())


def make(answers: Answers, folder: Path, practice: Callable[[], Practice] | None) -> Made:
    """The workspace. On failure nothing of it is left. Raises StoreError, UsageError and their kinds."""
    if answers.practice:
        assert practice is not None, "practice is offered only where it can be started"
        return _make_practice(answers, practice)
    made = Workspace.create(
        folder, answers.organisation(), answers.passphrase, remember=answers.remember, sheet=answers.sheet
    )
    return Made(made)


def _make_practice(answers: Answers, practice: Callable[[], Practice]) -> Made:
    place = Path(tempfile.mkdtemp(prefix="holdfast-practice-"))
    portal = practice()
    try:
        workspace = Workspace.create(
            place / "workspace", answers.organisation(), PRACTICE_PASSPHRASE, remember=False
        )
    except BaseException:
        portal.stop()
        shutil.rmtree(place, ignore_errors=True)
        raise
    return Made(workspace, portal, place)


def connect(made: Made, answers: Answers) -> None:
    """Tell the workspace where its portals are, and keep the token in the best place that this computer has.

    Raises UsageError.
    """
    url, token = answers.url, answers.token
    keep_here = made.practice is not None or not tokens.credential_store()
    if made.practice is not None:
        url, token = made.practice.register_url, made.practice.token
    for name in _sending(made):
        made.workspace.portals.connect(name, url, token=token, in_workspace=keep_here)


def read(
    made: Made, answers: Answers, progress: Callable[[Progress], None], cancelled: Callable[[], bool]
) -> list[SyncReport]:
    """Connect, then read what the portal holds, one collection after the other; what was read stays when it is stopped.

    Raises UsageError, StoreError and its kinds.
    """
    connect(made, answers)
    return [
        made.workspace.sync.run(name, push=False, progress=progress, cancelled=cancelled)
        for name in _sending(made)
        if not cancelled()
    ]


def _sending(made: Made) -> list[str]:
    """Collections that their portal takes from a program."""
    return [name for name, known in made.workspace.collections.items() if known.sends]
