"""Putting findings right by what they suggest: one, or all that are alike. One act, one undo, nothing unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.model.document import Document, Value, patch_of, same, value_at
from desktop.model.finding import Suggestion
from desktop.model.ids import RecordId
from desktop.services import wording
from desktop.services.acts import Act, Acts, NothingToDo
from desktop.services.bulk import Cancelled, Tell
from desktop.services.core import Core
from desktop.services.explained import Judged


@dataclass(frozen=True)
class Fix:
    """One answer that would be written anew: whose, at which path, and as what."""

    record_id: RecordId
    label: str
    rule: str
    path: str
    suggestion: Suggestion


def fixes_of(judged: Sequence[Judged]) -> list[Fix]:
    """What the findings suggest, for those that suggest anything."""
    return [
        Fix(one.record_id, one.label, one.finding.rule, one.finding.field, one.finding.suggestion)
        for one in judged
        if one.finding.suggestion is not None
    ]


def like(fix: Fix, fixes: Sequence[Fix]) -> list[Fix]:
    """Those of the same rule that read what was typed in the same way, the given one among them."""
    return [one for one in fixes if (one.rule, one.suggestion.how) == (fix.rule, fix.suggestion.how)]


class Fixing:
    """Carries fixes out. Worker thread."""

    def __init__(self, core: Core, acts: Acts) -> None:
        self._core, self._acts = core, acts

    def fix(
        self,
        collection: str,
        fixes: Sequence[Fix],
        progress: Tell | None = None,
        cancelled: Cancelled | None = None,
    ) -> Act:
        """Write them, as one act with one undo. Answers that are not any more what they were are left as they are.

        Raises NothingToDo when none is, Stopped when `cancelled` (nothing is changed then).
        """
        known = self._core.collection(collection)
        right: dict[RecordId, tuple[Document, dict[str, Value]]] = {}
        done: list[Fix] = []
        with self._core.store.read() as unit:
            for fix in fixes:
                record = unit.records.get(fix.record_id)
                if record is not None and same(value_at(record.document, fix.path), fix.suggestion.was):
                    _, values = right.setdefault(fix.record_id, (record.document, {}))
                    values[fix.path] = fix.suggestion.value
                    done.append(fix)
        if not done:
            raise NothingToDo("These answers were changed meanwhile. Check again to see how they stand.")
        labels = {wording.label_of(known, fix.path) for fix in done}
        what = labels.pop() if len(labels) == 1 else wording.count(len(done), "answer")
        words = f"Put right: {what}" + (
            f" of {wording.count(len(right), known.singular)}" if len(right) > 1 else ""
        )
        patches = {record_id: patch_of(document, values) for record_id, (document, values) in right.items()}
        return self._acts.apply(
            patches, (), collection=collection, words=words, progress=progress, cancelled=cancelled
        )
