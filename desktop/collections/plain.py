"""What every collection asks of any value: of a kind that can be kept, readable, not endless, on its code list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from desktop.collections.reading import is_blank, text
from desktop.model.collection import Code
from desktop.model.document import Document

LONGEST = 10_000
"""Longest text of a field without a limit of its own, in characters."""

_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_KINDS = frozenset({str, int, type(None)})


def places(document: Document) -> Iterator[tuple[str, str, object]]:
    """(path, field name, value) of everything in the document."""
    for name, value in document.fields.items():
        yield name, name, value
    for kind, group in document.children.items():
        for child in group:
            for name, value in child.fields.items():
                yield f"{kind}.{child.id}.{name}", f"{kind}.{name}", value


def texts(document: Document) -> list[str]:
    """Every text of the document, for a quick look at all of them together."""
    found = [v for v in document.fields.values() if type(v) is str]
    for group in document.children.values():
        for child in group:
            found += [v for v in child.fields.values() if type(v) is str]
    return found


def of_no_kind(document: Document) -> list[str]:
    """Paths of what is neither text nor a whole number."""
    kinds = set(map(type, document.fields.values()))
    for group in document.children.values():
        for child in group:
            kinds.update(map(type, child.fields.values()))
    if kinds <= _KINDS:
        return []
    return [path for path, _, value in places(document) if type(value) not in _KINDS]


def unseen(document: Document) -> list[str]:
    """Paths of texts with characters that nobody can see."""
    if "".join(texts(document)).isprintable():
        return []
    return [
        path
        for path, _, value in places(document)
        if type(value) is str and len(value) <= LONGEST and _CONTROL.search(value)
    ]


def is_unknown(value: object, codes: Mapping[str, Code]) -> bool:
    """Whether something was answered that is no code of the list. A number counts as its digits."""
    if value is None or (type(value) is str and value in codes):
        return False
    return not is_blank(value) and text(value) not in codes


def nearest(typed: object, codes: Mapping[str, Code]) -> Code | None:
    """The entry whose label begins most like what was typed (at least 3 characters alike), to suggest it."""
    words = text(typed)[:60].casefold()
    best, length = None, 2
    for entry in codes.values():
        label = entry.label.casefold()
        alike = 0
        for a, b in zip(words, label, strict=False):
            if a != b:
                break
            alike += 1
        if alike > length and not entry.retired:
            best, length = entry, alike
    return best
