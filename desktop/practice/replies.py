"""The envelopes and the six error shapes of the API (pack 1.2 and 1.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from desktop.practice.incoming import Issue
from desktop.practice.wire import Reply

WRONG_STATE = "It’s not possible to perform this action while the trainee is in its current state"
MISSING_DATA = "Param is missing or the value is empty or invalid: data"
JSON_HEADERS = {"Cache-Control": "max-age=0, private, must-revalidate"}


def json_reply(status: int, body: Any, *, effect: bool = False) -> Reply:
    """Any body as JSON."""
    return Reply(status, orjson.dumps(body), effect=effect)


def data_reply(status: int, row: bytes, *, effect: bool = False) -> Reply:
    """`{"data": ...}` around a row that is JSON already."""
    return Reply(status, b'{"data":' + row + b"}", effect=effect)


def not_found(message: str = "Not found") -> Reply:
    """404: a list with one object."""
    return json_reply(404, {"errors": [{"error": "NotFound", "message": message}]})


def unauthorised() -> Reply:
    """401: the one body with a singular key."""
    return json_reply(401, {"error": "Unauthorized"})


def missing_data() -> Reply:
    """422 of a body without `data`."""
    return json_reply(422, {"errors": [MISSING_DATA]})


def bad_json(message: str) -> Reply:
    """400: a list of strings."""
    return json_reply(400, {"errors": [message]})


def wrong_state() -> Reply:
    """422 of a record whose state forbids it; the apostrophe is a curly one."""
    return json_reply(422, {"errors": [{"error": "StateTransitionError", "message": WRONG_STATE}]})


def conflict(message: str, rows: Iterable[bytes]) -> Reply:
    """409 with the matching records in full."""
    error = orjson.dumps([{"error": "Conflict", "message": message}])
    return Reply(409, b'{"errors":' + error + b',"data":[' + b",".join(rows) + b"]}")


def unprocessable(issues: list[Issue]) -> Reply:
    """422 of degrees, placements and actions: a list of objects."""
    errors = [{"error": "UnprocessableEntity", "message": f"{i.field} {i.text}"} for i in issues]
    return json_reply(422, {"errors": errors})


def prohibited(count: int, errors: Any, what: str = "this trainee from being saved") -> Reply:
    """422 of trainee POST and PUT and of the list's filters."""
    noun = "error" if count == 1 else "errors"
    message = f"Validation failed: {count} {noun} prohibited {what}"
    return json_reply(422, {"message": message, "errors": errors})
