"""The words of docs/guide: one file for each page of help, a list of them, and the keys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop.ui.help import library
from desktop.ui.help.keys import ScreenKeys, keys_page

MADE = "<!-- Made by `make screenshots` from resources/help. Change it there. -->\n\n"
INDEX = "README.md"


def files() -> dict[str, str]:
    """Name of the file -> its text, of everything but the keys."""
    found = {f"{page.name}.md": MADE + page.guide for page in library.pages()}
    return {INDEX: MADE + _index(), **found}


def write(folder: Path, screens: Sequence[ScreenKeys]) -> None:
    """Write all of it; `screens` tell their keys."""
    for name, words in {**files(), f"{library.KEYS}.md": MADE + keys_page(screens)}.items():
        (folder / name).write_text(words, encoding="utf-8")


def _index() -> str:
    lines = [f"- [{page.title}]({page.name}.md)" for page in library.pages()]
    return "\n".join(
        (
            "# The Holdfast guide",
            "",
            "One page for each job. The same pages are in the program: press F1.",
            "",
            *lines,
            f"- [All keys]({library.KEYS}.md)",
            "",
        )
    )
