"""Trouble of the portal pauses everything with one timer; trouble of a record parks that record only (I4, D16-D20)."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from desktop.model.change import ChangeState
from desktop.model.verdict import PortalState, Refusal, Refused
from tests.fault.conftest import Desk

UNKNOWN_SCHOOL = "999123"


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("maintenance", PortalState.MAINTENANCE),
        ("unavailable", None),  # 503: down, busy or maintenance, as the page says
        ("busy", PortalState.BUSY),
        ("captive", PortalState.CAPTIVE),
        ("api_off", PortalState.API_OFF),
        ("unauthorised", PortalState.SIGN_IN),
        ("refuse", PortalState.DOWN),
        ("cut_body", PortalState.UNKNOWN),
        ("nonsense", None),
        ("redirect", PortalState.CAPTIVE),
        ("error", None),
    ],
)
def test_systemic_trouble_keeps_everything(desk: Desk, fault: str, state: PortalState | None) -> None:
    """D16, N5, N8, N9, N13: nothing is lost, nothing refused, the state is told; when it is over all goes out once."""
    record = desk.edit(desk.at(desk.in_training(0)), email="a@example.com")
    other = desk.edit(desk.at(desk.in_training(1)), email="b@example.com")
    new = desk.add()
    desk.control.fault(fault)
    report = desk.sync()
    assert state is None or report.state is state
    assert report.state is not PortalState.UP
    assert (report.rejected, report.conflicts, report.pushed) == (0, 0, 0)
    assert desk.workspace.portals.view("trainees").state is report.state
    desk.control.fault("up")
    desk.clock.forward(hours=2)
    desk.sync()
    assert desk.trainee(record)["email"] == "a@example.com"
    assert desk.trainee(other)["email"] == "b@example.com"
    assert desk.view(new).portal_id is not None
    desk.assert_settled()


@pytest.mark.parametrize(
    "fault",
    ["maintenance", "unavailable", "busy", "captive", "api_off", "unauthorised", "redirect", "refuse"],
)
def test_trouble_in_the_middle_of_a_push_stops_it(desk: Desk, fault: str) -> None:
    """D16, N13: the rest of the queue is not tried against a portal that is plainly out."""
    records = [desk.edit(desk.at(desk.in_training(n)), email=f"{n}@example.com") for n in range(8)]
    desk.taps.after("update", lambda *_: desk.control.fault(fault))
    report = desk.sync()
    assert report.state is not PortalState.UP
    puts = [w for w in desk.writes() if w[0] == "PUT"]
    assert len(puts) <= 2
    assert len(desk.states()) == 7
    assert desk.states().count(ChangeState.REJECTED) == 0
    desk.control.fault("up")
    desk.clock.forward(hours=2)
    desk.sync()
    assert [desk.trainee(r)["email"] for r in records] == [f"{n}@example.com" for n in range(8)]
    desk.assert_settled()


def test_a_refused_record_does_not_hold_up_the_others(desk: Desk) -> None:
    """I4, D16: one record is refused, one in conflict, one closed; everybody else's changes go out."""
    ids = [desk.in_training(n) for n in range(5)]
    desk.edit(desk.at(ids[0]), employing_school_urn=UNKNOWN_SCHOOL)
    desk.edit(desk.at(ids[1]), email="mine@example.com")
    desk.control.edit(ids[1], email="theirs@example.com")
    desk.edit(desk.at(ids[2]), email="late@example.com")
    desk.control.edit(ids[2], state="withdrawn", withdrawal_date="2026-10-04")
    good = [desk.edit(desk.at(i), email=f"{n}@example.com") for n, i in enumerate(ids[3:])]
    report = desk.sync()
    assert (report.rejected, report.conflicts, report.pushed) == (1, 2, 2)
    assert [desk.trainee(r)["email"] for r in good] == ["0@example.com", "1@example.com"]
    stuck = tuple(desk.at(i).id for i in ids[:3])
    desk.assert_settled(but=stuck)
    sent = len(desk.writes())
    desk.sync()
    assert len(desk.writes()) == sent, "what is parked was sent again"


@pytest.mark.parametrize("fault", ["error", "late_error"])
def test_a_record_that_the_portal_cannot_take_is_parked_after_three_tries(desk: Desk, fault: str) -> None:
    """I4, D20: one record yields 500 while others pass: they do pass, and it is parked after three tries with a reason."""
    trainee_id = desk.in_training(0)
    poison = desk.edit(desk.at(trainee_id), email="poison@example.com")
    good = [desk.edit(desk.at(desk.in_training(n)), email=f"{n}@example.com") for n in (1, 2)]
    desk.control.fault("error", match=f"PUT /trainees/{trainee_id}")
    for _ in range(6):
        desk.clock.forward(minutes=11)
        desk.sync()
    assert [desk.trainee(r)["email"] for r in good] == ["1@example.com", "2@example.com"]
    (stuck,) = desk.changes(poison)
    assert stuck.state is ChangeState.REJECTED
    assert stuck.reason
    assert len([w for w in desk.writes() if w[1] == f"/trainees/{trainee_id}"]) == 3
    desk.control.fault("up")
    desk.edit(poison, email="better@example.com")
    desk.sync()
    desk.assert_settled()


