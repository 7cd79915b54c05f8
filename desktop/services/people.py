"""Who works here: people with names, what each may do, and who sits at this computer now.

A workspace that never named anybody has one person: whoever the computer says is signed in. That one may do everything, and
nothing of all this is to be seen. The journal names the person who sits here in each of its rows, so nobody is ever removed:
who left stays on the list, marked, and a name that was in use is not given to somebody else.

Roles keep colleagues from doing by mistake what is another's work. They are no wall: whoever can open the workspace has its key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from desktop.model.errors import UnknownName, UsageError
from desktop.model.ids import new_id
from desktop.model.person import (
    ALL_ROLES,
    LONGEST_NAME,
    Person,
    Role,
    Sitting,
    clean_name,
    listed,
    name_key,
    told_change,
)
from desktop.services.core import Core
from desktop.store.kept import KeptThing
from desktop.store.store import Unit

KIND = "person"
"""Kind of the things kept of people, by id."""
_HERE = "sits_here"


class NotAllowed(UsageError):
    """Who sits here may not do this; the words say who may."""


def sitting(unit: Unit) -> Sitting:
    """Who sits here now, inside a unit of work."""
    known = _all(unit)
    if not known:
        alone = Person("", unit.actor, ALL_ROLES)
        return Sitting(alone, (alone,))
    working = tuple(one for one in known if one.left is None)
    me = next((one for one in working if one.name == unit.actor), Person("", unit.actor, frozenset()))
    return Sitting(me, working)


def demand(unit: Unit, role: Role) -> None:
    """The door of what not everybody may do. Raises NotAllowed, with whom to ask."""
    if why := sitting(unit).why_not(role):
        raise NotAllowed(why)


def who_sat_here(unit: Unit) -> str:
    """Name of the person who sat here last; "" where nobody was named."""
    kept = unit.kept.get(KIND, unit.meta(_HERE) or "")
    return str(kept.body["name"]) if kept is not None else ""


class People:
    """The list, and who sits here. Reads may come from any thread; writes take their turn."""

    def __init__(self, core: Core) -> None:
        self._core = core

    # -- looking ------------------------------------------------------------------------------------

    def all(self) -> list[Person]:
        """Everybody by name; who left is among them."""
        with self._core.store.read() as unit:
            return _all(unit) or [sitting(unit).person]

    def sitting(self) -> Sitting:
        with self._core.store.read() as unit:
            return sitting(unit)

    @property
    def current(self) -> Person:
        """Who sits here now."""
        return self.sitting().person

    def may(self, role: Role) -> bool:
        return role in self.current.roles

    def demand(self, role: Role) -> None:
        """For a service without a unit of work at hand. Raises NotAllowed, with whom to ask."""
        with self._core.store.read() as unit:
            demand(unit, role)

    def named(self, name: str) -> Person:
        """Somebody by name, whatever its capitals. Raises UnknownName with the names there are."""
        wanted = name_key(name)
        everybody = self.all()
        found = next((one for one in everybody if name_key(one.name) == wanted), None)
        if found is None:
            there = ", ".join(one.name for one in everybody if one.left is None)
            raise UnknownName(f'Nobody here is called "{name[:LONGEST_NAME]}". There are: {there}.')
        return found

    # -- who sits here ------------------------------------------------------------------------------

    def take_over(self, person_id: str) -> Person:
        """This person sits here from now on, and when Holdfast is opened next. Raises UnknownName, UsageError."""
        with self._core.store.write() as unit:
            person = _working(_get(unit, person_id))
            before = unit.actor
            unit.set_meta(_HERE, person.id)
            if person.name != before:
                unit.journal.write("person_here", None, {"what": person.name, "from": before}, person.name)
                unit.touched.queue = unit.touched.portals = True
                self._core.store.actor = person.name
        return person

    def act_as(self, name: str) -> Person:
        """This person does what this run of the program does; who sits here stays. Raises UnknownName, UsageError."""
        person = _working(self.named(name))
        self._core.store.actor = person.name
        return person

    # -- the list -----------------------------------------------------------------------------------

    def add(self, name: str, roles: Iterable[Role]) -> Person:
        """Somebody new. Whoever sat here unnamed gets a place on the list, too. Raises NotAllowed, UsageError."""
        with self._core.store.write() as unit:
            demand(unit, Role.ADMINISTER)
            self._name_the_first(unit)
            person = Person(new_id(), clean_name(name), frozenset(roles))
            _refuse_twice(unit, person)
            _put(unit, person)
            _note(unit, "person_added", person, f"{person.name} ({listed(person.roles)})")
        return person

    def change(
        self, person_id: str, *, name: str | None = None, roles: Iterable[Role] | None = None
    ) -> Person:
        """Another name, other roles; `person_id` "" names the one whom nobody had named. Raises as `add`, UnknownName."""
        with self._core.store.write() as unit:
            demand(unit, Role.ADMINISTER)
            if not person_id:
                self._name_the_first(unit)
                person_id = sitting(unit).person.id
            before = _get(unit, person_id)
            after = replace(before, roles=before.roles if roles is None else frozenset(roles))
            if name is not None and (cleaned := clean_name(name)) != before.name:
                former = tuple(one for one in before.names if one != cleaned)
                after = replace(after, name=cleaned, former=former)
            if after == before:
                return before
            _refuse_twice(unit, after)
            _put(unit, after)
            _insist_on_keeper(unit, before)
            _note(unit, "person_changed", after, told_change(before, after))
            renamed = before.name == unit.actor
        if renamed:
            self._core.store.actor = after.name
        return after

    def remove(self, person_id: str) -> Person:
        """They do not work here any more: never offered again, and still named in the journal. Raises as `change`."""
        with self._core.store.write() as unit:
            demand(unit, Role.ADMINISTER)
            person = _working(_get(unit, person_id))
            if person.name == unit.actor:
                raise UsageError(f"{person.name} sits here now. Let somebody else take over first.")
            gone = replace(person, left=unit.now)
            _put(unit, gone)
            _insist_on_keeper(unit, person)
            _note(unit, "person_left", gone, gone.name)
            if unit.meta(_HERE) == gone.id:
                unit.set_meta(_HERE, sitting(unit).person.id)
        return gone

    def come_back(self, person_id: str) -> Person:
        """Who left works here again, with the roles of then. Raises NotAllowed, UnknownName."""
        with self._core.store.write() as unit:
            demand(unit, Role.ADMINISTER)
            person = replace(_get(unit, person_id), left=None)
            _put(unit, person)
            _note(unit, "person_back", person, person.name)
        return person

    @staticmethod
    def _name_the_first(unit: Unit) -> None:
        """Whoever sits here unnamed becomes the first on the list, by the name that the journal has."""
        if not _all(unit):
            first = Person(new_id(), unit.actor, ALL_ROLES)
            _put(unit, first)
            unit.set_meta(_HERE, first.id)


# -- kept things ----------------------------------------------------------------------------------------


def _all(unit: Unit) -> list[Person]:
    return sorted((_person(kept) for kept in unit.kept.all(KIND)), key=lambda one: name_key(one.name))


def _person(kept: KeptThing) -> Person:
    body = kept.body
    roles = frozenset(Role(role) for role in body["roles"])
    left = datetime.fromisoformat(body["left"]) if body.get("left") else None
    return Person(kept.name, str(body["name"]), roles, left, tuple(body.get("former", ())))


def _put(unit: Unit, person: Person) -> None:
    body: dict[str, Any] = {"name": person.name, "roles": sorted(person.roles), "former": [*person.former]}
    unit.kept.put(KIND, person.id, body | ({"left": person.left.isoformat()} if person.left else {}))
    unit.touched.portals = True


def _get(unit: Unit, person_id: str) -> Person:
    kept = unit.kept.get(KIND, person_id)
    if kept is None:
        raise UnknownName("That person is not on the list of this workspace.")
    return _person(kept)


def _working(person: Person) -> Person:
    if person.left is not None:
        raise UsageError(f"{person.name} does not work here any more. Bring them back in Settings, People.")
    return person


def _refuse_twice(unit: Unit, person: Person) -> None:
    """A name stands for one person in the whole journal."""
    keys = {name_key(name) for name in person.names}
    for other in _all(unit):
        taken = next((name for name in other.names if name_key(name) in keys), None)
        if taken is None or other.id == person.id:
            continue
        if other.left is not None:
            raise UsageError(
                f"{taken} worked here before, and the journal still names them. Choose another name."
            )
        raise UsageError(f"There is a {taken} here already. Choose a name that tells the two apart.")


def _insist_on_keeper(unit: Unit, before: Person) -> None:
    if not any(one.left is None and Role.ADMINISTER in one.roles for one in _all(unit)):
        raise UsageError(
            f"{before.name} is the only one who looks after settings and people. Give that to somebody else first."
        )


def _note(unit: Unit, event: str, person: Person, what: str) -> None:
    unit.journal.write(event, None, {"what": what, "person": person.id, "roles": sorted(person.roles)})
