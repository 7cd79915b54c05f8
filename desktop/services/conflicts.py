"""What only a person can decide: conflicts, refusals, unknowns, duplicates; and settling them (I15, D14, D21)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from desktop.model.change import ChangeState
from desktop.model.collection import Collection
from desktop.model.conflict import Conflict, ConflictKind
from desktop.model.document import Document, diff, same
from desktop.model.errors import UnknownName, UsageError
from desktop.model.person import Role
from desktop.model.snapshot import Snapshot
from desktop.services import wording
from desktop.services.core import Core
from desktop.services.last_decision import keep_last, settled
from desktop.services.people import demand
from desktop.services.queue import Queue
from desktop.services.records import Records
from desktop.services.settling import drop_actions, given_up, laid_over, present, settle_fields, write_down
from desktop.services.views import Choice, Need, QueueItem, RecordView
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import by_file, outbox

_KIND_OF_NEED = {
    ConflictKind.FIELDS: "conflict",
    ConflictKind.DUPLICATE: "duplicate",
    ConflictKind.CLOSED: "closed",
    ConflictKind.MISSING: "missing",
    ConflictKind.COLLEAGUE: "conflict",
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
            return [present(conflict, record) for conflict, record in self._in_question(unit)]

    def needs(self) -> list[Need]:
        """Everything that waits for a person: conflicts, what was refused or is held, then what is unknown."""
        items = self._queue.items()
        found: list[Need] = []
        with self._core.store.read() as unit:
            for stored, record in self._in_question(unit):
                collection = self._core.collection_of(record)
                conflict = present(stored, record)
                by_field = conflict.by_fields
                what = _what(collection, conflict) if by_field else conflict.reason
                pounds = _pounds(collection, record)
                kind = _KIND_OF_NEED[conflict.kind]
                found.append(Need(kind, record.id, record.label, what, pounds, conflict, None))
            unknown = unit.outbox.all(states=(ChangeState.UNKNOWN,))
            ours = {thing.name: thing.body["attempts"] for thing in unit.kept.all(outbox.HELD_HERE)}
        uploaded = {change.id for change in unknown if by_file.waits(change)}
        refused = [item for item in items if item.state is ChangeState.REJECTED]
        held = {item.id for item in refused if ours.get(item.id) == item.attempts}
        found += [self._need("held" if item.id in held else "refused", item) for item in refused]
        found += [
            self._need("unknown", item)
            for item in items
            if item.state is ChangeState.UNKNOWN and item.id not in uploaded
        ]
        return found

    def _in_question(self, unit: Unit) -> Iterator[tuple[Conflict, StoredRecord]]:
        """Each open conflict with its record; many are read in few statements."""
        conflicts = unit.decisions.all()
        ids = [conflict.record_id for conflict in conflicts]
        for conflict, record_id in zip(conflicts, unit.one_by_one(ids), strict=True):
            yield conflict, self._core.record(unit, record_id)

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
            if not conflict.by_fields:
                return self._settle_whole(unit, conflict, record, collection, choices)
            conflict = present(conflict, record)
            saved = settle_fields(unit, collection, record, conflict, choices, today=self._core.today())
            keep_last(unit, f"Decided: {record.label}", [settled(collection, record, saved, conflict)])
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
            local = laid_over(snapshot.document, record.document)
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
            drop_actions(unit, record)
            for change in unit.outbox.of_record(record.id):
                unit.outbox.update(change, state=ChangeState.DISCARDED)
            unit.decisions.remove(record.id)
            unit.journal.write("sent_anew", record.id, {"was": record.portal_id})
            saved = unit.records.detach(collection, record, (unit.now, unit.actor))
            outbox.follow(unit, collection, saved, self._core.today(), edited=True)
            for change in unit.outbox.of_record(record.id):
                unit.outbox.update(change, payload={"was": record.portal_id})
            unit.touched.records.add("*")
        return self._records.view(record.id)

    # -- inside -------------------------------------------------------------------------------------

    def _find(self, unit: Unit, conflict_id: str) -> tuple[Conflict, StoredRecord, Collection]:
        demand(unit, Role.ENTER)
        conflict = unit.decisions.get(conflict_id)
        if conflict is None:
            raise UnknownName(f'There is no open conflict "{conflict_id[:80]}".')
        record = self._core.record(unit, conflict.record_id)
        return conflict, record, self._core.collection_of(record)

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
            conflict = replace(conflict, fields=given_up(record, collection))
        write_down(unit, conflict, {f.unit: side for f in conflict.fields}, choices)
        unit.decisions.remove(record.id)
        if side == "theirs":
            drop_actions(unit, record)
            record = unit.records.save(
                collection, record, pending=diff(Document(), Document()), saved=(unit.now, unit.actor)
            )
        outbox.follow(unit, collection, record, self._core.today(), edited=True)
        return self._records.view_in(unit, record.id)


def _what(collection: Collection, conflict: Conflict) -> str:
    labels = list(
        dict.fromkeys(
            wording.label_of(collection, f.field) for f in conflict.fields if not same(f.mine, f.theirs)
        )
    )
    why = conflict.reason.rstrip(".") or f"You and someone at {collection.portal_short} both changed"
    return f"{why}: {', '.join(labels)}"


def _pounds(collection: Collection, record: StoredRecord) -> int | None:
    money = collection.money(record.document)
    return money.at_most if money else None
