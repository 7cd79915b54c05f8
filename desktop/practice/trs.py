"""The practice Teaching Record System: `GET /v3/persons/{trn}` on a port of its own, over the made-up teachers.

As the real one does, it looks at the version first, then at the key, then at the question. Faults and rate limit are its
own (control side, `/trs/...`). Source: domain pack register-ects, section 4 and its data/trs_*.json.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import orjson

from desktop.practice.clock import Clock
from desktop.practice.faults import UP, Fault, Faults
from desktop.practice.front import Ledger, in_front, spoilt
from desktop.practice.limits import Limiter
from desktop.practice.replies import json_reply
from desktop.practice.teachers import Alert, Teacher, Teachers
from desktop.practice.wire import Delivery, Reply, Request

SERVICE = "Teaching Record System"
LIMIT, PERIOD_S = 1_000, 60.0
DEFAULT_VERSION, MERGED_SINCE = "20240101", "20260120"
VERSIONS = frozenset(
    (
        "20240101", "20240307", "20240412", "20240416", "20240606", "20240814", "20240912", "20240920", "20250203",
        "20250327", "20250425", "20250627", "20250804", "20250905", "20260120", "20260224", "20260416", "20260515",
        "20260612",
    )
)  # fmt: skip
"""Every minor version; an unknown one is answered by 404, and before `MERGED_SINCE` 308 and 410 were 404 too."""

INCLUDES = frozenset(
    (
        "Induction", "MandatoryQualifications", "PendingDetailChanges", "Alerts", "PreviousNames",
        "RoutesToProfessionalStatuses", "All",
    )
)  # fmt: skip

NOT_FOUND, DEACTIVATED, MERGED = 10001, 10058, 10059
_BUSY_RETRY_AFTER = "30"


class TeachingRecordSystem:
    """Answers the lookups (`wire.Handler`). `lock` is the practice portal's."""

    def __init__(self, teachers: Teachers, clock: Clock, lock: threading.RLock, seed: int = 1) -> None:
        self.teachers = teachers
        self.faults = Faults()
        self.limiter = Limiter(clock)
        self.limiter.set(LIMIT, PERIOD_S)
        self.token = "practice-trs-" + hashlib.sha256(f"trs {seed}".encode()).hexdigest()[:40]
        self.without_role = f"{self.token}-no-role"
        self._lock = lock
        self._ledger = Ledger(clock)

    def admit(self, request: Request) -> Reply | None:
        """Decide which fault this request meets."""
        fault = request.note = self.faults.next_for(request.method, request.target)
        if fault.mode != "refuse":
            return None
        reply = Reply(0, delivery=Delivery.REFUSE)
        self._ledger.enter(request, reply)
        return reply

    def answer(self, request: Request) -> Reply:
        fault = request.note if isinstance(request.note, Fault) else UP
        with self._lock:
            reply = spoilt(fault, in_front(fault, request, SERVICE) or self._application(fault, request))
        self._ledger.enter(request, reply)
        return reply

    def ledger(self) -> list[dict[str, Any]]:
        """All requests so far, oldest first."""
        return self._ledger.entries()

    def clear_ledger(self) -> None:
        self._ledger.clear()

    def _application(self, fault: Fault, request: Request) -> Reply:
        version = request.headers.get("x-api-version", DEFAULT_VERSION)
        if fault.mode == "api_off" or version not in VERSIONS:
            return Reply(404)
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        if fault.mode == "unauthorised" or key not in (self.token, self.without_role):
            return Reply(401, headers={"WWW-Authenticate": "Bearer"})
        wait = self.limiter.wait_s(key)
        if fault.mode == "busy" or wait:
            return _too_many(str(wait) if wait else fault.retry_after or _BUSY_RETRY_AFTER)
        if key == self.without_role:
            return _problem(403, "Forbidden")
        parts = request.parts()
        if request.method != "GET" or len(parts) != 3 or parts[:2] != ["v3", "persons"]:
            return Reply(404)
        return self._person(parts[2], dict(parse_qsl(request.query)), version)

    def _person(self, trn: str, query: Mapping[str, str], version: str) -> Reply:
        """The order of the real one: the question itself, whether the record stands, then the extra check."""
        included = frozenset(name for name in query.get("include", "").split(",") if name)
        born, number = query.get("dateOfBirth"), query.get("nationalInsuranceNumber")
        if (born and number) or not included <= INCLUDES:
            return _problem(400, "The request is not right.")
        teacher = self.teachers.find(trn)
        if teacher is None:
            return _problem(404, "Person not found.", NOT_FOUND)
        if teacher.merged_to or teacher.deactivated:
            return _gone(teacher, version)
        if born and teacher.date_of_birth.isoformat() != born:
            return _problem(404, "Person not found.", NOT_FOUND)
        if number and _plain(number) not in teacher.ni_numbers:
            return _problem(404, "Person not found.", NOT_FOUND)
        return json_reply(200, person(teacher, INCLUDES if "All" in included else included))


