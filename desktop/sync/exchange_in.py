"""Taking in what a colleague's workspace knows: the records of a change file, inside one unit of work of the caller.

What the portal had shown there and not here is taken in as a reading of it is. A record whose fate is open here, or that
somebody is typing, is left for the next time: a file holds all that its maker knows, so nothing is missed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from desktop.model.collection import Collection
from desktop.model.document import Document, same, value_at
from desktop.model.ids import new_id
from desktop.model.lease import Lease
from desktop.model.snapshot import Snapshot
from desktop.store import removed
from desktop.store.lists import Question
from desktop.store.records import StoredRecord, body_text
from desktop.store.store import Unit
from desktop.sync import by_hand, leases, outbox
from desktop.sync.exchange import Known, canonical, join
from desktop.sync.exchange_ask import Sender
from desktop.sync.exchange_book import Book, Page, new_writer, terms_of
from desktop.sync.exchange_meet import Forms, Meeting
from desktop.sync.exchange_out import Entry
from desktop.sync.page_in import PageIn

_TOLD = "exchange_typing"
"""Kind of the things kept of what a workspace told to be typing, by its writer."""


class TakeIn:
    """Takes in the entries of one file: finds out who is who, and has them put together."""

    def __init__(
        self,
        unit: Unit,
        collections: Mapping[str, Collection],
        me: str,
        sender: Sender,
        *,
        today: date,
        forms: Forms,
    ) -> None:
        self._unit = unit
        self._collections = collections
        self._book = Book(unit, me)
        self._meeting = Meeting(unit, self._book, sender, today=today, forms=forms)
        self._people: dict[str, dict[tuple[str, ...], list[str]]] = {}
        self._taken: set[str] = set()
        self.done = self._meeting.done

    @property
    def me(self) -> str:
        """Who writes here; another one than before, when the file shows that this copy went back in time."""
        return self._book.me

    def take(self, entries: Sequence[Entry]) -> None:
        """Some records, each of them another one."""
        for name, collection in self._collections.items():
            of_it = [e.known for e in entries if e.collection == name]
            rest = self._as_the_portal_shows(collection, of_it) if collection.sends else of_it
            for known in rest:
                self._one(collection, known)

    def keyed(self, writer: str, told: Mapping[str, Mapping[str, str]]) -> None:
        """What is being typed in the other workspace, by item as there: what it told before and tells no more is over."""
        here: dict[str, Lease] = {}
        for item, lease in told.items():
            record_id, _, journey = item.partition(":")
            local = next(iter(self._book.under(Known(frozenset({record_id})))), record_id)
            if self._unit.records.get(local) is not None:
                here[f"{local}:{journey}"] = Lease.from_json(lease)
        kept = self._unit.kept.get(_TOLD, writer)
        before = kept.body["items"] if kept is not None else []
        for item in {*before, *here}:
            leases.note_elsewhere(self._unit, item, here.get(item))
        if before or here:
            self._unit.kept.put(_TOLD, writer, {"items": sorted(here)})

    # -- records that nobody but the portal has written to --------------------------------------------------------

    def _as_the_portal_shows(self, collection: Collection, entries: list[Known]) -> list[Known]:
        """Takes those in that need no more than a page of the portal's listing does; gives the others back."""
        plain = {
            k.shown.snapshot.portal_id: k
            for k in entries
            if k.shown is not None and not k.seen and len(k.ids) == 1 and not self._book.under(k)
        }
        met = self._unit.meet(collection.name, [*plain])
        gone = removed.among(self._unit, collection.name, [*plain])
        new: list[tuple[str, Snapshot]] = []
        newer: list[Snapshot] = []
        for portal_id, known in plain.items():
            assert known.shown is not None
            snapshot, held = known.shown.snapshot, met.get(portal_id)
            if held is None and portal_id not in gone:
                new.append((self._free_id(known), snapshot))
            elif held is not None and held.version < snapshot.version and held.body != body_text(snapshot):
                newer.append(snapshot)
            else:
                self.done.same += 1
        self._add_shown(collection, new)
        questions = self._unit.decisions.count(collection.name)
        taken = PageIn(self._meeting.terms(collection), self._meeting.sender.told(), adopts=False).take(
            self._unit, newer
        )
        self.done.asked += self._unit.decisions.count(collection.name) - questions
        self.done.changed += taken.changed
        self.done.same += len(newer) - taken.changed
        whole = {id(k) for k in plain.values()}
        return [k for k in entries if id(k) not in whole]

    def _add_shown(self, collection: Collection, new: list[tuple[str, Snapshot]]) -> None:
        self._unit.flush()
        self._unit.records.add_pulled(collection, new)
        for record_id, snapshot in new:
            told = {"portal_version": snapshot.version, **self._meeting.sender.told()}
            self._unit.journal.write("arrived", record_id, told, actor="")
            self._meeting.line(record_id, collection.label(snapshot.document), "New here")
        if new:
            self._unit.touched.records.add("*")
        self.done.new += len(new)

    def _free_id(self, known: Known) -> str:
        """Its id elsewhere, so that it is the same everywhere; another one if that is somebody else here."""
        wanted = min(known.ids)
        return wanted if self._unit.records.get(wanted) is None else new_id()

    # -- all others -----------------------------------------------------------------------------------------------

    def _one(self, collection: Collection, theirs: Known) -> None:
        rows = self._rows_of(collection, theirs)
        if any(self._is_busy(collection, row) for row in rows):
            self.done.later += 1
            return
        if not rows:
            self._unknown(collection, theirs)
            return
        record, *others = rows
        self._went_back(record.id, theirs)
        mine = self._book.look(collection, record)
        for other in others:
            mine = join(mine, self._linked(collection, record, other), terms_of(collection))
        self._taken.add(record.id)
        together = join(mine, theirs, terms_of(collection))
        self._meeting.put_together(
            collection, record, (mine if not others else self._book.look(collection, record), together)
        )

    def _rows_of(self, collection: Collection, theirs: Known) -> list[StoredRecord]:
        """The records here that are this one; the one that stays first. More than one = they have turned out to be one."""
        unit = self._unit
        shown = theirs.shown
        by_portal = unit.records.by_portal_id(collection.name, shown.snapshot.portal_id) if shown else None
        ids = dict.fromkeys([*self._book.under(theirs), *sorted(theirs.ids)])
        found = {
            r.id: r for i in ids if (r := unit.records.get(i)) is not None and r.collection == collection.name
        }
        if by_portal is not None:
            found[by_portal.id] = by_portal
        if not found and not self._book.under(theirs):
            found = {r.id: r for r in self._same_person(collection, theirs)}
        return sorted(found.values(), key=lambda r: (r.portal_id is None, r.id))

    def _same_person(self, collection: Collection, theirs: Known) -> list[StoredRecord]:
        """The one record here of the same person, registered by somebody else: the same identity, and a number in common."""
        document = canonical(theirs, terms_of(collection))
        identity = collection.identity(document)
        if identity is None or theirs.gone:
            return []
        if collection.name not in self._people:
            people = self._people.setdefault(collection.name, {})
            for record in self._unit.records.contents(self._unit.lists.find(Question(collection.name))):
                if (person := collection.identity(record.document)) is not None:
                    people.setdefault(person, []).append(record.id)
        ids = [i for i in self._people[collection.name].get(identity, ()) if i not in self._taken]
        rows = [r for i in ids if (r := self._unit.records.get(i)) is not None]
        if len(rows) != 1 or not self._may_be_one(collection, rows[0], theirs, document):
            return []
        return rows

    @staticmethod
    def _may_be_one(collection: Collection, record: StoredRecord, theirs: Known, document: Document) -> bool:
        """Two that the portal has are two; and where it only looks the same, a number must say so."""
        if collection.sends:
            both = record.portal_id is not None and theirs.shown is not None
            numbers = [
                k
                for k in collection.keys
                if value_at(document, k) and same(value_at(document, k), record.document.get(k))
            ]
            return bool(numbers) and not both
        return True

    def _is_busy(self, collection: Collection, record: StoredRecord) -> bool:
        rows = self._unit.outbox.of_record(record.id)
        open_fate = any(c.state in outbox.FATE_OPEN for c in rows)
        return open_fate or by_hand.holds(self._unit, collection, record.id)

    def _went_back(self, record_id: str, theirs: Known) -> None:
        """If others have seen more of our writes than we know of, this copy was put back: its numbers are used up."""
        page = self._book.page(record_id)
        actor = f"{self.me}/{record_id}"
        if theirs.seen.get(actor, 0) > (page.known.seen.get(actor, 0) if page else 0):
            self._book.me = new_writer(self._unit)

    def _linked(self, collection: Collection, record: StoredRecord, other: StoredRecord) -> Known:
        """Two records here turned out to be one: the other one's answers are put to the first."""
        known = self._book.look(collection, other)
        content = {p: collection.tellable(p, v) for p, v in other.document.fields.items()}
        self._unit.journal.write("linked", other.id, {"into": record.id, "content": content})
        self._unit.records.remove(other.key)
        self._book.remove(other.id)
        self._unit.touched.records.add("*")
        self.done.linked += 1
        return known

    def _unknown(self, collection: Collection, theirs: Known) -> None:
        """Nobody like this is here: somebody new, or a draft that was deleted here."""
        pages = self._book.under(theirs)
        page = self._book.page(pages[0]) if pages else None
        if page is not None:
            theirs = join(self._book.deleted(pages[0], page, collection), theirs, terms_of(collection))
        record_id = pages[0] if pages else min(theirs.ids)
        snapshot = theirs.shown.snapshot if theirs.shown else None
        taken_off = snapshot and removed.among(self._unit, collection.name, [snapshot.portal_id])
        if theirs.gone or taken_off or not (theirs.writes or snapshot):
            if page is not None or theirs.gone:
                self._book.put(record_id, Page(collection.name, theirs))
            self.done.same += 1
            return
        unit = self._unit
        if snapshot is not None:
            unit.flush()
            unit.records.add_pulled(collection, [(record_id, snapshot)])
        else:
            unit.records.add(
                collection, record_id, Document(), unit.now, self._meeting.author(theirs, Known(theirs.ids))
            )
        record = unit.records.get(record_id)
        assert record is not None
        unit.touched.records.add("*")
        self._taken.add(record_id)
        before = Known(theirs.ids, shown=theirs.shown)
        self._meeting.put_together(collection, record, (before, theirs), new=True)
