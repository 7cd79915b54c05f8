"""Plays the story: `run` for the demo, `prepare` for the window of `make run`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TextIO

from desktop.cli.story import chapters
from desktop.cli.story.stage import Draw, Stage, StoryFailed


def run(out: Path | None, draw: Draw | None = None, stream: TextIO | None = None) -> dict[str, object]:
    """Play every chapter. Returns {"ok", "transcript", "pictures", "failed"}; ok only if every step held."""
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    before = os.environ.get("HOLDFAST_SETTLE_S")
    os.environ["HOLDFAST_SETTLE_S"] = "0"
    failed = ""
    try:
        with Stage(out, stream or sys.stderr, draw) as stage:
            try:
                _play(stage)
            except StoryFailed as step:
                failed = str(step)
            transcript = stage.write_transcript()
            pictures = [str(p) for p in stage.pictures]
    finally:
        if before is None:
            del os.environ["HOLDFAST_SETTLE_S"]
        else:
            os.environ["HOLDFAST_SETTLE_S"] = before
    return {
        "ok": not failed,
        "failed": failed,
        "transcript": str(transcript) if transcript else "",
        "pictures": pictures,
    }


def _play(stage: Stage) -> None:
    stage.chapter("Holdfast: an outage on the eve of the census. Everybody here is made up.")
    cast = chapters.first_pull(stage)
    chapters.outage_begins(stage)
    chapters.edits(stage, cast)
    chapters.killed_in_the_middle(stage, cast)
    chapters.additions(stage, cast)
    chapters.actions_and_money(stage, cast)
    chapters.colleagues(stage, cast)
    chapters.back_busy_then_well(stage, cast)
    chapters.decisions(stage, cast)
    chapters.the_end(stage, cast)


def prepare(stage: Stage) -> None:
    """Bring a stage to the middle of the outage, with work waiting, for a person to take over."""
    cast = chapters.first_pull(stage)
    chapters.outage_begins(stage)
    chapters.edits(stage, cast)
    chapters.additions(stage, cast)
    chapters.actions_and_money(stage, cast)
    chapters.colleagues(stage, cast)
