"""The outage story holds, and would say so if it did not."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from desktop.cli.story import chapters, proof, story
from desktop.cli.story.stage import Stage


def test_every_step_of_the_outage_story_holds(tmp_path: Path) -> None:
    told = io.StringIO()
    result = story.run(tmp_path, stream=told)
    assert result["ok"], result["failed"]
    transcript = (tmp_path / "transcript.txt").read_text(encoding="utf-8")
    assert transcript.strip() == told.getvalue().strip()
    assert "NOT" not in transcript


def test_the_story_fails_when_the_two_sides_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = chapters.decisions

    def and_somebody_edits_unseen(stage: Stage, cast: chapters.Cast) -> None:
        real(stage, cast)
        monkeypatch.setattr(
            stage.workspace.sync, "run", lambda *_, **__: stage.workspace.sync._report(*_nothing(stage))
        )
        stage.colleague(cast.edited[0], email="somebody.else@mail.example")

    monkeypatch.setattr(chapters, "decisions", and_somebody_edits_unseen)
    result = story.run(tmp_path, stream=io.StringIO())
    assert not result["ok"]
    assert "same on both sides" in str(result["failed"])


def _nothing(stage: Stage):
    from desktop.sync.engine import Pass

    return stage.workspace.collections["trainees"], Pass()


def test_the_proof_sees_a_difference_in_a_field_and_in_a_child() -> None:
    with Stage(None, io.StringIO()) as stage:
        stage.sync()
        assert list(proof.differences(stage)) == []
        view = next(v for v in stage.editable() if v.document.children.get("degrees"))
        assert view.portal_id is not None
        held = stage.control.trainee(view.portal_id)
        stage.control.edit(view.portal_id, first_names="Othername")
        assert [d for d in proof.differences(stage) if "first_names" in d]
        assert held["degrees"]
        stage.control.edit(view.portal_id, first_names=held["first_names"], degrees=[])
        assert [d for d in proof.differences(stage) if "degrees" in d]
