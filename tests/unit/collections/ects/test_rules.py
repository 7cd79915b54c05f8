"""Each rule by its cases: speaks where it must, at the right field, and is quiet elsewhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desktop.collections.ects import COLLECTION, windows
from desktop.model.finding import Severity
from desktop.validation.engine import check
from tests.unit.collections.ects import advice_cases, cases, more_cases
from tests.unit.collections.ects.sample import RULES, Case, context, ect, mentor, said, school

ALL = (*cases.CASES, *more_cases.CASES, *advice_cases.CASES)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_rule(case: Case):
    found = said(case.rule, case.of, case.among)
    if not case.at:
        assert found == []
        return
    assert [f.field for f in found] == ["" if case.at == "." else case.at]
    assert found[0].rule == case.rule
    assert found[0].severity is (case.severity or RULES[case.rule].severity)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_case_that_fires_and_one_that_passes(rule: str):
    assert {bool(case.at) for case in ALL if case.rule == rule} == {True, False}


def test_rule_ids_are_unique_and_every_rule_says_where_it_comes_from():
    assert len(RULES) == len(COLLECTION.rules)
    assert all(r.id.startswith("E-") and r.demand.endswith(".") and r.source for r in COLLECTION.rules)


@pytest.mark.parametrize("of", [ect(), mentor(), school()], ids=["ect", "mentor", "school"])
def test_good_records_have_no_error_and_no_warning(of):
    assert {f.severity for f in check(COLLECTION, of, context())} <= {Severity.UNKNOWN}


def test_nothing_that_only_the_portal_knows_is_said_to_be_right():
    told = {f.field: f.message for f in check(COLLECTION, ect(), context())}
    assert told.keys() == {"trn", "email", "appropriate_body"}
    assert all("will be checked by the portal" in message for message in told.values())


def test_messages_say_what_to_do_and_avoid_the_words_of_machines():
    for case in ALL:
        for finding in said(case.rule, case.of, case.among):
            assert finding.message.endswith((".", "?"))
            assert finding.message[0].isupper() or finding.message[0] == "“"
            banned = ("invalid", "null", "oops", "please", "error", "not allowed")
            assert not any(word in finding.message.casefold() for word in banned), finding.message


def test_messages_hold_no_personal_data():
    bad = ect(
        {"mentorships": [{"mentor_trn": "77", "mentor_name": "Priya Lindqvist"}]},
        first_names="Sam" * 40,
        email="sam.okafor",
        date_of_birth="17.4.",
        ni_number="QQ1",
        trn="30",
        corrected_name="Robin Baker",
    )
    shown = " ".join(f.message for f in check(COLLECTION, bad, context()))
    for secret in ("Sam", "sam.ok", "17.4", "QQ1", "Okafor", "Priya", "Robin", "77"):
        assert secret not in shown


def test_a_start_that_was_fine_when_typed_is_judged_again_on_the_day_of_entry():
    waiting = ect({"periods": [{"started_on": "2025-09-01"}]}, started_on="2026-05-30")
    assert said("E-START-MONTHS", waiting, context("2026-01-30")) == []
    assert [f.field for f in said("E-START-MONTHS", waiting, context("2026-01-29"))] == ["started_on"]
    old = ect(started_on="2023-09-01")
    assert said("E-START-FLOOR", old, context("2026-05-31")) == []
    assert [f.field for f in said("E-START-FLOOR", old, context("2026-06-01"))] == ["started_on"]


@pytest.mark.parametrize(
    ("today", "latest"),
    [("2026-09-20", "2027-01-20"), ("2026-10-31", "2027-02-28"), ("2027-10-31", "2028-02-29"), ("2026-01-31", "2026-05-31"), ("2026-12-31", "2027-04-30"), ("2026-08-15", "2026-12-15")],
)  # fmt: skip
def test_four_calendar_months(today: str, latest: str):
    """Section 3.4: that day is allowed."""
    assert windows.latest(date.fromisoformat(today)) == date.fromisoformat(latest)


def test_four_months_never_go_back():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(1500)]
    ends = [windows.latest(day) for day in days]
    assert ends == sorted(ends)


def test_a_closed_window_is_said_as_closed_until_and_keeps_nothing_back():
    (finding,) = said("E-WINDOW-CLOSED", ect(), context("2026-06-05"))
    assert finding.message == "Registration is closed until 15 June 2026. The record waits here until then."
    assert finding.severity is Severity.WARNING


def test_advice_names_its_source_and_day_and_leaves_the_portal_to_decide():
    """Section 4: it is advice; what only the portal can say stays unknown."""
    among = advice_cases.told(induction_status="Passed")
    (finding,) = said("E-TRS-ADVICE", ect(), among)
    assert finding.message == (
        "The Teaching Record System says that induction is passed, so the portal will stop this registration. "
        "Check the TRN. Looked up on 19 September 2026. The portal decides when you register."
    )
    assert finding.severity is Severity.WARNING
    assert said("E-LOOKUP", ect(), among)[0].severity is Severity.UNKNOWN


def test_very_long_text_is_judged_at_once_and_not_repeated():
    very_long = "9" * 5_000_000
    names = [f.name for f in COLLECTION.fields]
    found = check(
        COLLECTION, ect(None, **dict.fromkeys(names[1:9], very_long), school_urn=very_long), context()
    )
    assert all(len(f.message) < 400 for f in found)
