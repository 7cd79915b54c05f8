"""All findings as groups of lines: what must be put right first, then what to look at, then what only the portal knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.model.finding import Finding, Severity
from desktop.model.ids import RecordId
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.words import SEVERITY, count

SHOWN = 5
MOST = 1_000
"""Lines of one rule that are listed; more than that is for the records table and its filters."""

COLUMNS = (
    Column("Name", 200, "strong"),
    Column("What to do", 320, stretch=True),
    Column("Field", 190, "quiet", least=720),
    Column("Kind", 150, "state", least=560),
)

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.UNKNOWN)

Found = tuple[RecordId, str, Finding]


@dataclass(frozen=True)
class Place:
    """Where a line leads: the record, and the field to stand on."""

    record_id: str
    field: str


def finding_groups(
    found: Sequence[Found], titles: Mapping[str, str], labels: Mapping[str, str], plural: str
) -> list[Group]:
    """One group a rule. `titles`: rule -> what it demands; `labels`: field -> its label on the form."""
    by_rule: dict[tuple[int, str], list[Found]] = {}
    for one in found:
        finding = one[2]
        by_rule.setdefault((_ORDER.index(finding.severity), finding.rule), []).append(one)
    groups = []
    for (_rank, rule), mine in sorted(
        by_rule.items(), key=lambda pair: (pair[0][0], -len(pair[1]), pair[0][1])
    ):
        first = mine[0][2]
        title = (titles.get(rule, "") or first.message).removesuffix(".")
        records = len({record_id for record_id, _label, _finding in mine})
        aside = count(records, *_nouns(plural))
        if len(mine) > MOST:
            aside += f", the first {MOST:,} listed"
        lines = [_line(one, labels) for one in mine[:MOST]]
        groups.append(Group(f"{first.severity}-{rule}", title, aside, lines, SHOWN))
    return groups


def _nouns(plural: str) -> tuple[str, str]:
    return plural.removesuffix("s"), plural


def _line(one: Found, labels: Mapping[str, str]) -> Line:
    record_id, label, finding = one
    look = SEVERITY[finding.severity]
    cells = (
        Cell(label),
        Cell(finding.message),
        Cell(labels.get(_plain(finding.field), "")),
        Cell(look.word, look=look),
    )
    return Line((record_id, finding.rule, finding.field), cells, Place(record_id, finding.field))


def _plain(path: str) -> str:
    """`degrees.<child id>.grade` as `degrees.grade`, the way labels are listed."""
    parts = path.split(".")
    return path if len(parts) < 3 else f"{parts[0]}.{parts[-1]}"
