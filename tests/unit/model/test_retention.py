"""How long after a day: the same day of a later month, or its last."""

from datetime import date

import pytest

from desktop.collections import all_collections
from desktop.model.retention import months_after


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 10, 1), 72, date(2032, 10, 1)),
        (date(2026, 2, 28), 12, date(2027, 2, 28)),
    ],
)
def test_months_after(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


def test_every_rule_has_a_reason_a_source_and_months_within_its_bounds() -> None:
    for collection in all_collections().values():
        assert collection.retention, collection.name
        for rule in collection.retention:
            assert rule.least <= rule.months <= rule.most
            assert rule.reason
            assert rule.source


def test_what_says_who_somebody_else_is_are_fields_of_the_collection() -> None:
    """Sections 1.2 and 1.6 of the pack of ECTs: the mentor, and the ECT that a mentor has."""
    for collection in all_collections().values():
        assert all(collection.field(path) for path in collection.about_others)
    assert "mentorships.mentor_name" in all_collections()["ects"].about_others
