"""The pages of help: Markdown files in resources/help, one per job, in one order. The guide in docs/ is made of the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from desktop import paths
from desktop.services.search import fold

ORDER = (
    "my-first-day",
    "a-year-without-an-api",
    "the-portal-is-down",
    "deadline-tomorrow",
    "two-of-us-changed-the-same-trainee",
    "several-people-at-one-computer",
    "share-with-colleagues",
    "the-record-was-refused",
    "what-does-unknown-mean",
    "find-anybody",
    "change-many-trainees-at-once",
    "paste-from-a-spreadsheet",
    "import-a-file",
    "hand-over-a-file",
    "type-it-on-the-website",
    "look-up-a-teacher",
    "read-register-without-an-api",
    "check-what-was-paid",
    "census-sign-off",
    "send-what-the-website-must-do",
    "proof-of-an-outage",
    "i-forgot-the-passphrase",
    "a-new-computer",
    "keep-and-delete",
)
KEYS = "keys"
"""Name of the page that no file holds: the screens write it."""

SCREENS: Mapping[str, str] = {
    "home": "my-first-day",
    "records": "change-many-trainees-at-once",
    "record": "the-record-was-refused",
    "needs": "two-of-us-changed-the-same-trainee",
    "waiting": "the-portal-is-down",
    "checks": "the-record-was-refused",
    "handover": "hand-over-a-file",
    "keying": "type-it-on-the-website",
    "payments": "check-what-was-paid",
    "sign_off": "census-sign-off",
    "activity": "proof-of-an-outage",
    "deadlines": "deadline-tomorrow",
    "search": "find-anybody",
    "settings": "keep-and-delete",
    "share": "share-with-colleagues",
}
"""Which page F1 opens on which screen."""

_PICTURE = re.compile(r"^<!-- picture: (?P<name>[a-z0-9-]+) \| (?P<told>.+?) -->\n*", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]+\]\((?P<target>[^)]+)\)")


@dataclass(frozen=True)
class HelpPage:
    """One page. `name` is its file's name without ending; `source` the Markdown with marks where the guide has pictures."""

    name: str
    title: str
    source: str

    @property
    def text(self) -> str:
        """The Markdown for the window, which has no pictures: the screen itself is beside it."""
        return _PICTURE.sub("", self.source)

    @property
    def guide(self) -> str:
        """The Markdown for the web, with its pictures."""
        return _PICTURE.sub(r"![\g<told>](images/\g<name>.png)\n\n", self.source)

    @property
    def pictures(self) -> Sequence[str]:
        """Names of the pictures that the guide shows on it."""
        return [found["name"] for found in _PICTURE.finditer(self.source)]

    @property
    def links(self) -> Sequence[str]:
        """Where its links lead."""
        return [found["target"] for found in _LINK.finditer(self.source)]


@cache
def pages() -> Sequence[HelpPage]:
    """All pages that are files, in their order."""
    folder = paths.resources() / "help"
    return tuple(_page(name, (folder / f"{name}.md").read_text(encoding="utf-8")) for name in ORDER)


def page(name: str) -> HelpPage | None:
    """The page of that name; None when there is none."""
    return next((found for found in pages() if found.name == name), None)


def matching(words: str) -> list[HelpPage]:
    """Pages that have all the words, those with one in their title first."""
    wanted = fold(words).split()
    found = [one for one in pages() if all(word in fold(one.text) for word in wanted)]
    return sorted(found, key=lambda one: not any(word in fold(one.title) for word in wanted))


def _page(name: str, source: str) -> HelpPage:
    first, _, _ = source.partition("\n")
    return HelpPage(name, first.removeprefix("# ").strip(), source)
