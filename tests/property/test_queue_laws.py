"""Laws of the order of sending: who goes first, who waits, and that nobody waits for ever (I4, I5, I17; design section 6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.ids import ChangeId, RecordId
from desktop.sync.outbox import FATE_OPEN, in_order, may_go

K, S = ChangeKind, ChangeState
AT = datetime(2026, 10, 5, 9, tzinfo=UTC)


@st.composite
def queues(draw: st.DrawFn, records: int = 3) -> list[Change]:
    """What may wait of a few records: at most one create or update each, some children and actions, made in any order."""
    wanted = draw(
        st.lists(
            st.tuples(st.integers(1, records), st.sampled_from(K), st.integers(0, 2)),
            max_size=10,
            unique=True,
        )
    )
    found: dict[tuple[str, ChangeKind, str], Change] = {}
    for record, kind, number in wanted:
        target = f"{kind}-{number}" if kind in (K.NESTED, K.ACTION) else ""
        made = AT + timedelta(seconds=draw(st.integers(0, 3)))
        change = Change(
            ChangeId(f"{record}-{kind}-{target}"), RecordId(f"r{record}"), "trainees", kind, target, S.QUEUED, made,
            money=draw(st.booleans()),
        )  # fmt: skip
        found[change.record_id, kind, target] = change
    return draw(st.permutations(list(found.values())))


def send_all(queue: list[Change]) -> list[Change]:
    """Send one at a time whoever is first of those that may go; each is accepted."""
    sent: list[Change] = []
    left = list(queue)
    while left:
        free = [c for c in in_order(left) if not may_go(c, of_record(left, c))]
        assert free, "everybody waits for somebody"
        sent.append(free[0])
        left.remove(free[0])
    return sent


def of_record(queue: list[Change], change: Change) -> list[Change]:
    return [c for c in queue if c.record_id == change.record_id]


@given(queues())
def test_everybody_gets_his_turn(queue: list[Change]) -> None:
    assert sorted(c.id for c in send_all(queue)) == sorted(c.id for c in queue)


@given(queues())
def test_of_one_record_the_create_goes_first_and_actions_last_in_the_order_of_asking(
    queue: list[Change],
) -> None:
    """Whatever money hangs on: nothing can be changed of what is not there, and no action is undone."""
    sent = send_all(queue)
    for record in {c.record_id for c in sent}:
        own = [c for c in sent if c.record_id == record]
        assert all(c.kind is not K.CREATE for c in own[1:])
        actions = [c for c in own if c.kind is K.ACTION]
        assert own[len(own) - len(actions) :] == actions
        assert all((a.created_at, a.id) < (b.created_at, b.id) for a, b in pairwise(actions))


@given(queues())
def test_nothing_overtakes_money_that_may_go(queue: list[Change]) -> None:
    """G3.3: as long as a payment is free to be sent, nothing else is."""
    left = list(queue)
    for sent in send_all(queue):
        paid = [c for c in left if c.money and c.kind is not K.ACTION and not may_go(c, of_record(left, c))]
        assert sent in paid or not paid
        left.remove(sent)


@given(queues())
def test_the_order_does_not_depend_on_how_the_rows_were_read(queue: list[Change]) -> None:
    assert in_order(queue) == in_order(queue[::-1])


@given(queues(records=2), st.sampled_from(FATE_OPEN))
def test_an_open_fate_stops_its_own_record_and_no_other(queue: list[Change], fate: ChangeState) -> None:
    """I4 and I5."""
    stuck = Change(ChangeId("x"), RecordId("r1"), "trainees", K.UPDATE, "x", fate, AT)
    for change in queue:
        siblings = of_record([*queue, stuck], change)
        waits = may_go(change, siblings)
        if change.record_id == stuck.record_id:
            assert waits
        else:
            assert waits == may_go(change, of_record(queue, change))
