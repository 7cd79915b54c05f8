"""The control side of the practice Teaching Record System: its teachers, faults, limit and ledger.

    GET /teachers           everybody;  POST /teachers {fields}: add one, or put another in the place of one
    PUT /trs/faults         as /faults, for the lookups alone;  GET tells which one is on
    GET /trs/requests       its ledger;  DELETE empties it
    PUT /trs/limits         as /limits: {"requests": 1000, "period_s": 60} or null

A teacher is one flat object with the names of `teachers.Teacher`: `trn`, `first_name`, `last_name` and `date_of_birth` are
needed, days are ISO text, an alert is {"name", "category", "starts", "ends"}; `category` "prohibition" is the one that stops.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from desktop.practice.faults import UnknownFault, parse_fault
from desktop.practice.limits import Limiter
from desktop.practice.teachers import OTHER_CATEGORY, PROHIBITION_CATEGORY, STATUSES, Alert, Teacher
from desktop.practice.trs import PERIOD_S, TeachingRecordSystem

Routes = dict[tuple[str, str], Callable[[Any], Any]]

_TRN = re.compile(r"[0-9]{7}\Z")
_DAYS = ("date_of_birth", "said_born", "induction_starts", "induction_ended", "qts_from")
_TEXTS = ("first_name", "last_name", "middle_name", "merged_to", "corrected_name", "email", "case")


def routes(trs: TeachingRecordSystem) -> Routes:
    """(method, path) -> what carries it out; wrong bodies raise ValueError (`faults.UnknownFault` is one)."""

    def put_fault(body: Any) -> Any:
        trs.faults.set(parse_fault(_object(body)))
        return trs.faults.fault.to_json()

    def clear(_: Any) -> Any:
        trs.clear_ledger()
        return {"requests": []}

    def post(body: Any) -> Any:
        teacher = teacher_of(_object(body))
        trs.teachers.put(teacher)
        return shown(teacher)

    return {
        ("GET", "teachers"): lambda _: {"teachers": [shown(one) for one in trs.teachers]},
        ("POST", "teachers"): post,
        ("GET", "trs/faults"): lambda _: trs.faults.fault.to_json(),
        ("PUT", "trs/faults"): put_fault,
        ("GET", "trs/requests"): lambda _: {"requests": trs.ledger()},
        ("DELETE", "trs/requests"): clear,
        ("PUT", "trs/limits"): lambda body: _put_limits(trs.limiter, body),
    }


def _put_limits(limiter: Limiter, body: Any) -> Any:
    if body is None:
        limiter.set(None, PERIOD_S)
        return None
    requests, period = _object(body).get("requests"), _object(body).get("period_s", PERIOD_S)
    if type(requests) is not int or requests < 0 or type(period) not in (int, float) or period <= 0:
        raise UnknownFault("requests must be a whole number from 0, period_s a number above 0")
    limiter.set(requests, period)
    return {"requests": requests, "period_s": period}


def shown(teacher: Teacher) -> dict[str, Any]:
    """A teacher as the control side tells one."""
    return {name: _told(value) for name, value in asdict(teacher).items()}


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def teacher_of(raw: Mapping[str, Any]) -> Teacher:
    """A teacher of a control call. Raises UnknownFault with what is wrong."""
    fields: dict[str, Any] = {name: str(raw[name]) for name in _TEXTS if raw.get(name) is not None}
    for name in _DAYS:
        if name in raw:
            fields[name] = _day(name, raw[name])
    trn = str(raw.get("trn", ""))
    if not _TRN.match(trn) or not fields.get("date_of_birth"):
        raise UnknownFault("a teacher needs a trn of 7 digits and a date_of_birth")
    if "induction_status" in raw:
        fields["induction_status"] = str(raw["induction_status"])
        if fields["induction_status"] not in STATUSES:
            raise UnknownFault(f"induction_status must be one of {', '.join(STATUSES)}")
    fields["ni_numbers"] = tuple(str(number) for number in raw.get("ni_numbers") or ())
    fields["alerts"] = tuple(_alert(_object(alert)) for alert in raw.get("alerts") or ())
    fields["deactivated"] = bool(raw.get("deactivated"))
    return Teacher(**{"trn": trn, "first_name": "", "last_name": ""} | fields)


def _day(name: str, value: Any) -> date | None:
    try:
        return None if value is None else date.fromisoformat(str(value))
    except ValueError:
        raise UnknownFault(f"{name} must be an ISO date") from None


def _alert(raw: Mapping[str, Any]) -> Alert:
    named = {"prohibition": PROHIBITION_CATEGORY, "other": OTHER_CATEGORY}
    category = str(raw.get("category", "prohibition"))
    ends = raw.get("ends")
    return Alert(
        str(raw.get("name", "Made-up alert")),
        named.get(category, category),
        str(raw.get("starts", "2020-03-02")),
        None if ends is None else str(ends),
    )


def _object(body: Any) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise UnknownFault("the body must be a JSON object")
    return body
