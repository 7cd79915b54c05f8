"""The control side of a practice portal (contract.md section 3): on a port of its own, never limited, faulted or in the
ledger. Its own mistakes are answered 404 or 422 with `{"error": ...}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import orjson

from desktop.practice import placing
from desktop.practice.clock import iso_ms, parse_time
from desktop.practice.faults import UnknownFault, parse_fault
from desktop.practice.limits import REAL_PERIOD_S
from desktop.practice.mapping import control_body
from desktop.practice.portal import Portal
from desktop.practice.replies import json_reply
from desktop.practice.state import PROVIDER_UKPRN, Partner, School
from desktop.practice.trs_control import Routes
from desktop.practice.wire import Reply, Request

_Body = Any


class Refused(Exception):
    """The control call cannot be carried out; the message says why."""


class ControlSide:
    """Answers the control side (`wire.Handler`)."""

    def __init__(self, portal: Portal, more: Routes | None = None) -> None:
        """`more` = calls of what runs beside the portal."""
        self._portal = portal
        self._state = portal.state
        self._routes: dict[tuple[str, str], Callable[[_Body], Any]] = {
            ("GET", "faults"): lambda _: self._portal.faults.fault.to_json(),
            ("PUT", "faults"): self._put_faults,
            ("GET", "requests"): lambda _: {"requests": self._portal.ledger()},
            ("DELETE", "requests"): self._clear_requests,
            ("GET", "trainees"): self._all_trainees,
            ("POST", "trainees"): self._post_trainee,
            ("DELETE", "trainees"): self._clear_trainees,
            ("GET", "clock"): lambda _: self._clock(),
            ("PUT", "clock"): self._put_clock,
            ("GET", "limits"): lambda _: self._limits(),
            ("PUT", "limits"): self._put_limits,
            ("POST", "schools"): self._post_school,
            ("POST", "partners"): self._post_partner,
            ("POST", "tokens"): self._post_token,
            ("POST", "snapshot"): self._snapshot,
            ("POST", "rollback"): self._rollback,
        } | (more or {})

    def admit(self, request: Request) -> Reply | None:  # noqa: ARG002 - every control call is heard
        return None

    def answer(self, request: Request) -> Reply:
        parts = request.parts()
        try:
            with self._state.lock:
                return self._dispatch(request.method, parts, _parsed(request.body))
        except (Refused, UnknownFault) as problem:
            return json_reply(422, {"error": str(problem)})

    def _dispatch(self, method: str, parts: list[str], body: _Body) -> Reply:
        if len(parts) == 2 and parts[0] == "trainees":
            return self._one_trainee(method, parts[1], body)
        call = self._routes.get((method, "/".join(parts)))
        if call is None:
            return json_reply(404, {"error": f"no control call {method} /{'/'.join(parts)}"})
        created = method == "POST" and parts[0] in ("trainees", "schools", "partners", "tokens", "teachers")
        return json_reply(201 if created else 200, call(body))

    # Faults, ledger, clock, limits

    def _put_faults(self, body: _Body) -> Any:
        self._portal.faults.set(parse_fault(_object(body)))
        return self._portal.faults.fault.to_json()

    def _clear_requests(self, _: _Body) -> Any:
        self._portal.clear_ledger()
        return {"requests": []}

    def _clock(self) -> Any:
        return {"now": iso_ms(self._portal.clock.now_us()), "standing": self._portal.clock.standing}

    def _put_clock(self, body: _Body) -> Any:
        now = _object(body).get("now")
        if now is None:
            self._portal.clock.run()
        else:
            try:
                self._portal.clock.stand(parse_time(str(now)))
            except (ValueError, OverflowError):
                raise Refused("now must be an ISO 8601 time or null") from None
        return self._clock()

    def _limits(self) -> Any:
        limiter = self._portal.limiter
        if limiter.requests is None:
            return None
        return {"requests": limiter.requests, "period_s": limiter.period_s}

    def _put_limits(self, body: _Body) -> Any:
        if body is None:
            self._portal.limiter.set(None, REAL_PERIOD_S)
            return None
        raw = _object(body)
        requests, period = raw.get("requests"), raw.get("period_s", REAL_PERIOD_S)
        if requests is not None and (type(requests) is not int or requests < 0):
            raise Refused("requests must be a whole number, 0 or more, or null")
        if isinstance(period, bool) or not isinstance(period, (int, float)) or period <= 0:
            raise Refused("period_s must be a number above 0")
        self._portal.limiter.set(requests, period)
        return self._limits()

    # Trainees

    def _shown(self, record: placing.Record) -> Any:
        return control_body(record, self._state.schools)

    def _all_trainees(self, _: _Body) -> Any:
        self._state.look()
        held = sorted(self._state.records.values(), key=lambda r: r.seq)
        return {"trainees": [self._shown(r) for r in held]}

    def _clear_trainees(self, _: _Body) -> Any:
        self._state.clear()
        return {"trainees": []}

    def _post_trainee(self, body: _Body) -> Any:
        raw = _object(body)
        if isinstance(raw.get("fields"), dict):
            raw = {**raw["fields"], **{k: v for k, v in raw.items() if k != "fields"}}
        try:
            return self._shown(placing.place(raw, self._state))
        except placing.Impossible as problem:
            raise Refused(str(problem)) from None

    def _one_trainee(self, method: str, slug: str, body: _Body) -> Reply:
        record = self._state.records.get(slug)
        if record is None:
            return json_reply(404, {"error": "no trainee with this id"})
        if method == "GET":
            return json_reply(200, self._shown(record))
        try:
            if method in ("PATCH", "PUT"):
                return json_reply(200, self._shown(placing.edit(record, _object(body), self._state)))
            if method == "DELETE":
                return json_reply(200, self._shown(placing.discard(record, self._state)))
        except placing.Impossible as problem:
            raise Refused(str(problem)) from None
        return json_reply(404, {"error": f"no control call {method} on a trainee"})

    # What the portal knows

    def _post_school(self, body: _Body) -> Any:
        raw = _object(body)
        urn = _required(raw, "urn")
        known = self._state.schools.get(urn)
        school = School(
            urn,
            _text(raw, "name") or (known.name if known else f"School {urn}"),
            _text(raw, "postcode") or (known.postcode if known else ""),
            _text(raw, "address") or (known.address if known else ""),
        )
        self._state.add_school(school)
        return {"urn": urn, "name": school.name, "postcode": school.postcode, "address": school.address}

    def _post_partner(self, body: _Body) -> Any:
        raw = _object(body)
        urn, ukprn = _text(raw, "urn") or None, _text(raw, "ukprn") or None
        if urn is None and ukprn is None:
            raise Refused("a partner needs a urn or a ukprn")
        name = _text(raw, "name") or f"Partner {ukprn or urn}"
        self._state.add_partner(Partner(ukprn, urn, name))
        return {"ukprn": ukprn, "urn": urn, "name": name}

    def _post_token(self, body: _Body) -> Any:
        raw = _object(body) if body is not None else {}
        expires_on = None
        if raw.get("expires_on") is not None:
            try:
                expires_on = date.fromisoformat(str(raw["expires_on"])[:10])
            except ValueError:
                raise Refused("expires_on must be an ISO date") from None
        token = self._state.add_token(
            _text(raw, "token") or self._state.new_token_text(),
            _text(raw, "ukprn") or PROVIDER_UKPRN,
            expires_on,
            revoked=bool(raw.get("revoked")),
        )
        return {
            "token": token.text,
            "expires_on": expires_on.isoformat() if expires_on else None,
            "revoked": token.revoked,
            "ukprn": token.ukprn,
        }

    def _snapshot(self, _: _Body) -> Any:
        self._state.snapshot()
        return {"records": len(self._state.records)}

    def _rollback(self, _: _Body) -> Any:
        if not self._state.rollback():
            raise Refused("there is no snapshot to go back to")
        return {"records": len(self._state.records)}


def _parsed(raw: bytes) -> _Body:
    if not raw.strip():
        return None
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as problem:
        raise Refused(f"the body is not JSON: {problem}") from None


def _object(body: _Body) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise Refused("the body must be a JSON object")
    return body


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return "" if value is None else str(value)


def _required(raw: Mapping[str, Any], key: str) -> str:
    value = _text(raw, key)
    if not value:
        raise Refused(f"{key} is missing")
    return value
