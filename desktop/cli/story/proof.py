"""The proof at the end of the story: both sides are compared through the portal's own books, not through ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from desktop.cli.story.stage import Stage
from desktop.model.document import same
from desktop.services.views import RecordQuery, RecordView

_CHILD_IDS = {"degrees": "degree_id", "placements": "placement_id"}


def differences(stage: Stage) -> Iterator[str]:
    """Everything in which this computer and the portal differ, in words; nothing when they are equal."""
    theirs = {
        t["trainee_id"]: t for t in stage.control.trainees() if not t["deleted"] and t["state"] != "draft"
    }
    records = stage.workspace.records
    ours = [records.view(row.id) for row in records.rows(records.find(RecordQuery("trainees")))]
    for view in ours:
        held = theirs.pop(view.portal_id or "", None)
        if held is None:
            yield f"{view.id} is not at the portal."
        else:
            yield from _record_differences(view, held)
    yield from (f"{trainee_id} is not on this computer." for trainee_id in theirs)


def _record_differences(view: RecordView, held: dict[str, Any]) -> Iterator[str]:
    if view.pending:
        yield f"{view.id} still has something to send."
    for name, value in view.document.fields.items():
        if not same(value, held.get(name)):
            yield f"{view.id}: {name} is not the same on both sides."
    for kind, id_name in _CHILD_IDS.items():
        there = {child[id_name]: child for child in held[kind]}
        here = {child.id: child for child in view.document.children.get(kind, ())}
        if there.keys() != here.keys():
            yield f"{view.id}: not the same {kind} on both sides."
            continue
        for child_id, child in here.items():
            for name, value in child.fields.items():
                if not same(value, there[child_id].get(name)):
                    yield f"{view.id}: {kind} {name} is not the same on both sides."


def doubled(stage: Stage) -> list[str]:
    """People whom the portal holds twice: same name and date of birth."""
    people = Counter(
        (t["first_names"], t["last_name"], t["date_of_birth"])
        for t in stage.control.trainees()
        if not t["deleted"]
    )
    return [last for (_, last, _), times in people.items() if times > 1]


def writes(stage: Stage) -> list[dict[str, Any]]:
    """The portal's own ledger: every request that stored something, in order."""
    return [r for r in stage.control.requests() if r["effect"] and r["method"] != "GET"]
