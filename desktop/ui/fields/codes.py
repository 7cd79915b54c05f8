"""A code list as a picker shows it: entries in order, words that find them, codes that are no longer in use. No Qt."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from desktop.model.collection import CodeLists
from desktop.model.document import Value

_SHORT_AFTER = ": "
_LONGEST = 70
_SURE, _LONG_WORD = 4, 8
"""Letters from which one slip, and two slips, are forgiven in a word."""


@dataclass(frozen=True)
class Option:
    """One line of a picker."""

    code: str
    label: str
    retired: str = ""

    @property
    def said(self) -> str:
        return f"{self.label} ({self.note})" if self.retired else self.label

    @property
    def box(self) -> str:
        """The code as people know it, to stand beside its label; "" for a word that only programs use."""
        return (
            ""
            if self.code.isascii() and self.code == self.code.lower() and not self.code.isdigit()
            else self.code
        )

    @property
    def note(self) -> str:
        return f"not used since {self.retired}" if self.retired else ""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What searches look through, worked out once: a list of a thousand is searched at each key."""
        text = f"{self.name} {self.code.casefold()}"
        return tuple(text.replace("-", " ").replace("/", " ").replace("(", " ").split())

    @cached_property
    def name(self) -> str:
        return folded(self.label)


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
    """The option that a text names for certain: its code, its whole label, or the only one its words fit,

    slips forgiven when nothing fits without. None when it names several, also when two entries have the very same label.
    """
    wanted = folded(" ".join(text.split()))
    if not wanted:
        return None
    for option in options:
        if option.code.casefold() == wanted:
            return option
    named = [o for o in options if wanted in {o.name, folded(o.said)}]
    hits = named or fitting(options, wanted)
    if len(hits) > 1 and not named:
        hits = [option for option in hits if _is_nearly(wanted, option.name)]
    return hits[0] if len(hits) == 1 else None


def fitting(options: Sequence[Option], text: str) -> Sequence[Option]:
    """The options whose words a text begins; when there is none, those that it means with a slip of the keys."""
    found = [option for option in options if fits(option, text)]
    return found or [option for option in options if nearly_fits(option, text)]


def fits(option: Option, text: str) -> bool:
    """Whether every word of the text begins a word of the label, or the code."""
    words = option.words
    return all(any(word.startswith(part) for word in words) for part in folded(text).split())


def _slips(text: str) -> int:
    return 0 if len(text) < _SURE or text.isdigit() else 1 if len(text) < _LONG_WORD else 2


def _is_nearly(text: str, name: str) -> bool:
    """Whether a text is a whole label but for a slip; a mere beginning of one is not."""
    from rapidfuzz.distance import OSA

    slips = _slips(text)
    return bool(slips) and OSA.distance(text, name, score_cutoff=slips) <= slips


def nearly_fits(option: Option, text: str) -> bool:
    """As `fits`, with a letter left out, doubled, wrong or swapped in words of four letters and more; two from eight on."""
    from rapidfuzz.distance import OSA  # only who slips waits for it

    def near(part: str, word: str) -> bool:
        slips, length = _slips(part), len(part)
        if not slips:
            return word.startswith(part)
        if len(word) < length - slips or (part[0] not in word[:2] and word[0] not in part[:2]):
            return False
        heads = (word[:length], word[: length + 1], word[: length - 1])
        return any(OSA.distance(part, head, score_cutoff=slips) <= slips for head in heads)

    return all(any(near(part, word) for word in option.words) for part in folded(text).split())
