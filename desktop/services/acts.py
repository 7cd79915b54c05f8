"""Acts: what was done in one go, to one record or to thousands, and can be undone in one go, also after a restart.

An undo never overwrites newer work: a field that no longer holds what the act left there stays as it is, and is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from desktop.model.collection import Collection
from desktop.model.document import Document, Patch, Value, apply, diff
from desktop.model.errors import HoldfastError, UsageError
from desktop.model.ids import RecordId, new_id
from desktop.model.person import Role
from desktop.services import bulk, wording, writing
from desktop.services.act_log import Act, ActLog, Body, Made, Step, still_as_left
from desktop.services.bulk import VARIES, BulkPreview, Cancelled, ChangeLine, LeftOut, Tell, Varies
from desktop.services.core import Core
from desktop.services.people import demand
from desktop.services.views import Edited, Progress
from desktop.store.records import StoredRecord
from desktop.store.store import Unit

__all__ = [
    "VARIES",
    "Act",
    "Acts",
    "BulkPreview",
    "ChangeLine",
    "LeftOut",
    "NothingToDo",
    "Stopped",
    "Varies",
]

_OFTEN = 100
"""Progress is told, and a wish to stop is looked for, every so many records."""


Then = Callable[[Unit, Act, Sequence[RecordId]], None]


class Stopped(HoldfastError):
    """A person stopped it; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Stopped. Nothing was changed.")


class NothingToDo(UsageError):
    """No record would change; nothing was stored. `left_out` says which take no change."""

    def __init__(self, message: str, left_out: Sequence[LeftOut] = ()) -> None:
        super().__init__(message)
        self.left_out = tuple(left_out)


class _Told:
    """Tells how far a long act is, and ends it when a person wants that. Raises Stopped."""

    def __init__(self, tell: Tell | None, cancelled: Cancelled | None, total: int, words: str) -> None:
        self._tell = tell or (lambda _: None)
        self._cancelled = cancelled or (lambda: False)
        self._total = total
        self._words = words

    def of(self, total: int, words: str) -> _Told:
        """The same for so many, of which something else is said."""
        return _Told(self._tell, self._cancelled, total, words)

    def __call__(self, done: int) -> None:
        if done % _OFTEN and done != self._total:
            return
        if self._cancelled():
            raise Stopped
        self._tell(Progress(done, self._total, f"{done:,} of {self._total:,} {self._words}"))


