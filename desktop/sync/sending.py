"""Sending one claimed change, by its kind (sync.md D7-D15; pack 1.5-1.8, 3.3): what is asked of the portal, and what its yes means."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.collection import Collection
from desktop.model.document import ChildPatch, Fields
from desktop.model.snapshot import Snapshot
from desktop.model.verdict import Accepted, Duplicate, NotFound, Outcome, PortalState, Unavailable
from desktop.store.records import StoredRecord
from desktop.sync import adopt, watch
from desktop.sync.absorb import Sent, adopt_twin, close_change, confirm
from desktop.sync.answers import Answers
from desktop.sync.claims import Claims
from desktop.sync.trip import Trip


class Sending:
    """Sends changes of every kind. Their records were read a moment ago."""

    def __init__(self, trip: Trip, claims: Claims, answers: Answers) -> None:
        self._trip = trip
        self._store = trip.store
        self._collection = trip.collection
        self._portal = trip.portal
        self._claims = claims
        self._answers = answers

    def send(self, change: Change) -> None:
        """Claim it, send it, take in the answer."""
        match change.kind:
            case ChangeKind.CREATE:
                self._create(change.id)
            case ChangeKind.UPDATE:
                self._update(change.id)
            case ChangeKind.NESTED:
                self._nested(change.id)
            case ChangeKind.ACTION:
                self._act(change.id)
            case _:
                assert_never(change.kind)

    def _create(self, change_id: str) -> None:
        claimed = self._claims.claim(change_id)
        if claimed is None:
            return
        change, record = claimed
        outcome = self._portal.create(record.document.copy())
        if isinstance(outcome, Accepted) and outcome.snapshot:
            self._landed(change, outcome.snapshot)
        elif isinstance(outcome, Duplicate):
            self._duplicate(change, outcome)
        else:
            self._answers.other(change, outcome)

    def _landed(self, change: Change, snapshot: Snapshot) -> None:
        with self._answers.answered(change) as unit:
            record = unit.records.get(change.record_id)
            now = unit.outbox.get(change.id)
            assert record is not None
            assert now is not None
            kept = adopt.adopt(unit, self._trip.terms, record, now, snapshot)
            self._answers.refuse_ignored(unit, record.id, kept)
        self._answers.landed(snapshot.portal_id)

    def _duplicate(self, change: Change, outcome: Duplicate) -> None:
        mine = next((s for s in outcome.candidates if self._is_ours(change, s)), None)
        if mine is not None:
            self._landed(change, mine)
            return
        with self._store.write() as unit:
            watch.note_answer(unit, self._collection.name, "send")
            record = unit.records.get(change.record_id)
            assert record is not None
            # The portal's no: nothing of ours is there that would have to be known again.
            unit.outbox.update(
                change, state=ChangeState.CONFLICT, reason=outcome.message, payload=adopt.former(change)
            )
            adopt.ask_about_duplicate(unit, record, outcome.candidates, outcome.message)

    def _is_ours(self, change: Change, candidate: Snapshot) -> bool:
        """Whether the portal names what this request made: also when the line delivered it twice (N3), so that the second
        delivery was refused because of the first. It then holds what was sent to the letter, and no listing ever showed it.
        So does what the record was there before it was sent anew, when somebody put that back.
        """
        if adopt.is_ours(self._collection, change, candidate):
            return True
        with self._store.read() as unit:
            known = unit.records.by_portal_id(self._collection.name, candidate.portal_id)
        unheard_of = known is None or candidate.portal_id == change.payload.get("was")
        return unheard_of and adopt.holds_all(self._trip.terms, change, candidate)

    def _update(self, change_id: str) -> None:
        claimed = self._claims.claim(change_id)
        if claimed is None:
            return
        change, record = claimed
        assert record.base is not None
        fields = dict(record.pending.fields)
        outcome = self._portal.update(record.base, fields)
        if isinstance(outcome, Accepted) and outcome.snapshot:
            self._confirmed(change, outcome.snapshot, fields)
        else:
            self._answers.other(change, outcome)

    def _confirmed(self, change: Change, snapshot: Snapshot, fields: Fields) -> None:
        with self._answers.answered(change) as unit:
            close_change(unit, change, "confirmed", {"fields": fields, "portal_version": snapshot.version})
            record = unit.records.get(change.record_id)
            assert record is not None
            _, kept = confirm(unit, self._trip.terms, record, snapshot, Sent(fields))
            self._answers.refuse_ignored(unit, record.id, kept)
        self._answers.landed(snapshot.portal_id)

    def _nested(self, change_id: str) -> None:
        claimed = self._claims.claim(change_id)
        if claimed is None:
            return
        change, record = claimed
        assert record.base is not None
        assert record.portal_id is not None
        kind, child_id = change.target.split(".", 1)
        patch = record.pending.children[kind][child_id]
        fields: Fields = change.payload["fields"]
        outcome: Outcome
        if patch.added:
            outcome = self._portal.add_child(record.portal_id, kind, fields)
        elif patch.removed:
            outcome = self._portal.remove_child(record.portal_id, kind, child_id)
        else:
            outcome = self._portal.update_child(record.base, kind, child_id, fields)
        gone = isinstance(outcome, NotFound) and outcome.what == "child"
        if patch.added and isinstance(outcome, Duplicate):
            self._child_is_there(change, record, outcome)
        elif isinstance(outcome, Accepted) or (gone and patch.removed):
            known_as = outcome.child_id if isinstance(outcome, Accepted) else None
            self._nested_done(change, record, sent_child(patch, change, known_as))
        elif gone:
            self._child_is_gone(change, record)
        else:
            self._answers.other(change, outcome)

    def _read_back(self, change: Change, record: StoredRecord) -> Snapshot | None:
        """The record whole, which a child's reply does not show; without an answer the change is unknown (I12)."""
        assert record.portal_id is not None
        answer = self._portal.fetch(record.portal_id)
        if isinstance(answer, Snapshot):
            return answer
        if isinstance(answer, Unavailable):
            failure = replace(answer, effect_possible=True)
        else:
            failure = Unavailable(PortalState.UNKNOWN, answer.message, effect_possible=True)
        self._answers.lost(change, failure)
        return None

    def _nested_done(self, change: Change, record: StoredRecord, sent: Sent) -> None:
        answer = self._read_back(change, record)
        if answer is None:
            return
        with self._answers.answered(change) as unit:
            close_change(unit, change, "confirmed", {"portal_version": answer.version})
            now = unit.records.get(change.record_id)
            assert now is not None
            _, kept = confirm(unit, self._trip.terms, now, answer, sent)
            self._answers.refuse_ignored(unit, now.id, kept)
        self._answers.landed(answer.portal_id)

    def _child_is_there(self, change: Change, record: StoredRecord, outcome: Duplicate) -> None:
        """409 for a new child: somebody else's, to be adopted (pack 3.3), or one that was there all along: a refusal."""
        assert record.base is not None
        kind, local_id = change.target.split(".", 1)
        answer = self._read_back(change, record)
        if answer is None:
            return
        known = {c.id for c in record.base.document.children.get(kind, ())}
        there = {c.id for c in answer.document.children.get(kind, ())}
        twin = next((i for i in outcome.child_ids if i in there - known), None)
        if twin is None:
            self._answers.reject(change, outcome.message, ())
            self._answers.take(change.record_id, answer)
            return
        with self._answers.answered(change) as unit:
            close_change(unit, change, "confirmed", {"portal_version": answer.version})
            now = unit.records.get(change.record_id)
            assert now is not None
            adopt_twin(unit, self._trip.terms, now, answer, (kind, local_id, twin))
        self._answers.landed(answer.portal_id)

    def _child_is_gone(self, change: Change, record: StoredRecord) -> None:
        """404 for a child that we changed: somebody removed it. The merge makes that a question."""
        with self._store.write() as unit:
            unit.outbox.update(change, state=ChangeState.QUEUED)
            self._answers.follow(unit, record.id)
        assert record.portal_id is not None
        answer = self._portal.fetch(record.portal_id)
        if isinstance(answer, Unavailable):
            self._answers.systemic("read", answer)
        else:
            self._answers.take(record.id, answer)

    def _act(self, change_id: str) -> None:
        with self._store.read() as unit:
            change, record, _ = self._claims.look(unit, change_id)
        action = self._collection.action(change.target) if change else None
        if change is None or record is None or record.base is None or action is None:
            return
        fields = change.payload.get("fields", {})
        if action.done(record.state, record.base.extras, fields):
            self._answers.action_done(change, record.base)
        elif record.state not in action.allowed:
            self._answers.reject(change, _wrong_state(self._collection, record.state, action.label), ())
        elif (claimed := self._claims.claim(change_id)) is not None:
            assert record.portal_id is not None
            outcome = self._portal.act(record.portal_id, change.target, fields)
            if isinstance(outcome, Accepted) and outcome.snapshot:
                self._answers.action_done(claimed[0], outcome.snapshot)
            else:
                self._answers.other(claimed[0], outcome)


def sent_child(patch: ChildPatch, change: Change, known_as: str | None) -> Sent:
    """What the request for a child carried, for `confirm`."""
    kind, child_id = change.target.split(".", 1)
    fields: Fields = change.payload["fields"]
    if patch.added:
        return Sent({}, added={kind: {child_id: fields}}, known_as={child_id: known_as} if known_as else {})
    return Sent({}) if patch.removed else Sent({}, edited={kind: {child_id: fields}})


def _wrong_state(collection: Collection, state: str, what: str) -> str:
    found = collection.state(state)
    label = (found.label if found else state).lower()
    return f"{what} is not possible: at {collection.portal_short} this {collection.singular} is {label}."
