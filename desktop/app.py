"""The composition root: the one place that knows the command line, the window and the practice portals together.

Every import of a large room stands inside the function that needs it, so that a command answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from desktop.cli import main
from desktop.cli.parser import WrongUse

if TYPE_CHECKING:
    from desktop.cli.story.stage import Draw
    from desktop.ui.first_run.making import Practice
    from desktop.ui.practice_strip import PracticeControl


def run(argv: Sequence[str]) -> int:
    """One run of the program; returns its exit code."""
    return main.run(argv, main.Seams(_window, _play, _drawing))


def _window(folder: Path | None) -> int:
    """The window on a workspace; without one in the folder it offers to make it."""
    _refuse_without_display()
    from desktop.ui.start import run as start

    return start(folder, _practice)


def _practice() -> Practice:
    """A practice portal with made-up records, for people who set Holdfast up and want to practise first."""
    from desktop.practice.server import PracticePortal

    portal = PracticePortal(size=250, seed=2026)
    portal.control.limits(None)
    return cast("Practice", portal)


def _play() -> int:
    """The window on a practice workspace in the middle of an outage, with its practice portal running."""
    _refuse_without_display()
    from desktop.cli.story.stage import PASSPHRASE, Stage
    from desktop.cli.story.story import prepare
    from desktop.ui.run import run_window

    with Stage(None, sys.stderr) as stage:
        prepare(stage)
        control = cast("PracticeControl", stage.control)
        return run_window(stage.workspace, control, passphrase=PASSPHRASE)[0]


def _drawing() -> Draw | None:
    """What draws the screens; None, and one line that says so, where Qt cannot be loaded."""
    try:
        from desktop.ui.run import draw
    except ImportError as error:
        if (error.name or "").startswith("desktop"):
            raise
        sys.stderr.write("Qt cannot be loaded here, so no pictures are drawn.\n")
        return None
    return draw


def _refuse_without_display() -> None:
    """A window that nobody can see would wait for ever. Raises WrongUse."""
    shown = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if sys.platform == "linux" and not shown:
        raise WrongUse("There is no display here, so no window can open. See: holdfast --help")
