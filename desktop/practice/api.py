"""Register's API v2026.1: routes, sign-in, and the order in which a request is looked at (pack 1.1 to 1.4)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import orjson

from desktop.practice import children, trainees
from desktop.practice.actions import ACTIONS
from desktop.practice.listing import list_trainees
from desktop.practice.mapping import trainee_json
from desktop.practice.record import Record
from desktop.practice.reference import reference_data
from desktop.practice.replies import (
    JSON_HEADERS,
    bad_json,
    data_reply,
    json_reply,
    missing_data,
    not_found,
    unauthorised,
    wrong_state,
)
from desktop.practice.state import State
from desktop.practice.wire import Reply, Request

VERSION = "v2026.1"


class Unreadable(Exception):
    """The request's body is not what the endpoint takes; `reply` says so."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


class Api:
    """The API on a portal's memory. Call `handle` with paths under /api only."""

    def __init__(self, state: State) -> None:
        self._state = state

    def handle(self, request: Request) -> Reply:
        """Sign-in first, then the path, the record, its state, and the body last."""
        with self._state.lock:
            self._state.look()
            try:
                reply = self._route(request)
            except Unreadable as problem:
                reply = problem.reply
        return _with_etag(request, reply)

    def _route(self, request: Request) -> Reply:
        parts = request.parts()[1:]
        known_version = bool(parts) and parts[0] == VERSION
        rest = parts[1:]
        reading = request.method in ("GET", "HEAD")
        if known_version and rest == ["reference-data"] and reading:
            return reference_data(parse_qs(request.query).get("field", [""])[-1])
        ukprn = self._state.provider_of(_token(request))
        if ukprn is None:
            return unauthorised()
        if known_version and rest == ["info"] and reading:
            version = {"requested": VERSION, "latest": VERSION}
            return json_reply(200, {"status": "ok", "version": version})
        if not known_version or not rest or rest[0] != "trainees":
            return not_found()
        return self._trainees(request, rest[1:], ukprn)

    def _trainees(self, request: Request, rest: list[str], ukprn: str) -> Reply:
        method = "PUT" if request.method == "PATCH" else "GET" if request.method == "HEAD" else request.method
        if not rest:
            if method == "GET":
                return list_trainees(request.query, ukprn, self._state)
            if method == "POST":
                enhanced = _enhanced(request)
                return trainees.create(data_of(request), ukprn, self._state, enhanced=enhanced)
            return not_found()
        if not _served(method, rest):
            return not_found()
        record = self._state.find(rest[0], ukprn)
        if record is None:
            return not_found("Trainee(s) not found")
        if len(rest) == 1:
            return self._one(request, method, record)
        if rest[1] in ACTIONS:
            return self._act(rest[1], record, data_of(request))
        if method != "GET" and record.closed:
            return wrong_state()
        child = rest[2] if len(rest) == 3 else ""
        nested = self._degrees if rest[1] == "degrees" else self._placements
        return nested(request, method, record, child)

    def _one(self, request: Request, method: str, record: Record) -> Reply:
        if method == "GET":
            return Reply(200, trainee_json(record, self._state.schools))
        if record.closed:
            return wrong_state()
        return trainees.update(record, data_of(request), self._state, enhanced=_enhanced(request))

    def _act(self, name: str, record: Record, data: Mapping[str, Any]) -> Reply:
        status, action = ACTIONS[name]
        outcome = action(record.clone(), data, self._state)
        if isinstance(outcome, Reply):
            return outcome
        trainees.save(outcome, record, self._state)
        return data_reply(status, trainee_json(outcome, self._state.schools), effect=True)

    def _degrees(self, request: Request, method: str, record: Record, child: str) -> Reply:
        if method == "GET":
            return children.degree(record, child) if child else children.degrees(record)
        if method == "POST":
            return children.add_degree(record, data_of(request), self._state)
        if method == "DELETE":
            return children.drop_degree(record, child, self._state)
        if record.degree(child) is None:
            return children.degree(record, child)
        return children.change_degree(record, child, data_of(request), self._state)

    def _placements(self, request: Request, method: str, record: Record, child: str) -> Reply:
        if method == "GET" and child:
            return children.placement(record, child, self._state)
        if method == "GET":
            return children.placements(record, self._state)
        if method == "POST":
            return children.add_placement(record, data_of(request), self._state)
        if method == "DELETE":
            return children.drop_placement(record, child, self._state)
        if record.placement(child) is None:
            return children.placement(record, child, self._state)
        return children.change_placement(record, child, data_of(request), self._state)


def _served(method: str, rest: list[str]) -> bool:
    """Whether the API has this endpoint: `rest` is the path after /trainees, the id first."""
    if len(rest) == 1:
        return method in ("GET", "PUT")
    if len(rest) == 2:
        return method == "POST" if rest[1] in ACTIONS else rest[1] in _NESTED and method in ("GET", "POST")
    return len(rest) == 3 and rest[1] in _NESTED and method in ("GET", "PUT", "DELETE")


_NESTED = ("degrees", "placements")


def _token(request: Request) -> str:
    """The token behind `Bearer`, or bare (1.1)."""
    return request.headers.get("authorization", "").removeprefix("Bearer ").strip()


def _enhanced(request: Request) -> bool:
    return request.headers.get("enhanced-errors") == "true"


_NOT_JSON = (
    "text/",
    "multipart/",
    "image/",
    "audio/",
    "video/",
    "application/xml",
    "application/octet-stream",
)


def data_of(request: Request) -> Mapping[str, Any]:
    """The object under `data`. Raises Unreadable: 400 for malformed JSON, 422 when `data` is missing or empty."""
    if request.headers.get("content-type", "").lower().startswith(_NOT_JSON) or not request.body.strip():
        raise Unreadable(missing_data())
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError as problem:
        raise Unreadable(bad_json(str(problem).capitalize())) from None
    if b"\\u0000" in request.body and _holds_nul(body):
        # The real service's database cannot hold it.
        raise Unreadable(bad_json("String contains null byte"))
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict) or not data:
        raise Unreadable(missing_data())
    return data


def _holds_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_nul(k) or _holds_nul(v) for k, v in value.items())
    if isinstance(value, list):
        return any(map(_holds_nul, value))
    return isinstance(value, str) and "\0" in value


def _with_etag(request: Request, reply: Reply) -> Reply:
    """A weak ETag on what was read, and 304 for a client that has it already (1.1, inferred from the framework)."""
    if request.method not in ("GET", "HEAD") or reply.status != 200:
        return reply
    tag = f'W/"{hashlib.blake2b(reply.body, digest_size=16).hexdigest()}"'
    reply.headers |= JSON_HEADERS | {"ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Reply(304, headers=reply.headers, content_type="")
    return reply
