"""Rules about funding: student finance, what is paid, training initiatives. Source: domain pack section 5.

Each waits until the answers that it stands on are there and on their lists: one slip, one finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from desktop.collections.declare import ERROR, NOTHING, WARNING, Say, rule
from desktop.collections.reading import is_blank, text
from desktop.collections.trainees import tables
from desktop.collections.trainees.cycles import cycle_label, cycle_of_document
from desktop.collections.trainees.funding import may_go_unfunded, offered, subject_words
from desktop.collections.trainees.tables import Method, Route, route_of
from desktop.model.collection import Context
from desktop.model.document import Document
from desktop.model.finding import Finding

_TIER_ROUTE = "19"


class _Case(NamedTuple):
    """What a funding method is judged by. `subject` is the allocation subject, `name` Register's own of subject 1."""

    method: Method
    route: Route
    subject: str
    name: str
    cycle: int
    fund_code: str


def _case(document: Document, context: Context) -> _Case | None:
    """None when nothing is to be paid, or when one of the answers it depends on is missing or unknown."""
    fields = document.fields
    typed = fields.get("funding_method")
    method = tables.methods().get(typed) if type(typed) is str else None
    if method is None or not method.type:
        return None
    route, code = route_of(fields.get("training_route")), fields.get("course_subject_1")
    subject = tables.allocations().get(code) if type(code) is str else None
    cycle = cycle_of_document(document, context.today)
    if route is None or subject is None or cycle is None:
        return None
    name = (
        context.codes.codes("course_subject")[text(code)].name
        or context.codes.codes("course_subject")[text(code)].label
    )
    return _Case(method, route, subject, name, cycle, text(fields.get("fund_code")))


def _finance_missing(case: _Case, context: Context) -> bool:
    known = case.fund_code in context.codes.codes("fund_code")
    return (
        known and case.fund_code != tables.eligible_code() and not may_go_unfunded(case.cycle, case.subject)
    )


@rule(
    "T-FUND-ROUTE",
    ERROR,
    "Student finance is Eligible only on a route that has funding in the cycle.",
    "2.1 rule 5",
)
def _fund_code_route(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    fields = document.fields
    if fields.get("fund_code") != tables.eligible_code():
        return NOTHING
    route, cycle = route_of(fields.get("training_route")), cycle_of_document(document, context.today)
    if route is None or cycle is None or route.code in tables.funded_routes().get(cycle, ()):
        return NOTHING
    said = f"There is no funding on this route in {cycle_label(cycle)}. Set student finance to Not eligible."
    return (say("fund_code", said, "is not valid for this trainee"),)


@rule(
    "T-FUND-FINANCE",
    ERROR,
    "Funding needs student finance set to Eligible, with a few exceptions.",
    "5 rule 2",
)
def _finance_needed(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    case = _case(document, context)
    if case is None or not _finance_missing(case, context):
        return NOTHING
    kind = case.method.type
    said = f"A {kind} needs student finance set to Eligible. Change it, or choose No funding."
    portal = (
        f"'{kind}' is not allowed when fund_code is '{case.fund_code}' and course_subject_1 is '{case.name}'"
    )
    return (say("funding_method", said, portal),)


@rule("T-FUND-OFFERED", ERROR, "What is to be paid is offered for route, subject and cycle.", "5 rule 3")
def _funding_offered(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    case = _case(document, context)
    if case is None or offered(case.cycle, case.route.code, case.method.type, case.subject):
        return NOTHING
    if _finance_missing(case, context):
        return NOTHING
    kind, cycle = case.method.type, cycle_label(case.cycle)
    said = f"There is no {kind} for {subject_words(case.subject)} on this route in {cycle}. {_instead(case)}"
    portal = (
        f"'{kind}' is not allowed when training_route is '{case.route.name}' and course_subject_1 is '{case.name}'"
        f" in academic cycle '{cycle}'"
    )
    return (say("funding_method", said, portal),)


def _instead(case: _Case) -> str:
    kinds = ("bursary", "scholarship", "grant")
    there = [k for k in kinds if offered(case.cycle, case.route.code, k, case.subject)]
    return f"Choose {' or '.join(f'a {k}' for k in there)}, or No funding." if there else "Choose No funding."


@rule("T-FUND-AMOUNT", WARNING, "The table has one amount for what is to be paid.", "5")
def _one_amount(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    case = _case(document, context)
    if case is None or case.method.tier:
        return NOTHING
    pounds = offered(case.cycle, case.route.code, case.method.type, case.subject)
    if len(pounds) < 2:
        return NOTHING
    sums = " and ".join(f"£{amount:,}" for amount in pounds)
    return (
        say(
            "funding_method", f"The source has two amounts for this: {sums}. Register decides which is paid."
        ),
    )


@rule(
    "T-FUND-LEVEL",
    WARNING,
    "D goes with a postgraduate route, B and C with an undergraduate one.",
    "5 rule 4",
)
def _funding_level(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    case = _case(document, context)
    if (
        case is None
        or not case.method.level
        or (case.method.level == "postgraduate") == case.route.postgraduate
    ):
        return NOTHING
    right = "Postgraduate bursary (D)" if case.route.postgraduate else "Undergraduate bursary (B)"
    level = "a postgraduate" if case.route.postgraduate else "an undergraduate"
    said = (
        f"The route is {level} one. Register takes this method all the same; choose {right} if that is meant."
    )
    return (say("funding_method", said),)


@rule("T-FUND-TIER", WARNING, "Tiers belong to early years postgraduate (19).", "5 rule 4")
def _funding_tier(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    case = _case(document, context)
    if case is None or not case.method.tier or case.route.code == _TIER_ROUTE:
        return NOTHING
    return (
        say(
            "funding_method",
            "Tiers are meant for early years postgraduate only. Choose the bursary of this route.",
        ),
    )


@rule("T-FUND-VETERAN", WARNING, "The veterans' bursary sets the training initiative by itself.", "5 rule 5")
def _veteran_initiative(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    fields = document.fields
    if fields.get("funding_method") != "C" or is_blank(fields.get("training_initiative")):
        return NOTHING
    said = "With the veterans' bursary Register sets the training initiative itself and drops this one. Clear it."
    return (say("training_initiative", said),)


@rule("T-INITIATIVE-CYCLE", ERROR, "A training initiative is on offer in the cycle.", "2 and 5")
def _initiative_cycle(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    fields = document.fields
    first, second = fields.get("training_initiative"), fields.get("additional_training_initiative")
    if first is None and second is None:
        return NOTHING
    cycle = cycle_of_document(document, context.today)
    codes = context.codes.codes("training_initiative")
    asked = [("additional_training_initiative", second)]
    if fields.get("funding_method") != "C":
        asked.insert(0, ("training_initiative", first))
    found = []
    for name, value in asked:
        entry = codes.get(value) if type(value) is str else None
        if entry is None or cycle is None or entry.name in tables.initiatives().get(cycle, ()):
            continue
        said = f"{entry.label} is not on offer in {cycle_label(cycle)}. Clear it, or choose another."
        found.append(
            say(name, said, f"'{entry.name}' is not available in academic cycle '{cycle_label(cycle)}'")
        )
    return found


RULES = (
    _fund_code_route,
    _finance_needed,
    _funding_offered,
    _one_amount,
    _funding_level,
    _funding_tier,
    _veteran_initiative,
    _initiative_cycle,
)
