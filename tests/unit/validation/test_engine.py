"""The engine: order, weight, record, closed states."""

from __future__ import annotations

from dataclasses import replace

from desktop.collections.trainees import COLLECTION
from desktop.model.document import Child, Document
from desktop.model.finding import Finding, Severity
from desktop.validation.engine import check, check_action, has_errors
from tests.unit.collections.trainees.sample import UK_DEGREE, changed, context, document


def test_findings_come_in_the_order_of_the_form():
    bad = document(
        degrees=[changed(UK_DEGREE, grade="x", subject="x"), changed(UK_DEGREE, subject="x", uk_degree=None)],
        hesa_id="1",
        email="x",
        first_names=None,
        fund_code=None,
    )
    assert [f.field for f in check(COLLECTION, bad, context())] == [
        "first_names",
        "email",
        "fund_code",
        "degrees.d1.subject",
        "degrees.d1.grade",
        "degrees.d2.uk_degree",
        "degrees.d2.subject",
        "hesa_id",
    ]


def test_findings_carry_the_record():
    found = check(COLLECTION, Document(), context(), record="r1")
    assert found
    assert {f.record for f in found} == {"r1"}
    action = COLLECTION.actions[0]
    assert {f.record for f in check_action(action, Document(), {}, context(), "r1")} == {"r1"}


def test_an_action_s_findings_come_in_the_order_of_its_fields():
    withdraw = COLLECTION.action("withdraw")
    assert withdraw is not None
    found = check_action(withdraw, document(), {}, context(state="deferred"))
    assert [f.field for f in found] == ["withdrawal_date", "trigger", "reasons", "future_interest"]


def test_a_record_that_takes_no_edits_is_not_judged():
    for state in ("withdrawn", "awarded", "recommended_for_award", "a_newer_state"):
        assert check(COLLECTION, Document(), context(state=state)) == []
    assert check(COLLECTION, Document(), context(state="deferred"))


def test_what_the_portal_holds_and_does_not_judge_is_a_warning():
    held = document(last_name="Ash\x07combe", first_names="a" * 70, placements=[{"name": "x\x07"}])
    found = {f.field: f.severity for f in check(COLLECTION, held, context(base=held.copy()))}
    assert found == {
        "first_names": Severity.ERROR,  # Register says so itself
        "last_name": Severity.WARNING,
        "placements.p1.name": Severity.WARNING,
    }
    fresh = {f.field: f.severity for f in check(COLLECTION, held, context(base=document()))}
    assert set(fresh.values()) == {Severity.ERROR}


def test_a_missing_answer_is_not_made_lighter_by_its_absence_at_the_portal():
    bare = document(hesa_id=None)
    (finding,) = check(COLLECTION, bare, context(base=bare.copy()))
    assert finding.severity is Severity.ERROR


def test_has_errors_looks_at_errors_only():
    warning = Finding("X", Severity.WARNING, "email", "Check it.")
    assert not has_errors([])
    assert not has_errors([warning, replace(warning, severity=Severity.UNKNOWN)])
    assert has_errors([warning, replace(warning, severity=Severity.ERROR)])


def test_a_child_without_fields_is_judged_like_any_other():
    odd = Document(document().fields, {"degrees": [Child("d1", {})], "placements": [Child("p1", {})]})
    rules = {f.rule for f in check(COLLECTION, odd, context())}
    assert rules == {"T-DEGREE-MISSING", "T-PLACEMENT-NAME"}


def test_checking_changes_nothing():
    mine = document(placements=[{"urn": "115795"}])
    before = mine.to_json()
    check(COLLECTION, mine, context())
    assert mine.to_json() == before
