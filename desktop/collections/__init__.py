"""One package per collection; each exports `COLLECTION`. `all_collections` is the one list of them."""

from __future__ import annotations

from importlib import import_module

from desktop.model.collection import Collection

_NAMES = ("trainees",)


def all_collections() -> dict[str, Collection]:
    """Every collection by name, in the order of the rail."""
    loaded = (import_module(f"desktop.collections.{name}").COLLECTION for name in _NAMES)
    return {collection.name: collection for collection in loaded}