def test_a_new_record_that_the_portal_cannot_take_is_parked_too(desk: Desk) -> None:
    """I4, D20, for a create: the first in the queue of creates fails each time, those behind it get through."""
    poison = desk.add(provider_trainee_id="POISON")
    desk.taps.before(
        "create",
        lambda document: (
            desk.control.fault("error", match="POST /trainees", count=1)
            if document.get("provider_trainee_id") == "POISON"
            else None
        ),
        always=True,
    )
    good = desk.add()
    for _ in range(6):
        desk.clock.forward(minutes=11)
        desk.sync()
    assert desk.view(good).portal_id is not None
    assert desk.states(poison) == [ChangeState.REJECTED]
    assert desk.view(poison).sync == "rejected"
    assert len([w for w in desk.writes() if w == ("POST", "/trainees")]) == 4
    desk.assert_nothing_doubled()
    desk.assert_healthy()


def test_a_record_that_cannot_be_read_does_not_hold_up_the_others(desk: Desk) -> None:
    """I4: its GET fails each time; it stays, with its unknown outcome; the others are read and sent."""
    trainee_id = desk.in_training(0)
    record = desk.edit(desk.at(trainee_id), email="a@example.com")
    desk.control.fault("lost_reply", match="PUT", count=1)
    desk.taps.after("update", lambda *_: desk.control.fault("error", match=f"GET /trainees/{trainee_id}"))
    desk.sync()
    assert desk.states(record) == [ChangeState.UNKNOWN]
    other = desk.edit(desk.at(desk.in_training(1)), email="b@example.com")
    desk.clock.forward(minutes=11)
    desk.sync()
    assert desk.trainee(other)["email"] == "b@example.com"
    assert desk.states(record) == [ChangeState.UNKNOWN]
    desk.control.fault("up")
    desk.clock.forward(minutes=11)
    desk.sync()
    desk.assert_settled()


