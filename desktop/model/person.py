"""People who work here: their names, what each may do, and the words that say so. Plain data; `services/people.py` keeps it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desktop.model.errors import UnknownName, UsageError

LONGEST_NAME = 60
_JOINERS = "\u200c\u200d"
"""Invisible, and part of how some names are written."""


class Role(StrEnum):
    """What somebody may do beside looking: enter records; send them, and say that they were sent; look after the workspace."""

    ENTER = "enter"
    SEND = "send"
    ADMINISTER = "administer"


ALL_ROLES = frozenset(Role)
USUAL = frozenset({Role.ENTER, Role.SEND})
"""What a new colleague may do unless somebody says otherwise."""


@dataclass(frozen=True)
class Person:
    """One of them. `id` "" = the only one, whom nobody named; `left` = when they stopped working here.

    former  names that stand for this person in older rows of the journal
    """

    id: str
    name: str
    roles: frozenset[Role]
    left: datetime | None = None
    former: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All names under which the journal knows this person."""
        return (self.name, *self.former)


@dataclass(frozen=True)
class Sitting:
    """Who sits here, among those who work here."""

    person: Person
    working: tuple[Person, ...]

    @property
    def several(self) -> bool:
        """Whether there is anybody to hand over to: with one person there is nothing to see."""
        return len(self.working) > 1

    def why_not(self, role: Role) -> str:
        """Why the person who sits here may not do this, and whom to ask; "" when they may."""
        if role in self.person.roles:
            return ""
        return f"{self.person.name} {_can_and_not(self.person.roles, role)} {self._ask(role)}"

    def _ask(self, role: Role) -> str:
        able = [one.name for one in self.working if role in one.roles]
        if able:
            return f"Ask {_or(able)}, who can."
        keepers = [one.name for one in self.working if Role.ADMINISTER in one.roles]
        return f"Nobody here can yet. {_or(keepers)} can change that in Settings, People."


# -- names ----------------------------------------------------------------------------------------------


def clean_name(name: str) -> str:
    """A name as it is kept. Raises UsageError for what cannot be read, or could pass for another's."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name_key(name):
        raise UsageError("Enter a name.")
    if len(name) > LONGEST_NAME:
        raise UsageError(f"Keep the name to {LONGEST_NAME} characters.")
    if any(unicodedata.category(ch) in ("Cc", "Cf", "Cs", "Co", "Cn") and ch not in _JOINERS for ch in name):
        raise UsageError("The name holds a character that cannot be seen. Type it again without it.")
    return name


def name_key(name: str) -> str:
    """Two names with the same key would be taken for one."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join("".join(ch for ch in folded if ch not in _JOINERS).split())


# -- words ----------------------------------------------------------------------------------------------

_DOES = {
    Role.ENTER: "enter {records}",
    Role.SEND: "send {records}",
    Role.ADMINISTER: "look after settings and people",
}


def _can_and_not(roles: Collection[Role], role: Role) -> str:
    """What comes after the name: can enter records, not send them."""
    told: list[str] = []
    for one in (*(r for r in Role if r in roles), role):
        named = any("records" in words for words in told)
        told.append(_DOES[one].format(records="them" if named else "records"))
    *can, not_ = told
    return f"can {' and '.join(can)}, not {not_}." if can else f"can look, not {not_}."


def _or(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def listed(roles: Collection[Role]) -> str:
    """Roles in a line."""
    return ", ".join(role for role in Role if role in roles) or "look"


def told_change(before: Person, after: Person) -> str:
    """What was changed of a person, as the journal tells it."""
    named = f"{before.name} is called {after.name} now" if before.name != after.name else ""
    may = f"{after.name} may now: {listed(after.roles)}" if before.roles != after.roles else ""
    return ". ".join(part for part in (named, may) if part)


def roles_from(text: str) -> frozenset[Role]:
    """Roles as they are typed: "enter,send"; "" = only looking. Raises UnknownName with those there are."""
    found = [word.strip().casefold() for word in text.split(",") if word.strip()]
    if strange := [word for word in found if word not in {*Role}]:
        raise UnknownName(f'There is no role "{strange[0][:40]}". There are: {", ".join(Role)}.')
    return frozenset(Role(word) for word in found)
