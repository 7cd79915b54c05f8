"""One package per collection; each exports `COLLECTION`. The table below is the one list of them.

A collection is imported when it is first asked for: the command line must answer at once.
"""

from __future__ import annotations

from importlib import import_module

from desktop.model.collection import Collection

_USUAL = {
    "trainees": ("hei", "scitt", "school", "training-provider"),
    "ects": ("school",),
}
"""Collection -> kinds of organisation that look after it unless they choose otherwise."""


def names() -> tuple[str, ...]:
    """The names of all collections."""
    return tuple(_USUAL)


def load(name: str) -> Collection:
    """The collection of that name. Raises KeyError."""
    if name not in _USUAL:
        raise KeyError(name)
    found: Collection = import_module(f"desktop.collections.{name}").COLLECTION
    return found


def load_by_website(name: str) -> Collection:
    """The same where people type into the portal's website, which may ask for less than its API. Raises KeyError."""
    known = load(name)
    return known.by_website() if known.by_website else known


def usual(kind: str) -> tuple[str, ...]:
    """The collections of a kind of organisation; what is made for few kinds comes first."""
    return tuple(sorted((n for n in _USUAL if kind in _USUAL[n]), key=lambda name: len(_USUAL[name])))


def all_collections() -> dict[str, Collection]:
    """Every collection by name."""
    return {name: load(name) for name in _USUAL}
