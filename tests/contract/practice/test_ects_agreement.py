"""The collection's rules and the practice website's pages give one answer to a date, each by its own code.

Source: domain pack register-ects 1.1 step 4, 1.8 and 3.4.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from desktop.collections.ects.rules.dates import leaving
from desktop.practice.ects.furnish import ACADEMY, PRIMARY
from tests.contract.practice.schools import SchoolVisitor
from tests.unit.collections.ects.sample import context, ect, said, training

START_RULES = ("E-START-BOUNDARY", "E-START-MONTHS", "E-START-FLOOR", "E-START-CLOSED")
TODAYS = ("2026-09-20", "2026-10-31", "2027-05-31")
BEFORE: dict[str, dict[str, str | None]] = {
    "never": {},
    "open since 2025": {"began": "2025-09-01"},
    "ended in August": {"began": "2026-06-20", "until": "2026-08-31"},
    "trained since 10 September": {"began": "2026-06-20", "trained_from": "2026-09-10"},
    "to be trained in 2027": {"began": "2026-06-20", "trained_from": "2027-06-20"},
}


def edges(today: date) -> list[date]:
    """Days at and beside the ends of every window."""
    around = [
        date(2024, 6, 1), date(2025, 6, 1), date(2025, 9, 3), date(2026, 6, 1), date(2026, 6, 22), date(2026, 9, 12),
        date(2027, 6, 1), date(2028, 6, 1), today, today + timedelta(123),
    ]  # fmt: skip
    four = {"2026-09-20": date(2027, 1, 20), "2026-10-31": date(2027, 2, 28), "2027-05-31": date(2027, 9, 30)}
    around.append(four[today.isoformat()])
    return sorted({day + timedelta(n) for day in around for n in (-1, 0, 1)})


@pytest.mark.parametrize("today", TODAYS)
@pytest.mark.parametrize("case", BEFORE)
def test_a_start_date(school: SchoolVisitor, case: str, today: str) -> None:
    """1.1 step 4, 3.4."""
    earlier = BEFORE[case]
    school.control.put("schools", urn=PRIMARY, tutor_year=2026)
    school.on(today)
    if earlier:
        school.control.add(
            "periods", role="ect", trn="2100001", school=PRIMARY, working_pattern="full_time", provider="teach_first",
            **earlier,
        )  # fmt: skip
    school.up_to_start(school.teacher())
    told: list[dict[str, Any]] = []
    if earlier:
        began = earlier.get("trained_from") or earlier["began"]
        told = [
            {
                "school_urn": PRIMARY,
                "started_on": earlier["began"],
                "finished_on": earlier.get("until"),
                "training_started_on": began,
            }
        ]
    now = context(today)
    differ = []
    for day in edges(now.today):
        document = ect({"periods": told}, trn="2100001", school_urn=ACADEMY, started_on=day.isoformat())
        ours = not any(said(rule, document, now) for rule in START_RULES)
        parts = {"start-day": day.day, "start-month": day.month, "start-year": day.year}
        csrf = school.page.forms[-1].fields["csrf"][0]
        reply = school.http.post(
            "/register-ect/start-date", data={"csrf": csrf} | parts, follow_redirects=True
        )
        if ours != reply.url.path.endswith("/working-pattern"):
            differ.append((day.isoformat(), ours))
    assert differ == []


@pytest.mark.parametrize("today", TODAYS)
@pytest.mark.parametrize("trained_from", ["2026-06-01", "2026-06-20", "2027-06-20"])
def test_a_leaving_date(school: SchoolVisitor, trained_from: str, today: str) -> None:
    """1.8, 3.4."""
    school.on(today)
    made = school.control.add(
        "periods", role="ect", trn="2100001", school=ACADEMY, began="2026-06-01", working_pattern="full_time",
        provider="teach_first", trained_from=trained_from,
    )  # fmt: skip
    document = ect({"training": [training(started_on=trained_from)]}, started_on="2026-06-01")
    school.get(f"/ects/{made['id']}/leaving")
    csrf = school.page.forms[-1].fields["csrf"][0]
    now = date.fromisoformat(today)
    differ = []
    for day in edges(now):
        ours = not leaving(document, day, now)
        parts = {"leaving-day": day.day, "leaving-month": day.month, "leaving-year": day.year}
        reply = school.http.post(f"/ects/{made['id']}/leaving/edit", data={"csrf": csrf} | parts)
        if ours != (reply.status_code == 303):
            differ.append((day.isoformat(), ours))
    assert differ == []
