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
