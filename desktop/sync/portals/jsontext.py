"""JSON as portals write it: read leniently where that loses nothing, written strictly."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import orjson

_BOM = b"\xef\xbb\xbf"
_LONE = re.compile("[\ud800-\udfff]")


class NotJson(ValueError):
    """The body is no JSON, or JSON cut short."""


def read_json(body: bytes) -> Any:
    """The value in `body`. Raises NotJson.

    Lone halves of surrogate pairs, which some systems let through, become U+FFFD: no database can keep them (T6).
    """
    text = body.removeprefix(_BOM)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        if b"\\ud" not in text.lower():
            raise NotJson from None
    try:
        return _mended(json.loads(text, parse_constant=_refuse))
    except (ValueError, RecursionError):
        raise NotJson from None


def write_json(value: Any) -> bytes | None:
    """The value as JSON, None when it holds what cannot be written: half a surrogate pair, a number over 64 bits."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _mended(value: Any) -> Any:
    match value:
        case str():
            return _LONE.sub("\ufffd", value)
        case list():
            return [_mended(v) for v in value]
        case dict():
            return {_mended(k): _mended(v) for k, v in value.items()}
        case _:
            return value
