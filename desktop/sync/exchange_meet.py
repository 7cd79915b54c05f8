"""Putting one record together with what a colleague knows of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from desktop.model.collection import Collection
from desktop.model.conflict import ConflictKind
from desktop.model.document import Document, diff, value_at
from desktop.store.records import StoredRecord
from desktop.store.store import Unit
from desktop.sync import advice, outbox, trip
from desktop.sync.absorb import absorb
from desktop.sync.exchange import Dot, Known, Met, lay, meet, nothing, questions, units_of
from desktop.sync.exchange_act import Acting
from desktop.sync.exchange_ask import Asking, Sender
from desktop.sync.exchange_book import Book, Page, needs_page, terms_of
from desktop.sync.exchange_out import page_of
from desktop.sync.portal import Alike, Echo


@dataclass
class TakenIn:
    """What a file did, in records. `asked` = with a question for a person; `held` = changes that wait because of a leaving;
    `later` = left for the next time; `lines` = (record id, label, what happened in words) of the first of them.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    asked: int = 0
    held: int = 0
    removed: int = 0
    linked: int = 0
    later: int = 0
    lines: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, other: TakenIn) -> None:
        """Count another file in."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def anything(self) -> bool:
        """Whether anything here would move."""
        return bool(self.new or self.changed or self.asked or self.held or self.removed or self.linked)


_MOST_LINES = 200

Forms = Mapping[str, tuple[Echo, Alike]]
"""Collection -> in which form its portal gives answers back, and when two children are one."""


class Meeting:
    """Puts records together, inside one unit of work, and counts in `done` what that did."""

    def __init__(self, unit: Unit, book: Book, sender: Sender, *, today: date, forms: Forms) -> None:
        self._unit = unit
        self._book = book
        self.sender = sender
        self._today = today
        self._forms = forms
        self._asking = Asking(unit, sender, today)
        self._acting = Acting(unit, sender)
        self.done = TakenIn()

    # -- putting together -----------------------------------------------------------------------------------------

    def put_together(
        self, collection: Collection, record: StoredRecord, known: tuple[Known, Known], *, new: bool = False
    ) -> None:
        """Make what stands here follow from `known`: what was known here, and what is known together."""
        mine, together = known
        unasked = bool(questions(together)) and self._unit.decisions.of_record(record.id) is None
        if not new and together == mine and not unasked:
            self.done.same += 1
            self.remember(collection, record.id, together, {})
            return
        if together.gone:
            self._remove(collection, record, together)
            return
        before, open_before = record.document, self._unit.decisions.of_record(record.id)
        met = meet(together, before, terms_of(collection))
        self._rename(record, together)
        self._write_down(collection, record, known, met)
        after = self._must(record.id)
        acted = self._acting.follow(collection, after, mine, together)
        asked = self._asking.put(collection, after, together, met.questions)
        held = self._acting.hold_back(collection, after, mine, together)
        self.remember(collection, record.id, together, asked)
        question = self._unit.decisions.of_record(record.id)
        self.done.asked += question is not None and question != open_before
        self.done.held += held
        other = acted or bool(held) or question != open_before
        what = "A question for you" if question else "Held: somebody leaves" if held else "Changed"
        self._tell_of(collection, before, self._must(record.id), what, new=new, other=other)

    def _must(self, record_id: str) -> StoredRecord:
        found = self._unit.records.get(record_id)
        assert found is not None
        return found

    def remember(
        self, collection: Collection, record_id: str, known: Known, asked: Mapping[str, tuple[Dot, ...]]
    ) -> None:
        """Put it into the book; `asked` = what a person is asked about by now."""
        if not needs_page(collection, known) and self._book.page(record_id) is None:
            return
        page = page_of(collection, known, self._book, record_id)
        self._book.put(record_id, replace(page, asked={**page.asked, **asked}))

    def _write_down(
        self, collection: Collection, record: StoredRecord, known: tuple[Known, Known], met: Met
    ) -> None:
        unit = self._unit
        mine, together = known
        changed = bool(diff(record.document, met.document))
        saved = (self._latest(together, mine), self.author(together, mine)) if changed else None
        if together.shown is None:
            pending = diff(Document(), met.document)
            stored = unit.records.save(collection, record, pending=pending, saved=saved)
            outbox.follow(unit, collection, stored, self._today, edited=True)
            return
        snapshot = together.shown.snapshot
        there = units_of(snapshot.document, collection.unit_of)
        ground = record.base.document.copy() if record.base else Document()
        for path_unit in together.answers():
            here = met.portal.get(path_unit, there.get(path_unit, nothing(path_unit)))
            lay(ground, path_unit, here, collection.unit_of)
        base = replace(record.base or replace(snapshot, version=""), document=ground)
        stored = unit.records.save(
            collection, record, base=base, pending=diff(ground, met.document), saved=saved
        )
        self._settled_elsewhere(record, known, met)
        absorb(unit, self.terms(collection), stored, snapshot)

    def _settled_elsewhere(self, record: StoredRecord, known: tuple[Known, Known], met: Met) -> None:
        """A question about the portal's answer that a colleague has settled is no question here any more."""
        unit = self._unit
        conflict = unit.decisions.of_record(record.id)
        if conflict is None or conflict.kind is not ConflictKind.FIELDS:
            return
        mine, together = known
        moved = {u for u in {*mine.writes, *together.writes} if mine.writes.get(u) != together.writes.get(u)}
        rest = tuple(row for row in conflict.fields if row.unit not in moved or row.unit in met.portal)
        if rest:
            unit.decisions.put(record.key, replace(conflict, fields=rest))
        else:
            unit.decisions.remove(record.id)
            why = f"{self.sender.person} has decided it"
            unit.journal.write("conflict_over", record.id, {"why": why}, actor="")

    def _rename(self, record: StoredRecord, together: Known) -> None:
        for group in record.document.children.values():
            for child in group:
                if child.id in together.aliases:
                    self._unit.portals.adopt_child(child.id, together.aliases[child.id])

    # -- the rest -------------------------------------------------------------------------------------------------

    def _remove(self, collection: Collection, record: StoredRecord, together: Known) -> None:
        """A draft that a colleague deleted, and on which nobody here worked since."""
        unit = self._unit
        content = {p: collection.tellable(p, v) for p, v in record.document.fields.items()}
        unit.journal.write(
            "discarded", record.id, {"content": content, **self.sender.told()}, actor=self.sender.person
        )
        self.line(record.id, record.label, "Deleted by a colleague")
        unit.records.remove(record.key)
        advice.forget(unit, record.id)
        unit.touched.records.add("*")
        unit.touched.queue = True
        self._book.put(record.id, Page(collection.name, together))
        self.done.removed += 1

    def _tell_of(
        self,
        collection: Collection,
        before: Document,
        after: StoredRecord,
        what: str,
        *,
        new: bool,
        other: bool,
    ) -> None:
        """Count and journal what happened to a record; `other` = something besides its answers."""
        moved = diff(before, after.document).touched()
        if not (new or moved or other):
            self.done.same += 1
            return
        self.done.new += new
        self.done.changed += not new
        values = {
            path: [
                collection.tellable(path, value_at(document, path)) for document in (before, after.document)
            ]
            for path in moved
        }
        detail = {"fields": values, "new": new, **self.sender.told()}
        self._unit.journal.write("taken_in", after.id, detail, actor="")
        self._follow_others(collection, after, before, moved)
        self.line(after.id, after.label, "New here" if new and what == "Changed" else what)

    def _follow_others(
        self, collection: Collection, record: StoredRecord, before: Document, moved: Sequence[str]
    ) -> None:
        """What rules say of other records, and what was looked up of this one, may depend on what moved."""
        advice.keep_in_step(self._unit, collection, record.id, record.document, moved)
        for document in (before, record.document):
            for other in outbox.related_records(self._unit, collection, document, record.id):
                outbox.follow(self._unit, collection, other, self._today)

    def line(self, record_id: str, label: str, what: str) -> None:
        """Tell of one record, as long as there is room."""
        if len(self.done.lines) < _MOST_LINES:
            self.done.lines.append((record_id, label, what))

    def terms(self, collection: Collection) -> trip.Terms:
        """On which terms what the portal shows is taken in."""
        echo, alike_child = self._forms[collection.name]
        return trip.Terms(collection, self._today, echo, alike_child)

    def author(self, together: Known, mine: Known) -> str:
        """Who wrote last of what is new here."""
        fresh = [
            w for held in together.writes.values() for w in held if w.dot[1] > mine.seen.get(w.dot[0], 0)
        ]
        return max(fresh, key=lambda w: w.at).by if fresh else self.sender.person

    def _latest(self, together: Known, mine: Known) -> datetime:
        fresh = [
            w.at
            for held in together.writes.values()
            for w in held
            if w.dot[1] > mine.seen.get(w.dot[0], 0) and w.at
        ]
        return datetime.fromisoformat(max(fresh)) if fresh else self._unit.now
