"""The three actions on a trainee: defer, withdraw, recommend (pack 1.8, 3.1, 3.2). Their checks are the collection's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from desktop.practice.clock import iso_s
from desktop.practice.incoming import sent
from desktop.practice.record import Record
from desktop.practice.replies import WRONG_STATE, unprocessable, wrong_state
from desktop.practice.state import State
from desktop.practice.validation import action_issues
from desktop.practice.wire import Reply

Action = Callable[[Record, Mapping[str, Any], State], "Record | Reply"]
"""A clone of the record and what was sent: the record as it now stands, or why not."""


def defer(record: Record, data: Mapping[str, Any], state: State) -> Record | Reply:
    """The date and the reason are looked at first; the state only when they are right."""
    issues = action_issues("defer", record, data, state)
    if issues:
        return unprocessable([i for i in issues if i.field != "state"] or issues)
    record.put("defer_date", sent(data, "defer_date"))
    record.put("defer_reason", sent(data, "defer_reason"))
    record.state = "deferred"
    return record


def withdraw(record: Record, data: Mapping[str, Any], state: State) -> Record | Reply:
    """The state and a started course first, then the answers."""
    answers = dict(data)
    when = sent(data, "withdrawal_date") or ""
    if when[10:11] == "T":
        # The service reads a time here, and keeps its day.
        answers["withdrawal_date"] = when = when[:10]
    issues = action_issues("withdraw", record, answers, state)
    if any(i.text == WRONG_STATE for i in issues):
        return wrong_state()
    if issues:
        return unprocessable(issues)
    record.put("withdrawal_date", when)
    record.put("withdrawal_reasons", list(data["reasons"]))
    record.put("withdrawal_trigger", sent(data, "trigger"))
    record.put("withdrawal_future_interest", sent(data, "future_interest"))
    record.put("withdrawal_another_reason", sent(data, "another_reason"))
    record.put("withdrawal_safeguarding_concern_reasons", sent(data, "safeguarding_concern_reasons"))
    record.state = "withdrawn"
    return record


def recommend(record: Record, data: Mapping[str, Any], state: State) -> Record | Reply:
    """All complaints at once: the date, a degree where the route needs one, enough placements, the state."""
    issues = action_issues("recommend", record, data, state)
    if issues:
        return unprocessable(issues)
    record.put("outcome_date", sent(data, "qts_standards_met_date"))
    record.put("recommended_for_award_at", iso_s(state.clock.now_us()))
    record.state = "recommended_for_award"
    return record


ACTIONS: Mapping[str, tuple[int, Action]] = {
    "withdraw": (200, withdraw),
    "defer": (200, defer),
    "update-qts-or-eyts-status": (202, recommend),
    "recommend-for-qts": (202, recommend),
}
"""Path -> status when it is done, and what it does."""
