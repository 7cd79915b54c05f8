"""Small things beside the records: put, found again, replaced, removed, and gone with a transaction that fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.store import vault
from desktop.store.store import Store

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.create(tmp_path, vault.new_data_key(), lambda: NOW, "Sam")
    yield store
    store.close()


def test_what_is_put_is_found_by_kind_in_the_order_of_names(store: Store) -> None:
    with store.write() as unit:
        unit.kept.put("filter", "b", {"search": "ada"})
        unit.kept.put("filter", "a", {"search": "Žofie"})
        unit.kept.put("draft", "a", {"text": "half"})
    with store.read() as unit:
        found = unit.kept.all("filter")
        assert [(t.name, t.body, t.at, t.actor) for t in found] == [
            ("a", {"search": "Žofie"}, NOW, "Sam"),
            ("b", {"search": "ada"}, NOW, "Sam"),
        ]
        assert unit.kept.get("draft", "b") is None


def test_the_later_takes_the_place_of_the_earlier_and_removing_twice_is_harmless(store: Store) -> None:
    with store.write() as unit:
        unit.kept.put("draft", "a", {"text": "one"})
        unit.kept.put("draft", "a", {"text": "two"})
    with store.write() as unit:
        thing = unit.kept.get("draft", "a")
        assert thing is not None
        assert thing.body == {"text": "two"}
        unit.kept.remove("draft", "a")
        unit.kept.remove("draft", "a")
    with store.read() as unit:
        assert unit.kept.all("draft") == []


def test_nothing_is_kept_of_a_transaction_that_fails(store: Store) -> None:
    def put_and_fail() -> None:
        with store.write() as unit:
            unit.kept.put("draft", "a", {"text": "one"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        put_and_fail()
    with store.read() as unit:
        assert unit.kept.all("draft") == []
