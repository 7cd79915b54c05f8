"""JSON as portals write it (sync.md T6)."""

import pytest

from desktop.sync.portals.jsontext import NotJson, read_json, write_json


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"{}", {}),
        (b"\xef\xbb\xbf[1]", [1]),
        (b'"a\\u0000b"', "a\x00b"),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\\ud83d"', "\ufffd"),
        (b'["\\ude00\\ud83d", "\\uD83D\\uDE00"]', ["\ufffd\ufffd", "\U0001f600"]),
        (b'{"\\udc00": ["\\udc00", 1, null, true]}', {"\ufffd": ["\ufffd", 1, None, True]}),
        (b'"\\\\ud83d"', "\\ud83d"),
    ],
)
def test_json_is_read_leniently(body, value):
    assert read_json(body) == value


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>", b"NaN", b"{", b'{"a": "\\ud83d"', b'["\\ud83d", NaN]', b'"\xff"', b'"\\ud83d\xff"', b"[" * 5000,
        b"[" * 100_000 + b'"\\ud83d"' + b"]" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_json_is_told(body):
    with pytest.raises(NotJson):
        read_json(body)


def test_what_cannot_be_written_is_none():
    assert write_json({"a": "\u00e9"}) == '{"a":"\u00e9"}'.encode()
    assert write_json({"a": "\ud800"}) is None
    assert write_json({"a": 2**70}) is None
