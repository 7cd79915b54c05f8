"""All findings as groups of lines: what must be put right first, then what to look at, then what only the portal knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from desktop.model.collection import Rule
from desktop.model.finding import Severity
from desktop.services.explained import Explanation, Judged
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.words import SEVERITY, Look, count, short_date

SHOWN = 5
MOST = 1_000
"""Lines of one rule that are listed; more than that is for the records table and its filters."""

COLUMNS = (
    Column("Name", 180, "strong"),
    Column("What to do", 320, stretch=True),
    Column("Field", 200, "quiet", least=820),
    Column("Kind", 150, "state", least=560),
)
KIND, KIND_WIDTH, EXPLAINED_WIDTH = 3, 150, 350
"""Place of the kind among the columns, and its width without and with who explained it."""

EXPLAINED = Look("Explained", "info", "check", quiet=True)

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.UNKNOWN)


class Shown(StrEnum):
    """Which findings are listed."""

    TO_DO = "to do"
    EXPLAINED = "explained"
    ALL = "all"


@dataclass(frozen=True)
class Place:
    """Where a line leads: the record, and the field to stand on; and the finding itself."""

    record_id: str
    field: str
    judged: Judged


def chosen(judged: Sequence[Judged], shown: Shown, search: str, rules: Mapping[str, Rule]) -> list[Judged]:
    """Those that the filter shows and in which every word of `search` is found: name, message, rule or reason."""
    wanted = search.casefold().split()
    found = [one for one in judged if _is_shown(one, shown)]
    return [one for one in found if all(word in _text(one, rules) for word in wanted)] if wanted else found


def _is_shown(one: Judged, shown: Shown) -> bool:
    return shown is Shown.ALL or (one.to_do if shown is Shown.TO_DO else one.explained)


def _text(one: Judged, rules: Mapping[str, Rule]) -> str:
    rule = rules.get(one.finding.rule)
    reason = one.explanation.reason if one.explanation else ""
    parts = (one.label, one.finding.message, one.finding.rule, rule.demand if rule else "", reason)
    return " ".join(parts).casefold()


def finding_groups(
    judged: Sequence[Judged], rules: Mapping[str, Rule], labels: Mapping[str, str], plural: str
) -> list[Group]:
    """One group a rule. `rules`: id -> the rule as published; `labels`: field -> its label on the form."""
    by_rule: dict[tuple[int, str], list[Judged]] = {}
    for one in judged:
        by_rule.setdefault((_ORDER.index(one.finding.severity), one.finding.rule), []).append(one)
    groups = []
    for (rank, rule_id), mine in sorted(
        by_rule.items(), key=lambda pair: (pair[0][0], -len(pair[1]), pair[0][1])
    ):
        known = rules.get(rule_id)
        title = (known.demand if known else mine[0].finding.message).removesuffix(".")
        lines = [_line(one, labels) for one in mine[:MOST]]
        key = f"{_ORDER[rank]}-{rule_id}"
        groups.append(Group(key, title, _aside(mine, plural, rule_id), lines, SHOWN))
    return groups


def rule_of(group: Group) -> str:
    """The rule that a group is about."""
    return group.key.partition("-")[2]


def _aside(mine: Sequence[Judged], plural: str, rule_id: str) -> str:
    records = len({one.record_id for one in mine})
    aside = f"{count(records, plural.removesuffix('s'), plural)}, {rule_id}"
    return f"{aside}, the first {MOST:,} listed" if len(mine) > MOST else aside


def explained_words(known: Explanation) -> str:
    """As "Explained by Sam until 31 Oct 2026"."""
    until = f" until {short_date(known.until)}" if known.until else ""
    return f"Explained by {known.who}{until}"


def _line(one: Judged, labels: Mapping[str, str]) -> Line:
    finding = one.finding
    cells = (
        Cell(one.label),
        Cell(finding.message),
        Cell(labels.get(_plain(finding.field), "")),
        _kind(one),
    )
    place = Place(one.record_id, finding.field, one)
    return Line((one.record_id, finding.rule, finding.field), cells, place)


def _kind(one: Judged) -> Cell:
    look, known = SEVERITY[one.finding.severity], one.explanation
    if known is None:
        return Cell(look.word, look=look)
    if one.explained:
        return Cell(explained_words(known), look=EXPLAINED, tip=f"Reason: {known.reason}")
    tip = f"{explained_words(known)}: {known.reason} It is to be looked at again: {one.back}"
    return Cell(f"{look.word} again", look=look, tip=tip)


def _plain(path: str) -> str:
    """`degrees.<child id>.grade` as `degrees.grade`, the way labels are listed."""
    parts = path.split(".")
    return path if len(parts) < 3 else f"{parts[0]}.{parts[-1]}"
