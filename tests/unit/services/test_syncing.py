"""Whose records a portal may give: learnt at a practice portal, demanded of a real one (I10, N11)."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.model.collection import Collection
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace


class Asked(Exception):
    """Which organisation the adapter was told to expect."""


def _told(collection: Collection, url: str, token: str, organisation: str):
    raise Asked(organisation)


@pytest.mark.parametrize(
    ("url", "expected"), [("https://register.example", "10012345"), ("http://127.0.0.1:1", "")]
)
def test_the_providers_number_is_demanded_of_a_real_portal_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, expected: str
) -> None:
    monkeypatch.setenv("A_TOKEN", "practice_" + "0" * 64)
    organisation = Organisation("Uni", "hei", "10012345")
    workspace = Workspace.create(tmp_path / "w", organisation, "pass", make=_told)
    try:
        workspace.portals.connect("trainees", url, token_env="A_TOKEN")
        with pytest.raises(Asked) as asked:
            workspace.sync.run("trainees")
    finally:
        workspace.close()
    assert asked.value.args == (expected,)
