"""What only a person can decide: conflicts, refusals, unknowns, duplicates; and settling them (I15, D14, D21)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from desktop.model.change import ChangeKind, ChangeState
from desktop.model.collection import Collection
from desktop.model.conflict import Conflict, ConflictKind, FieldConflict
from desktop.model.document import Child, Document, Fields, diff, same
from desktop.model.errors import UnknownName, UsageError
from desktop.model.snapshot import Snapshot
from desktop.services import wording
from desktop.services.core import Core, refuse_unwritable
from desktop.services.queue import Queue
from desktop.services.records import Records
from desktop.services.views import Choice, Need, QueueItem, RecordView
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import outbox
from desktop.sync.merge import find_twin, leaves, says_the_same, take, value_at

_KIND_OF_NEED = {
    ConflictKind.FIELDS: "conflict",
    ConflictKind.DUPLICATE: "duplicate",
    ConflictKind.CLOSED: "closed",
    ConflictKind.MISSING: "missing",
}


class Conflicts:
    """Open decisions and their settling. The value that is not chosen goes to the journal and stays readable."""

    def __init__(self, core: Core, records: Records, queue: Queue) -> None:
        self._core = core
        self._records = records
        self._queue = queue

    def open(self) -> list[Conflict]:
        """Open conflicts, oldest first, `mine` as it stands now."""
        with self._core.store.read() as unit:
            return [self._present(unit, c) for c in unit.decisions.all()]

    def needs(self) -> list[Need]:
        """Everything that waits for a person: conflicts, then what was refused, then what is unknown."""
        items = self._queue.items()
        found: list[Need] = []
        for conflict in self.open():
            with self._core.store.read() as unit:
                record = self._core.record(unit, conflict.record_id)
            collection = self._core.collection_of(record)
            found.append(
                Need(
                    _KIND_OF_NEED[conflict.kind],
                    record.id,
                    record.label,
                    conflict.reason or _what(collection, conflict),
                    _pounds(collection, record),
                    conflict,
                    None,
                )
            )
        for state, kind in ((ChangeState.REJECTED, "refused"), (ChangeState.UNKNOWN, "unknown")):
            found += [self._need(kind, item) for item in items if item.state is state]
        return found

    @staticmethod
    def _need(kind: str, item: QueueItem) -> Need:
        return Need(
            kind, item.record_id, item.record_label, item.reason or item.what, item.money_gbp, None, item
        )

    def resolve(self, conflict_id: str, choices: Mapping[str, Choice]) -> RecordView:
        """Settle a conflict field by field: "mine", "theirs" or ("value", V). Fields of one unit go together.

        Fields that are not named follow the choice of their unit; a unit without any choice stays open.
        Raises UnknownName for a conflict or field that is not there, UsageError for choices that contradict.
        """
        with self._core.store.write() as unit:
            conflict, record, collection = self._find(unit, conflict_id)
            if conflict.kind is not ConflictKind.FIELDS:
                return self._settle_whole(unit, conflict, record, collection, choices)
            conflict = self._present(unit, conflict)
            sides = _sides(conflict, choices)
            assert record.base is not None
            theirs = record.base.document
            after = record.document.copy()
            for row in conflict.fields:
                side = sides.get(row.unit)
                if side == "theirs":
                    take(after, theirs, [row.field])
                choice = choices.get(row.field)
                if isinstance(choice, tuple):
                    refuse_unwritable(choice[1])
                    _put(after, row.field, choice[1])
            rest = tuple(f for f in conflict.fields if f.unit not in sides)
            self._journal(unit, conflict, sides, choices)
            if rest:
                unit.decisions.put(record.key, Conflict(**{**conflict.__dict__, "fields": rest}))
            else:
                unit.decisions.remove(record.id)
            saved = unit.records.save(
                collection, record, pending=diff(theirs, after), saved=(unit.now, unit.actor)
            )
            outbox.follow(unit, collection, saved, self._core.today(), edited=True)
        return self._records.view(record.id)

    def resolve_all(self, conflict_id: str, side: str) -> RecordView:
        """Settle every field the same way: "mine" or "theirs"."""
        if side not in ("mine", "theirs"):
            raise UsageError('Choose "mine" or "theirs".')
        with self._core.store.read() as unit:
            conflict, _, _ = self._find(unit, conflict_id)
        return self.resolve(conflict_id, {f.field: side for f in conflict.fields} or {"*": side})

    def link(self, conflict_id: str, portal_id: str) -> RecordView:
        """A new record and one at the portal are the same person: it becomes an edit of that one (D14)."""
        with self._core.store.write() as unit:
            conflict, record, collection = self._find(unit, conflict_id)
            chosen = next((c for c in conflict.candidates if c["portal_id"] == portal_id), None)
            if conflict.kind is not ConflictKind.DUPLICATE or chosen is None:
                raise UnknownName("That record is not among the ones the portal named.")
            snapshot = Snapshot.from_json(chosen)
            twin = unit.records.by_portal_id(collection.name, portal_id)
            if twin is not None:
                if twin.pending or unit.outbox.of_record(twin.id):
                    raise UsageError(
                        "That record has changes of its own that wait here. Send or take them back first."
                    )
                unit.journal.write("linked", twin.id, {"into": record.id})
                unit.records.remove(twin.key)
            for change in unit.outbox.of_record(record.id):
                unit.outbox.update(change, state=ChangeState.DISCARDED)
            unit.decisions.remove(record.id)
            local = _laid_over(snapshot.document, record.document)
            saved = unit.records.save(
                collection,
                record,
                base=snapshot,
                pending=diff(snapshot.document, local),
                saved=(unit.now, unit.actor),
            )
            unit.journal.write("linked", record.id, {"portal_id": portal_id})
            outbox.follow(unit, collection, saved, self._core.today(), edited=True)
            unit.touched.records.add("*")
        return self._records.view(record.id)

    def keep_draft(self, conflict_id: str) -> RecordView:
        """Not the same person: keep it as a refused new record, to be edited before it is tried again."""
        with self._core.store.write() as unit:
            conflict, record, collection = self._find(unit, conflict_id)
            if conflict.kind is not ConflictKind.DUPLICATE:
                raise UsageError("Only a possible duplicate can be kept as a draft.")
            unit.decisions.remove(record.id)
            unit.journal.write("kept_as_draft", record.id, {})
            edited_since = record.saved_at is not None and record.saved_at > conflict.created_at
            outbox.follow(unit, collection, record, self._core.today(), edited=True)
            if not edited_since:
                reason = f"{collection.portal_short} says it has this {collection.singular}. Change what differs, then it is tried again."
                for change in unit.outbox.of_record(record.id):
                    if change.state is ChangeState.QUEUED:
                        unit.outbox.update(change, state=ChangeState.REJECTED, reason=reason)
                outbox.restand(unit, record.id)
        return self._records.view(record.id)

    def send_anew(self, conflict_id: str) -> RecordView:
        """The portal lost the record (I11), or somebody deleted it by mistake: it is sent again, as a new one."""
        with self._core.store.write() as unit:
            conflict, record, collection = self._find(unit, conflict_id)
            if conflict.kind is not ConflictKind.MISSING:
                raise UsageError(
                    "Only a record that the portal does not have any more can be sent as a new one."
                )
            _drop_actions(unit, record)
            for change in unit.outbox.of_record(record.id):
                unit.outbox.update(change, state=ChangeState.DISCARDED)
            unit.decisions.remove(record.id)
            unit.journal.write("sent_anew", record.id, {"was": record.portal_id})
            saved = unit.records.detach(collection, record, (unit.now, unit.actor))
            outbox.follow(unit, collection, saved, self._core.today(), edited=True)
            unit.touched.records.add("*")
        return self._records.view(record.id)

    # -- inside -------------------------------------------------------------------------------------

    def _find(self, unit: Unit, conflict_id: str) -> tuple[Conflict, StoredRecord, Collection]:
        conflict = unit.decisions.get(conflict_id)
        if conflict is None:
            raise UnknownName(f'There is no open conflict "{conflict_id[:80]}".')
        record = self._core.record(unit, conflict.record_id)
        return conflict, record, self._core.collection_of(record)

    def _present(self, unit: Unit, conflict: Conflict) -> Conflict:
        """The conflict with `mine` as typed by now, not as it was when the conflict arose."""
        record = self._core.record(unit, conflict.record_id)
        rows = tuple(
            type(f)(f.field, f.unit, f.base, value_at(record.document, f.field), f.theirs)
            for f in conflict.fields
        )
        return Conflict(**{**conflict.__dict__, "fields": rows})

    def _settle_whole(
        self,
        unit: Unit,
        conflict: Conflict,
        record: StoredRecord,
        collection: Collection,
        choices: Mapping[str, Choice],
    ) -> RecordView:
        """Closed at the portal, missing, or duplicate: "theirs" gives our change up, "mine" keeps it, unsent."""
        sides = {c for c in choices.values() if isinstance(c, str)}
        if len(sides) != 1 or not sides <= {"mine", "theirs"}:
            raise UsageError('Choose "mine" or "theirs" for all of it.')
        side = sides.pop()
        if side == "mine" and conflict.kind is not ConflictKind.MISSING:
            raise UsageError(
                f"{conflict.reason} Your change cannot be sent. Choose theirs to give it up, or ask the portal's support."
            )
        if conflict.kind is ConflictKind.DUPLICATE:
            raise UsageError("Link it to the portal's record, or keep it as a draft and change what differs.")
        if side == "theirs":
            conflict = replace(conflict, fields=_given_up(record, collection))
        self._journal(unit, conflict, {f.unit: side for f in conflict.fields}, choices)
        unit.decisions.remove(record.id)
        if side == "theirs":
            _drop_actions(unit, record)
            record = unit.records.save(
                collection, record, pending=diff(Document(), Document()), saved=(unit.now, unit.actor)
            )
        outbox.follow(unit, collection, record, self._core.today(), edited=True)
        return self._records.view_in(unit, record.id)

    def _journal(
        self, unit: Unit, conflict: Conflict, sides: Mapping[str, str], choices: Mapping[str, Choice]
    ) -> None:
        """Who decided what, with every value that was not chosen (the losers)."""
        rows = [f for f in conflict.fields if f.unit in sides]
        losers = {
            f.field: (f.theirs if sides[f.unit] == "mine" else f.mine)
            for f in rows
            if not same(f.mine, f.theirs)
        }
        typed = {f.field: c[1] for f in rows if isinstance(c := choices.get(f.field), tuple)}
        detail = {
            "kind": conflict.kind,
            "choices": {f.field: "value" if f.field in typed else sides[f.unit] for f in rows},
            "lost": losers,
            "typed": typed,
            "values": {f.field: {"base": f.base, "mine": f.mine, "theirs": f.theirs} for f in rows},
        }
        unit.journal.write("resolved", conflict.record_id, detail)


def _sides(conflict: Conflict, choices: Mapping[str, Choice]) -> dict[str, str]:
    """Merge unit -> "mine" or "theirs". A typed value keeps the rest of its unit as mine unless it says theirs."""
    rows = {f.field: f for f in conflict.fields}
    sides: dict[str, str] = {}
    typed: set[str] = set()
    for name, choice in choices.items():
        row = rows.get(name)
        if row is None:
            raise UnknownName(f'"{name[:80]}" is not in this conflict. It is about: {", ".join(rows)}.')
        if isinstance(choice, tuple):
            typed.add(row.unit)
            continue
        if choice not in ("mine", "theirs"):
            raise UsageError(f'"{choice[:80]}" is not a choice. Use mine, theirs or value:V.')
        if sides.setdefault(row.unit, choice) != choice:
            together = ", ".join(f.field for f in conflict.fields if f.unit == row.unit)
            raise UsageError(f"These belong together, so choose one side for all of them: {together}.")
    for unit in typed:
        sides.setdefault(unit, "mine")
    if not sides:
        raise UsageError(f"Say what to choose for: {', '.join(rows)}.")
    return sides


def _drop_actions(unit: Unit, record: StoredRecord) -> None:
    """Actions that were confirmed and can have no place to go any more; the journal tells which."""
    for change in unit.outbox.of_record(record.id):
        if change.kind is ChangeKind.ACTION:
            unit.outbox.update(change, state=ChangeState.DISCARDED)
            told = {"kind": change.kind, "target": change.target, **change.payload}
            unit.journal.write("taken_back", record.id, told)


def _given_up(record: StoredRecord, collection: Collection) -> tuple[FieldConflict, ...]:
    """Everything of ours that goes when the portal's side is taken whole, so that the journal can tell it (I15)."""
    base = record.base.document if record.base else Document()
    paths = leaves(record.pending.touched(), base, record.document)
    return tuple(
        FieldConflict(
            p, collection.unit_of(p), value_at(base, p), value_at(record.document, p), value_at(base, p)
        )
        for p in paths
    )


