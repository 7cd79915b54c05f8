"""Printing: one JSON object or readable lines on stdout, errors and progress on stderr.

Whatever a record holds, a terminal gets printable characters only, and a pipe that closed early is no error.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from desktop.cli.answer import Answer

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_AT_MOST_EVERY_S = 0.2


def give(answer: Answer, *, as_json: bool) -> int:
    """Print an answer where it belongs; returns its exit code. An error goes to stderr unless JSON is asked for."""
    error = "error" in answer.data
    try:
        if as_json:
            _write(sys.stdout, [json.dumps(answer.data)])
        else:
            _write(sys.stderr if error else sys.stdout, map(printable, answer.text()))
    except BrokenPipeError:
        _let_go_of_stdout()
    return int(answer.code)


def printable(line: str) -> str:
    """The line without characters that would steer a terminal or cannot be written."""
    return _UNSEEN.sub("\ufffd", line)


def _write(stream: TextIO | None, lines: Iterable[str]) -> None:
    if stream is None:  # a program without a console
        return
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
    for line in lines:
        stream.write(line + "\n")
    stream.flush()


def _let_go_of_stdout() -> None:
    """Nobody reads any more: what is still buffered must not complain when the program ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """Aligned columns under their heads, without those that are empty; numbers stand at the right. No rows: no lines."""
    cells = [[_cell(value) for value in row] for row in rows]
    used = [n for n in range(len(heads)) if any(row[n] for row in cells)]
    cells, heads = [[row[n] for n in used] for row in cells], [heads[n] for n in used]
    if not cells:
        return []
    numbers = [all(_is_number(row[n]) for row in cells) for n in range(len(heads))]
    widths = [max(_width(head), *(_width(row[n]) for row in cells)) for n, head in enumerate(heads)]

    def line(row: Sequence[str]) -> str:
        return "  ".join(_pad(text, widths[n], right=numbers[n]) for n, text in enumerate(row)).rstrip()

    return [line(heads), line(["-" * width for width in widths]), *map(line, cells)]


def pairs(rows: Sequence[tuple[str, str]], indent: str = "  ") -> list[str]:
    """Names and values in two columns."""
    width = max((_width(name) for name, _ in rows), default=0)
    return [f"{indent}{_pad(name, width)}  {value}".rstrip() for name, value in rows]


def _cell(value: Any) -> str:
    text = " ".join(("" if value is None else f"{value:,}" if isinstance(value, int) else str(value)).split())
    return text if len(text) <= 60 else text[:59] + "…"


def _is_number(text: str) -> bool:
    return text.replace(",", "").isdigit() or not text


def _width(text: str) -> int:
    """Columns on a terminal: wide East Asian characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(ch) else 2 if unicodedata.east_asian_width(ch) in "WF" else 1
        for ch in text
    )


def _pad(text: str, width: int, *, right: bool = False) -> str:
    blanks = " " * (width - _width(text))
    return blanks + text if right else text + blanks


class Progress:
    """Where a long job stands, on one line of a terminal's stderr; silent when nobody watches."""

    def __init__(self) -> None:
        self._shown = sys.stderr is not None and sys.stderr.isatty()
        self._last = 0.0
        self._dirty = False

    def tell(self, words: str) -> None:
        now = time.monotonic()
        if self._shown and now - self._last > _AT_MOST_EVERY_S:
            self._last, self._dirty = now, True
            print(f"\r\x1b[K{printable(words)[:100]}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Wipe the line."""
        if self._dirty:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._dirty = False