class TestWaiting:
    """D17: Retry-After wins over everything; backing off is ours, and a person may cut it short."""

    @pytest.mark.parametrize(("fault", "seconds"), [("busy", 45), ("unavailable", 45)])
    def test_a_person_waits_too_when_the_portal_asked_for_it(
        self, desk: Desk, fault: str, seconds: int
    ) -> None:
        desk.edit(desk.at(desk.in_training()), email="a@example.com")
        desk.control.fault(fault, retry_after=seconds)
        first = desk.sync()
        assert first.requests > 0
        desk.control.fault("up")
        desk.clock.forward(seconds=seconds - 2)
        again = desk.sync()
        assert again.requests == 0
        assert again.state is first.state
        assert again.queued == 1
        next_check = desk.workspace.portals.view("trainees").next_check
        assert next_check is not None
        desk.clock.forward(seconds=3)
        assert desk.sync().pushed == 1
        desk.assert_settled()

    @pytest.mark.parametrize("said", ["0", "-5", "315360000", "tomorrow", ""])
    def test_an_absurd_wait_is_bounded(self, desk: Desk, said: str) -> None:
        """N5: nothing below a second, nothing above an hour."""
        desk.control.fault("unavailable", retry_after=said)
        desk.sync()
        next_check = desk.workspace.portals.view("trainees").next_check
        assert next_check is not None
        wait = next_check - desk.clock.now
        assert timedelta(seconds=0.5) < wait <= timedelta(hours=1)

    def test_our_own_backoff_binds_the_program_and_not_the_person(self, desk: Desk) -> None:
        desk.control.fault("refuse")
        desk.sync()
        desk.control.fault("up")
        assert desk.sync(by_person=False).requests == 0
        assert desk.sync(by_person=True).requests > 0
        assert desk.sync(by_person=False).requests > 0

    def test_the_wait_grows_and_is_over_after_success(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(random, "random", lambda: 0.999)
        desk.control.fault("refuse")
        waits = []
        for _ in range(12):
            desk.sync()
            next_check = desk.workspace.portals.view("trainees").next_check
            assert next_check is not None
            waits.append((next_check - desk.clock.now).total_seconds())
        assert waits[0] < 2.1
        assert waits == sorted(waits)
        assert 590 < waits[-1] <= 600
        desk.control.fault("up")
        desk.sync()
        assert desk.workspace.portals.view("trainees").next_check is None

    def test_a_clock_that_was_wrong_does_not_stop_us_for_hours(self, desk: Desk) -> None:
        """T1: the wait was set while the clock was two hours ahead."""
        desk.clock.forward(hours=2)
        desk.control.fault("unavailable", retry_after=60)
        desk.sync()
        desk.control.fault("up")
        desk.clock.forward(hours=-2)
        assert desk.sync().requests > 0

    def test_a_paused_queue_is_sent_by_a_person_only(self, desk: Desk) -> None:
        desk.edit(desk.at(desk.in_training()), email="a@example.com")
        desk.workspace.queue.pause()
        assert desk.sync(by_person=False).requests == 0
        assert desk.sync(by_person=True).pushed == 1


class TestSignIn:
    def test_a_token_that_ends_in_mid_push_stops_and_keeps_the_queue(self, desk: Desk) -> None:
        """N13: 401 between two PUTs; with a new token the rest goes, nothing twice."""
        for n in range(3):
            desk.edit(desk.at(desk.in_training(n)), email=f"{n}@example.com")
        desk.taps.after("update", lambda *_: desk.control.fault("unauthorised"))
        report = desk.sync()
        assert (report.state, report.pushed, report.queued) == (PortalState.SIGN_IN, 1, 2)
        desk.control.fault("up")
        assert desk.sync().pushed == 2
        assert len([w for w in desk.writes() if w[0] == "PUT"]) == 4
        desk.assert_settled()

    def test_a_token_that_ends_between_pages_moves_no_watermark(self, desk: Desk) -> None:
        """N13, I8."""
        token = desk.control.add_token(expires_on="2026-10-06")
        desk.workspace.portals.connect("trainees", desk.portal.register_url, token=token, in_file=True)
        assert desk.sync().state is PortalState.UP
        desk.control.edit(desk.in_training(14), middle_names="Moved")
        with desk.read() as unit:
            before = unit.portals.watermark("trainees", "2026")
        desk.between_pages(lambda: desk.clock.forward(days=1))
        assert desk.sync(full=True).state is PortalState.SIGN_IN
        with desk.read() as unit:
            assert unit.portals.watermark("trainees", "2026") == before


class TestRefused:
    """D19: what the portal refused is shown at its field and waits for an edit."""

    def test_the_complaint_stands_at_its_field(self, desk: Desk) -> None:
        record = desk.edit(desk.at(desk.in_training()), employing_school_urn=UNKNOWN_SCHOOL)
        report = desk.sync()
        assert report.rejected == 1
        with desk.read() as unit:
            (change,) = unit.outbox.of_record(record.id)
        assert change.state is ChangeState.REJECTED
        assert [r["field"] for r in change.payload["refusals"]] == ["employing_school_urn"]
        assert "Employing school URN" in change.reason
        assert desk.view(record).sync == "rejected"
        assert [n.kind for n in desk.workspace.conflicts.needs()] == ["refused"]

    def test_it_is_not_sent_again_until_it_is_edited(self, desk: Desk) -> None:
        record = desk.edit(desk.at(desk.in_training()), employing_school_urn=UNKNOWN_SCHOOL)
        desk.sync()
        desk.reopen()
        desk.sync()
        desk.sync(full=True)
        assert len(desk.writes()) == 1
        desk.edit(record, employing_school_urn=None)
        assert desk.states(record) == []
        desk.edit(record, email="good@example.com")
        desk.sync()
        desk.assert_settled()

    def test_somebody_elses_edit_of_it_is_merged_and_it_stays_refused(self, desk: Desk) -> None:
        record = desk.edit(desk.at(desk.in_training()), employing_school_urn=UNKNOWN_SCHOOL)
        desk.sync()
        desk.control.edit(desk.view(record).portal_id, email="theirs@example.com")
        desk.sync()
        now = desk.view(record)
        assert (now.document.get("email"), now.sync) == ("theirs@example.com", "rejected")
        assert len(desk.writes()) == 1

    def test_a_refused_new_record_waits_for_an_edit(self, desk: Desk) -> None:
        new = desk.add(employing_school_urn=UNKNOWN_SCHOOL)
        desk.sync()
        desk.sync()
        assert (len(desk.writes()), desk.view(new).sync) == (1, "rejected")
        desk.edit(new, employing_school_urn=None)
        desk.sync()
        desk.assert_settled()

    def test_a_refused_child_leaves_the_rest_of_the_record_alone(self, desk: Desk) -> None:
        record = desk.edit(desk.at(desk.in_training()), email="good@example.com")
        child_id = record.document.children["degrees"][0].id
        desk.edit_child(record, "degrees", child_id, graduation_year=2018)
        desk.control.fault("unavailable", match=f"PUT /trainees/{record.portal_id}/degrees")
        no = Refused((Refusal("degrees.graduation_year", "is not one of ours"),))
        desk.taps.instead("update_child", lambda *_: no)
        desk.sync()
        desk.control.fault("up")
        assert desk.trainee(record)["email"] == "good@example.com"
        assert desk.states(record) == [ChangeState.REJECTED]
        desk.edit_child(record, "degrees", child_id, graduation_year=2019)
        desk.sync()
        desk.assert_settled()

    def test_a_rule_that_fails_by_now_makes_it_a_draft_again(self, desk: Desk) -> None:
        """Pack 2.1 rule 9: valid when it was typed, invalid on the day it would be sent."""
        new = desk.add(itt_start_date="2026-09-07", itt_end_date="2027-07-02", trainee_start_date=None)
        assert desk.states(new) == [ChangeState.QUEUED]
        desk.clock.forward(days=12 * 365)
        desk.sync()
        assert desk.view(new).sync == "draft"
        assert desk.writes() == []
