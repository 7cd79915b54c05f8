"""The published rules as a page: `python -m desktop.validation.rulebook` writes docs/rules.md from the rule tables."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Protocol

from desktop.collections import all_collections
from desktop.model.collection import Collection
from desktop.model.finding import Severity

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"

_OPENING = """# Rules

Written by `python -m desktop.validation.rulebook` from the rule tables; do not edit.

An *error* keeps a record from being sent; it stays a draft. A *warning* does not. *Unknown* means that only the portal
can tell. Where a rule says so, a finding may weigh less than the rule: what the portal itself returned is never an
error unless the portal would refuse it again. Source: section of the collection's domain pack.
"""


class _Published(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def demand(self) -> str: ...
    @property
    def source(self) -> str: ...


def published(collection: Collection) -> tuple[_Published, ...]:
    """Every rule about a record, then every rule about an action."""
    actions = import_module(f"desktop.collections.{collection.name}.actions")
    demands: tuple[_Published, ...] = getattr(actions, "DEMANDS", ())
    return (*collection.rules, *demands)


def render(collections: Iterable[Collection]) -> str:
    """The whole page in Markdown."""
    parts = [_OPENING]
    for collection in collections:
        rules = published(collection)
        parts.append(f"## {collection.title}: {collection.portal}\n\n{len(rules)} rules.\n")
        parts.append("| rule | severity | demand | source |\n|---|---|---|---|")
        parts += [
            f"| {r.id} | {r.severity.value} | {r.demand.replace('|', '/')} | {r.source} |" for r in rules
        ]
    return "\n".join(parts) + "\n"


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(render(all_collections().values()), encoding="utf-8")


if __name__ == "__main__":
    main()
