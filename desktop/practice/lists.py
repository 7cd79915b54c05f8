"""The portal's code lists as the practice portal needs them: codes, stored names, the codes given back, uuids.

All content comes from the collection's pack; what is written here is only how the service derives one from another.
"""

from __future__ import annotations

from functools import cache

from desktop.collections.trainees.tables import EARLY_YEARS_ROUTES, PACK, UK_COUNTRIES, route_of

__all__ = [
    "EARLY_YEARS_ROUTES",
    "NOT_APPLICABLE_URNS",
    "OTHER_UK_INSTITUTION",
    "UK_COUNTRIES",
    "ages",
    "canonical",
    "codes",
    "ethnic_group",
    "has",
    "known",
    "label",
    "name",
    "route_of",
    "uncoded",
    "uuid",
    "withdrawal_reasons",
]

NOT_APPLICABLE_URNS = frozenset({"900000", "900010", "900020", "900030"})
OTHER_UK_INSTITUTION = "Other UK institution"


@cache
def codes(list_name: str) -> tuple[str, ...]:
    """Every code of a list, in the list's order."""
    return tuple(PACK.codes(list_name))


@cache
def known(list_name: str) -> frozenset[str]:
    """Every code of a list, for many questions at once."""
    return frozenset(PACK.codes(list_name))


def has(list_name: str, code: object) -> bool:
    """Whether `code` is one of the list's codes."""
    return isinstance(code, str) and code in known(list_name)


def label(list_name: str, code: str) -> str:
    """The code's words."""
    return PACK.codes(list_name)[code].label


def name(list_name: str, code: str) -> str:
    """What the service stores for a code."""
    entry = PACK.codes(list_name)[code]
    return entry.name or entry.label


@cache
def canonical(list_name: str, code: str) -> str:
    """The code given back where several mean the same to the service; `code` itself when it is alone or unknown."""
    return PACK.canonical(list_name, code)


def uncoded(list_name: str, value: object) -> bool:
    """Whether `value` is a stored name, or its label, for which the list has no code."""
    return isinstance(value, str) and value in _without_code(list_name)


@cache
def _without_code(list_name: str) -> frozenset[str]:
    return frozenset(word for pair in PACK.uncoded(list_name).items() for word in pair)


def uuid(list_name: str, code: object) -> str | None:
    """The reference-data uuid of a code of a degree's lists."""
    return _uuids(list_name).get(code) if isinstance(code, str) else None


@cache
def _uuids(list_name: str) -> dict[str, str]:
    return {code: found for code in codes(list_name) if (found := PACK.uuid(list_name, code))}


@cache
def ages(age_range: str) -> tuple[int, int] | None:
    """Lowest and highest age of a course_age_range code, None for an unknown one."""
    if not has("course_age_range", age_range):
        return None
    numbers = [int(word) for word in label("course_age_range", age_range).split() if word.isdigit()]
    return (numbers[0], numbers[1])


_ETHNIC_GROUPS = (
    (120, "asian_ethnic_group"),
    (140, "black_ethnic_group"),
    (160, "mixed_ethnic_group"),
    (180, "white_ethnic_group"),
    (900, "other_ethnic_group"),
    (1000, "not_provided_ethnic_group"),
)


@cache
def ethnic_group(code: str) -> str | None:
    """The group the service derives from an ethnicity; None for what has no code."""
    if not has("ethnicity", code):
        return None
    return next(group for below, group in _ETHNIC_GROUPS if int(code) < below)


def withdrawal_reasons(trigger: str) -> tuple[str, ...]:
    """Reasons that are valid for a trigger; the trainee's for anything but `provider`, as the service does."""
    reasons: dict[str, list[str]] = PACK.table("withdrawal")["reasons"]
    return tuple(reasons["provider" if trigger == "provider" else "trainee"])
