"""What a verb gives back: an exit code, one JSON object, and the same in plain English for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """Exit codes (contract.md section 2). INTERRUPTED is the shell's own for Ctrl-C outside a sync."""

    DONE = 0
    NEEDS_YOU = 1
    USAGE = 2
    UNAVAILABLE = 3
    STORE = 4
    SIGN_IN = 5
    INTERRUPTED = 130


@dataclass(frozen=True)
class Answer:
    """The outcome of a verb.

    data  the JSON object that `--json` prints
    text  makes the lines for people; called only without `--json`, after the workspace is closed
    """

    data: dict[str, Any]
    text: Callable[[], Iterable[str]]
    code: int = Exit.DONE


def failed(message: str, code: int, **more: Any) -> Answer:
    """An error in one plain message. People read it on stderr, programs as `{"error": TEXT}` (see `output`)."""
    return Answer({"error": message, **more}, lambda: (message,), code)
