"""Days of single people and of the school: pack section, what the record says, what is asked for, the days that come of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from desktop.collections.ects import windows
from desktop.collections.ects.days import of_record
from desktop.model.collection import Context
from desktop.model.document import Document, Fields
from tests.unit.collections.ects.sample import context, ect, held, mentor, school

OPEN = {"school_name": "Elsewhere", "started_on": "2025-09-01"}
LATE = ect(finished_on="2027-03-31")
SOON = ect(finished_on="2026-12-18")

CASES: list[tuple[str, Document, Context, dict[str, Fields], list[tuple[str, str]]]] = [
    ("1.1", ect(), context("2026-08-20"), {}, [("2026-09-01", "Start of {}: not registered yet")]),
    ("1.1", ect(started_on=None), context(), {}, []),
    ("1.1", ect(), held(ect()), {}, []),
    ("1.1", ect(), context("2026-09-09"), {}, []),
    ("1.2", mentor(), context(), {}, []),
    ("1.8", ect(), held(ect()), {"leave": {"leaving_on": "2026-12-18"}}, [("2026-12-18", "Leaving of {}: not typed yet")]),
    ("1.8", SOON, held(ect()), {}, [("2026-12-18", "Leaving of {}: not recorded yet")]),
    ("1.8", SOON, held(SOON), {}, []),
    (
        "1.8, 3.4 leaving",
        LATE,
        held(ect()),
        {},
        [("2026-12-01", "Leaving of {} on 31 March 2027: it can be recorded from now on")],
    ),
    (
        "1.1 step 4a",
        ect(started_on="2027-09-01"),
        context("2027-04-20"),
        {},
        [
            ("2027-09-01", "Start of {}: not registered yet"),
            ("2027-06-01", "Registration of {}: the portal takes the start date, usually from now on"),
        ],
    ),
    (
        "3.4, registered before",
        ect({"periods": [OPEN]}, started_on="2027-02-22"),
        context(),
        {},
        [
            ("2027-02-22", "Start of {}: not registered yet"),
            ("2026-10-22", "Registration of {}: four months before the start, it can be typed"),
        ],
    ),
    ("1.9", school(), context(), {}, []),
    (
        "1.9",
        school(induction_tutor_confirmed=2025),
        context(),
        {},
        [("2026-09-20", "Confirmation of the induction tutor at {}: not given yet for 2026 to 2027")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("section", "of", "among", "asked", "days"),
    CASES,
    ids=[f"{n}-[{case[0]}]" for n, case in enumerate(CASES)],
)
def test_days(
    section: str, of: Document, among: Context, asked: dict[str, Any], days: list[tuple[str, str]]
) -> None:
    found = [(one.day.isoformat(), one.what) for one in of_record(of, among, asked)]
    assert found == days, section


@pytest.mark.parametrize("day", ["2026-12-31", "2027-06-30", "2027-06-28", "2027-03-31", "2028-06-29"])
def test_the_first_day_on_which_four_months_reach(day: str) -> None:
    """Section 3.4: today + 4 calendar months, that day allowed."""
    wanted = date.fromisoformat(day)
    first = windows.first_with(wanted)
    assert windows.latest(first) >= wanted
    assert windows.latest(date.fromordinal(first.toordinal() - 1)) < wanted
