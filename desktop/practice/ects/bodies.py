"""Choosing an appropriate body by the kind of school. Source: domain pack register-ects 1.1.1.

A state-funded school takes a teaching school hub; an independent one a hub, or the one national body that is offered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desktop.practice.ects.windows import independent
from desktop.practice.ects.wizard import Trip
from desktop.practice.ects.world import HUB, ISTIP
from desktop.practice.pages.markup import Question

_OTHER = "A different appropriate body (teaching school hub)"


def _hubs(trip: Trip) -> dict[str, str]:
    without = trip.get("body_now")
    bodies = trip.visit.held.bodies.values()
    return {b.id: b.name for b in bodies if b.kind == HUB and b.active and b.id != without}


def ask_body(trip: Trip) -> Sequence[Question]:
    """A name to type and choose; an independent school says first which type."""
    hubs = _hubs(trip)
    held = trip.visit.held
    chosen = trip.get("body")
    name = Question(
        "body_name",
        "Enter appropriate body name",
        "pick",
        hubs.get(str(chosen), ""),
        [*hubs.items()],
        "Begin to type, then choose from the list.",
    )
    if not independent(trip.visit.school):
        return (name,)
    types = [(HUB, _OTHER)]
    if trip.get("body_now") != ISTIP:
        types.insert(0, (ISTIP, held.body_name(ISTIP)))
    return (Question("body_type", "Type of appropriate body", "one", options=types), name)


def take_body(trip: Trip) -> Mapping[str, str]:
    """The body that was chosen; of the right kind, and one that can still be chosen."""
    form = trip.visit.form
    if independent(trip.visit.school):
        said = form.one("body_type")
        if said == ISTIP and trip.get("body_now") != ISTIP:
            trip.answers |= {"body": ISTIP, "body_type": said}
            return {}
        if said != HUB:
            return {"body_type": "Select the type of appropriate body"}
        trip.answers["body_type"] = said
    typed = " ".join(form.one("body_name").split()).casefold()
    if not typed:
        return {"body_name": "Enter the name of the appropriate body"}
    found = next((code for code, name in _hubs(trip).items() if typed in (code, name.casefold())), "")
    if not found:
        return {"body_name": "Choose a teaching school hub from the list"}
    trip.answers["body"] = found
    return {}