class Acts:
    """Changing many records in one transaction, and undoing that. Worker thread."""

    def __init__(self, core: Core) -> None:
        self._core = core

    # -- looking ------------------------------------------------------------------------------------

    def values(self, keys: Sequence[int], names: Sequence[str]) -> dict[str, Value | Varies]:
        """What the records with these keys hold of each field; VARIES where they differ. None = not answered by any."""
        with self._core.store.read() as unit:
            return bulk.values_of(unit, keys, names)

    def preview(
        self,
        keys: Sequence[int],
        fields: Mapping[str, Value],
        progress: Tell | None = None,
        cancelled: Cancelled | None = None,
    ) -> BulkPreview:
        """What `change` would do. Nothing is stored. Raises UnknownName, Stopped."""
        told = _Told(progress, cancelled, len(keys), "looked at")
        with self._core.store.read() as unit:
            return bulk.preview(self._core, unit, keys, fields, told)

    def undoable(self) -> Act | None:
        """The act that `undo` would undo."""
        with self._core.store.read() as unit:
            return ActLog(unit).undoable()

    def redoable(self) -> Act | None:
        """The act that `redo` would do again."""
        with self._core.store.read() as unit:
            return ActLog(unit).redoable()

    # -- doing --------------------------------------------------------------------------------------

    def change(
        self,
        keys: Sequence[int],
        fields: Mapping[str, Value],
        *,
        words: str = "",
        progress: Tell | None = None,
        cancelled: Cancelled | None = None,
    ) -> Act:
        """Give these fields these values (None clears) in all these records: one transaction, one undo.

        Records that take no change are left out and named. Raises UnknownName, NothingToDo when no record would
        change, Stopped when `cancelled` (nothing is changed then).
        """
        if not keys or not fields:
            raise NothingToDo("Nothing to change: choose at least one record and one field.")
        patch = Patch(dict(fields))
        told = _Told(progress, cancelled, len(keys), "changed")
        with self._core.store.write() as unit:
            demand(unit, Role.ENTER)
            known = unit.lists.ids_of(keys)
            removed = [bulk.gone() for key in keys if key not in known]
            doing = _Doing(self._core, unit, told)
            steps = doing.lay({record_id: patch for record_id, _ in known.values()}, "edited")
            collection = self._core.collection(next(iter(known.values()))[1]) if known else None
            doing.left_out += removed
            name = words or (_words_of(collection, fields, len(steps)) if collection else "")
            return self._keep(unit, doing, Body(collection.name if collection else "", steps), name)

    def apply(
        self,
        patches: Mapping[RecordId, Patch],
        new: Sequence[Document] = (),
        *,
        collection: str,
        words: str,
        progress: Tell | None = None,
        cancelled: Cancelled | None = None,
        then: Then | None = None,
    ) -> Act:
        """Lay a patch over each record and add the new ones: one transaction, one undo. Raises as `change`.

        `then` may keep more in the same transaction; it is told the act and the ids of the records in it.
        """
        known = self._core.collection(collection)
        documents = [writing.as_new(known, document) for document in new]
        told = _Told(progress, cancelled, len(patches) + len(documents), "saved")
        with self._core.store.write() as unit:
            demand(unit, Role.ENTER)
            doing = _Doing(self._core, unit, told)
            steps = doing.lay(patches, "edited")
            made = doing.make(known, [Made(RecordId(new_id()), document) for document in documents])
            act = self._keep(unit, doing, Body(collection, steps, made), words)
            if then is not None:
                then(unit, act, [*steps, *(one.record_id for one in made)])
            return act

    def note(self, edited: Edited, words: str) -> Act | None:
        """Keep a single edit or revert that was made elsewhere, so that it can be undone; None when it changed nothing.

        One edit after another of the same fields of a record, with nothing between, is one act: a person typing on.
        """
        if not edited.inverse:
            return None
        after = edited.view.document
        before = apply(after, edited.inverse)
        with self._core.store.write(durable=False) as unit:
            log = ActLog(unit)
            last = log.undoable() if log.redoable() is None else None
            step = Step.between(edited.view.id, edited.view.label, before, after)
            longer = _typed_on(log.body(last), step) if last else None
            body = Body(edited.view.collection, {step.record_id: (longer or step).to_text()})
            act = Act(last.id if last and longer else new_id(), words, unit.now, unit.actor, 1, undone=False)
            (log.replace if longer else log.add)(act, body)
            return act

    def _keep(self, unit: Unit, doing: _Doing, body: Body, words: str) -> Act:
        """Journal and keep an act that was just done. Raises NothingToDo when it came to nothing."""
        left_out = tuple(doing.left_out)
        if not len(body):
            raise NothingToDo(_nothing(left_out), left_out)
        act = Act(doing.group, words, unit.now, unit.actor, len(body), undone=False)
        unit.journal.write("act", None, {"group": act.id, "words": words, "records": act.records})
        ActLog(unit).add(act, body)
        return replace(act, left_out=left_out)

    # -- undoing ------------------------------------------------------------------------------------

    def undo(self, progress: Tell | None = None, cancelled: Cancelled | None = None) -> Act:
        """Undo the last act. What was typed or arrived since stays, and is named in `left_out`.

        `records` of the result counts what was undone; 0 when all had moved on. Raises UsageError when there is none,
        Stopped when `cancelled` (nothing is undone then).
        """
        with self._core.store.write() as unit:
            act = ActLog(unit).undoable()
            if act is None:
                raise UsageError("There is nothing to undo.")
            return self._turn(unit, act, _Told(progress, cancelled, 0, ""))

    def undo_one(self, act_id: str, progress: Tell | None = None, cancelled: Cancelled | None = None) -> Act:
        """As `undo`, for an act that need not be the last. Raises UsageError when it cannot be undone any more."""
        with self._core.store.write() as unit:
            act = next((a for a in ActLog(unit).all() if a.id == act_id and not a.undone), None)
            if act is None:
                raise UsageError("This was undone already.")
            return self._turn(unit, act, _Told(progress, cancelled, 0, ""))

    def redo(self, progress: Tell | None = None, cancelled: Cancelled | None = None) -> Act:
        """Do again what was undone last, as carefully as `undo`. Raises as `undo`."""
        with self._core.store.write() as unit:
            act = ActLog(unit).redoable()
            if act is None:
                raise UsageError("There is nothing to redo.")
            return self._turn(unit, act, _Told(progress, cancelled, 0, ""))

    def _turn(self, unit: Unit, act: Act, told: _Told) -> Act:
        demand(unit, Role.ENTER)
        log = ActLog(unit)
        body = log.body(act)
        verb = "redone" if act.undone else "undone"
        doing = _Doing(self._core, unit, told.of(len(body), verb))
        steps = doing.go_back(body.steps, "edited" if act.undone else "reverted")
        gone = doing.unmake(body.made)
        made = doing.make(self._core.collection(body.collection), body.gone) if body.gone else ()
        turned = Body(body.collection, steps, made, gone)
        done = replace(act, undone=not act.undone, records=len(turned))
        facts = {"group": doing.group, "act": act.id, "words": act.words, "records": done.records}
        unit.journal.write(f"act_{verb}", None, facts | {"left_out": len(doing.left_out)})
        log.replace(done, turned)
        return replace(done, left_out=tuple(doing.left_out))


