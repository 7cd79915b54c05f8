"""Which collections a workspace looks after: those chosen when it was made, and those it has records or a portal of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from desktop.collections import load, load_by_website, names, usual
from desktop.model.collection import Collection
from desktop.model.errors import UsageError
from desktop.model.person import Role
from desktop.services.core import Core
from desktop.services.people import demand
from desktop.services.views import Organisation
from desktop.store.lists import Question
from desktop.store.store import Store, Unit


@dataclass(frozen=True)
class LookedAfter:
    """A collection that a workspace can look after. `used` = it has records or a portal, so it cannot be left out."""

    collection: Collection
    chosen: bool
    used: bool


class Choosing:
    """Which collections a workspace looks after. What is chosen counts when it is opened the next time."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def all(self) -> list[LookedAfter]:
        """Every collection there is, as it was chosen last."""
        with self._core.store.read() as unit:
            chosen = _chosen(organisation_of(unit))
            used = {name for name in names() if _is_used(unit, name)}
        return [LookedAfter(load(name), name in chosen or name in used, name in used) for name in names()]

    def choose(self, wanted: Iterable[str]) -> None:
        """Look after these from the next time on, and after those in use. Raises UsageError for none."""
        chosen = set(wanted)
        with self._core.store.write() as unit:
            demand(unit, Role.ADMINISTER)
            before = organisation_of(unit)
            chosen |= {name for name in names() if _is_used(unit, name)}
            if not chosen:
                raise UsageError("Choose at least one.")
            kept = [name for name in _chosen(before) if name in chosen]
            now = (*kept, *(self._core.collection(name).name for name in sorted(chosen - {*kept})))
            unit.set_meta("organisation", json.dumps(replace(before, collections=now).__dict__))
            unit.journal.write("looked_after", None, {"collections": list(now)})


def _chosen(organisation: Organisation) -> tuple[str, ...]:
    return organisation.collections or usual(organisation.kind)


def organisation_of(unit: Unit) -> Organisation:
    """Who the workspace belongs to, as it was kept."""
    return Organisation.from_json(json.loads(unit.meta("organisation") or "{}"))


def collections_of(store: Store) -> dict[str, Collection]:
    """Every collection of the workspace by name, in the order in which people see them."""
    with store.read() as unit:
        organisation = organisation_of(unit)
        chosen = _chosen(organisation)
        more = [name for name in names() if name not in chosen and _is_used(unit, name)]
        typed = {name for name in names() if _is_typed(unit, organisation, name)}
    every = [name for name in (*chosen, *more) if name in names()]
    return {name: load_by_website(name) if name in typed else load(name) for name in every}


def _is_typed(unit: Unit, organisation: Organisation, name: str) -> bool:
    """Whether people type its records into the portal's website, as programs have no way in there."""
    return not organisation.has_api and not unit.portals.get(name).url


def _is_used(unit: Unit, name: str) -> bool:
    return bool(unit.portals.get(name).url or unit.lists.find(Question(name), 1))
