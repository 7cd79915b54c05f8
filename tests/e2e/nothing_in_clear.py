"""After the last story: every file that was written is looked into, and nobody of the practice portal is found in clear.

What a person asked for by name (a list, a document, a transcript) may be readable; the folder of a workspace, the home of the
user, and everything else that was left may not. Practice people are known by their e-mail addresses, which stand nowhere else.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

DOMAIN = re.compile(rb"@(?:mail\.)?example|@\0(?:m\0a\0i\0l\0\.\0)?e\0x\0a\0m\0p\0l\0e\0")
BEFORE = re.compile(rb"[a-z'-]+\.[a-z'-]+\d+\Z")
LONGEST_NAME = 160
"""Bytes before the @ that are looked at, as text or as Qt holds it in memory."""

ASKED_FOR = frozenset(
    (".csv", ".xlsx", ".pdf", ".ods", ".json", ".txt", ".html", ".png", ".md", ".log", ".zip")
)
LONGEST = 64 << 20


def in_clear(folder: Path) -> list[str]:
    """Files below a folder that name somebody and that nobody asked for."""
    workspaces = {path.parent for path in folder.rglob("holdfast.key")}
    found = []
    for path in folder.rglob("*"):
        inside = any(one == path.parent or one in path.parents for one in workspaces)
        if not path.is_file() or path.is_symlink() or (path.suffix in ASKED_FOR and not inside):
            continue
        if path.stat().st_size > LONGEST:
            continue
        if hit := somebody(path.read_bytes()):
            found.append(f"{path}: {hit!r}")
    return found


def somebody(content: bytes) -> bytes:
    """The first address of a practice person, as text or in two bytes a character; b"" = none."""
    for match in DOMAIN.finditer(content):
        before = content[max(0, match.start() - LONGEST_NAME) : match.start()].replace(b"\0", b"")
        if name := BEFORE.search(before):
            return name[0] + match[0].replace(b"\0", b"")
    return b""


@pytest.fixture(scope="module", autouse=True)
def nothing_in_clear(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """After each file of stories: what they left, not what other tests beside them did."""
    base, home = tmp_path_factory.getbasetemp(), Path.home()
    assert home.name.startswith("holdfast-tests-"), "the tests have a home of their own"
    before = {*base.iterdir(), *home.iterdir()}
    yield
    for left in sorted({*base.iterdir(), *home.iterdir()} - before):
        assert in_clear(left) == []
    kept = [path for path in Path(tempfile.gettempdir()).glob("openpyxl.*") if path.is_file()]
    assert [path for path in kept if somebody(path.read_bytes())] == []
