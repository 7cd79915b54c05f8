"""Waiting: the queue in its order, what can be done with it, and what it says during an outage."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from PySide6.QtCore import QTime
from PySide6.QtWidgets import QLabel

from desktop.model.change import ChangeKind, ChangeState
from desktop.model.document import Patch
from desktop.model.timetable import Timetable
from desktop.services.views import QueueItem
from desktop.ui.waiting import page as waiting_page
from desktop.ui.waiting.groups import queue_groups
from desktop.ui.waiting.timetable_dialog import TimetableDialog

NOW = datetime(2026, 10, 13, 13, 2, tzinfo=UTC)


def item(number, group, **more):
    facts = {
        "id": f"c{number}",
        "record_id": f"r{number}",
        "record_label": f"Person {number}",
        "collection": "trainees",
        "kind": ChangeKind.ACTION if group == "action" else ChangeKind.UPDATE,
        "target": "",
        "state": ChangeState.QUEUED,
        "attempts": 0,
        "next_try": None,
        "reason": "",
        "saved_at": NOW - timedelta(hours=2),
        "actor": "Priya Nandakumar",
        "place": number,
        "what": "Funding method: Scholarship",
        "group": group,
        "money_gbp": 29_000 if group == "money" else None,
        "eta_s": 4.0 * number,
    }
    return QueueItem(**(facts | more))


def groups_of(items, *, paused=False, down=True, actor="Priya Nandakumar"):
    return queue_groups(items, NOW, "trainees", paused=paused, down=down, actor=actor)


def test_groups_stand_in_the_order_of_sending():
    groups = groups_of([item(4, "action"), item(3, "other"), item(1, "money"), item(2, "create")])
    assert [group.title for group in groups] == [
        "Money first",
        "New trainees",
        "Other changes",
        "Actions, sent last",
    ]
    assert groups[0].aside == "1 change, £29,000"
    assert groups[3].aside == "1 change, cannot be undone"


def test_a_line_says_when_its_turn_comes():
    turn = groups_of([item(1, "money")])[0].lines[0].cells[-1]
    assert turn.text == "After 4 s"
    assert groups_of([item(1, "money")], down=False)[0].lines[0].cells[-1].text == "In 4 s"
    assert groups_of([item(1, "money")], paused=True)[0].lines[0].cells[-1].text == "Paused"


def test_a_line_that_is_not_queued_says_its_state():
    unknown = replace(item(1, "create"), state=ChangeState.UNKNOWN, place=None, eta_s=None)
    cell = groups_of([unknown])[0].lines[0].cells[-1]
    assert cell.text == "Unknown"
    assert cell.look.ink == "unknown"


def test_what_was_refused_stands_apart_and_last():
    groups = groups_of([replace(item(1, "money"), state=ChangeState.REJECTED), item(2, "other")])
    assert [group.key for group in groups] == ["other", "stuck"]


def test_actions_say_who_confirmed_them():
    assert groups_of([item(1, "action")])[0].lines[0].cells[2].note == "Confirmed by you"
    others = groups_of([item(1, "action", actor="Gareth E.")])[0].lines[0].cells[2]
    assert others.note == "Confirmed by Gareth E."


@pytest.fixture
def outage(workspace, portal, editable):
    """Two changes wait, and the portal shows a maintenance page."""
    first, second = editable()[:2]
    portal.control.fault("maintenance")
    workspace.records.edit(first.id, Patch({"email": "moved@mail.example"}))
    workspace.records.edit(second.id, Patch({"middle_names": "Wren"}))
    workspace.sync.run("trainees")
    return first, second


@pytest.fixture
def window(make_window, workspace, outage):
    return make_window(workspace, "waiting")


@pytest.fixture
def view(window):
    return window.stack.page.screen_view


def test_outage_is_said_calmly(view):
    assert view.title == "2 changes wait for Register"
    assert view.banner.isVisible()
    assert view.banner.title == "Register shows a maintenance page instead of answering"
    assert "nothing to fix here" in view.banner.text


def test_pausing_and_going_on(window, view, workspace, portal, settle):
    view.pause_button.click()
    settle(window)
    assert workspace.queue.summary().paused
    assert view.pause_button.words == "Go on sending"
    portal.control.fault("up")
    view.pause_button.click()
    settle(window)
    assert not workspace.queue.summary().paused
    assert workspace.queue.summary().count == 0


def test_queue_empties_and_says_so(window, view, portal, settle):
    portal.control.fault("up")
    window.sync_now()
    settle(window)
    assert view.empty.isVisible()
    assert not view.table.isVisible()
    assert view.title == "Nothing is waiting"


def test_taking_back_asks_first(window, view, workspace, outage, settle, monkeypatch):
    view.table.focus_first()
    chosen = view.table.payload
    monkeypatch.setattr(waiting_page, "ask", lambda *_: False)
    view.take_back_asked.emit(chosen)
    settle(window)
    assert workspace.queue.summary().count == 2
    monkeypatch.setattr(waiting_page, "ask", lambda *_: True)
    view.take_back_asked.emit(chosen)
    settle(window)
    assert workspace.queue.summary().count == 1
    assert window.toast.words == "Taken back. It is not sent."


def test_buttons_for_a_change_need_one_to_be_chosen(view):
    view.table.setCurrentIndex(view.table.grouped.index(0, 0))
    assert not view._take_back.isEnabled()
    assert view._take_back.toolTip()
    view.table.focus_first()
    assert view._take_back.isEnabled()


# -- when to send ------------------------------------------------------------------------------------------------


@pytest.fixture
def dialog(qtbot, view, window, settle):
    view.times_button.click()
    settle(window)
    (found,) = window.findChildren(TimetableDialog)
    return found


def test_times_are_kept_and_count_at_once(dialog, window, view, workspace, settle):
    dialog.share.setValue(20)
    dialog.every.setValue(30)
    dialog.quiet.setChecked(True)
    dialog.begins.setTime(QTime(21, 30))
    dialog.main_button.click()
    settle(window)
    assert workspace.schedule.timetable() == Timetable(
        every_min=30, share=20, quiet_from=time(21, 30), quiet_until=time(6, 30)
    )
    assert "keeps to 20" in " ".join(label.text() for label in view.back.findChildren(QLabel))


def test_quiet_hours_that_are_none_are_said_beside_the_boxes(dialog, workspace):
    dialog.quiet.setChecked(True)
    dialog.begins.setTime(QTime(6, 30))
    dialog.main_button.click()
    assert dialog.isVisible()
    assert dialog.problem.isVisibleTo(dialog)
    assert workspace.schedule.timetable() == Timetable()


def test_what_depends_on_a_tick_waits_for_it(dialog):
    assert not dialog.begins.isEnabled()
    dialog.quiet.setChecked(True)
    assert dialog.begins.isEnabled()
    dialog.automatic.setChecked(False)
    assert not dialog.begins.isEnabled()
    assert not dialog.every.isEnabled()
    assert dialog.share.isEnabled()


# -- a portal that was put back ----------------------------------------------------------------------------------


@pytest.fixture
def put_back(workspace, portal, editable, clock):
    """The portal confirmed a change and lost it again; another change waits."""
    first, second = editable()[:2]
    portal.control.snapshot()
    workspace.records.edit(first.id, Patch({"email": "moved@mail.example"}))
    workspace.sync.run("trainees")
    workspace.records.edit(second.id, Patch({"middle_names": "Wren"}))
    portal.control.rollback()
    clock.now += timedelta(minutes=30)
    workspace.sync.run("trainees")
    return first, second


def test_a_portal_that_was_put_back_is_told_and_holds_up_sending(make_window, workspace, put_back, settle):
    window = make_window(workspace, "waiting")
    view = window.stack.page.screen_view
    assert view.banner.title == "Register was put back to an older copy"
    assert view.pause_button.words == "Go on sending"
    view.pause_button.click()
    settle(window)
    assert not workspace.queue.summary().held
    assert not view.banner.isVisible()
    assert workspace.queue.summary().count == 0


def test_it_is_told_once_beside_the_computers_clock(make_window, workspace, portal, put_back, settle):
    workspace.queue.resume()
    window = make_window(workspace)
    told = []
    window.status.portal_moved.connect(lambda name, words: told.append(words))
    portal.control.fault("maintenance")
    for _ in range(3):
        window.sync_now()
        settle(window)
    assert told == ["Register trainee teachers is down. Your changes are kept here."]
    portal.control.fault("up")
    window.sync_now()
    settle(window)
    assert told[1:] == ["Register trainee teachers is back."]