class _Doing:
    """One act while it is being done, within its unit of work: what it did under one group, and what it left out."""

    def __init__(self, core: Core, unit: Unit, told: _Told) -> None:
        self.group = new_id()
        self.left_out: list[LeftOut] = []
        self._core = core
        self._unit = unit
        self._told = told
        self._done = 0

    def lay(self, patches: Mapping[RecordId, Patch], event: str) -> dict[RecordId, str]:
        """Lay each patch over its record; records that hold it already are left as they are."""
        steps: dict[RecordId, str] = {}
        for record_id, record in self._each(patches):
            if record is None:
                self.left_out.append(bulk.gone(record_id))
                continue
            collection = self._core.collection_of(record)
            if why := bulk.why_not(collection, record):
                self.left_out.append(LeftOut(record.id, record.label, why))
                continue
            after = writing.patched(self._unit, collection, record, patches[record_id])
            if step := self._store(record, after, event):
                steps[record_id] = step.to_text()
        return steps

    def go_back(self, steps: Mapping[RecordId, str], event: str) -> dict[RecordId, str]:
        """Go the way back where nothing newer stands; what was done leads forth again."""
        done: dict[RecordId, str] = {}
        for record_id, record in self._each(steps):
            step = Step.from_text(record_id, steps[record_id])
            if record is None:
                self.left_out.append(bulk.gone(record_id, step.label))
                continue
            collection = self._core.collection_of(record)
            if why := writing.closed(collection, record):
                self.left_out.append(LeftOut(record.id, record.label, why))
                continue
            now = Step(
                step.record_id,
                step.label,
                writing.as_now(self._unit, step.back),
                writing.as_now(self._unit, step.left),
            )
            patch, newer = still_as_left(now, record.document)
            if newer:
                self.left_out.append(LeftOut(record.id, record.label, _newer(collection, newer)))
            if turned := self._store(record, apply(record.document, patch), event):
                done[record_id] = turned.to_text()
        return done

    def make(self, collection: Collection, wanted: Sequence[Made]) -> tuple[Made, ...]:
        """Add new records; what is asked only to find a person is in them, and not in what is kept for the undo."""
        documents = {made.record_id: made.document for made in wanted}
        for _ in writing.add_many(self._core, self._unit, collection, documents, group=self.group):
            self._tick()
        return tuple(Made(one.record_id, collection.without_lookup(one.document)) for one in wanted)

    def unmake(self, made: Sequence[Made]) -> tuple[Made, ...]:
        """Remove again what the act made, unless the portal may have it or somebody worked on it since."""
        removed: list[Made] = []
        by_id = {one.record_id: one for one in made}
        for record_id, record in self._each(by_id):
            one = by_id[record_id]
            if record is None:
                continue
            collection = self._core.collection_of(record)
            if writing.may_be_there(self._unit, record):
                why = f"It was sent to {collection.portal_short} meanwhile, so it stays."
            elif diff(one.document, collection.without_lookup(record.document)):
                why = "It was changed after this, so it stays."
            else:
                writing.discard(self._core, self._unit, record, group=self.group)
                removed.append(one)
                continue
            self.left_out.append(LeftOut(record.id, record.label, why))
        return tuple(removed)

    def _each(self, record_ids: Iterable[RecordId]) -> Iterator[tuple[RecordId, StoredRecord | None]]:
        for record_id in self._unit.one_by_one(list(record_ids)):
            yield RecordId(record_id), self._unit.records.get(record_id)
            self._tick()

    def _tick(self) -> None:
        self._done += 1
        self._told(self._done)

    def _store(self, record: StoredRecord, after: Document, event: str) -> Step | None:
        step = Step.between(record.id, record.label, record.document, after)
        if not step.left:
            return None
        writing.store(self._core, self._unit, record, after, event, group=self.group, changed=step.left)
        collection = self._core.collection_of(record)
        back, left = writing.keepable(collection, step.back), writing.keepable(collection, step.left)
        return replace(step, back=back, left=left)


def _typed_on(last: Body, step: Step) -> Step | None:
    """The last act and this edit as one step, when both are of the same fields of one record; else None."""
    if len(last) != 1 or step.record_id not in last.steps:
        return None
    first = Step.from_text(step.record_id, last.steps[step.record_id])
    if first.left.children or step.left.children or first.left.fields.keys() != step.left.fields.keys():
        return None
    if first.left.fields != step.back.fields:
        return None  # something came between
    return Step(step.record_id, step.label, first.back, step.left)


def _newer(collection: Collection, paths: Sequence[str]) -> str:
    labels = list(dict.fromkeys(wording.label_of(collection, path) for path in paths))
    shown = ", ".join(labels[:3]) + (f" and {len(labels) - 3} more" if len(labels) > 3 else "")
    return f"Changed after this, so it stays as it is: {shown}."


def _words_of(collection: Collection, fields: Mapping[str, Value], records: int) -> str:
    """Such as: Study mode: Full time, for 412 trainees."""
    who = wording.count(records, collection.singular)
    if len(fields) > 1:
        return f"{wording.count(len(fields), 'field')} of {who}"
    ((name, value),) = fields.items()
    return f"{wording.label_of(collection, name)}: {wording.value_of(collection, name, value)}, for {who}"


def _nothing(left_out: Sequence[LeftOut]) -> str:
    if not left_out:
        return "Nothing to do: everything is as you want it already."
    one = wording.count(len(left_out), "record was", "records were")
    return f"Nothing was changed. {one} left out: {left_out[0].why}"
