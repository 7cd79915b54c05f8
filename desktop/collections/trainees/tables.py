"""The tables of the pack as the rules want them: routes, subjects, funding, initiatives, withdrawal reasons.

Each is built once, on first use. Cycles are named by the year in which they start: 2026 is 2026 to 2027.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from desktop.collections.packs import Pack

PACK = Pack("trainees", 2026)

UK_COUNTRIES = frozenset({"XF", "XG", "XH", "XI", "XK"})
"""Country codes that make a degree a UK degree (domain pack 1.7); Register then keeps no country."""

EARLY_YEARS_ROUTES = frozenset({"17", "18", "19", "20"})
EARLY_YEARS_AGES = "13920"
EARLY_YEARS_SUBJECT = "100510"
PRIMARY_SUBJECT = "100511"
PRIMARY_AGES = frozenset({"13909", "13911", "13912", "13913", "13914", "13915"})
"""Age ranges that end at 11 or before, without the early years one (domain pack 2.1 rule 2)."""

PORTAL_FIELDS: Mapping[str, str] = {"employing_school_urn": "employing_school_id"}
"""Our field -> the portal's name of it in an error, where the two differ."""

PORTAL_FIELDS_BY_RULE: Mapping[str, str] = {
    "T-DEGREE-NEEDED": "degrees_attributes",
    "T-DEGREE-REPEAT": "degrees_attributes",
    "T-DISABILITY-REPEAT": "disabilities",
}
"""Rules whose finding stands at one field here, while the portal names another."""


def portal_field(rule: str, field: str) -> str:
    """The name under which the portal reports this finding: `degrees.x1.grade` -> `grade`."""
    return PORTAL_FIELDS_BY_RULE.get(rule) or PORTAL_FIELDS.get(field) or field.rpartition(".")[2]


@dataclass(frozen=True)
class Route:
    """What a training route asks for. `placements` = how many a recommendation needs at least."""

    code: str
    name: str
    label: str
    award: str
    postgraduate: bool
    placements: int
    refused: bool
    degree: bool
    study_mode: bool
    subject: str
    age_range: str
    country: bool
    first_cycle: int
    partner_page: bool
    employer_page: bool
    funding_page: bool
    placements_page: bool

    @property
    def early_years(self) -> bool:
        """Whether the route leads to early years teacher status with its fixed subject and ages."""
        return self.code in EARLY_YEARS_ROUTES


@lru_cache(maxsize=1)
def routes() -> Mapping[str, Route]:
    """Route code -> what it asks for."""
    entries = PACK.codes("training_route")
    return {
        code: Route(
            code=code,
            name=entries[code].name,
            label=entries[code].label,
            award=raw["award"],
            postgraduate=raw["level"] == "postgraduate",
            placements=raw["placements"],
            refused=raw.get("refused", False),
            degree=raw.get("degree", True),
            study_mode=raw.get("study_mode", True),
            subject=raw.get("subject", ""),
            age_range=raw.get("age_range", ""),
            country=raw.get("country", False),
            first_cycle=raw.get("first_cycle", 0),
            partner_page=raw.get("partner_page", False),
            employer_page=raw.get("employer_page", False),
            funding_page=raw.get("funding_page", True),
            placements_page=raw.get("placements_page", True),
        )
        for code, raw in PACK.table("routes").items()
    }


def route_of(code: object) -> Route | None:
    """The route of a typed value, None while it is blank or not known."""
    return routes().get(code) if type(code) is str else None


@dataclass(frozen=True)
class Method:
    """What a funding method means: `type` "" = nothing is paid; `tier` in pounds; `initiative` set by Register."""

    code: str
    type: str
    tier: int = 0
    level: str = ""
    initiative: str = ""


@lru_cache(maxsize=1)
def methods() -> Mapping[str, Method]:
    """Funding method code -> what it means."""
    return {code: Method(code, **raw) for code, raw in PACK.table("funding")["methods"].items()}


@lru_cache(maxsize=1)
def allocations() -> Mapping[str, str]:
    """Course subject code -> allocation subject, under which the money is listed."""
    groups: dict[str, list[str]] = PACK.table("funding")["subjects"]
    return {code: subject for subject, members in groups.items() for code in members}


@lru_cache(maxsize=1)
def amounts() -> Mapping[tuple[int, str, str, str], tuple[int, ...]]:
    """(cycle, route, type, allocation subject) -> pounds; two entries where the source is ambiguous. Ascending."""
    found: dict[tuple[int, str, str, str], tuple[int, ...]] = {}
    for cycle, by_route in PACK.table("funding")["amounts"].items():
        for route, by_type in by_route.items():
            for kind, by_sum in by_type.items():
                for pounds, subjects in by_sum.items():
                    for subject in subjects:
                        key = (int(cycle), route, kind, subject)
                        found[key] = tuple(sorted({*found.get(key, ()), int(pounds)}))
    return found


@lru_cache(maxsize=1)
def funded_routes() -> Mapping[int, frozenset[str]]:
    """Cycle -> routes for which there is any funding at all."""
    found: dict[int, frozenset[str]] = {}
    for cycle, route, _, _ in amounts():
        found[cycle] = found.get(cycle, frozenset()) | {route}
    return found


@lru_cache(maxsize=1)
def initiatives() -> Mapping[int, frozenset[str]]:
    """Cycle -> stored names of the training initiatives on offer."""
    return {int(c): frozenset(names) for c, names in PACK.table("funding")["initiatives"].items()}


@lru_cache(maxsize=1)
def without_eligibility() -> tuple[frozenset[int], frozenset[str]]:
    """Cycles and allocation subjects in which funding does not ask for student finance (domain pack 5 rule 2)."""
    raw = PACK.table("funding")["without_eligibility"]
    return frozenset(raw["cycles"]), frozenset(raw["subjects"])


@lru_cache(maxsize=1)
def eligible_code() -> str:
    """The fund code that means eligible for student finance."""
    code: str = PACK.table("funding")["eligible"]
    return code


@lru_cache(maxsize=1)
def withdrawal_reasons() -> Mapping[str, frozenset[str]]:
    """Trigger -> reasons that Register takes for it."""
    raw: dict[str, list[str]] = PACK.table("withdrawal")["reasons"]
    return {trigger: frozenset(reasons) for trigger, reasons in raw.items()}


@lru_cache(maxsize=1)
def reasons_with_text() -> tuple[frozenset[str], frozenset[str]]:
    """Reasons that need `another_reason`, and those that need `safeguarding_concern_reasons`."""
    raw = PACK.table("withdrawal")
    return frozenset(raw["another_reason"]), frozenset(raw["safeguarding"])
