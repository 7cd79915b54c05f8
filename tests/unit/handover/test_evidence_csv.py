"""The evidence as CSV: one row per outage, the rest beside it, and no formulas."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime

import pytest

from desktop.handover.cells import guarded
from desktop.handover.evidence_csv import as_csv
from desktop.model.evidence import Evidence
from tests.unit.handover.reports import NINE, deadline, outage_report, report


def rows(made: Evidence, more: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(as_csv(made)[more].decode().splitlines()))


def test_one_row_an_outage_whatever_else_there_is() -> None:
    (row,) = rows(outage_report(tries=50, changes=40))
    assert (row["collection"], row["state"], row["tries"], row["changes"]) == (
        "trainees",
        "maintenance",
        "50",
        "40",
    )
    begin = datetime.fromisoformat(row["begin"])
    assert begin == NINE
    assert begin.tzinfo is not None
    assert row["end"] > row["begin"]


def test_the_end_is_empty_while_it_lasts() -> None:
    (row,) = rows(outage_report(lasts=True))
    assert (row["end"], row["last_confirmed"]) == ("", "")


def test_every_try_and_every_change_has_its_row() -> None:
    made = outage_report(tries=1_000, changes=12, deadlines=(deadline(),))
    assert len(rows(made, "-attempts")) == 1_000
    assert rows(made, "-attempts")[0]["asked"] == "Read records"
    first = rows(made, "-changes")[0]
    assert (first["portal_id"], first["outcome"], first["funding"]) == (
        "FYWnvezJunbR4xcyZnvN7000",
        "confirmed",
        "yes",
    )
    assert first["outages"] == "1"
    (day,) = rows(made, "-deadlines")
    assert (day["day"], day["unsent"], day["passed"]) == ("2026-10-05", "12", "yes")


def test_without_outages_there_are_heads_only() -> None:
    assert {more: len(rows(report(), more)) for more in as_csv(report())} == {
        "": 0,
        "-attempts": 0,
        "-changes": 0,
        "-deadlines": 0,
    }


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r"])
def test_no_value_is_a_formula(mark: str) -> None:
    made = outage_report(detail=f"{mark}1+1", tries=1, changes=1, people=1)
    made = replace(made, changes=(replace(made.changes[0], own_id=f"{mark}A1", by=f"{mark}B"),))
    for content in as_csv(made).values():
        for row in csv.reader(content.decode().splitlines()):
            assert not [v for v in row if v.startswith(mark)]
    assert guarded(f"{mark}x") == f"'{mark}x"
    assert guarded("plain = x") == "plain = x"


def test_broken_characters_do_not_stop_it() -> None:
    assert rows(outage_report(detail="\ud800 half"))[0]["detail"] == "? half"
