"""The one step that a school cannot take back: recording that someone has left or is leaving. Source: domain pack 1.8."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from desktop.collections.declare import ERROR, Demand
from desktop.collections.ects import who
from desktop.collections.ects.rules.dates import leaving
from desktop.collections.reading import day, is_blank, text
from desktop.model.collection import Action, Context, Field, Kind, Required
from desktop.model.document import Document, Fields
from desktop.model.finding import Finding

STATE = Demand("E-ACT-STATE", ERROR, "Only someone who is registered can leave.", "1.8")
LEAVE_DATE = Demand(
    "E-LEAVE-DATE",
    ERROR,
    "Leaving needs a day: at most 4 months ahead, later than the day after the period and its training began.",
    "1.8, 3.4 leaving",
)

DEMANDS = (STATE, LEAVE_DATE)
"""Every rule about an action, as published."""


def check_leave(document: Document, fields: Fields, context: Context) -> Iterator[Finding]:
    """A person who is registered, and a day inside the window of today."""
    typed = fields.get("leaving_on")
    when = day(typed)
    if is_blank(typed):
        yield LEAVE_DATE.say("leaving_on", "Enter the last day at this school.")
    elif when is None:
        yield LEAVE_DATE.say("leaving_on", "This is not a date. Enter one such as 7 September 2026.")
    elif said := leaving(document, when, context.today):
        yield LEAVE_DATE.say("leaving_on", said)
    if context.state not in LEAVE.allowed or not who.is_person(document):
        yield STATE.say("", "Only an ECT or a mentor who is registered at the portal can leave.")


def _left(state: str, extras: Mapping[str, Any], fields: Fields) -> bool:
    shown = text(extras.get("finished_on"))[:10]
    return state in ("leaving", "left") and bool(shown) and shown == text(fields.get("leaving_on"))[:10]


LEAVE = Action(
    name="leave",
    label="Record leaving",
    fields=(
        Field(
            "leaving_on",
            "Last day at this school",
            Kind.DATE,
            required=Required.ALWAYS,
            help="For good. A long absence, such as parental leave, is not leaving.",
        ),
    ),
    allowed=frozenset({"registered", "leaving"}),
    leads_to="leaving",
    warning="Only DfE support can take it back. Mentoring and training end with that day.",
    check=check_leave,
    done=_left,
    by_hand=True,
)

ACTIONS = (LEAVE,)
