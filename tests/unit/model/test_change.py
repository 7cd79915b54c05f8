"""The table of legal moves of a change, and its turn in the queue."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desktop.model.change import OPEN_STATES, TRANSITIONS, Change, ChangeKind, ChangeState, may_move
from desktop.model.ids import ChangeId, RecordId

K, S = ChangeKind, ChangeState
ENDS = {S.CONFIRMED, S.DISCARDED}


def change(kind: ChangeKind, *, money: bool = False) -> Change:
    at = datetime(2026, 10, 5, 9, tzinfo=UTC)
    return Change(ChangeId("c"), RecordId("r"), "trainees", kind, "", S.QUEUED, at, money=money)


@pytest.mark.parametrize("state", list(S))
def test_staying_put_is_always_fine(state: ChangeState) -> None:
    assert may_move(state, state)


@pytest.mark.parametrize("state", list(S))
def test_a_change_leaves_only_by_an_end(state: ChangeState) -> None:
    """I3: confirmed or discarded; from those there is no way back, from all others one to an end."""
    assert (TRANSITIONS[state] == frozenset()) is (state in ENDS)
    assert (state in OPEN_STATES) is (state not in ENDS)
    assert state in ENDS or may_move(state, S.CONFIRMED)


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        (S.QUEUED, S.SENDING, True),
        *((s, S.SENDING, False) for s in S if s not in (S.QUEUED, S.SENDING)),  # only what is queued is sent
        (S.SENDING, S.UNKNOWN, True),
        (S.SENDING, S.QUEUED, True),  # only when the request provably never left
        (S.SENDING, S.REJECTED, True),
        (S.UNKNOWN, S.REJECTED, True),
        *(
            (s, S.UNKNOWN, False) for s in S if s not in (S.SENDING, S.UNKNOWN)
        ),  # only what was sent is unknown
        (S.SENDING, S.DISCARDED, False),  # nobody takes back what is on the wire
        (S.SENDING, S.HELD, False),  # I12: an edit does not hide that a request is out
        (S.UNKNOWN, S.HELD, False),
        (S.UNKNOWN, S.QUEUED, True),  # read, and it is not there: again
        (S.UNKNOWN, S.DISCARDED, True),
        (S.REJECTED, S.QUEUED, True),
        (S.REJECTED, S.HELD, True),
        (S.QUEUED, S.HELD, True),
        (S.QUEUED, S.REJECTED, True),
        (S.HELD, S.QUEUED, True),
        (S.HELD, S.REJECTED, False),  # a draft was never asked of the portal
        (S.CONFLICT, S.HELD, True),
        (S.CONFLICT, S.QUEUED, True),
        (S.CONFLICT, S.REJECTED, True),
        *((s, S.CONFLICT, True) for s in S if s not in ENDS),  # a question can come up at any time
        *((s, S.DISCARDED, True) for s in S if s not in (*ENDS, S.SENDING)),
    ],
)
def test_moves(old: ChangeState, new: ChangeState, allowed: bool) -> None:
    assert may_move(old, new) is allowed


def test_turns_within_one_record() -> None:
    kinds = [K.CREATE, K.UPDATE, K.NESTED, K.ACTION]
    assert [change(k).stage for k in kinds] == [1, 2, 3, 4]
    assert [change(k, money=True).stage for k in kinds] == [1, 2, 3, 4]


def test_money_goes_before_everything_but_an_action_waits_all_the_same() -> None:
    """G3.3: an action cannot be undone, so it never overtakes the changes that it stands on."""
    kinds = [K.CREATE, K.UPDATE, K.NESTED, K.ACTION]
    assert [change(k).rank for k in kinds] == [1, 2, 3, 4]
    assert [change(k, money=True).rank for k in kinds] == [0, 0, 0, 4]
