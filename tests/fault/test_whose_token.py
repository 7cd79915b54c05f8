"""Another person signs in, with the token of another organisation, while work waits (P7, N11): nothing goes to the wrong one."""

from __future__ import annotations

import pytest

from desktop.model.change import ChangeState
from desktop.model.verdict import PortalState
from desktop.practice.server import PROVIDER_UKPRN
from tests.fault.conftest import TRAINEES, Desk

STRANGER = "10000001"


def _queue(desk: Desk) -> None:
    """An edit, a new trainee, a placement and an action."""
    desk.edit(desk.at(desk.in_training(0)), email="a@example.com")
    desk.add()
    desk.add_child(desk.at(desk.in_training(1)), "placements", name="Hill Nursery", postcode="BN1 1AA")
    desk.workspace.records.act(desk.at(desk.in_training(2)).id, "defer", {"defer_date": "2026-10-01"})


def _sign_in(desk: Desk, ukprn: str) -> None:
    token = desk.control.add_token(ukprn=ukprn)
    desk.workspace.portals.connect(TRAINEES, desk.portal.register_url, token=token, in_file=True)


def _person(desk: Desk, **other: str) -> dict[str, object]:
    return {k: v for k, v in desk.person(**other).fields.items() if v is not None}


@pytest.mark.parametrize("wishes", [{}, {"full": True}, {"pull": False}, {"push": False}])
@pytest.mark.parametrize("theirs", [0, 3])
def test_nothing_is_sent_to_another_organisation(desk: Desk, wishes: dict[str, bool], theirs: int) -> None:
    """P7, N11, I3, I9: whether they have trainees or none; nothing is missing, and with our token all of it goes out once."""
    _queue(desk)
    for n in range(theirs):
        desk.control.add(**_person(desk, first_names=f"Bea{chr(97 + n)}"), ukprn=STRANGER)
    here = [(v.id, v.version, v.missing) for v in desk.all()]
    _sign_in(desk, STRANGER)
    for _ in range(2):
        report = desk.sync(**wishes)
        assert report.state is PortalState.UNKNOWN
        assert "organisation" in report.detail
    assert desk.writes() == []
    assert desk.conflicts() == []
    assert [(v.id, v.version, v.missing) for v in desk.all()] == here
    assert desk.states() == [ChangeState.QUEUED] * 4
    _sign_in(desk, PROVIDER_UKPRN)
    report = desk.sync(full=True)
    assert (report.pushed, report.held) == (4, False)
    desk.assert_settled()


def test_an_unknown_outcome_is_not_settled_by_another_organisations_word(desk: Desk) -> None:
    """P7, N11, I12: they do not have it, which says nothing about us: it is neither missing nor sent again."""
    new = desk.add()
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.control.fault("lost_reply", match="P")
    desk.taps.after("create", lambda *_: desk.control.fault("up"))
    desk.taps.before("update", lambda *_: desk.control.fault("lost_reply", match="PUT"))
    desk.taps.after("update", lambda *_: desk.control.fault("unavailable"))
    desk.sync()
    assert desk.states(record) == [ChangeState.UNKNOWN]
    desk.control.fault("up")
    desk.clock.forward(hours=1)
    _sign_in(desk, STRANGER)
    sent = len(desk.writes())
    assert desk.sync().state is PortalState.UNKNOWN
    assert desk.states(record) == [ChangeState.UNKNOWN]
    assert not desk.view(record).missing
    assert len(desk.writes()) == sent
    _sign_in(desk, PROVIDER_UKPRN)
    desk.sync()
    assert desk.view(new).portal_id is not None
    assert len(desk.writes()) == sent, "both had landed"
    desk.assert_settled()


def test_the_next_person_sees_who_made_what_waits(desk: Desk) -> None:
    """P7, I3: the queue outlives a change of who is at the keyboard, and each change keeps its maker."""
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.reopen()
    desk.workspace._store.actor = "Alex"
    (change,) = desk.changes(record)
    assert change.actor == "Sam"
    desk.sync()
    assert [e.actor for e in desk.history(record) if e.event == "edited"] == ["Sam"]
    desk.assert_settled()


def test_a_token_that_ended_between_two_creates(desk: Desk) -> None:
    """N13, I3: the second waits, and goes out with a new token; neither is made twice."""
    token = desk.control.add_token(expires_on="2026-10-06")
    desk.workspace.portals.connect(TRAINEES, desk.portal.register_url, token=token, in_file=True)
    first, second = desk.add(), desk.add()
    desk.taps.after("create", lambda *_: desk.clock.forward(days=1))
    report = desk.sync()
    assert (report.state, report.pushed, report.queued) == (PortalState.SIGN_IN, 1, 1)
    _sign_in(desk, PROVIDER_UKPRN)
    desk.sync()
    assert desk.view(first).portal_id is not None
    assert desk.view(second).portal_id is not None
    assert [w for w in desk.writes() if w == ("POST", "/trainees")] == [("POST", "/trainees")] * 3
    desk.assert_settled()


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_token_that_ended_between_pages(desk: Desk, page: int) -> None:
    """N13, I8: after the first, second or third page of a year; what was read is kept, the mark does not move."""
    from desktop.sync.portals.register import RegisterPortal

    left = [page]

    class Ending(RegisterPortal):
        def pages(self, scope, since=""):
            for read in super().pages(scope, since):
                yield read
                if scope == "2026":
                    left[0] -= 1
                    if left[0] == 0:
                        desk.control.fault("unauthorised")

    with desk.read() as unit:
        mark = unit.portals.watermark(TRAINEES, "2026")
    desk.control.edit(desk.in_training(0), middle_names="Moved")
    desk.make = lambda collection, url, token, ukprn: Ending(collection, url, token, ukprn=ukprn, per_page=4)
    assert desk.sync(full=True).state is PortalState.SIGN_IN
    with desk.read() as unit:
        assert unit.portals.watermark(TRAINEES, "2026") == mark
    assert not any(v.missing for v in desk.all())
    desk.control.fault("up")
    assert desk.sync().state is PortalState.UP
    desk.assert_settled()


def test_a_token_that_is_refused_for_good_keeps_the_queue(desk: Desk) -> None:
    """N13: 401 at each try for a month: nothing is lost by waiting, and each try is one request."""
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.control.fault("unauthorised")
    for _ in range(30):
        desk.clock.forward(days=1)
        assert desk.sync().state is PortalState.SIGN_IN
    assert desk.states(record) == [ChangeState.QUEUED]
    assert desk.writes() == []
    desk.control.fault("up")
    desk.sync()
    desk.assert_settled()
