"""Which record at the portal is our own new one: by its key, and by nothing that only looks like it (D12-D14)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.document import Document, Fields
from desktop.model.ids import ChangeId, RecordId
from desktop.model.snapshot import Snapshot
from desktop.sync.adopt import is_ours, lost_payload, made_key, was_lost

PERSON: Fields = {
    "first_names": "Ada",
    "last_name": "Ashcombe",
    "date_of_birth": "1999-04-12",
    "training_route": "12",
    "itt_start_date": "2026-09-07",
    "hesa_id": "2610994170001",
    "provider_trainee_id": "NM-1",
}


def create(payload: dict[str, Any] | None = None, **other: str | None) -> Change:
    sent = {"document": Document({**PERSON, **other}).to_json()} if payload is None else payload
    at = datetime(2026, 10, 5, tzinfo=UTC)
    return Change(
        ChangeId("c"),
        RecordId("r1"),
        "trainees",
        ChangeKind.CREATE,
        "",
        ChangeState.UNKNOWN,
        at,
        payload=sent,
    )


def there(**other: str | None) -> Snapshot:
    return Snapshot("p", "", "trn_received", Document({**PERSON, **other}))


@pytest.mark.parametrize(
    ("candidate", "ours"),
    [
        (there(), True),
        (there(provider_trainee_id=" NM-1 "), True),
        (there(provider_trainee_id="NM-2"), False),
        (there(provider_trainee_id=None), False),
        (there(last_name="Married"), True),  # corrected since; the HESA number is hers
        (there(hesa_id="2610994170009"), True),  # corrected since; the person is the same
        (there(hesa_id="2610994170009", last_name="Quill"), False),  # the number was used twice
        (there(itt_start_date="2024-09-07"), False),  # she was here before
    ],
)
def test_a_lost_create_is_known_by_its_number(candidate: Snapshot, ours: bool) -> None:
    change = create()
    lost = create(lost_payload(change))
    assert was_lost(lost)
    assert is_ours(COLLECTION, lost, candidate) is ours


def test_a_create_that_was_answered_is_nobody_there() -> None:
    """A 409 or 422 was the portal's no: whoever carries the number there was somebody else's deed."""
    assert not is_ours(COLLECTION, create(), there())


def test_a_key_of_our_making_is_proof() -> None:
    key = made_key("r1")
    assert len(key) <= 50
    assert is_ours(
        COLLECTION, create(provider_trainee_id=key), there(provider_trainee_id=key, last_name="Quill")
    )


@pytest.mark.parametrize("payload", [{}, {"lost": True}, {"document": Document({}).to_json(), "lost": True}])
def test_without_what_was_sent_nothing_is_ours(payload: dict[str, Any]) -> None:
    assert not is_ours(COLLECTION, create(payload), there())
