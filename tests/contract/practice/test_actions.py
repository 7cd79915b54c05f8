"""Actions, states, and the TRN that comes later. Source: domain pack 1.5, 1.8, 3.1, 3.2."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.practice.conftest import KNOWN_SCHOOL, Site

WRONG_STATE = "It’s not possible to perform this action while the trainee is in its current state"
REASON = "did_not_make_progress"
WITHDRAWAL: dict[str, Any] = {
    "withdrawal_date": "2026-10-01",
    "reasons": [REASON],
    "trigger": "trainee",
    "future_interest": "no",
}
ALL_STATES = (
    "draft",
    "submitted_for_trn",
    "trn_received",
    "recommended_for_award",
    "withdrawn",
    "deferred",
    "awarded",
)


def act(site: Site, trainee, action: str, **data):
    return site.send("POST", f"/trainees/{trainee['trainee_id']}/{action}", data)


def ready(site: Site, state: str = "trn_received", **fields):
    """A trainee with two placements, in this state."""
    made = site.new(placements_attributes=[{"urn": "555001"}, {"urn": KNOWN_SCHOOL}], **fields)
    return site.control.edit(made["trainee_id"], state=state, trn="1234567")


def test_1_8_defer(site: Site):
    trainee = ready(site)
    reply = act(site, trainee, "defer", defer_date="2026-10-02", defer_reason="Family")
    assert reply.status_code == 200
    body = reply.json()["data"]
    assert (body["state"], body["defer_date"], body["defer_reason"]) == ("deferred", "2026-10-02", "Family")
    assert site.seen(trainee) == body


def test_1_8_withdraw(site: Site):
    trainee = ready(site)
    reply = act(site, trainee, "withdraw", **WITHDRAWAL)
    assert reply.status_code == 200
    body = reply.json()["data"]
    assert body["state"] == "withdrawn"
    assert (body["withdrawal_date"], body["withdrawal_reasons"]) == ("2026-10-01", [REASON])
    assert (body["withdrawal_trigger"], body["withdrawal_future_interest"]) == ("trainee", "no")


@pytest.mark.parametrize("path", ["update-qts-or-eyts-status", "recommend-for-qts"])
def test_1_8_recommend_under_both_names(site: Site, path):
    trainee = ready(site)
    reply = act(site, trainee, path, qts_standards_met_date="2026-10-05")
    assert reply.status_code == 202, reply.text
    body = reply.json()["data"]
    assert (body["state"], body["outcome_date"]) == ("recommended_for_award", "2026-10-05")
    assert body["recommended_for_award_at"] == "2026-10-05T09:00:00Z"


DEFERRALS = [
    ({}, ["defer_date can't be blank"]),
    ({"defer_date": "", "defer_reason": "A"}, ["defer_date can't be blank"]),
    ({"defer_date": "2026-13-01"}, ["defer_date is invalid"]),
    (
        {"defer_date": "2026-10-02", "defer_reason": "A" * 501},
        ["defer_reason is too long (maximum is 500 characters)"],
    ),
]
WITHDRAWALS: list[tuple[dict[str, Any], list[str]]] = [
    ({"withdrawal_date": None}, ["withdrawal_date Choose a withdrawal date"]),
    ({"withdrawal_date": "soon"}, ["withdrawal_date Choose a valid withdrawal date"]),
    ({"withdrawal_date": "2026-09-06"}, ["withdrawal_date must be after itt_start_date"]),
    ({"withdrawal_date": None, "withdraw_date": "2026-10-01"}, ["withdrawal_date Choose a withdrawal date"]),
    ({"reasons": []}, ["reasons Choose one or more reasons why the trainee withdrew from the course"]),
    (
        {"reasons": ["mandatory_reasons"]},
        ["reasons entered not valid for selected trigger eg unacceptable_behaviour for a trainee trigger"],
    ),
    (
        {"reasons": ["nonsense"]},
        ["reasons entered not valid for selected trigger eg unacceptable_behaviour for a trainee trigger"],
    ),
    ({"future_interest": None}, ["future_interest is not included in the list"]),
    ({"future_interest": "maybe"}, ["future_interest is not included in the list"]),
    (
        {"trigger": "provider", "reasons": ["had_to_withdraw_trainee_another_reason"]},
        ["another_reason Enter another reason"],
    ),
    ({"reasons": ["safeguarding_concerns"]}, ["safeguarding_concern_reasons Enter the concerns"]),
]
RECOMMENDATIONS = [
    (
        {},
        ["qts_standards_met_date can't be blank. Enter a date the trainee met the QTS or EYTS requirements."],
    ),
    ({"qts_standards_met_date": "2026-10-06"}, ["qts_standards_met_date must not be in the future"]),
    ({"qts_standards_met_date": "2026-09-01"}, ["qts_standards_met_date must be after itt_start_date"]),
    ({"qts_standards_met_date": "nonsense"}, ["qts_standards_met_date is invalid"]),
]
REFUSED = (
    [("defer", data, messages) for data, messages in DEFERRALS]
    + [("withdraw", WITHDRAWAL | data, messages) for data, messages in WITHDRAWALS]
    + [("update-qts-or-eyts-status", data, messages) for data, messages in RECOMMENDATIONS]
)


@pytest.mark.parametrize(("action", "data", "messages"), REFUSED)
def test_1_8_answers_refused(site: Site, action, data, messages):
    trainee = ready(site)
    reply = act(site, trainee, action, **({k: v for k, v in data.items() if v is not None} or {"other": 1}))
    assert reply.status_code == 422
    assert reply.json() == {"errors": [{"error": "UnprocessableEntity", "message": m} for m in messages]}
    assert site.seen(trainee)["state"] == "trn_received"


def test_1_8_a_wrong_trigger_says_so(site: Site):
    reply = act(site, ready(site), "withdraw", **(WITHDRAWAL | {"trigger": "nobody"}))
    assert {"error": "UnprocessableEntity", "message": "trigger is not included in the list"} in reply.json()[
        "errors"
    ]


TEXTS = [
    (
        {
            "trigger": "provider",
            "reasons": ["had_to_withdraw_trainee_another_reason"],
            "another_reason": "Moved",
        }
    ),
    ({"reasons": ["safeguarding_concerns"], "safeguarding_concern_reasons": "Reported"}),
    ({"reasons": [REASON, "trainee_workload_issues"]}),
    (
        {
            "trigger": "provider",
            "reasons": ["safeguarding_concerns"],
            "safeguarding_concern_reasons": "Reported",
        }
    ),
    ({"withdrawal_date": "2026-10-01T00:00:00Z"}),
]


@pytest.mark.parametrize("more", TEXTS)
def test_1_8_withdrawals_taken(site: Site, more):
    body = act(site, ready(site), "withdraw", **(WITHDRAWAL | more)).json()["data"]
    sent = WITHDRAWAL | more
    assert body["withdrawal_reasons"] == sent["reasons"]
    assert body["withdrawal_date"] == "2026-10-01"
    assert body["withdrawal_another_reason"] == sent.get("another_reason")
    assert body["withdrawal_safeguarding_concern_reasons"] == sent.get("safeguarding_concern_reasons")


ALLOWED = {
    "defer": {"submitted_for_trn", "trn_received"},
    "withdraw": {"submitted_for_trn", "trn_received", "deferred"},
    "update-qts-or-eyts-status": {"trn_received"},
}
ANSWERS: dict[str, dict[str, Any]] = {
    "defer": {"defer_date": "2026-10-02"},
    "withdraw": WITHDRAWAL,
    "update-qts-or-eyts-status": {"qts_standards_met_date": "2026-10-05"},
}
REFUSALS = {
    "defer": {
        "error": "UnprocessableEntity",
        "message": "state is invalid must be one of [submitted_for_trn, trn_received]",
    },
    "withdraw": {"error": "StateTransitionError", "message": WRONG_STATE},
    "update-qts-or-eyts-status": {
        "error": "UnprocessableEntity",
        "message": "state must be selected as trn_received",
    },
}


@pytest.mark.parametrize("state", ALL_STATES)
@pytest.mark.parametrize("action", ALLOWED)
def test_3_1_state_machine(site: Site, action, state):
    trainee = ready(site, state)
    reply = act(site, trainee, action, **ANSWERS[action])
    if state in ALLOWED[action]:
        assert reply.is_success, reply.text
    else:
        assert reply.status_code == 422
        assert reply.json() == {"errors": [REFUSALS[action]]}
        assert site.seen(trainee)["state"] == state


@pytest.mark.parametrize("action", ALLOWED)
def test_1_8_a_repeat_is_422_because_the_state_moved(site: Site, action):
    trainee = ready(site)
    assert act(site, trainee, action, **ANSWERS[action]).is_success
    again = act(site, trainee, action, **ANSWERS[action])
    assert again.status_code == 422
    assert again.json() == {"errors": [REFUSALS[action]]}


def test_1_8_withdraw_needs_a_started_course(site: Site):
    trainee = ready(site, itt_start_date="2026-10-06", itt_end_date="2027-07-02")
    reply = act(site, trainee, "withdraw", **WITHDRAWAL)
    assert reply.json() == {"errors": [REFUSALS["withdraw"]]}


NEEDED = [
    ("3.2 two", {}, 2, 202),
    ("3.2 two", {}, 1, 422),
    ("3.2 iQTS one", {"training_route": "15", "iqts_country": "FR", "fund_code": "2", "funding_method": "6"}, 1, 202),
    ("3.2 iQTS one", {"training_route": "15", "iqts_country": "FR", "fund_code": "2", "funding_method": "6"}, 0, 422),
    ("3.2 assessment only not asked", {"training_route": "16", "fund_code": "2", "funding_method": "6"}, 0, 202),
    ("3.2 early years none", {"training_route": "19", "course_age_range": "13920", "course_subject_1": "100510",
     "funding_method": "6"}, 0, 202),
]  # fmt: skip


@pytest.mark.parametrize(("section", "fields", "placements", "status"), NEEDED)
def test_placements_needed_to_recommend(site: Site, section, fields, placements, status):
    trainee = site.new(placements_attributes=[{"urn": "555001"}] * placements, **fields)
    site.control.edit(trainee["trainee_id"], state="trn_received")
    reply = act(site, trainee, "update-qts-or-eyts-status", qts_standards_met_date="2026-10-05")
    assert reply.status_code == status, reply.text
    if status == 422:
        assert reply.json()["errors"][0]["message"].startswith("placements must be at least")


def test_2_1_rule_4_a_degree_is_needed_to_recommend(site: Site):
    trainee = ready(site)
    site.control.edit(trainee["trainee_id"], degrees=[])
    reply = act(site, trainee, "update-qts-or-eyts-status", qts_standards_met_date="2026-10-05")
    message = "degree_id must be completed before qts_standards_met_date"
    assert reply.json()["errors"] == [{"error": "UnprocessableEntity", "message": message}]


def test_1_8_recommend_tells_all_at_once(site: Site):
    trainee = site.new()
    reply = act(site, trainee, "update-qts-or-eyts-status", qts_standards_met_date="2027-01-01")
    assert sorted(e["message"] for e in reply.json()["errors"]) == [
        "placements must be at least 2 for the provider_led_postgrad training route",
        "qts_standards_met_date must not be in the future",
        "state must be selected as trn_received",
    ]


@pytest.mark.parametrize("action", [*ALLOWED, "recommend-for-qts"])
def test_1_4_actions_need_data(site: Site, action):
    reply = site.call("POST", f"/trainees/{ready(site)['trainee_id']}/{action}", json={"nothing": 1})
    assert reply.status_code == 422
    assert reply.json() == {"errors": ["Param is missing or the value is empty or invalid: data"]}


def test_1_5_the_trn_comes_a_minute_later_at_the_next_look(site: Site):
    trainee = site.new()
    site.control.clock("2026-10-05T09:00:59Z")
    assert site.seen(trainee)["trn"] is None
    site.control.clock("2026-10-05T09:01:00Z")
    seen = site.seen(trainee)
    assert (seen["state"], len(seen["trn"])) == ("trn_received", 7)
    assert seen["updated_at"] == "2026-10-05T09:01:00.000Z"
    assert site.ids(since="2026-10-05T09:01:00Z") == [trainee["trainee_id"]]


def test_1_5_the_trn_shows_in_lists_and_on_the_control_side_too(site: Site):
    trainee = site.new()
    site.control.clock("2026-10-05T10:00:00Z")
    assert site.control.trainees()[0]["trn"]
    assert site.get("/trainees", has_trn="true").json()["data"][0]["trainee_id"] == trainee["trainee_id"]


@pytest.mark.parametrize(("action", "state"), [("defer", "deferred"), ("withdraw", "withdrawn")])
def test_3_1_a_trn_for_a_deferred_or_withdrawn_trainee_does_not_move_it(site: Site, action, state):
    trainee = site.new()
    act(site, trainee, action, **ANSWERS[action])
    site.control.clock("2026-10-05T10:00:00Z")
    seen = site.seen(trainee)
    assert seen["state"] == state
    assert seen["trn"]


def test_3_1_a_record_put_there_gets_no_trn_by_itself(site: Site):
    held = site.control.add(first_names="A", last_name="B", state="submitted_for_trn")
    site.control.clock("2026-12-05T10:00:00Z")
    assert site.seen(held)["trn"] is None


def test_1_5_trns_are_unique(site: Site):
    made = [site.new() for _ in range(5)]
    site.control.clock("2026-10-05T10:00:00Z")
    assert len({site.seen(t)["trn"] for t in made}) == 5
