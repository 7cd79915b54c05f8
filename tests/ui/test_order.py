"""From one order of keys to the next: the steps lead there, whatever the two orders are."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.records.order import Insert, Permute, Remove, plan, ranges


def follow(old, steps):
    rows = list(old)
    for step in steps:
        match step:
            case Remove(first, last):
                assert 0 <= first <= last < len(rows)
                del rows[first : last + 1]
            case Permute(keys):
                assert sorted(keys) == sorted(rows)
                rows = list(keys)
            case Insert(first, keys):
                assert 0 <= first <= len(rows)
                rows[first:first] = keys
    return rows


KEYS = st.lists(st.integers(0, 60), unique=True, max_size=40)


@given(KEYS, KEYS)
def test_steps_lead_from_one_order_to_the_other(old, new):
    steps = plan(old, new)
    if steps is not None:
        assert follow(old, steps) == new


def test_same_order_takes_no_step():
    assert plan([3, 1, 2], [3, 1, 2]) == []


def test_one_new_record_is_one_insertion():
    assert plan([1, 2, 3], [1, 9, 2, 3]) == [Insert(1, [9])]


def test_one_record_that_moved_is_one_permutation():
    assert plan([1, 2, 3], [2, 3, 1]) == [Permute([2, 3, 1])]


def test_another_list_altogether_is_a_reset():
    assert plan([1, 2, 3], [4, 5, 6]) is None


def test_too_many_scattered_changes_are_a_reset():
    assert plan(list(range(1000)), list(range(0, 1000, 2))) is None


def test_ranges_join_neighbours():
    assert ranges([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]
    assert ranges([]) == []
