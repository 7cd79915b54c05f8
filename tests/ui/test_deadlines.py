"""Deadlines: what the page says, the chart and its numbers, and deadlines of a person's own."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt

from desktop.model.document import Patch
from desktop.services.deadlines import DayReady, DeadlineView, Scope
from desktop.services.views import Counts
from desktop.ui.deadlines import page as page_module
from desktop.ui.deadlines.chart import LEAST, ReadinessChart
from desktop.ui.deadlines.statement import chart_words, day_groups, days_words, deadline_groups, title
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.text import Text

TODAY = date(2026, 10, 13)
READY = Counts(10, 10, 0, 0, 0, 0)
OPEN = Counts(10, 7, 2, 1, 0, 0)


def deadline(days: int, counts: Counts = OPEN, *, due: bool = True, name: str = "ITT census 2026 to 2027"):
    return DeadlineView(
        f"id {name} {days}", "trainees", name, "", TODAY + timedelta(days=days), days, due,
        Scope("trainees", "2026"), "Trainees of 2026 to 2027", counts, (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("views", "said"),
    [
        ([], "No deadline is known for the next year"),
        ([deadline(1)], "ITT census 2026 to 2027 is tomorrow and 3 records are not confirmed"),
        ([deadline(0, READY)], "ITT census 2026 to 2027 is today and everything is confirmed"),
        ([deadline(5)], "ITT census 2026 to 2027 is in five days and 3 records are not confirmed"),
        (
            [deadline(4, name="Sign-off closes")],
            "Sign-off closes in four days and 3 records are not confirmed",
        ),
        ([deadline(18, Counts(0, 0, 0, 0, 0, 0))], "ITT census 2026 to 2027 is in 18 days"),
        (
            [deadline(-1), deadline(0, due=False), deadline(61)],
            "Nothing is due before Sunday 13 December 2026",
        ),
    ],
)
def test_the_title_is_a_statement(views, said):
    assert title(views) == said


def test_days_are_said_as_people_say_them():
    assert [days_words(n) for n in (-3, -1, 0, 1, 2)] == [
        "3 days ago", "yesterday", "today", "tomorrow", "in 2 days",
    ]  # fmt: skip


def test_what_has_passed_and_what_only_opens_stand_apart():
    groups = deadline_groups([deadline(-2), deadline(3, due=False), deadline(5)])
    assert [(group.key, len(group.lines)) for group in groups] == [("coming", 1), ("know", 1), ("passed", 1)]
    assert [cell.text for cell in groups[1].lines[0].cells[3:]] == ["", ""]


DAYS = [DayReady(TODAY - timedelta(days=1), 0, 0, 0, 0), DayReady(TODAY, 970, 20, 5, 5)]


def test_the_chart_tells_its_numbers_to_everybody(qtbot):
    chart = ReadinessChart()
    qtbot.addWidget(chart)
    chart.show_days(DAYS)
    assert chart.accessibleDescription() == chart_words(DAYS)
    assert chart_words(DAYS) == "12 Oct 2026: none of them here. Now: 970 confirmed, 30 not yet."
    (group,) = day_groups(DAYS)
    assert [cell.text for cell in group.lines[0].cells] == ["13 Oct 2026", "970", "20", "5", "5"]


def test_no_part_of_the_chart_is_too_low_to_be_seen(qtbot):
    chart = ReadinessChart()
    qtbot.addWidget(chart)
    chart.show_days(DAYS)
    heights = dict(chart.heights(DAYS[1], 150.0))
    assert min(heights.values()) >= LEAST
    assert sum(heights.values()) == pytest.approx(150.0)
    assert chart.heights(DAYS[0], 150.0) == []


# -- in the window -----------------------------------------------------------------------------------------


@pytest.fixture
def waiting(workspace, portal, editable):
    """A record of this year whose change waits for a portal that is down."""
    portal.control.fault("maintenance")
    row = next(row for row in editable() if row.facets["cycle"] == 2026)
    workspace.records.edit(row.id, Patch({"email": "new@mail.example"}))
    return row


def test_home_leads_to_the_deadlines(make_window, workspace, settle):
    window = make_window(workspace)
    link = next(b for b in window.stack.page.findChildren(Button) if b.words == "All deadlines")
    link.click()
    settle(window)
    assert window.stack.name == "deadlines"


def test_the_next_deadline_is_shown_with_what_stands_in_its_way(make_window, workspace, waiting, settle):
    window = make_window(workspace, "deadlines")
    page = window.stack.page
    assert page.statement == "ITT census 2026 to 2027 is tomorrow and 1 record is not confirmed"
    link = next(b for b in page.ready.findChildren(Button) if b.words.startswith("Open: "))
    assert link.accessibleName() == "Open: 1 record waits to be sent"
    link.click()
    settle(window)
    assert window.stack.name == "records"
    assert len(window.stack.page.listing.model.keys) == 1


def test_enter_goes_to_what_stands_in_the_way(qtbot, make_window, workspace, waiting):
    page = make_window(workspace, "deadlines").stack.page
    page.focus_first()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.window().focusWidget().accessibleName() == "Open: 1 record waits to be sent"


def test_the_numbers_of_the_chart_are_a_table_too(make_window, workspace, waiting, settle):
    page = make_window(workspace, "deadlines").stack.page
    page.days.switch.click()
    assert page.days.table.isVisible()
    assert not page.days.chart.isVisible()
    (group,) = [e for e in page.days.table.grouped._entries if hasattr(e, "lines")]
    assert len(group.lines) == 14
    counts = next(v for v in workspace.deadlines.all() if v.due).counts
    assert [cell.text for cell in group.lines[0].cells[1:3]] == [str(counts.confirmed), "1"]


def test_the_chart_of_yesterday_has_what_was_confirmed_then(make_window, workspace, waiting, clock, portal):
    clock.now += timedelta(days=1)
    portal.control.fault("up")
    workspace.sync.run("trainees")
    days = workspace.deadlines.history(Scope("trainees", "2026"))
    assert (days[-2].waiting, days[-1].waiting) == (1, 0)
    assert days[-1].confirmed == days[-2].confirmed + 1


def test_the_arrows_show_another_deadline(qtbot, make_window, workspace, settle):
    window = make_window(workspace, "deadlines")
    page = window.stack.page
    page.focus_first()
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    settle(window)
    shown = page.table.payload
    assert shown.name == "Sign-off of new trainees 2026 to 2027 closes"
    assert shown.name in [label.text() for label in page.ready.findChildren(Text)]


def test_a_deadline_of_ones_own_is_added_and_removed(qtbot, make_window, workspace, settle, monkeypatch):
    window = make_window(workspace, "deadlines")
    page = window.stack.page
    page.add_button.click()
    dialog = page.dialog
    dialog.add_button.click()
    assert dialog.problem.text() == "Enter a day, for instance 14 October 2026."
    dialog.name.setText("Payment run")
    for box, text in zip(dialog.day.inputs(), ("20", "nov", "2026"), strict=True):
        qtbot.keyClicks(box, text)
    dialog.money.setChecked(True)
    dialog.add_button.click()
    settle(window)
    (own,) = [view for view in workspace.deadlines.all() if view.own]
    assert (own.name, own.day, own.scope.money_only) == ("Payment run", date(2026, 11, 20), True)
    assert page.table.payload.id == own.id
    monkeypatch.setattr(page_module, "ask", lambda *_args, **_more: True)
    remove = next(b for b in page.ready.findChildren(Button) if b.words == "Remove this deadline")
    remove.click()
    settle(window)
    assert not [view for view in workspace.deadlines.all() if view.own]


def test_a_day_that_has_passed_is_refused_in_the_dialog(qtbot, make_window, workspace, settle):
    window = make_window(workspace, "deadlines")
    page = window.stack.page
    page.add_button.click()
    dialog = page.dialog
    dialog.name.setText("Too late")
    for box, text in zip(dialog.day.inputs(), ("1", "10", "2026"), strict=True):
        qtbot.keyClicks(box, text)
    dialog.add_button.click()
    settle(window)
    assert dialog.isVisible()
    assert dialog.problem.text() == "That day has passed. Enter today or a day to come."
    dialog.reject()


def test_a_near_deadline_is_told_once_a_day(qtbot, make_window, workspace, waiting, settle, clock):
    window = make_window(workspace)
    assert workspace.deadlines.reminder() is None
    told = []
    window.status.deadline_near.connect(lambda title, text: told.append((title, text)))
    window.status.read()
    settle(window)
    assert told == []
    clock.now += timedelta(days=1)
    window.status.read()
    settle(window)
    ((title_, text),) = told
    assert title_ == "ITT census 2026 to 2027: today"
    assert text.endswith("1 record waits to be sent.")
