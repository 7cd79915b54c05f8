"""The control side of the practice website of Register ECTs: what is there, what others do, its faults and its ledger.

    GET  /ects                 everything held;  POST /ects/snapshot keeps it, POST /ects/rollback puts it back
    DELETE /ects               as it began: the schools and lists, and nobody registered
    POST /ects/schools         {urn, ...}: add a school, or change what is given of a known one; so, too, with its key:
         /ects/years {year}, /ects/bodies {id}, /ects/providers {id}, /ects/people {trn}
    PUT  /ects/closed          {"windows": [[first day, last day], ...]} in which nobody registers
    POST /ects/partnerships    {school, provider, partner, year}: a lead provider confirms; interests in it become that
    POST /ects/inductions      {trn, body, began}: an appropriate body opens an induction
    POST /ects/periods         {role, trn, school, email, began, ...}: put an ECT or a mentor there, with their training
    PATCH /ects/periods        {id, ...}: another user of the school edits;  `leaving_on` reports that they leave
    POST /ects/mentorships     {ect, mentor}: another user assigns a mentor
    PATCH /ects/training       {id, stands, why, until}: a lead provider pauses or withdraws
    PUT  /ects/faults          as /faults, for this website;  GET tells which one is on
    GET  /ects/requests        what its pages stored;  DELETE empties it

Names are those of `world`; days are ISO text. Wrong bodies raise UnknownFault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any, TypeVar

from desktop.practice.ects import deeds, invariants, windows
from desktop.practice.ects.furnish import furnish
from desktop.practice.ects.portal import EctPortal
from desktop.practice.ects.world import (
    ECT,
    MENTOR,
    PROVIDER_LED,
    Body,
    ContractPeriod,
    Held,
    Induction,
    NotSaved,
    Partnership,
    Period,
    Person,
    Provider,
    School,
    World,
)
from desktop.practice.faults import UnknownFault, parse_fault

Call = Callable[[Any], Any]
Routes = dict[tuple[str, str], Call]
T = TypeVar("T")
_DAYS = ("began", "until")
_EDITABLE = ("email", "working_pattern", "body", "until")
SOMEBODY = "Priya Shah"
"""Who does what the control side does in a school's name."""


def routes(portal: EctPortal) -> Routes:
    """(method, path) -> what carries it out."""
    world = portal.world
    return {
        ("GET", "ects"): lambda _: shown(world.held),
        ("DELETE", "ects"): lambda _: _told(lambda: world.begin(furnish(world.today()))),
        ("POST", "ects/snapshot"): lambda _: _told(world.snapshot),
        ("POST", "ects/rollback"): lambda _: _told(world.rollback),
        ("POST", "ects/schools"): lambda body: _put(world, body, School, "schools", "urn"),
        ("POST", "ects/years"): lambda body: _put(world, body, ContractPeriod, "years", "year"),
        ("POST", "ects/bodies"): lambda body: _put(world, body, Body, "bodies", "id"),
        ("POST", "ects/providers"): lambda body: _put(world, body, Provider, "providers", "id"),
        ("POST", "ects/people"): lambda body: _put(world, body, Person, "people", "trn"),
        ("PUT", "ects/closed"): lambda body: _close(world, body),
        ("POST", "ects/partnerships"): lambda body: _deed(world, body, _partnership),
        ("POST", "ects/inductions"): lambda body: _deed(world, body, _induction),
        ("POST", "ects/periods"): lambda body: _deed(world, body, _period),
        ("PATCH", "ects/periods"): lambda body: _deed(world, body, _edit),
        ("POST", "ects/mentorships"): lambda body: _deed(world, body, _mentorship),
        ("PATCH", "ects/training"): lambda body: _deed(world, body, _training),
        ("GET", "ects/faults"): lambda _: portal.faults.fault.to_json(),
        ("PUT", "ects/faults"): lambda body: _fault(portal, body),
        ("GET", "ects/requests"): lambda _: {"requests": portal.ledger.entries()},
        ("DELETE", "ects/requests"): lambda _: _told(portal.ledger.clear),
    }


def shown(held: Held) -> dict[str, Any]:
    """Everything as JSON: each kind as a list, in order of making."""
    found: dict[str, Any] = {}
    for name in ("schools", "years", "bodies", "providers", "people", "periods", "mentorships", "training"):
        found[name] = [_plain(asdict(one)) for one in getattr(held, name).values()]
    found["partnerships"] = [_plain(asdict(one)) for one in held.partnerships.values()]
    found["inductions"] = [_plain(asdict(one)) for one in held.inductions]
    found["events"] = [asdict(one) for one in held.events]
    found["closed"] = [[first.isoformat(), last.isoformat()] for first, last in held.closed]
    return found


def _plain(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in raw.items()}


def _value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value


def _told(call: Callable[[], object]) -> dict[str, Any]:
    call()
    return {"done": True}


def _fault(portal: EctPortal, body: Any) -> Any:
    portal.faults.set(parse_fault(_object(body)))
    return portal.faults.fault.to_json()


# --- lists ----------------------------------------------------------------------------------------------------------


