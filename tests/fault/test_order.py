"""In which order things leave: money first, then creates, parents, children, actions; and what it costs (D7, D10)."""

from __future__ import annotations

import pytest

from desktop.model.change import ChangeState
from tests.fault.conftest import UK_DEGREE, Desk


def test_money_leaves_first(desk: Desk) -> None:
    """Design 6: checked in the portal's own ledger."""
    plain = desk.edit(desk.at(desk.in_training(0)), email="a@example.com")
    poor = desk.add(fund_code="2", funding_method="6")
    action = desk.at(desk.in_training(1))
    desk.workspace.records.act(action.id, "defer", {"defer_date": "2026-10-01"})
    child = desk.at(desk.in_training(2))
    desk.add_child(child, "placements", name="Hill Nursery")
    rich = next(
        v
        for v in desk.all()
        if v.money and v.state == "trn_received" and v.id not in (plain.id, action.id, child.id)
    )
    desk.edit(rich, fund_code="2", funding_method="6")
    funded = desk.add()
    assert funded.money is not None
    assert desk.view(poor).money is None
    desk.sync()
    assert desk.writes() == [
        ("PUT", f"/trainees/{rich.portal_id}"),
        ("POST", "/trainees"),
        ("POST", "/trainees"),
        ("PUT", f"/trainees/{plain.portal_id}"),
        ("POST", f"/trainees/{child.portal_id}/placements"),
        ("POST", f"/trainees/{action.portal_id}/defer"),
    ]
    born = [t["first_names"] for t in desk.control.trainees()[-2:]]
    assert born == [funded.document.get("first_names"), poor.document.get("first_names")]
    desk.assert_settled()


def test_the_queue_shows_the_order_in_which_it_is_sent(desk: Desk) -> None:
    desk.edit(desk.at(desk.in_training(0)), email="a@example.com")
    desk.add(fund_code="2", funding_method="6")
    desk.add()
    shown = [(c.kind, c.place) for c in desk.changes()]
    assert [p for _, p in shown] == [1, 2, 3]
    assert [str(k) for k, _ in shown] == ["create", "create", "update"]


def test_one_record_goes_parent_children_action(desk: Desk) -> None:
    """Pack 3.3: strictly in series."""
    record = desk.at(desk.in_training())
    desk.workspace.records.act(record.id, "defer", {"defer_date": "2026-10-01"})
    desk.add_child(record, "placements", name="Hill Nursery")
    desk.add_child(record, "degrees", **(UK_DEGREE | {"graduation_year": 2005}))
    desk.edit(record, email="a@example.com")
    desk.sync()
    root = f"/trainees/{record.portal_id}"
    assert [w[1] for w in desk.writes()] == [root, f"{root}/placements", f"{root}/degrees", f"{root}/defer"]
    desk.assert_settled()


def test_an_action_waits_for_what_is_refused(desk: Desk) -> None:
    """D23: nothing final happens to a record with an open refusal."""
    record = desk.edit(desk.at(desk.in_training()), employing_school_urn="999123")
    desk.workspace.records.act(record.id, "defer", {"defer_date": "2026-10-01"})
    for _ in range(2):
        desk.sync()
    assert [w[0] for w in desk.writes()] == ["PUT"]
    waiting = next(c for c in desk.changes(record) if c.kind == "action")
    assert waiting.state is ChangeState.QUEUED
    assert waiting.reason
    desk.edit(record, employing_school_urn=None)
    desk.sync()
    assert desk.trainee(record)["state"] == "deferred"
    desk.assert_settled()


@pytest.mark.parametrize("count", [1, 10])
def test_edits_after_a_fresh_pull_cost_about_a_request_each(desk: Desk, count: int) -> None:
    """D7, design 9: a just-read copy stands in for the GET."""
    for number in range(count):
        desk.edit(desk.at(desk.in_training(number)), email=f"{number}@example.com")
    desk.sync(full=True, push=False)
    report = desk.sync(full=True)
    assert report.pushed == count
    assert report.requests <= 4 + count
    desk.assert_settled()


def test_a_cancelled_sync_goes_on_where_it_stopped(desk: Desk) -> None:
    for number in range(5):
        desk.edit(desk.at(desk.in_training(number)), email=f"{number}@example.com")
    sent: list[int] = []
    desk.taps.after("update", lambda *_: sent.append(1), always=True)
    report = desk.sync(cancelled=lambda: len(sent) >= 2)
    assert (report.cancelled, report.pushed, report.queued) == (True, 2, 3)
    assert desk.sync().pushed == 3
    assert len(desk.writes()) == 5
    desk.assert_settled()


def test_pull_alone_sends_nothing_and_push_alone_reads_before_it_writes(desk: Desk) -> None:
    trainee_id = desk.in_training()
    record = desk.edit(desk.at(trainee_id), email="a@example.com")
    assert desk.sync(push=False).pushed == 0
    assert desk.writes() == []
    desk.control.edit(trainee_id, middle_names="Bea")
    report = desk.sync(pull=False)
    assert (report.pushed, report.pulled) == (1, 0)
    assert desk.view(record).document.get("middle_names") == "Bea"
    desk.assert_settled()
