"""Pull from a file: what the portal's own export shows is taken in as a listing is (sync.md I8-I16; pack section 9.1).

A row older than what is known is left alone. A change that was entered or uploaded by hand, and that the file shows, is
confirmed: the file is its receipt. One that the file shows otherwise waits on, or becomes a question. Who is not in the
file is a suspicion at most, and only where a person says that the file holds everybody (I9).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import orjson

from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.document import Document, Fields
from desktop.model.glimpse import Glimpse
from desktop.model.snapshot import Snapshot
from desktop.store.records import StoredRecord, body_text
from desktop.store.store import Unit
from desktop.sync import adopt, by_file, by_hand, outbox
from desktop.sync.absorb import absorb
from desktop.sync.page_in import PageIn
from desktop.sync.pull import open_missing
from desktop.sync.seen import Seen, moment, on_word, whole
from desktop.sync.settle import landed, take_landed
from desktop.sync.trip import Terms

_MAY_BE_SHOWN = (ChangeState.QUEUED, ChangeState.REJECTED)
"""Not said to be entered, and yet the file may show it: somebody entered it all the same."""

_NOT_ALWAYS_LISTED = frozenset({"draft"})
"""The website keeps drafts on a page of their own."""


@dataclass
class FilePulled:
    """What rows of a file did. Records, but for `confirmed` = changes, and `unread` = cells by column.

    older  rows that are older than what is known, left alone;  asked = new records of which one here may be the same
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    merged: int = 0
    confirmed: int = 0
    conflicts: int = 0
    asked: int = 0
    older: int = 0
    waiting: int = 0
    unread: Counter[str] = field(default_factory=Counter)

    def add(self, other: FilePulled) -> None:
        """Count another page in."""
        for name, value in vars(other).items():
            if name == "unread":
                self.unread.update(value)
            else:
                setattr(self, name, getattr(self, name) + value)


