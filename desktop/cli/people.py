"""`people`: who works here, what each may do, and who sits here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desktop.cli import words
from desktop.cli.answer import Answer
from desktop.cli.output import table
from desktop.cli.session import Session
from desktop.model.errors import UsageError
from desktop.model.person import USUAL, Person, Role, roles_from


def people(session: Session) -> Answer:
    """The list, after what was asked for was done to it. Raises UsageError and its kinds."""
    args, known = session.args, session.workspace.people
    if args.add is not None:
        known.add(args.add, USUAL if args.roles is None else roles_from(args.roles))
    elif args.change is not None:
        if args.name is None and args.roles is None:
            raise UsageError("Say what is to change: --name NEW, --roles ROLES, or both.")
        roles = None if args.roles is None else roles_from(args.roles)
        known.change(known.named(args.change).id, name=args.name, roles=roles)
    elif args.leave is not None:
        known.remove(known.named(args.leave).id)
    elif args.back is not None:
        known.come_back(known.named(args.back).id)
    elif args.sits_here is not None:
        known.take_over(known.named(args.sits_here).id)
    return _list(session)


def _list(session: Session) -> Answer:
    everybody, here = session.workspace.people.all(), session.workspace.actor

    def lines() -> Iterator[str]:
        heads = ("Name", "May", "Since when not here", "")
        yield from table(heads, (_row(one, here) for one in everybody))

    return Answer({"sits_here": here, "people": [_person(one) for one in everybody]}, lines)


def _row(one: Person, here: str) -> tuple[str, ...]:
    left = words.when(one.left) if one.left else ""
    return one.name, ", ".join(_roles(one)) or "look", left, "sits here" if one.name == here else ""


def _person(one: Person) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "roles": _roles(one),
        "left": words.iso(one.left),
        "former": [*one.former],
    }


def _roles(one: Person) -> list[str]:
    return [role for role in Role if role in one.roles]
