"""The right side of Needs you: what is read for a need (off the GUI thread), and the widget made from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.model.collection import Collection
from desktop.model.document import Document
from desktop.model.finding import Finding
from desktop.model.snapshot import Snapshot
from desktop.services.deciding import Pattern, pattern_of
from desktop.services.views import HistoryEntry, Need, PortalView, RecordView
from desktop.ui.needs.cases import build
from desktop.ui.needs.conflict_view import ConflictView
from desktop.ui.needs.duplicate_view import DuplicateView
from desktop.ui.needs.told_views import ToldView, told

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

CaseView = ConflictView | DuplicateView | ToldView
_HISTORY = 100


@dataclass(frozen=True)
class CaseRead:
    """All that the screen of one need is made from. `patterns`: unit of a conflict -> what is like it."""

    need: Need
    view: RecordView
    history: Sequence[HistoryEntry]
    portal: PortalView
    patterns: dict[str, Pattern]


def collection_of(workspace: Workspace, need: Need) -> Collection:
    """The collection that a need's record belongs to."""
    name = need.conflict.collection if need.conflict else need.change.collection if need.change else ""
    return workspace.collections.get(name) or next(iter(workspace.collections.values()))


def read_case(workspace: Workspace, need: Need, needs: Sequence[Need]) -> CaseRead:
    """Worker thread. Raises UnknownRef when the record is gone."""
    conflict = need.conflict
    others = [one.conflict for one in needs if one.conflict is not None]
    units = dict.fromkeys(row.unit for row in conflict.fields) if conflict else {}
    return CaseRead(
        need,
        workspace.records.view(need.record_id),
        workspace.activity.entries(need.record_id, _HISTORY),
        workspace.portals.view(collection_of(workspace, need).name),
        {unit: pattern_of(others, conflict, unit) for unit in units if conflict is not None},
    )


def live_rules(
    workspace: Workspace, collection: Collection, record_id: str
) -> Callable[[Document], Sequence[Finding]]:
    """The rules on whatever the record would hold."""
    checks = workspace.checks
    return lambda document: checks.live(collection.name, document, record_id)


def make_case(workspace: Workspace, read: CaseRead) -> tuple[CaseView, str]:
    """The widget of a need, and the sentence over it. GUI thread."""
    need, view = read.need, read.view
    collection = collection_of(workspace, need)
    if need.kind == "conflict" and view.conflict is not None:
        live = live_rules(workspace, collection, view.id)
        case = build(collection, view, read.history, workspace.now(), live)
        return ConflictView(collection, case, workspace.today(), read.patterns), case.sentence
    if need.kind == "duplicate" and need.conflict is not None:
        candidates = [Snapshot.from_json(raw) for raw in need.conflict.candidates]
        short = collection.portal_short
        about = (
            f"{short} has somebody who looks like the same person, so it did not take yours. "
            "Yours is kept here. Two people are never made one without you."
        )
        return DuplicateView(collection, view, candidates), about
    words = told(collection, need, read.history, workspace.now(), read.portal)
    return ToldView(words), words.sentence
