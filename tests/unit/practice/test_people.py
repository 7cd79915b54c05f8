"""The made-up trainees: lawful, plausible, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.collection import Context
from desktop.practice import people
from desktop.practice.clock import from_us
from desktop.practice.record import Record
from desktop.practice.validation import document_of
from desktop.validation.engine import check, has_errors

TODAY = date(2026, 10, 5)
_SCHOOLS = frozenset(s.urn for s in people.schools())
_PARTNERS = frozenset(number for p in people.partners() for number in (p.urn, p.ukprn) if number)


@pytest.fixture(scope="module")
def cohort() -> list[Record]:
    return people.make_trainees(3000, 1, TODAY)


@pytest.mark.parametrize(
    "today",
    [date(2026, 8, 3), TODAY, date(2027, 2, 28), date(2027, 7, 31), date(2028, 2, 29), date(2025, 11, 11)],
)
def test_every_trainee_keeps_the_rules_of_the_collection(today):
    context = Context(today=today, codes=COLLECTION.code_lists, schools=_SCHOOLS, partners=_PARTNERS)
    for record in people.make_trainees(1500, 4, today):
        document = document_of(record, record.degrees, record.placements)
        for state in ("", record.state):
            findings = check(COLLECTION, document, replace(context, state=state))
            assert not has_errors(findings), (record.slug, findings)


def test_the_same_seed_gives_the_same_people(cohort):
    assert people.make_trainees(3000, 1, TODAY) == cohort
    assert people.make_trainees(3000, 2, TODAY) != cohort


def test_a_larger_portal_begins_with_the_people_of_a_smaller_one(cohort):
    assert people.make_trainees(50, 1, TODAY) == cohort[:50]


@pytest.mark.parametrize("key", ["provider_trainee_id", "hesa_id", "trn", "email"])
def test_what_names_one_trainee_is_unique(cohort, key):
    told = [r.f[key] for r in cohort if key in r.f]
    assert len(set(told)) == len(told) > 2500


def test_ids_are_unique(cohort):
    slugs = [r.slug for r in cohort] + [c.slug for r in cohort for c in (*r.degrees, *r.placements)]
    assert len(set(slugs)) == len(slugs)
    assert {len(s) for s in slugs} == {24}


def test_forms_of_the_numbers(cohort):
    for record in cohort:
        assert len(record.f["hesa_id"]) in (13, 17)
        assert record.f["hesa_id"].isdigit()
        assert len(record.f.get("trn", "1234567")) == 7
        assert record.f["email"].endswith(("@example.com", "@example.org", "@example.net"))
    assert cohort[411].f["provider_trainee_id"] == f"NM{cohort[411].f['itt_start_date'][2:4]}-00412"


def test_most_are_in_the_current_cycle(cohort):
    cycles = Counter(r.cycle for r in cohort)
    assert set(cycles) == {2026, 2025, 2024}
    assert cycles[2026] > 0.6 * len(cohort)


def test_all_states_routes_and_kinds_of_money_are_there(cohort):
    assert len({r.state for r in cohort}) == 7
    assert {r.f["training_route"] for r in cohort} == {
        "03",
        "09",
        "10",
        "11",
        "12",
        "14",
        "15",
        "16",
        "17",
        "18",
        "19",
        "20",
        "21",
    }
    assert {r.f["funding_method"] for r in cohort} >= {"4", "6", "B", "D", "E"}
    assert any(r.deleted for r in cohort)
    assert any(r.f.get("training_partner_ukprn") and not r.f.get("training_partner_urn") for r in cohort)


def test_nothing_has_happened_in_the_future(cohort):
    now = datetime(2026, 10, 5, 12, tzinfo=UTC)
    for record in cohort:
        assert record.created_us <= record.updated_us
        assert from_us(record.updated_us) <= now
        for key in ("defer_date", "withdrawal_date", "outcome_date"):
            assert record.f.get(key, "") <= "2026-10-05"


def test_awarded_trainees_have_what_an_award_needs(cohort):
    for record in cohort:
        if record.state in ("recommended_for_award", "awarded"):
            assert record.f["trn"]
            assert record.f["outcome_date"] >= record.f["itt_start_date"]


def test_schools_and_partners_are_told_apart():
    assert len(_SCHOOLS) == 120
    assert {p.urn is None for p in people.partners()} == {True, False}
