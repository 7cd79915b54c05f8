"""GET /reference-data: all code lists, or one, without a token (pack 1.2)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from desktop.practice import lists
from desktop.practice.replies import json_reply, not_found
from desktop.practice.wire import Reply

FIELDS = (
    "country",
    "course_age_range",
    "course_subject",
    "degree_subject",
    "degree_grade",
    "degree_type",
    "disability",
    "ethnicity",
    "fund_code",
    "funding_method",
    "institution",
    "itt_aim",
    "nationality",
    "itt_qualification_aim",
    "sex",
    "study_mode",
    "training_route",
    "training_initiative",
)


def reference_data(field: str) -> Reply:
    """All lists, or the one called `field`; 404 names an unknown one."""
    if not field:
        return json_reply(200, {name: _list(name) for name in (*FIELDS, "withdrawal_reasons")})
    if field not in (*FIELDS, "withdrawal_reasons"):
        return not_found(f"Reference data field '{field}' not found")
    return json_reply(200, _list(field))


@lru_cache(maxsize=32)
def _list(field: str) -> dict[str, Any]:
    if field == "withdrawal_reasons":
        return _withdrawal_reasons()
    entries = [
        {
            "code": code,
            "display_name": lists.label(field, code),
            "start_year": _start(field, code),
            "end_year": None,
        }
        for code in sorted(lists.codes(field))
    ]
    return {"metadata": {**_metadata(field), "description": ""}, "entries": entries}


def _metadata(field: str) -> dict[str, str]:
    return {"name": field, "display_name": field.replace("_", " ").capitalize()}


def _start(field: str, code: str) -> int | None:
    route = lists.route_of(code) if field == "training_route" else None
    return (route.first_cycle or None) if route else None


def _withdrawal_reasons() -> dict[str, Any]:
    entries = [
        {
            "code": code,
            "display_name": lists.label("withdrawal_reason", code),
            "trigger": trigger,
            "requires_another_reason": "another_reason" in code,
            "requires_safeguarding_concern_reasons": code == "safeguarding_concerns",
        }
        for trigger in ("provider", "trainee")
        for code in lists.withdrawal_reasons(trigger)
    ]
    return {
        "metadata": _metadata("withdrawal_reasons"),
        "triggers": ["provider", "trainee"],
        "future_interest": ["yes", "no", "unknown"],
        "entries": entries,
    }
