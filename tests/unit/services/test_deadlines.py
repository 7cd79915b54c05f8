"""Deadlines: which days there are, what counts for them, what stands in the way, and when a person is reminded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from desktop.model.document import Document, Patch
from desktop.model.errors import UnknownRef, UsageError
from desktop.services.deadlines import HISTORY_DAYS, DeadlineView, Scope
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace

EVE = datetime(2026, 10, 13, 13, 2, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = EVE

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    made = Workspace.create(
        tmp_path / "w", Organisation("Uni", "hei"), "pass", clock=clock, actor="Priya", remember=False
    )
    yield made
    made.close()


def draft(workspace: Workspace, start: str = "2026-09-07", **fields: str) -> str:
    document = Document(
        {"first_names": "Ada", "last_name": "Ashcombe", "trainee_start_date": start, **fields}
    )
    return workspace.records.add("trainees", document).id


def census(workspace: Workspace) -> DeadlineView:
    return next(view for view in workspace.deadlines.all() if view.name == "ITT census 2026 to 2027")


def test_the_calendar_is_all_there_in_order_of_time(workspace: Workspace) -> None:
    views = workspace.deadlines.all()
    calendar = workspace.collections["trainees"].deadlines(date(2026, 10, 13))
    assert [view.day for view in views] == sorted(day for day, _ in calendar)
    assert {view.name: view.due for view in views} == {
        "ITT census 2026 to 2027": True,
        "Sign-off of new trainees 2026 to 2027 closes": True,
        "Performance profile 2025 to 2026 opens": False,
        "Performance profile 2025 to 2026 closes": True,
        "Sign-off of new trainees 2027 to 2028 opens": False,
        "ITT census 2027 to 2028": True,
    }


def test_a_deadline_counts_the_records_of_its_own_year(workspace: Workspace) -> None:
    draft(workspace)
    draft(workspace, "2025-09-08")
    by_name = {view.name: view for view in workspace.deadlines.all()}
    assert by_name["ITT census 2026 to 2027"].counts.drafts == 1
    assert by_name["Performance profile 2025 to 2026 closes"].counts.drafts == 1
    assert by_name["ITT census 2027 to 2028"].counts.total == 0
    assert by_name["ITT census 2026 to 2027"].days_left == 1
    assert by_name["ITT census 2026 to 2027"].scope_words == "Trainees of 2026 to 2027"


def test_what_stands_in_the_way_leads_to_the_very_records(workspace: Workspace) -> None:
    draft(workspace)
    (hindrance,) = census(workspace).hindrances
    assert hindrance.words == "1 draft has something to put right"
    assert hindrance.page == "records"
    assert hindrance.where == {"collection": "trainees", "filters": {"cycle": "2026", "sync": ("draft",)}}


def test_a_deadline_of_ones_own_is_kept_and_can_be_taken_away(workspace: Workspace) -> None:
    draft(workspace)
    key = workspace.deadlines.add(
        "  Payment   run ", date(2026, 11, 20), Scope("trainees", "2026", money_only=True)
    )
    own = next(view for view in workspace.deadlines.all() if view.own)
    assert (own.own, own.name, own.day, own.added_by) == (key, "Payment run", date(2026, 11, 20), "Priya")
    assert own.scope_words == "Trainees of 2026 to 2027 with money"
    assert own.counts.total == 0
    workspace.deadlines.remove(key)
    assert not any(view.own for view in workspace.deadlines.all())
    with pytest.raises(UnknownRef):
        workspace.deadlines.remove(key)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("", date(2026, 11, 1)),
        ("   ", date(2026, 11, 1)),
        ("Late", date(2026, 10, 12)),
        ("x" * 101, date(2026, 11, 1)),
    ],
)
def test_a_deadline_that_cannot_be_is_refused(workspace: Workspace, name: str, day: date) -> None:
    with pytest.raises(UsageError):
        workspace.deadlines.add(name, day, Scope("trainees"))
    assert not any(view.own for view in workspace.deadlines.all())


def test_the_past_is_told_as_the_journal_has_it(workspace: Workspace, clock: Clock) -> None:
    clock.now = EVE - timedelta(days=3)
    record = draft(workspace)
    clock.now = EVE - timedelta(days=1)
    draft(workspace)
    clock.now = EVE
    workspace.records.discard(record)
    days = workspace.deadlines.history(Scope("trainees", "2026"))
    assert len(days) == HISTORY_DAYS
    assert [day.day for day in days] == [date(2026, 10, 13) - timedelta(days=n) for n in range(13, -1, -1)]
    told = {day.day.day: (day.confirmed, day.waiting, day.drafts, day.needs_you) for day in days}
    # The record that was thrown away today counts on no day: the numbers are of the records that there are.
    assert told[10] == (0, 0, 0, 0)
    assert told[12] == told[13] == (0, 0, 1, 0)


def test_a_person_is_reminded_once_a_day_while_work_is_left(workspace: Workspace, clock: Clock) -> None:
    draft(workspace)
    reminder = workspace.deadlines.reminder()
    assert reminder is not None
    assert reminder.title == "ITT census 2026 to 2027: tomorrow"
    assert reminder.text == ("0 of 1 trainees are confirmed by Register. 1 draft has something to put right.")
    workspace.deadlines.note_reminded(reminder)
    assert workspace.deadlines.reminder() is None
    clock.now = EVE + timedelta(days=1)
    again = workspace.deadlines.reminder()
    assert again is not None
    assert again.title == "ITT census 2026 to 2027: today"


def test_nobody_is_reminded_of_what_is_far_away_or_done(workspace: Workspace, clock: Clock) -> None:
    assert workspace.deadlines.reminder() is None
    draft(workspace)
    clock.now = datetime(2026, 10, 6, 9, tzinfo=UTC)
    assert workspace.deadlines.reminder() is None
    clock.now = datetime(2026, 10, 7, 9, tzinfo=UTC)
    assert workspace.deadlines.reminder() is not None


def test_edits_move_the_counts(workspace: Workspace) -> None:
    record = draft(workspace)
    assert census(workspace).counts.total == 1
    workspace.records.edit(record, Patch({"trainee_start_date": "2025-09-08"}))
    assert census(workspace).counts.total == 0