class FilePull:
    """Takes in one file, page by page, inside units of work of the caller.

    file   its name, the receipt of what it confirms
    old    a file older than one that was taken in: only what is newer than all that is known counts in it
    """

    def __init__(self, terms: Terms, file: str, *, old: bool = False) -> None:
        self._terms = terms
        self._collection = terms.collection
        self._file = file
        self._old = old
        self._receipt: Mapping[str, object] = {"file": file}
        self._page_in = PageIn(terms, self._receipt, adopts=False)
        self._creates: _Creates | None = None

    def page(self, unit: Unit, glimpses: Sequence[Glimpse]) -> FilePulled:
        """Take in some rows, each of another record."""
        done = FilePulled()
        if self._creates is None:
            self._creates = _Creates(unit, self._terms)
        known = unit.meet(self._collection.name, [g.portal_id for g in glimpses])
        plain: list[Snapshot] = []
        lookalikes: list[tuple[Change, Snapshot]] = []
        work: list[Glimpse] = []
        for glimpse in glimpses:
            held = known.get(glimpse.portal_id)
            if held is None:
                self._first(unit, glimpse, (plain, lookalikes), done)
            elif self._is_older(held.version, glimpse):
                done.older += 1
            elif held.local_work:
                work.append(glimpse)
            else:
                base = Snapshot.from_json(orjson.loads(held.body))
                seen = whole(self._terms, glimpse, base, base.document)
                done.unread.update(cell.column for cell in seen.unread)
                if body_text(seen.snapshot) == held.body and not held.missing:
                    done.same += 1
                else:
                    plain.append(seen.snapshot)
        for glimpse in work:
            self._with_work(unit, known[glimpse.portal_id].id, glimpse, done)
        taken = self._page_in.take(unit, plain)
        done.new += taken.new
        done.changed += taken.changed - taken.new
        for change, snapshot in lookalikes:
            self._ask(unit, change, snapshot, done)
        return done

    def _is_older(self, version: str, glimpse: Glimpse) -> bool:
        known_at = moment(version)
        if known_at is None:
            return False
        return glimpse.changed_at < known_at or (self._old and glimpse.changed_at == known_at)

    # -- new here -------------------------------------------------------------------------------------------------

    def _first(
        self,
        unit: Unit,
        glimpse: Glimpse,
        found: tuple[list[Snapshot], list[tuple[Change, Snapshot]]],
        done: FilePulled,
    ) -> None:
        """Somebody who is not known by the portal's id: our own new record, or somebody new."""
        assert self._creates is not None
        plain, lookalikes = found
        seen = whole(self._terms, glimpse, None, Document())
        matches = self._creates.like(seen.snapshot.document)
        if len(matches) == 1 and by_file.waits(matches[0]):
            change = matches[0]
            self._creates.forget(change)
            record = unit.records.get(change.record_id)
            assert record is not None
            sent = adopt.sent_document(change)
            told = whole(self._terms, glimpse, Snapshot(glimpse.portal_id, "", "", sent), sent)
            done.unread.update(cell.column for cell in told.unread)
            adopt.adopt(unit, self._terms, record, change, told.snapshot, receipt=self._receipt)
            done.conflicts += unit.decisions.of_record(record.id) is not None
            done.confirmed += 1
            done.changed += 1
            return
        done.unread.update(cell.column for cell in seen.unread)
        plain.append(seen.snapshot)
        for change in matches:
            self._creates.forget(change)
            lookalikes.append((change, seen.snapshot))

    def _ask(self, unit: Unit, change: Change, snapshot: Snapshot, done: FilePulled) -> None:
        """Somebody here looks like one who is at the portal: a person says whether they are the same."""
        record = unit.records.get(change.record_id)
        if record is None or unit.decisions.of_record(change.record_id) is not None:
            return
        short = self._collection.portal_short
        message = (
            f"{self._file} shows somebody like this at {short}. Is it the same {self._collection.singular}?"
        )
        adopt.ask_about_duplicate(unit, record, (snapshot,), message)
        if by_file.waits(change):
            unit.outbox.update(change, state=ChangeState.CONFLICT)
        outbox.follow(unit, self._collection, record, self._terms.today)
        done.asked += 1

    # -- with work of our own -------------------------------------------------------------------------------------

    def _with_work(self, unit: Unit, record_id: str, glimpse: Glimpse, done: FilePulled) -> None:
        record = _must(unit, record_id)
        before = record.base
        newer = before is not None and moment(before.version) != glimpse.changed_at
        asked_before = unit.decisions.of_record(record_id)
        for change in outbox.in_order(unit.outbox.of_record(record_id)):
            record = _must(unit, record_id)
            if self._shows(unit, record, change, glimpse, newer=newer):
                done.confirmed += 1
        record = _must(unit, record_id)
        seen = whole(self._terms, glimpse, record.base, record.document)
        done.unread.update(cell.column for cell in seen.unread)
        rows = unit.outbox.of_record(record_id)
        if any(c.state in outbox.FATE_OPEN and not by_file.waits(c) for c in rows):
            done.waiting += 1
            return
        for change in rows:
            if by_file.waits(change):
                self._waits_on(unit, record, change, seen, done)
                record = _must(unit, record_id)
        taken = absorb(unit, self._terms, record, seen.snapshot, listed=True)
        done.merged += taken.merged
        moved = before is not None and body_text(before) != body_text(_must(unit, record_id).base or before)
        done.changed += moved
        done.same += not moved
        if taken.conflict is not None and (asked_before is None or asked_before.id != taken.conflict.id):
            done.conflicts += 1

    def _shows(
        self, unit: Unit, record: StoredRecord, change: Change, glimpse: Glimpse, *, newer: bool
    ) -> bool:
        """Whether the file shows that a change is done; it is confirmed then.

        Of a change that a person says to have entered, what the file cannot show is taken on their word, as long as it shows
        something of it, or at least that the record was changed. Of any other, it must show everything.
        """
        waits = by_file.waits(change)
        if change.kind is ChangeKind.CREATE or not (waits or change.state in _MAY_BE_SHOWN):
            return False
        told = change if waits else replace(change, payload=self._as_sent(record, change))
        sent = _paths(told)
        seen = whole(self._terms, glimpse, record.base, record.document)
        shown = {path for path in sent if path in seen.shown}
        if sent and not (shown if waits else shown == sent.keys()) and not (waits and newer):
            return False
        if not landed(self._terms, told, record, seen.snapshot, shown=seen.shown):
            return False
        answer = on_word(seen, sent if waits else {}).snapshot
        receipt = dict(self._receipt)
        if hidden := sorted(sent.keys() - shown):
            receipt["on_word"] = hidden
        take_landed(unit, self._terms, told, record, answer, receipt=receipt)
        return True

    @staticmethod
    def _as_sent(record: StoredRecord, change: Change) -> dict[str, object]:
        return {**change.payload, **outbox.content(change, record.document, record.pending)}

    def _waits_on(
        self, unit: Unit, record: StoredRecord, change: Change, seen: Seen, done: FilePulled
    ) -> None:
        """The file does not show it. If it shows a third value, what was entered is not there: it is in question again."""
        base = record.base.document.fields if record.base else {}
        there = seen.snapshot.document.fields
        sent: Fields = change.payload.get("fields", {}) if change.kind is ChangeKind.UPDATE else {}
        agree = self._terms.agree
        if any(
            name in seen.shown
            and not agree(name, value, there.get(name))
            and not agree(name, base.get(name), there.get(name))
            for name, value in sent.items()
        ):
            reason = f"{self._file} shows something else."
            by_file.came_back(unit, self._collection, record, change, reason=reason, today=self._terms.today)
            return
        done.waiting += 1
        unit.outbox.update(change, reason=f"{self._file} does not show it yet. It waits to be read back.")

    # -- not in the file ------------------------------------------------------------------------------------------

    def absent(self, unit: Unit, listed: Iterable[str], as_of: datetime) -> list[StoredRecord]:
        """Records that are at the portal as far as is known, were so when the file was made, and are not in it."""
        there = frozenset(listed)
        ids = unit.records.portal_ids(self._collection.name)
        found = unit.records.contents([key for portal_id, key in ids.items() if portal_id not in there])
        return [
            r
            for r in found
            if r.base and r.state not in _NOT_ALWAYS_LISTED and (moment(r.base.version) or as_of) <= as_of
        ]

    def doubt(self, unit: Unit, record_id: str) -> None:
        """A person says that the file holds everybody, and this one is not in it: flagged, never removed (I9)."""
        record = unit.records.get(record_id)
        if record is None or record.portal_id is None or record.missing:
            return
        if by_hand.gone_as_asked(unit, self._collection, record.id):
            return
        unit.journal.write("missing", record_id, dict(self._receipt), actor="")
        saved = unit.records.save(self._collection, record, missing=True)
        open_missing(unit, self._collection, saved, self._terms.today)