def _plain(number: str) -> str:
    return number.replace(" ", "").upper()


def _gone(teacher: Teacher, version: str) -> Reply:
    if version < MERGED_SINCE:
        return _problem(404, "Person not found.", NOT_FOUND)
    if not teacher.merged_to:
        return _problem(410, "The record is deactivated.", DEACTIVATED)
    reply = _problem(308, "The record is merged.", MERGED)
    return replace(reply, headers={"Location": f"/v3/persons/{teacher.merged_to}"})


def _problem(status: int, title: str, code: int | None = None) -> Reply:
    """Problem details, as ASP.NET writes them."""
    body: dict[str, Any] = {"title": title, "status": status}
    if code is not None:
        body["errorCode"] = code
    return Reply(status, orjson.dumps(body), "application/problem+json; charset=utf-8")


def _too_many(retry_after: str) -> Reply:
    return replace(_problem(429, "Too many requests."), headers={"Retry-After": retry_after})


# --- a teacher as the API shows one -----------------------------------------------------------------------------------


def person(teacher: Teacher, included: frozenset[str]) -> dict[str, Any]:
    """The body of a 200."""
    body: dict[str, Any] = {
        "trn": teacher.trn,
        "firstName": teacher.first_name,
        "middleName": teacher.middle_name,
        "lastName": teacher.last_name,
        "dateOfBirth": teacher.date_of_birth.isoformat(),
        "nationalInsuranceNumber": teacher.ni_numbers[0] if teacher.ni_numbers else None,
        "emailAddress": teacher.email or None,
        "qts": _qts(teacher),
        "eyts": None,
        "qtlsStatus": "None",
    }
    more: dict[str, dict[str, Any]] = {
        "Induction": {"induction": _induction(teacher)},
        "MandatoryQualifications": {"mandatoryQualifications": []},
        "PendingDetailChanges": {"pendingNameChange": False, "pendingDateOfBirthChange": False},
        "Alerts": {"alerts": [_alert(alert, n) for n, alert in enumerate(teacher.alerts)]},
        "PreviousNames": {"previousNames": []},
        "RoutesToProfessionalStatuses": {"routesToProfessionalStatuses": []},
    }
    for name in sorted(included & more.keys()):
        body |= more[name]
    return body


def _qts(teacher: Teacher) -> dict[str, Any] | None:
    if teacher.qts_from is None:
        return None
    return {"holdsFrom": teacher.qts_from.isoformat(), "routes": []}


def _induction(teacher: Teacher) -> dict[str, Any]:
    return {
        "status": teacher.induction_status,
        "startDate": _iso(teacher.induction_starts),
        "completedDate": _iso(teacher.induction_ended),
        "exemptionReasons": [],
    }


def _alert(alert: Alert, number: int) -> dict[str, Any]:
    return {
        "alertId": f"a1e47000-0000-4000-8000-{number:012d}",
        "alertType": {
            "alertTypeId": f"a1e47001-0000-4000-8000-{number:012d}",
            "name": alert.name,
            "alertCategory": {"alertCategoryId": alert.category, "name": alert.name},
        },
        "details": None,
        "startDate": alert.starts,
        "endDate": alert.ends,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
