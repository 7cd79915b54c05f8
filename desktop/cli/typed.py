"""What people and scripts type, as values of the model: `F=V` pairs, and JSON from a file or from stdin.

Nothing is lost on the way: what cannot be read as its kind stays as typed, and the rules say so.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from desktop.model.collection import Collection, Field, Kind
from desktop.model.document import Document, Fields, Value
from desktop.model.errors import UnknownName, UsageError
from desktop.services.records import document_from, plain
from desktop.validation.entry import parse_value

RECORD_BYTES = 16 << 20
"""Largest JSON text of one record; real ones have a few thousand bytes."""

MANY_BYTES = 512 << 20
"""Largest JSON text of a list of records."""

_INT64 = range(-(1 << 63), 1 << 63)
_DEEPEST = "is nested too deeply"


def split(pair: str) -> tuple[str, str]:
    """("email", "a=b") from `email=a=b`. Raises UsageError."""
    name, mark, text = pair.partition("=")
    if not mark or not name:
        raise UsageError(f'"{pair[:80]}" is not in the form F=V: a field, = and its value.')
    return name, text


def pairs(words: Iterable[str]) -> dict[str, str]:
    """All pairs by name. Raises UsageError for a name that comes twice."""
    found: dict[str, str] = {}
    for word in words:
        name, text = split(word)
        if name in found:
            raise UsageError(f'"{name[:80]}" is given twice.')
        found[name] = text
    return found


def value(field: Field, text: str, collection: Collection, today: date | None = None) -> Value:
    """The value that V means: JSON if it is JSON, else text; as `parse_value` reads it for this field.

    A number is taken by its digits as they were typed, so that codes keep leading and trailing zeros.
    """
    read = _as_json(text)
    if isinstance(read, int | float) and not isinstance(read, bool):
        return _settled(field, read if field.kind is Kind.INTEGER else text, collection, today)
    return _settled(field, plain(field.name, read), collection, today)


def _as_json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return text


def _refuse(word: str) -> None:
    """NaN and Infinity are no JSON. Raises ValueError."""
    raise ValueError(word)


def _settled(field: Field, read: Value | float, collection: Collection, today: date | None) -> Value:
    settled = parse_value(field, read, collection.code_lists, today)
    return settled if isinstance(settled, str) or settled is None or settled in _INT64 else str(settled)


def _fraction(digits: str) -> float | str:
    """A number with a point or an exponent: 2.0 is two; what is no whole number stays as typed, for a rule to judge."""
    number = float(digits)
    return number if number.is_integer() and abs(number) < 1e15 else digits


def fields_of_action(collection: Collection, action: str, words: Iterable[str]) -> Fields:
    """The fields of an action as typed. Raises UnknownName for an action or field that is not there."""
    known = collection.action(action)
    if known is None:
        names = ", ".join(a.name for a in collection.actions)
        raise UnknownName(f'There is no action "{action[:80]}". There are: {names}.')
    found: Fields = {}
    for name, text in pairs(words).items():
        field = next((f for f in known.fields if f.name == name), None)
        if field is None:
            names = ", ".join(f.name for f in known.fields)
            raise UnknownName(f'The action "{action}" has no field "{name[:80]}". It has: {names}.')
        found[name] = value(field, text, collection)
    return found


def document(collection: Collection, data: object, today: date | None = None) -> Document:
    """A document from parsed JSON, values read as if typed. Raises UnknownName and UsageError."""
    if not isinstance(data, dict):
        raise UsageError("The JSON must be one object: field names and their values.")
    made = document_from(collection, data)
    _settle(collection, "", made.fields, today)
    for kind, group in made.children.items():
        for child in group:
            _settle(collection, f"{kind}.", child.fields, today)
    return made


def child_fields(collection: Collection, kind: str, data: object, today: date | None = None) -> Fields:
    """The fields of one child from parsed JSON."""
    if not isinstance(data, Mapping):
        raise UsageError(f"What is added to {kind} must be one JSON object: field names and their values.")
    return document(collection, {kind: [dict(data)]}, today).children[kind][0].fields


def _settle(collection: Collection, prefix: str, fields: Fields, today: date | None) -> None:
    for name, held in fields.items():
        field = collection.field(f"{prefix}{name}")
        assert field is not None, "document_from lets no other name through"
        fields[name] = _settled(field, held, collection, today)


def read_json(source: str, at_most: int) -> Any:
    """The JSON in a file, or on stdin for "-". Raises UsageError with what is wrong, without the content."""
    return parse_json(_bytes(source, at_most), "The input" if source == "-" else Path(source).name)


def parse_json(raw: bytes, name: str) -> Any:
    """The JSON in UTF-8 bytes. Raises UsageError with what is wrong, without the content."""
    try:
        text = raw.decode("utf-8-sig")
        return json.loads(text, parse_constant=_refuse, parse_float=_fraction, object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not text in UTF-8. Save it as UTF-8 and try again.") from error
    except _Twice as error:
        raise UsageError(f'{name} gives "{str(error)[:80]}" twice in one object.') from error
    except json.JSONDecodeError as error:
        raise UsageError(
            f"{name} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from error
    except RecursionError as error:
        raise UsageError(f"The JSON in {name} {_DEEPEST}.") from error
    except ValueError as error:
        raise UsageError(f"{name} holds a number that is too long, or not a number.") from error


class _Twice(Exception):
    """A key comes twice in one object: one of the two values would be lost."""


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        seen: set[str] = set()
        raise _Twice(next(k for k, _ in members if k in seen or seen.add(k)))  # type: ignore[func-returns-value]
    return found


def stdin_bytes(at_most: int) -> bytes:
    """What stdin holds. Raises UsageError when it is closed or holds more than `at_most` bytes."""
    if sys.stdin is None:
        raise UsageError("There is no standard input to read from.")
    try:
        raw = sys.stdin.buffer.read(at_most + 1)
    except OSError as error:
        raise UsageError(f"The standard input cannot be read ({error.strerror}).") from error
    return _bounded(raw, at_most, "The input")


def _bytes(source: str, at_most: int) -> bytes:
    if source == "-":
        return stdin_bytes(at_most)
    path = Path(source)
    try:
        with path.open("rb") as stream:
            return _bounded(stream.read(at_most + 1), at_most, path.name)
    except OSError as error:
        raise UsageError(f"{path.name or source} cannot be read ({error.strerror}).") from error


def _bounded(raw: bytes, at_most: int, name: str) -> bytes:
    if len(raw) > at_most:
        raise UsageError(f"{name} is too large: more than {at_most >> 20} MiB.")
    return raw
