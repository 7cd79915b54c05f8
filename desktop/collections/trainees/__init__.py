"""Trainees of the central system "Register trainee teachers": fields, children, states, actions, rules, money."""

from __future__ import annotations

from desktop.collections.later import JourneysOf
from desktop.collections.trainees.actions import ACTIONS
from desktop.collections.trainees.children import CHILDREN
from desktop.collections.trainees.cycles import cycle_of, deadlines
from desktop.collections.trainees.fields import FIELDS, SECTIONS
from desktop.collections.trainees.funding import estimate
from desktop.collections.trainees.keeping import RETENTION
from desktop.collections.trainees.overview import LISTED, facets, identity, label
from desktop.collections.trainees.rules import RULES
from desktop.collections.trainees.states import STATES
from desktop.collections.trainees.tables import PACK
from desktop.model.collection import Collection

__all__ = ["COLLECTION"]


def _by_website() -> Collection:
    from desktop.collections.trainees.by_website import BY_WEBSITE  # most runs need none of it

    return BY_WEBSITE


COLLECTION = Collection(
    name="trainees",
    title="Trainees",
    singular="trainee",
    portal="Register trainee teachers",
    portal_short="Register",
    sections=SECTIONS,
    fields=FIELDS,
    children=CHILDREN,
    states=STATES,
    actions=ACTIONS,
    rules=RULES,
    code_lists=PACK,
    keys=("provider_trainee_id", "trn", "hesa_id"),
    label=label,
    identity=identity,
    facets=facets,
    money=estimate,
    deadlines=deadlines,
    cycle=cycle_of,
    own_key="provider_trainee_id",
    listed=LISTED,
    find_by="Name, TRN, trainee ID or HESA ID",
    journeys=JourneysOf("desktop.collections.trainees.sheets"),
    by_website=_by_website,
    retention=RETENTION,
)
