"""A school by the command line alone: two colleagues, two workspaces, one sheet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop.services.core import LONDON
from tests.e2e.cli_world import Cli, cheap_keys, new_cli
from tests.unit.collections.ects.sample import ECT

TEAM: dict[str, str | None] = {"HOLDFAST_EXCHANGE_PASSPHRASE": "three patient newts"}
START = (datetime.now(LONDON).date() - timedelta(days=30)).isoformat()


@pytest.fixture
def colleagues(tmp_path: Path) -> Iterator[tuple[Cli, Cli]]:
    """Jo's and Sam's workspaces of one school."""
    with cheap_keys():
        made = new_cli(tmp_path / "jo"), new_cli(tmp_path / "sam")
        for cli, name in zip(made, ("Jo Achebe", "Sam Okafor"), strict=True):
            cli.ok("init", "--organisation", "Northmoor Academy", "--kind", "school", "--urn", "123456")
            (me,) = cli.ok("people")["people"]
            cli.ok("people", "--change", me["name"], "--name", name)
        yield made


def hand_over(giver: Cli, taker: Cli, path: Path) -> Any:
    """A change file from one to the other; what taking it in did."""
    assert giver("exchange", "make", str(path), env=TEAM).code == 0
    return taker("exchange", "take", str(path), env=TEAM).json


def test_what_one_types_the_other_sees_with_the_name(colleagues: tuple[Cli, Cli], tmp_path: Path):
    """Section 9: half typed here is told there; done here is registered there, and no birthday travels on."""
    jo, sam = colleagues
    told = jo("add", "ects", "--from", "-", stdin=json.dumps({**ECT, "started_on": START}).encode()).json
    ref, item = told["id"], f"{told['id']}:register_ect"
    assert hand_over(jo, sam, tmp_path / "jo.hfx")["new"] == 1
    sam.ok("key", "begin", item)
    hand_over(sam, jo, tmp_path / "sam.hfx")
    (typing,) = jo.ok("exchange")["typing"]
    assert "Sam Okafor" in json.dumps(typing)
    refused = jo("key", "begin", item)
    assert refused.code == 2
    assert "Sam Okafor is typing this" in refused.error
    sam.ok("key", "done", item)
    assert hand_over(sam, jo, tmp_path / "sam.hfx")["changed"] >= 1
    for cli in (jo, sam):
        held = cli.ok("show", "ects", ref)
        assert (held["state"], held["fields"].get("date_of_birth")) == ("registered", None)
        assert cli.ok("key", "list")["items"] == []
        assert ECT["date_of_birth"] not in cli("journal", "ects", ref).out
    assert jo.ok("exchange")["typing"] == []
    assert {e["actor"] for e in sam.ok("journal", ref)["entries"] if e["event"] == "keyed"} == {"Sam Okafor"}
