"""The portal watch: what state it was in, since when, with what waiting; and the file that proves it (D16, D24, I18)."""

from __future__ import annotations

import csv
from datetime import timedelta

from desktop.model.verdict import PortalState
from tests.fault.conftest import Desk


def _outages(desk: Desk) -> list[tuple[str, bool]]:
    return [(o.state, o.end is not None) for o in desk.workspace.activity.outages()]


def test_an_outage_has_a_beginning_and_an_end(desk: Desk) -> None:
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.control.fault("maintenance")
    begin = desk.clock.now
    for _ in range(3):
        desk.sync()
        desk.clock.forward(minutes=11)
    assert _outages(desk) == [("maintenance", False)]
    desk.control.fault("up")
    end = desk.clock.now
    desk.sync()
    (outage,) = desk.workspace.activity.outages()
    assert outage.state == "maintenance"
    assert outage.end is not None
    assert abs(outage.begin - begin) < timedelta(seconds=5)
    assert abs(outage.end - end) < timedelta(seconds=5)
    assert outage.tries == 3


def test_a_change_of_kind_starts_a_new_one(desk: Desk) -> None:
    for fault in ("maintenance", "refuse", "unauthorised"):
        desk.control.fault(fault)
        desk.sync()
        desk.clock.forward(minutes=11)
    desk.control.fault("up")
    desk.sync()
    assert _outages(desk) == [("maintenance", True), ("down", True), ("sign-in", True)]


def test_every_try_tells_what_waited(desk: Desk) -> None:
    for number in range(3):
        desk.edit(desk.at(desk.in_training(number)), email=f"{number}@example.com")
    desk.control.fault("refuse")
    desk.sync()
    with desk.read() as unit:
        (newest, *_) = unit.portals.tries("trainees")
    assert (newest.waiting, newest.state) == (3, PortalState.DOWN)


def test_the_file_is_whole_and_holds_nobody(desk: Desk, tmp_path_factory) -> None:
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.control.fault("captive")
    desk.sync()
    path = tmp_path_factory.mktemp("evidence") / "outages.csv"
    told = desk.workspace.activity.evidence(path)
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert len(rows) == len(told) == 1
    assert (rows[0]["collection"], rows[0]["state"], rows[0]["end"]) == ("trainees", "captive", "")
    assert rows[0]["begin"].endswith("+01:00")
    text = path.read_text("utf-8")
    assert str(record.document.get("last_name")) not in text
    assert desk.portal.token not in text


def test_the_state_of_the_portal_is_told_once_for_each_change(desk: Desk) -> None:
    desk.control.fault("maintenance")
    for _ in range(3):
        desk.sync()
        desk.clock.forward(minutes=11)
    desk.control.fault("up")
    desk.sync()
    said = [e.detail["state"] for e in desk.history() if e.event == "portal_state"]
    assert said == ["up", "maintenance", "up"]


def test_a_lost_reply_while_the_portal_is_up_is_no_long_outage(desk: Desk) -> None:
    """One lost reply, and the portal answers the next request: the outage ends there."""
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.control.fault("lost_reply", match="PUT", count=1)
    desk.sync()
    for outage in desk.workspace.activity.outages():
        assert outage.end is not None
        assert outage.end - outage.begin < timedelta(seconds=5)
    assert desk.workspace.portals.view("trainees").state is PortalState.UP


def test_nothing_says_all_is_well_while_something_is_open(desk: Desk) -> None:
    """I18: counts follow from the rows: queued, unknown, refused, in conflict."""
    ids = [desk.in_training(n) for n in range(4)]
    desk.edit(desk.at(ids[0]), employing_school_urn="999123")
    desk.edit(desk.at(ids[1]), email="mine@example.com")
    desk.control.edit(ids[1], email="theirs@example.com")
    desk.sync()
    desk.edit(desk.at(ids[2]), email="b@example.com")
    desk.control.fault("lost_reply", match="PUT", count=1)
    desk.taps.after("update", lambda *_: desk.control.fault("unavailable"))
    report = desk.sync()
    desk.edit(desk.at(ids[3]), email="c@example.com")
    assert (report.rejected, report.conflicts, report.unknown) == (1, 1, 1)
    home = desk.workspace.home()
    counts = home.counts["trainees"]
    assert (counts.needs_you, counts.unknown, counts.waiting) == (2, 1, 1)
    assert (
        counts.total == counts.confirmed + counts.needs_you + counts.unknown + counts.waiting + counts.drafts
    )
    assert home.waiting == 2
    assert sorted(n.kind for n in home.needs) == ["conflict", "refused", "unknown"]


def test_last_success_is_a_whole_pass(desk: Desk) -> None:
    before = desk.workspace.portals.view("trainees").last_success
    assert before is not None
    desk.control.fault("unavailable", match="GET /trainees?academic_cycle=2024")
    desk.sync()
    assert desk.workspace.portals.view("trainees").last_success == before
