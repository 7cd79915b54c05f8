"""Refusals: the six shapes in which Register says what is wrong with data (pack section 1.4), and any it may invent.

A list of texts, a list of objects, a map, a map of maps, one text, or nothing: each becomes `Refusal`s with our field
names where a field can be told, and the portal's words as it put them, in one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from desktop.model.verdict import Refusal, Refused

FieldOf = Callable[[str, str], str | None]
"""(parent, name as the portal has it) -> our field, or None for a name we do not know. Parent "" = the record itself."""

_MOST = 50
_LONGEST = 500
_DEEPEST = 6

_WRONG_STATE = re.compile(
    r"^state is invalid must be one of|^state must be selected as|action while the \w+ is in its current state",
    re.IGNORECASE,
)


def read_refusals(body: Any, field_of: FieldOf, parent: str = "") -> Refused:
    """The refusal that a reply's body holds. `parent` = the kind of child that was sent, "" for a record."""
    errors = _errors_of(body)
    found: list[Refusal] = []
    for refusal in _walk(errors, field_of, parent, 0):
        if refusal not in found:
            found.append(refusal)
        if len(found) == _MOST:
            break
    if not found:
        found.append(Refusal("", _message_of(body) or "The portal gave no reason."))
    return Refused(tuple(found), wrong_state=_is_wrong_state(errors, found))


def first_message(body: Any) -> str:
    """The message of the first error of a reply, "" when it has none: how 404 and 409 tell what they mean."""
    errors = _errors_of(body)
    first = errors[0] if isinstance(errors, list) and errors else errors
    if isinstance(first, dict):
        first = first.get("message")
    return one_line(first) if isinstance(first, str) else ""


def one_line(text: str) -> str:
    """Text as one printable line of bearable length."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(plain.split())[:_LONGEST]


def _errors_of(body: Any) -> Any:
    if not isinstance(body, dict):
        return body
    for key in ("errors", "error"):
        if body.get(key):
            return body[key]
    return None


def _message_of(body: Any) -> str:
    message = body.get("message") if isinstance(body, dict) else None
    return one_line(message) if isinstance(message, str) else ""


def _walk(errors: Any, field_of: FieldOf, parent: str, depth: int) -> Iterator[Refusal]:
    if depth > _DEEPEST:
        return
    match errors:
        case str():
            if one_line(errors):
                yield _split(errors, field_of, parent)
        case list():
            for error in errors:
                yield from _walk(error, field_of, parent, depth + 1)
        case {"message": str() as message, **rest} if not rest.keys() - {"error", "code", "status"}:
            yield from _walk(message, field_of, parent, depth + 1)
        case dict():
            for name, value in errors.items():
                yield from _named(name, value, field_of, parent, depth + 1)


def _named(name: str, value: Any, field_of: FieldOf, parent: str, depth: int) -> Iterator[Refusal]:
    """What a map says under one name: texts about that field, or a map of the fields within it."""
    match value:
        case str() if one_line(value):
            field = field_of(parent, name)
            around = (field_of("", parent) if parent else None) or ""
            yield Refusal(field, one_line(value)) if field else Refusal(around, one_line(f"{name} {value}"))
        case list():
            for item in value:
                yield from _named(name, item, field_of, parent, depth)
        case dict() if depth <= _DEEPEST:
            within = field_of("", name)
            yield from _walk(value, field_of, name if within else parent, depth)


def _split(text: str, field_of: FieldOf, parent: str) -> Refusal:
    """`email is too long` -> (email, "is too long"), where the first word is a field that we know."""
    message = one_line(text)
    name, _, rest = message.partition(" ")
    field = field_of(parent, name)
    if field is None or not rest:
        return Refusal("", message)
    child, _, tail = rest.partition(" ")
    inner = field_of(name, child) if name.endswith("_attributes") and tail else None
    return Refusal(inner, tail) if inner else Refusal(field, rest)


def _is_wrong_state(errors: Any, found: list[Refusal]) -> bool:
    if isinstance(errors, list) and any(
        isinstance(e, dict) and e.get("error") == "StateTransitionError" for e in errors
    ):
        return True
    texts = [f"{r.field} {r.message}".strip() for r in found]
    return any(_WRONG_STATE.search(text) for text in texts)
