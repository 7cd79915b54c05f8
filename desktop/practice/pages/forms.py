"""What a browser sends: the answers of a form, and files. Whatever cannot be read is refused whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from desktop.practice.wire import Request

_MOST_PARTS = 300
_MOST_FIELD_BYTES = 64 * 1024
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;,"]{1,70}))', re.IGNORECASE)
_PARAMETER = re.compile(r';\s*(name|filename)="([^"]*)"', re.IGNORECASE)
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Unreadable(Exception):
    """The body is no form of ours."""


@dataclass(frozen=True)
class Sent:
    """A file as it came. `name` is the browser's word for it, without folders."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Form:
    """The answers of a form by name, in their order, and its files."""

    values: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, Sent] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """An answer without blanks around it; "" when it was not given."""
        return (self.values.get(name) or [""])[-1].strip()

    def all(self, name: str) -> list[str]:
        """Every answer of a name that is not blank."""
        return [value.strip() for value in self.values.get(name, ()) if value.strip()]

    def day(self, name: str) -> tuple[str, str, str]:
        """Day, month and year as they were typed."""
        return (self.one(f"{name}-day"), self.one(f"{name}-month"), self.one(f"{name}-year"))


def read_form(request: Request) -> Form:
    """The form in a request's body. Raises Unreadable."""
    kind = request.headers.get("content-type", "")
    base = kind.partition(";")[0].strip().lower()
    if base == "multipart/form-data":
        return _multipart(kind, request.body)
    if base == "application/x-www-form-urlencoded" or not request.body:
        return Form(_fields(request.body))
    raise Unreadable(base)


def read_query(query: str) -> Form:
    """The answers in an address."""
    try:
        return Form(parse_qs(query, keep_blank_values=True, max_num_fields=_MOST_PARTS))
    except ValueError:
        return Form()


def _fields(body: bytes) -> dict[str, list[str]]:
    if len(body) > _MOST_FIELD_BYTES:
        raise Unreadable("too long")
    try:
        found = parse_qs(
            body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARTS
        )
    except ValueError:
        raise Unreadable("no form") from None
    for values in found.values():
        _refuse_controls(*values)
    return found


def _refuse_controls(*values: str) -> None:
    if any(_NOT_TEXT.search(value) for value in values):
        raise Unreadable("control characters")


def _multipart(kind: str, body: bytes) -> Form:
    found = _BOUNDARY.search(kind)
    if found is None:
        raise Unreadable("no boundary")
    mark = b"--" + (found[1] or found[2]).encode("latin-1", "replace")
    pieces = (b"\r\n" + body).split(b"\r\n" + mark)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--") or len(pieces) > _MOST_PARTS:
        raise Unreadable("not closed")
    values: dict[str, list[str]] = {}
    files: dict[str, Sent] = {}
    for piece in pieces[1:-1]:
        name, filename, content = _part(piece)
        if filename is not None:
            files[name] = Sent(_last_part(filename), content)
        else:
            values.setdefault(name, []).append(_text(content))
    return Form(values, files)


def _part(piece: bytes) -> tuple[str, str | None, bytes]:
    """The field's name, the file's name (None = no file), and what it holds."""
    head, blank, content = piece.partition(b"\r\n\r\n")
    if not blank or len(head) > 2048:
        raise Unreadable("no head")
    lines = head.decode("utf-8", "replace").split("\r\n")
    said = next((line for line in lines if line.lower().startswith("content-disposition:")), "")
    names = {key.lower(): value for key, value in _PARAMETER.findall(said)}
    if "form-data" not in said or "name" not in names:
        raise Unreadable("no name")
    return names["name"], names.get("filename"), content


def _text(content: bytes) -> str:
    if len(content) > _MOST_FIELD_BYTES:
        raise Unreadable("too long")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("no text") from None
    _refuse_controls(text)
    return text


def _last_part(filename: str) -> str:
    plain = _NOT_TEXT.sub("", filename.replace("%22", '"').replace("\\", "/")).rpartition("/")[2]
    return plain[:100]