def _must(unit: Unit, record_id: str) -> StoredRecord:
    record = unit.records.get(record_id)
    assert record is not None
    return record


def _paths(change: Change) -> Fields:
    """What a change said, by path. An action has none: it shows as a state; nor has the removal of a child."""
    sent: Fields = change.payload.get("fields", {})
    if change.kind is ChangeKind.UPDATE:
        return dict(sent)
    if change.kind is ChangeKind.NESTED:
        return {f"{change.target}.{name}": value for name, value in sent.items()}
    return {}


class _Creates:
    """New records of ours that the portal may have by now, as a row of a file may look like them."""

    def __init__(self, unit: Unit, terms: Terms) -> None:
        self._terms = terms
        self._open: dict[str, tuple[Change, Document]] = {}
        self._by: dict[tuple[str, object], list[str]] = {}
        found = unit.outbox.all(terms.collection.name, kinds=(ChangeKind.CREATE,))
        # What came of those that were sent over the API is settled there.
        of: dict[str, Change] = {
            c.record_id: c for c in found if c.state not in outbox.FATE_OPEN or by_file.waits(c)
        }
        for record_id in unit.one_by_one(list(of)):
            record = unit.records.get(record_id)
            if record is not None:
                change = of[record_id]
                sent = adopt.sent_document(change)
                self._know(change, sent if by_file.waits(change) and sent.fields else record.document)

    def _know(self, change: Change, document: Document) -> None:
        self._open[change.id] = change, document
        for mark in self._marks(document):
            self._by.setdefault(mark, []).append(change.id)

    def _marks(self, document: Document) -> list[tuple[str, object]]:
        collection = self._terms.collection
        marks: list[tuple[str, object]] = [
            (key, str(value)) for key in collection.keys if (value := document.get(key)) not in (None, "")
        ]
        identity = collection.identity(document)
        return [*marks, ("", identity)] if identity else marks

    def forget(self, change: Change) -> None:
        """It was found: nobody else is it."""
        self._open.pop(change.id, None)

    def like(self, document: Document) -> list[Change]:
        """Those that this may be: the same person, or a number in common with nothing that speaks against it."""
        ids = dict.fromkeys(i for mark in self._marks(document) for i in self._by.get(mark, ()))
        there = [self._open[i] for i in ids if i in self._open]
        return [change for change, ours in there if self._may_be(ours, document)]

    def _may_be(self, ours: Document, theirs: Document) -> bool:
        """A number alone is used twice: then the person must be the same, or at least the name and the date of birth."""
        collection = self._terms.collection
        if collection.identity(ours) == collection.identity(theirs) is not None:
            return not _differ(ours, theirs, collection.own_key)
        return collection.label(ours).casefold() == collection.label(theirs).casefold()


def _differ(ours: Document, theirs: Document, name: str) -> bool:
    a, b = ours.get(name), theirs.get(name)
    return a not in (None, "") and b not in (None, "") and str(a) != str(b)
