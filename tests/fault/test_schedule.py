"""Sync by itself: what is due, what is asked of a portal that was out, and who goes first (D17, D18, I18)."""

from __future__ import annotations

import threading
from datetime import time, timedelta
from typing import Any

from desktop.model.timetable import Timetable, Why
from desktop.model.verdict import PortalState
from desktop.sync.timetable import AFTER_CHANGE
from tests.fault.conftest import Desk

DAY = timedelta(days=1)


def _paths(desk: Desk) -> list[str]:
    return [r["path"].partition("?")[0] for r in desk.control.requests()]


def test_an_edit_is_due_soon_and_a_pass_takes_it_along(desk: Desk) -> None:
    desk.sync()
    due = desk.workspace.sync.due()
    assert due is not None
    assert due.why is Why.LOOK
    desk.clock.forward(minutes=1)
    at = desk.workspace.now()
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    due = desk.workspace.sync.due()
    assert due is not None
    assert due.why is Why.CHANGE
    assert due.at - at < AFTER_CHANGE * 2
    desk.sync(by_person=False)
    due = desk.workspace.sync.due()
    assert due is not None
    assert due.why is Why.LOOK
    desk.assert_settled()


def test_what_is_typed_during_a_pass_is_due_after_it(desk: Desk) -> None:
    """T8: the pass that runs does not swallow it."""
    one, two = desk.at(desk.in_training(0)), desk.at(desk.in_training(1))
    desk.edit(one, email="a@example.com")

    def typing(*_: object) -> None:
        person = threading.Thread(target=lambda: desk.edit(two, email="b@example.com"))
        person.start()
        person.join()

    desk.taps.after("update", typing)
    desk.sync()
    if desk.changes(two):
        due = desk.workspace.sync.due()
        assert due is not None
        assert due.why is Why.CHANGE
        desk.sync(by_person=False)
    desk.assert_settled()


def test_a_portal_that_was_out_is_only_looked_at(desk: Desk) -> None:
    """D17: nobody waits for the answer, so it costs the portal one small request, not everybody's work."""
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.control.fault("unavailable")
    desk.sync()
    desk.control.clear_requests()
    desk.clock.forward(hours=1)
    desk.sync(by_person=False)
    assert {p.rpartition("/")[2] for p in _paths(desk)} <= {"ping", "info"}
    assert len(_paths(desk)) <= 2
    desk.control.fault("up")
    desk.clock.forward(hours=1)
    report = desk.sync(by_person=False)
    assert report.state is PortalState.UP
    assert report.pushed == 1
    desk.assert_settled()


def test_a_front_page_that_answers_does_not_make_a_portal_up(desk: Desk) -> None:
    """Its maintenance page answers / with 200 while everything else fails."""
    desk.control.fault("maintenance")
    desk.sync()
    desk.clock.forward(hours=1)
    assert desk.sync(by_person=False).state is PortalState.MAINTENANCE


def test_people_who_press_send_are_not_put_off_with_a_look(desk: Desk) -> None:
    desk.control.fault("unavailable")
    desk.sync()
    desk.control.fault("up")
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    assert desk.sync().pushed == 1


def test_the_weekly_comparison_comes_after_peoples_work(desk: Desk) -> None:
    """D5, D18: low priority, and it still happens in the same pass."""
    desk.clock.forward(days=8)
    desk.sync(full=True)
    desk.clock.forward(days=8)
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.control.clear_requests()
    desk.sync(by_person=False)
    requests = desk.control.requests()
    put = next(n for n, r in enumerate(requests) if r["method"] == "PUT")
    whole = [n for n, r in enumerate(requests) if _lists_all(r)]
    assert whole, "the comparison did not happen"
    assert min(whole) > put
    desk.control.clear_requests()
    desk.sync(by_person=False)
    assert not [r for r in desk.control.requests() if _lists_all(r)], "it is done for this week"
    desk.assert_settled()


def _lists_all(request: dict[str, Any]) -> bool:
    """A listing of a whole year; one of a year without any records answers 404 and has no watermark."""
    path = request["path"]
    listed = request["method"] == "GET" and path.partition("?")[0].endswith("/trainees")
    return listed and "since=" not in path and request["status"] == 200


def test_without_work_the_weekly_comparison_is_done_at_once(desk: Desk) -> None:
    desk.clock.forward(days=8)
    desk.sync(by_person=False)
    assert [r for r in desk.control.requests() if _lists_all(r)]


def test_a_pass_that_nobody_asked_for_makes_way_for_a_person(desk: Desk) -> None:
    """D18: between two pages it ends, and the person's begins."""
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    reports = []
    begun = threading.Event()

    def person() -> None:
        begun.set()
        reports.append(desk.sync(pull=False))

    waiting = threading.Thread(target=person)

    def between_pages() -> None:
        waiting.start()
        begun.wait()
        while not desk.workspace.sync._persons:
            pass

    desk.between_pages(between_pages)
    report = desk.sync(full=True, by_person=False)
    waiting.join()
    assert report.cancelled
    assert reports[0].pushed == 1
    desk.sync()
    desk.assert_settled()


def test_pause_quiet_hours_and_the_switch_are_kept(desk: Desk) -> None:
    desk.workspace.schedule.change(Timetable(share=20, quiet_from=time(22), quiet_until=time(6)))
    desk.reopen()
    table = desk.workspace.schedule.timetable()
    assert (table.share, table.quiet_from) == (20, time(22))
    assert desk.workspace.queue.summary().share == 20
    desk.workspace.schedule.change(Timetable(automatic=False))
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    assert desk.workspace.sync.due() is None
    desk.workspace.schedule.change(Timetable())
    desk.workspace.queue.pause()
    assert desk.workspace.sync.due() is None
    desk.workspace.queue.resume()
    assert desk.workspace.sync.due() is not None
    assert [e for e in desk.events() if e == "timetable"] == ["timetable"] * 3


def test_the_eta_follows_this_computers_share(desk: Desk) -> None:
    for n in range(8):
        desk.edit(desk.at(desk.in_training(n)), email=f"a{n}@example.com")
    fast = desk.workspace.queue.summary()
    desk.workspace.schedule.change(Timetable(share=2))
    slow = desk.workspace.queue.summary()
    assert fast.requests == slow.requests == 16
    assert slow.eta_s == 16 / 2 * 60
    assert fast.eta_s < 60
    assert max(i.eta_s or 0 for i in desk.workspace.queue.items()) == slow.eta_s


def test_something_out_of_step_stops_sending_and_is_told(desk: Desk) -> None:
    """D29: a check after each pass; it never repairs in silence."""
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    with desk.write() as unit:
        unit.connection.exec_driver_sql("DELETE FROM changes WHERE record_id = ?", (record.id,))
    report = desk.sync()
    assert any(record.id in problem for problem in report.problems)
    assert desk.workspace.queue.summary().paused
    assert desk.workspace.sync.due() is None
    assert "self_check" in desk.events()
    assert desk.workspace.care.doctor() == list(report.problems)


def test_a_workspace_that_was_not_closed_is_known(desk: Desk) -> None:
    """D26: the log that SQLite leaves behind in a crash; a clean end leaves none."""
    assert not desk.reopen().was_cut_off
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    left = {p.name: p.read_bytes() for p in desk.folder.iterdir() if p.is_file()}
    desk.close()
    for name, content in left.items():
        (desk.folder / name).write_bytes(content)
    assert desk.reopen().was_cut_off
    assert desk.workspace.care.doctor() == []
    assert not desk.reopen().was_cut_off
