"""What a person gives up by taking the portal's side whole stays readable in the journal (I15).

Found by the simulator: a closed or missing record took children, actions and all of a missing one's edits with it.
"""

from __future__ import annotations

import pytest

from desktop.model.conflict import ConflictKind
from tests.fault.conftest import Desk


@pytest.mark.parametrize(
    ("there", "kind"),
    [({"state": "withdrawn"}, ConflictKind.CLOSED), ({"deleted": True}, ConflictKind.MISSING)],
)
def test_giving_up_edits_journals_every_one_of_them(desk: Desk, there: dict, kind: ConflictKind) -> None:
    trainee = desk.in_training()
    record = desk.at(trainee)
    desk.edit(record, email="mine@example.com")
    desk.add_child(record, "placements", name="Hill Nursery", postcode="BN1 1AA")
    desk.workspace.records.act(record.id, "defer", {"defer_date": "2026-10-01"})
    desk.control.edit(trainee, **there)
    desk.sync(full=True)
    conflict = desk.conflict()
    assert conflict.kind is kind
    desk.workspace.conflicts.resolve_all(conflict.id, "theirs")
    assert desk.changes(record) == []
    (resolved,) = [e for e in desk.history(record) if e.event == "resolved"]
    assert {"mine@example.com", "Hill Nursery"} <= set(resolved.detail["lost"].values())
    assert resolved.detail["values"]["email"]["mine"] == "mine@example.com"
    (action,) = [e for e in desk.history(record) if e.event == "taken_back"]
    assert (action.detail["target"], action.detail["fields"]) == ("defer", {"defer_date": "2026-10-01"})


def test_sending_a_record_anew_journals_the_action_that_cannot_go_with_it(desk: Desk) -> None:
    trainee = desk.in_training()
    record = desk.at(trainee)
    desk.workspace.records.act(record.id, "defer", {"defer_date": "2026-10-01"})
    desk.control.edit(trainee, deleted=True)
    desk.sync(full=True)
    desk.workspace.conflicts.send_anew(desk.conflict().id)
    (action,) = [e for e in desk.history(record) if e.event == "taken_back"]
    assert action.detail["target"] == "defer"
    desk.sync()
    assert desk.changes(record) == []


def test_what_a_refusal_wiped_unseen_is_given_back(desk: Desk) -> None:
    """N2, I2: the refusal empties answers at the portal (pack 1.6), the look after it fails, and the change is taken back."""
    record = desk.at(desk.in_training())
    before = desk.trainee(record)["nationality"]
    assert before
    desk.edit(record, employing_school_urn="999123", nationality="FR" if before != "FR" else "IE")
    desk.taps.after("update", lambda *_: desk.control.fault("unavailable"))
    desk.sync()
    desk.taps.clear()
    assert desk.trainee(record)["nationality"] is None, "the portal kept it, so there is nothing to see here"
    (change,) = desk.changes(record)
    desk.workspace.queue.take_back(change.id)
    desk.control.fault("up")
    desk.clock.forward(hours=1)
    for _ in range(2):
        desk.sync()
    assert desk.trainee(record)["nationality"] == before
    desk.assert_settled()


def test_a_record_that_comes_back_is_not_taken_for_the_one_that_was_sent_in_its_place(desk: Desk) -> None:
    """I2, D14: it was sent anew, the answer was lost, and what has its number at the portal is the old one, put back."""
    trainee = desk.in_training()
    record = desk.at(trainee)
    desk.edit(record, email="mine@example.com")
    desk.control.edit(trainee, deleted=True)
    desk.sync(full=True)
    desk.workspace.conflicts.send_anew(desk.conflict().id)
    desk.control.fault("refuse", match="POST /trainees", count=1)
    desk.sync()
    desk.control.edit(trainee, deleted=False)
    desk.sync()
    assert desk.view(record.id).document.fields["email"] == "mine@example.com"
    conflict = desk.conflict()
    assert (conflict.kind, conflict.record_id) == (ConflictKind.DUPLICATE, record.id)
    assert [c["portal_id"] for c in conflict.candidates] == [trainee]
