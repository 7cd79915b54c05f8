"""The keys as a page of help, written from what the screens themselves say, so that it is always true."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop.ui.shell.keys import EVERYWHERE

Lines = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ScreenKeys:
    """One screen: its name for the program, its title, and the lines of its keys."""

    name: str
    title: str
    lines: Lines


def keys_page(screens: Iterable[ScreenKeys]) -> str:
    """Markdown: what works everywhere, then each screen that has keys of its own."""
    parts = [
        "# All keys",
        "",
        "On a Mac, Ctrl is the Command key.",
        "",
        "## Everywhere",
        "",
        table(EVERYWHERE),
    ]
    for screen in screens:
        if screen.lines:
            parts += ["", f"## {screen.title}", "", table(screen.lines)]
    return "\n".join(parts) + "\n"


def keys_here(screen: ScreenKeys) -> str:
    """The end of a help page: the keys of the screen on which it was asked for."""
    if not screen.lines:
        return ""
    return f"\n## Keys on {screen.title}\n\n{table(screen.lines)}\n\n[All keys](keys.md)\n"


def table(lines: Lines) -> str:
    """Two columns of Markdown."""
    rows = [f"| {_cell(keys)} | {_cell(what)} |" for keys, what in lines]
    return "\n".join(("| Keys | What they do |", "|---|---|", *rows))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
