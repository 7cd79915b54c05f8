"""Who of one record may go, in which order all go, and whether the rows are those that pending asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.document import ChildPatch, Document, Patch
from desktop.model.ids import ChangeId, RecordId
from desktop.model.snapshot import Snapshot
from desktop.model.standing import Sync
from desktop.store.records import StoredRecord
from desktop.sync.outbox import in_order, in_step, may_go

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
K, S = ChangeKind, ChangeState


def change(
    kind: ChangeKind, state: ChangeState = S.QUEUED, *, number: int = 0, target: str = "", money: bool = False
) -> Change:
    at = AT + timedelta(seconds=number)
    return Change(
        ChangeId(f"{kind}-{target}-{number}"), RecordId("r"), "trainees", kind, target, state, at, money=money
    )


GOES = ""
FATE = "Waits until it is known what came of an earlier change of this record."
BIRTH = "Waits until the new record is at the portal."
REST = "Waits until the other changes of this record are sent."
TURN = "Waits for the action before it."


@pytest.mark.parametrize(
    ("mine", "others", "why"),
    [
        (change(K.UPDATE), [], GOES),
        (change(K.UPDATE), [change(K.NESTED, S.UNKNOWN, target="degrees.1")], FATE),
        (change(K.UPDATE), [change(K.ACTION, S.SENDING, target="defer")], FATE),
        (change(K.NESTED, target="degrees.1"), [change(K.UPDATE, S.REJECTED)], GOES),
        (change(K.NESTED, target="degrees.1"), [change(K.NESTED, target="degrees.2")], GOES),
        (change(K.NESTED, target="degrees.1"), [change(K.CREATE, S.REJECTED)], BIRTH),
        (change(K.ACTION, target="defer"), [change(K.CREATE)], BIRTH),
        (change(K.ACTION, target="defer"), [change(K.UPDATE)], REST),
        (change(K.ACTION, target="defer"), [change(K.UPDATE, S.REJECTED)], REST),
        (change(K.ACTION, target="defer"), [change(K.NESTED, S.HELD, target="degrees.1")], REST),
        (change(K.ACTION, target="defer", number=1), [change(K.ACTION, target="withdraw")], TURN),
        (change(K.ACTION, target="defer"), [change(K.ACTION, target="withdraw", number=1)], GOES),
        (
            change(K.ACTION, target="withdraw"),
            [change(K.ACTION, target="defer")],
            TURN,
        ),  # made at once: by id
        (change(K.ACTION, target="defer"), [change(K.ACTION, target="withdraw")], GOES),
        (change(K.UPDATE), [change(K.ACTION, target="defer")], GOES),
    ],
)
def test_what_stands_before_a_change(mine: Change, others: list[Change], why: str) -> None:
    assert may_go(mine, [mine, *others]) == why


def test_a_change_whose_own_fate_is_open_does_not_wait_for_itself() -> None:
    mine = change(K.UPDATE, S.UNKNOWN)
    assert may_go(mine, [mine]) == GOES


def test_the_order_of_sending() -> None:
    """Design 6: money first, then creates, parents, children, actions; the older first."""
    action = change(K.ACTION, target="defer", money=True)
    nested = change(K.NESTED, target="degrees.1")
    update, later = change(K.UPDATE), change(K.UPDATE, number=5)
    create = change(K.CREATE, number=9)
    money = change(K.UPDATE, number=10, money=True)
    mixed = [action, nested, later, update, create, money]
    assert in_order(mixed) == [money, create, update, later, nested, action]


def record(pending: Patch, portal_id: str | None = "p") -> StoredRecord:
    base = Snapshot("p", "", "trn_received", Document()) if portal_id else None
    return StoredRecord(
        1, RecordId("r"), "trainees", portal_id, base, pending, 1, "", Sync.CLEAN, None, False, "", None, ""
    )


EDIT = Patch({"email": "a"})
CHILD = Patch({}, {"degrees": {"d1": ChildPatch({"grade": "a"})}})


@pytest.mark.parametrize(
    ("held", "rows", "expected"),
    [
        (record(Patch()), [], True),
        (record(Patch()), [change(K.UPDATE)], False),
        (record(Patch()), [change(K.UPDATE, S.UNKNOWN)], True),
        (record(Patch()), [change(K.ACTION, target="defer")], True),
        (record(EDIT), [change(K.UPDATE)], True),
        (record(EDIT), [], False),
        (record(CHILD), [change(K.NESTED, target="degrees.d1")], True),
        (record(CHILD), [change(K.NESTED, target="degrees.d2")], False),
        (record(EDIT, None), [change(K.CREATE)], True),
        (record(EDIT, None), [], False),
    ],
)
def test_rows_follow_from_pending(held: StoredRecord, rows: list[Change], expected: bool) -> None:
    assert in_step(held, rows) is expected
