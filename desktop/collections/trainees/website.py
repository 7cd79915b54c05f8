"""What the words of Register's website mean: those of the file that every provider can download, and of its lists.

The file has words where the API has codes. Its columns and words are data of the pack (`register_export.json`). Source:
domain pack 9.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from desktop.collections.reading import text
from desktop.collections.trainees.tables import PACK

_DISABILITIES = tuple(f"disability{n}" for n in range(1, 10))
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_WORD = re.compile(r"[\W_]+")
_CAPITAL = re.compile(r"(?<![^\W_])[^\W\d_]")
TIERS: Mapping[int, str] = {5_000: "Tier 1", 4_000: "Tier 2", 2_000: "Tier 3"}
"""Pounds of an early years bursary -> what the file calls it."""

DEGREE_PARTS = (
    ("institution", "institution"),
    ("country", "country"),
    ("subject", "degree_subject"),
    ("uk_degree", "degree_type"),
    ("non_uk_degree", "degree_type"),
    ("grade", "degree_grade"),
    ("other_grade", ""),
    ("graduation_year", ""),
)
"""Field of a degree -> its code list, in the order of the file; before them stands whether it is from the UK."""

DEGREE_1 = (
    "degree_1_awarding_institution",
    "degree_1_country",
    "degree_1_subject",
    "degree_1_type_uk",
    "degree_1_type_non_uk",
    "degree_1_grade",
    "degree_1_other_grade",
    "degree_1_graduation_year",
)
"""Columns of the first degree, in the same order."""


@lru_cache(maxsize=1)
def columns() -> tuple[str, ...]:
    """The heads of the file, in its order."""
    return tuple(table()["columns"])


def table() -> Mapping[str, Any]:
    """The pack's own: columns, words, groups, sources."""
    found: Mapping[str, Any] = PACK.table("register_export")
    return found


# --- words


def words_of(list_name: str, code: object) -> str:
    """What the website writes for a code, or for a stored name that has none; anything else stands as it is."""
    entry = PACK.codes(list_name).get(text(code))
    if entry is None:
        return PACK.uncoded(list_name).get(text(code), text(code))
    said = table()["words"].get(list_name, {})
    return str(said.get(entry.code) or said.get(entry.canonical) or entry.name or entry.label)


def codes_of(list_name: str, words: str) -> tuple[str, ...]:
    """The codes that these words may mean, of several that are one to Register that which it gives back; () = none."""
    return _index(list_name).get(_plain(words), ())


@lru_cache(maxsize=32)
def _index(list_name: str) -> dict[str, tuple[str, ...]]:
    """The website's own words come first; only where they do not say it, our labels and other names are looked at."""
    own: dict[str, dict[str, None]] = {}
    others: dict[str, dict[str, None]] = {}
    for code, entry in PACK.codes(list_name).items():
        meant = entry.canonical or code
        own.setdefault(_plain(words_of(list_name, code)), {})[meant] = None
        for name in (entry.name, entry.label):
            others.setdefault(_plain(name), {})[meant] = None
    for name, code in PACK.table("other_names").get(list_name, {}).items():
        others.setdefault(_plain(name), {})[PACK.canonical(list_name, code)] = None
    return {words: tuple(found) for words, found in (others | own).items() if words}


@lru_cache(maxsize=1 << 14)
def _plain(words: str) -> str:
    """Words as they are compared: letters and digits alone, since the website writes titles in capitals of its own."""
    return _NOT_WORD.sub(" ", words).strip().casefold()


def means_nothing(list_name: str, words: str) -> bool:
    """Whether these words say that there is none."""
    return any(_plain(words) == _plain(known) for known in table()["blank"].get(list_name, ()))


def ethnic_group(code: object) -> str:
    """The words of the group of an ethnic background."""
    number = text(code)
    found = "not_provided_ethnic_group"
    if number.isdigit():
        bounds = ((120, "asian"), (140, "black"), (160, "mixed"), (180, "white"), (900, "other"))
        found = next((f"{group}_ethnic_group" for below, group in bounds if int(number) < below), found)
    return str(table()["ethnic_groups"][found])


def disclosure(key: str) -> str:
    """`disabled`, `no_disability` or `disability_not_provided` in the website's words."""
    return str(table()["disclosures"][key])


def source_of(words: str) -> str:
    """The portal's key of a record source; "" where its words are those of several, or of none."""
    known: Mapping[str, str] = table()["sources"]
    found = [key for key, said in known.items() if _plain(said) == _plain(words)]
    return found[0] if len(found) == 1 else ""
