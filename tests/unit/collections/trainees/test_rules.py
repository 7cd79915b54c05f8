"""Each rule by its cases: fires where it must, at the right field and in Register's words, and is quiet elsewhere."""

from __future__ import annotations

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.model.finding import Severity
from desktop.validation.engine import check
from tests.unit.collections.trainees import cases, child_cases
from tests.unit.collections.trainees.sample import RULES, Case, context, document, said

ALL = (*cases.CASES, *child_cases.CASES)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_rule(case: Case):
    found = said(case.rule, case.of, case.known)
    if not case.at:
        assert found == []
        return
    assert [f.field for f in found] == [case.at]
    assert found[0].rule == case.rule
    assert found[0].severity is (case.severity or RULES[case.rule].severity)
    if case.portal is not None:
        assert found[0].portal_text == case.portal


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_case_that_fires_and_one_that_passes(rule: str):
    fires = {bool(case.at) for case in ALL if case.rule == rule}
    assert fires == {True, False}


def test_rule_ids_are_unique_and_every_rule_says_where_it_comes_from():
    assert len(RULES) == len(COLLECTION.rules)
    assert all(r.demand.endswith(".") and r.source for r in COLLECTION.rules)


def test_good_trainee_has_no_finding():
    assert check(COLLECTION, document(), context()) == []


def test_messages_say_what_to_do_and_avoid_the_words_of_machines():
    for case in ALL:
        for finding in said(case.rule, case.of, case.known):
            assert finding.message.endswith((".", "?"))
            assert finding.message[0].isupper() or finding.message[0] == "“"
            banned = ("invalid", "failed", "null", "oops", "please", "error", "not allowed", "100511 for the")
            assert not any(word in finding.message.casefold() for word in banned), finding.message


def test_a_warning_of_ours_never_claims_that_register_would_say_it():
    for case in ALL:
        for finding in said(case.rule, case.of, case.known):
            if finding.severity is not Severity.ERROR:
                assert finding.portal_text == ""


def test_messages_hold_no_personal_data():
    bad = document(
        first_names="Leonie" * 20,
        email="leonie.ashcombe",
        date_of_birth="17.4.",
        ni_number="QQ1",
        hesa_id="123",
    )
    shown = " ".join(f.message for f in check(COLLECTION, bad, context()))
    for secret in ("Leonie", "leonie", "17.4", "QQ1", "Ashcombe"):
        assert secret not in shown


def test_very_long_text_is_judged_at_once_and_not_repeated():
    very_long = "A" * 10_000_000
    names = [f.name for f in COLLECTION.fields]
    bad = document(
        **dict.fromkeys(names[:6], very_long), training_route=very_long, training_partner_urn=very_long
    )
    found = check(COLLECTION, bad, context())
    assert {f.field for f in found} >= {"first_names", "training_route", "training_partner_urn"}
    assert all(len(f.message) < 400 and len(f.portal_text) < 700 for f in found)


def test_a_wrong_subject_comes_with_the_nearest_right_one():
    (finding,) = said("T-CODE-UNKNOWN", document(course_subject_1="Maths"))
    assert finding.message == (
        "“Maths” is not on Register's list for “Subject 1”. Choose Mathematics (100403) or search again."
    )


def test_bursary_without_student_finance_is_said_in_plain_words():
    (finding,) = said("T-FUND-FINANCE", document(fund_code="2"))
    assert (
        finding.message == "A bursary needs student finance set to Eligible. Change it, or choose No funding."
    )


def test_one_slip_makes_one_finding():
    assert [f.rule for f in check(COLLECTION, document(training_route="99"), context())] == ["T-CODE-UNKNOWN"]
    assert [f.rule for f in check(COLLECTION, document(fund_code="2"), context())] == ["T-FUND-FINANCE"]
    ended = [f.rule for f in check(COLLECTION, document(itt_end_date="2010-01-01"), context())]
    assert ended == ["T-END-OLD"]