def _put(world: World, body: Any, kind: type[T], name: str, key: str) -> Any:
    """Add one, or change what is given of the one with this key."""
    raw = _read(_object(body))
    held: dict[Any, T] = getattr(world.held, name)
    if key not in raw:
        raise UnknownFault(f"{key} is missing")
    if unknown := sorted(raw.keys() - {field.name for field in fields(kind)}):  # type: ignore[arg-type]
        raise UnknownFault(f"there is no {', '.join(unknown)}")
    if "years" in raw:
        raw["years"] = frozenset(raw["years"])
    known = held.get(raw[key])
    try:
        held[raw[key]] = replace(known, **raw) if known is not None else kind(**raw)  # type: ignore[type-var]
    except TypeError as problem:
        raise UnknownFault(str(problem)) from None
    return _plain(asdict(held[raw[key]]))  # type: ignore[call-overload]


def _close(world: World, body: Any) -> Any:
    spans = _object(body).get("windows", [])
    world.held.closed = [(_day(first), _day(last)) for first, last in spans]
    return {"windows": [[first.isoformat(), last.isoformat()] for first, last in world.held.closed]}


# --- what others do -------------------------------------------------------------------------------------------------


def _deed(world: World, body: Any, deed: Callable[[World, Held, dict[str, Any]], Any]) -> Any:
    """Carry out one on a copy, and give what it made."""
    raw = _read(_object(body))
    try:
        made = world.change(lambda held: deed(world, held, raw), invariants.first_broken)
    except (KeyError, TypeError) as problem:
        raise UnknownFault(f"missing or unknown: {problem}") from None
    except NotSaved as problem:
        raise UnknownFault(str(problem)) from None
    return _plain(asdict(made))


def _partnership(world: World, held: Held, raw: dict[str, Any]) -> Partnership:
    made = Partnership(held.new_id(), raw["school"], raw["provider"], raw["partner"], int(raw["year"]))
    held.partnerships[made.id] = made
    for training in held.training.values():
        there = held.periods[training.period].school, training.provider, training.year
        if not training.partnership and there == (made.school, made.provider, made.year):
            training.partnership = made.id
    world.note(
        held, held.providers[made.provider].name, made.school, "confirmed a partnership", str(made.year)
    )
    return made


def _induction(world: World, held: Held, raw: dict[str, Any]) -> Induction:
    made = Induction(raw["trn"], raw["body"], raw["began"])
    held.inductions.append(made)
    world.note(held, held.bodies[made.body].name, "", "opened an induction", made.trn)
    return made


def _period(world: World, held: Held, raw: dict[str, Any]) -> Period:
    """As it stands in the portal, whatever the pages would have said to it."""
    role, trn = raw["role"], raw["trn"]
    programme, provider = raw.pop("programme", ""), raw.pop("provider", "")
    trained_from, year = raw.pop("trained_from", None), raw.pop("year", None)
    if role not in (ECT, MENTOR):
        raise UnknownFault(f"role must be {ECT} or {MENTOR}")
    found = world.teachers.find(trn)
    first, last = (found.first_name, found.last_name) if found else ("", "")
    held.people.setdefault(trn, Person(trn, first, last))
    made = Period(**{"id": held.new_id(), "email": f"{trn}@example.org"} | raw)
    held.periods[made.id] = made
    began = _day(trained_from) if trained_from else made.began
    if provider:
        own = windows.year_of(held, made.began)
        wanted = int(year) if year else own.year if own else 0
        schedule = windows.schedule(began, began)
        deeds.train(held, made, deeds.Wanted(began, provider, wanted, schedule))
    elif programme and programme != PROVIDER_LED:
        deeds.train_here(held, made, began)
    return made


def _edit(world: World, held: Held, raw: dict[str, Any]) -> Period:
    period = held.periods[raw.pop("id")]
    name, leaving = raw.pop("corrected_name", None), raw.pop("leaving_on", None)
    if unknown := sorted(raw.keys() - set(_EDITABLE)):
        raise UnknownFault(f"nobody can edit {', '.join(unknown)}")
    for field, value in raw.items():
        setattr(period, field, value)
    if name is not None:
        held.people[period.trn].corrected_name = name
    if leaving is not None:
        deeds.finish(held, period, _day(leaving), period.school)
    world.note(held, SOMEBODY, period.school, "edited", period.trn)
    return period


def _mentorship(world: World, held: Held, raw: dict[str, Any]) -> Any:
    ect, mentor = held.periods[raw["ect"]], held.periods[raw["mentor"]]
    deeds.link(held, ect, mentor, world.today())
    world.note(held, SOMEBODY, ect.school, "assigned a mentor", f"{ect.trn} {mentor.trn}")
    return held.links_of(ect.id)[-1]


def _training(world: World, held: Held, raw: dict[str, Any]) -> Any:
    training = held.training[raw["id"]]
    training.stands, training.why = raw["stands"], raw.get("why", "other")
    training.until = raw.get("until", world.today())
    period = held.periods[training.period]
    world.note(held, held.provider_name(training.provider), period.school, training.stands, period.trn)
    return training


# --- bodies of calls ------------------------------------------------------------------------------------------------


def _object(body: Any) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise UnknownFault("the body must be a JSON object")
    return body


def _read(raw: Mapping[str, Any]) -> dict[str, Any]:
    """With days where days are wanted."""
    return {
        name: _day(value) if name in _DAYS and value is not None else value for name, value in raw.items()
    }


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise UnknownFault(f"{value} is no ISO date") from None
