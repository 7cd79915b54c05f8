"""Small things of the model: what is told of a finding, who is meant by an ambiguous name, money, snapshots, standing."""

from __future__ import annotations

import orjson
import pytest

from desktop.model.change import ChangeState
from desktop.model.collection import Money
from desktop.model.document import Child, Document
from desktop.model.errors import AmbiguousRef, UsageError
from desktop.model.finding import Finding, Severity
from desktop.model.ids import new_id
from desktop.model.snapshot import Snapshot
from desktop.model.standing import Sync, standing

S = ChangeState


def test_an_ambiguous_name_lists_who_may_be_meant() -> None:
    found = ["r1", "r2"]
    error = AmbiguousRef("Two records have this.", found)
    found.append("r3")
    assert isinstance(error, UsageError)
    assert (str(error), error.candidates) == ("Two records have this.", ("r1", "r2"))


def test_a_finding_is_told_without_the_portals_own_words() -> None:
    """`check --json` is for people's scripts; the portal's wording serves only to know its complaint again."""
    finding = Finding("T-EMAIL", Severity.ERROR, "email", "Enter an email address.", "r1", "can't be blank")
    assert orjson.loads(orjson.dumps(finding.to_json())) == {
        "rule": "T-EMAIL",
        "severity": "error",
        "field": "email",
        "message": "Enter an email address.",
        "record": "r1",
    }


def test_a_snapshot_survives_being_stored() -> None:
    snapshot = Snapshot(
        "p1",
        "2026-10-05T09:00:00Z",
        "trn_received",
        Document({"email": "a"}, {"degrees": [Child("d1", {"grade": "02"}, "d1")]}),
        {"trn": "1234567", "new_key": None},
    )
    assert Snapshot.from_json(orjson.loads(orjson.dumps(snapshot.to_json()))) == snapshot


@pytest.mark.parametrize(("amounts", "at_most"), [((), 0), ((9000,), 9000), ((4050, 10000), 10000)])
def test_an_ambiguous_amount_counts_as_its_highest(amounts: tuple[int, ...], at_most: int) -> None:
    assert Money(amounts, "bursary", "2026").at_most == at_most


@pytest.mark.parametrize(
    ("states", "in_conflict", "at_portal", "expected"),
    [
        ([], False, True, Sync.CLEAN),
        ([], False, False, Sync.DRAFT),
        ([], True, True, Sync.CONFLICT),
        ([S.CONFIRMED, S.DISCARDED], False, True, Sync.CLEAN),
        ([S.QUEUED], False, True, Sync.QUEUED),
        ([S.QUEUED, S.HELD], False, True, Sync.DRAFT),
        ([S.HELD, S.REJECTED], False, True, Sync.REJECTED),
        ([S.REJECTED, S.SENDING], False, True, Sync.SENDING),
        ([S.SENDING, S.UNKNOWN], False, True, Sync.UNKNOWN),
        ([S.UNKNOWN, S.CONFLICT], False, True, Sync.CONFLICT),
        ([S.QUEUED], True, False, Sync.CONFLICT),
    ],
)
def test_the_standing_is_what_most_needs_a_person(
    states: list[ChangeState], in_conflict: bool, at_portal: bool, expected: Sync
) -> None:
    assert standing(states, in_conflict, at_portal) is expected


def test_ids_are_in_order_of_making_and_say_what_they_are() -> None:
    first, later = new_id(1_000, 5), new_id(1_001, 0)
    assert first < later
    assert first == "00000000-03e8-7000-8000-000000000005"
    assert new_id(1_000, (1 << 74) - 1) == "00000000-03e8-7fff-bfff-ffffffffffff"
    assert len({new_id() for _ in range(100)}) == 100
