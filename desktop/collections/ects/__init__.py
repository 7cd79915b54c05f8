"""ECTs, mentors and the induction tutor of schools, for the central system "Register early career teachers"."""

from __future__ import annotations

from desktop.collections.ects import who
from desktop.collections.ects.actions import ACTIONS
from desktop.collections.ects.children import CHILDREN
from desktop.collections.ects.days import DAYS, deadlines
from desktop.collections.ects.fields import FIELDS, SECTIONS
from desktop.collections.ects.keeping import ABOUT_OTHERS, RETENTION
from desktop.collections.ects.outsiders import OUTSIDERS
from desktop.collections.ects.overview import LISTED, facets, identity, label, no_money
from desktop.collections.ects.rules import RULES
from desktop.collections.ects.states import STATES
from desktop.collections.ects.tables import PACK, contract_year
from desktop.collections.later import JourneysOf
from desktop.model.collection import Collection

__all__ = ["COLLECTION"]

COLLECTION = Collection(
    name="ects",
    title="Early career teachers",
    singular="teacher",
    portal="Register early career teachers",
    portal_short="Register ECTs",
    sections=SECTIONS,
    fields=FIELDS,
    children=CHILDREN,
    states=STATES,
    actions=ACTIONS,
    rules=RULES,
    code_lists=PACK,
    keys=("trn",),
    label=label,
    identity=identity,
    facets=facets,
    money=no_money,
    deadlines=deadlines,
    cycle=contract_year,
    days=DAYS,
    outsiders=OUTSIDERS,
    listed=LISTED,
    find_by="Name or TRN",
    sends=False,
    journeys=JourneysOf("desktop.collections.ects.sheets"),
    related=who.related,
    looked_up=who.looked_up,
    retention=RETENTION,
    about_others=ABOUT_OTHERS,
    counted="records",
)