def _put(document: Document, path: str, value: str | int | None) -> None:
    parts = path.split(".")
    if len(parts) == 1:
        document.fields[path] = value
    elif (child := document.child(parts[0], parts[1])) is not None and len(parts) == 3:
        child.fields[parts[2]] = value


def _laid_over(theirs: Document, mine: Document) -> Document:
    """The portal's record with every answer of the draft laid over it; children that say the same are not doubled."""
    document = theirs.copy()
    document.fields.update({n: v for n, v in mine.fields.items() if v not in (None, "")})
    for kind, group in mine.children.items():
        held = document.children.setdefault(kind, [])
        taken: list[str] = []
        for child in group:
            twin = find_twin(kind, child.fields, held, taken, _same_child)
            if twin is not None:
                taken.append(twin.id)
            else:
                held.append(Child(child.id, dict(child.fields)))
    return document


def _same_child(kind: str, said: Fields, held: Fields) -> bool:
    """It says the same, or it is at the same school, however that is called (pack 1.7)."""
    return says_the_same(kind, said, held) or (
        said.get("urn") not in (None, "") and same(said["urn"], held.get("urn"))
    )


def _what(collection: Collection, conflict: Conflict) -> str:
    labels = list(
        dict.fromkeys(
            wording.label_of(collection, f.field) for f in conflict.fields if not same(f.mine, f.theirs)
        )
    )
    return f"You and someone at {collection.portal_short} both changed: {', '.join(labels)}"


def _pounds(collection: Collection, record: StoredRecord) -> int | None:
    money = collection.money(record.document)
    return money.at_most if money else None
