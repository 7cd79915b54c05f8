"""The list of findings as a file for people: what is to do, what was explained and why, with the source of each rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from desktop.handover import tables
from desktop.model.collection import Collection
from desktop.model.errors import UsageError
from desktop.model.finding import Severity
from desktop.services import wording
from desktop.services.explained import Judged
from desktop.services.views import Progress

COLUMNS = (
    *("Name", "What to do", "Field", "Kind", "Rule", "What the rule demands", "Source"),
    *("Explained by", "Explained on", "Until", "Reason"),
)
_KINDS = {
    Severity.ERROR: "To put right",
    Severity.WARNING: "To look at",
    Severity.UNKNOWN: "Will be checked",
}


def rows_of(collection: Collection, judged: Sequence[Judged]) -> Iterator[tuple[str, ...]]:
    """One row a finding, in the order given. An explanation that does not hold any more is not told."""
    rules = {rule.id: rule for rule in collection.rules}
    for one in judged:
        finding, rule = one.finding, rules.get(one.finding.rule)
        known = one.explanation if one.explained else None
        until = known.until.isoformat() if known and known.until else ""
        yield (
            one.label,
            finding.message,
            wording.label_of(collection, finding.field),
            "Explained" if known else _KINDS[finding.severity],
            finding.rule,
            rule.demand if rule else "",
            f"Rule book, section {rule.source}" if rule else "",
            *((known.who, known.at.date().isoformat(), until, known.reason) if known else ("", "", "", "")),
        )


def write(
    path: Path,
    collection: Collection,
    judged: Sequence[Judged],
    progress: Callable[[Progress], None] = lambda _: None,
) -> int:
    """Write the list as .csv or .xlsx, by the ending of `path`; how many rows. Raises UsageError for another ending."""

    def wrote(count: int) -> None:
        progress(Progress(count, len(judged), f"{count:,} of {len(judged):,} written"))

    rows = rows_of(collection, judged)
    if path.suffix.lower() == ".csv":
        return tables.write_csv(path, COLUMNS, rows, wrote=wrote)
    if path.suffix.lower() == ".xlsx":
        return tables.write_xlsx(path, "Findings", COLUMNS, rows, wrote=wrote)
    raise UsageError("The list is written as .csv or .xlsx.")
