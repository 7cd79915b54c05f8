"""Suggestions: the same answer written as the rule asks for it, and nothing where a person has to know."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.collection import Context
from desktop.model.document import Child, Document, apply, patch_of, value_at
from desktop.validation.engine import check
from desktop.validation.suggest import with_suggestions

CONTEXT = Context(today=date(2026, 10, 13), codes=COLLECTION.code_lists)


def suggested(document: Document, path: str) -> tuple[str, str] | None:
    """(value, how) of the finding at a path; None when there is no suggestion."""
    found = with_suggestions(COLLECTION, document, CONTEXT, check(COLLECTION, document, CONTEXT))
    made = [f.suggestion for f in found if f.field == path and f.suggestion is not None]
    return (made[0].value, made[0].how) if made else None


ZERO = "the letter O read as a zero, the letters I and l as a one"
UNSEEN = "without characters that cannot be seen"


@pytest.mark.parametrize(
    ("field", "typed", "found"),
    [
        ("hesa_id", "26109 94170 001", ("2610994170001", "without the blanks")),
        ("hesa_id", "261099417O0O1", ("2610994170001", ZERO)),
        ("hesa_id", "26-10994-170001", ("2610994170001", "without the hyphens")),
        ("training_partner_urn", "1O0o71", ("100071", ZERO)),
        ("training_partner_urn", "l00071", ("100071", ZERO)),
        ("training_partner_ukprn", "10 00 71 40", ("10007140", "without the blanks")),
        ("email", "ada@example.org.", ("ada@example.org", "without the mark at the end")),
        ("email", "ada @example.org", ("ada@example.org", "without the blanks")),
        ("email", "ada\u200b@example.org", ("ada@example.org", UNSEEN)),
        ("itt_end_date", "2/7/27", ("2027-07-02", "read as a date, day before month")),
        ("last_name", "Ash\u202ecombe", ("Ashcombe", UNSEEN)),
        # A person has to know:
        ("hesa_id", "2610994170", None),
        ("training_partner_urn", "OOOll1", None),
        ("training_partner_urn", "100A71", None),
        ("email", "ada.example.org", None),
        ("email", "ada@example", None),
        ("itt_end_date", "31/2/2027", None),
        ("itt_end_date", "next summer", None),
        ("training_route", "no such route", None),
        ("ni_number", "odd", None),
        # Nothing is wrong:
        ("email", "ada@example.org", None),
        ("email", " ada@example.org ", None),
    ],
)
def test_what_is_suggested(field: str, typed: str, found: tuple[str, str] | None) -> None:
    assert suggested(Document({field: typed}), field) == found


def test_a_placement_is_put_right_in_its_place() -> None:
    document = Document({}, {"placements": [Child("p1", {"urn": "1O0 071", "name": "Hill School"})]})
    path = "placements.p1.urn"
    assert suggested(document, path) == ("100071", ZERO)
    assert value_at(apply(document, patch_of(document, {path: "100071"})), path) == "100071"


def test_what_breaks_another_rule_is_not_suggested() -> None:
    """Read as a date it would lie before the start of the course."""
    document = Document({"itt_start_date": "2026-09-07", "itt_end_date": "1/7/25"})
    assert suggested(document, "itt_end_date") is None
