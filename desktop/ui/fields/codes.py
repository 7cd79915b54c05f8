"""A code list as a picker shows it: entries in order, words that find them, codes that are no longer in use. No Qt."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.model.collection import CodeLists
from desktop.model.document import Value

_SHORT_AFTER = ": "
_LONGEST = 70


@dataclass(frozen=True)
class Option:
    """One line of a picker. `find` is what searches look through."""

    code: str
    label: str
    retired: str = ""

    @property
    def said(self) -> str:
        return f"{self.label} ({self.note})" if self.retired else self.label

    @property
    def note(self) -> str:
        return f"not used since {self.retired}" if self.retired else ""

    @property
    def find(self) -> str:
        return f"{folded(self.label)} {self.code.casefold()}"


def folded(text: str) -> str:
    """Text for searching: lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(ch for ch in plain if not unicodedata.combining(ch))


def shown_label(label: str) -> str:
    """The part of a very long label that tells it from the others: `...: Ages 5-11` says `Ages 5-11`."""
    head, mark, tail = label.rpartition(_SHORT_AFTER)
    return tail if mark and len(label) > _LONGEST and len(head) > len(tail) else label


def options_of(lists: CodeLists, list_name: str, held: Value = None) -> list[Option]:
    """The list in its order. A code that is no longer in use appears only while the record holds it."""
    return [
        Option(entry.code, shown_label(entry.label), entry.retired)
        for entry in lists.codes(list_name).values()
        if not entry.retired or entry.code == held
    ]


def match(options: Sequence[Option], text: str) -> Option | None:
    """The option that a text names for certain: its code, its whole label, or the only one its words fit.

    None when it names several, also when two entries have the very same label.
    """
    wanted = folded(" ".join(text.split()))
    if not wanted:
        return None
    for option in options:
        if option.code.casefold() == wanted:
            return option
    named = [o for o in options if wanted in {folded(o.label), folded(o.said)}]
    hits = named or [option for option in options if fits(option, wanted)]
    return hits[0] if len(hits) == 1 else None


def fits(option: Option, text: str) -> bool:
    """Whether every word of the text begins a word of the label, or the code."""
    words = option.find.replace("-", " ").replace("/", " ").replace("(", " ").split()
    return all(any(word.startswith(part) for word in words) for part in folded(text).split())
