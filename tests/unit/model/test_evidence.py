"""What the words of an evidence report stand for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desktop.model.change import ChangeKind
from desktop.model.evidence import Fate, Seal, WaitingChange


def test_only_what_is_complete_here_waits_for_the_portal() -> None:
    """A draft or a question waits for a person, so no outage kept it."""
    assert {fate for fate in Fate if fate.waits} == {Fate.WAITING, Fate.SENDING, Fate.UNKNOWN}


@pytest.mark.parametrize(
    ("portal_id", "own_id", "name"),
    [("P1", "NM-1", "P1"), ("", "NM-1", "NM-1"), ("", "", "new, 23456789")],
)
def test_a_record_goes_by_what_the_reader_knows_of_it(portal_id: str, own_id: str, name: str) -> None:
    at = datetime(2026, 10, 5, tzinfo=UTC)
    change = WaitingChange(
        "0123456789", portal_id, own_id, ChangeKind.CREATE, "New trainee", False, at, "Sam", at, Fate.WAITING, None, ()
    )  # fmt: skip
    assert change.name == name


def test_one_break_and_the_seal_is_not_whole() -> None:
    assert Seal(2, "a", "b").whole
    assert not Seal(2, "a", "b", ("Journal row 2 was changed",)).whole
