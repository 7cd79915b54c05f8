"""The verbs practice and demo: a practice portal until it is stopped, and the outage story."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.answer import Answer, Exit
from desktop.cli.session import Session
from desktop.model.errors import UsageError

if TYPE_CHECKING:
    from desktop.cli.story.stage import Draw


def practice(port: int, size: int, seed: int) -> int:
    """Run a practice portal until SIGTERM or Ctrl-C; it prints its one JSON object itself. The exit code."""
    from desktop.practice.server import run

    return run(port, size, seed)


def demo(session: Session, drawing: Callable[[], Draw | None]) -> Answer:
    """Play the story; exit 0 only if every step held. With `--json` the transcript goes to stderr."""
    from desktop.cli.story.story import run

    out = Path(session.args.out) if session.args.out else None
    if out is not None and out.exists() and not out.is_dir():
        raise UsageError(f"{out.name} is a file. Give a folder for transcript and pictures.")
    draw = drawing() if out is not None else None
    result = run(out, draw, sys.stderr if session.as_json else sys.stdout)
    told = "Every step held." if result["ok"] else f"This did not hold: {result['failed']}"
    where = f" Transcript and pictures are in {out}." if out is not None else ""
    return Answer(result, lambda: ("", told + where), Exit.DONE if result["ok"] else Exit.NEEDS_YOU)
