"""Defer, withdraw, recommend: what must be answered, in which state, and how Register shows that it was done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop.collections.trainees import COLLECTION
from desktop.collections.trainees.actions import DEMANDS, reason_codes
from desktop.model.finding import Severity
from desktop.validation.engine import check_action, has_errors
from tests.unit.collections.trainees.sample import context, document

WRONG_STATE = "It’s not possible to perform this action while the trainee is in its current state"
DEFER: dict[str, Any] = {"defer_date": "2026-09-14", "defer_reason": "Illness"}
WITHDRAW: dict[str, Any] = {
    "withdrawal_date": "2026-09-14",
    "trigger": "trainee",
    "reasons": "trainee_workload_issues",
    "future_interest": "no",
}
RECOMMEND: dict[str, Any] = {"qts_standards_met_date": "2026-09-14"}
REINSTATE: dict[str, Any] = {"return_date": "2026-09-14", "new_end_date": "2027-07-31"}
UNDO: dict[str, Any] = {"undo_reason": "Withdrawn by mistake"}
ANSWERS = {
    "defer": DEFER,
    "withdraw": WITHDRAW,
    "recommend": RECOMMEND,
    "reinstate": REINSTATE,
    "undo-withdrawal": UNDO,
    "delete": {},
}
PLACED = [{"urn": "115795"}, {"urn": "115796"}]


def ask(action: str, fields: dict[str, Any], state: str = "trn_received", of: Any = None, **changes: Any):
    known = COLLECTION.action(action)
    assert known is not None
    base = ANSWERS[action]
    answers = {k: v for k, v in {**base, **fields}.items() if v is not None}
    return check_action(known, of or document(placements=PLACED), answers, context(state=state, **changes))


def one(action: str, fields: dict[str, Any], **more: Any):
    found = ask(action, fields, **more)
    assert len(found) == 1, found
    return found[0].rule, found[0].field, found[0].portal_text


@pytest.mark.parametrize("action", ["defer", "withdraw", "recommend"])
def test_a_full_answer_in_the_right_state_is_fine(action):
    assert ask(action, {}) == []


@pytest.mark.parametrize(
    ("action", "fields", "rule", "field", "portal"),
    [
        ("defer", {"defer_date": None}, "T-DEFER-DATE", "defer_date", "can't be blank"),
        ("defer", {"defer_date": "soon"}, "T-DEFER-DATE", "defer_date", "is invalid"),
        ("defer", {"defer_date": "2026-09-21"}, "T-DEFER-AHEAD", "defer_date", ""),
        ("defer", {"defer_date": "2026-09-01"}, "T-DEFER-AHEAD", "defer_date", ""),
        (
            "defer",
            {"defer_reason": "a" * 501},
            "T-ACT-TEXT",
            "defer_reason",
            "is too long (maximum is 500 characters)",
        ),
        ("defer", {"defer_reason": "a\x00"}, "T-ACT-TEXT", "defer_reason", ""),
        (
            "withdraw",
            {"withdrawal_date": ""},
            "T-WITHDRAW-DATE",
            "withdrawal_date",
            "Choose a withdrawal date",
        ),
        (
            "withdraw",
            {"withdrawal_date": "x"},
            "T-WITHDRAW-DATE",
            "withdrawal_date",
            "Choose a valid withdrawal date",
        ),
        (
            "withdraw",
            {"withdrawal_date": "2026-09-06"},
            "T-WITHDRAW-DATE",
            "withdrawal_date",
            "must be after itt_start_date",
        ),
        ("withdraw", {"withdrawal_date": "2026-09-21"}, "T-WITHDRAW-AHEAD", "withdrawal_date", ""),
        (
            "withdraw",
            {"reasons": None},
            "T-WITHDRAW-REASONS",
            "reasons",
            "Choose one or more reasons why the trainee withdrew from the course",
        ),
        (
            "withdraw",
            {"reasons": "mandatory_reasons"},
            "T-WITHDRAW-REASONS",
            "reasons",
            "entered not valid for selected trigger eg unacceptable_behaviour for a trainee trigger",
        ),
        (
            "withdraw",
            {"future_interest": "maybe"},
            "T-WITHDRAW-FUTURE",
            "future_interest",
            "is not included in the list",
        ),
        (
            "withdraw",
            {"reasons": "trainee_chose_to_withdraw_another_reason"},
            "T-WITHDRAW-TEXT",
            "another_reason",
            "Enter another reason",
        ),
        (
            "withdraw",
            {"reasons": "safeguarding_concerns"},
            "T-WITHDRAW-TEXT",
            "safeguarding_concern_reasons",
            "Enter the concerns",
        ),
        (
            "recommend",
            {"qts_standards_met_date": None},
            "T-RECOMMEND-DATE",
            "qts_standards_met_date",
            "can't be blank. Enter a date the trainee met the QTS or EYTS requirements.",
        ),
        (
            "recommend",
            {"qts_standards_met_date": "x"},
            "T-RECOMMEND-DATE",
            "qts_standards_met_date",
            "is invalid",
        ),
        (
            "recommend",
            {"qts_standards_met_date": "2026-09-21"},
            "T-RECOMMEND-DATE",
            "qts_standards_met_date",
            "must not be in the future",
        ),
        (
            "recommend",
            {"qts_standards_met_date": "2026-09-06"},
            "T-RECOMMEND-DATE",
            "qts_standards_met_date",
            "must be after itt_start_date",
        ),
    ],
)
def test_one_wrong_answer(action, fields, rule, field, portal):
    assert one(action, fields) == (rule, field, portal)


def test_an_unknown_trigger_is_said_beside_the_reasons_that_hang_on_it():
    found = ask("withdraw", {"trigger": "parent"})
    assert {f.rule for f in found} == {"T-WITHDRAW-TRIGGER", "T-WITHDRAW-REASONS"}


@pytest.mark.parametrize(
    ("action", "state", "field", "portal"),
    [
        ("defer", "deferred", "state", "is invalid must be one of [submitted_for_trn, trn_received]"),
        ("defer", "withdrawn", "state", "is invalid must be one of [submitted_for_trn, trn_received]"),
        ("withdraw", "awarded", "", WRONG_STATE),
        ("withdraw", "draft", "", WRONG_STATE),
        ("withdraw", "", "", WRONG_STATE),
        ("recommend", "submitted_for_trn", "state", "must be selected as trn_received"),
        ("recommend", "a_newer_state", "state", "must be selected as trn_received"),
    ],
)
def test_wrong_state(action, state, field, portal):
    assert one(action, {}, state=state) == ("T-ACT-STATE", field, portal)


@pytest.mark.parametrize(("action", "state"), [("defer", "submitted_for_trn"), ("withdraw", "deferred")])
def test_every_allowed_state(action, state):
    assert ask(action, {}, state=state) == []


def test_a_trainee_whose_course_has_not_started_cannot_be_withdrawn():
    later = document(itt_start_date="2026-09-21", trainee_start_date=None)
    found = ask("withdraw", {"withdrawal_date": "2026-09-21"}, of=later)
    assert [(f.rule, f.portal_text) for f in found] == [
        ("T-WITHDRAW-STARTED", WRONG_STATE),
        ("T-WITHDRAW-AHEAD", ""),
    ]


@pytest.mark.parametrize(
    ("route", "held", "portal"),
    [
        ("12", 1, "must be at least 2 for the provider_led_postgrad training route"),
        ("03", 0, "must be at least 2 for the school_direct_salaried training route"),
        ("15", 0, "must be at least 1 for the iqts training route"),
        ("12", 2, None),
        ("15", 1, None),
        ("16", 0, None),
        ("17", 0, None),
        ("19", 0, None),
    ],
)
def test_placements_needed_to_recommend(route, held, portal):
    found = ask("recommend", {}, of=document(training_route=route, placements=PLACED[:held]))
    assert [f.portal_text for f in found] == ([portal] if portal else [])
    assert all((f.rule, f.field) == ("T-RECOMMEND-PLACEMENTS", "placements") for f in found)


def test_a_degree_is_needed_to_recommend_unless_the_route_is_an_undergraduate_one():
    bare = document(degrees=[], placements=PLACED)
    said = ("T-RECOMMEND-DEGREE", "degree_id", "must be completed before qts_standards_met_date")
    assert one("recommend", {}, of=bare) == said
    assert ask("recommend", {}, of=document(degrees=[], placements=PLACED, training_route="11")) == []


def test_warnings_do_not_keep_an_action_from_being_queued():
    found = ask("defer", {"defer_date": "2026-10-01"})
    assert [f.severity for f in found] == [Severity.WARNING]
    assert not has_errors(found)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("a,b", ("a", "b")),
        (" a ; b\nc ", ("a", "b", "c")),
        ('["a", "b"]', ("a", "b")),
        (["a", "b", "a"], ("a", "b")),
        ("[broken", ("[broken",)),
        ("", ()),
        (None, ()),
        (5, ("5",)),
    ],
)
def test_reasons_are_read_as_a_list(typed, codes):
    assert reason_codes(typed) == codes


@pytest.mark.parametrize(
    ("action", "state", "extras", "done"),
    [
        ("defer", "deferred", {"defer_date": "2026-09-14"}, True),
        ("defer", "deferred", {"defer_date": "2026-09-15"}, False),
        ("defer", "deferred", {}, False),
        ("defer", "trn_received", {"defer_date": "2026-09-14"}, False),
        ("withdraw", "withdrawn", {"withdrawal_date": "2026-09-14T00:00:00.000Z"}, True),
        ("withdraw", "deferred", {"withdrawal_date": "2026-09-14"}, False),
        ("recommend", "recommended_for_award", {"outcome_date": "2026-09-14"}, True),
        ("recommend", "awarded", {"outcome_date": "2026-09-14"}, True),
        ("recommend", "awarded", {"outcome_date": None}, False),
        ("reinstate", "trn_received", {}, True),
        ("reinstate", "deferred", {}, False),
        ("undo-withdrawal", "submitted_for_trn", {}, True),
        ("undo-withdrawal", "withdrawn", {}, False),
        ("delete", "trn_received", {}, False),
    ],
)
def test_done_looks_at_state_and_day(action, state, extras, done):
    fields: dict[str, Any] = ANSWERS[action]
    known = COLLECTION.action(action)
    assert known is not None
    assert known.done(state, extras, fields) is done


NOT_STARTED = {"trainee_start_date": None, "itt_start_date": "2026-09-21"}


@pytest.mark.parametrize(
    ("action", "state", "of"),
    [
        ("reinstate", "deferred", {}),
        ("undo-withdrawal", "withdrawn", {}),
        ("delete", "trn_received", NOT_STARTED),
        ("delete", "draft", NOT_STARTED),
    ],
)
def test_what_only_the_website_does_can_be_asked_for(action, state, of):
    assert ask(action, {}, state=state, of=document(**of)) == []
    known = COLLECTION.action(action)
    assert known is not None
    assert known.by_hand
    assert not any(COLLECTION.by_hand(name) for name in ("defer", "withdraw", "recommend", "other"))


@pytest.mark.parametrize(
    ("action", "fields", "state", "rule", "field"),
    [
        ("reinstate", {"return_date": None}, "deferred", "T-REINSTATE-DATE", "return_date"),
        ("reinstate", {"return_date": "soon"}, "deferred", "T-REINSTATE-DATE", "return_date"),
        ("reinstate", {"new_end_date": None}, "deferred", "T-REINSTATE-END", "new_end_date"),
        ("reinstate", {"new_end_date": "later"}, "deferred", "T-REINSTATE-END", "new_end_date"),
        ("reinstate", {"new_end_date": "2026-09-14"}, "deferred", "T-REINSTATE-END", "new_end_date"),
        ("reinstate", {}, "withdrawn", "T-ACT-STATE", "state"),
        ("undo-withdrawal", {"undo_reason": " "}, "withdrawn", "T-UNDO-WHY", "undo_reason"),
        ("undo-withdrawal", {}, "deferred", "T-ACT-STATE", "state"),
    ],
)
def test_what_the_website_would_ask_is_asked_here(action, fields, state, rule, field):
    assert one(action, fields, state=state) == (rule, field, "")


def test_nobody_returns_before_they_were_deferred():
    found = ask("reinstate", {}, state="deferred", extras={"defer_date": "2026-09-15"})
    assert [(f.rule, f.field) for f in found] == [("T-REINSTATE-DATE", "return_date")]
    assert "15 September 2026" in found[0].message


def test_who_has_started_is_not_deleted():
    begun = document(trainee_start_date="2026-09-07")
    found = ask("delete", {}, of=begun)
    assert [(f.rule, f.field) for f in found] == [("T-DELETE-STARTED", "")]
    assert [f.rule for f in ask("delete", {}, state="awarded", of=document(**NOT_STARTED))] == ["T-ACT-STATE"]


def test_every_published_demand_has_a_case_here():
    """A new one needs its case."""
    text = Path(__file__).read_text(encoding="utf-8")
    assert all(demand.id in text for demand in DEMANDS)


def test_every_action_leads_to_a_known_state_and_starts_from_known_ones():
    keys = {state.key for state in COLLECTION.states}
    for action in COLLECTION.actions:
        assert action.leads_to in keys or (action.name, action.leads_to) == ("delete", "")
        assert action.allowed < keys
        assert action.warning.endswith(".")
