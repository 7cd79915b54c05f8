"""Search over everything on this computer: by name, number, portal id or e-mail address, forgiving slips of the finger.

The index of names and references is asked first; that is the usual way and takes milliseconds. Only when it has nothing
are the words looked for that are near to what was typed (Damerau's distance over the distinct words of the index). Those
words are read once and kept until a record changes.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from desktop.model.collection import Collection, Kind
from desktop.model.ids import RecordId
from desktop.model.standing import Sync
from desktop.services.core import Core
from desktop.services.records import Records
from desktop.store.records import StoredRecord
from desktop.store.store import Touched, Unit

LIMIT = 20
NEAR_WORDS = 12
"""So many near words are tried for each typed one."""
_RANKED = 30
_PORTAL_ID_FROM = 4
_WORD = re.compile(r"[\w@-]+")
_TYPED = re.compile(r"[\w@-][\w@'-]*")
_JOINING = re.compile("['-]")
_APOSTROPHES = str.maketrans("\u2018\u2019\u02bc\u0060\u00b4\u2010\u2011\u2013", "'''''---")


@dataclass(frozen=True)
class Hit:
    """One record that was found. `why` says by what, in words; `near` = nothing fits exactly, this is like it."""

    record_id: RecordId
    collection: str
    label: str
    sync: Sync
    caption: str
    why: str
    near: bool


class Search:
    """Finds records of all collections. Any thread."""

    def __init__(self, core: Core, records: Records) -> None:
        self._core, self._records = core, records
        self._turn = threading.Lock()
        self._words: Words | None = None
        self._emails: dict[str, dict[int, str]] = {}
        self._moved: dict[str, set[str]] = {}
        self._moves = 0
        core.store.listen(self._on_touched)

    def find(self, text: str, limit: int = LIMIT) -> list[Hit]:
        """At most `limit` hits of each collection: those that fit; only if there are none, those that are near."""
        typed = _TYPED.findall(fold(text))
        if not typed:
            return []
        exact = [hit for name in self._core.collections for hit in self._exactly(name, text, typed, limit)]
        return exact or [hit for name in self._core.collections for hit in self._nearly(name, typed, limit)]

    def warm(self) -> None:
        """Read what near words need, so that the first slip of the finger costs no wait."""
        self._vocabulary()

    def takes_long(self, text: str) -> bool:
        """Whether every record must be read first for this: the first e-mail address since the program was opened."""
        with self._turn:
            return "@" in text and not self._emails

    # -- what fits ----------------------------------------------------------------------------------

    def _exactly(self, name: str, text: str, typed: Sequence[str], limit: int) -> list[Hit]:
        groups = [Group(word, _spellings(word)) for word in typed]
        with self._core.store.read() as unit:
            keys = unit.lists.worded(name, [g.found_by for g in groups], limit)
            whole = text.strip()
            if len(typed) == 1 and len(whole) >= _PORTAL_ID_FROM:
                keys += unit.lists.portal_ids_from(name, whole, limit)
        if "@" in text:
            keys += self._by_email(name, fold(text.strip()), limit)
        elif not keys:
            keys = self._by_joined_words(name, groups, limit)
        return self._hits(name, list(dict.fromkeys(keys))[:limit], groups, near=False)

    def _by_email(self, name: str, text: str, limit: int) -> list[int]:
        found = (key for key, address in self._addresses(name).items() if text in address)
        return [key for key, _ in zip(found, range(limit), strict=False)]

    def _by_joined_words(self, name: str, groups: list[Group], limit: int) -> list[int]:
        """Names with an apostrophe, a blank or a hyphen that was left out: obrien, mcdonald, smith jones."""
        known = self._vocabulary()
        for group in groups:
            group.found_by = [*group.found_by, *known.joined(group.typed)]
        with self._core.store.read() as unit:
            return unit.lists.worded(name, [g.found_by for g in groups], limit)

    # -- what is near -------------------------------------------------------------------------------

    def _nearly(self, name: str, typed: Sequence[str], limit: int) -> list[Hit]:
        known = self._vocabulary()
        groups = [Group(w, [*_spellings(w), *known.joined(w)], known.near(w)) for w in typed]
        with self._core.store.read() as unit:
            keys, groups = self._near_keys(unit, name, groups)
        hits = self._hits(name, keys, groups, near=True)
        return hits[:limit]

    def _near_keys(self, unit: Unit, name: str, groups: list[Group]) -> tuple[list[int], list[Group]]:
        """With all words; else with all but one of three or more (a middle name that the list does not have)."""
        keys = unit.lists.worded(name, [g.all for g in groups], _RANKED)
        if keys or len(groups) < 3:
            return keys, groups
        for without in range(len(groups)):
            rest = groups[:without] + groups[without + 1 :]
            keys = unit.lists.worded(name, [g.all for g in rest], _RANKED)
            if keys:
                return keys, rest
        return [], groups

    # -- telling ------------------------------------------------------------------------------------

    def _hits(self, name: str, keys: Sequence[int], groups: Sequence[Group], *, near: bool) -> list[Hit]:
        """In the order of the keys; near ones with the fewest slips first."""
        if not keys:
            return []
        collection = self._core.collections[name]
        with self._core.store.read() as unit:
            contents = {r.id: r for r in unit.records.contents(keys)}
        found: list[tuple[int, Hit]] = []
        for row in self._records.rows(keys):
            record = contents.get(row.id)
            if record is not None:
                why, slips = _reason(collection, record, groups)
                found.append((slips, Hit(row.id, name, row.label, row.sync, row.caption, why, near)))
        if near:
            found.sort(key=lambda pair: pair[0])
        return [hit for _, hit in found]

    # -- what is kept -------------------------------------------------------------------------------

    def _on_touched(self, touched: Touched) -> None:
        if not touched.records:
            return
        with self._turn:
            self._moves += 1
            self._words = None
            if "*" in touched.records:
                self._emails = {}
            else:
                for name in self._emails:
                    self._moved.setdefault(name, set()).update(touched.records)

    def _vocabulary(self) -> Words:
        with self._turn:
            found, moves = self._words, self._moves
        if found is None:
            with self._core.store.read() as unit:
                found = Words(unit.lists.distinct_words())
            with self._turn:
                if moves == self._moves:
                    self._words = found
        return found

    def _addresses(self, name: str) -> dict[int, str]:
        """Key -> e-mail address, folded. Read once; then only what moved is read again."""
        with self._turn:
            found, moves = self._emails.get(name), self._moves
            moved = self._moved.pop(name, set())
        fields = [f.name for f in self._core.collections[name].fields if f.kind is Kind.EMAIL]
        with self._core.store.read() as unit:
            if found is None:
                found = {k: fold(a) for f in fields for k, a in unit.lists.answers(name, f)}
            for record_id in moved:
                record = unit.records.get(record_id)
                if record is not None and record.collection == name:
                    told = (record.document.get(f) for f in fields)
                    found[record.key] = " ".join(fold(str(a)) for a in told if a)
        with self._turn:
            if moves == self._moves:
                self._emails[name] = found
        return found


@dataclass
class Group:
    """One typed word, the beginnings of words by which it is found, and near words with how many slips away they are."""

    typed: str
    found_by: list[str]
    near: Mapping[str, int] = field(default_factory=dict)

    @property
    def all(self) -> list[str]:
        return [*self.found_by, *self.near]

    def slips(self, words: Iterable[str]) -> int | None:
        """How far the nearest of these words is from what was typed; None = it is not among them."""
        own = list(words)
        if any(_begins(own, wanted) for wanted in self.found_by):
            return 0
        return min((n for w, n in self.near.items() if any(o.startswith(w) for o in own)), default=None)


def _begins(words: Sequence[str], wanted: str) -> bool:
    parts = wanted.split(" ")
    return all(any(w.startswith(part) for w in words) for part in parts)


class Words:
    """The distinct words of the index, made ready for finding near ones."""

    def __init__(self, words: Sequence[str]) -> None:
        numbers: list[str] = []
        names: list[str] = []
        for word in words:
            (numbers if any(ch.isdigit() for ch in word) else names).append(word)
        self._names = names
        self._numbers: dict[int, list[str]] = {}
        for word in numbers:
            self._numbers.setdefault(len(word), []).append(word)
        self._joined = [(w.replace("-", ""), w) for w in names if "-" in w]
        self._begins: dict[int, list[str]] = {}

    def joined(self, typed: str) -> list[str]:
        """What is meant by a word that lacks an apostrophe, blank or hyphen, or is a part of one with a hyphen."""
        plain = _JOINING.sub("", typed)
        if len(plain) < 2:
            return []
        parted = [f"{plain[:n]} {plain[n:]}" for n in (1, 2) if len(plain) > n + 2]
        hyphened = [
            word
            for bare, word in self._joined
            if bare.startswith(plain) or any(part.startswith(plain) for part in word.split("-"))
        ]
        return [*parted, *hyphened[:NEAR_WORDS]]

    def near(self, typed: str) -> dict[str, int]:
        """Near words and beginnings of words -> slips; {} for what is too short to be taken for something else."""
        if any(ch.isdigit() for ch in typed):
            if len(typed) < 6:
                return {}
            lengths = (len(typed), len(typed) - 1, len(typed) + 1)
            return self._nearest(typed, [w for n in lengths for w in self._numbers.get(n, ())], 1)
        allowed = 2 if len(typed) >= 6 else 1 if len(typed) >= 3 else 0
        found = self._nearest(typed, self._beginnings(len(typed)), allowed)
        for word, slips in self._nearest(typed, self._names, allowed).items():
            found.setdefault(word, slips)
        return found

    @staticmethod
    def _nearest(typed: str, words: Sequence[str], allowed: int) -> dict[str, int]:
        if not allowed:
            return {}
        from rapidfuzz import process  # only who slips waits for it
        from rapidfuzz.distance import OSA

        ranked = process.extract(
            typed, words, scorer=OSA.distance, processor=None, score_cutoff=allowed, limit=NEAR_WORDS
        )
        return {word: int(slips) for word, slips, _ in ranked}

    def _beginnings(self, length: int) -> list[str]:
        if length not in self._begins:
            self._begins[length] = list(dict.fromkeys(w[:length] for w in self._names if len(w) > length))
        return self._begins[length]


def fold(text: str) -> str:
    """As the index has it: small letters without diacritics, plain apostrophes and hyphens."""
    parts = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    return "".join(ch for ch in parts if not unicodedata.combining(ch)).lower()


def words_of(text: str) -> list[str]:
    """The words of a text as the index parts them; an apostrophe parts them too."""
    return _WORD.findall(fold(text))


def _spellings(word: str) -> list[str]:
    """A typed word, also without its apostrophe or hyphen, and with a blank in its place."""
    parted = " ".join(_JOINING.sub(" ", word).split())
    kept = word.replace("'", " ").strip()
    return [s for s in dict.fromkeys((kept, _JOINING.sub("", word), parted)) if s]


def _reason(collection: Collection, record: StoredRecord, groups: Sequence[Group]) -> tuple[str, int]:
    """By what a record was found, and how many slips away: "Name", "TRN 4000123", "Name, like “ashcomb”"."""
    told: dict[str, None] = {}
    slips = 0
    unlike: list[str] = []
    answers = [(what, words_of(value), value) for what, value in _answers(collection, record)]
    if any("@" in group.typed for group in groups):
        answers.reverse()  # the address comes last; here it is what was meant
    for group in groups:
        best = min(
            ((n, place) for place, (_, own, _) in enumerate(answers) if (n := group.slips(own)) is not None),
            default=None,
        )
        if best is None:
            continue
        what, _, value = answers[best[1]]
        told[what if what == "Name" else f"{what} {value}"] = None
        slips += best[0]
        if best[0]:
            unlike.append(f"“{group.typed}”")
    near = f", like {' '.join(unlike)}" if unlike else ""
    return (", ".join(told) or "Name") + near, slips


def _answers(collection: Collection, record: StoredRecord) -> Iterator[tuple[str, str]]:
    """What a record can be found by, the name first."""
    yield "Name", record.label
    extras = record.base.extras if record.base else {}
    for name in collection.keys:
        value = record.document.get(name) or extras.get(name)
        known = collection.field(name)
        if value:
            yield known.label if known else name.upper(), str(value)
    if record.portal_id:
        yield f"{collection.portal_short} ID", record.portal_id
    for known in collection.fields:
        if known.kind is Kind.EMAIL and (value := record.document.get(known.name)):
            yield known.label, str(value)
